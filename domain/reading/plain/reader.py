"""Reading a whole message: which statements stand, of what, and what was left as words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from domain.healths import Health
from domain.reading.names import fold
from domain.reading.plain import doubts
from domain.reading.plain.clauses import Clause
from domain.reading.plain.measures import Measurable, is_full, is_named, vocabulary, worth
from domain.reading.plain.parts import Sentence, sentence_of
from domain.reading.plain.said import HealthSaid, NumberSaid
from domain.reading.plain.statements import compares
from domain.reading.plain.tokens import FIGURE, NAME, Token
from domain.reading.plain.topics import Followed, Mention, Told, Topics
from domain.reading.text import Span, sentences

MOST_SENTENCES = 200
"""Of one message; what has more is no answer."""


@dataclass(slots=True)
class Findings:
    """`healths`: all that was said of each position, None where unclear; `numbers`: of each measure, by its index."""

    healths: dict[int, list[Health | None]] = field(default_factory=dict)
    numbers: dict[int, list[Decimal]] = field(default_factory=dict)
    unlikely: dict[int, list[Decimal]] = field(default_factory=dict)
    """Plainly said, but too far from what was last known, or beside words that may be a part of it: to be asked about."""
    repeats: set[int] = field(default_factory=set)
    """Positions said to be as last week."""
    mentions: list[Mention] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    """Where statements stand in the text."""
    left: list[str] = field(default_factory=list)
    """Numbers that were seen and stay words."""
    of_kpis: list[Span] = field(default_factory=list)
    """Sentences that say a KPI's level and nothing else, with greetings where there is nothing but these."""


def read_plainly(
    said: str, names: Sequence[str], asked: int, measures: Sequence[Measurable], fallback: tuple[int, ...]
) -> Findings | None:
    """What a person's own words (see `own_words`) say of initiatives, known by the positions of their `names`.

    None of more sentences than any answer has.

    The first `asked` of them may be answered for; `fallback` are those that a statement without a subject is about.
    """
    spans = list(islice(sentences(said), MOST_SENTENCES + 1))
    if len(spans) > MOST_SENTENCES:
        return None
    reading = _Reading(said, measures, tuple(range(asked)))
    known = vocabulary(names, measures)
    found = [sentence_of(said, span, known) for span in spans]
    topics = Topics(tuple(range(asked)), fallback)
    for at, sentence in enumerate(found):
        if at and _is_parted(said, spans[at - 1], spans[at]):
            topics.part()
        following = found[at + 1] if at + 1 < len(found) else None
        reading.take(sentence, topics.follow(sentence), following, spans[at])
    idle = [span for span, sentence in zip(spans, found, strict=True) if _is_idle(sentence)]
    if reading.read.of_kpis and len(reading.read.of_kpis) + len(idle) == len(spans):
        reading.read.of_kpis = spans
    reading.read.mentions = topics.mentions + reading.read.mentions
    return reading.finish()


def _is_idle(sentence: Sentence) -> bool:
    """A greeting, thanks."""
    return bool(sentence.parts) and all(
        part.label is None and not part.parsed.said and doubts.is_nothing(part.clause)
        for part in sentence.parts
    )


def _is_parted(said: str, one: Span, other: Span) -> bool:
    """Whether an empty line stands between two sentences."""
    end = one[0] + len(said[slice(*one)].rstrip())
    begin = other[1] - len(said[slice(*other)].lstrip())
    return said[end:begin].replace(" ", "").count("\n") > 1


