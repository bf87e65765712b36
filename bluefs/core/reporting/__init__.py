"""What `check` has found, for other programs: one module for each format, all with the same
interface.

``render(report)`` is the whole text of a format, without a newline at its end. A new format is a
new module and a name in ``FORMATS``. Refuses to judge, count or sort: a `Report` comes ready.
"""

from __future__ import annotations

from importlib import import_module

from bluefs.core.reporting.report import Finding, Report, fingerprints

__all__ = ["FORMATS", "Finding", "Report", "fingerprints", "render"]

#: Name of a format -> its module here. ``text``, the screen's own, belongs to the screen.
FORMATS = {
    "json": "array", "github": "github", "gitlab": "gitlab", "sarif": "sarif", "junit": "junit",
}  # fmt: skip


def render(form: str, report: Report) -> str:
    """The report in a format of ``FORMATS``. Raises KeyError for another."""
    module = import_module(f"bluefs.core.reporting.{FORMATS[form]}")
    text: str = module.render(report)
    return text
