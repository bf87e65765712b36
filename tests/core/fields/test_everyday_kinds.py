"""Phone, country, location, file, unique_id, duration, time in list: what people write, and what
becomes of it."""

from __future__ import annotations

from decimal import Decimal
from inspect import cleandoc

import pytest
from babel import Locale

from bluefs.core import phones
from bluefs.core.countries import country_codes, country_meant, country_name
from bluefs.core.fields import kind_named, kind_of
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.elapsed import FORMS, parse_elapsed, show_elapsed
from bluefs.core.fields.location import point_of
from bluefs.core.fields.questions import Asked, Exactly, Never, Numbers, Part, Written
from bluefs.core.fields.time_in_list import InList, times_of, value_of
from bluefs.core.fields.unique_id import next_number
from bluefs.core.model import FieldDef, ListDef, Project, Value
from bluefs.core.nodes import Map, Node, Scalar, Seq
from tests.core.fields.test_field_traps import NOW, make, parse, seq, setting

PHONE = make("phone", country="FR")
ABROAD = make("phone")
COUNTRY = make("country")
COUNTRIES = make("country", many=True)
PLACE = make("location")
FILE = make("file")
FILES = make("file", many=True)
NUMBER = make("unique_id", prefix="DEAL-", digits=3)
RANDOM = make("unique_id", style="random", prefix="T")
DURATION = make("duration", show="compact")
TIMES = make("time_in_list")

GOOD: list[tuple[FieldDef, str, Value]] = [
    (PHONE, "+33612345678", "+33612345678"),
    (PHONE, "+442079460958", "+442079460958"),
    (ABROAD, "+33612345678", "+33612345678"),
    (COUNTRY, "FR", "FR"),
    (COUNTRY, "NO", "NO"),  # Norway, and no *no*
    (COUNTRIES, "BE", ("BE",)),
    (PLACE, "48.8566, 2.3522", "48.8566, 2.3522"),
    (PLACE, "48.85660,+2.3522", "48.8566, 2.3522"),
    (PLACE, "-90, 180", "-90, 180"),
    (PLACE, "-0.0, 0", "0, 0"),
    (FILE, "Offer, signed.pdf", "Offer, signed.pdf"),
    (FILE, "2024", "2024"),
    (FILES, "Offer, signed.pdf", ("Offer, signed.pdf",)),
    (NUMBER, "DEAL-007", "DEAL-007"),
    (NUMBER, "DEAL-1234", "DEAL-1234"),
    (NUMBER, "OLD-7", "OLD-7"),
    (RANDOM, "Tk7h3q2", "Tk7h3q2"),
]


@pytest.mark.parametrize(("field", "text", "value"), GOOD, ids=lambda x: str(x)[:40])
def test_read(field: FieldDef, text: str, value: Value) -> None:
    assert parse(field, text) == value


BAD: list[tuple[FieldDef, str, str, str | None]] = [
    (PHONE, "06 12 34 56 78", "BF223", '"+33612345678"'),
    (PHONE, "0612345678", "BF223", '"+33612345678"'),
    (PHONE, "+33 (0)6 12 34 56 78", "BF223", '"+33612345678"'),
    (PHONE, "0033612345678", "BF223", '"+33612345678"'),
    (PHONE, "tel:+33612345678", "BF223", '"+33612345678"'),
    (PHONE, "+1 (202) 555-0143", "BF223", '"+12025550143"'),
    (ABROAD, "0612345678", "BF223", None),
    (PHONE, "+336123", "BF223", None),
    (PHONE, "06 12", "BF223", None),
    (PHONE, "call me", "BF223", None),
    (PHONE, "06 12 34 56 78 / 06 98 76 54 32", "BF223", None),
    (COUNTRY, "fr", "BF222", "FR"),
    (COUNTRY, "FRA", "BF222", "FR"),
    (COUNTRY, "France", "BF222", "FR"),
    (COUNTRY, "etats-unis", "BF222", "US"),
    (COUNTRY, "Norway", "BF222", '"NO"'),  # as a YAML 1.1 reader needs it
    (COUNTRY, "UK", "BF222", "GB"),
    (COUNTRY, "Frnce", "BF222", None),
    (COUNTRY, "EU", "BF222", None),
    (COUNTRIES, "FR, BE", "BF211", "[FR, BE]"),
    (PLACE, "48,8566 2,3522", "BF226", "48.8566, 2.3522"),
    (PLACE, "48,8566; 2,3522", "BF226", "48.8566, 2.3522"),
    (PLACE, "48,8566, 2,3522", "BF226", "48.8566, 2.3522"),
    (PLACE, "48.8566 2.3522", "BF226", "48.8566, 2.3522"),
    (PLACE, "(48.8566, 2.3522)", "BF226", "48.8566, 2.3522"),
    (PLACE, "geo:48.8566,2.3522", "BF226", "48.8566, 2.3522"),
    (PLACE, "48.8566° N, 2.3522° E", "BF226", "48.8566, 2.3522"),
    (PLACE, "33.8688 S 151.2093 E", "BF226", "-33.8688, 151.2093"),
    (PLACE, "48°51'24\"N 2°21'08\"O", "BF226", "48.856667, -2.352222"),
    (PLACE, "Paris", "BF226", None),
    (PLACE, "48.8566", "BF226", None),
    (PLACE, "48.8566, 2.3522, 35", "BF226", None),
    (PLACE, "91, 0", "BF202", None),
    (PLACE, "0, 180.5", "BF202", None),
    (PLACE, "121.4737, 31.2304", "BF202", None),
    (FILE, "sales/_files/r3n3w0c4tz/Offer.pdf", "BF227", '"Offer.pdf"'),
    (FILE, "![[Offer.pdf]]", "BF227", "Offer.pdf"),
    (FILE, "../secret", "BF227", "secret"),
    (FILE, ".hidden", "BF227", None),
    (NUMBER, "DEAL 7", "BF229", None),
    (DURATION, "3 days", "BF231", None),
    (TIMES, "3 days", "BF231", None),
]


