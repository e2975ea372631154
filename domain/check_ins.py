"""Check-ins: what an owner says about each initiative in a period."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.healths import Health
from domain.periods import Week


class NextOutcome(StrEnum):
    """What became of last week's "next"."""

    DONE = "done"
    CONTINUED = "continued"
    DROPPED = "dropped"


class BlockerOutcome(StrEnum):
    """What became of an earlier week's blocker."""

    RESOLVED = "resolved"
    STILL = "still"


class Via(StrEnum):
    """How an answer came: one click, the form, plain text, or *Same as last week*."""

    CLICK = "click"
    FORM = "form"
    TEXT = "text"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class SeenMark:
    """A lead has seen what an owner said, and may have said a word about it."""

    person_id: str
    word: str = ""


class CheckInState(StrEnum):
    """`asked`: a prompt went out; `early`: answered before it; `skipped`: day off or away, not counted as missing;
    `missed`: the bot was down past the digest, not counted either; `paused`: the strategy was before its digest.
    """

    ASKED = "asked"
    EARLY = "early"
    SKIPPED = "skipped"
    MISSED = "missed"
    PAUSED = "paused"


class Standing(StrEnum):
    """Whether there is word of an initiative in a week, and if not, why."""

    ANSWERED = "answered"
    NO_ANSWER = "no answer"
    OUTDATED = "outdated"
    AWAY = "away"
    DAY_OFF = "day off"
    MISSED = "missed"
    """The bot was down past the digest."""
    UNDELIVERED = "undelivered"
    """Slack did not take the prompt by the digest."""
    PAUSED = "paused"
    NOT_ASKED = "not asked yet"
    PROPOSED = "proposed"
    """Owner or sponsor have not said yes yet."""

    @property
    def is_silence(self) -> bool:
        return self in (Standing.NO_ANSWER, Standing.OUTDATED)

    @property
    def counts(self) -> bool:
        """It was asked, and whoever was asked could answer: as answered or as silence it is part of every share."""
        return self is Standing.ANSWERED or self.is_silence


UNASKED = {
    CheckInState.SKIPPED: Standing.DAY_OFF,
    CheckInState.MISSED: Standing.MISSED,
    CheckInState.PAUSED: Standing.PAUSED,
}
"""How an initiative stands without a word where nobody could be expected to answer."""


@dataclass(frozen=True, slots=True)
class ToldThen:
    """What a digest told of an initiative, and whose it was then."""

    standing: Standing
    owner_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is recorded for one initiative in one check-in; health None means not answered yet."""

    initiative_id: int
    health: Health | None = None
    progress: str = ""
    next: str = ""
    last_next: NextOutcome | None = None
    blocker: str = ""
    last_blocker: BlockerOutcome | None = None
    """Whether what was in the way before still is, where that was asked."""
    need: str = ""
    readings: tuple[tuple[int, Decimal], ...] = ()
    """(metric id, value) reported with this answer."""
    by: str | None = None
    """Who said it: the owner, or a lead for them."""
    at: datetime | None = None
    via: Via | None = None
    revision: int = 0
    first_at: datetime | None = field(default=None, compare=False)
    """When the first revision came, where it was read (`storage.check_ins.list_since`)."""

    @property
    def repeats_blocker(self) -> bool:
        """*Same as last week* left standing what is in the way, and nobody has looked at it since."""
        return self.via is Via.SAME and self.last_blocker is BlockerOutcome.STILL


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One owner's check-in for a strategy and period."""

    id: int
    workspace_id: str
    strategy_id: int
    person_id: str
    period: Week
    state: CheckInState
    due_at: datetime
    answers: tuple[Answer, ...] = field(default=())
    digest_id: int | None = None
    """The digest that covered it; an answer after that is late."""
    message_id: int | None = None
    reminder_message_id: int | None = None
    snoozed_until: datetime | None = None
    closed_at: datetime | None = None
    """When its week was closed: nothing of it changes any more."""
    told: Mapping[int, ToldThen] = field(default_factory=dict, compare=False)
    """What its digest told, by initiative, where that was read (`storage.check_ins.list_since`)."""

    @property
    def missing(self) -> tuple[int, ...]:
        """Initiative ids without a health."""
        return tuple(a.initiative_id for a in self.answers if a.health is None)

    @property
    def is_answered(self) -> bool:
        return bool(self.answers) and not self.missing

    def answer_for(self, initiative_id: int) -> Answer | None:
        return next((a for a in self.answers if a.initiative_id == initiative_id), None)

    def with_answers(self, given: Iterable[Answer]) -> "CheckIn":
        """As it stands with these, in place of what was there."""
        by_initiative = {answer.initiative_id: answer for answer in (*self.answers, *given)}
        return replace(self, answers=tuple(answer for _, answer in sorted(by_initiative.items())))


