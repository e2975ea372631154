"""The monthly review: `/rhythm review`, and what its leads answer and decide."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.initiatives import Initiative, Status
from domain.people import Person
from domain.periods import Month
from domain.reviews import Choice, LeadAnswer, LeadChoice, Review, review_facts
from domain.schedules import local_day
from domain.strategies import Strategy, review_at
from handlers.requests import (
    Click,
    Command,
    Deps,
    Reply,
    Routes,
    Subcommand,
    Submission,
    View,
    opens,
    submits,
)
from services.access import load_as_lead, load_as_member
from services.initiatives import open_edit_form
from services.references import Request, initiative_of, lead_review
from services.reviews import (
    gather_lead_review,
    gather_review,
    post_review,
    redraw_lead_messages,
    review_closes_at,
)
from storage import kickoffs, reviews
from views.reviews import leads as views
from views.reviews.messages import review_preview
from views.slack import blocks as b
from views.slack.references import read_id, read_two_ids


async def review(deps: Deps, command: Command) -> Reply:
    match command.text.lower():
        case "preview":
            return await deps.transact(_preview, command, deps.now())
        case "":
            return await deps.transact(_post, command, deps.now())
    raise DomainError("Run `/rhythm review` to post it now, or `/rhythm review preview` to see it first.")


def _preview(session: Session, command: Command, now: datetime) -> Reply:
    _, strategy = load_as_member(session, command.actor, command.channel_id)
    period = Month.of(local_day(now, strategy.zone))
    facts = review_facts(gather_review(session, strategy, period, now))
    posted = reviews.find_review(session, strategy.workspace_id, strategy.id, period)
    until = review_closes_at(strategy, period, posted.posted_at if posted else now)
    return Reply(message=review_preview(facts, until))


def _post(session: Session, command: Command, now: datetime) -> Reply:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    period = Month.of(local_day(now, strategy.zone))
    was_there = reviews.find_review(session, strategy.workspace_id, strategy.id, period)
    post_review(session, strategy, period, now)
    where = f"<#{strategy.channel_id}>"
    if was_there is not None:
        text = f"The review of {period.day(1):%B} is in {where} already; I am bringing it up to date."
    else:
        text = f"I am posting the review of {period.day(1):%B} in {where} and asking its leads."
        if review_at(strategy, period) > now:
            text += " The scheduled one will update it."
    return Reply(message=b.text_message(text))


@dataclass(frozen=True, slots=True)
class _Loaded:
    person: Person
    strategy: Strategy
    review: Review


def _load(session: Session, request: Request, review_id: int) -> _Loaded:
    """A review that is open, which the actor may decide; raises DomainError."""
    person, strategy, review = lead_review(session, request, review_id)
    if review.closed_at is not None:
        raise DomainError(
            f"The review of {review.period.day(1):%B} is over; its outcome is in its thread in "
            f"<#{strategy.channel_id}>. `/initiative edit` and `/initiative close` still change an initiative."
        )
    return _Loaded(person, strategy, review)


def _initiative(session: Session, loaded: _Loaded, initiative_id: int) -> Initiative:
    found = initiative_of(session, loaded.strategy, initiative_id)
    if found.status is not Status.ACTIVE:
        raise DomainError(f"{found.name} is {found.status.value} meanwhile, so there is nothing to decide.")
    return found


def open_answer(session: Session, click: Click, now: datetime) -> View:
    """Whether the strategy still holds, and what changed in the market."""
    loaded = _load(session, click, read_id(click.value))
    shown = gather_lead_review(session, loaded.strategy, loaded.review)
    return views.answer_modal(shown, shown.answers.get(loaded.person.id))


def submit_answer(session: Session, submission: Submission, now: datetime) -> None:
    holds, market = views.read_answer(submission.form.state)
    loaded = _load(session, submission, read_id(submission.form.metadata))
    answer = LeadAnswer(loaded.person.id, holds, market, now)
    reviews.save_lead_answer(session, loaded.review, answer)
    redraw_lead_messages(session, loaded.strategy, loaded.review, now)


def open_choice(session: Session, click: Click, now: datetime) -> View:
    """Continue, change or stop: on what evidence."""
    review_id, initiative_id = read_two_ids(click.value)
    loaded = _load(session, click, review_id)
    initiative = _initiative(session, loaded, initiative_id)
    charter = kickoffs.list_charters(session, initiative.workspace_id, [initiative.id]).get(initiative.id)
    given = (
        "; ".join(filter(None, (charter.may_decide, charter.budget, charter.resources))) if charter else ""
    )
    shown = gather_lead_review(session, loaded.strategy, loaded.review)
    return views.choice_modal(shown, initiative, views.CHOICE_ACTIONS[click.action_id], given)


def submit_choice(session: Session, submission: Submission, now: datetime) -> View | None:
    """After “change” the initiative's own form follows in the same window."""
    evidence, authority = views.read_choice(submission.form.state)
    review_id, initiative_id, choice = views.read_choice_metadata(submission.form.metadata)
    loaded = _load(session, submission, review_id)
    initiative = _initiative(session, loaded, initiative_id)
    made = LeadChoice(initiative.id, choice, evidence, authority, loaded.person.id, now)
    reviews.save_choice(session, loaded.review, made)
    redraw_lead_messages(session, loaded.strategy, loaded.review, now)
    if choice is not Choice.CHANGE:
        return None
    return open_edit_form(session, loaded.strategy, initiative, loaded.person, "")


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "review", "[preview]", "post the monthly review now; preview shows it only to you", review
            ),
        )
    },
    clicks={views.ANSWER: opens(open_answer), **dict.fromkeys(views.CHOICE_ACTIONS, opens(open_choice))},
    submissions={views.ANSWER_FORM: submits(submit_answer), views.CHOICE_FORM: submits(submit_choice)},
)
