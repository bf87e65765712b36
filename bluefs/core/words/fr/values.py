"""The words that stand in values; the messages about them are English so far."""

from bluefs.core.words.en.values import MESSAGES as ENGLISH

MESSAGES = {**ENGLISH, "values.yes": "oui", "values.no": "non"}
