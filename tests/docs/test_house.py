"""The house is as its plan says: one noun, one name on every floor, and what is written about it is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("domain", "storage", "views", "services", "handlers")
TOP = {*FLOORS, "bench", "bot", "demo", "deploy", "docs", "requirements", "sandbox", "tests"}
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])

_SLACKS = {"views.publish", "views.update", "views.open", "views.push"}
"""Methods of Slack's that look like modules of ours."""

FOLDERS = {
    "domain/reading": "what is read out of people's words, whatever they are about",
    "storage/models": "the tables",
    "storage/delivery": "the outbox and who sends from it",
    "storage/migrations": "how the tables came to be",
    "views/slack": "Block Kit, for all nouns",
}
"""Folders that serve all nouns of their floor; modules in them are named by what they hold."""

PARTS = {
    "forms": "of one noun",
    "messages": "of one noun",
    "words": "how a noun, or anything, is said",
    "prompts": "the messages of a check-in",
    "owners": "who answers for an initiative, and how it changes hands; whoever is prompted together",
    "answering": "a check-in with all that whoever answers needs",
    "answers": "what is recorded of what an owner said",
    "asking": "check-ins found, made and changed; prompts by the clock",
    "reminders": "of prompts that are not answered",
    "history": "check-ins of weeks gone by",
    "rows": "what check-ins are read from",
    "asks": "asking for a decision",
    "readings": "numbers that words give",
    "questions": "what is asked about a number before it is believed",
    "slipping": "the signs of slipping that an owner is shown with a check-in",
    "together": "several initiatives and numbers in one form",
    "settling": "how asks end",
    "moving": "an ask to another day or person, or to nobody",
    "defaults": "what happens to an ask on its day",
    "knowing": "what is known of what a bet is about",
    "making": "saying what a decision should move",
    "looking": "bets on their day",
    "lists": "of asks",
    "telling": "who hears of an ask",
    "places": "what a note can be about",
    "replies": "what the writer of a note is told",
    "follow_ups": "what a prompt comes back to",
    "facts": "what a digest is made from and says",
    "example": "a digest of a made-up team",
    "exceptions": "what of a digest or a review the channel reads",
    "reckoning": "how rhythm health comes about",
    "details": "what of a digest stands in its thread",
    "lines": "a form as what somebody typed fills it in",
    "charters": "the part of the initiative form about authority",
    "editing": "adding and changing an initiative",
    "lifecycle": "pausing, resuming and closing an initiative",
    "reading": "reading a form or a file of the noun back",
    "files": "of an export",
    "leads": "what leads are asked in a review",
    "gathering": "what a review is made from",
    "page": "a month's report as HTML",
    "charts": "of a month's report, drawn as SVG",
    "starting": "making what a draft says",
    "choices": "what is chosen beside the lines of a draft",
    "columns": "what the columns of a draft's tables are taken for",
    "offers": "asking whether what was sent is a plan",
    "posting": "a review by its schedule or by hand",
    "closing": "what the clock does to open reviews",
    "rules": "what each column holds of people, for when somebody is forgotten",
    "erasing": "names and words out of every table",
    "aging": "words that were kept for long enough",
    "requests": "who asked to be forgotten",
    "documents": "an export to import: its tables, columns and types",
    "values": "what the values of an import must be",
    "refusals": "what is said of a document that is not imported",
    "writing": "an import's rows into a database",
}
"""Modules within a noun's package, and one that says the words of all."""

EXCEPTIONS = {
    "domain/days.py": "how far away a day may lie, for all nouns that have days",
    "domain/errors.py": "refusals, raised by every noun",
    "domain/faults.py": "how a fault is named in the log",
    "domain/plans.py": "how far ahead a ritual can be due",
    "domain/track_record.py": "weeks gone by, for digests, rhythm health and impact",
    "storage/ahead.py": "what a clock that was ahead has left, found for repairs",
    "storage/encryption.py": "how tokens are kept",
    "storage/database.py": "the engine and its transactions",
    "storage/ids.py": "made for all tables",
    "storage/statements.py": "SQL that both databases read",
    "storage/types.py": "column types of all tables",
    "services/access.py": "who may do what, for all nouns",
    "services/planning.py": "when each ritual is next due",
    "services/mentions.py": "the names in a message, for all nouns",
    "services/reading_first.py": "reading before a transaction, for all nouns",
    "services/telling.py": "who is told what outside their own acts, and when",
    "services/references.py": "what an id names, for all nouns",
    "handlers/lifecycle.py": "pausing, resuming and closing an initiative",
    "handlers/requests.py": "what every door gets and gives",
}


def nouns() -> set[str]:
    """The glossary's words as modules are named: singular and plural, several words joined."""
    rows = [
        row for row in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines() if row.startswith("| ")
    ]
    words = {re.sub(r"\W+", "_", row.split("|")[1].strip().lower()) for row in rows}
    return words | {plural(word) for word in words}


def plural(word: str) -> str:
    if word == "person":
        return "people"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("s") else f"{word}s"


def modules(floor: str) -> Iterator[str]:
    for path in sorted((ROOT / floor).rglob("*.py")):
        if path.name not in ("__init__.py", "__main__.py"):
            yield path.relative_to(ROOT).as_posix()


