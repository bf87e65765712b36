"""Codes of the configuration: bluefs.yaml, project.yaml, automations.yaml (BF301-BF349).

A code is permanent: it may be retired, never given to another defect.
"""

from __future__ import annotations

from bluefs.core.problems import Code, Severity


def _code(number: int, severity: Severity, title: str, doc: str) -> Code:
    return Code(f"BF{number}", severity, title, doc)


TOO_NEW = _code(
    301,
    "error",
    "The workspace is of a newer format",
    "`bluefs:` in bluefs.yaml names a format number that this version does not know. Nothing "
    "is read and nothing is written, because a guess could damage it. Install a newer bluefs.",
)
SHAPE = _code(
    302,
    "error",
    "A setting has the wrong shape",
    "A map, a list or a single value stands where another of them is needed. What has a name "
    "is a map keyed by its name; a list of things without options may be a YAML list.",
)
UNKNOWN_KEY = _code(
    303,
    "error",
    "A key that this file does not have",
    "The key is not one of the settings of its place, most often a slip of the pen. The hint "
    "names the nearest one; the setting that was meant is not in force.",
)
VALUE = _code(
    304,
    "error",
    "A setting has a value that it cannot have",
    "A number, a yes or no, a time of day, or one of a few words is needed here.",
)
ZONE = _code(
    305,
    "error",
    "An unknown time zone or language",
    "Time zones are names of the IANA database, such as `Europe/Paris`; languages are codes "
    "such as `en`, `fr` or `pt_BR`.",
)
COLOR = _code(
    306,
    "error",
    "An unknown colour",
    "A colour is red, orange, amber, yellow, lime, green, teal, cyan, blue, indigo, purple, "
    'pink, brown, grey, black, white, or `"#rrggbb"` in quotes.',
)
HANDLE = _code(
    307,
    "error",
    "A handle or group name that cannot be",
    "Handles and group names are made of letters, digits, `-` and `_`. The words me, all, "
    "everyone, others, actor, creator and assignees have a meaning of their own.",
)
ADDRESS = _code(
    308,
    "error",
    "Not an email address",
    "One address of the form `ana@acme.example`, in `mail: from` also with a name: "
    "`Acme <hello@acme.example>`.",
)
PERSON = _code(
    309,
    "error",
    "A person or group that does not exist",
    "Names of people are handles of `people:` or names of `groups:` in bluefs.yaml.",
)
LIST_NAME = _code(
    310,
    "error",
    "A list name that cannot be a folder",
    "A list is a folder, so its key must be a name that Linux, macOS and Windows can all hold.",
)
SAME_NAME = _code(
    311,
    "error",
    "Two names that are one",
    "The names are equal once case is ignored, or a person and a group share one. Some disks "
    "hold them as one folder, and nobody could tell which of them is meant.",
)
FIELD_KEY = _code(
    312,
    "error",
    "A field key that cannot be",
    "Field keys are made of letters of any script, digits and `_`. Keys with a meaning in every "
    "record, or in other tools, are taken.",
)
KIND = _code(
    313,
    "error",
    "An unknown kind of field",
    "`type:` names none of the kinds of field. The field's values are kept as text until it does.",
)
KIND_LATER = _code(
    314,
    "warning",
    "A kind of field that this version does not read yet",
    "The format has this kind; this version of bluefs keeps its values as text.",
)
PLACE = _code(
    315,
    "error",
    "A project where none can be",
    "Projects do not nest. One in the workspace's own folder is allowed if it is the only one.",
)
VIEW = _code(
    316,
    "error",
    "A view that cannot be shown",
    "`show:` is table, board, list, calendar, timeline or map; columns, sort, group and card "
    "name keys of the records.",
)
OPTION = _code(
    318,
    "error",
    "An option that this kind of field does not have",
    "The option belongs to another kind of field, or is mistyped.",
)
RULE = _code(
    320,
    "error",
    "An incomplete rule",
    "A rule has a `name:` that no other rule of its file has, a `when:` and a `then:`. A rule "
    "with an error is not in force.",
)
TRIGGER = _code(
    321,
    "error",
    "An unknown trigger",
    "`when:` holds a trigger, or a list of them. The page on rules lists them all.",
)
ACTION = _code(
    322,
    "error",
    "An unknown action",
    "`then:` holds a list of actions. The page on rules lists them all.",
)
LATER = _code(
    323,
    "warning",
    "Part of a rule that this version does not carry out yet",
    "The format has this trigger, action or option; this version of bluefs does not. A trigger "
    "never fires, an action is left out; after `wait` and `stop` the rest of the rule is left "
    "out as well, because it was to depend on them.",
)
PART = _code(
    324,
    "error",
    "A trigger or action with options it cannot have",
    "A bare word has no options, a single value or a list gives the main option, a map gives "
    "all of them.",
)
NO_LIST = _code(
    325,
    "warning",
    "A list that is not declared",
    "The name is neither under `lists:` in project.yaml nor a folder of the project. An error "
    "where the project is `strict`.",
)
NO_TAG = _code(
    326,
    "error",
    "A tag that is not declared",
    "The project is `strict` and the tag is not under `tags:` in project.yaml.",
)
NO_FIELD = _code(
    327,
    "error",
    "A field that does not exist",
    "The key is neither one that every record has nor under `fields:` in project.yaml.",
)
NO_TEMPLATE = _code(
    328,
    "error",
    "A template that does not exist",
    "Templates are text files in the project's `_templates` folder.",
)
MERGE_FIELD = _code(
    329,
    "error",
    "An unknown merge field",
    "`${...}` names a key of the record, or one of the words of the page on rules. A mail with "
    "such a hole in it is not sent. `$${` writes a plain `${`.",
)
MAIL = _code(
    330,
    "error",
    "A mail that cannot be written",
    "A mail needs `to:`, a subject (its own or its template's), and either `body:` or `template:`.",
)
NO_PROJECT = _code(
    331,
    "warning",
    "Rules without a project",
    "automations.yaml stands in a folder without a project.yaml: its rules are not in force.",
)

CODES: tuple[Code, ...] = tuple(value for value in list(globals().values()) if type(value) is Code)
