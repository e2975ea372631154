"""Answering check-ins: one click, the form, *Same as last week*, and `/checkin`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.check_ins import Answer, BlockerOutcome
from domain.decisions import Ask
from domain.errors import DomainError
from domain.healths import Health
from domain.initiatives import unlikely_values
from domain.people import Person
from domain.reading.mentions import find_mentioned
from handlers.requests import (
    Click,
    Command,
    Deps,
    Reply,
    Routes,
    Subcommand,
    Submission,
    View,
    acts,
    opens,
    redraws,
    submits,
)
from services.access import load_actor
from services.check_ins.answering import (
    Answering,
    find_owner,
    list_open_answering,
    load_answering,
    open_early,
)
from services.check_ins.answers import (
    hold_back,
    record_all_on_track,
    record_form,
    record_health,
    record_rows,
    record_trouble,
    record_values,
    repeat_last_week,
    settle_blocker,
    settle_promise,
)
from services.check_ins.prompts import build_prompt, snooze_check_in
from services.confidence import load_asking, record_confidence
from services.decisions.asks import (
    find_sponsor_id,
    offer_ask,
    open_decision,
    require_asked_well,
    tell_if_away,
)
from services.milestones import list_milestones_of
from services.notes.messages import answer_questions
from services.notes.readings import METRIC
from services.readings import report_numbers
from services.references import own_note
from services.retrospectives import finish_milestone
from views.check_ins import forms, together
from views.check_ins import prompts as views
from views.check_ins.follow_ups import RESOLVED, SETTLES, STILL
from views.check_ins.prompts import Prompt
from views.check_ins.questions import FORM as UNLIKELY
from views.check_ins.questions import UnlikelyRef, read_unlikely, unlikely_modal
from views.confidence import read_confidence
from views.decisions.forms import read_need
from views.milestones import read_done
from views.notes import WHY
from views.readings import NUMBERS
from views.slack.fields import read_both, untouched
from views.slack.references import read_id, read_two_ids

OUTCOMES = {RESOLVED: BlockerOutcome.RESOLVED, STILL: BlockerOutcome.STILL}


async def click_health(deps: Deps, click: Click) -> Reply | None:
    """Stored at once; at risk and off track then ask why in a form that may just be closed."""
    health = views.HEALTH_ACTIONS[click.action_id]
    view = await deps.transact(record_click, click, health, deps.now())
    if view is not None:
        recorded = f"{health.label.capitalize()} is recorded."
        await deps.slack.open_view(click.trigger_id, view, recorded=recorded)
    return None


def record_click(session: Session, click: Click, health: Health, now: datetime) -> View | None:
    ctx, initiative_id = _load_line(session, click, now)
    ctx = record_health(session, ctx, initiative_id, health, now)
    return None if health is Health.ON_TRACK else _trouble_form(session, ctx, initiative_id, now)


def show_why(session: Session, click: Click, now: datetime) -> View:
    """What is in the way of a health that was written."""
    ctx, initiative_id = _load_line(session, click, now)
    if ctx.line(initiative_id).answer.health is None:  # taken back since
        return show_update(session, click, now)
    return _trouble_form(session, ctx, initiative_id, now)


def _trouble_form(session: Session, ctx: Answering, initiative_id: int, now: datetime) -> View:
    line = ctx.line(initiative_id)
    offer = offer_ask(session, ctx.strategy, line.initiative, ctx.actor, now)
    return forms.trouble_modal(build_prompt(session, ctx, now), line, offer)


def show_update(session: Session, click: Click, now: datetime) -> View:
    """The form of one initiative: from the prompt, or in the window of the list of `/checkin`."""
    ctx, initiative_id = _load_line(session, click, now)
    return _update_form(session, ctx, initiative_id, now)


def _update_form(session: Session, ctx: Answering, initiative_id: int, now: datetime) -> View:
    line = ctx.line(initiative_id)
    offer = offer_ask(session, ctx.strategy, line.initiative, ctx.actor, now)
    asked = load_asking(session, ctx, now).get(initiative_id)
    return forms.update_modal(build_prompt(session, ctx, now), line, offer, asked)


def _load(session: Session, click: Click, now: datetime) -> Answering:
    return load_answering(session, click, read_id(click.value), now)


def _load_line(session: Session, request: Click | Submission, now: datetime) -> tuple[Answering, int]:
    """A check-in and the initiative in it that a button, or a form, is about."""
    about = request.value if isinstance(request, Click) else request.form.metadata
    check_in_id, initiative_id = read_two_ids(about)
    return load_answering(session, request, check_in_id, now), initiative_id


def submit_check_in(session: Session, submission: Submission, now: datetime) -> View | None:
    ctx, initiative_id = _load_line(session, submission, now)
    line = ctx.line(initiative_id)
    state = submission.form.state
    kept = untouched(submission.form.view, state)
    sponsor_id = find_sponsor_id(session, line.initiative)
    asking = load_asking(session, ctx, now)
    (answer, ask), given = read_both(
        lambda: read_both(
            lambda: forms.read_update(state, line.initiative, line.answer, kept),
            lambda: read_need(state, sponsor_id, ctx.strategy.zone, now),
        ),
        lambda: read_confidence(state, [line.initiative], asking, kept),
    )
    _open_ask(session, ctx, initiative_id, ask, now)
    for milestone in read_done(state, list_milestones_of(session, line.initiative)):
        finish_milestone(session, line.initiative, milestone, ctx.actor.id, now)
    answer, held = hold_back(line.initiative, answer, line.answer)
    ctx = record_form(session, ctx, answer, now, forms.read_emptied(state, line))
    record_confidence(session, ctx, asking, given, now)
    if held:
        return unlikely_modal(ctx.check_in, ctx.initiative(initiative_id), held)
    if ctx.check_in.message_id is None and ctx.check_in.missing:
        return forms.list_modal([build_prompt(session, ctx, now)])
    return None


def _open_ask(session: Session, ctx: Answering, initiative_id: int, ask: Ask | None, now: datetime) -> None:
    if ask is None:
        return
    require_asked_well(session, ctx.strategy, ask, now)
    about = {"initiative_id": initiative_id, "check_in_id": ctx.check_in.id}
    decision = open_decision(session, ctx.strategy, ask, by=ctx.actor, now=now, **about)
    tell_if_away(session, ctx.strategy, decision, ctx.actor, now)


def submit_unlikely(session: Session, submission: Submission, now: datetime) -> View | None:
    """What is saved as it was asked about is meant; another unlikely value is asked about in its turn."""
    ref = UnlikelyRef.read(submission.form.metadata)
    if ref.note is not None:
        own_note(session, submission, ref.note.channel_id, ref.note.ts)
    ctx = load_answering(session, submission, ref.check_in_id, now)
    initiative = ctx.initiative(ref.initiative_id)
    values = read_unlikely(submission.form.state, initiative, ref)
    unmeant = {id_: value for id_, value in values.items() if str(value) != ref.asked[id_]}
    held = unlikely_values(initiative, unmeant)
    ctx = record_values(
        session, ctx, initiative.id, {id_: value for id_, value in values.items() if id_ not in held}, now
    )
    if ref.note is not None:
        answered = {id_ for id_ in ref.asked if id_ not in held}
        answer_questions(session, submission, ref.note, METRIC, answered, now)
    return unlikely_modal(ctx.check_in, initiative, held, ref.note) if held else None


def submit_trouble(session: Session, submission: Submission, now: datetime) -> None:
    ctx, initiative_id = _load_line(session, submission, now)
    line, state = ctx.line(initiative_id), submission.form.state
    kept = untouched(submission.form.view, state)
    sponsor_id = find_sponsor_id(session, line.initiative)
    blocker, ask = read_both(
        lambda: forms.read_trouble(state, line, kept),
        lambda: read_need(state, sponsor_id, ctx.strategy.zone, now),
    )
    _open_ask(session, ctx, initiative_id, ask, now)
    record_trouble(session, ctx, initiative_id, blocker, now)


def answer_blocker(session: Session, click: Click, now: datetime) -> None:
    ctx, initiative_id = _load_line(session, click, now)
    settle_blocker(session, ctx, initiative_id, OUTCOMES[click.action_id], now)


def answer_promise(session: Session, click: Click, now: datetime) -> None:
    ctx, initiative_id = _load_line(session, click, now)
    settle_promise(session, ctx, initiative_id, SETTLES[click.action_id], now)


def repeat(session: Session, click: Click, now: datetime) -> None:
    repeat_last_week(session, _load(session, click, now), now)


def say_all_on_track(session: Session, click: Click, now: datetime) -> None:
    record_all_on_track(session, _load(session, click, now), now)


def show_update_all(session: Session, click: Click, now: datetime) -> View:
    ctx = _load(session, click, now)
    return together.update_all_modal(build_prompt(session, ctx, now), load_asking(session, ctx, now))


def show_numbers(session: Session, click: Click, now: datetime) -> View:
    ctx = _load(session, click, now)
    return together.numbers_modal(build_prompt(session, ctx, now))


def submit_all(session: Session, submission: Submission, now: datetime) -> View | None:
    ctx = load_answering(session, submission, read_id(submission.form.metadata), now)
    prompt, state = build_prompt(session, ctx, now), submission.form.state
    kept, asking = untouched(submission.form.view, state), load_asking(session, ctx, now)
    (rows, numbers), given = read_both(
        lambda: read_both(
            lambda: together.read_rows(state, prompt, kept),
            lambda: together.read_numbers(state, prompt, kept),
        ),
        lambda: read_confidence(state, ctx.initiatives, asking, kept),
    )
    ctx, asked = _record_all(session, ctx, prompt, rows, numbers, {}, now)
    record_confidence(session, ctx, asking, given, now)
    return asked


def submit_numbers(session: Session, submission: Submission, now: datetime) -> View | None:
    ref = together.NumbersRef.read(submission.form.metadata)
    ctx = load_answering(session, submission, ref.check_in_id, now)
    prompt = build_prompt(session, ctx, now)
    kept = untouched(submission.form.view, submission.form.state) - ref.asked.keys()
    numbers = together.read_numbers(submission.form.state, prompt, kept)
    _, asked = _record_all(session, ctx, prompt, (), numbers, ref.asked, now)
    return asked


def _record_all(
    session: Session,
    ctx: Answering,
    prompt: Prompt,
    rows: Sequence[Answer],
    numbers: together.Numbers,
    asked: Mapping[str, str],
    now: datetime,
) -> tuple[Answering, View | None]:
    """What is beyond doubt; the numbers that are not are asked about in the same window."""
    held = together.hold_numbers(numbers, prompt, asked)
    sure = {id_: value for id_, value in numbers.items() if id_ not in held}
    ctx = record_rows(session, ctx, rows, together.by_id(sure, "metric"), now)
    report_numbers(session, ctx.strategy, prompt.kpis, together.by_id(sure, "kpi"), ctx.actor, now)
    return ctx, together.numbers_modal(build_prompt(session, ctx, now), held) if held else None


def snooze(session: Session, click: Click, now: datetime) -> None:
    snooze_check_in(session, _load(session, click, now), now)


def open_check_ins(session: Session, request: Command, now: datetime) -> View:
    """`/checkin`, or `/checkin @person` for a lead: opens what is open."""
    actor = load_actor(session, request.actor)
    owner = _whose(session, request, actor)
    open_now = list_open_answering(session, owner, actor, now)
    if not open_now:
        raise DomainError(_nothing_to_answer(owner, actor))
    asked = [(ctx, {initiative.id for initiative in ctx.initiatives}) for ctx in open_now]
    missing = [(ctx, id_) for ctx, ids in asked for id_ in ctx.check_in.missing if id_ in ids]
    if len(missing) == 1 and len(open_now) == 1:
        ctx, initiative_id = missing[0]
        return _update_form(session, ctx, initiative_id, now)
    prompts = [build_prompt(session, ctx, now) for ctx in open_now]
    return forms.list_modal(prompts, "" if missing else "Everything is answered for this week.")


def _whose(session: Session, request: Command, actor: Person) -> Person:
    """The caller, or the person named, for whom a lead may answer."""
    if not request.text:
        return actor
    named = find_mentioned(request.text)
    if named is None:
        raise DomainError("Name the person with @, like `/checkin @ben`, or run `/checkin` for your own.")
    return find_owner(session, actor, named, request.channel_id)


def answer_early(session: Session, click: Click, now: datetime) -> View:
    ctx = _load(session, click, now)
    early = open_early(session, ctx.strategy, ctx.owner, ctx.actor, now)
    if len(early.initiatives) == 1:
        return _update_form(session, early, early.initiatives[0].id, now)
    return forms.list_modal(
        [build_prompt(session, early, now)], "Answered now, it spares you the next check-in."
    )


def _nothing_to_answer(owner: Person, actor: Person) -> str:
    if owner.id != actor.id:
        return f"{owner.name} owns no active initiative that has begun, so there is nothing to answer."
    return (
        "You own no active initiative that has begun, so there is nothing to answer. "
        "`/initiative list` shows who owns what."
    )


ROUTES = Routes(
    commands={
        "/checkin": (
            Subcommand("", "", "answer or edit your check-ins now", opens(open_check_ins)),
            Subcommand(
                "",
                "@person",
                "a lead answers for somebody, and it shows",
                opens(open_check_ins),
                by_button=False,
            ),
        )
    },
    clicks={
        **dict.fromkeys(views.HEALTH_ACTIONS, click_health),
        views.UPDATE: opens(show_update),
        WHY: opens(show_why),
        forms.CHOOSE: redraws(show_update),
        **dict.fromkeys(OUTCOMES, acts(answer_blocker)),
        **dict.fromkeys(SETTLES, acts(answer_promise)),
        views.ALL_ON_TRACK: acts(say_all_on_track),
        views.UPDATE_ALL: opens(show_update_all),
        NUMBERS: opens(show_numbers),
        views.SAME: acts(repeat),
        views.SNOOZE: acts(snooze),
        forms.EARLY: redraws(answer_early),
    },
    submissions={
        forms.FORM: submits(submit_check_in),
        forms.TROUBLE_FORM: submits(submit_trouble),
        UNLIKELY: submits(submit_unlikely),
        together.FORM: submits(submit_all),
        together.NUMBERS_FORM: submits(submit_numbers),
    },
)
