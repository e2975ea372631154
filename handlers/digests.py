"""`/rhythm digest`: post the digest now, or see what it would say."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.digests import digest_facts
from domain.errors import DomainError, NotFound
from handlers.requests import Click, Command, Deps, Reply, Routes, Subcommand, replies
from services.access import load_actor, load_strategy, require_lead
from services.check_ins import build_answering, is_check_in_open, redraw_check_in
from services.digests import gather_digest, next_digest_period, post_digest
from services.references import see_check_in
from storage import digests, people, seen_marks
from views.digests.messages import SEEN, digest_preview
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
    person = load_actor(session, command.actor)
    strategy = load_strategy(session, person, command.channel_id)
    period = next_digest_period(session, strategy, now)
    posted = digests.find_digest_of_period(session, strategy.workspace_id, strategy.id, period)
    facts = digest_facts(gather_digest(session, strategy, period, now, posted))
    return Reply(message=digest_preview(facts))


def _post(session: Session, command: Command, now: datetime) -> Reply:
    person = load_actor(session, command.actor)
    strategy = load_strategy(session, person, command.channel_id)
    require_lead(session, strategy, person)
    period = next_digest_period(session, strategy, now)
    was_there = digests.find_digest_of_period(session, strategy.workspace_id, strategy.id, period)
    post_digest(session, strategy, period, now, is_final=False)
    text = f"I am posting the digest in <#{strategy.channel_id}>; the scheduled one will update it."
    if was_there is not None:
        text = f"The digest of this week is in <#{strategy.channel_id}> already; I am bringing it up to date."
    return Reply(message=b.message(text, [b.section(text)]))


def mark_seen(session: Session, click: Click, now: datetime) -> Reply:
    """A lead has seen an at-risk or off-track line; its owner's prompt says so, without a notification."""
    check_in_id, initiative_id = read_two_ids(click.value)
    person, strategy, check_in = see_check_in(session, click, check_in_id)
    require_lead(session, strategy, person)
    if check_in.answer_for(initiative_id) is None:
        raise NotFound
    seen_marks.add_mark(session, person.workspace_id, check_in_id, initiative_id, person.id, now)
    owner = people.get_person(session, person.workspace_id, check_in.person_id)
    ctx = build_answering(session, strategy, check_in, owner)
    redraw_check_in(session, ctx, now, is_open=is_check_in_open(session, check_in, now))
    text = f"{b.one_line(owner.name, 75)} sees on the prompt that you have seen it."
    return Reply(message=b.message(text, [b.section(text)]))


ROUTES = Routes(
    commands={
        "/rhythm": (
            Subcommand("digest", "[preview]", "post the digest now; preview shows it only to you", digest),
        )
    },
    clicks={SEEN: replies(mark_seen)},
)
