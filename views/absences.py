"""Being away: the form, and what is said about it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from domain.absences import Absence, WorkPattern
from domain.days import why_too_far
from domain.periods import Week
from domain.words import dated, listed
from views.slack import blocks as b
from views.slack.fields import FormReader, State, day_of
from views.slack.references import Reference, SlackId
from views.work_patterns import place_blocks, read_work_pattern, working_days_input

FORM = "absence.submit"
AWAY_SAID = "absence.said"
FIRST = "first"
LAST = "last"
CANCELLED = "cancelled"
_HOW_TO_CANCEL = "To cancel one: `/rhythm back {}`, or tick it in `/rhythm away`."


class AwayRef(Reference):
    """What the form carries: where it was opened, and the working days it showed as the strategy's."""

    channel_id: SlackId
    shown_days: tuple[int, ...]
    shown_country: str | None = None
    shown_part: str | None = None
    is_own: bool = False
    asked_about: tuple[date, date | None] | None = None
    """The days that it asks about; saved again, they are meant."""

    def has_asked_about(self, absence: Absence | None) -> bool:
        return absence is not None and self.asked_about == (absence.first, absence.last)


class AwaySaid(Reference):
    """Days that somebody said in words, on the button that records them."""

    first: date
    last: date

    @classmethod
    def of(cls, absence: Absence) -> Self:
        """Of days that end."""
        assert absence.last is not None
        return cls(first=absence.first, last=absence.last)


class AwayForm(BaseModel):
    """`absence` is None where only the working days were changed; `pattern` None where they are the strategy's."""

    model_config = ConfigDict(frozen=True)
    absence: Absence | None
    pattern: WorkPattern | None
    cancelled: tuple[Absence, ...] = ()


def away_modal(
    channel_id: str,
    own: WorkPattern | None,
    usual: WorkPattern,
    today: date,
    absence: Absence | None = None,
    planned: Sequence[Absence] = (),
    *,
    question: str = "",
) -> dict[str, Any]:
    """`usual` are the strategy's working days, shown where the person has none of their own.

    `planned` are absences yet to begin, the next first; each can be cancelled. `question`: what is asked about the
    days of the absence before they are believed.
    """
    pattern = own or usual
    ref = AwayRef(
        channel_id=channel_id,
        shown_days=tuple(sorted(pattern.working_days)),
        shown_country=pattern.country,
        shown_part=pattern.subdivision,
        is_own=own is not None,
        asked_about=(absence.first, absence.last) if absence and question else None,
    )
    first, last = (absence.first, absence.last) if absence else (None, None)
    is_over = last is not None and last < today
    ways = "Change the days." if is_over else "Change the days, or save them as they are."
    opening = [b.section(b.escape(f"{question} {ways}"))] if question else []
    blocks = [
        *opening,
        b.section("You are not asked anything while you are away, and the digest says when you are back."),
        b.input_block("First day away", b.date_input(first), block_id=FIRST, optional=True),
        b.input_block(
            "Last day away",
            b.date_input(last),
            block_id=LAST,
            optional=True,
            hint="Leave it empty if you do not know yet, and run /rhythm back when you are.",
        ),
        *_planned_blocks(planned, today),
        working_days_input(pattern.working_days, label="My working days"),
        *place_blocks(pattern, label="My country"),
    ]
    metadata = ref.model_dump_json(exclude_defaults=True)
    return b.modal("Away", blocks, callback_id=FORM, submit="Save", private_metadata=metadata)


def _planned_blocks(planned: Sequence[Absence], today: date) -> list[b.Block]:
    if not planned:
        return []
    options = [(days(absence, today), absence.first.isoformat()) for absence in planned]
    return [
        b.input_block(
            "Planned already",
            b.checkboxes(options),
            block_id=CANCELLED,
            hint="Tick what is cancelled: I will ask you then, after all.",
            optional=True,
        )
    ]


