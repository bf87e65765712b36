"""What people do in the sample's tasks, recruiting and content, and what comes of it: cases for
``test_sample_rules``, one change of one file each."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A person's change of one file, the rules that fire on it in order, the mails, and some
    of what the rules leave: keys, or ``list`` for the place."""

    name: str
    path: str
    fired: tuple[str, ...]
    mails: tuple[tuple[tuple[str, ...], str], ...] = ()
    to: str | None = None  # the list it is moved to
    edits: tuple[tuple[str, str], ...] = ()
    new: str | None = None  # a new record's text, in place of the sample's
    leaves: dict[str, object] = field(default_factory=dict)


BO, MAX, ZOE = ("bo@acme.example",), ("max@acme.example",), ("zoe@acme.example",)
KARIN = ("k.petersen@nordwind.example",)

CREW = "tasks/Review/Import of crew lists.md"
LOCK = "tasks/In progress/Time sheets, lock a month once it is paid.md"
PHONE = "tasks/In progress/Write down how we answer the phone.md"
VAULT = "tasks/In progress/Move the passwords to the vault.md"
MOON = "tasks/Backlog/Dark mode for night shifts 🌙.md"
NOTES = "tasks/In progress/Notifications in the language of the reader.md"
TASKS = (
    Case(
        "a task of high priority appears", "tasks/Backlog/New.md",
        ("High priority", "High means urgent", "Urgent"), ((BO, "High priority: New"),),
        new="---\npriority: High\n---\n", leaves={"tags": ("Urgent",), "color": "red"},
    ),
    Case("an ordinary task appears", "tasks/Backlog/New.md", (), new="---\npriority: Low\n---\n"),
    Case(
        "a task begins as urgent", "tasks/Backlog/New.md", ("Urgent",),
        new="---\ntags: [urgent]\n---\n", leaves={"color": "red"},
    ),
    Case(
        "a task becomes urgent", PHONE, ("Urgent", "Urgent means high", "High means urgent"),
        edits=(("\nestimate:", "\ntags: [Urgent]\nestimate:"),),
        leaves={"priority": "High", "color": "red"},
    ),
    Case(
        "its priority rises", MOON, ("High means urgent", "Urgent"),
        edits=(("priority: Low", "priority: High"),), leaves={"color": "red"},
    ),
    Case(
        "its priority falls", LOCK, ("Lower means not urgent", "No longer urgent"),
        edits=(("priority: High", "priority: Low"),), leaves={"tags": ("Feature",), "color": None},
    ),
    Case(
        "a task is begun", MOON, ("Started", "Who starts it does it"), to="In progress",
        leaves={"assignees": ("ana",)},
    ),
    Case(
        "a task is begun by being made", "tasks/In progress/New.md",
        ("Started", "Who starts it does it"), new="Now.\n", leaves={"assignees": ("ana",)},
    ),
    Case(
        "all of a task is ticked", VAULT, ("Everything ticked", "To be reviewed"),
        ((BO, "To be reviewed: Move the passwords to the vault"),),
        edits=(("[ ] Servers", "[x] Servers"),), leaves={"list": "Review"},
    ),
    Case(
        "ready for review, by the button", PHONE, ("Ready for review", "To be reviewed"),
        ((BO, "To be reviewed: Write down how we answer the phone"),),
        edits=(("\nestimate:", "\nfor_review: press\nestimate:"),),
        leaves={"list": "Review", "for_review": None},
    ),
    Case(
        "not quite", CREW, ("Back to work",),
        ((MAX, "Not quite: Import of crew lists: names with ø, ß and ç arrive as they were typed"),),
        to="In progress",
    ),
    Case(
        "live", NOTES, ("Live", "Tell who asked"),
        ((KARIN, "You asked for it: Notifications in the language of the reader"),), to="Live",
    ),
    Case("live, and was urgent", LOCK, ("Live", "No longer urgent"), to="Live"),
)  # fmt: skip

