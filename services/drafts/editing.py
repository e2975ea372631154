"""A strategy's draft: begun, added to, corrected and thrown away by its leads, who see it as it stands now."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.drafts import Columns, Draft, DraftInitiative, DraftItem, DraftKpi, DraftLine, DraftMetric
from domain.errors import NotFound
from domain.people import Person
from domain.reading.drafts.plans import read_plan
from domain.reading.drafts.tables import read_rows
from domain.reading.drafts.whom import is_known, list_people, with_members, with_person
from domain.reading.goals import goal_of, goals_of
from domain.reading.people import Member
from domain.schedules import local_day
from domain.strategies import Goal, Strategy
from domain.words import counted
from storage import acts, drafts, initiatives, kpis, people
from storage.drafts import KeptDraft
from views.drafts.forms import DraftShown
from views.drafts.reading import Answers

KEPT = timedelta(days=30)
"""How long a draft is kept that nobody edits."""


def find_draft(session: Session, strategy: Strategy, now: datetime) -> KeptDraft | None:
    """As it stands; whoever changes it has the strategy by `lead_strategy`, so that nobody else does meanwhile."""
    kept = drafts.find_draft(session, strategy.workspace_id, strategy.id)
    return kept if kept is not None and kept.edited_at > now - KEPT else None


def add_to_draft(
    session: Session, strategy: Strategy, read: Draft, members: Sequence[Member], by: Person, now: datetime
) -> KeptDraft:
    """What was read comes after what is there. People and goals that can be told are."""
    kept = find_draft(session, strategy, now)
    before = kept.draft if kept else Draft()
    goals = goals_of(before.plus(read), strategy.goals)
    told = with_goals(with_members(read, members), goals)
    return keep_draft(session, strategy, kept, before.plus(told), by, now)


def keep_draft(
    session: Session,
    strategy: Strategy,
    before: KeptDraft | None,
    draft: Draft,
    by: Person,
    now: datetime,
    kind: ActKind = ActKind.DRAFT_EDITED,
) -> KeptDraft:
    """One without a line is gone. `kind` is what was done that left it so."""
    kept = KeptDraft(draft, before.revision + 1 if before else 1, by.id, now)
    if draft.lines:
        drafts.save_draft(session, strategy.workspace_id, strategy.id, kept)
    else:
        drafts.drop_draft(session, strategy.workspace_id, strategy.id)
    was, lines = len(before.draft.lines) if before else 0, len(draft.lines)
    act = Act(kind, by.id, now, before=counted(was, "line"), after=counted(lines, "line"))
    acts.add_act(session, strategy.workspace_id, strategy.id, act)
    return kept


def with_goals(draft: Draft, goals: Sequence[Goal]) -> Draft:
    """Each line says the goal it serves in that goal's own words, where that can be told."""
    return replace(draft, lines=tuple(_served(line, goals) for line in draft.lines))


def _served(line: DraftLine, goals: Sequence[Goal]) -> DraftLine:
    item = line.item
    if not isinstance(item, (DraftInitiative, DraftKpi)):
        return line
    goal = goal_of(item, goals)
    return line if goal is None else replace(line, item=replace(item, goal=goal.text))


def pick(draft: Draft, answers: Answers, goals: Sequence[Goal]) -> Draft:
    """With what was chosen where the draft still asks: what stands there by now is not chosen away."""
    texts = {goal.id: goal.text for goal in goals}
    known = goals_of(draft, goals)
    for line in draft.lines:
        item = line.item
        if item is None:
            continue
        for role, whom in list_people(item):
            chosen = answers.people.get((line.number, role))
            if chosen and not is_known(whom):
                item = with_person(item, role, chosen)
        text = texts.get(answers.goals.get(line.number, 0))
        if text and isinstance(item, (DraftInitiative, DraftKpi)) and goal_of(item, known) is None:
            item = replace(item, goal=text)
        if isinstance(item, DraftInitiative):
            item = replace(item, metrics=_joined(line.number, item.metrics, answers))
        draft = draft.with_line(replace(line, item=item))
    return draft


def _joined(number: int, metrics: Sequence[DraftMetric], answers: Answers) -> tuple[DraftMetric, ...]:
    return tuple(
        replace(metric, kpi=answers.kpis.get((number, position), metric.kpi))
        for position, metric in enumerate(metrics, start=1)
    )


def require_known(session: Session, strategy: Strategy, answers: Answers) -> None:
    """Raises NotFound for a goal that is not the strategy's, and UnknownPeople."""
    if not set(answers.goals.values()) <= {goal.id for goal in strategy.goals}:
        raise NotFound
    people.list_people(session, strategy.workspace_id, answers.people.values())


def keep_picks(
    session: Session, strategy: Strategy, kept: KeptDraft, answers: Answers, by: Person, now: datetime
) -> KeptDraft:
    """Unchanged where nothing was chosen. Raises NotFound and UnknownPeople."""
    require_known(session, strategy, answers)
    draft = pick(kept.draft, answers, strategy.goals)
    return kept if draft == kept.draft else keep_draft(session, strategy, kept, draft, by, now)


def mark_of(part: DraftLine | Columns) -> str:
    """The same as long as a line, or what columns are taken for, is."""
    return hashlib.sha256(repr(part).encode()).hexdigest()[:16]


