"""Ce que disent `check --since`, `--staged` et `--at` : autres moments, changements, rôles."""

MESSAGES: dict[str, str] = {
    "changes.together": "{one} et {other} ne vont pas ensemble.",
    "changes.together.remedy": "Retirez l’une des deux options : --staged et --at ne font que lire.",
    "changes.no_commit": "Il n’y a pas ici de commit « {name} ».",
    "changes.no_commit.remedy": "Vérifiez l’orthographe, ou récupérez-le : git fetch. En CI, le job a besoin de "
    "tout l’historique (fetch-depth: 0).",
    "changes.bare_index": "L’index de Git ne contient pas de bluefs.yaml.",
    "changes.bare_index.remedy": "Ajoutez-le d’abord : git add bluefs.yaml",
    "changes.bare_commit": "Le commit {commit} n’a pas de bluefs.yaml à sa racine.",
    "changes.bare_commit.remedy": "Nommez un commit d’un espace de travail.",
}