THEO = "recruiting/Applied/Théodore « Théo » Lagarde 🎨.md"
MIA = "recruiting/Applied/Mia Sørensen.md"
AICHA = "recruiting/Phone screen/Aïcha Benali.md"
NOOR = "recruiting/Phone screen/Noor van der Meer.md"
HANNA = "recruiting/Trial day/Hanna Lindqvist.md"
KELVIN = "recruiting/Final round/Kelvin Adeyemi-Doucet.md"
RECRUITING = (
    Case(
        "somebody applies", "recruiting/Applied/Jo Ende.md", ("Received",),
        ((("jo@ende.example",), "Your application as Trainer"),),
        new="---\nrole: Trainer\nemail: jo@ende.example\n---\n",
    ),
    Case(
        "to the phone screen", THEO, ("To the phone screen",),
        ((("theo@lagarde.example",), "We would like to call you"),), to="Phone screen",
    ),
    Case(
        "to the trial day", NOOR, ("To the trial day",),
        ((("noor@vandermeer.example",), "Come and spend a day with us"),), to="Trial day",
    ),
    Case(
        "to the final round", HANNA, ("To the final round",),
        ((("hanna@lindqvist.example",), "The last conversation"),), to="Final round",
        leaves={"tags": ("Abroad", "Outstanding", "Finalist"), "next_step": "Decide"},
    ),
    Case(
        "hired", KELVIN, ("Hired",),
        ((("kelvin@adeyemi-doucet.example",), "Welcome to Acme"),), to="Hired",
        leaves={"tags": None, "color": "green", "interview": None},
    ),
    Case(
        "not this time", THEO, ("Not this time", "Closed"),
        ((("theo@lagarde.example",), "Your application as Intern"),), to="Not this time",
        leaves={"due": None},
    ),
    Case(
        "not this time, by the button", NOOR, ("Say no", "Not this time", "Closed"),
        ((("noor@vandermeer.example",), "Your application as Trainer"),),
        edits=(("\nsource:", "\nsay_no: press\nsource:"),), leaves={"list": "Not this time"},
    ),
    Case(
        "withdrawn: no letter says no", HANNA, ("Withdrawn", "Closed"),
        edits=(("[Abroad, Outstanding]", "[Abroad, Outstanding, Withdrawn]"),),
        leaves={"list": "Not this time"},
    ),
    Case(
        "a date is agreed", NOOR, ("Invitation",),
        ((("noor@vandermeer.example",), "Our meeting: Tue 1 Dec 2026 10:00"),),
        edits=(("interview: 2026-11-30T09:00", "interview: 2026-12-01T10:00"),),
    ),
    Case(
        "a candidate writes", AICHA, ("They wrote",),
        edits=(("right and rude\n", "right and rude\n\n## Comments\n\n### Aïcha · 2026-11-24 09:00\n?\n"),),
        leaves={"tags": ("Reply",)},
    ),
    Case(
        "we answer", MIA, ("We answered",),
        edits=(("school year.\n", "school year.\n\n### zoe · 2026-11-24 09:00\nYes.\n"),),
        leaves={"tags": ("Abroad",)},
    ),
    Case(
        "she is better than we thought", NOOR, ("Outstanding",),
        edits=(("fit: 3.25", "fit: 4.75"),), leaves={"assignees": ("bo", "ana")},
    ),
    Case(
        "everything is asked", AICHA, ("Everything asked",),
        edits=(("[ ] Weekends", "[x] Weekends"), ("[ ] An example", "[x] An example")),
    ),
)  # fmt: skip

FERRY = "content/Ideas 💡/A day on the night ferry ⛴️.md"
SUMMER = "content/Ideas 💡/Summer timetable, three mistakes everybody makes.md"
STORY = "content/Writing/Fifteen people, one ship, two weeks.md"
MANUAL = "content/Writing/How to lock a month.md"
LAUNCH = "content/Writing/Version 5 is here 🚀.md"
MONTH = "content/Review/Newsletter of the month.md"
CONTENT = (
    Case(
        "an urgent piece", "content/Ideas 💡/New.md", ("Red: high urgency",),
        new="---\nurgency: High\n---\n", leaves={"color": "red"},
    ),
    Case(
        "it can wait", STORY, ("Amber: normal urgency",),
        edits=(("urgency: High", "urgency: Normal"),), leaves={"color": "amber"},
    ),
    Case(
        "there is no hurry", STORY, ("Green: low urgency",),
        edits=(("urgency: High", "urgency: Low"),), leaves={"color": "green"},
    ),
    Case(
        "nobody waits for it", FERRY, ("No colour without urgency",),
        edits=(("urgency: Low\n", ""),), leaves={"color": None},
    ),
    Case(
        "a piece is begun", SUMMER, ("Begun", "Who begins it writes it"), to="Writing",
        leaves={"assignees": ("ana",)},
    ),
    Case(
        "handed in", MANUAL, ("Handed in", "To be read"),
        ((ZOE, "To be read: How to lock a month"),),
        edits=(("\nwords:", "\nto_review: press\nwords:"),), leaves={"list": "Review"},
    ),
    Case(
        "read to the end", MONTH, ("Read and approved",), edits=(("[ ] Every", "[x] Every"),),
        leaves={"list": "Scheduled"},
    ),
    Case(
        "back to the desk", MONTH, ("Back to the desk",),
        ((("li@acme.example", *ZOE), "Back on your desk: Newsletter of the month"),),
        to="Writing", leaves={"tags": ("Season", "Rework")},
    ),
    Case(
        "out", STORY, ("Out", "Thank whoever is quoted"),
        ((KARIN, "It is out: Fifteen people, one ship, two weeks"),), to="Published",
        leaves={"color": None},
    ),
    Case(
        "the launch moves", LAUNCH, ("The launch moves",),
        (
            (
                ("ana@acme.example", "li@acme.example", *BO, *ZOE, *MAX),
                "New launch date: Tue 12 Jan 2027",
            ),
        ),
        edits=(("launch: 2026-12-15", "launch: 2027-01-12"),),
    ),
    Case(
        "a piece for the launch moves: no mail", STORY, (),
        edits=(("launch: 2026-12-15", "launch: 2027-01-12"),),
    ),
)  # fmt: skip
