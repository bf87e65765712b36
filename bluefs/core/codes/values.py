"""BF201 to BF299: values that their field's kind refuses, and options that a kind refuses.

Owns one permanent `Code` for each way in which a readable scalar is not a value. Defects of the
file are BF1xx, settings in general BF3xx. A number is never given a second meaning.
"""

from __future__ import annotations

from bluefs.core.problems import Code

NUMBER = Code(
    "BF201",
    "error",
    "Not a plain number",
    "A number is written with digits and a decimal point, nothing else: `12000`, `-3.5`. No "
    "separators between thousands, no currency sign, no percent sign. `--fix` rewrites a number "
    "that can only be read in one way.\n\n```yaml\ndeal_value: 12,000     # wrong\n"
    "deal_value: 12000\n```",
)
OUT_OF_RANGE = Code(
    "BF202",
    "error",
    "A number lies outside its field's bounds",
    "A number field may have `min` and `max`; a percentage lies between 0 and 100 (40 means "
    "40 %), a rating between 0 and the field's `max`.",
)
OPTION = Code(
    "BF203",
    "error",
    "Not an option of the field",
    "A select field takes one of the options that project.yaml lists, spelled as they are "
    "there. `--fix` mends a spelling that differs in case or accents only.",
)
DATE = Code(
    "BF204",
    "error",
    "Not a date",
    "A day is written `2026-12-01`, a moment `2026-12-01T15:00`, with seconds or an offset "
    "(`+01:00`, `Z`) if wished. `--fix` rewrites a date that can only be read in one way; "
    "`12/01/2026` cannot, because half of the world reads it the other way round. Words such "
    "as `friday` are for command lines and rules: in a file they would mean another day each "
    "week.",
)
DATE_SHAPE = Code(
    "BF205",
    "error",
    "A day, a moment or a range where the field takes another of them",
    "A date field with `time: false` takes days, with `time: true` moments. Only a field with "
    "`range: true` takes two dates, written `2026-12-01/2026-12-05`.",
)
DATE_ORDER = Code(
    "BF206",
    "error",
    "A range ends before it begins",
    "A range is written first/last, both included: `2026-12-01/2026-12-05`.",
)
YES_NO = Code(
    "BF207",
    "error",
    "Neither yes nor no",
    "A checkbox is `true` or `false`; `yes`, `no`, `on` and `off` are read too.",
)
EMAIL = Code(
    "BF208",
    "error",
    "Not an email address",
    "One address, without a name around it: `ana@acme.example`.",
)
URL = Code(
    "BF209",
    "error",
    "Not a web address",
    "An address with its scheme: `https://acme.example`. Schemes that run code "
    "(`javascript:`, `data:`) are refused.",
)
SHAPE = Code(
    "BF210",
    "error",
    "A list or map where the field takes one value",
    "Most fields hold one value. Text that begins with `[` or `{` is a list or map to YAML: "
    "put it in quotes.",
)
COMMAS = Code(
    "BF211",
    "error",
    "Several values in one text",
    "Several values are a list: `tags: [Urgent, Key account]`, or one on each line after a "
    "`- `. With commas alone, YAML reads a single text.",
)
PERSON = Code(
    "BF212",
    "error",
    "Nobody has this handle",
    "People stand under `people` in bluefs.yaml, by handle; groups under `groups` stand for all "
    "their members, `everyone` for everybody.",
)
COLOUR = Code(
    "BF213",
    "error",
    "Not a colour",
    'One of the named colours, or six hexadecimal digits in quotes: `"#ff8800"`.',
)
TAG = Code(
    "BF214",
    "warning",
    "A tag that project.yaml does not declare",
    "Tags stand under `tags` in project.yaml. An undeclared one works; in a project with "
    "`strict: true` it is an error, because there it is most likely a slip.",
)
DECIMALS = Code(
    "BF215",
    "error",
    "More decimals than the field takes",
    "A field with `decimals: 1` keeps one digit after the point. Nothing is rounded unasked.",
)
STEP = Code(
    "BF216",
    "error",
    "Not a step of the rating",
    "A rating is a whole number; with `step: half` it goes by 0.5, with `step: quarter` by 0.25.",
)
POSITION = Code(
    "BF217",
    "error",
    "Not a position",
    "`position` orders the records of a list. It is made of ASCII letters and digits and "
    "written by commands and boards; delete the line to put the record after the others.",
)
ONE_LINE = Code(
    "BF218",
    "error",
    "Several lines in a one-line text",
    "A field of kind `text` holds one line. Declare it `multiline`, or write it on one line.",
)
CURRENCY = Code(
    "BF219",
    "error",
    "An amount in another currency",
    "The currency belongs to the field, not to the value: a field in EUR cannot hold dollars.",
)
FIELD_OPTION = Code(
    "BF220",
    "error",
    "A field's option has a value it cannot have",
    "In project.yaml, each kind of field has options of its own: `max` of a rating is 1 to 15, "
    "`currency` is a code such as EUR, `options` of a select field is a list of names or a map "
    "from name to colour.",
)

