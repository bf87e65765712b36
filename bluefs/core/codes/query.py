"""Codes of queries, wherever one stands: rules, views, filters, dashboards (BF350-BF369).

A code is permanent: it may be retired, never given to another defect.
"""

from __future__ import annotations

from bluefs.core.problems import Code

UNREADABLE = Code(
    "BF350",
    "error",
    "A query that cannot be read",
    "A value, a bracket, a quote or one side of `or` is missing. The caret stands where "
    "something else was expected. A rule or view with such a query is not in force.",
)
BARE_WORDS = Code(
    "BF351",
    "error",
    "Words without a key in a file's query",
    "On the command line, words without a key search the text. In a file they are almost always "
    "a slip (`is open` for `is:open`), so there the search is written out: `text:renewal`.",
)
LATER = Code(
    "BF352",
    "error",
    "A query about what the record itself does not hold",
    "`created:`, `updated:`, `completed:`, `completed_by:` and `attachments:` would have to read "
    "the history or other files. Queries read records only; use `bluefs log` or a report.",
)
UNKNOWN_KEY = Code(
    "BF353",
    "error",
    "A query asks for a key that no project has",
    "The key is neither built in nor a field of the projects that the query is for. Nothing can "
    "match it, so it is most often a slip of the pen; the hint names the nearest key.",
)
UNKNOWN_NAME = Code(
    "BF354",
    "error",
    "A query names a list, tag, person, project or colour that does not exist",
    "Lists, people and projects are matched in any case and by the beginning of their name, tags "
    "by their whole name; a beginning that fits several is a doubt and named here too. A tag is only missing where every project that the query "
    "is for is `strict`: elsewhere any record may bring a new one.",
)
OPERAND = Code(
    "BF355",
    "error",
    "A value that its key cannot be compared with",
    "A number is compared with a number, a date with a date or a distance such as `+7d`, a select "
    "with one of its options. The field's kind decides; ranges need a kind with an order.",
)

CODES: tuple[Code, ...] = (UNREADABLE, BARE_WORDS, LATER, UNKNOWN_KEY, UNKNOWN_NAME, OPERAND)
