"""`/rhythm import`: a plan pasted, shown line by line, corrected, and started."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from domain.errors import DomainError, FieldErrors, NotFound
from domain.people import Person
from domain.reading.drafts.files import MAX_PLAN_BYTES
from domain.reading.drafts.plans import read_plan
from domain.reading.people import Member
from domain.schedules import local_day
from domain.strategies import Strategy
from handlers.requests import (
    Click,
    Command,
    Deps,
    Handler,
    Reply,
    Routes,
    SlackFile,
    Subcommand,
    Submission,
    View,
    form_of,
    is_first,
    opens,
    redraws,
    replies,
)
from services.access import load_as_lead
from services.drafts.columns import find_columns, take_columns
from services.drafts.editing import (
    add_to_draft,
    discard_draft,
    find_draft,
    keep_draft,
    keep_picks,
    mark_of,
    read_line,
    replace_line,
    show_draft,
    who_edited,
)
from services.drafts.offers import hand_out_template, is_read_first, keep_file, keep_text
from services.drafts.starting import start_draft, tell_unread
from services.quarters import copy_plan, list_sources, open_paste_form
from services.reading_first import read_first
from services.references import lead_source, lead_strategy, own_note
from views.drafts import columns as column_views
from views.drafts import forms as views
from views.drafts import messages, words
from views.drafts.messages import PlanRef
from views.drafts.reading import read_answers
from views.slack.references import read_id, read_number

MOST_PAGES = 200
GONE = (
    "There is no draft any more: it was started, discarded or left alone for a month. "
    "`/rhythm import` begins another."
)
LINE_GONE = (
    "This line is gone: somebody left it out or started it. `/rhythm import` shows the plan as it stands."
)
TABLE_GONE = (
    "This table is gone: the plan it was in was started or discarded. `/rhythm import` shows what there is."
)
NOTHING = "I found no line that could be part of a plan. Such as: Newsletter relaunch @maya by 31 March"


def open_import(session: Session, command: Command, now: datetime) -> View:
    """The draft where there is one, else the form to paste a plan into."""
    person, strategy = load_as_lead(session, command.actor, command.channel_id)
    kept = find_draft(session, strategy, now)
    if kept is None:
        hand_out_template(session, strategy, person, now)
        return open_paste_form(session, strategy, person)
    return views.draft_modal(show_draft(session, strategy, kept, person, now))


async def submit_plan(deps: Deps, submission: Submission) -> Reply:
    """Fetching a file may take longer than Slack waits, so it is read afterwards."""
    members = await _list_members(deps, submission)
    _, file_id = views.read_paste_form(submission.form.state)
    if not file_id:
        return Reply(update=await deps.transact(_keep_plan, submission, members, deps.now()))
    ref = views.DraftRef.read(submission.form.metadata)
    source = PlanRef(strategy_id=ref.strategy_id, file_id=file_id)
    return Reply(update=views.reading_modal(), after=partial(_read_file, source, members))


async def read_plan_of(deps: Deps, click: Click) -> Reply | None:
    """What was sent in the direct message is a plan, says whoever sent it."""
    source = PlanRef.read(click.value)
    _, strategy = await deps.transact(lead_strategy, click, source.strategy_id)
    members = await deps.slack.list_members(strategy.channel_id) or ()
    if source.file_id:
        return Reply(after=partial(_read_file, source, members))
    view = await deps.transact(_keep_message, click, source, members, deps.now())
    await deps.slack.open_view(click.trigger_id, view)
    return None


async def _read_file(
    source: PlanRef, members: Sequence[Member], deps: Deps, request: Click | Submission
) -> None:
    file = await deps.slack.read_file(source.file_id, request.actor.person_id, MAX_PLAN_BYTES)
    await deps.transact(_keep_file, request, source, file, members, deps.now())


def _keep_file(
    session: Session,
    request: Click | Submission,
    source: PlanRef,
    file: SlackFile,
    members: Sequence[Member],
    now: datetime,
) -> None:
    person, strategy = lead_strategy(session, request, source.strategy_id)
    if is_read_first(session, strategy, source.file_id, now):
        keep_file(session, strategy, file.name, file.content, members, person, now)


def _keep_message(
    session: Session, click: Click, source: PlanRef, members: Sequence[Member], now: datetime
) -> View:
    person, strategy = lead_strategy(session, click, source.strategy_id)
    note = own_note(session, click, source.channel_id, source.ts)
    if is_read_first(session, strategy, f"{note.channel_id}/{note.ts}/{note.version}", now):
        keep_text(session, strategy, note.text, members, person, now)
    return _shown(session, strategy, person, now)


def open_draft(session: Session, click: Click, now: datetime) -> View:
    person, strategy = lead_strategy(session, click, read_id(click.value))
    return _shown(session, strategy, person, now)


def _with_members(keep: Callable[[Session, Submission, Sequence[Member], datetime], View]) -> Handler:
    """A form that names people: who is in the strategy's channel is asked of Slack first."""

    async def submit(deps: Deps, submission: Submission) -> Reply:
        members = await _list_members(deps, submission)
        return Reply(update=await deps.transact(keep, submission, members, deps.now()))

    return submit


