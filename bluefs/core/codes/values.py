"""BF201 to BF299: values that their field's kind refuses, and options that a kind refuses.

Owns one permanent `Code` for each way in which a readable scalar is not a value. Defects of the
file are BF1xx, settings in general BF3xx. A number is never given a second meaning.
"""

from __future__ import annotations

from bluefs.core.problems import Code

NUMBER = Code("BF201", "error")
OUT_OF_RANGE = Code("BF202", "error")
OPTION = Code("BF203", "error")
DATE = Code("BF204", "error")
DATE_SHAPE = Code("BF205", "error")
DATE_ORDER = Code("BF206", "error")
YES_NO = Code("BF207", "error")
EMAIL = Code("BF208", "error")
URL = Code("BF209", "error")
SHAPE = Code("BF210", "error")
COMMAS = Code("BF211", "error")
PERSON = Code("BF212", "warning")
COLOUR = Code("BF213", "error")
TAG = Code("BF214", "warning")
DECIMALS = Code("BF215", "error")
STEP = Code("BF216", "error")
POSITION = Code("BF217", "error")
ONE_LINE = Code("BF218", "error")
CURRENCY = Code("BF219", "error")
FIELD_OPTION = Code("BF220", "error")

PRESS = Code("BF221", "error")

COUNTRY = Code("BF222", "error")
PHONE = Code("BF223", "error")
PHONE_UNUSED = Code("BF224", "warning")
PHONE_PLAIN = Code("BF225", "info")
LOCATION = Code("BF226", "error")
FILE = Code("BF227", "error")
NO_FILE = Code("BF228", "error")
UNIQUE_ID = Code("BF229", "error")
UNIQUE_FORM = Code("BF230", "warning")
COMPUTED = Code("BF231", "error")
ELAPSED = Code("BF232", "error")

FORMULA = Code("BF240", "error")
FORMULA_NAME = Code("BF241", "error")
CIRCLE = Code("BF242", "error")
CURRENCIES = Code("BF243", "error")
NO_RATES = Code("BF244", "error")
NO_RATE = Code("BF245", "error")
RATES_LINE = Code("BF246", "error")
LOOKUP_CIRCLE = Code("BF247", "error")

CODES: tuple[Code, ...] = tuple(v for v in list(globals().values()) if type(v) is Code)
