"""Kickoff by direct message: what is asked of an initiative's owner, sponsor and partners, and what they said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.forgetting import SOMEONE
from domain.initiatives import Initiative, Status
from domain.kickoffs import Charter, Confirmation, ConfirmationState, Role
from domain.people import Person
from domain.retrospectives import Learning, LearningKind
from domain.strategies import Strategy
from domain.words import MAX_NAME, listed
from views.initiatives.messages import asked_weekly, facts
from views.people import who_left
from views.slack import blocks as b
from views.slack.choices import ACTIONS, Again
from views.slack.fields import FormReader, State
from views.slack.lines import shorten

YES = "kickoff.yes"
DECLINE = "kickoff.decline"
ASK = "kickoff.ask"
ANSWER = "kickoff.answer"
TAKE_OVER = "kickoff.take_over"
LEAVE = "kickoff.leave"
DECLINE_FORM = "kickoff.decline.submit"
ASK_FORM = "kickoff.ask.submit"
ANSWER_FORM = "kickoff.answer.submit"
WORDS = "words"

_MAX_WORDS = 1000
_GLIMPSE = 300
_MOST_LEARNINGS = 8
YES_WORDS = {Role.OWNER: "Accept", Role.NEW_OWNER: "Accept", Role.SPONSOR: "Confirm", Role.PARTNER: "Commit"}
OWNERS = (Role.OWNER, Role.NEW_OWNER)
_SAID_YES = {
    Role.OWNER: "You accepted.",
    Role.NEW_OWNER: "You accepted.",
    Role.SPONSOR: "You confirmed what its owner may decide and use.",
    Role.PARTNER: "You committed to it. Thank you!",
}


@dataclass(frozen=True, slots=True)
class Kickoff:
    """An initiative with what it was given, who was asked, and what others learned for the same goal."""

    strategy: Strategy
    initiative: Initiative
    charter: Charter | None
    confirmations: tuple[Confirmation, ...]
    people: Mapping[str, Person]
    asker_id: str
    """The lead who added it, or gave it to its present owner."""
    first: datetime | None = None
    """When its owner is first asked how it goes; None once they have been."""
    learnings: tuple[Learning, ...] = ()
    taken: Mapping[int, bool] | None = None
    """By learning, whether the owner took it over."""

    def name_of(self, person_id: str) -> str:
        person = self.people.get(person_id)
        return b.one_line(person.name, MAX_NAME) if person else SOMEONE

    @property
    def awaited(self) -> str:
        """Who must still say yes before it begins, as markup; "" when nobody must."""
        names = [f"{self.name_of(c.person_id)} ({c.role})" for c in self.confirmations if c.is_awaited]
        return listed(names)


def kickoff_message(kickoff: Kickoff, asked: Confirmation, reported: Sequence[str] = ()) -> b.Payload:
    """What one person is asked, in the state it is in; `reported` are the names of the KPIs that they report."""
    if is_settled(kickoff, asked):
        return b.text_message(_settled_words(kickoff, asked))
    lines = [f"{nudge_words([asked])}{opening(kickoff, asked)}", *meaning_lines(kickoff.strategy), ""]
    owner = asked.role not in OWNERS
    lines += facts(kickoff.strategy, kickoff.initiative, owner=owner)
    lines += [*charter_lines(kickoff), *report_lines(reported)]
    blocks = b.sections(lines)
    if has_learnings(kickoff, asked):
        blocks += learning_blocks(kickoff, asked, TAKE_OVER, LEAVE)
    state = state_words(kickoff, asked)
    blocks.append(b.section(state))
    if buttons := answer_buttons(kickoff, asked, YES, DECLINE, ASK):
        blocks.append(b.actions(buttons, block_id=f"kickoff.{asked.id}"))
    return b.message(b.fallback([*lines, "", state]), blocks)


def report_lines(names: Sequence[str]) -> list[str]:
    """Of the KPIs somebody reports, where there are any."""
    bold = [f"*{b.one_line(name, MAX_NAME)}*" for name in names]
    it = "it" if len(bold) == 1 else "them"
    return [f"You also report {listed(bold)}: your check-ins ask for {it}."] if bold else []


def _settled_words(kickoff: Kickoff, asked: Confirmation) -> str:
    name = f"*{b.one_line(kickoff.initiative.name, MAX_NAME)}*"
    state = " ".join(state_words(kickoff, asked).splitlines())
    if asked.role is Role.OWNER and not kickoff.initiative.status.is_closed:
        return f"You own {name}. {state.removeprefix(_SAID_YES[asked.role]).strip()}"
    return f"{name}: {state}"


def meaning_lines(strategy: Strategy) -> list[str]:
    """What it is all for, for whom, and what makes us different."""
    rest = [("For", strategy.audience), ("Different because", strategy.difference)]
    lines = [f"_{b.one_line(strategy.why, _GLIMPSE)}_"]
    return lines + [f"{title}: {b.one_line(words, _GLIMPSE)}" for title, words in rest if words]


def nudge_words(asked: Sequence[Confirmation]) -> str:
    """At the beginning of what is asked once more."""
    is_again = any(one.nudged_at and one.state is ConfirmationState.ASKED for one in asked)
    return "A reminder. " if is_again else ""


def has_learnings(kickoff: Kickoff, asked: Confirmation) -> bool:
    return asked.role in OWNERS and bool(kickoff.learnings)


def is_settled(kickoff: Kickoff, asked: Confirmation) -> bool:
    """A yes after which nothing of it is left to answer: it shrinks to a line."""
    if asked.state is not ConfirmationState.YES:
        return False
    taken = kickoff.taken or {}
    return not has_learnings(kickoff, asked) or all(one.id in taken for one in kickoff.learnings)


def opening(kickoff: Kickoff, asked: Confirmation) -> str:
    name, lead = b.one_line(kickoff.initiative.name, MAX_NAME), kickoff.name_of(kickoff.asker_id)
    part = f"It is part of {b.one_line(kickoff.strategy.name, MAX_NAME)}."
    if asked.changed:
        changed = b.shorten_mrkdwn(b.one_line(asked.changed, _MAX_WORDS), _MAX_WORDS)
        return (
            f"*{name}*: a review found that its owner no longer has what you, its sponsor, gave "
            f"them: “{changed}” Please put it right with {kickoff.name_of(kickoff.initiative.owner_id)} and confirm what "
            f"holds now, or decline. Until then it goes on. {part}"
        )
    if asked.role is Role.SPONSOR:
        return f"*{name}*: {lead} asks you to sponsor it: to give its owner the decisions, budget and people it needs. {part}"
    if asked.role is Role.PARTNER:
        return f"*{name}* needs you: {lead} asks you to commit “{b.one_line(asked.what, _GLIMPSE)}”. {part}"
    if asked.role is Role.NEW_OWNER:
        return f"Will you take over *{name}* from {_owner(kickoff)}? {lead} chose you. {part}"
    is_theirs = asked.state is ConfirmationState.YES or kickoff.initiative.status is not Status.PROPOSED
    if is_theirs and asked.state is not ConfirmationState.DECLINED:
        return f"You own *{name}*: {lead} chose you. {part}"
    return f"Will you own *{name}*? {lead} chose you. {part}"


def _owner(kickoff: Kickoff) -> str:
    owner_id = kickoff.initiative.owner_id
    return f"{kickoff.name_of(owner_id)}{who_left(kickoff.people.get(owner_id))}"


def state_words(kickoff: Kickoff, asked: Confirmation) -> str:
    """Where it stands, from the eyes of the one who is asked."""
    initiative, lead = kickoff.initiative, kickoff.name_of(kickoff.asker_id)
    if initiative.status.is_closed:
        return f"It is closed as {initiative.status}: nothing is asked of you any more."
    if asked.state is ConfirmationState.DECLINED:
        return f"You declined: “{b.one_line(asked.words, _GLIMPSE)}” {lead} has been told."
    said = [_SAID_YES[asked.role]] if asked.state is ConfirmationState.YES else []
    if asked.state is ConfirmationState.ASKED and asked.words:
        said.append(f"You asked: “{b.one_line(asked.words, _GLIMPSE)}” {lead} has been told.")
    if asked.state is ConfirmationState.ASKED and asked.role is Role.PARTNER:
        said.append("Please say whether its owner can count on you.")
    elif asked.role is Role.NEW_OWNER:
        said.append(f"Until you accept it, {_who_answers(kickoff)}.")
    elif initiative.status is Status.PROPOSED:
        said.append(_when_it_begins(kickoff, asked))
    elif asked.role is Role.OWNER:
        is_paused = kickoff.strategy.paused_at is not None
        said.append(asked_weekly(initiative, kickoff.first, is_strategy_paused=is_paused))
    elif initiative.status is Status.ACTIVE:
        said.append("It is active.")
    return "\n".join(said) or "It is paused at the moment."


def _who_answers(kickoff: Kickoff) -> str:
    owner = kickoff.people.get(kickoff.initiative.owner_id)
    if owner is None or owner.is_deactivated:
        return "nobody answers for it"
    return f"{kickoff.name_of(owner.id)} answers for it"


def _when_it_begins(kickoff: Kickoff, asked: Confirmation) -> str:
    if asked.state is ConfirmationState.ASKED:
        return "It begins once its owner and its sponsor have said yes."
    return f"It begins once the others have said yes: {kickoff.awaited}." if kickoff.awaited else ""


def answer_buttons(
    kickoff: Kickoff, asked: Confirmation, yes_action: str, decline_action: str, ask_action: str
) -> list[b.Element]:
    if kickoff.initiative.status.is_closed or asked.state is ConfirmationState.YES:
        return []
    yes, value, name = YES_WORDS[asked.role], str(asked.id), kickoff.initiative.name
    if asked.state is ConfirmationState.DECLINED:
        return [b.button(f"{yes} after all", yes_action, value, about=name)]
    return [
        b.button(yes, yes_action, value, style="primary", about=name),
        b.button("Decline…", decline_action, value, about=name),
        b.button("Ask a question…", ask_action, value, about=name),
    ]


def learning_blocks(
    kickoff: Kickoff, asked: Confirmation, take_action: str, leave_action: str
) -> list[b.Block]:
    """The latest first; each is taken over or left, one by one."""
    blocks = [b.section("*What earlier work for this goal taught.* Use what helps you.")]
    taken = kickoff.taken or {}
    for learning in kickoff.learnings[::-1][:_MOST_LEARNINGS]:
        value = f"{asked.id}:{learning.id}"
        answer = taken.get(learning.id)
        text = learning_line(learning)
        if answer is not None:
            blocks.append(b.section(f"{text} — {'you use this' if answer else 'not for us'}"))
            continue
        blocks.append(b.section(text))
        if not kickoff.initiative.status.is_closed:
            take = b.button("Use this", take_action, value, about=learning.text)
            leave = b.button("Not for us", leave_action, value, about=learning.text)
            blocks.append(b.actions([take, leave], block_id=f"learning.{value}"))
    return blocks


def learning_line(learning: Learning) -> str:
    word = "Keep" if learning.kind is LearningKind.KEEP else "Change"
    return f"{word}: {b.one_line(learning.text, _GLIMPSE)}"


def charter_lines(kickoff: Kickoff) -> list[str]:
    """What it was given and who said yes to it; empty for one from before there were kickoffs."""
    charter = kickoff.charter
    if charter is None:
        return []
    given = [
        ("May decide alone", charter.may_decide),
        ("Budget", charter.budget),
        ("People and tools", charter.resources),
        ("Channels", listed(charter.channels)),
    ]
    lines = [f"Sponsor: {kickoff.name_of(charter.sponsor_id)}"]
    lines += [f"{title}: {b.one_line(words, _GLIMPSE)}" for title, words in given if words]
    return lines + [
        f"Partner: {kickoff.name_of(one.person_id)}, {b.one_line(one.what, _GLIMPSE)}"
        for one in kickoff.confirmations
        if one.role is Role.PARTNER
    ]


def confirmation_lines(kickoff: Kickoff) -> list[str]:
    """Who has said what, for whoever looks at the initiative."""
    words = {
        ConfirmationState.YES: "said yes",
        ConfirmationState.ASKED: "has not answered yet",
        ConfirmationState.DECLINED: "declined",
    }
    lines = ["*Who said yes*"] if kickoff.confirmations else []
    for one in kickoff.confirmations:
        why = f": “{b.one_line(one.words, _GLIMPSE)}”" if one.state is ConfirmationState.DECLINED else ""
        if one.changed:
            why += (
                f"; a review found that this has changed since kickoff: “{b.one_line(one.changed, _GLIMPSE)}”"
            )
        lines.append(f"• {one.role.capitalize()} {kickoff.name_of(one.person_id)} {words[one.state]}{why}")
    taken = [one for one in kickoff.learnings if (kickoff.taken or {}).get(one.id)]
    return lines + [f"• Used from earlier work: {learning_line(one)}" for one in taken]


def withdrawn_message(initiative: Initiative) -> b.Payload:
    """In place of what was asked."""
    text = f"*{b.one_line(initiative.name, MAX_NAME)}*: this is not asked of you any more."
    return b.text_message(text)


def active_message(kickoff: Kickoff) -> b.Payload:
    """For the lead: it has begun."""
    owner = kickoff.name_of(kickoff.initiative.owner_id)
    sponsor = kickoff.name_of(kickoff.charter.sponsor_id) if kickoff.charter else owner
    text = f"*{b.one_line(kickoff.initiative.name, MAX_NAME)}* is active: "
    text += f"{owner} accepted it and {sponsor} confirmed what its owner may decide and use."
    return b.text_message(text)


def all_active_message(strategy: Strategy, begun: Sequence[Initiative], *, is_all: bool) -> b.Payload:
    """For the lead, once: several have begun."""
    names = listed([f"*{b.one_line(one.name, MAX_NAME)}*" for one in begun])
    count = f"All {len(begun)}" if is_all else f"{len(begun)}"
    name = b.one_line(strategy.name, MAX_NAME)
    return b.text_message(f"{count} initiatives of {name} are active: {names}.")


def confirmed_again_message(kickoff: Kickoff, asked: Confirmation) -> b.Payload:
    """For the lead and the owner, after something of its authority and resources was no longer true."""
    name, sponsor = b.one_line(kickoff.initiative.name, MAX_NAME), kickoff.name_of(asked.person_id)
    changed = b.one_line(asked.changed, _GLIMPSE)
    return b.text_message(
        f"{sponsor} confirmed again what the owner of *{name}* may decide and use, after “{changed}”. "
        f"`/initiative show {name}` says what it has."
    )


def declined_message(kickoff: Kickoff, declined: Confirmation, *, is_lead: bool) -> b.Payload:
    """For the lead, who is asked for somebody else; and for the owner where a partner or new owner declined."""
    name, who = b.one_line(kickoff.initiative.name, MAX_NAME), kickoff.name_of(declined.person_id)
    what = {
        Role.OWNER: f"{who} declined to own *{name}*",
        Role.NEW_OWNER: f"{who} declined to take over *{name}*",
        Role.SPONSOR: f"{who} declined to sponsor *{name}*",
        Role.PARTNER: f"{who} declined to commit “{b.one_line(declined.what, _GLIMPSE)}” to *{name}*",
    }[declined.role]
    text = f"{what}: “{b.one_line(declined.words, _MAX_WORDS)}”\n"
    if declined.role is Role.NEW_OWNER:
        text += f"It stays as it was: {_who_answers(kickoff)}. "
    if not is_lead:
        return b.text_message(text.strip())
    text += f"Please choose somebody else, here or with `/initiative edit {name}`."
    again = Again(
        command="/initiative",
        subcommand="edit",
        text=kickoff.initiative.name,
        channel_id=kickoff.strategy.channel_id,
    )
    choose = b.button("Choose somebody else…", ACTIONS[0], again.value())
    return b.message(text, [b.section(text), b.actions([choose])])


def question_message(kickoff: Kickoff, asked: Confirmation) -> b.Payload:
    """For the lead, with a button to answer."""
    name, who = b.one_line(kickoff.initiative.name, MAX_NAME), kickoff.name_of(asked.person_id)
    text = f"{who} asks about *{name}*: “{b.one_line(asked.words, _MAX_WORDS)}”"
    return b.message(text, [b.section(text), b.actions([b.button("Answer…", ANSWER, str(asked.id))])])


def answer_message(kickoff: Kickoff, asked: Confirmation, by: Person, words: str) -> b.Payload:
    """For whoever asked; what they are asked can be answered right here."""
    name, lead = b.one_line(kickoff.initiative.name, MAX_NAME), b.one_line(by.name, MAX_NAME)
    text = f"{lead} answers on *{name}*: “{b.one_line(words, _MAX_WORDS)}”\n"
    text += f"You asked: “{b.one_line(asked.words, _GLIMPSE)}”"
    blocks = [b.section(text)]
    if buttons := answer_buttons(kickoff, asked, YES, DECLINE, ASK):
        blocks.append(b.actions(buttons))
    return b.message(text, blocks)


def decline_modal(initiative: Initiative, asked: Confirmation) -> dict[str, Any]:
    return _words_modal("Decline", initiative, "Why?", DECLINE_FORM, asked, "The lead who asked reads it.")


def ask_modal(initiative: Initiative, asked: Confirmation) -> dict[str, Any]:
    hint = "It goes to the lead who asked, who answers by direct message."
    return _words_modal("Ask a question", initiative, "Your question", ASK_FORM, asked, hint)


def answer_modal(initiative: Initiative, asked: Confirmation) -> dict[str, Any]:
    hint = shorten(asked.words, _GLIMPSE)
    return _words_modal("Answer", initiative, "Your answer", ANSWER_FORM, asked, hint)


def _words_modal(
    title: str, initiative: Initiative, label: str, callback_id: str, asked: Confirmation, hint: str
) -> dict[str, Any]:
    words = b.text_input(multiline=True, max_length=_MAX_WORDS)
    blocks = [
        b.section(f"*{b.one_line(initiative.name, MAX_NAME)}*"),
        b.input_block(label, words, block_id=WORDS, hint=hint),
    ]
    return b.modal(title, blocks, callback_id=callback_id, submit="Send", private_metadata=str(asked.id))


def read_words(state: State) -> str:
    """Raises FieldErrors."""
    reader = FormReader(state)
    words = reader.words(WORDS, _MAX_WORDS, missing="Say it in a sentence.")
    reader.finish()
    return words


def names_in(charter: Charter | None, confirmations: Sequence[Confirmation]) -> set[str]:
    """Everybody a kickoff names."""
    return {one.person_id for one in confirmations} | ({charter.sponsor_id} if charter else set())