async def _list_members(deps: Deps, submission: Submission) -> Sequence[Member]:
    """Those of the strategy's channel; nobody where Slack is slow to say: then people are chosen."""
    ref = views.DraftRef.read(submission.form.metadata)
    _, strategy = await deps.transact(lead_strategy, submission, ref.strategy_id)
    return await deps.slack.list_members(strategy.channel_id) or ()


def _keep_plan(session: Session, submission: Submission, members: Sequence[Member], now: datetime) -> View:
    _, person, strategy = _led(session, submission)
    text, _ = views.read_paste_form(submission.form.state)
    read = read_first(session, read_plan, text, local_day(now, person.zone))
    if not read.lines:
        raise FieldErrors({views.plan_field(submission.form.state): NOTHING})
    if is_first(session, submission, now):
        add_to_draft(session, strategy, read, members, person, now)
    return _shown(session, strategy, person, now)


def _keep_line(session: Session, submission: Submission, members: Sequence[Member], now: datetime) -> View:
    """What somebody else made of the line meanwhile is shown first, with what was typed below it."""
    (ref, person, strategy), state = _led(session, submission), submission.form.state
    kept = find_draft(session, strategy, now)
    if ref.line is None:
        raise NotFound
    if kept is None:
        return views.notice_modal(GONE)
    line = kept.draft.line(ref.line)
    if line is not None and mark_of(line) != ref.mark:
        notice = words.changed_words(who_edited(session, kept, strategy))
        shown = show_draft(session, strategy, kept, person, now)
        return views.line_modal(shown, line, mark_of(line), ref.page, notice=notice, typed=state)
    text, cells = views.read_line_form(state)
    read = read_first(session, read_line, text, cells, line, kept.draft, local_day(now, person.zone))
    if is_first(session, submission, now):
        answers = read_answers(state)
        replace_line(session, strategy, kept, ref.line, read, answers, members, person, now)
    return _shown(session, strategy, person, now, page=ref.page)


def _keep_columns(session: Session, submission: Submission, members: Sequence[Member], now: datetime) -> View:
    """What somebody else made of the columns meanwhile is shown first, with what was chosen below it."""
    (ref, person, strategy), state = _led(session, submission), submission.form.state
    kept = find_draft(session, strategy, now)
    if ref.table is None:
        raise NotFound
    columns = find_columns(kept.draft, ref.table) if kept else None
    if kept is None or columns is None:
        raise DomainError(TABLE_GONE)
    if not is_first(session, submission, now):
        return _shown(session, strategy, person, now, page=ref.page)
    if mark_of(columns) != ref.mark:
        notice = words.taken_words(who_edited(session, kept, strategy))
        shown = show_draft(session, strategy, kept, person, now, notice=notice)
        return column_views.columns_modal(shown, ref.table, mark_of(columns), ref.page, typed=state)
    fields = column_views.read_columns_form(state, columns)
    take_columns(session, strategy, kept, ref.table, fields, members, person, now)
    return _shown(session, strategy, person, now, page=ref.page)


def start(session: Session, submission: Submission, now: datetime) -> Reply:
    ref, person, strategy = _led(session, submission)
    kept = find_draft(session, strategy, now)
    if kept is None:
        return Reply(update=views.notice_modal(GONE))
    if kept.revision != ref.revision:
        notice = words.newer_words(who_edited(session, kept, strategy))
        return Reply(update=_shown(session, strategy, person, now, page=ref.page, notice=notice))
    answers = read_answers(submission.form.state)
    if not is_first(session, submission, now):
        return Reply(update=_shown(session, strategy, person, now))
    started = start_draft(session, strategy, kept, answers, person, now)
    tell_unread(session, started, person, now)
    notice = words.started_words(started.made)
    if not started.kept.draft.lines:
        return Reply(update=views.notice_modal(notice))
    shown = show_draft(
        session, started.strategy, started.kept, person, now, problems=started.problems, notice=notice
    )
    return Reply(update=views.draft_modal(shown))


def turn(session: Session, click: Click, now: datetime) -> View:
    _, person, strategy = _acting(session, click, now)
    return _shown(session, strategy, person, now, page=read_number(click.value, MOST_PAGES))


def edit_line(session: Session, click: Click, now: datetime) -> View:
    ref, person, strategy = _acting(session, click, now)
    kept = find_draft(session, strategy, now)
    line = kept.draft.line(read_id(click.value)) if kept else None
    if kept is None or line is None:
        raise DomainError(LINE_GONE)
    return views.line_modal(show_draft(session, strategy, kept, person, now), line, mark_of(line), ref.page)