def is_named_by_rule(module: str, known: set[str]) -> bool:
    folder, _, name = module.removesuffix(".py").rpartition("/")
    if any(folder == one or folder.startswith(f"{one}/") for one in FOLDERS):
        return True
    if folder in FLOORS:
        return name in known or (folder == "domain" and name == "words")
    return folder.rpartition("/")[2] in known and name in PARTS


@pytest.mark.parametrize("floor", FLOORS)
def test_every_module_is_a_noun_of_the_glossary_or_says_why_not(floor: str) -> None:
    known = nouns()
    odd = [one for one in modules(floor) if not is_named_by_rule(one, known) and one not in EXCEPTIONS]
    assert odd == []


def test_no_exception_is_left_that_needs_to_be_none() -> None:
    known = nouns()
    everything = {one for floor in FLOORS for one in modules(floor)}
    needed = {one for one in everything if not is_named_by_rule(one, known)}
    assert set(EXCEPTIONS) == needed
    assert all((ROOT / folder).is_dir() for folder in FOLDERS)
    assert {Path(one).stem for one in everything} >= set(PARTS)


def test_the_contract_names_every_door() -> None:
    contracts = (ROOT / "pyproject.toml").read_text("utf-8")
    doors = [one for one in modules("handlers") if one != "handlers/requests.py"]
    assert [one for one in doors if f'"{one.removesuffix(".py").replace("/", ".")}"' not in contracts] == []


def test_no_two_public_classes_have_one_name() -> None:
    named: dict[str, list[str]] = {}
    for folder in (*FLOORS, "bot", "demo"):
        for module in modules(folder):
            for node in ast.parse((ROOT / module).read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    named.setdefault(node.name, []).append(module)
    assert {name: found for name, found in named.items() if len(found) > 1} == {}


def test_the_top_level_is_the_architecture() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= TOP
    assert {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.py"))} <= TOP


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_and_name_in_the_documents_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    assert [path for path in paths_in(text) if not list(ROOT.glob(path))] == []
    assert [f"{path} {name}" for path, name in names_in(text) if not is_defined(ROOT / path, name)] == []


def paths_in(text: str) -> Iterator[str]:
    """`folder/module.py`, `folder/`, and modules written with dots."""
    top = "|".join(sorted(TOP))
    for match in re.finditer(rf"`((?:{top})/[\w./*-]*)`", text):
        yield match[1]
    for match in re.finditer(rf"`((?:{top})(?:\.[a-z_]+)+)`", text):
        if match[1] not in _SLACKS and not re.search(r"\.(?:py|md|yaml|json)$", match[1]):
            yield module_path(match[1])


def module_path(dotted: str) -> str:
    """The longest part of a dotted name that is a module: what follows is a name in it."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = "/".join(parts[:length])
        if (ROOT / f"{path}.py").exists():
            return f"{path}.py"
        if (ROOT / path).is_dir() and length == len(parts):
            return path
    return dotted


def names_in(text: str) -> Iterator[tuple[str, str]]:
    """As the glossary writes them: `domain/kpis.py`, `Kpi`."""
    for match in re.finditer(r"`([\w/]+\.py)`, `([A-Za-z_]\w*)(?:\.(\w+))?`", text):
        yield match[1], match[2]


def is_defined(path: Path, name: str) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    return any(getattr(node, "name", None) == name for node in ast.walk(tree))


def test_a_path_and_a_name_that_are_gone_are_noticed() -> None:
    text = "`domain/kpis.py`, `Kpi`; `handlers/deciding.py`; `domain/kpis.py`, `Nothing`; `handlers.runtime`"
    gone = [path for path in paths_in(text) if not list(ROOT.glob(path))]
    assert gone == ["handlers/deciding.py", "handlers.runtime"]
    assert [name for path, name in names_in(text) if not is_defined(ROOT / path, name)] == ["Nothing"]


def test_decisions_are_numbered_one_after_the_other() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    assert all(page.read_text("utf-8").startswith(f"# {int(page.name[:4])}. ") for page in pages)


DIRECT = {
    "services/telling.py": "the rule",
    "services/installations.py": "answers whoever installed it",
    "services/access.py": "answers a form",
    "services/exports.py": "answers a command",
    "services/imports.py": "answers a file",
    "services/drafts/starting.py": "answers a button",
    "services/drafts/offers.py": "answers a file or a message",
    "services/strategies.py": "answers a form, and speaks to the channel",
    "services/notes/messages.py": "answers a message",
    "services/troubles.py": "answers whoever wanted a file",
    "services/prompts/asking.py": "at the time a lead chose",
    "services/prompts/reminders.py": "asks the same rule of the hours itself",
    "services/outdated.py": "planned by the same rule",
    "services/decisions/asks.py": "planned by the same rule, and answers a form",
    "services/decisions/moving.py": "answers whoever moved it",
    "services/decisions/defaults.py": "planned by the same rule",
    "services/reviews/closing.py": "planned by the same rule, and speaks to the channel",
    "services/people.py": "speaks to the channel",
    "services/threads.py": "speaks to the channel",
    "services/digests.py": "speaks to the channel",
}
"""Who posts without asking `services.telling` whether it is the receiver's working time, and why they may."""


def test_whoever_tells_people_what_they_did_not_ask_for_keeps_to_their_working_time() -> None:
    posts = re.compile(r"outbox\.enqueue_posts?\(")
    assert {one for one in modules("services") if posts.search((ROOT / one).read_text("utf-8"))} <= set(
        DIRECT
    )