@pytest.mark.parametrize(("field", "text", "code", "mend"), BAD, ids=lambda x: str(x)[:40])
def test_refused(field: FieldDef, text: str, code: str, mend: str | None) -> None:
    fault = parse(field, text)
    assert isinstance(fault, Fault), fault
    assert fault.code.code == code
    assert fault.mend == (mend if mend != '"Offer.pdf"' else "Offer.pdf")
    assert fault.hint
    if mend is not None and not mend.startswith("["):
        plain = parse(field, mend.strip('"'), plain=not mend.startswith('"'))
        assert not isinstance(plain, Fault)


HINTS = [
    (COUNTRY, "Frnce", "did you mean FR (France)?"),
    (COUNTRY, "EU", "two letters of ISO 3166, such as FR"),
    (PHONE, "06 12", 'as "+33612345678"; no number of FR looks like this one'),
    (PLACE, "121.4737, 31.2304", "latitude comes first: 31.2304, 121.4737"),
    (PLACE, "91, 200", "latitude comes first, as in 48.8566, 2.3522"),
    (NUMBER, "DEAL 7", "one word, such as DEAL-001"),
]


@pytest.mark.parametrize(("field", "text", "hint"), HINTS)
def test_hint(field: FieldDef, text: str, hint: str) -> None:
    fault = parse(field, text)
    assert isinstance(fault, Fault) and fault.hint == hint


def test_a_fault_of_one_member_stands_at_that_member() -> None:
    second = Scalar("Belgique", True, 4, 9, 4, 17)
    fault = kind_of(COUNTRIES).parse(COUNTRIES, Seq((Scalar("FR"), second)), setting())
    assert isinstance(fault, Fault) and fault.node is second and fault.mend == "BE"


@pytest.mark.parametrize(
    "node",
    [
        seq("48.8566", "2.3522"),
        Map(((Scalar("lat"), Scalar("48.8566")), (Scalar("lng"), Scalar("2.3522")))),
        Map(((Scalar("longitude"), Scalar("2.3522")), (Scalar("latitude"), Scalar("48.8566")))),
    ],
)
def test_a_location_as_a_list_or_a_map_is_mended(node: Node) -> None:
    fault = kind_of(PLACE).parse(PLACE, node, setting())
    assert isinstance(fault, Fault) and fault.mend == "48.8566, 2.3522"


def notes(field: FieldDef, text: str) -> list[tuple[str, str | None]]:
    found = kind_of(field).notes(field, Scalar(text), setting())
    assert all(one.code.severity == "warning" and one.hint for one in found)
    return [(one.code.code, one.mend) for one in found]


def test_what_stands_with_a_word_on_it() -> None:
    assert notes(PHONE, "+33639980001") == [("BF224", None)]  # kept for films
    assert notes(PHONE, "+33612345678") == []
    assert notes(NUMBER, "DEAL-7") == [("BF230", "DEAL-007")]
    assert notes(NUMBER, "OLD-7") == [("BF230", None)]
    assert notes(NUMBER, "DEAL-007") == []
    assert notes(RANDOM, "Tk7h3q2") == []
    assert notes(RANDOM, "TOIL") == [("BF230", None)]


