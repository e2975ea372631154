"""A line of a plan taken to pieces: each is one thing said, or words that were not understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.drafts import DraftPartner, PlanField
from domain.reading.amounts import canonical_unit
from domain.reading.dates import Days
from domain.reading.drafts.figures import NUMBER, Figures, read_figures, read_limit, read_money
from domain.reading.drafts.headers import ASIDE, field_of, folded
from domain.reading.drafts.persons import find_persons
from domain.reading.drafts.values import CADENCES, Value, read_value
from domain.reading.drafts.whens import find_whens
from domain.reading.markup import plain_text


@dataclass(frozen=True, slots=True)
class PlanPart:
    """`field` is None for words that say nothing known; `joint` is what stood before them, where that was a comma or dash.

    A joint of ";" says that they are no part of a name.
    """

    words: str
    field: PlanField | None = None
    value: Value | None = None
    joint: str = ""


_SPLIT = re.compile(
    r"(?P<comma>,\s+)|(?P<dash>\s+[–—-]{1,2}\s+)|\s*[;|\t·•]\s*|\s+(?=(?:→|->|=>|➔)\s*(?![A-Z]{3}\s?\d)[^\W\d_])",
    re.VERBOSE,
)
_NUMERIC = re.compile(r"[$£€]?\d[\d.,]*\s?[kKm%€]?$")
_PAREN = re.compile(r"[(\[](?P<inside>[^()\[\]]*)[)\]]")
_LINK = re.compile(r"\[(?P<label>[^\[\]]+)\]\((?P<url>https?://[^)\s]+)\)|(?P<bare>https?://\S+)")
_STRUCK = re.compile(r"~~(?P<twice>[^~]+)~~|~(?<![\w~]~)(?P<once>[^\s~][^~]*)~(?!\w)")
_BOLD = re.compile(
    r"\*\*|__|\*(?<![\w*]\*)(?=\S)|\*(?<=\S\*)(?![\w*])|_(?<!\w_)(?=[^\s_])|_(?<=[^\s_]_)(?!\w)|`"
)
"""Each begins with its sign, so that words without one are passed over at once."""
_LABEL = re.compile(r"(?P<label>[^\W\d_][^:=\d]{0,40}?)\s*[:=]\s*(?P<value>.*)", re.DOTALL)
_BARE_LABEL = re.compile(
    r"(?P<label>budget|owner|sponsor|target|baseline|currently|current|now|today|(?:for\s+)?goal(?=\s+#?\d)|serves|supports|authority|status|priority|prio)\s+(?P<value>.+)",
    re.IGNORECASE | re.DOTALL,
)
_DECIDES = re.compile(
    r"(?:(?:may|can|will|free\s+to)\s+)?(?:decides?|entscheidet|darf\s+entscheiden)(?:\s+(?:on|about|over|[üu]ber|alone))?\s*:?\s+(?P<what>.+)",
    re.IGNORECASE | re.DOTALL,
)
_CADENCE_AT_END = re.compile(rf"\s+(?P<cadence>{'|'.join(CADENCES)})$", re.IGNORECASE)
_CADENCE_FIRST = re.compile(rf"(?P<cadence>{'|'.join(CADENCES)})\s+(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)
_ANNOTATION = re.compile(
    r"(?:done|draft|optional|ongoing|urgent|blocked|high|medium|low|planned|new)|"
    r"(?:tbd|tbc|tba|wip|asap|stretch|nice to have|must have|in progress|not started|on track|at risk|off track|owner|no owner|high priority|low priority|p[0-4])(?!\w).*",
    re.IGNORECASE | re.DOTALL,
)
"""What is said about a thing; "New website" and "Planned giving" are things."""
_UNCLEAR = re.compile(
    rf"(?P<name>[^\d:]{{2,80}}?)\s+(?P<numbers>{NUMBER}\s*(?:→|->|=>|➔)\s*[<>≤≥~]?\s*{NUMBER}.*)", re.DOTALL
)
"""A number that moves, where from and to are not plain."""
_CHANGE = re.compile(
    rf"(?P<name>[^\d:]{{2,80}}?):?\s+(?P<numbers>(?!20\d\d$)(?:(?:up|down|by|plus|minus|to|from|[+−-])\s?)*{NUMBER}.*)",
    re.DOTALL | re.IGNORECASE,
)
"""How much a KPI is to change, from what nobody says."""
_KINDS_OF_NUMBER = {
    "count": "",
    "number": "",
    "currency": "",
    "ratio": "",
    "%": "%",
    "percent": "%",
    "anzahl": "",
} | {word: canonical_unit(word) for word in ("h", "hours", "min", "minutes", "days", "weeks", "months")}
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_SPACES = re.compile(r"[^\S\t]{2,}")
_MOST = 600
"""Characters of a line that is read; a longer one is no line of a plan."""


def read_pieces(text: str, today: date, *, is_kpi: bool = False) -> list[PlanPart]:
    """What a line says, in its order. Of a KPI limits are read too, and "to" between two numbers."""
    if len(text) > _MOST:
        return [PlanPart(text, joint=";")]
    pieces: list[PlanPart] = []
    for chunk, aside in _chunks(_SPACES.sub(" ", text)):
        if aside is None:
            pieces += _pieces(chunk, today, is_kpi=is_kpi, is_first=not pieces)
            continue
        inside = _pieces(aside, today, is_kpi=is_kpi, is_first=False)
        pieces += inside if inside and all(one.field for one in inside) else [PlanPart(chunk, joint=";")]
    return [_doubted(one, text) for one in pieces]


def _doubted(piece: PlanPart, line: str) -> PlanPart:
    """Unread where its day has no year and the line names a later one: "Giving Tuesday 2027 by 30 Nov"."""
    if piece.field not in (PlanField.DUE, PlanField.START) or not isinstance(piece.value, date):
        return piece
    years = [] if _YEAR.search(piece.words) else [int(year) for year in _YEAR.findall(line)]
    return PlanPart(piece.words, joint=";") if any(year > piece.value.year for year in years) else piece


def without_marks(text: str) -> str:
    """Without emphasis, as Slack and Markdown write it."""
    return _BOLD.sub("", text)


def tidy(text: str) -> str:
    return " ".join(text.split()).strip(' ,;:·|-–—"“”„')


def _chunks(text: str) -> Iterator[tuple[str, str | None]]:
    """The line without emphasis, cut at what stands apart: links, struck words, brackets that are no part of a name.

    Beside each of these what it holds, be it with brackets of its own; None beside the words between them.
    """
    plain: list[str] = []
    done = 0
    for found in sorted((*_LINK.finditer(text), *_STRUCK.finditer(text), *_PAREN.finditer(text)), key=_begin):
        if found.start() < done:
            continue
        plain.append(text[done : found.start()])
        done = found.end()
        groups = found.groupdict()
        if "inside" in groups and _is_of_name(groups["inside"] or ""):
            plain.append(found[0])
            continue
        if "label" in groups:
            plain.append(groups["label"] or "")
        yield without_marks("".join(plain)), None
        plain = []
        if "inside" in groups:
            yield found[0], groups["inside"] or ""
        else:
            apart = groups.get("url") or groups.get("bare") or groups.get("twice") or groups.get("once") or ""
            yield f"({apart})", apart
    yield without_marks("".join((*plain, text[done:]))), None


def _begin(found: re.Match[str]) -> int:
    return found.start()


def _is_of_name(inside: str) -> bool:
    """As in "Parents' desk (phone)": a word or two in brackets that name nobody and count nothing."""
    return re.fullmatch(r"\s*[a-zäöü][^\d@:,]*", inside) is not None and not _ANNOTATION.fullmatch(
        inside.strip()
    )


def _pieces(text: str, today: date, *, is_kpi: bool, is_first: bool) -> list[PlanPart]:
    pieces: list[PlanPart] = []
    done = 0
    for person in find_persons(text):
        pieces += _dated(text[done : person.begin], today, is_kpi=is_kpi, is_first=is_first and not pieces)
        words = plain_text(text[person.begin : person.end])
        value: Value = (
            DraftPartner(person.who, person.what) if person.field is PlanField.PARTNER else person.who
        )
        pieces.append(PlanPart(words, person.field, value))
        done = person.end
    return pieces + _dated(text[done:], today, is_kpi=is_kpi, is_first=is_first and not pieces)


def _dated(text: str, today: date, *, is_kpi: bool, is_first: bool) -> list[PlanPart]:
    pieces: list[PlanPart] = []
    done = 0
    for when in find_whens(text, today):
        pieces += _segments(text[done : when.begin], today, is_kpi=is_kpi, is_first=is_first and not pieces)
        pieces.append(_when(text[when.begin : when.end], when.start, when.due))
        done = when.end
    return pieces + _segments(text[done:], today, is_kpi=is_kpi, is_first=is_first and not pieces)


def _when(words: str, start: date | None, due: date | None) -> PlanPart:
    if start and due:
        return PlanPart(words, PlanField.DATES, Days(start, due))
    if start:
        return PlanPart(words, PlanField.START, start)
    return PlanPart(words, PlanField.DUE, due) if due else PlanPart(words, joint=";")


def _segments(text: str, today: date, *, is_kpi: bool, is_first: bool) -> list[PlanPart]:
    pieces: list[PlanPart] = []
    for words, joint in _split(text, is_kpi=is_kpi):
        if not tidy(words):
            continue
        found = _segment(words.strip(), today, joint, is_kpi=is_kpi, is_first=is_first and not pieces)
        before = pieces[-1] if pieces else None
        if found[0].field is None and joint.startswith(",") and before and _goes_on(before, words):
            pieces[-1] = PlanPart(
                f"{before.words}{joint}{words.strip()}", before.field, f"{before.value}{joint}{tidy(words)}"
            )
        else:
            pieces += found
    return pieces


def _goes_on(before: PlanPart, words: str) -> bool:
    """As in "decides subject, layout and send days", which is one thing."""
    return (
        before.field is PlanField.MAY_DECIDE
        and not re.search(r"[\d:]", words)
        and not _ANNOTATION.fullmatch(words.strip())
    )


def _split(text: str, *, is_kpi: bool) -> Iterator[tuple[str, str]]:
    done, joint = 0, ""
    for found in _SPLIT.finditer(text):
        if is_kpi and not found[0].strip():  # an arrow within a KPI's name: "MQL → SQL conversion"
            continue
        if found["dash"] and _is_range(text[done : found.start()], text[found.end() :]):
            continue
        yield text[done : found.start()], joint
        done, joint = found.end(), found["comma"] or found["dash"] or ""
    yield text[done:], joint


def _is_range(before: str, after: str) -> bool:
    """Whether a dash joins two numbers: "£4k – 6k" is one thing, "Phase 2 – £1,200" is two."""
    first, last = _NUMERIC.search(before[-20:]), re.match(r"[$£€]?\d", after)
    return bool(first and last and (last[0][0].isdigit() or not first[0][0].isdigit()))


def _segment(words: str, today: date, joint: str, *, is_kpi: bool, is_first: bool) -> list[PlanPart]:
    if plain := _one_thing(words, is_kpi=is_kpi):
        return [plain]
    often = _CADENCE_FIRST.fullmatch(words)
    if often and _BARE_LABEL.fullmatch(often["rest"]):
        said = PlanPart(often["cadence"], PlanField.CADENCE, CADENCES[often["cadence"].casefold()])
        return [said, *_segment(often["rest"], today, "", is_kpi=is_kpi, is_first=False)]
    label = _LABEL.fullmatch(words) or (None if is_first else _BARE_LABEL.fullmatch(words))
    known = _labelled(words, label, today) if label else None
    if known and (known[0].field or field_of(label["label"] if label else "") is not PlanField.BUDGET):
        return known
    if number := _number(words, is_kpi=is_kpi, is_first=is_first):
        return number
    if (
        is_first
        and label
        and known is None
        and (number := _number(label["value"], is_kpi=is_kpi, is_first=False))
    ):
        return [PlanPart(label["label"], joint=joint), *number]
    if known:
        return known
    if unclear := _UNCLEAR.fullmatch(words) or (_CHANGE.fullmatch(words) if is_kpi else None):
        return [PlanPart(unclear["name"], joint=joint), PlanPart(unclear["numbers"], joint=";")]
    return [PlanPart(words, joint=joint)]


def _one_thing(words: str, *, is_kpi: bool) -> PlanPart | None:
    """What is decided alone, an amount of money, how often, or of a KPI what is counted."""
    if found := _DECIDES.fullmatch(words):
        return PlanPart(words, PlanField.MAY_DECIDE, tidy(found["what"]))
    if money := read_money(tidy(words)):
        return PlanPart(words, PlanField.BUDGET, money)
    bare = tidy(words).casefold()
    if bare in CADENCES:
        return PlanPart(words, PlanField.CADENCE, CADENCES[bare])
    if is_kpi and bare in _KINDS_OF_NUMBER:
        return PlanPart(words, PlanField.UNIT, _KINDS_OF_NUMBER[bare])
    return None


def _number(words: str, *, is_kpi: bool, is_first: bool) -> list[PlanPart]:
    """A number with its name, and how often it is read where that stands after it."""
    at_end = _CADENCE_AT_END.search(words)
    counted = words[: at_end.start()] if at_end else words
    figures = _figures(counted, is_kpi=is_kpi, is_first=is_first)
    if figures is None:
        return []
    number = PlanPart(counted, PlanField.METRIC, figures)
    if at_end is None:
        return [number]
    return [number, PlanPart(at_end[0], PlanField.CADENCE, CADENCES[at_end["cadence"].casefold()])]


def _figures(words: str, *, is_kpi: bool, is_first: bool) -> Figures | None:
    words = words.strip(" ,.;")
    if found := read_figures(words, is_first=is_first and not is_kpi, is_kpi=is_kpi):
        return found
    return read_limit(words) if is_kpi else None


def _labelled(words: str, label: re.Match[str], today: date) -> list[PlanPart] | None:
    """What stands after a word such as "Budget:"; None where the word is none we know, and the whole may be a name."""
    if folded(label["label"]) in ASIDE:
        return [PlanPart(words, joint=";")]
    field = field_of(label["label"])
    if field is None or field in (PlanField.NAME, PlanField.KIND):
        return None
    value = read_value(field, label["value"], today)
    return [PlanPart(words, joint=";")] if value is None else [PlanPart(words, field, value)]


def is_annotation(words: str) -> bool:
    return _ANNOTATION.fullmatch(words.strip()) is not None


def is_labelled(text: str) -> bool:
    """Whether a line begins with a word such as "Budget:" or "Status:"."""
    found = _LABEL.fullmatch(without_marks(text))
    return found is not None and (folded(found["label"]) in ASIDE or field_of(found["label"]) is not None)