class _Reading:
    def __init__(self, said: str, measures: Sequence[Measurable], asked: tuple[int, ...]) -> None:
        self._said = said
        self._measures = measures
        self._asked = asked
        self.read = Findings()
        self._figures: dict[tuple[bool, int], list[tuple[Decimal, Span]]] = {}
        """What was said of each measure, likely or not, and where."""
        self._unsure: list[tuple[int, Decimal, Span]] = []
        """The same of what stands beside words that may be a part of it."""

    def take(self, sentence: Sentence, followed: Followed, following: Sentence | None, span: Span) -> None:
        is_clear = not sentence.is_open and not (following and _comments(following, doubts.retracts))
        is_corrected = following is not None and any(doubts.corrects(one.clause) for one in following.parts)
        is_doubted = following is not None and _comments(following, doubts.questions_number)
        used: list[Span] = []
        for told in followed.told:
            if isinstance(told.said, HealthSaid):
                clear = is_clear and not told.is_unclear and self._stands(told, told.said, sentence, followed)
                self._take_health(told.said, told.about, is_clear=clear)
            elif is_clear and not is_corrected and self._is_level(told, sentence, followed):
                is_sure = not (is_doubted or self._is_unsettled(told, told.said, sentence, followed))
                used += self._take_number(told, told.said, is_sure=is_sure)
        self._take_unclear(sentence, followed)
        if self._is_of_kpis(sentence, followed, used):
            self.read.of_kpis.append(span)
        self.read.left += self._left(sentence, used, followed)

    def finish(self) -> Findings:
        """Two values of one number cancel each other: both stay words."""
        self._take_unsure()
        for found in self._figures.values():
            if len({value for value, _ in found}) > 1:
                self.read.left += [self._said[slice(*span)].strip() for _, span in found]
        self.read.taken.sort()
        return self.read

    def _is_of_kpis(self, sentence: Sentence, followed: Followed, used: Sequence[Span]) -> bool:
        numbers = [told.said for told in followed.told if isinstance(told.said, NumberSaid)]
        are_kpis = all(
            said.span in used and all(self._measures[name.metric].owner is None for name in said.metrics)
            for said in numbers
        )
        says_more = any(
            not (doubts.is_nothing(rest) or compares(rest.tokens)) for _, rest in _others(sentence, followed)
        )
        return bool(numbers) and len(numbers) == len(followed.told) and are_kpis and not says_more

    def _stands(self, told: Told, said: HealthSaid, sentence: Sentence, followed: Followed) -> bool:
        label = followed.labels[told.part]
        if (label and (label.is_aside or label.is_foreign)) or doubts.faces_disagree(
            sentence.faces, said.health
        ):
            return False
        if said.is_colour and doubts.has_other_colours(sentence.tokens):
            return False
        return not any(
            doubts.unsettles_health(clause, said.health) for _, clause in _others(sentence, followed)
        )

    def _is_level(self, told: Told, sentence: Sentence, followed: Followed) -> bool:
        """Said in earnest, here, and not taken back."""
        label = followed.labels[told.part]
        if (label and (label.is_aside or label.is_foreign)) or doubts.faces_disagree(sentence.faces, None):
            return False
        return not any(
            at > told.part and doubts.corrects(clause) for at, clause in _others(sentence, followed)
        )

    def _is_unsettled(self, told: Told, said: NumberSaid, sentence: Sentence, followed: Followed) -> bool:
        """Whether what stands beside it may be a part of what is said of it: then it is asked about."""
        return any(
            abs(at - told.part) <= 1 and doubts.unsettles_number(clause, said.figure.unit)
            for at, clause in _others(sentence, followed)
        )

    def _take_health(self, said: HealthSaid, about: tuple[int, ...] | None, *, is_clear: bool) -> None:
        for position in self._asked if about is None else about:
            is_known = is_clear and about is not None
            if said.health is None and is_known:
                self.read.repeats.add(position)
            else:
                self.read.healths.setdefault(position, []).append(said.health if is_known else None)
        if about and is_clear:
            self.read.taken.append(said.start)
            if said.subject.is_everything or said.subject.is_rest:
                self.read.mentions.append(Mention(said.start, said.start + 1, about))

    def _take_number(self, told: Told, said: NumberSaid, *, is_sure: bool) -> list[Span]:
        """Where the number stands, if it is recorded, or asked about."""
        about = told.about or ()
        options = [
            name
            for name in said.metrics
            if is_named(name, self._measures[name.metric])
            and (not about or self._measures[name.metric].owner in (None, *about))
        ]
        options = [one for one in options if is_full(one, self._measures[one.metric])] or options
        measures = [self._measures[name.metric] for name in options]
        owners = [measure.owner for measure in measures if measure.owner is not None]
        if len({fold(measure.name) for measure in measures}) != 1 or len(owners) > 1 or len(options) > 2:
            return []
        values = [worth(said.figure, name, measure) for name, measure in zip(options, measures, strict=True)]
        for name, value in zip(options, values, strict=True):
            if value is not None:
                if is_sure:
                    self._take_value(name.metric, value[0], said.span, is_likely=value[1])
                else:
                    self._unsure.append((name.metric, value[0], said.span))
        if not any(values):
            return []
        self.read.taken.append(said.start)
        if owners and not told.said.subject.names and not about:
            self.read.mentions.append(Mention(said.start, said.start + 1, tuple(owners)))
        return [said.span]

    def _take_value(self, metric: int, value: Decimal, span: Span, *, is_likely: bool) -> None:
        numbers = self.read.numbers if is_likely else self.read.unlikely
        numbers.setdefault(metric, []).append(value)
        self._figures.setdefault((is_likely, metric), []).append((value, span))

    def _take_unsure(self) -> None:
        """They are asked about, but for those of a number that is said for sure elsewhere: these stay words."""
        for metric, value, span in self._unsure:
            if metric not in self.read.numbers:
                self._take_value(metric, value, span, is_likely=False)
            elif value not in self.read.numbers[metric]:
                self.read.left.append(self._said[slice(*span)].strip())

    def _take_unclear(self, sentence: Sentence, followed: Followed) -> None:
        """What is a health of something, and no plain statement, leaves that in doubt, or everything."""
        for at, part in enumerate(sentence.parts):
            label, rest = followed.labels[at], part.rest
            if rest is None or at in followed.used or (label and label.is_aside):
                continue
            if any(_is_health(rest.tokens, i) for i in range(len(rest.tokens))):
                named = [one for token in rest.tokens if token.kind == NAME for one in token.means]
                about = (
                    tuple(one for one in named if one in self._asked) or followed.abouts[at] or self._asked
                )
                for position in about:
                    self.read.healths.setdefault(position, []).append(None)

    def _left(self, sentence: Sentence, used: Sequence[Span], followed: Followed) -> Iterator[str]:
        for at, part in enumerate(sentence.parts):
            label = followed.labels[at]
            if (label and label.is_aside) or (used and compares(part.clause.tokens)):
                continue
            for token in part.clause.tokens:
                if (
                    token.kind == FIGURE
                    and not any(start <= token.start < end for start, end in used)
                    and (token.means.values or token.means.is_change)
                ):
                    start = token.start - token.means.is_change
                    yield self._said[start : token.end].strip()


def _is_health(tokens: Sequence[Token], i: int) -> bool:
    return isinstance(tokens[i].means, Health) and doubts.is_said_of_something(tokens, i)


def _comments(sentence: Sentence, says: Callable[[Clause], bool]) -> bool:
    """Whether a sentence is one clause that `says` something of the sentence before it, and states nothing itself."""
    return (
        len(sentence.parts) == 1
        and sentence.parts[0].label is None
        and not sentence.parts[0].parsed.said
        and says(sentence.parts[0].clause)
    )


def _others(sentence: Sentence, followed: Followed) -> Iterator[tuple[int, Clause]]:
    """What else the sentence says, with the position of its part."""
    for at, part in enumerate(sentence.parts):
        label, rest = followed.labels[at], part.rest
        is_harmless = at in followed.used or (label is not None and label.is_aside and part.label is not None)
        if rest is not None and not is_harmless and not (not part.parsed.said and compares(rest.tokens)):
            yield at, rest