TYPED: list[tuple[FieldDef, str, Value]] = [
    (PHONE, "06.12.34.56.78", "+33612345678"),
    (PHONE, "+44 20 7946 0958", "+442079460958"),
    (COUNTRY, "france", "FR"),
    (COUNTRY, "Allemagne", "DE"),
    (COUNTRY, "no", "NO"),
    (COUNTRIES, "fr, Belgique", ("FR", "BE")),
    (PLACE, "48,8566 ; 2,3522", "48.8566, 2.3522"),
    (FILE, "Offer.pdf", "Offer.pdf"),
    (NUMBER, "7", "DEAL-007"),
    (NUMBER, "deal-12", "DEAL-012"),
]


@pytest.mark.parametrize(("field", "text", "value"), TYPED, ids=lambda x: str(x)[:40])
def test_typed(field: FieldDef, text: str, value: Value) -> None:
    assert kind_of(field).typed(field, text, setting()) == value


def test_a_file_is_typed_by_the_record_s_attachments() -> None:
    at = setting()
    there = Setting(at.config, at.project, NOW, ("Offer Acme.pdf", "Plan.png", "Plan (2).png"))
    for field in (FILE, FILES):
        value = kind_of(field).typed(field, "offer", there)
        assert value in ("Offer Acme.pdf", ("Offer Acme.pdf",))
    one = kind_of(FILE)
    assert one.typed(FILE, "plan.PNG", there) == "Plan.png"
    for text, hint in (
        ("Plan", "its attachments: Plan.png, Plan (2).png"),
        ("Ofer Acme.pdf", 'did you mean "Offer Acme'),
    ):
        fault = one.typed(FILE, text, there)
        assert isinstance(fault, Fault) and fault.code.code == "BF228" and hint in str(fault.hint)
    bare = Setting(at.config, at.project, NOW, ())
    fault = one.typed(FILE, "Offer.pdf", bare)
    assert isinstance(fault, Fault) and fault.hint == "put it there first: bluefs attach"


def test_what_is_computed_is_not_typed() -> None:
    for field in (DURATION, TIMES):
        fault = kind_of(field).typed(field, "3 days", setting())
        assert isinstance(fault, Fault) and fault.hint is not None and "made of" in fault.hint
        assert not kind_of(field).settable and kind_of(field).computed


ASKED = [
    (PHONE, "06 12 34 56 78", Exactly("+33612345678")),
    (PHONE, "06-12", Part("612")),
    (COUNTRY, "france", Exactly("FR")),
    (COUNTRIES, "Atlantis", Never()),
    (PLACE, "48,8566 2,3522", Exactly("48.8566, 2.3522")),
    (PLACE, "Paris", Never()),
    (FILE, "offer", Written("offer")),
    (FILES, "offer", Written("offer")),
    (NUMBER, "7", Written("DEAL-007", whole=True)),
    (RANDOM, "Tk7h3q2", Written("Tk7h3q2", whole=True)),
    (DURATION, "2 days..", Numbers(Decimal(172800), None)),
    (DURATION, "soon", Never()),
    (TIMES, "Open", Written("Open")),
]


@pytest.mark.parametrize(("field", "text", "question"), ASKED, ids=lambda x: str(x)[:30])
def test_asked(field: FieldDef, text: str, question: object) -> None:
    assert kind_of(field).ask(field, Asked(text), setting()) == question


SHOWN = [
    (PHONE, "+33612345678", "06 12 34 56 78", "06 12 34 56 78"),
    (PHONE, "+442079460958", "+44 20 7946 0958", "+44 20 7946 0958"),
    (ABROAD, "+33612345678", "+33 6 12 34 56 78", "+33 6 12 34 56 78"),
    (COUNTRY, "DE", "Germany", "Allemagne"),
    (COUNTRIES, ("FR", "BE"), "France, Belgium", "France, Belgique"),
    (PLACE, "48.8566, 2.3522", "48.8566, 2.3522", "48.8566, 2.3522"),
    (DURATION, Decimal(273900), "3d 4h", "3\u202fj 4\u202fh"),
    (TIMES, ("259200 Open deals", "172800+ Proposal"),
     "Open deals 3d (60 %) · Proposal 2d (40 %, now)",
     "Open deals 3\u202fj (60\u202f%) · Proposal 2\u202fj (40\u202f%, en ce moment)"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "english", "french"), SHOWN, ids=lambda x: str(x)[:30])
