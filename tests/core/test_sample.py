"""The sample workspace is sound in every file, and each of its projects is a template."""

from __future__ import annotations

import json
import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import yaml
from jsonschema import Draft202012Validator

from bluefs.core.checks import Survey, check_workspace
from bluefs.core.codec.record import Reading
from bluefs.core.config import Loaded, load_config
from bluefs.core.identity import is_id
from bluefs.core.layout import check_name, collisions, place
from bluefs.core.linking import linked
from bluefs.core.position import is_position
from bluefs.core.worked import whole
from tests.core.sample import (
    CONFIG,
    FILES,
    FOLDER,
    LOADED,
    PROJECTS,
    READINGS,
    RECORDS,
    RENEWAL,
    RULES,
    read_all,
)


def defects(
    loaded: Loaded, readings: dict[str, Reading], files: dict[str, bytes] = FILES
) -> list[str]:
    """Every problem that makes ``check`` fail, as a line."""
    folders = frozenset(path.rpartition("/")[0] for path in files)
    data = {path: files[path] for path in readings}
    survey = Survey(loaded.config, readings, data, frozenset(files), folders)
    found = [*loaded.problems, *(p for r in readings.values() for p in r.problems)]
    found += check_workspace(survey)
    return [
        f"{p.path}:{p.line}:{p.column} {p.code.code} {p.message}"
        for p in found
        if p.level != "info"
    ]


# --- the files ---------------------------------------------------------------------------


def test_no_file_has_a_problem() -> None:
    assert defects(LOADED, READINGS) == []
    assert len(RECORDS) == len(READINGS) >= 30


def test_every_markdown_file_is_a_record_or_a_template() -> None:
    kinds = Counter(place(path, CONFIG).kind for path in FILES if path.endswith(".md"))
    assert set(kinds) == {"record", "template"}


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith(".yaml")])
def test_settings_suit_the_schema_they_name(path: str) -> None:
    """What an editor says of the file, by the schema in its first line."""
    line, text = FILES[path].decode().split("\n", 1)
    start = "# yaml-language-server: $schema=" + "../" * path.count("/") + ".bluefs/schema/"
    assert line.startswith(start)
    schema = json.loads((FOLDER.parent / "schema" / line.removeprefix(start)).read_text("utf-8"))
    validator = Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


def test_rules_stand_in_block_style() -> None:
    """Editors complete nothing inside braces, and people copy what they see here."""
    for project in PROJECTS:
        text = FILES[f"{project}/automations.yaml"].decode()
        assert not re.search(r"^ *- ?\{|: \{", text, re.M)


def test_every_record_is_in_a_declared_list() -> None:
    assert {(r.project, r.list) for r in RECORDS.values()} <= {
        (project.key, name) for project in CONFIG.projects.values() for name in project.lists
    }


@pytest.mark.parametrize("project", PROJECTS)
def test_every_list_has_a_folder_that_git_keeps(project: str) -> None:
    for name in CONFIG.projects[project].lists:
        assert FILES[f"{project}/{name}/.gitkeep"] == b""
        assert any(r.project == project and r.list == name for r in RECORDS.values())


def test_ids_are_written_unique_and_well_formed() -> None:
    ids = [record.id for record in RECORDS.values()]
    assert all(one is not None and is_id(one) for one in ids)
    assert len(set(ids)) == len(ids)


def test_blockers_exist_and_carry_their_titles() -> None:
    titles = {record.id: record.title for record in RECORDS.values()}
    found = [(p, one) for p, r in RECORDS.items() for one in r.tuple_of("blocked_by")]
    assert len(found) >= 3
    for path, blocker in found:
        comment = re.search(rf"\b{blocker}\]?\s+# (.+)", FILES[path].decode())
        assert comment is not None and comment[1] == titles[blocker]
        assert RECORDS[path].id != blocker


def test_names_suit_every_system() -> None:
    folders = {part for path in FILES for part in path.split("/")[:-1] if part[0] not in "._"}
    names = {path.rpartition("/")[2] for path in FILES} - {".gitkeep"}
    assert [name for name in (*folders, *names) if check_name(name)] == []
    assert collisions(FILES) == ()
    assert [name for name in FILES if unicodedata.normalize("NFC", name) != name] == []


def test_positions_are_indices_and_unique_in_their_list() -> None:
    seen = [
        (r.project, r.list, r.values["position"])
        for r in RECORDS.values()
        if "position" in r.values
    ]
    assert len(seen) >= 10
    assert all(is_position(str(position)) for *_, position in seen)
    assert len(set(seen)) == len(seen)


def test_whoever_is_named_exists() -> None:
    people = {*CONFIG.workspace.people, *CONFIG.workspace.groups}
    items = {who for r in RECORDS.values() for item in r.items for who in item.assignees}
    assigned = {who for r in RECORDS.values() for who in r.tuple_of("assignees")}
    assert items and items | assigned <= people


def test_it_shows_what_a_record_can_hold() -> None:
    records = linked(RECORDS.values(), CONFIG)
    assert sum(bool(r.comments) for r in records) >= 10
    assert sum(bool(r.items) for r in records) >= 10
    assert any(item.due for r in records for item in r.items)
    for key in ("tags", "color", "start", "due", "assignees", "blocked_by"):
        assert any(r.values.get(key) for r in records), key
    for project in CONFIG.projects.values():
        own = [whole(r, CONFIG) for r in records if r.project == project.key]
        unused = {
            key
            for key, field in project.fields.items()
            if field.kind != "button" and not any(key in r.values for r in own)
        }
        assert unused == set()
        assert all(project.tags.values()), "a tag without a colour"


