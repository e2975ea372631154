"""Starting a draft: what its lines say is made, each checked as if its form had been sent; what cannot be made stays."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.acts import ActKind
from domain.changes import Change, ChangeKind
from domain.drafts import Draft, DraftGoal, DraftInitiative, DraftItem, DraftKpi, DraftLine, DraftMilestone
from domain.errors import DomainError, FieldErrors
from domain.goals import why_vague
from domain.initiatives import Initiative, require_room
from domain.kpis import Kpi, vanity_hint
from domain.people import Person, UnknownPeople
from domain.reading.drafts.whom import list_people
from domain.reading.goals import goal_of
from domain.reading.milestones import MilestoneLine
from domain.reading.names import find_alike, find_name, is_same_name
from domain.schedules import local_day
from domain.strategies import MAX_GOALS, Goal, Strategy
from services.drafts.editing import keep_draft, pick, require_known
from services.initiatives.editing import Proposed, propose_initiative, require_fitting
from services.kickoffs.messages import send_kickoffs
from services.kpis import kpi_of_form, tell_reporters, watch_kpi
from services.kpis import require_fitting as require_fitting_kpi
from services.milestones import add_milestone, load_milestones
from storage import changes, initiatives, kpis, people, strategies
from storage.delivery import outbox
from storage.drafts import KeptDraft
from views import milestones as milestone_views
from views.drafts.reading import Answers, as_initiative, as_kpi, initiative_state, kpi_state, labelled
from views.drafts.words import started_words
from views.initiatives import forms as initiative_views
from views.initiatives.reading import read_initiative_form
from views.kpis import forms as kpi_views
from views.slack.blocks import text_message
from views.slack.fields import as_filled_in


@dataclass(frozen=True, slots=True)
class Started:
    """What became of a draft.

    `made` are the lines something was made of, `problems` sentences by the number of a line that stays.
    """

    strategy: Strategy
    made: tuple[DraftLine, ...]
    problems: dict[int, tuple[str, ...]]
    kept: KeptDraft


@dataclass
class _Start:
    """While it goes on: the strategy as it is by now, what was there before, what was added and who is asked for it.

    `made`, `problems` are as in `Started`, `gone` the numbers of lines that do not stay, `of_line` the names of
    initiatives by the number of their line.
    """

    session: Session
    strategy: Strategy
    answers: Answers
    by: Person
    now: datetime
    before: list[Initiative]
    watched_before: list[Kpi]
    gone: set[int]
    made: list[DraftLine] = field(default_factory=list)
    problems: dict[int, tuple[str, ...]] = field(default_factory=dict)
    of_line: dict[int, str] = field(default_factory=dict)
    added: list[Proposed] = field(default_factory=list)
    watched: list[Kpi] = field(default_factory=list)

    @property
    def listing(self) -> list[Initiative]:
        """All there are by now."""
        return [*self.before, *(one.initiative for one in self.added)]


def start_draft(
    session: Session, strategy: Strategy, kept: KeptDraft, answers: Answers, by: Person, now: datetime
) -> Started:
    """Goals first, then what serves them, then the milestones of initiatives; held as by `lead_strategy`."""
    require_known(session, strategy, answers)
    draft = pick(kept.draft, answers, strategy.goals)
    # Whoever is not known yet is looked up with all the others, not one by one.
    named = [whom.person_id for line in draft.lines for _, whom in list_people(line.item) if whom]
    people.list_people(session, strategy.workspace_id, filter(None, named))
    start = _Start(
        session,
        strategy,
        answers,
        by,
        now,
        before=initiatives.list_initiatives(session, strategy.workspace_id, strategy.id),
        watched_before=kpis.list_kpis(session, strategy.workspace_id, strategy.id),
        gone={number for number, same in answers.same.items() if same},
    )
    for kind in (DraftGoal, DraftKpi, DraftInitiative):
        _make(start, draft, kind)
    # Everybody hears once of all they are asked, and before they hear of a milestone.
    asked = [one for proposed in start.added for one in proposed.asked]
    send_kickoffs(session, start.strategy, [one.initiative.id for one in start.added], asked, now)
    _make(start, draft, DraftMilestone)
    tell_reporters(session, start.strategy, start.watched, by, now)
    left = tuple(_still_of(line, start.of_line) for line in draft.lines if line.number not in start.gone)
    return Started(
        start.strategy,
        tuple(start.made),
        start.problems,
        keep_draft(session, strategy, kept, replace(draft, lines=left), by, now, ActKind.DRAFT_STARTED),
    )


def _make(start: _Start, draft: Draft, kind: type[DraftItem]) -> None:
    """What the lines of a kind say."""
    for line in draft.lines:
        if line.number in start.gone or not isinstance(line.item, kind):
            continue
        if told := _why_not_made(start, line):
            start.problems[line.number] = told
        else:
            start.made.append(line)
            start.gone.add(line.number)


def tell_unread(session: Session, started: Started, by: Person, now: datetime) -> None:
    """Words of what was made that nothing was understood of stay with whoever started it."""
    if any(line.unread for line in started.made):
        told = text_message(started_words(started.made))
        outbox.enqueue_post(session, by.workspace_id, by.id, told, now=now)


def _still_of(line: DraftLine, of_line: dict[int, str]) -> DraftLine:
    """A milestone that stays names the initiative by its name, for that one's line is gone."""
    item = line.item
    if isinstance(item, DraftMilestone) and item.of_line in of_line:
        item = replace(item, initiative=of_line[item.of_line], of_line=None)
    return replace(line, item=item)


