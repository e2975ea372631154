"""Reading metric values out of words: only a number that stands beside its metric's name, and only a level.

Changes ("+50", "50 more"), targets, dates, hopes and last week's figures are not readings; they are left alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.reading.metric_names import CURRENCY, UNIT_OF, MetricName, metric_names, stem, stems, unit_kind
from domain.reading.numbers import read_number
from domain.reading.text import is_open, listed, sentences

_MONTHS = listed("january february march april may june july august september october november december sept")
_MONTH_WORDS = _MONTHS | {name[:3] for name in _MONTHS}
_TOKEN = re.compile(
    rf"""(?P<number>(?P<sign>[{CURRENCY}])?\s?
      (?P<digits>\d{{1,3}}(?:[ ]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*)(?P<times>(?:k|mn?|bn)(?![^\W_]))?
      (?:(?P<unit>\s?%|\s?[{CURRENCY}]|(?:percent|pct|h|hrs?|hours?|mins?|minutes?|d|days?|weeks?|months?)(?![^\W_])))?)
    |(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)|(?P<joint>(?<=[^\W\d_])-(?=[^\W\d_]))|(?P<arrow>→|⇒|->|=>)|(?P<mark>[^\s\w])""",
    re.VERBOSE | re.IGNORECASE,
)
_CLAUSE = re.compile(
    r",(?!\d)|[;()|!.?\n](?=\s|\Z)|\((?!\s?[\d$£€])|\)|\s[-–—]\s(?!\s*[\d$£€])|…"
    r"|\s(?=(?:but|versus|vs\.?|compared|against|while|whereas|up\s+from|down\s+from)\b)"
    r"|(?<![\d%kKmM])\s(?=(?:and|with)\b)|\s&\s",
    re.IGNORECASE,
)
_LONGEST_CLAUSE = 500  # characters; what goes on for longer without a pause states nothing plainly
# Between a number and its name, or before a name: words that do not change what is counted.
_BESIDE = listed(
    """
    * _ ~
    the our total current currently of overall now have has had we we're we've i it it's its is are
    at so far and on track risk off today still also list update status with for email about around
    roughly circa approximately ca some there they my reached hit reading metric metrics numbers
    number count stands stand sits sit ok okay hi hello all good morning
    """
)
_LINKS = listed(
    """
    * _
    is are at now currently stand stands sit sits reached hit count total of around about roughly
    circa ca approximately today = : - – — ~ ≈ ( it's its we're to from has have reading equals
    overall
    """
)
_MOVES = listed(
    """
    up down grew grown rose risen went gone fell dropped climbed increased decreased improved moved
    came jumped slipped crept
    """
)
# Any of these in the clause, and the number is a change, a target, a bound, a hope, a denial or the past.
_NOT_A_LEVEL = listed(
    """
    more fewer less extra additional another new net up down plus minus add added adding gain gained
    lose lost losing grew grown growth growing increase increased decrease decreased rose risen fell
    dropped drop climbed jumped joined left leave short away behind ahead missing remaining remain
    per each every got won signed brought unsubscribed churned improved slipped moved went crept
    target targets targeted goal goals aim aims aiming budget plan plans planned planning forecast
    expect expects expected expecting need needs needed want wants wanted should would could will
    won't might may hope hopes hoping hopefully maybe perhaps probably possibly if unless let's
    promised projected projection estimate estimated pledged must toward towards almost nearly over
    under than least most between below above approaching close near nearing beyond exceed exceeds
    exceeded past before until till by ago was were had previously formerly last earlier yesterday
    used baseline previous prior started start vs versus compared against or not isn't aren't wasn't
    weren't don't doesn't didn't haven't hasn't no never none nothing cannot can't without yet 'll
    we'll i'll it'll they'll going gonna soon tomorrow next week month year half quarter third
    double twice triple out failed wrong bogus fake guess typo mistake instead
    """
)
_AFTER_NAME = re.compile(
    r"\s*(?:\Z|[^\w\s'’/+-]|(?<=\s)\d|(?:so\s+far|now|today|in\s+(?:total|all)|total|overall|currently|already|as\s+of|at\s+the\s+moment"
    r"|on\s+track|at\s+risk|off\s+track|waiting|blocked|stuck|and|but|again|still|which|because|since|with)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MetricReading:
    """`metric` is a position in the metrics asked about; `start` where the number stands."""

    metric: int
    value: Decimal
    start: int


@dataclass(frozen=True, slots=True)
class _Item:
    """One number, metric name, word or mark of a clause. A number that cannot be a level has no value."""

    kind: str
    start: int
    end: int
    word: str = ""
    value: Decimal | None = None
    unit: str = ""
    metric: int = -1
    whole: bool = False


class MetricReader:
    """Reads values for the metrics of one initiative, each given as (name, unit)."""

    def __init__(self, metrics: Sequence[tuple[str, str]], beside: str = "") -> None:
        """`beside`: the initiative's name, whose words may stand between a number and its metric."""
        self._units = [unit_kind(unit) for _, unit in metrics]
        self._names: dict[str, list[MetricName]] = {}
        for name in metric_names(metrics):
            self._names.setdefault(name.words[0], []).append(name)
        self._beside = _BESIDE | set(stems(beside))
        self._before = (self._beside | _LINKS) - {"of", "for"}

    def read(self, text: str) -> list[MetricReading]:
        """Every reading in a person's own words (see `own_words`)."""
        found: list[MetricReading] = []
        for start, end in sentences(text):
            if is_open(text[start:end]) or not re.search(r"\d", text[start:end]):
                continue
            for first, last in _clauses(text, start, end):
                found += self._read_clause(text, first, last)
        return found

    def _read_clause(self, text: str, start: int, end: int) -> list[MetricReading]:
        if end - start > _LONGEST_CLAUSE:
            return []
        items = self._with_names(list(_items(text, start, end)))
        marked = [item.kind for item in items if item.kind in ("number", "name")]
        if "number" not in marked:
            return []
        if "name" not in marked:
            return self._bare(items)
        pairs = self._number_first(items, text, end) if marked[0] == "number" else self._name_first(items)
        used = {position for _, _, positions in pairs for position in positions}
        doubtful = any(
            item.word in _NOT_A_LEVEL for i, item in enumerate(items) if item.kind == "word" and i not in used
        )
        return (
            [] if doubtful else [MetricReading(metric, value, start) for (metric, start), value, _ in pairs]
        )

    def _with_names(self, items: list[_Item]) -> list[_Item]:
        named: list[_Item] = []
        i = 0
        while i < len(items):
            beginning_so = self._names.get(stem(items[i].word), ())
            name = next((name for name in beginning_so if self._stands_at(name, items, i)), None)
            if name is None:
                _append_with_unit(named, items[i])
                i += 1
                continue
            last = items[i + len(name.words) - 1]
            named.append(_Item("name", items[i].start, last.end, metric=name.metric, whole=name.whole))
            i += len(name.words)
        return named

    @staticmethod
    def _stands_at(name: MetricName, items: list[_Item], i: int) -> bool:
        there = items[i : i + len(name.words)]
        return len(there) == len(name.words) and all(
            item.kind == "word" and stem(item.word) == word
            for item, word in zip(there, name.words, strict=True)
        )

    def _number_first(
        self, items: list[_Item], text: str, end: int
    ) -> list[tuple[tuple[int, int], Decimal, set[int]]]:
        pairs = []
        for i, item in enumerate(items):
            j = i + 1
            while item.kind == "number" and j < len(items) and items[j].word in self._beside:
                j += 1
            if item.kind != "number" or j >= len(items) or items[j].kind != "name":
                continue
            led_by = _lead(items, i)
            if item.value is None or led_by is None or not self._fits(item, items[j]):
                continue
            if self._is_led_plainly(items, i, led_by) and _AFTER_NAME.match(text, items[j].end, end):
                pairs.append(((items[j].metric, item.start), item.value, led_by))
        return pairs

    def _is_led_plainly(self, items: list[_Item], i: int, led_by: set[int]) -> bool:
        """Not "interviewed 12 subscribers": the words before the number say nothing else."""
        for j in range(i - 1, -1, -1):
            if items[j].kind == "name" or (items[j].kind == "number" and j + 1 not in led_by):
                return True
            plain = items[j].word in self._before
            if items[j].kind == "word" and j not in led_by and not plain:
                return False
        return True

    def _name_first(self, items: list[_Item]) -> list[tuple[tuple[int, int], Decimal, set[int]]]:
        pairs = []
        for i, item in enumerate(items):
            if item.kind != "name" or (
                i and items[i - 1].kind == "word" and items[i - 1].word not in self._beside
            ):
                continue
            j = i + 1
            while j < len(items) and (items[j].word in _LINKS or items[j].word in _MOVES):
                j += 1
            if j >= len(items) or items[j].kind != "number":
                continue
            last = _end_of_change(items, j)
            value = items[last].value
            links = [link.word for link in items[i + 1 : j]]
            if value is None or not _is_level(links, changed=last != j) or not self._fits(items[last], item):
                continue
            pairs.append(((item.metric, items[last].start), value, set(range(i + 1, last))))
        return pairs

    def _bare(self, items: list[_Item]) -> list[MetricReading]:
        """`on track, 3.5 %`: a number alone, in the unit of the only metric."""
        numbers = [item for item in items if item.kind == "number"]
        if (
            len(self._units) != 1
            or len(numbers) != 1
            or not self._units[0]
            or numbers[0].unit != self._units[0]
        ):
            return []
        others = [item.word for item in items if item.kind != "number" and item.word not in ".:,!*~"]
        value = numbers[0].value
        plain = all(word in self._beside for word in others)
        return [MetricReading(0, value, numbers[0].start)] if plain and value is not None else []

    def _fits(self, number: _Item, name: _Item) -> bool:
        unit = self._units[name.metric]
        return number.unit == unit or (not number.unit and name.whole)


def agreed(readings: Sequence[MetricReading]) -> dict[int, Decimal]:
    """One value a metric; two different ones cancel each other."""
    values: dict[int, set[Decimal]] = {}
    for reading in readings:
        values.setdefault(reading.metric, set()).add(reading.value)
    return {metric: found.pop() for metric, found in values.items() if len(found) == 1}


def _append_with_unit(items: list[_Item], item: _Item) -> None:
    """Append, or give a number before it the unit that stands apart: `30 h`."""
    last = items[-1] if items else None
    if last and last.kind == "number" and not last.unit and item.kind == "word" and item.word in UNIT_OF:
        items[-1] = replace(last, unit=UNIT_OF[item.word], end=item.end)
    else:
        items.append(item)


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for edge in _CLAUSE.finditer(text, start, end):
        yield begin, edge.start()
        begin = edge.end()
    yield begin, end


def _items(text: str, start: int, end: int) -> Iterator[_Item]:
    before = ""
    for match in _TOKEN.finditer(text, start, end):
        if match["number"]:
            yield _Item(
                "number",
                match.start("digits"),
                match.end(),
                value=_level(text, match, before),
                unit=_unit(match),
            )
        elif match["joint"]:
            continue
        elif match["word"]:
            yield _Item("word", match.start(), match.end(), word=match[0].lower())
        else:
            yield _Item("mark", match.start(), match.end(), word="→" if match["arrow"] else match[0])
        before = match[0].lower().strip()


def _unit(match: re.Match[str]) -> str:
    written = (match["sign"] or match["unit"] or "").strip().lower()
    return UNIT_OF.get(written, written)


def _level(text: str, match: re.Match[str], before: str) -> Decimal | None:
    """The value of a number that stands by itself; None for dates, changes, times, versions and unclear separators."""
    first = match.start("sign") if match["sign"] else match.start("digits")
    left = text[max(0, first - 2) : first]
    right = text[match.end() : match.end() + 12]
    glued = left[-1:] and (
        left[-1].isalnum() or left[-1] in "+-−–<>#@/\\._^*×'" or re.fullmatch(r"\d:", left)
    )
    if glued and left not in ("->", "=>") and not re.fullmatch(r"(?:\W|\A)[*_]", left):
        return None
    if re.match(r"[^\W_]|\+|\s?[×x]\b|[-–/:]\s?\d|\s?/|[-–][a-z]|\s?\+", right, re.IGNORECASE):
        return None
    following = re.match(r"\s*(?:of\s+)?([a-z]+)", right, re.IGNORECASE)
    if (following and following[1].lower() in _MONTH_WORDS) or _is_dated(match["digits"], before):
        return None
    if re.fullmatch(r"\d{1,3}\.\d{3}", match["digits"]):  # 4.650: thousands or decimals?
        return None
    try:
        return read_number(match["digits"] + (match["times"] or ""))
    except ValueError:
        return None


def _is_dated(digits: str, before: str) -> bool:
    if before in _MONTH_WORDS:
        return re.fullmatch(r"\d{1,2}|\d{4}", digits) is not None
    if before in ("in", "since", "by", "of", "until", "for", "year"):
        return re.fullmatch(r"(?:19|20)\d\d", digits) is not None
    return before in (
        "week",
        "day",
        "phase",
        "version",
        "step",
        "part",
        "round",
        "no",
        "level",
        "v",
        "w",
        "q",
        "h",
        "#",
    )


def _lead(items: list[_Item], i: int) -> set[int] | None:
    """Positions of the words that lead to a number before its name; None where they make it no level."""
    before = [item.word if item.kind != "number" else "#" for item in items[max(0, i - 3) : i]]
    if before[-2:-1] == ["#"] and before[-1] in ("of", "/", "and", "or", "-", "–"):
        return None
    if not before or before[-1] not in ("to", "→", "from", "#"):
        return set()
    if before[-1] == "→" and before[-2:-1] == ["#"]:
        return {i - 1}
    if before[-1] == "to" and before[-3:-1] == ["from", "#"]:
        moved = {i - 4} if i >= 4 and items[i - 4].word in _MOVES else set()
        return {i - 1, i - 3} | moved
    if before[-1] == "to" and before[-2:-1] and before[-2] in _MOVES - {"up", "down"}:
        return {i - 1, i - 2}
    return None


def _end_of_change(items: list[_Item], j: int) -> int:
    """From the first number of `4,200 → 4,650` (or: to) to the last."""
    while j + 2 < len(items) and items[j + 1].word in ("→", "to") and items[j + 2].kind == "number":
        j += 2
    return j


def _is_level(links: list[str], *, changed: bool) -> bool:
    if "from" in links:
        return changed and links[-1] == "from"
    if any(link in _MOVES for link in links) or "to" in links:
        return links[-1] == "to" and any(link in _MOVES for link in links) and not changed
    return True