def read_away_form(state: State, ref: AwayRef, today: date, planned: Sequence[Absence] = ()) -> AwayForm:
    """`planned` as for the form. Raises FieldErrors."""
    reader = FormReader(state)
    first, last = day_of(state, FIRST), day_of(state, LAST)
    if last is not None and first is None:
        reader.refuse(FIRST, "Choose the first day, too.")
    elif last is not None and first is not None and last < first:
        reader.refuse(LAST, f"This is before the first day, {dated(first, today)}. Choose a later day.")
    elif last is not None and last < today:
        reader.refuse(LAST, "That is over already. Choose today or a later day.")
    for field, day in ((FIRST, first), (LAST, last)):
        if day is not None and (problem := why_too_far(day, today)):
            reader.refuse(field, problem)
    pattern = read_work_pattern(reader)
    by_first = {absence.first.isoformat(): absence for absence in planned}
    ticked = reader.choices(CANCELLED, by_first)
    reader.finish()
    shown = WorkPattern(frozenset(ref.shown_days), ref.shown_country, ref.shown_part)
    is_theirs = ref.is_own or pattern != shown
    return AwayForm(
        absence=Absence(first, last) if first else None,
        pattern=pattern if is_theirs else None,
        cancelled=tuple(by_first[day] for day in ticked),
    )


def away_sentence(absence: Absence, today: date, told: Sequence[Week] = ()) -> str:
    """For whoever said they are away; `told` are weeks of which a digest has told before that they said nothing."""
    if not told:
        return _away(absence, today)
    weeks = listed([dated(week.day(0), today) for week in told])
    week, thread = ("The week", "its thread says") if len(told) == 1 else ("The weeks", "their threads say")
    stay = "stays as the digest told it" if len(told) == 1 else "stay as the digests told them"
    return f"{_away(absence, today)} {week} of {weeks} {stay}; {thread} that you said so later."


def _away(absence: Absence, today: date) -> str:
    if absence.last is None:
        return (
            f"You are away from {dated(absence.first, today)} on. I will not ask you anything until you run "
            "`/rhythm back`."
        )
    if absence.first == absence.last:
        return f"You are away on {dated(absence.first, today)}. I will not ask you anything that day."
    return (
        f"You are away {days(absence, today)}. I will not ask you anything in that time. "
        "Back earlier? Run `/rhythm back`."
    )


def days(absence: Absence, today: date) -> str:
    """As in "24 Dec to 5 Jan", with the year where it is not the nearest."""
    first = dated(absence.first, today)
    last = "open end" if absence.last is None else dated(absence.last, today)
    return first if absence.first == absence.last else f"{first} to {last}"


def back_sentence(
    ended: Iterable[Absence],
    cancelled: Iterable[Absence],
    planned: Sequence[Absence],
    today: date,
    *,
    is_asked: bool = False,
) -> str:
    """`is_asked`: a check-in of this week is still unanswered; `planned` is what still is."""
    off = _listed(cancelled, today)
    welcome = "Welcome back! I will ask you again from the next check-in on."
    if is_asked:
        welcome = "Welcome back! If you have news already, `/checkin` answers this week; nobody expects it."
    words = [welcome if list(ended) else "You are not marked as away today."]
    if off:
        words = [f"Cancelled: you are not away {off}, and I will ask you as usual."]
    if planned:
        words.append(
            f"Still planned: {_listed(planned, today)}. {_HOW_TO_CANCEL.format(dated(planned[0].first, today))}"
        )
    return " ".join(words)


def which_sentence(planned: Sequence[Absence], today: date) -> str:
    """For whoever is not away and has several absences planned."""
    how = _HOW_TO_CANCEL.format(dated(planned[0].first, today))
    return f"You are not marked as away today. Planned: {_listed(planned, today)}. {how}"


def not_away_sentence(day: date, planned: Sequence[Absence], today: date) -> str:
    """For whoever says they will not be away on a day on which they are not."""
    return f"You have no absence planned on {dated(day, today)}. Planned: {_listed(planned, today) or 'nothing'}."


def saved_sentence(form: AwayForm, today: date, told: Sequence[Week]) -> str:
    """For whoever sent the form."""
    off = f"Cancelled: you are not away {_listed(form.cancelled, today)}." if form.cancelled else ""
    away = "" if form.absence is None else away_sentence(form.absence, today, told)
    return " ".join(filter(None, (off, away))) or "Your working days are saved."


def _listed(absences: Iterable[Absence], today: date) -> str:
    return listed([days(absence, today) for absence in absences])
