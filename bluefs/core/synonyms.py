"""What people call a command, a key or a state before they know our word for it.

Looked up only where a word means nothing else, to name the right one: no synonym is ever read as
the word itself, so that files and scripts have one spelling. It knows the words of the languages
that bluefs speaks, those on its own screens (``WHO``, ``ÉCHÉANCE``) among them.
"""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.hints import Final
from bluefs.core.matching import loose

_COMMANDS: Final[Mapping[str, str]] = {
    "bluefs list QUERY": "search find grep query filter chercher cherche rechercher trouver",
    "bluefs list assignee:me is:open": "mine my todo",
    "bluefs list is:open due:today": "today agenda",
    "bluefs list --view NAME": "views view vues vue",
    "bluefs list": "liste lister records fiches",
    "bluefs show REF": "open cat read info voir ouvrir montrer afficher lire",
    "bluefs new TITLE": "create make nouveau nouvelle creer ajouter",
    "bluefs set REF tags+=TAG": "tag label etiqueter",
    "bluefs set REF assignee+=WHO": "assign give assigner attribuer",
    "bluefs set REF KEY=VALUE": "update change modify modifier changer",
    "bluefs done REF": "complete close finish resolve terminer fermer finir",
    "bluefs move REF LIST": "deplacer archive archiver",
    "bluefs delete REF": "remove del erase trash supprimer effacer",
    "bluefs undo": "restore revert back annuler restaurer corbeille",
    "bluefs comment REF TEXT": "note say reply commenter repondre",
    "bluefs attach REF FILE": "upload joindre",
    "bluefs edit REF": "vim nano editer",
    "bluefs copy REF": "duplicate clone copier dupliquer",
    "bluefs lists": "projects columns listes projets",
    "bluefs board": "kanban tableau",
    "bluefs tags": "labels etiquettes",
    "bluefs help": "man manual aide",
    "bluefs help fields": "fields field champs champ",
    "bluefs help rules": "rules rule automations regles regle",
    "bluefs trust": "allow agree autoriser",
    "bluefs outbox": "mail mails emails email courriel courriels envois",
    "bluefs watch": "start serve engine daemon lancer demarrer moteur",
    "git log": "log history activity historique journal",
    "git diff": "diff",
    "git commit": "commit save",
    "git pull": "sync pull",
}  # fmt: skip
_KEYS: Final[Mapping[str, str]] = {
    "assignee": "who owner responsible person people assigned assign by qui responsable "
    "responsables personne personnes",
    "list": "in status state column stage liste colonne dans etat statut",
    "tag": "label labels etiquette etiquettes",
    "due": "deadline date when until echeance delai pour",
    "start": "begin begins from debut depuis",
    "title": "name subject titre nom objet",
    "text": "body description content contents texte contenu corps",
    "comments": "comment commentaire commentaires note notes",
    "color": "couleur",
    "project": "projet",
    "done": "completed finished closed termine terminee fini",
}
_STATES: Final[Mapping[str, str]] = {
    "open": "todo active pending unfinished ouvert ouverte ouvertes encours",
    "done": "closed completed complete finished termine terminee terminees fini",
    "overdue": "retard delayed expired depasse depassee",
    "today": "aujourdhui jour",
    "blocked": "waiting stuck bloque bloquee attente",
}


def command_for(word: str) -> str | None:
    """The command line that does what ``word`` asks for, its placeholders in capitals."""
    return _found(word, _COMMANDS)


def key_for(word: str) -> str | None:
    """The key of records that ``word`` stands for."""
    return _found(word, _KEYS)


def state_for(word: str) -> str | None:
    """The word after ``is:`` that ``word`` stands for."""
    return _found(word, _STATES)


def _found(word: str, table: Mapping[str, str]) -> str | None:
    wanted = loose(word).replace("'", "").replace("\u2019", "")
    return next((name for name, others in table.items() if wanted in others.split()), None)
