"""Codes of the configuration: bluefs.yaml, project.yaml, automations.yaml (BF301-BF349).

A code is permanent: it may be retired, never given to another defect.
"""

from __future__ import annotations

from bluefs.core.problems import Code

TOO_NEW = Code("BF301", "error")
SHAPE = Code("BF302", "error")
UNKNOWN_KEY = Code("BF303", "error")
VALUE = Code("BF304", "error")
ZONE = Code("BF305", "error")
COLOR = Code("BF306", "error")
HANDLE = Code("BF307", "error")
ADDRESS = Code("BF308", "error")
PERSON = Code("BF309", "error")
LIST_NAME = Code("BF310", "error")
SAME_NAME = Code("BF311", "error")
FIELD_KEY = Code("BF312", "error")
KIND = Code("BF313", "error")
KIND_LATER = Code("BF314", "warning")
PLACE = Code("BF315", "error")
VIEW = Code("BF316", "error")
OPTION = Code("BF318", "error")
RULE = Code("BF320", "error")
TRIGGER = Code("BF321", "error")
ACTION = Code("BF322", "error")
LATER = Code("BF323", "warning")
PART = Code("BF324", "error")
NO_LIST = Code("BF325", "warning")
NO_TAG = Code("BF326", "error")
NO_FIELD = Code("BF327", "error")
NO_TEMPLATE = Code("BF328", "error")
MERGE_FIELD = Code("BF329", "error")
MAIL = Code("BF330", "error")
NO_PROJECT = Code("BF331", "warning")
NEVER_FIRES = Code("BF332", "warning")
SECRET = Code("BF333", "error")

CODES: tuple[Code, ...] = tuple(value for value in list(globals().values()) if type(value) is Code)
