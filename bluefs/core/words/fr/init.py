"""Ce que ``bluefs init`` dit de ses modèles."""

MESSAGES: dict[str, str] = {
    "init.template.none": "Il n’y a pas de modèle « {text} ».",
    "init.template.none.remedy": "Modèles : {names}",
    "init.template.none.near": "Il n’y a pas de modèle « {text} » ; vouliez-vous dire « {near} » ?",
    "init.template.none.near.remedy": "Modèles : {names}",
}