def taken_back(before: Answer | None, after: Answer) -> tuple[int, ...]:
    """Metric ids of readings that an edit says no more."""
    said = dict(after.readings)
    return tuple(metric_id for metric_id, _ in before.readings if metric_id not in said) if before else ()


_FIELDS = ("health", "next", "last_next", "blocker", "last_blocker", "need", "via")


def without_revisions(
    initiative_id: int,
    revisions: Iterable[Answer],
    left_out: Collection[int],
    said: Mapping[int, Answer],
) -> Answer:
    """What would stand had some of an answer's revisions never been: what the others changed, in their order.

    `said` is what the words of others say, by revision, be it what stood before them, too.
    """
    stands = before = Answer(initiative_id)
    for revision in revisions:
        if revision.revision not in left_out:
            stands = _with_changes(stands, before, revision)
            stands = _with_said(stands, said.get(revision.revision))
        before = revision
    return stands


def _with_said(stands: Answer, said: Answer | None) -> Answer:
    if said is None:
        return stands
    return replace(
        stands,
        health=said.health or stands.health,
        blocker=said.blocker or stands.blocker,
        readings=tuple({**dict(stands.readings), **dict(said.readings)}.items()),
    )


def _with_changes(stands: Answer, before: Answer, after: Answer) -> Answer:
    changed = {
        name: getattr(after, name) for name in _FIELDS if getattr(after, name) != getattr(before, name)
    }
    gone = taken_back(before, after)
    kept = {metric_id: value for metric_id, value in stands.readings if metric_id not in gone}
    kept |= {
        metric_id: value for metric_id, value in after.readings if (metric_id, value) not in before.readings
    }
    progress = after.progress
    if after.progress.startswith(before.progress):
        added = after.progress.removeprefix(before.progress).strip("\n")
        progress = "\n".join(filter(None, (stands.progress, added)))
    return replace(stands, progress=progress, readings=tuple(kept.items()), **changed)


@dataclass(frozen=True, slots=True)
class LastHealth:
    """The last health given for an initiative, when, and the "next" that came with it."""

    health: Health
    week: Week
    next: str = ""


WEEKS_OF_BLOCKERS = 8
"""A blocker that was not mentioned for so long is not asked about any more."""


def standing_blockers(check_in: CheckIn, earlier: Sequence[CheckIn]) -> dict[int, str]:
    """What the same person's check-ins before this one (latest first) left in the way, by initiative."""
    since = check_in.period.plus(-WEEKS_OF_BLOCKERS)
    given: dict[int, list[Answer]] = {}
    for answer in (a for one in earlier if one.period >= since for a in one.answers if a.revision):
        given.setdefault(answer.initiative_id, []).append(answer)
    found = {initiative_id: standing_blocker(answers) for initiative_id, answers in given.items()}
    return {initiative_id: blocker for initiative_id, blocker in found.items() if blocker}


def standing_blocker(earlier: Iterable[Answer]) -> str:
    """What is still in the way after these answers (latest first), "" when nothing is.

    Silence and a click on a health leave it standing.
    """
    for answer in earlier:
        if answer.blocker or answer.last_blocker is BlockerOutcome.RESOLVED:
            return answer.blocker
    return ""