def edit_columns(session: Session, click: Click, now: datetime) -> View:
    ref, person, strategy = _acting(session, click, now)
    position = read_number(click.value, MOST_PAGES)
    kept = find_draft(session, strategy, now)
    columns = find_columns(kept.draft, position) if kept else None
    if kept is None or columns is None:
        raise DomainError(TABLE_GONE)
    shown = show_draft(session, strategy, kept, person, now)
    return column_views.columns_modal(shown, position, mark_of(columns), ref.page)


def add_lines(session: Session, click: Click, now: datetime) -> View:
    _, person, strategy = _acting(session, click, now)
    kept = find_draft(session, strategy, now)
    return open_paste_form(session, strategy, person, kept.revision if kept else 0)


def take_example(session: Session, click: Click, now: datetime) -> View:
    """Below what is typed already, to be changed like it."""
    ref, person, strategy = _led(session, click)
    sources = list_sources(session, strategy, person)
    return views.with_example(strategy, ref, form_of(click).state, click.value, sources)


def copy_strategy(session: Session, click: Click, now: datetime) -> View:
    """What goes on of another one, with what is typed already, line by line."""
    _, person, strategy = _led(session, click)
    _, source = lead_source(session, click, read_id(click.value))
    if source.id == strategy.id:
        raise NotFound
    copy_plan(session, strategy, source, views.typed_plan(form_of(click).state), person, now)
    return _shown(session, strategy, person, now)


def leave_line_out(session: Session, click: Click, now: datetime) -> View:
    ref, person, strategy = _acting(session, click, now)
    kept = find_draft(session, strategy, now)
    line = kept.draft.line(read_id(click.value)) if kept else None
    if kept is None or line is None:
        raise DomainError(LINE_GONE)
    if mark_of(line) != ref.mark:
        notice = words.changed_words(who_edited(session, kept, strategy))
        return _shown(session, strategy, person, now, page=ref.page, notice=notice)
    keep_draft(session, strategy, kept, kept.draft.without_line(line.number), person, now)
    return _shown(session, strategy, person, now, page=ref.page)


def discard(session: Session, click: Click, now: datetime) -> View:
    ref, person, strategy = _led(session, click)
    kept = find_draft(session, strategy, now)
    if kept is not None and kept.revision != ref.revision:
        notice = words.newer_words(who_edited(session, kept, strategy))
        return _shown(session, strategy, person, now, page=ref.page, notice=notice)
    discard_draft(session, strategy, person, now)
    return views.notice_modal("The draft is gone; what had started goes on. `/rhythm import` begins another.")


def _led(session: Session, request: Click | Submission) -> tuple[views.DraftRef, Person, Strategy]:
    """What a form about a draft carries, and its strategy, for a lead of it."""
    ref = views.DraftRef.read(form_of(request).metadata)
    return ref, *lead_strategy(session, request, ref.strategy_id)


def _acting(session: Session, click: Click, now: datetime) -> tuple[views.DraftRef, Person, Strategy]:
    """Whoever acts on a draft; what they have chosen in its form is kept, where it is of the draft as it stands."""
    form, (ref, person, strategy) = form_of(click), _led(session, click)
    if form.callback_id == views.FORM:
        kept = find_draft(session, strategy, now)
        if kept is not None and kept.revision == ref.revision:
            keep_picks(session, strategy, kept, read_answers(form.state), person, now)
    return ref, person, strategy


def _shown(
    session: Session, strategy: Strategy, person: Person, now: datetime, *, page: int = 0, notice: str = ""
) -> View:
    kept = find_draft(session, strategy, now)
    if kept is None:
        return views.notice_modal(GONE)
    return views.draft_modal(show_draft(session, strategy, kept, person, now, notice=notice), page)


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "import", "", "a whole plan, pasted or from a file: see it, then start it", opens(open_import)
            ),
        )
    },
    clicks={
        **dict.fromkeys(views.TURNS, redraws(turn)),
        views.SHOW: redraws(turn),
        views.EDIT: redraws(edit_line),
        views.COLUMNS: redraws(edit_columns),
        views.ADD: redraws(add_lines),
        views.EXAMPLE: redraws(take_example),
        views.COPY: redraws(copy_strategy),
        messages.OPEN: opens(open_draft),
        **dict.fromkeys(messages.READ, read_plan_of),
        views.LEAVE_OUT: redraws(leave_line_out),
        views.DISCARD: redraws(discard),
    },
    submissions={
        views.PASTE_FORM: submit_plan,
        views.FORM: replies(start),
        views.LINE_FORM: _with_members(_keep_line),
        column_views.COLUMNS_FORM: _with_members(_keep_columns),
    },
)
