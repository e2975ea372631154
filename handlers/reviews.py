"""The monthly review: `/rhythm review`, and what its leads answer and decide."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.initiatives import Initiative, Status
from domain.people import Person
from domain.reviews import Choice, LeadAnswer, LeadChoice, Review
from domain.strategies import Strategy
from handlers.requests import (
    Click,
    Command,
    Routes,
    Subcommand,
    Submission,
    View,
    acts,
    opens,
    shows,
    submits,
)
from services.access import load_as_lead, load_as_member
from services.initiatives.editing import open_edit_form
from services.references import Request, initiative_of, lead_review
from services.reviews.leads import (
    authority_of,
    gather_choices,
    gather_lead_review,
    is_decided_meanwhile,
    record_choice,
    record_lead_answer,
)
from services.reviews.posting import post_review_early, preview_review
from views.reviews import forms
from views.reviews import leads as views
from views.slack import blocks as b
from views.slack.blocks import Payload
from views.slack.references import read_id, read_two_ids


def review(session: Session, command: Command, now: datetime) -> Payload:
    match command.option:
        case "preview":
            _, strategy = load_as_member(session, command.actor, command.channel_id)
            return preview_review(session, strategy, now)
        case "":
            person, strategy = load_as_lead(session, command.actor, command.channel_id)
            return b.text_message(post_review_early(session, strategy, person, now))
    raise DomainError("Run `/rhythm review` to post it now, or `/rhythm review preview` to see it first.")


def _load(session: Session, request: Request, review_id: int) -> tuple[Person, Strategy, Review]:
    """A review that is open, which the actor may decide; raises DomainError."""
    person, strategy, review = lead_review(session, request, review_id)
    if review.closed_at is not None:
        raise DomainError(
            f"The review of {review.period.day(1):%B} is over; its outcome is in its thread in "
            f"<#{strategy.channel_id}>. `/initiative edit` and `/initiative close` still change an initiative."
        )
    return person, strategy, review


def _initiative(session: Session, strategy: Strategy, initiative_id: int) -> Initiative:
    found = initiative_of(session, strategy, initiative_id)
    if found.status is not Status.ACTIVE:
        raise DomainError(f"{found.name} is {found.status.value} by now, so there is nothing to decide.")
    return found


def open_answer(session: Session, click: Click, now: datetime) -> View:
    """Whether the strategy still holds, and what changed in the market."""
    person, strategy, review = _load(session, click, read_id(click.value))
    shown = gather_lead_review(session, strategy, review, now)
    return forms.answer_modal(shown, shown.answers.get(person.id))


def submit_answer(session: Session, submission: Submission, now: datetime) -> None:
    holds, market = forms.read_answer(submission.form.state)
    person, strategy, review = _load(session, submission, read_id(submission.form.metadata))
    answer = LeadAnswer(person.id, holds, market, now)
    record_lead_answer(session, strategy, review, answer, now)


def confirm_strategy(session: Session, click: Click, now: datetime) -> None:
    """It still holds, said in one click; not in place of what the lead has said before."""
    person, strategy, review = _load(session, click, read_id(click.value))
    shown = gather_choices(session, strategy, review)
    if person.id not in shown.answers:
        answer = LeadAnswer(person.id, True, "", now)
        record_lead_answer(session, strategy, review, answer, now)


def open_choice(session: Session, click: Click, now: datetime) -> View:
    """Continue, change or stop: on what evidence."""
    review_id, initiative_id = read_two_ids(click.value)
    person, strategy, review = _load(session, click, review_id)
    initiative = _initiative(session, strategy, initiative_id)
    return _choice_form(
        session, person, strategy, review, initiative, views.CHOICE_ACTIONS[click.action_id], None, now
    )


def continue_on_track(session: Session, click: Click, now: datetime) -> None:
    """Those that the button was shown with, as far as they are undecided and on track still."""
    review_id, *initiative_ids = map(read_id, click.value.split(":"))
    person, strategy, review = _load(session, click, review_id)
    named = [initiative_of(session, strategy, one).id for one in initiative_ids]
    shown = gather_lead_review(session, strategy, review, now)
    for initiative in shown.on_track:
        if initiative.id in named:
            made = LeadChoice(initiative.id, Choice.CONTINUE, "", None, person.id, now)
            record_choice(session, strategy, review, initiative, made, now)


def continue_one(session: Session, click: Click, now: datetime) -> None:
    """Of what another lead has decided meanwhile nothing is replaced unseen."""
    review_id, initiative_id = read_two_ids(click.value)
    person, strategy, review = _load(session, click, review_id)
    initiative = _initiative(session, strategy, initiative_id)
    stands = gather_choices(session, strategy, review).choices.get(initiative.id)
    if stands is not None and stands.person_id != person.id:
        raise DomainError(
            f"Another lead has decided for {initiative.name} already; your message shows it. "
            "“Continue…” there replaces it."
        )
    if stands is None or stands.choice is not Choice.CONTINUE:
        made = LeadChoice(initiative.id, Choice.CONTINUE, "", None, person.id, now)
        record_choice(session, strategy, review, initiative, made, now)


def _choice_form(
    session: Session,
    person: Person,
    strategy: Strategy,
    review: Review,
    initiative: Initiative,
    choice: Choice,
    typed: forms.Chosen | None,
    now: datetime,
) -> View:
    given = authority_of(session, initiative)
    shown = gather_lead_review(session, strategy, review, now)
    [initiative] = (one for one in shown.initiatives if one.id == initiative.id)
    return forms.choice_modal(shown, initiative, choice, given, person.id, typed)


def submit_choice(session: Session, submission: Submission, now: datetime) -> View | None:
    """Another lead's choice that it did not show comes back in it first; after “change” the initiative's form follows."""
    ref = forms.read_choice_metadata(submission.form.metadata)
    typed = forms.read_choice(submission.form.state, ref.choice)
    person, strategy, review = _load(session, submission, ref.review_id)
    initiative = _initiative(session, strategy, ref.initiative_id)
    if is_decided_meanwhile(session, review, initiative, person.id, ref.seen_id):
        return _choice_form(session, person, strategy, review, initiative, ref.choice, typed, now)
    made = LeadChoice(
        initiative.id,
        ref.choice,
        typed.evidence,
        typed.authority_holds,
        person.id,
        now,
        typed.changed,
    )
    record_choice(session, strategy, review, initiative, made, now)
    if ref.choice is not Choice.CHANGE:
        return None
    return open_edit_form(session, strategy, initiative, person, "", typed.evidence)


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "review",
                "[preview]",
                "post the monthly review now; preview shows it only to you",
                shows(review),
            ),
        )
    },
    clicks={
        views.ANSWER: opens(open_answer),
        views.HOLDS: acts(confirm_strategy),
        views.CONTINUE_ONE: acts(continue_one),
        views.CONTINUE_ALL: acts(continue_on_track),
        **dict.fromkeys(views.CHOICE_ACTIONS, opens(open_choice)),
    },
    submissions={forms.ANSWER_FORM: submits(submit_answer), forms.CHOICE_FORM: submits(submit_choice)},
)
