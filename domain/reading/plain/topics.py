"""Of which initiatives each statement of a message speaks: of those its clause or its label names, or of all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from domain.reading.plain.parts import ARE, Label, Labelled, Sentence
from domain.reading.plain.said import BETWEEN_NAMES, HealthSaid, NumberSaid, names_of
from domain.reading.plain.statements import parse
from domain.reading.plain.tokens import NAME, Token
from domain.reading.text import listed

_LISTS = listed(", & / and")
_EXCEPTS = listed("except but besides apart aside")
_OF_THEM = listed("for from the my our")
_IN_THE_WAY = listed("waiting blocked stuck held delayed slowed needs need")
_RELATIVES = listed("which that that's it it's they")


@dataclass(frozen=True, slots=True)
class Told:
    """A statement of the part at `part`. `about`: positions of initiatives; None where nobody can tell.

    Of a number, `about` are those that it may be of; none where its metric alone says so.
    """

    part: int
    said: HealthSaid | NumberSaid
    about: tuple[int, ...] | None
    is_unclear: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A subject at a span of the text, and the positions it names; none where it may be any of several."""

    start: int
    end: int
    about: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What holds when a sentence begins: `topic` of the last label, `heading` it stands under, what was `settled`."""

    asked: tuple[int, ...]
    fallback: tuple[int, ...]
    topic: tuple[int, ...] | None = None
    heading: Label | None = None
    settled: frozenset[int] = frozenset()


class Topics:
    """Follows the subject through the sentences of one message."""

    def __init__(self, asked: tuple[int, ...], fallback: tuple[int, ...]) -> None:
        """`fallback`: what a statement without a subject is about; nothing where there are several."""
        self._standing = _Standing(asked, fallback)
        self.mentions: list[Mention] = []

    def part(self) -> None:
        """What follows stands apart: after an empty line no label holds on."""
        self._standing = replace(self._standing, topic=None, heading=None)

    def follow(self, sentence: Sentence) -> "Followed":
        followed = Followed(self._standing)
        for at, part in enumerate(sentence.parts):
            followed.take(at, part)
        named = {one for told in followed.told if told.said.subject.names for one in told.about or ()}
        self._standing = replace(
            self._standing,
            topic=followed.topic,
            heading=_heading(sentence, self._standing.heading),
            settled=self._standing.settled | named,
        )
        self.mentions += followed.mentions
        return followed


def _heading(sentence: Sentence, before: Label | None) -> Label | None:
    """What the lines after a sentence stand under."""
    last = sentence.parts[-1] if sentence.parts else None
    if last is not None and last.label is not None:
        return last.label if not last.clause.tokens else None
    return Label(is_aside=True) if sentence.is_heading else before


class Followed:
    """One sentence: `told`, `used` (parts that only name something), `labels` (what each part stands under)."""

    def __init__(self, standing: _Standing) -> None:
        self._standing = standing
        self.topic = standing.topic
        self._here = standing.topic
        self._is_labelled = False
        self._label = standing.heading
        self._pending: tuple[int, ...] = ()
        self._listing: Told | None = None
        self._excepted: int | None = None
        self.told: list[Told] = []
        self.used: set[int] = set()
        self.labels: list[Label | None] = []
        self.abouts: list[tuple[int, ...] | None] = []
        self.mentions: list[Mention] = []

    def take(self, at: int, part: Labelled) -> None:
        if part.label is not None:
            self._label = part.label
            if part.label.names:
                listed = self._pending if part.clause.opener in _LISTS else ()
                self._here = self.topic = (*listed, *self._name(part.label.names))
                self._is_labelled = True
            elif part.label.is_foreign and part.parsed.said:
                start = part.clause.tokens[0].start - 1
                self.mentions.append(Mention(start, start, ()))
                self._here = self.topic = None
        self.labels.append(self._label)
        if self._label is not None and self._label.ends:
            self._label = self._standing.heading
        if not (self._is_exception(at, part) or self._is_list(at, part)):
            self._listing = None
            for said in part.parsed.said:
                self._tell(at, part, said)
            self._name(_held_up(part))
            self._pending = ()
        self.abouts.append(self._here)

    def _name(self, names: Sequence[Token]) -> tuple[int, ...]:
        """The initiatives asked about among those named; a name that fits several is of none."""
        found: list[int] = []
        for token in names:
            about = tuple(token.means) if len(token.means) == 1 else ()
            self.mentions.append(Mention(token.start, token.end, about))
            found += [one for one in about if one in self._standing.asked]
        return tuple(dict.fromkeys(found))

    def _is_list(self, at: int, part: Labelled) -> bool:
        """Whether a part only names initiatives: "Newsletter, Spring: all on track", "red: desk, spring"."""
        tokens = part.clause.tokens
        if not tokens or not all(token.kind == NAME or token.is_word(BETWEEN_NAMES) for token in tokens):
            return False
        names = [token for token in tokens if token.kind == NAME]
        if not names:
            return False
        about = self._name(names)
        self.used.add(at)
        if self._is_pair_turned(at, about):
            self.told[-1] = replace(self.told[-1], is_unclear=True)
            self._here = self.topic = None
            self._pending = ()
            return True
        is_listed = part.clause.opener in _LISTS
        if self._listing is not None and is_listed:
            self.told.append(replace(self._listing, part=at, about=about))
        else:
            self._pending = (*self._pending, *about) if is_listed else about
            self._here = self.topic = self._pending
        return True

    def _is_pair_turned(self, at: int, about: tuple[int, ...]) -> bool:
        """Whether a name follows a health that nothing else places, "(on track) newsletter": no name for the next one."""
        before = self.told[-1] if self.told and self.told[-1].part == at - 1 else None
        return (
            before is not None
            and isinstance(before.said, HealthSaid)
            and not (
                before.said.subject.names or before.said.subject.is_everything or before.said.subject.is_rest
            )
            and not self._here
            and before.about != about
        )

    def _is_exception(self, at: int, part: Labelled) -> bool:
        """What is taken out of all: "all green except the desk, which is red"."""
        tokens = part.clause.tokens
        if self._excepted is not None and tokens and tokens[0].is_word(_RELATIVES):
            own = parse(tokens) if tokens[0].word in ("that's", "it's") else parse(tokens[1:])
            if len(own.said) == 1 and own.rest >= len(tokens) - 1 and isinstance(own.said[0], HealthSaid):
                self.told[self._excepted] = replace(
                    self.told[self._excepted], said=own.said[0], is_unclear=False
                )
                self.used.add(at)
                self._excepted = None
                return True
        self._excepted = None
        everything = self.told[-1] if self.told else None
        if (
            part.clause.opener not in _EXCEPTS
            or everything is None
            or not everything.said.subject.is_everything
        ):
            return False
        count = next(
            (
                i
                for i, token in enumerate(tokens)
                if token.kind != NAME and not token.is_word(_OF_THEM | BETWEEN_NAMES)
            ),
            len(tokens),
        )
        names = [token for token in tokens[:count] if token.kind == NAME]
        rest = tokens[count:]
        if not names or (rest and not rest[0].is_word(_RELATIVES) and not _is_copula(rest[0])):
            return False
        about = self._name(names)
        self.told[-1] = replace(
            everything, about=tuple(one for one in everything.about or () if one not in about)
        )
        self.told.append(replace(everything, part=at, about=about, is_unclear=True))
        self.used.add(at)
        self._excepted = len(self.told) - 1
        if rest:
            own = parse(rest[1:])
            if len(own.said) == 1 and isinstance(own.said[0], HealthSaid):
                self.told[-1] = replace(self.told[-1], said=own.said[0], is_unclear=False)
            self._excepted = None
        return True

    def _tell(self, at: int, part: Labelled, said: HealthSaid | NumberSaid) -> None:
        subject = said.subject
        if isinstance(said, NumberSaid):
            self.told.append(
                Told(at, said, self._name(subject.names) if subject.names else (self._here or ()))
            )
            return
        if subject.names:
            about: tuple[int, ...] | None = self._name(subject.names)
            if self._pending and part.clause.opener in _LISTS:
                about = (*self._pending, *(about or ()))
            self._here = about
        else:
            about = self._unnamed(said)
        told = Told(at, said, about)
        self._listing = told if subject.names and subject.is_after else None
        self.told.append(told)

    def _unnamed(self, said: HealthSaid) -> tuple[int, ...] | None:
        subject = said.subject
        if subject.is_rest:
            named = {
                one for told in self.told if isinstance(told.said, HealthSaid) for one in told.about or ()
            }
            named |= self._standing.settled
            is_plain = bool(named) and all(told.about for told in self.told)
            return tuple(one for one in self._standing.asked if one not in named) if is_plain else None
        if self._here is not None:
            is_its_own = self._is_labelled or not subject.is_everything or self._here == self._standing.asked
            return self._here if is_its_own else None
        if subject.is_everything or said.health is None:
            fits = subject.count in (None, len(self._standing.asked))
            return self._standing.asked if fits else None
        return self._standing.fallback


def _held_up(part: Labelled) -> tuple[Token, ...]:
    """The names of what a clause says is in trouble, "the newsletter is waiting for legal"; none of another clause."""
    tokens = () if part.parsed.said else part.clause.tokens
    begins = len(tuple(takewhile(lambda token: token.kind == NAME or token.is_word(BETWEEN_NAMES), tokens)))
    after = next((token for token in tokens[begins:] if not token.is_word(ARE)), None)
    is_held_up = after is not None and after.is_word(_IN_THE_WAY)
    return names_of(tokens[:begins]) if is_held_up else ()


def _is_copula(token: Token) -> bool:
    return token.word in ("is", "are", "'s")
