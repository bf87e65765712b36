"""Ce qu’un disque refuse d’autre que d’habitude, et les fautes de frappe de la ligne de commande."""

MESSAGES: dict[str, str] = {
    "refusals.immutable": "{path} est protégé contre toute modification et reste tel quel.",
    "refusals.immutable.remedy": 'Pour voir comment : lsattr -d "{folder}" "{path}" ; root retire un i avec : chattr -i',
    "refusals.limit": "{path} n’a pas été enregistré : il serait plus grand qu’un fichier ne peut l’être ici.",
    "refusals.limit.remedy": "Relevez la limite (ulimit -f) et relancez la commande ; rien n’a été modifié.",
    "refusals.no_folder": "{path} n’est pas un dossier.",
    "refusals.no_folder.remedy": "Indiquez-en un qui existe : bluefs -C DIR",
    "refusals.option": "L’option {option} n’existe pas.",
    "refusals.option.near": "L’option {option} n’existe pas ; vouliez-vous dire {near} ?",
    "refusals.option.behind": "L’option {option} vient après le mot {command}.",
    "refusals.option.behind.remedy": "bluefs outbox {command} {option}",
}
