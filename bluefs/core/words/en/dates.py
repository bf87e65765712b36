"""Words around dates."""

MESSAGES = {
    "dates.today": "today",
    "dates.late.minutes.one": "{count} minute late",
    "dates.late.minutes.other": "{count} minutes late",
    "dates.late.hours.one": "{count} hour late",
    "dates.late.hours.other": "{count} hours late",
    "dates.late.days.one": "{count} day late",
    "dates.late.days.other": "{count} days late",
}