def _why_not_made(start: _Start, line: DraftLine) -> tuple[str, ...]:
    """Make what a line says; sentences where that cannot be."""
    try:
        match line.item:
            case DraftGoal():
                _add_goal(start, line.item)
            case DraftKpi():
                return _add_kpi(start, line, line.item)
            case DraftInitiative():
                return _add_initiative(start, line, line.item)
            case DraftMilestone():
                return _add_milestone(start, line.item)
    except UnknownPeople:
        raise
    except DomainError as refused:
        return (str(refused),)
    return ()


def _add_goal(start: _Start, item: DraftGoal) -> None:
    """One that is there already is not added again."""
    strategy = start.strategy
    if any(is_same_name(item.text, goal.text) for goal in strategy.goals):
        return
    if sentence := why_vague(item.text):
        raise DomainError(sentence)
    if len(strategy.goals) >= MAX_GOALS:
        raise DomainError(f"A strategy has at most {MAX_GOALS} goals. `/rhythm setup` changes them.")
    start.strategy = strategies.save_strategy(
        start.session, replace(strategy, goals=(*strategy.goals, Goal(0, item.text)))
    )
    change = Change(ChangeKind.GOAL, None, "", item.text, start.by.id, start.now)
    changes.record_change(start.session, strategy.workspace_id, strategy.id, change)


def _require_unlike(start: _Start, line: DraftLine, name: str, known: list[str]) -> None:
    if line.number not in start.answers.same and (like := find_alike(name, known)):
        raise DomainError(f"It sounds like “{like}”, which is there already. Say whether it is the same.")


def _add_initiative(start: _Start, line: DraftLine, item: DraftInitiative) -> tuple[str, ...]:
    session, strategy = start.session, start.strategy
    _require_unlike(start, line, item.name, [one.name for one in start.before])
    goal = goal_of(item, strategy.goals)
    today = local_day(start.now, start.by.zone)
    watched = [*start.watched_before, *start.watched]
    draft = as_initiative(item, goal.id if goal else None, watched)
    view = initiative_views.add_modal(strategy, draft, "", today, start.by.id, watched)
    ref = initiative_views.InitiativeRef.read(view["private_metadata"])
    others = start.listing
    try:
        form = read_initiative_form(initiative_state(view, item), ref, today, None, watched)
        require_fitting(session, strategy, others, form)
    except FieldErrors as refused:
        return labelled(view, refused.errors)
    require_room(sum(one.status.counts_toward_limit for one in others))
    start.added.append(propose_initiative(session, strategy, form, start.by, start.now))
    start.of_line[line.number] = form.name
    return ()


def _add_kpi(start: _Start, line: DraftLine, item: DraftKpi) -> tuple[str, ...]:
    session, strategy = start.session, start.strategy
    _require_unlike(start, line, item.name, [one.name for one in start.watched_before])
    goal = goal_of(item, strategy.goals)
    today = local_day(start.now, start.by.zone)
    ref = kpi_views.KpiRef(channel_id="", strategy_id=strategy.id)
    view = kpi_views.add_modal(strategy, as_kpi(item, goal.id if goal else None), ref, today)
    watched = [*start.watched_before, *start.watched]
    try:
        form = kpi_views.read_kpi_form(kpi_state(view, item), None, today, may_wait=True)
        require_fitting_kpi(session, strategy, watched, form, None)
    except FieldErrors as refused:
        return labelled(view, refused.errors)
    instead = vanity_hint(form.name)
    if instead and line.number not in start.answers.kept:
        raise DomainError(
            f"It can grow while nothing gets better. Consider {instead}, or say that you keep it."
        )
    wanted = kpi_of_form(strategy, form, None, start.by.id if instead else None)
    start.watched.append(watch_kpi(session, strategy, watched, wanted, start.by, start.now))
    return ()


def _add_milestone(start: _Start, item: DraftMilestone) -> tuple[str, ...]:
    session, strategy = start.session, start.strategy
    named = start.of_line.get(item.of_line or 0) or item.initiative
    listing = start.listing
    found = find_name(named, [one.name for one in listing]).found
    if found is None:
        raise DomainError("Say which initiative it belongs to, or start that one first.")
    shown = load_milestones(session, strategy, listing[found], start.by, start.now)
    person_id = item.person.person_id if item.person else None
    if item.person is not None and person_id is None:
        raise DomainError(f"Say who “{item.person.words}” is.")
    ref = milestone_views.MilestoneRef(channel_id="", initiative_id=listing[found].id)
    typed = MilestoneLine(listing[found].name, item.name, person_id, item.due)
    view = milestone_views.milestones_modal(shown, ref, typed=typed)
    state = {**as_filled_in(view), milestone_views.NAME: {"value": item.name}}
    try:
        wanted = milestone_views.read_milestone(state, listing[found], shown.milestones, shown.today)
        add_milestone(session, shown, wanted, start.by, start.now)
    except FieldErrors as refused:
        return labelled(view, refused.errors)
    return ()
