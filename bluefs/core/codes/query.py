"""Codes of queries, wherever one stands: rules, views, filters, dashboards (BF350-BF369).

A code is permanent: it may be retired, never given to another defect.
"""

from __future__ import annotations

from bluefs.core.problems import Code

UNREADABLE = Code("BF350", "error")
BARE_WORDS = Code("BF351", "error")
LATER = Code("BF352", "error")
UNKNOWN_KEY = Code("BF353", "error")
UNKNOWN_NAME = Code("BF354", "error")
OPERAND = Code("BF355", "error")

CODES: tuple[Code, ...] = (UNREADABLE, BARE_WORDS, LATER, UNKNOWN_KEY, UNKNOWN_NAME, OPERAND)