PRESS = Code(
    "BF221",
    "error",
    "A button that is not pressed",
    "Behind a button's key stands `press`, which presses it, or nothing. What a button starts may "
    "send mail, so no other word presses it.",
)

COUNTRY = Code(
    "BF222",
    "error",
    "Not a country",
    "A country is written by its ISO 3166 code of two capital letters: `FR`. `--fix` rewrites a "
    "name, a code in small letters or one of three letters.",
)
PHONE = Code(
    "BF223",
    "error",
    "Not a telephone number as it is stored",
    "A number stands with its country's prefix and nothing between the digits, in quotes, because "
    'other YAML readers take `+33612345678` for a number: `"+33612345678"`. `--fix` rewrites one '
    "that is written in another way; without the prefix, where the field names its `country`.",
)
PHONE_UNUSED = Code(
    "BF224",
    "warning",
    "A telephone number that is not in use",
    "It has a length that its country allows, but lies in no range that is in use as far as the "
    "installed version of phonenumbers knows. It stands as it is written.",
)
PHONE_PLAIN = Code(
    "BF225",
    "info",
    "Telephone numbers are not checked for their country",
    "That needs the package phonenumbers: `pip install 'bluefs[phone]'`. Without it a number is "
    "held to the general form alone (ITU-T E.164): `+`, a country's prefix, at most 15 digits.",
)
LOCATION = Code(
    "BF226",
    "error",
    "Not a location",
    "Latitude and longitude in degrees, with a decimal point and a comma between them: "
    "`48.8566, 2.3522`; south and west are negative. `--fix` rewrites other ways to write the two.",
)
FILE = Code(
    "BF227",
    "error",
    "Not the name of a file",
    "A file field holds the name of one of the record's attachments, without a folder: "
    "`Offer.pdf`.",
)
NO_FILE = Code(
    "BF228",
    "error",
    "The record has no such attachment",
    "The name in a file field is one of the files below `_files/<id>/` of the record. "
    "`bluefs attach` puts one there.",
)
UNIQUE_ID = Code(
    "BF229",
    "error",
    "Not a number of a record",
    "The number of a record is one word of at most 60 characters, such as `DEAL-001`.",
)
UNIQUE_FORM = Code(
    "BF230",
    "warning",
    "A number of another form than the field's",
    "It has another prefix, or fewer digits, than project.yaml says now. It stands: numbers given "
    "once are not changed.",
)
COMPUTED = Code(
    "BF231",
    "error",
    "A value that nobody writes",
    "The field is computed from the record, its history or other records. What stands in the file "
    "is not used.",
)
ELAPSED = Code(
    "BF232",
    "error",
    "Not a span of time",
    "A span is a number with a unit that has a length: `30 days`, `2h`, `1 week`.",
)

CODES: tuple[Code, ...] = tuple(v for v in list(globals().values()) if type(v) is Code)
