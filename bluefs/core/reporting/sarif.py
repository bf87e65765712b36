"""``sarif``: the Static Analysis Results Interchange Format, version 2.1.0 (OASIS Standard).

One run with a rule for each code that was found; the help of a rule is the code's manual page.
Columns count characters (columnKind unicodeCodePoints), paths are relative to the top of the
repository (%SRCROOT%). GitHub tells results apart by ``primaryLocationLineHash``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from bluefs.core.jsontext import render_json
from bluefs.core.problems import Code, Fix, Problem, Severity
from bluefs.core.reporting.report import Finding, Report, fingerprints

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://github.com/bluefs/bluefs"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Report) -> str:
    codes = {finding.problem.code.code: finding.problem.code for finding in report.findings}
    numbers = {name: number for number, name in enumerate(sorted(codes))}
    results = [
        _result(finding, mark, numbers[finding.problem.code.code])
        for finding, mark in zip(report.findings, fingerprints(report), strict=True)
    ]
    driver = {
        "name": "bluefs", "version": report.version, "semanticVersion": report.version,
        "informationUri": HOME, "rules": [_rule(codes[name]) for name in numbers],
    }  # fmt: skip
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": "bluefs/check/"},
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return render_json(log, ascii_only=report.ascii_only)


def _rule(code: Code) -> dict[str, object]:
    return {
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.title},
        "help": {"text": code.doc, "markdown": code.doc},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


def _result(finding: Finding, mark: str, rule: int) -> dict[str, object]:
    problem = finding.problem
    said = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    result: dict[str, object] = {
        "ruleId": problem.code.code,
        "ruleIndex": rule,
        "level": _LEVELS[problem.level],
        "message": {"text": said},
        "locations": [
            {"physicalLocation": {"artifactLocation": _file(problem.path), "region": _at(problem)}}
        ],
        "partialFingerprints": {"bluefs/v1": mark, "primaryLocationLineHash": f"{mark}:1"},
        "properties": {"fixable": finding.fixable},
    }
    if problem.fix is not None:
        result["fixes"] = _fixes(problem.path, problem.fix)
    return result


def _file(path: str) -> Mapping[str, str]:
    return {"uri": quote(path.encode("utf-8", "surrogatepass")), "uriBaseId": "%SRCROOT%"}


def _at(problem: Problem) -> Mapping[str, int]:
    """The end is the column behind the last character, as ours is."""
    return {
        "startLine": problem.line, "startColumn": problem.column,
        "endLine": problem.line, "endColumn": max(problem.end, problem.column),
    }  # fmt: skip


def _fixes(path: str, fix: Fix) -> Sequence[Mapping[str, object]]:
    region = {
        "startLine": fix.line, "startColumn": fix.column,
        "endLine": fix.end_line, "endColumn": fix.end_column,
    }  # fmt: skip
    replacement = {"deletedRegion": region, "insertedContent": {"text": fix.text}}
    return [{"artifactChanges": [{"artifactLocation": _file(path), "replacements": [replacement]}]}]
