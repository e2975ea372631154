"""`/rhythm digest`: post the digest now, or see what it would say; *Show me a digest*: an example."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.digests.example import example_facts
from domain.errors import DomainError
from domain.periods import Week
from domain.schedules import local_day
from handlers.requests import Click, Command, Routes, Subcommand, Submission, View, opens, shows, submits
from services.access import load_actor, load_as_lead, load_as_member
from services.digests import post_early, preview_digest
from services.seen_marks import find_word, load_seen_line, mark_seen, say_word
from views.digests import messages as views
from views.digests.details import SEEN
from views.seen_marks import FORM, WORD, read_word, seen_reply, word_modal
from views.slack import blocks as b
from views.slack.references import read_two_ids


def digest(session: Session, command: Command, now: datetime) -> b.Payload:
    match command.option:
        case "preview":
            _, strategy = load_as_member(session, command.actor, command.channel_id)
            return preview_digest(session, strategy, now)
        case "":
            person, strategy = load_as_lead(session, command.actor, command.channel_id)
            where = f"<#{strategy.channel_id}>"
            if post_early(session, strategy, person, now):
                text = f"I am posting the digest in {where}; the scheduled one will update it."
            else:
                text = f"The digest of this week is in {where} already; I am bringing it up to date."
            return b.text_message(text)
    raise DomainError("Run `/rhythm digest` to post it now, or `/rhythm digest preview` to see it first.")


def show_example(session: Session, click: Click, now: datetime) -> b.Payload:
    """To any full member, before there is anything of their own to show."""
    person = load_actor(session, click.actor)
    return views.digest_example(example_facts(Week.of(local_day(now, person.zone))))


def see_line(session: Session, click: Click, now: datetime) -> b.Payload:
    line = load_seen_line(session, click, *read_two_ids(click.value))
    mark_seen(session, line, now)
    return seen_reply(line.owner, line.initiative, click.value)


def show_word(session: Session, click: Click, now: datetime) -> View:
    line = load_seen_line(session, click, *read_two_ids(click.value))
    return word_modal(line.owner, line.initiative, find_word(session, line), click.value)


def submit_word(session: Session, submission: Submission, now: datetime) -> None:
    line = load_seen_line(session, submission, *read_two_ids(submission.form.metadata))
    say_word(session, line, read_word(submission.form.state), now)


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand(
                "digest", "[preview]", "post the digest now; preview shows it only to you", shows(digest)
            ),
        )
    },
    clicks={SEEN: shows(see_line), WORD: opens(show_word), views.SHOW_EXAMPLE: shows(show_example)},
    submissions={FORM: submits(submit_word)},
)
