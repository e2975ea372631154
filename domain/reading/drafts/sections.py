"""Lines of a pasted plan before they are read: bullets, headings, and what a heading or first word makes of a line."""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.reading.drafts.headers import folded
from domain.reading.drafts.pieces import tidy, without_marks
from domain.reading.month_names import month_number


class PlanKind(StrEnum):
    """What a line of a plan is; OTHER are notes, risks and the like."""

    INITIATIVE = "initiative"
    KPI = "kpi"
    MILESTONE = "milestone"
    GOAL = "goal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the text: `text` without its bullet, `level` of a heading (1 is the highest), 0 for none."""

    raw: str
    text: str
    indent: int
    level: int = 0
    is_bullet: bool = False
    is_done: bool = False


_BULLET = re.compile(
    r"(?P<mark>[-*+•◦▪▫‣⁃·○●■–—](?=\s)|\(?\d{1,2}(?:\.\d{1,2})*[.)](?=\s)|[a-z][.)](?=\s)|(?=\[[ xX✓]?\]))\s*(?P<box>\[(?P<tick>[ xX✓]?)\]\s*)?"
)
_NESTED = {"◦": 1, "○": 1, "▪": 2, "▫": 2, "■": 2}
_CHECKED = re.compile(r"(?::white_check_mark:|:heavy_check_mark:|✅|☑️?|✔️?)\s*")
_HASHES = re.compile(r"(?P<hashes>#{1,6})\s+(?P<text>.*?)\s*#*")
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s+")
_BOLD_LINE = re.compile(r"(?:\*\*|__)(?P<text>[^*]+)(?:\*\*|__):?|\*(?P<once>[^*]+)\*:?")
_BOLD, _COLON, _PLAIN = 7, 8, 9
_SECTIONS = {
    PlanKind.INITIATIVE: "initiative|initiatives|project|projects|campaign|campaigns|activities|workstreams|big bets|bets"
    "|priorities|rocks|action items|programmes|programs|tactics|initiativen|maßnahmen|massnahmen|projekte|kampagnen|aktivitäten|vorhaben",
    PlanKind.KPI: "kpi|kpis|metric|metrics|success metrics|key metrics|key results|krs|measures|key performance indicators"
    "|kennzahlen|messgrößen|metriken|numbers|scorecard",
    PlanKind.MILESTONE: "milestone|milestones|key dates|meilensteine|termine|deliverables",
    PlanKind.GOAL: "goal|goals|objective|objectives|outcome|outcomes|ziele|zielsetzung|targets",
    PlanKind.OTHER: "notes|note|risks|risk|risks and assumptions|open questions|questions|dependencies|assumptions|background"
    "|context|audience|target audience|budget|next steps|parking lot|out of scope|backlog|ideas|notizen|risiken|offene fragen"
    "|zielgruppe|hintergrund|ideen|why|core message|rituals|meetings|team|links|agenda|summary|ignore|done",
}
_SECTION_OF = {word: kind for kind, words in _SECTIONS.items() for word in words.split("|")}
_FILLER = re.compile(
    r"\b(?:our|the|key|main|top|marketing|team|strategic|planned|quarterly|annual|active|current|unsere|die|wichtigste|for|für|of|this|next|quarter|quartal"
    r"|q[1-4]|h[12]|20\d\d|\d|five|three|four|six|we track|to track|and their owners|with owners)\b"
)
_PREFIX = re.compile(
    r"""(?:(?P<kpi>kpis?|key\smetrics?|key\sresult|kennzahl|metrik|metric|kr(?=\s?\d))|(?P<milestone>(?:milestone|meilenstein)(?!\s(?:review|planning|meeting|tracker|workshop|report|party|check|plan)\b))
    |(?P<goal>goal|objective|outcome|ziel|o(?=\d))|(?P<initiative>initiative|project|projekt|campaign|kampagne|maßnahme))
    \s*(?P<number>\#?\d{1,2}(?![\d/]))?\s*(?P<colon>[:.)]|\s[–—-](?=\s))?\s+(?P<rest>\S.*)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_TABS = 4


def row_of(line: str) -> Row | None:
    """None for a line with nothing on it."""
    expanded = line.expandtabs(_TABS) if line[:1].isspace() else line
    text = expanded.strip()
    if not text or re.fullmatch(r"[-=_*#\s]{3,}", text):
        return None
    indent = len(expanded) - len(expanded.lstrip())
    if found := _HASHES.fullmatch(text):
        heading = _NUMBERED.sub("", without_marks(found["text"]))
        return Row(line.strip(), heading, 0, len(found["hashes"]))
    if found := _BOLD_LINE.fullmatch(text):
        return Row(line.strip(), (found["text"] or found["once"]).strip(" :"), indent, _BOLD)
    bullet = _BULLET.match(text)
    is_bullet = bullet is not None and not _is_date(text)
    is_done = False
    if is_bullet and bullet:
        text = text[bullet.end() :]
        is_done = (bullet["tick"] or " ") != " "
        indent += 2 * _NESTED.get(bullet["mark"], 0)
    if found := _CHECKED.match(text):
        text, is_done = text[found.end() :], True
    level = _COLON if without_marks(text).endswith(":") else 0
    return Row(line.strip(), text, indent, level, is_bullet, is_done)


def _is_date(text: str) -> bool:
    """Whether it begins with a date rather than the number of a list: "31. März", "3. Quartal"."""
    found = re.match(r"\d{1,2}\.\s+([^\W\d_]+)", text)
    return found is not None and (month_number(found[1]) is not None or found[1].casefold() == "quartal")


def section_of(row: Row) -> tuple[PlanKind | None, int]:
    """What lines below a heading are, and its level; 0 where the line is none, or a bullet that may head others."""
    words = folded(row.text)
    bare = " ".join(_FILLER.sub(" ", words).split())
    kinds = {_SECTION_OF.get(part.strip()) for part in re.split(r"/|&|\s(?:and|und)\s", bare)}
    kind = _SECTION_OF.get(words) or _SECTION_OF.get(bare) or (kinds.pop() if len(kinds) == 1 else None)
    if row.level:
        return kind, row.level
    if row.is_bullet:
        return kind, 0
    return (kind, _PLAIN) if kind and len(words.split()) <= 6 else (None, 0)


def prefix_of(text: str) -> tuple[PlanKind | None, str, bool]:
    """What the first word makes of a line, the line without it, and whether that is beyond doubt ("KPI: …")."""
    text = without_marks(text).strip()
    found = _PREFIX.fullmatch(text)
    if found is None:
        return None, text, False
    kind = next(kind for kind in PlanKind if kind is not PlanKind.OTHER and found[kind.value])
    return kind, found["rest"].strip(), bool(found["colon"] or found["number"])


def is_key_result(text: str) -> bool:
    """Whether it is called a key result, which is a number or something to be done."""
    return (
        re.match(r"(?:kr|key\s+result)\b", without_marks(text).strip().replace("KR", "KR ", 1), re.IGNORECASE)
        is not None
    )


_PROSE = re.compile(
    r"(?:we|i|they|it|this|that|these|there|please|note|hi|hello|hey|dear|let'?s|if|as|because|since|once|although|our goal is|remember|don'?t|do not|need to"
    r"|wir|ich|sie|es|das|dies|bitte|hallo|wenn|falls|should|could|can|what|why|how|when|who|thanks|here|here's|maybe|perhaps|todo|nb|ps|fyi|total|summe|gesamt|subtotal)(?!\w)",
    re.IGNORECASE,
)
_MOST_WORDS = 12


def is_prose(text: str) -> bool:
    """A sentence, a question or a sum rather than a thing of a plan."""
    words = tidy(text)
    many = len(words.split())
    return bool(
        _PROSE.match(words)
        or words.endswith("?")
        or (many > _MOST_WORDS // 2 and re.search(r"[^\W\d_]{4,}[.!]$", words))
    )


def is_long(name: str) -> bool:
    return len(name.split()) > _MOST_WORDS


def is_title(text: str) -> bool:
    """Of the whole plan, rather than of a part of it."""
    return (
        re.search(
            r"\b(?:plan|strategy|okrs?|roadmap|quarter|q[1-4]|h[12]|strategie|quartal|overview)\b",
            text.casefold(),
        )
        is not None
    )
