"""What a person's words can be about: the check-ins they may answer, and the names of all they take part in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.check_ins import CheckIn
from domain.initiatives import Initiative, Status, kpi_ids_of
from domain.kpis import Kpi
from domain.people import Person, why_not_a_participant
from domain.reading.answers import Candidate, Metric
from domain.reading.names import fold
from domain.reading.strategies import Elsewhere
from domain.strategies import Strategy
from services.check_ins.answering import Answering, is_check_in_open, list_current_answering
from storage import check_ins, initiatives, kpis, notes, people, strategies
from storage.notes import Note, NotePart

NOTHING_OWNED = (
    "I kept your words, but you own no active initiative they could belong to. "
    "`/initiative list` shows who owns what, `/rhythm help` what I can do."
)
NUMBERS_ONLY = (
    "I kept your words. This week you are asked for numbers only: use the button *Update*, or `/kpi update`."
)
REST_KEPT = (
    "I kept the rest of your words; it is recorded nowhere, as no initiative of yours is asked about now."
)
NOT_ASKED_YET = "I kept your words. Your next check-in has not come yet: run `/checkin` to answer it early."
CLOSED = "I kept your words, but that week is closed. Write outside this thread to add to the present one."
EDIT_CLOSED = "That week is closed: your edit is kept, what was recorded stays."
MAY_NOT_OWN = (
    "I kept your words. Only full members of this workspace answer check-ins; "
    "a lead of the strategy can answer for you."
)
_AWAITED = (Status.PROPOSED, Status.ACTIVE)


@dataclass(frozen=True, slots=True)
class Places:
    """Where words can belong; `problem` is why nowhere."""

    contexts: tuple[Answering, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    """What else somebody with a part in several strategies may name."""
    default: int | None = None
    """The initiative that words without a name are about."""
    kpis: tuple[Kpi, ...] = ()
    """The person's own that are no metric of one of these, which they may report in words, too."""
    problem: str = ""


def kpi_metric(kpi: Kpi, today: date) -> Metric:
    before = kpi.before(today)
    return Metric(kpi.id, kpi.name, kpi.unit, before.last, before.target, before.values)


def candidate(ctx: Answering, initiative: Initiative, without: Collection[int] = ()) -> Candidate:
    """`without` metrics that are these KPIs."""
    metrics = tuple(
        Metric(m.id, m.name, m.unit, m.before.last, m.target, m.before.values)
        for m in initiative.metrics
        if m.kpi_id not in without
    )
    last = ctx.line(initiative.id).last
    return Candidate(
        initiative.id, initiative.name, metrics, initiative.strategy_id, last.health if last else None
    )


def find_places(session: Session, note: Note, parts: Sequence[NotePart], now: datetime) -> Places:
    """`parts`: those of the note, or of what it said before it was edited."""
    person = people.get_person(session, note.workspace_id, note.person_id)
    if why_not_a_participant(person):
        return Places(problem=MAY_NOT_OWN)
    edited = _check_ins_of(session, note, parts)
    replied_to = _replied_to(session, note)
    for meant, sentence in ((edited, EDIT_CLOSED), (replied_to, CLOSED)):
        if not all(is_check_in_open(session, check_in, now) for check_in in meant):
            return Places(problem=sentence)
    found = list_current_answering(session, person, now, instead=(*replied_to, *edited), hold=True)
    contexts = [ctx for ctx in found if ctx.initiatives]
    theirs = strategies.list_strategies_of(session, note.workspace_id, person.id)
    owned = _list_owned_kpis(session, person, theirs)
    if replied_to and all(ctx.strategy.id != replied_to[0].strategy_id for ctx in contexts):
        return Places(problem=NUMBERS_ONLY, kpis=owned)
    if not contexts:
        return Places(problem=NOT_ASKED_YET if theirs and not found else NOTHING_OWNED, kpis=owned)
    part_in = {one.id: one for one in (*theirs, *(ctx.strategy for ctx in found))}
    recorded = [part for part in parts if part.revision is not None]
    pointed_at = {one.strategy_id for one in recorded or replied_to}
    places = _places(session, note, recorded, contexts, list(part_in.values()), pointed_at)
    metrics = kpi_ids_of(i for ctx in contexts for i in ctx.initiatives)
    shared = (kpis.get_kpi(session, note.workspace_id, id_) for id_ in sorted(_shared(contexts)))
    return replace(places, kpis=(*(kpi for kpi in owned if kpi.id not in metrics), *shared))


