"""Which built-in key somebody meant who wrote another.

Owns the table of other names (English and a few neighbours' words) and the rule how near a
misspelling must be. A key that the project declares as a field is never asked about here.
"""

from __future__ import annotations

from functools import cache, lru_cache

from bluefs.core.matching import loose
from bluefs.core.model import BUILTIN_KEYS

#: Other words for built-in keys. Words that other tools or people use for something else
#: (name, status, owner, date, order) are left out on purpose.
_OTHER_NAMES = {
    "title": ("titre", "titel", "título", "titolo"),
    "tags": ("tag", "label", "labels", "étiquette", "étiquettes", "schlagwort", "schlagworte",
             "schlagwörter", "etiqueta", "etiquetas", "etichetta", "etichette"),
    "color": ("colour", "colors", "couleur", "farbe", "colore", "kleur"),
    "start": ("start_date", "startdate", "starts", "start_on", "début", "date_de_début",
              "date_début", "beginn", "startdatum", "inicio", "inizio"),
    "due": ("due_date", "duedate", "due_on", "dueon", "due_at", "deadline", "échéance",
            "date_d_échéance", "date_échéance", "fällig", "fällig_am", "fälligkeit",
            "vencimiento", "fecha_límite", "scadenza", "vervaldatum"),
    "assignees": ("assignee", "assigned", "assigned_to", "assign", "assigné", "assignés",
                  "assignée", "assigné_à", "attribué_à", "responsable", "responsables",
                  "zuständig", "zugewiesen", "asignado", "asignados", "assegnato"),
    "done": ("fait", "terminé", "terminée", "fini", "erledigt", "hecho", "fatto", "is_done",
             "finished"),
    "blocked_by": ("blocked", "blockedby", "blockers", "blocker", "depends_on", "dependson",
                   "dependencies", "bloqué_par", "bloqué", "blockiert_von", "bloqueado_por"),
    "repeat": ("repeats", "recurrence", "recurring", "répéter", "répétition", "récurrence",
               "wiederholen", "wiederholung", "repetir"),
    "remind": ("reminder", "reminders", "rappel", "rappels", "erinnerung", "recordatorio"),
}  # fmt: skip
#: difflib's ratio; 0.88 takes `assignes` and `possition`, not `stat` for `start`.
_NEAR = 0.88
_SHORTEST = 5


@cache
def _table() -> dict[str, str]:
    table = {_bare(key): key for key in BUILTIN_KEYS}
    for key, others in _OTHER_NAMES.items():
        table.update({_bare(other): key for other in others})
    return table


def _bare(key: str) -> str:
    return loose(key.replace("'", " ").replace("’", " ")).replace(" ", "")


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    return tuple((key, _bare(key)) for key in BUILTIN_KEYS)


def builtin_meant(key: str, *, near: bool = True) -> str | None:
    """The built-in key meant by one that is not built-in, None if it means something else.
    Without ``near``, misspelt ones are not looked for."""
    bare = _bare(key)
    found = _table().get(bare)
    if found is not None or not near or len(bare) < _SHORTEST or len(bare) > 40:
        return found
    return _nearest(bare)


@lru_cache(maxsize=512)  # what one file calls a thing, the next ones do too
def _nearest(bare: str) -> str | None:
    from difflib import SequenceMatcher

    best: str | None = None
    most = 0.0
    for one, form in _forms():
        matcher = SequenceMatcher(None, bare, form)
        if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
            continue  # bounds from above, which cost little
        if (ratio := matcher.ratio()) >= _NEAR and ratio > most:
            best, most = one, ratio
    return best
