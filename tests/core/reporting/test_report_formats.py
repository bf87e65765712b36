"""Formats of `check`: whatever stands in a message, the report keeps its form and loses nothing.

The schemas in tests/data/reports are the published ones (its README says whence)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.codes import format as codes
from bluefs.core.problems import Problem
from bluefs.core.reporting import FORMATS, Finding, Report, fingerprints, github, render
from bluefs.core.reporting.report import shown
from bluefs.core.words import speaking
from tests.core.reporting.report_helpers import AT, findings, reports, texts

DATA = Path(__file__).parents[2] / "data/reports"
SARIF = jsonschema.Draft4Validator(json.loads((DATA / "sarif-2.1.0.json").read_bytes()))
JUNIT = xmlschema.XMLSchema(str(DATA / "junit.xsd"))
GITLAB = jsonschema.Draft202012Validator(json.loads((DATA / "gitlab.json").read_bytes()))


@given(reports(), st.sampled_from(sorted(FORMATS)))
def test_every_format_is_text_that_can_be_written(report: Report, form: str) -> None:
    text = render(form, report)
    if form != "github":  # which says no encoding, and is always read as UTF-8
        assert not report.ascii_only or text.isascii()
    text.encode()


@given(reports())
def test_json_says_it_all(report: Report) -> None:
    members = json.loads(render("json", report))
    assert [m["message"] for m in members] == [f.problem.message for f in report.findings]
    assert [m["path"] for m in members] == [f.problem.path for f in report.findings]


@given(reports())
def test_sarif_is_valid_and_says_it_all(report: Report) -> None:
    log = json.loads(render("sarif", report))
    SARIF.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for finding, result in zip(report.findings, run["results"], strict=True):
        problem = finding.problem
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem.code.code
        assert result["message"]["text"].startswith(problem.message)
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~/%-]+", uri, re.ASCII)
        assert unquote_to_bytes(uri).decode("utf-8", "surrogatepass") == problem.path
        region = place["region"]
        assert (region["startLine"], region["startColumn"]) == (problem.line, problem.column)
        assert region["endColumn"] >= region["startColumn"]
    marks = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]
    assert len(set(marks)) == len(marks)


@given(reports())
def test_gitlab_has_what_its_documentation_requires(report: Report) -> None:
    issues = json.loads(render("gitlab", report))
    GITLAB.validate(issues)
    for finding, issue in zip(report.findings, issues, strict=True):
        assert issue["description"].startswith(shown(finding.problem.message, ""))
        assert issue["location"]["lines"]["begin"] == finding.problem.line
        assert len(issue["description"].splitlines()) <= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


@given(reports())
def test_junit_is_valid_and_says_it_all(report: Report) -> None:
    text = render("junit", report)
    JUNIT.validate(text)
    suite = ElementTree.fromstring(text.encode())[0]
    failing = [f.problem for f in report.findings if f.problem.level != "info"]
    cases = [case for case in suite.iter("testcase") if case.find("failure") is not None]
    assert suite.get("failures") == str(len(failing)) == str(len(cases))
    assert suite.get("tests") == str(len(list(suite.iter("testcase"))))
    for problem, case in zip(failing, cases, strict=True):
        assert case.get("classname") == shown(problem.path)
        failure = case.find("failure")
        assert failure is not None and failure.get("message") == shown(problem.message)
        assert shown(problem.message) in (failure.text or "")
    sound = [case.get("classname") for case in suite.iter("testcase") if not len(case)]
    assert "a/sound.md" in sound
    notes = suite.findtext("system-out") or ""
    assert all(shown(f.problem.message) in notes for f in report.findings
               if f.problem.level == "info")  # fmt: skip


def _read(line: str) -> tuple[str, Mapping[str, str], str]:
    """A command as the runner of GitHub Actions reads it (actions/runner, ActionCommand.cs)."""
    found = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
    assert found is not None, line
    pairs = (one.partition("=") for one in found[2].split(","))
    unescaped = {k: _unescaped(v, "%3A:", "%2C,") for k, _, v in pairs}
    return found[1], unescaped, _unescaped(found[3])


def _unescaped(text: str, *more: str) -> str:
    for pair in ("%0D\r", "%0A\n", *more, "%25%"):
        text = text.replace(pair[:3], pair[3:])
    return text


@given(reports())
def test_github_reads_back_every_annotation(report: Report) -> None:
    *lines, last = re.split("\r\n|\r|\n", render("github", report))
    assert not last.startswith("::") or report.summary.startswith("::")
    for finding, line in zip(report.findings, lines, strict=True):
        problem = finding.problem
        command, place, message = _read(line)
        assert command == {"info": "notice"}.get(problem.level, problem.level)
        assert place["file"] == shown(problem.path)
        assert (place["line"], place["col"]) == (str(problem.line), str(problem.column))
        assert place["title"].startswith(problem.code.code)
        wanted = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
        assert message == shown(wanted)


@given(reports())
def test_the_summary_of_a_job_is_one_row_for_each(report: Report) -> None:
    text = github.summary(report)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == (len(report.findings) + 1 if report.findings else 0)
    assert all(row.count("|") == 4 for row in rows)
    assert not re.search(r"[<`@\[]", text)


def test_a_summary_stays_shorter_than_github_shows() -> None:
    problem = Problem(codes.TAB, "x.md", 1, 1, 2, "m" * 5000)
    with speaking("en"):
        text = github.summary(Report((Finding(problem),) * 2000, (), "many", AT, "0.1.0"))
    assert len(text.encode()) < 1 << 20
    assert text.endswith("… and 1,500 more; the log has them all.\n")


@given(st.lists(findings(st.just("one.md")), max_size=8))
def test_fingerprints_differ_even_where_faults_are_equal(found: list[Finding]) -> None:
    many = Report((*found, *found), (), "", AT, "0.1.0")
    marks = fingerprints(many)
    assert len(set(marks)) == len(marks)


@given(st.lists(findings(st.just("one.md")), max_size=8), st.integers(1, 100), findings())
def test_fingerprints_stay_when_lines_shift(found: list[Finding], by: int, other: Finding) -> None:
    from dataclasses import replace

    moved = [replace(f, problem=replace(f.problem, line=f.problem.line + by)) for f in found]
    before = fingerprints(Report(tuple(found), (), "", AT, "0.1.0"))
    assert fingerprints(Report((*moved,), (), "", AT, "0.2.0")) == before
    elsewhere = replace(other, problem=replace(other.problem, path="another.md"))
    assert fingerprints(Report((elsewhere, *moved), (), "", AT, "0.1.0"))[1:] == before


@given(texts())
def test_what_is_shown_is_visible_and_plain_text_is_left_alone(text: str) -> None:
    seen = shown(text)
    seen.encode()
    assert shown(seen) == seen
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", seen)
    if text.isprintable():
        assert seen == text


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_nothing_found_is_a_report_too(form: str) -> None:
    text = render(form, Report((), ("a.md", "b.md"), "No problems in 2 files.", AT, "0.1.0"))
    if form in ("json", "gitlab"):
        assert json.loads(text) == []
    elif form == "sarif":
        SARIF.validate(json.loads(text))
    elif form == "junit":
        JUNIT.validate(text)
        assert 'tests="2" failures="0"' in text
    else:
        assert text == "No problems in 2 files."