def test_show(field: FieldDef, value: Value, english: str, french: str) -> None:
    assert kind_of(field).show(field, value, setting()) == english
    assert kind_of(field).show(field, value, setting("fr")) == french
    assert kind_of(field).show(field, None, setting()) == ""


def test_json() -> None:
    def json(field: FieldDef, value: Value) -> object:
        return kind_of(field).json(field, value, setting())

    place = {"latitude": Decimal("48.8566"), "longitude": Decimal("2.3522")}
    assert json(PLACE, "48.8566, 2.3522") == place
    assert json(PHONE, "+33612345678") == "+33612345678"
    assert json(COUNTRIES, ("FR", "BE")) == ["FR", "BE"]
    assert json(DURATION, Decimal(90)) == 90
    assert json(TIMES, ("30 A", "10+ B")) == [
        {"list": "A", "seconds": 30, "share": Decimal("0.750"), "current": False},
        {"list": "B", "seconds": 10, "share": Decimal("0.250"), "current": True},
    ]
    assert point_of("48.8566, 2.3522") == (Decimal("48.8566"), Decimal("2.3522"))


def test_times_come_back() -> None:
    times = [InList("Open deals", 30), InList("3 + 4", 10, now=True)]
    assert times_of(value_of(times)) == times


@pytest.mark.parametrize(
    ("form", "english", "french"),
    [
        ("full", "3 days 4 hours 5 minutes", "3 jours 4 heures 5 minutes"),
        ("compact", "3d 4h", "3\u202fj 4\u202fh"),
        ("clock", "76:05:00", "76:05:00"),
        ("days", "3.2 days", "3,2 jours"),
        ("hours", "76.1 hours", "76,1 heures"),
        ("minutes", "4,565 minutes", "4\u202f565 minutes"),
        ("seconds", "273,900 seconds", "273\u202f900 secondes"),
    ],
)
def test_the_seven_forms(form: str, english: str, french: str) -> None:
    assert form in FORMS and len(FORMS) == 7
    assert show_elapsed(Decimal(273900), form, "en") == english
    assert show_elapsed(Decimal(273900), form, "fr") == french


def test_lengths_of_time() -> None:
    assert parse_elapsed("30 days") == 30 * 86400 and parse_elapsed("2h") == 7200
    assert parse_elapsed("1 semaine") == 7 * 86400
    for text in ("1 month", "+3d", "soon", "3", "-2h", ""):
        assert parse_elapsed(text) is None, text
    assert show_elapsed(Decimal(0), "full", "en") == "0 seconds"
    assert show_elapsed(Decimal(-90), "compact", "en") == "-1m 30s"


def test_the_next_number() -> None:
    held = ["DEAL-003", "DEAL-010", "OLD-99", "DEAL-2"]
    assert next_number(NUMBER, held) == 11
    assert next_number(NUMBER, []) == 1
    assert next_number(make("unique_id", start=100), []) == 100
    assert next_number(make("unique_id", start=0), []) == 0
    assert next_number(make("unique_id", prefix="DEAL-", last=40), held) == 41


def options(kind: str, entries: dict[str, Node]) -> tuple[dict[str, object], list[str]]:
    known = kind_named(kind)
    assert known is not None and set(entries) <= set(known.takes)
    found, faults = known.options(entries)
    return found, [f"{fault.message}: {fault.hint}" for fault in faults]


def texts(**entries: str) -> dict[str, Node]:
    return {key.rstrip("_"): Scalar(text) for key, text in entries.items()}


def test_options() -> None:
    assert options("phone", texts(country="FR")) == ({"country": "FR"}, [])
    assert options("phone", texts(country="fr"))[1] == [
        "`country` is a code of two letters, such as FR: write FR"
    ]
    assert options("phone", texts(country="Narnia"))[0] == {}
    assert options("country", texts(many="yes")) == ({"many": True}, [])
    assert options("file", texts(many="perhaps"))[1]
    given = texts(style="sequential", prefix="DEAL-", digits="3", start="1", last="40")
    assert options("unique_id", given) == (
        {"style": "sequential", "prefix": "DEAL-", "digits": 3, "start": 1, "last": 40}, []
    )  # fmt: skip
    assert options("unique_id", texts(prefix="two words"))[1]
    assert options("unique_id", texts(style="odd"))[1]


def event(word: str, name: str, pick: str | None = None) -> Map:
    pairs = [(Scalar(word), Scalar(name))] + ([(Scalar("pick"), Scalar(pick))] if pick else [])
    return Map(tuple(pairs))


