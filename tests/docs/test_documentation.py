"""What the README and the guides say is there, and what is there they say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.config import Settings
from bot.routes import all_routes
from tests.faults.kinds import ROWS
from tests.faults.table import read_page

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
PICTURES = sorted(path.name for path in (ROOT / "docs" / "pictures").glob("*.png"))
TAKEN = (ROOT / "docs" / "make_pictures.py").read_text(encoding="utf-8")
MARKDOWN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = ("bot", "demo", "domain", "handlers", "sandbox", "services", "storage", "views")
_LINK = re.compile(r"\]\((?P<to>[^)\s]+)\)|src=\"(?P<src>[^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def subcommands() -> Iterator[str]:
    for command, found in all_routes().commands.items():
        for subcommand in found:
            yield f"{command} {subcommand.name}".strip()
            yield f"{command} {subcommand.name} {subcommand.usage}".replace("  ", " ").strip()


@pytest.mark.parametrize("command", sorted(set(subcommands())))
def test_the_readme_explains_every_command(command: str) -> None:
    assert re.search(rf"`{re.escape(command)}[` ]", README)


@pytest.mark.parametrize("setting", sorted(str(f.validation_alias) for f in Settings.model_fields.values()))
def test_the_readme_lists_every_setting(setting: str) -> None:
    assert f"| `{setting}` |" in README


def test_the_readme_lists_no_setting_that_is_not_there() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert listed == {field.validation_alias for field in Settings.model_fields.values()}


@pytest.mark.parametrize("command", sorted(typer.main.get_command(app).commands))  # type: ignore[attr-defined]
def test_the_operating_guide_explains_every_command_of_the_command_line(command: str) -> None:
    assert re.search(rf"^\| `drumbeat {command}\b", GUIDE, re.MULTILINE)


_LOGGED = re.compile(r"\blog\.(?:info|warning|error)\(\s*\"(\w+)\"")


def test_the_operating_guide_explains_the_log_events_that_the_code_writes() -> None:
    code = "".join(path.read_text(encoding="utf-8") for part in CODE for path in (ROOT / part).rglob("*.py"))
    table = GUIDE.split("## Logs")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", table, re.MULTILINE)
    events = [event for row in rows for event in re.findall(r"\w+", row) if event != "event"]
    assert len(events) > 5
    assert [event for event in events if f'"{event}"' not in code] == []
    assert {event for event in _LOGGED.findall(code.replace("_log.", "log.")) if event not in events} == set()


@pytest.mark.parametrize("target", ["demo", "demo-story", "demo-reset", "run", "test", "check", "bench"])
def test_what_the_readme_says_to_make_can_be_made(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_taken_and_shown(name: str) -> None:
    """That what is shown is there, `test_links_lead_somewhere` says."""
    assert f'"{name.replace("-phone", "")}"' in TAKEN
    shown = README + (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
    assert f"pictures/{name}" in shown


def test_the_table_of_faults_has_a_row_for_every_kind_and_database_of_the_suite_and_none_lost_or_doubled() -> (
    None
):
    found = read_page((ROOT / "docs" / "faults.md").read_text(encoding="utf-8"))
    assert list(found) == ROWS
    assert [one for one in found.values() if one.times < 1 or one.lost or one.doubled] == []


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    broken = [to for to in links(page) if not leads_somewhere(page, to)]
    assert broken == []


def links(page: Path) -> Iterator[str]:
    for match in _LINK.finditer(page.read_text(encoding="utf-8")):
        to = match["to"] or match["src"]
        if not to.startswith(("http:", "https:", "mailto:")):
            yield to


def leads_somewhere(page: Path, to: str) -> bool:
    path, _, anchor = to.partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return False
    return not anchor or anchor in {slug(heading) for heading in _HEADING.findall(target.read_text("utf-8"))}


def slug(heading: str) -> str:
    """As GitHub makes anchors of headings."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_a_link_to_nowhere_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One thing\n[here](#one-thing) [there](#another) [gone](gone.md)", encoding="utf-8")
    assert [to for to in links(page) if not leads_somewhere(page, to)] == ["#another", "gone.md"]


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda lock: lock.name)
def test_lock_files_pin_by_hash_and_name_no_download_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z0-9].*$", text, re.MULTILINE)
    assert packages
    assert all("==" in package for package in packages)
    assert text.count("--hash=sha256:") >= len(packages)
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links", text)


def test_nothing_needs_what_lies_beside_the_checkout() -> None:
    beside = (Path("..") / "shared").as_posix()
    kept = [ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / "manifest.yml", *MARKDOWN]
    kept += [path for part in (*CODE, "tests", "bench") for path in (ROOT / part).rglob("*.py")]
    kept += list((ROOT / "docs").rglob("*.py"))
    assert [path for path in kept if beside in path.read_text(encoding="utf-8")] == []
