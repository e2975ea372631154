"""What holds after whatever went wrong: written once, for every kind of fault."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox import Message
from storage.delivery.outbox import State
from storage.models import AnswerRow, CheckInRow, MessageRow, NoteRow, OutboxRow
from tests.e2e.test_two_processes import identity, in_database
from tests.faults.stage import Digests, Stage, digests_of, period_of, without_days


@dataclass(frozen=True)
class Kept:
    """What the bot's own book says."""

    messages: list[tuple[str | None, str | None]]
    unsaid: list[int]
    """Messages without a ts that wait nowhere."""
    prompts: dict[tuple[str, str], tuple[str | None, str | None]]
    healths: dict[tuple[str, str], str | None]
    words: list[str]
    outbox: list[tuple[int, str]]


@dataclass(frozen=True)
class Account:
    """In words, so that a failure says which."""

    lost: list[str]
    doubled: list[str]


def take_account(stage: Stage, undisturbed: Digests | None = None) -> Account:
    """After all is quiet and whoever was asked about a message has said so.

    `undisturbed` are the digests of the same weeks without trouble, once the last of them is over: they are final.
    """
    kept = in_database(stage.url, _read)
    shown = [message for place in _places(stage) for root in place for message in (root, *root.thread)]
    lost, doubled = Counter[str](), Counter[str]()
    for finds in (_prompts, _answers, _book):
        missing, extra = finds(stage, kept, shown)
        lost += missing
        doubled += extra
    again = (name for name, times in Counter(map(identity, shown)).items() if name and times > 1)
    doubled += Counter(f"message {name}" for name in again)
    if undisturbed is not None:
        told = digests_of(stage.team)
        if stage.clock_was_wrong:
            told, undisturbed = without_days(told), without_days(undisturbed)
        lost += Counter(
            f"digest {name!r} is not final" for name, text in undisturbed.items() if told.get(name) != text
        )
        doubled += Counter(f"digest {one.drawn.splitlines()[0]}" for one in stage.team.digests()) - Counter(
            f"digest {name}" for name in undisturbed
        )
    return Account(sorted(lost.elements()), sorted(doubled.elements()))


Found = tuple[Counter[str], Counter[str]]


def _prompts(stage: Stage, kept: Kept, _shown: list[Message]) -> Found:
    """Every owner-week has exactly one."""
    due = {(stage.team.owners[name].id, period_of(monday)) for name, monday in stage.reached}
    there: Counter[tuple[str | None, str | None]] = Counter(
        (message.conversation.id, message.ts)
        for owner in stage.team.owners.values()
        for message in stage.team.prompts(owner)
    )
    missing = (
        f"prompt of {who} for {week}" for who, week in due if kept.prompts.get((who, week)) not in there
    )
    extra = there - Counter(place for place in kept.prompts.values() if place[1] is not None)
    return Counter(missing), Counter(f"prompt at {where}" for where in extra.elements())


def _answers(stage: Stage, kept: Kept, _shown: list[Message]) -> Found:
    """Every one that was given is stored, as it was given."""
    lost = Counter(
        f"{health} of {who} for {week}"
        for (who, week), health in stage.said.healths.items()
        if kept.healths.get((who, week)) != health
    )
    given, known = (Counter(f"words {words!r}" for words in all_) for all_ in (stage.said.words, kept.words))
    replies = {message.text: len(message.thread) for message in stage.said.messages}
    lost += (given - known) + Counter(f"reply to {text!r}" for text, count in replies.items() if count < 1)
    return lost, (known - given) + Counter(
        f"reply to {text!r}" for text, count in replies.items() if count > 1
    )


def _book(stage: Stage, kept: Kept, shown: list[Message]) -> Found:
    """What the bot has said, by its own book, is what stands in Slack; what it could not say, somebody heard of."""
    there = Counter(f"message at {(one.conversation.id, one.ts)}" for one in shown if identity(one))
    known = Counter(f"message at {place}" for place in kept.messages if place[1] is not None)
    asked = {
        question.blocks[-1]["elements"][0]["value"] for question in stage.team.questions(stage.team.maya)
    }
    unasked = Counter(
        f"row {id_} waits in state {state}, and nobody was asked"
        for id_, state in kept.outbox
        if state in (State.PENDING, State.IN_DOUBT) and str(id_) not in asked
    )
    unsaid = Counter(f"message {id_} was never said" for id_ in kept.unsaid)
    files = sum(bool(message.files) for message in stage.team.maya.dm.messages)
    again = Counter({"export": max(files - stage.said.exports, 0)})
    return (known - there) + unasked + unsaid, (there - known) + again


def _places(stage: Stage) -> list[list[Message]]:
    team = stage.team
    return [team.channel.messages, *(one.dm.messages for one in (team.maya, *team.owners.values()))]


def _read(session: Session) -> Kept:
    messages = {row.id: (row.channel_id, row.ts) for row in session.scalars(select(MessageRow))}
    outbox = list(session.scalars(select(OutboxRow)))
    waiting = {row.message_id for row in outbox}
    check_ins = list(session.scalars(select(CheckInRow)))
    answers = session.execute(select(AnswerRow.check_in_id, AnswerRow.health)).all()
    whose = {row.id: (row.person_id, row.period) for row in check_ins}
    return Kept(
        list(messages.values()),
        [id_ for id_, (_, ts) in messages.items() if ts is None and id_ not in waiting],
        {whose[row.id]: messages[row.message_id] for row in check_ins if row.message_id is not None},
        {whose[answer.check_in_id]: answer.health for answer in answers},
        list(session.scalars(select(NoteRow.text))),
        [(row.id, row.state) for row in outbox],
    )