def test_options_of_a_duration() -> None:
    given = {
        **texts(from_="created", target="30 days", show="compact"),
        "to": event("moved", "Won", "last"),
    }
    assert options("duration", given) == (
        {"from": ("created", (), "first"), "to": ("moved", ("Won",), "last"), "show": "compact",
         "target": Decimal(2592000)}, []
    )  # fmt: skip
    for wrong, said in (
        (texts(from_="created"), "a duration needs `to`"),
        (texts(from_="created", to="creatd"), "did you mean created?"),
        (texts(from_="created", to="changed", target="1 month"), "`target` is a span of time"),
        (texts(from_="created", to="cleared"), "cleared: NAME"),
        ({**texts(from_="created"), "to": event("moved", "Won", "often")}, "`pick` of `to`"),
        ({**texts(from_="created"), "to": seq("moved")}, "`to` is one event"),
        (texts(from_="created", to="completed", show="years"), "`show` is one of"),
    ):
        assert any(said in fault for fault in options("duration", wrong)[1]), (wrong, said)


def test_a_duration_names_what_the_project_has() -> None:
    project = Project("p", "P", lists={"Closed won": ListDef("Closed won", "Won")})
    at = Setting(setting().config, project, NOW)
    for word, name, hint in (
        ("moved", "Closed wn", "did you mean Closed won?"),
        ("changed", "du", "did you mean due?"),
    ):
        entries: dict[str, Node] = {"from": Scalar("created"), "to": event(word, name)}
        (fault,) = kind_of(DURATION).judge(DURATION, entries, at, ["Closed won"])
        assert fault.hint == hint
    entries = {"from": Scalar("created"), "to": event("moved", "Closed won")}
    assert kind_of(DURATION).judge(DURATION, entries, at, ["Closed won"]) == []


@pytest.fixture
def without_phonenumbers(monkeypatch: pytest.MonkeyPatch) -> object:
    """As on a machine where the extra is not installed."""
    import builtins

    real = builtins.__import__

    def refusing(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == "phonenumbers":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(phones, "find_spec", lambda name: None)
    monkeypatch.setattr(builtins, "__import__", refusing)
    for known in (phones.is_full, phones.read_phone, phones.show_phone):
        known.cache_clear()
    yield None
    for known in (phones.is_full, phones.read_phone, phones.show_phone):
        known.cache_clear()


def test_without_the_extra_the_general_form_is_checked_and_that_is_said(
    without_phonenumbers: object,
) -> None:
    assert parse(PHONE, "+33612345678") == "+33612345678"
    assert parse(PHONE, "+999123456789") == "+999123456789"
    assert kind_of(PHONE).notes(PHONE, Scalar("+33639980001"), setting()) == []
    assert kind_of(PHONE).show(PHONE, "+33612345678", setting()) == "+33612345678"
    decorated = parse(PHONE, "+33 (0)6 12 34 56 78")
    assert isinstance(decorated, Fault) and decorated.mend == '"+33612345678"'
    for text in ("06 12 34 56 78", "+336", "+3361234567890123"):
        fault = parse(PHONE, text)
        assert isinstance(fault, Fault) and fault.mend is None
        assert "pip install 'bluefs[phone]'" in str(fault.hint)
    known = kind_named("phone")
    assert known is not None
    found, (said,) = known.options({"country": Scalar("FR")})
    assert found == {"country": "FR"} and said.code.code == "BF225"
    assert said.code.severity == "info" and "bluefs[phone]" in str(said.hint)


def test_every_country_has_one_code_and_cldr_s_names() -> None:
    assert len(country_codes()) == 249 and list(country_codes()) == sorted(set(country_codes()))
    for language in ("en", "fr"):
        names = Locale(language).territories
        for code in country_codes():
            assert country_name(code, language) == names[code]
            assert country_meant(names[code], language) == code, (code, names[code])
    assert country_name("DE", "es") == "Alemania" and country_meant("Alemania", "es") == "DE"
    assert country_name("DE", "xx") == "Germany"
    for code in country_codes():
        assert country_meant(code.lower()) == code


@pytest.mark.parametrize("word", ["phone", "country", "location", "file", "unique_id", "duration"])
def test_the_manual_names_each_option(word: str) -> None:
    kind = kind_named(word)
    assert kind is not None
    page = cleandoc(type(kind).__doc__ or "")
    assert all(f"``{option}" in page for option in kind.takes)
