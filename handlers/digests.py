"""`/rhythm digest`: post the digest now, or see what it would say."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError
from domain.words import MAX_NAME
from handlers.requests import Click, Command, Deps, Reply, Routes, Subcommand, replies
from services.access import load_as_lead, load_as_member, require_lead
from services.digests import post_early, preview_digest
from services.references import see_check_in
from services.seen_marks import mark_seen
from views.digests.details import SEEN
from views.slack import blocks as b
from views.slack.references import read_two_ids


async def digest(deps: Deps, command: Command) -> Reply | None:
    match command.text.lower():
        case "preview":
            return await deps.transact(_preview, command, deps.now())
        case "":
            return await deps.transact(_post, command, deps.now())
    raise DomainError("Run `/rhythm digest` to post it now, or `/rhythm digest preview` to see it first.")


def _preview(session: Session, command: Command, now: datetime) -> Reply:
    _, strategy = load_as_member(session, command.actor, command.channel_id)
    return Reply(message=preview_digest(session, strategy, now))


def _post(session: Session, command: Command, now: datetime) -> Reply:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    text = f"I am posting the digest in <#{strategy.channel_id}>; the scheduled one will update it."
    if not post_early(session, strategy, now):
        text = f"The digest of this week is in <#{strategy.channel_id}> already; I am bringing it up to date."
    return Reply(message=b.text_message(text))


def see_line(session: Session, click: Click, now: datetime) -> Reply:
    check_in_id, initiative_id = read_two_ids(click.value)
    person, strategy, check_in = see_check_in(session, click, check_in_id)
    require_lead(session, strategy, person)
    owner = mark_seen(session, strategy, check_in, initiative_id, person, now)
    text = f"{b.one_line(owner.name, MAX_NAME)} sees with their check-in that you have seen it."
    return Reply(message=b.text_message(text))


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand("digest", "[preview]", "post the digest now; preview shows it only to you", digest),
        )
    },
    clicks={SEEN: replies(see_line)},
)