def replace_line(
    session: Session,
    strategy: Strategy,
    kept: KeptDraft,
    number: int,
    read: Draft,
    answers: Answers,
    members: Sequence[Member],
    by: Person,
    now: datetime,
) -> KeptDraft:
    """With what was read in place of a line, the first of it where the line was; people chosen before stay chosen.

    A line that is gone comes back at the end. Raises NotFound and UnknownPeople.
    """
    require_known(session, strategy, answers)
    before = kept.draft.line(number)
    goals = goals_of(kept.draft.plus(read), strategy.goals)
    told = with_goals(with_members(read, members), goals)
    first, rest = told.lines[:1], replace(told, lines=told.lines[1:])
    if before is None:
        draft = kept.draft.plus(told)
    elif first:
        line = still_chosen(replace(first[0], number=number), before)
        draft = kept.draft.with_line(_chosen(line, before, answers, strategy.goals)).plus(rest)
    else:
        draft = kept.draft.without_line(number)
    return keep_draft(session, strategy, kept, draft, by, now)


def still_chosen(line: DraftLine, before: DraftLine) -> DraftLine:
    """People chosen for the same words stay chosen."""
    item = line.item
    chosen = {(role, whom.words): whom for role, whom in list_people(before.item) if whom and whom.person_id}
    for role, whom in list_people(item):
        known = chosen.get((role, whom.words if whom else ""))
        if item is not None and known is not None and known.person_id and not is_known(whom):
            item = with_person(item, role, known.person_id)
    return replace(line, item=_with_rest_of(item, before.item))


def _with_rest_of(item: DraftItem | None, before: DraftItem | None) -> DraftItem | None:
    """What its words do not say stays: the goal, and what came with it from the strategy before."""
    if isinstance(item, DraftInitiative) and isinstance(before, DraftInitiative):
        said = {one.name: one.kpi for one in before.metrics}
        metrics = tuple(replace(one, kpi=said.get(one.name)) for one in item.metrics)
        kept = replace(item, resources=before.resources, channels=before.channels, metrics=metrics)
        return kept if kept.goal else replace(kept, goal=before.goal)
    if isinstance(item, DraftKpi) and isinstance(before, DraftKpi):
        return replace(item, if_short=before.if_short, goal=item.goal or before.goal)
    return item


def read_line(text: str, cells: tuple[str, ...], line: DraftLine | None, draft: Draft, today: date) -> Draft:
    """Words, or the cells of a row under the headings they stand under in the draft: those without room in the form stay."""
    if cells and line is not None and line.columns is not None:
        columns = draft.columns[line.columns]
        rest = line.cells[len(cells) :] if len(cells) < len(columns.headers) else ()
        rows = read_rows(columns, [(text, (*cells, *rest))], today, line.columns)
        return Draft(tuple(rows))
    return read_plan(text, today)


def discard_draft(session: Session, strategy: Strategy, by: Person, now: datetime) -> None:
    drafts.drop_draft(session, strategy.workspace_id, strategy.id)
    acts.add_act(session, strategy.workspace_id, strategy.id, Act(ActKind.DRAFT_DISCARDED, by.id, now))


def forget_drafts(session: Session, workspace_id: str, now: datetime) -> None:
    """Those that are kept no longer."""
    for strategy_id in drafts.forget_old(session, workspace_id, now - KEPT):
        acts.add_act(session, workspace_id, strategy_id, Act(ActKind.DRAFT_DISCARDED, None, now))


def who_edited(session: Session, kept: KeptDraft, strategy: Strategy) -> str:
    """The name of whoever changed it last."""
    return people.get_person(session, strategy.workspace_id, kept.edited_by).name


def _chosen(line: DraftLine, before: DraftLine, answers: Answers, goals: Sequence[Goal]) -> DraftLine:
    """What was chosen in a line's own form stands, where it is something else than the form was opened with."""
    if line.item is None:
        return line
    item = line.item
    were = {role: whom.person_id if whom else None for role, whom in list_people(before.item)}
    for (_, role), person_id in answers.people.items():
        if person_id != were.get(role):
            item = with_person(item, role, person_id)
    texts = {goal.id: goal.text for goal in goals}
    chosen = texts.get(answers.goals.get(line.number, 0))
    if chosen and isinstance(item, (DraftInitiative, DraftKpi)) and chosen != _goal_text(before.item, goals):
        item = replace(item, goal=chosen)
    return replace(line, item=item)


def _goal_text(item: DraftItem | None, goals: Sequence[Goal]) -> str | None:
    goal = goal_of(item, goals) if isinstance(item, (DraftInitiative, DraftKpi)) else None
    return goal.text if goal else None


def show_draft(
    session: Session,
    strategy: Strategy,
    kept: KeptDraft,
    by: Person,
    now: datetime,
    *,
    problems: Mapping[int, Sequence[str]] | None = None,
    notice: str = "",
) -> DraftShown:
    """As it stands, for one of the leads."""
    workspace_id = strategy.workspace_id
    return DraftShown(
        strategy,
        kept.draft,
        kept.revision,
        local_day(now, by.zone),
        tuple(one.name for one in initiatives.list_initiatives(session, workspace_id, strategy.id)),
        kpis.list_kpis(session, workspace_id, strategy.id),
        problems or {},
        notice,
    )