def _shared(contexts: Iterable[Answering]) -> set[int]:
    """KPIs that are metrics of several initiatives: their numbers are not one initiative's."""
    each = [kpi_id for ctx in contexts for one in ctx.initiatives for kpi_id in kpi_ids_of([one])]
    return {kpi_id for kpi_id in each if each.count(kpi_id) > 1}


def _list_owned_kpis(session: Session, person: Person, theirs: Sequence[Strategy]) -> tuple[Kpi, ...]:
    return tuple(
        kpi
        for strategy in theirs
        for kpi in kpis.list_owned_kpis(session, person.workspace_id, strategy.id, [person.id])
    )


def _places(
    session: Session,
    note: Note,
    recorded: Sequence[NotePart],
    contexts: Sequence[Answering],
    part_in: Sequence[Strategy],
    pointed_at: set[int],
) -> Places:
    """`pointed_at`: the strategies of what was recorded from the message, or else of the thread."""
    answerable = [i for ctx in contexts for i in ctx.initiatives]
    owners = {i.id: ctx for ctx in contexts for i in ctx.initiatives}
    names = {fold(i.name) for i in answerable if {i.strategy_id} == pointed_at}
    shared = _shared(contexts)

    def is_meant(name: str, strategy_id: int) -> bool:
        """A name that the thread's strategy has, too, is that one's."""
        return {strategy_id} == pointed_at or fold(name) not in names

    home = pointed_at
    if not pointed_at and note.thread_ts is None:
        owned = initiatives.list_owned(session, note.workspace_id, note.person_id, statuses=_AWAITED)
        home = {initiative.strategy_id for initiative in owned}
    at_home = [i.id for i in answerable if {i.strategy_id} == home]
    if len(recorded) == 1:
        at_home = [part.initiative_id for part in recorded]
    elsewhere = _elsewhere(session, part_in, {i.id for i in answerable}) if len(part_in) > 1 else []
    return Places(
        tuple(contexts),
        tuple(candidate(owners[i.id], i, shared) for i in answerable if is_meant(i.name, i.strategy_id)),
        tuple(one for one in elsewhere if is_meant(one.name, one.strategy_id)),
        default=at_home[0] if len(at_home) == 1 else None,
    )


def _elsewhere(session: Session, part_in: Sequence[Strategy], answerable: set[int]) -> list[Elsewhere]:
    """The strategies themselves, and whatever was begun in them."""
    return [
        Elsewhere(name, strategy.id)
        for strategy in part_in
        for name in (
            strategy.name,
            *(
                i.name
                for i in initiatives.list_initiatives(
                    session, strategy.workspace_id, strategy.id, include_closed=True
                )
                if i.id not in answerable
            ),
        )
    ]


def _replied_to(session: Session, note: Note) -> list[CheckIn]:
    """The check-in whose prompt or reminder it stands under, or those that the words it stands under belong to."""
    if note.thread_ts is None:
        return []
    check_in = check_ins.find_by_message(session, note.workspace_id, note.channel_id, note.thread_ts)
    if check_in is not None:
        return [check_in]
    root = notes.find_note(session, note.workspace_id, note.channel_id, note.thread_ts)
    parts = notes.list_parts(session, root) if root else []
    return _check_ins_of(session, note, [part for part in parts if part.revision is not None])


def _check_ins_of(session: Session, note: Note, parts: Sequence[NotePart]) -> list[CheckIn]:
    found = [
        check_ins.find_check_in(session, note.workspace_id, check_in_id)
        for check_in_id in sorted({part.check_in_id for part in parts})
    ]
    return [check_in for check_in in found if check_in is not None]
