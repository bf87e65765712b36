"""L’index de ce qui a été lu."""

MESSAGES = {
    "index.reading": (
        "Lecture de {done} fichiers sur {total}… (^C arrête ; ce qui est lu est gardé)"
    ),
    "index.lost": "Ce que {file} garde des fichiers est inutilisable ; ils sont relus.",
}
