"""What ``bluefs init`` says of its templates (the rest stands in ``cli``)."""

MESSAGES: dict[str, str] = {
    "init.template.none": 'There is no template "{text}".',
    "init.template.none.remedy": "Templates: {names}",
    "init.template.none.near": 'There is no template "{text}"; did you mean "{near}"?',
    "init.template.none.near.remedy": "Templates: {names}",
}
