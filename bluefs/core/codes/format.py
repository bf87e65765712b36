"""BF101 to BF199: what can be wrong with a file before its values mean anything.

Owns one permanent `Code` for each defect of encoding, size, YAML and keys. Values that a
field kind refuses are BF2xx, settings BF3xx. A number is never given a second meaning.
"""

from __future__ import annotations

from bluefs.core.problems import Code

NOT_UTF8 = Code(
    "BF101",
    "error",
    "The file is not UTF-8",
    "Every file is read as UTF-8, with or without a byte order mark. The place named is the "
    "first byte that is not part of it. Save the file again as UTF-8; until then its last "
    "readable state stays in force.",
)
RECORD_TOO_LARGE = Code(
    "BF102",
    "error",
    "A record is larger than 1 MiB",
    "A record may have 1 MiB (1,048,576 bytes), front matter and body together. Larger files "
    "belong among the attachments.",
)
FRONT_TOO_LARGE = Code(
    "BF103",
    "error",
    "A front matter is larger than 64 KiB",
    "The YAML between the two `---` lines may have 64 KiB. Long text belongs in the body.",
)
YAML_TOO_LARGE = Code(
    "BF104",
    "error",
    "A YAML file is larger than 4 MiB",
    "Settings and rules are YAML files of at most 4 MiB each.",
)
TOO_DEEP = Code(
    "BF105",
    "error",
    "YAML is nested deeper than 20 levels",
    "Lists in lists and maps in maps may go 20 levels deep. The place named is where the "
    "twenty-first begins.",
)
EMPTY = Code(
    "BF106",
    "error",
    "A file has lost all its text",
    "A record that had content is now an empty file, as editors and synchronisers leave it in "
    "the middle of a save. Its last state stays in force until there is text again. Delete "
    "the file if the record is to go.",
)
UNCLOSED_FRONT = Code(
    "BF107",
    "error",
    "The front matter is never closed",
    "The first line is `---`, so front matter begins; it ends at the next line that is only "
    "`---` or `...`, and there is none.",
)
CONTROL_CHARACTER = Code(
    "BF108",
    "error",
    "A NUL or control character",
    "Front matter and settings hold text, line breaks and tabs, no other control characters; "
    "a record's body may have any but NUL.",
)
CONFLICT_MARKER = Code(
    "BF109",
    "error",
    "An unresolved merge conflict",
    "The file holds the lines `<<<<<<<`, `=======`, `>>>>>>>` of a merge that was not finished. "
    "Keep one side, delete the marker lines.",
)
YAML_SYNTAX = Code(
    "BF110",
    "error",
    "The YAML cannot be read",
    "The parser gave up here, and none of the better-known traps explains it.",
)
STRAY_COLON = Code(
    "BF111",
    "error",
    'An unquoted ": " inside a value',
    'In YAML a colon followed by a space begins a value. `title: Re: hello` needs quotes: `title: "Re: hello"`.',
)
SWALLOWED = Code(
    "BF112",
    "error",
    "A comment swallowed the rest of a value",
    "A `#` after a space begins a comment, so `title: Fix #12 login` says only `Fix`. A real "
    "comment is written with a space behind the `#`; a value that contains one is quoted.",
)
RESERVED_START = Code(
    "BF113",
    "error",
    "A value begins with a character YAML keeps for itself",
    "Plain text cannot begin with ``@ ` % , ] }``, nor with `- ` or `? `, nor with `|` and `>` "
    'unless they announce a block of text. Quote the value: `"@ana"`.',
)
TEXT_AFTER_QUOTE = Code(
    "BF114",
    "error",
    "Text behind a closing quote",
    'A value that begins with a quote ends at the next one: `"hi" he said` must be quoted as a '
    "whole, `'\"hi\" he said'`.",
)
UNCLOSED_QUOTE = Code(
    "BF115",
    "error",
    "A quote is never closed",
    "A value that begins with `'` or `\"` goes on until the same quote closes it. `'tis` is "
    'written `"\'tis"`.',
)
TEXT_AFTER_BRACKET = Code(
    "BF116",
    "error",
    "Text behind a closing bracket",
    'A value that begins with `[` or `{` is a list or a map. `[urgent] call` is text: `"[urgent] call"`.',
)
UNCLOSED_BRACKET = Code(
    "BF117",
    "error",
    "A bracket is never closed",
    "A `[` goes on until `]`, a `{` until `}`. A text that begins with one is quoted.",
)
NO_SPACE = Code(
    "BF118",
    "error",
    "No space after the colon of a key",
    "`title:x` is one word to YAML. Write `title: x`.",
)
TAB = Code(
    "BF119",
    "error",
    "A tab in the indentation",
    "YAML indents with spaces only; a tab at the beginning of a line is refused. Set the editor to "
    "insert spaces in these files.",
)
TAG_OR_ANCHOR = Code(
    "BF120",
    "error",
    "A tag, an anchor or an alias",
    "A value that begins with `!`, `&` or `*` loses its first word in YAML, without a word of "
    'warning. Tags, anchors and aliases are not used here; a text is quoted: `"!important"`.',
)
DUPLICATE_KEY = Code(
    "BF121",
    "error",
    "A key stands twice",
    "Of two equal keys most tools silently keep the last. Delete one; the place named is the second.",
)
SECOND_DOCUMENT = Code(
    "BF122",
    "error",
    "A second YAML document",
    "A settings file is one document: nothing may follow a line `---` or `...`.",
)
COMPLEX_KEY = Code(
    "BF123",
    "error",
    "A key that is not a word",
    "Keys are single words or texts, never lists or maps.",
)
NOT_A_MAP = Code(
    "BF124",
    "error",
    "The front matter is not a list of keys",
    "Between the two `---` lines stand lines of the form `key: value`.",
)
NOT_A_KEY = Code(
    "BF125",
    "error",
    "A line that is not `key: value`",
    "The line has no key, and does not carry on the value above it (for that it would be indented).",
)
BAD_ESCAPE = Code(
    "BF126",
    "error",
    "A backslash in double quotes that means nothing",
    r"""In double quotes a backslash begins an escape such as `\n`; `"C:\Users"` is written """
    r"""`'C:\Users'` or without quotes.""",
)
TOO_MANY = Code(
    "BF127",
    "error",
    "Too many values in one YAML text",
    "A front matter may hold 5,000 keys, values, lists and maps, any other YAML file 100,000. "
    "Data in such numbers belongs in a file of its own, among the attachments.",
)
MORE_PROBLEMS = Code(
    "BF128",
    "info",
    "More faults than are shown",
    "After a hundred faults the rest of a file is not examined for more. Mend those, and look "
    "again.",
)
MISSPELT_KEY = Code(
    "BF130",
    "error",
    "A built-in key under another name",
    "`Due`, `due_date` and `échéance` are not `due`: the date would be silently ignored. "
    "Built-in keys are id, title, tags, color, start, due, assignees, done, blocked_by, "
    "position, repeat and remind, in lower case.",
)
UNKNOWN_KEY = Code(
    "BF131",
    "warning",
    "A key that the project does not declare",
    "The key is kept as it stands, but means nothing here. Declare it under `fields` in "
    "project.yaml or correct it. In a `strict` project it is an error. Keys of other tools "
    "(aliases, cssclasses, publish, permalink, description, image, cover) are let alone.",
)
BAD_ID = Code(
    "BF133",
    "error",
    "Not an id",
    "An id is one word of 3 to 40 letters, digits, `-` and `_`; bluefs writes ten letters and digits. "
    "Put the old id back, or delete the line to get a new one. Until then the record is held.",
)
BAD_TITLE = Code(
    "BF134",
    "error",
    "A title that is not a text",
    "`title` is one text. One with brackets or braces at its beginning is quoted.",
)

CODES: dict[str, Code] = {
    code.code: code for code in list(globals().values()) if isinstance(code, Code)
}