def test_people_wrote_it_in_many_ways() -> None:
    """What Git or an editor might level: one file of each oddity must be left."""
    texts = {path: FILES[path] for path in RECORDS}
    assert [p for p, data in texts.items() if b"\r\n" in data] == [
        "sales/Proposal/Menuiserie Kermarec.md"
    ]
    assert any(data.startswith(b"---\n{") for data in texts.values())
    assert any(re.search(rb"^[a-z]+ +: ", data, re.M) for data in texts.values())
    assert any(re.search(rb"^tags:\n- ", data, re.M) for data in texts.values())
    assert any("☕" in record.title for record in RECORDS.values())
    assert any(record.title_key for record in RECORDS.values())


def test_support_is_in_french_with_accents() -> None:
    project = CONFIG.projects["support"]
    assert project.language == "fr"
    assert list(project.lists) == ["Nouveaux", "À traiter", "En attente", "Résolus"]
    assert [name for name, one in project.lists.items() if one.done] == ["Résolus"]
    agents = set(CONFIG.workspace.groups["agents"])
    tickets = [r for r in RECORDS.values() if r.project == "support" and r.list != "Nouveaux"]
    assert sum(bool(agents & set(r.tuple_of("assignees"))) for r in tickets) >= 8
    assert any(c.author not in CONFIG.workspace.people for r in tickets for c in r.comments)


def test_the_renewal_looks_as_the_manual_shows_it() -> None:
    record = RECORDS[RENEWAL]
    done = Counter(item.done for item in record.items)
    assert (record.id, record.title) == ("r3n3w0c4tz", "Renewal – Acme")
    assert record.values["deal_value"] == Decimal(12000)
    assert record.values["due"] == datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert record.tuple_of("assignees") == ("ana", "li")
    assert len(record.comments) == 2 and done == {True: 1, False: 1}
    assert {item.list for item in record.items} == {"Before the call"}


# --- attachments -------------------------------------------------------------------------


def attachments() -> dict[str, bytes]:
    return {path: data for path, data in FILES.items() if "/_files/" in path}


def test_every_attachment_belongs_to_a_record_of_its_project() -> None:
    owners = {(record.project, record.id) for record in RECORDS.values()}
    folders = {tuple(path.split("/_files/")) for path in attachments()}
    assert len(folders) >= 5
    assert {(project, rest.split("/")[0]) for project, rest in folders} <= owners


@pytest.mark.parametrize("path", [p for p in attachments() if p.endswith(".pdf")])
def test_a_pdf_opens(path: str) -> None:
    """Its cross-reference table points at its objects (ISO 32000-1, 7.5.4)."""
    data = FILES[path]
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF", data)[1])  # type: ignore[index]
    assert data.startswith(b"%PDF-1.") and data[start:].startswith(b"xref\n0 ")
    offsets = [int(o) for o in re.findall(rb"^(\d{10}) 00000 n ", data[start:], re.M)]
    assert len(offsets) >= 5
    for number, offset in enumerate(offsets, 1):
        assert data[offset:].startswith(b"%d 0 obj\n" % number)


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, their checksums proven."""
    at = 8
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 8 + size]
        assert struct.unpack_from(">I", data, at + 8 + size)[0] == zlib.crc32(body)
        yield body[:4], body[4:]
        at += size + 12


@pytest.mark.parametrize("path", [p for p in attachments() if p.endswith(".png")])
def test_a_png_opens(path: str) -> None:
    found = dict(chunks(FILES[path]))
    width, height, depth, color = struct.unpack(">IIBB", found[b"IHDR"][:10])
    assert (depth, color) == (8, 2)
    assert len(zlib.decompress(found[b"IDAT"])) == height * (1 + 3 * width)
    assert list(found)[-1] == b"IEND"


# --- projects as templates ---------------------------------------------------------------


@pytest.mark.parametrize("project", PROJECTS)
def test_a_project_stands_by_itself(project: str) -> None:
    """With bluefs.yaml and nothing of the other project, all is sound all the same."""
    files = {p: d for p, d in FILES.items() if p == "bluefs.yaml" or p.startswith(f"{project}/")}
    loaded, readings = read_all(files)
    assert defects(loaded, readings, files) == []
    assert list(loaded.config.projects) == [project]
    records = [reading.record for reading in readings.values() if reading.record]
    assert len(records) >= 12
    blockers = {one for record in records for one in record.tuple_of("blocked_by")}
    assert blockers <= {record.id for record in records}


def test_a_project_needs_the_people_of_the_workspace_and_says_so() -> None:
    """The other side of the law above: the check does judge names in rules."""
    files = {p: d for p, d in FILES.items() if p.startswith("sales/")}
    loaded = load_config({**files, "bluefs.yaml": b"name: Nobody\n"})
    assert any("sales-team" in problem.message for problem in loaded.problems)


def test_there_are_enough_rules_and_mails() -> None:
    assert len(RULES) >= 5
    assert sum(rule.outward for rule in RULES) >= 3
    assert all(len(CONFIG.rules[project]) >= 5 for project in PROJECTS)
    assert any(not rule.enabled for rule in RULES)
