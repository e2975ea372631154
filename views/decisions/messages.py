"""Messages about asks: the decider's, the reminder, what became of them, and the list."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.decisions import DEFAULT_TIME, MAX_OPTIONS, AskKind, DecisionState, is_overdue
from domain.people import Person
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated
from views.bets.words import bet_buttons, look_button, standing_line
from views.decisions.asks import HAND_OVER, asker_buttons
from views.decisions.words import GLIMPSE, KINDS, AskShown, due_day, fate, question_of
from views.people import left
from views.slack import blocks as b
from views.slack.lines import shorten
from views.slack.references import read_id, read_number
from views.slack.room import text_length
from views.zones import place_of

CHOOSE = tuple(f"decision.choose.{number}" for number in range(MAX_OPTIONS))
"""One for each option: ids of buttons must differ within a block (docs.slack.dev, button element)."""
OTHER = "decision.other"
REASON = "decision.reason"
MOST_LISTED = 12
_ROOM = 8000
"""Characters of lines in a message, which leaves room for what stands around them."""
_ABOUT_CONTEXT = 2000
_ASKED = {
    AskKind.DECISION: "You are asked to decide",
    AskKind.RESOURCE: "You are asked for a resource",
    AskKind.HELP: "You are asked for help with a skill",
}


def read_choice(value: str) -> tuple[int, int]:
    """(decision id, number of the option) of a clicked option. Raises NotFound."""
    decision_id, _, number = value.partition(":")
    return read_id(decision_id), read_number(number, MAX_OPTIONS)


def decider_message(ask: AskShown, note: str = "") -> b.Payload:
    """The one message of an ask for its decider: what is asked, then what became of it. `note` is a first line."""
    decision = ask.decision
    title = f"{_ASKED[decision.kind]}: {question_of(decision, b.MAX_SECTION)}"
    blocks = [b.context(note)] if note else []
    blocks.append(b.section(f"*{_ASKED[decision.kind]}*\n{b.escape(decision.question)}"))
    if decision.context and decision.context.strip() != decision.question.strip():
        blocks.append(b.section(b.escape(shorten(decision.context, _ABOUT_CONTEXT))))
    blocks.append(b.context(_from_whom(ask)))
    if decision.is_open:
        blocks += [buttons(ask), b.context(_what_if_not(ask))]
    else:
        blocks += [b.section(f"*Settled:* {_fate(ask)}"), *_bet_line(ask), *_settled_buttons(ask)]
        title = f"{question_of(decision, b.MAX_SECTION)}: {_fate(ask)}"
    return b.message(f"{note}\n{title}".strip(), blocks)


def moved_message(ask: AskShown, where: str) -> b.Payload:
    """What an earlier message of an ask says once its buttons stand elsewhere; `where` is escaped."""
    text = f"{question_of(ask.decision)}: {where}"
    return b.text_message(text)


def reminder_message(ask: AskShown, takes_effect: datetime) -> b.Payload:
    return decider_message(ask, f"A reminder: this waits for you until {b.slack_time(takes_effect)}.")


def _from_whom(ask: AskShown) -> str:
    about = f" for *{b.one_line(ask.about, MAX_NAME)}*" if ask.about else ""
    return f"Asked by {ask.name(ask.decision.requested_by)}{about} · {b.one_line(ask.strategy, MAX_NAME)}"


def _what_if_not(ask: AskShown) -> str:
    decision = ask.decision
    return f"By {due_day(decision)}, {_moment(ask)}. If nobody decides: {b.escape(decision.default)}"


def _moment(ask: AskShown) -> str:
    """As in "18:00 London time"."""
    return f"{DEFAULT_TIME:%H:%M} {b.escape(place_of(ask.zone))} time"


def buttons(ask: AskShown) -> b.Block:
    """What its decider can do."""
    decision = ask.decision
    value = str(decision.id)
    options = [
        b.button(option, CHOOSE[number], f"{decision.id}:{number}", about=decision.question)
        for number, option in enumerate(decision.choices[:MAX_OPTIONS])
    ]
    more = [
        b.button("Something else…", OTHER, value, about=decision.question),
        b.button("Hand over…", HAND_OVER, value, about=decision.question),
    ]
    return b.actions([*options, *more], block_id=f"decision.{value}")


def _fate(ask: AskShown) -> str:
    return fate(ask.decision, ask.name(ask.decision.decided_by), _ABOUT_CONTEXT)


def _settled_buttons(ask: AskShown) -> list[b.Block]:
    """To say why, and when to look again at what was decided."""
    decision, elements = ask.decision, []
    if decision.state is DecisionState.DECIDED and not decision.reason:
        elements.append(b.button("Add a reason", REASON, str(decision.id)))
    if decision.state is not DecisionState.WITHDRAWN:
        elements.append(look_button(decision.id, decision.question))
    return [b.actions(elements)] if elements else []


def _bet_line(ask: AskShown) -> list[b.Block]:
    return [b.context(standing_line(ask.bet, ask.names))] if ask.bet else []


def told_message(asks: Sequence[AskShown], *, may_look_again: bool = False) -> b.Payload:
    """For everyone named, all that was settled at once in one message; of a single decision whoever may says when to look
    again.
    """
    lines = []
    for ask in asks:
        about = f" ({b.one_line(ask.about, MAX_NAME)})" if ask.about else ""
        became = fate(ask.decision, ask.name(ask.decision.decided_by), 300)
        lines.append(f"{question_of(ask.decision)}{about}: {became}")
    title = (
        f"*{b.one_line(asks[0].strategy, MAX_NAME)}*: what became of {'an ask' if len(asks) == 1 else 'asks'}"
    )
    shown = [title, *_within(lines)]
    blocks = b.sections(shown)
    if may_look_again and len(asks) == 1 and asks[0].decision.state is not DecisionState.WITHDRAWN:
        blocks.append(b.actions([look_button(asks[0].decision.id, asks[0].decision.question)]))
    return b.message(b.fallback(shown), blocks)


def reopened_message(asks: Sequence[AskShown]) -> b.Payload:
    """For everyone who was told that a default took effect, by a clock that was ahead."""
    lines = [
        f"{question_of(ask.decision)} is open again until {due_day(ask.decision)}, "
        f"{_moment(ask)}: {ask.name(ask.decision.decider_id)} decides."
        for ask in asks
    ]
    title = (
        f"*{b.one_line(asks[0].strategy, MAX_NAME)}*: my clock was ahead, and I let "
        f"{'a default' if len(asks) == 1 else 'defaults'} take effect before the day. That is undone."
    )
    shown = [title, *_within(lines)]
    return b.message(b.fallback(shown), b.sections(shown))


def _within(lines: Sequence[str]) -> list[str]:
    """As many as one message has room for."""
    kept: list[str] = []
    room = _ROOM
    for line in lines:
        room -= len(line)
        if room < 0:
            return [*kept, f"and {len(lines) - len(kept)} more: `/rhythm decisions`"]
        kept.append(line)
    return kept


def reason_message(ask: AskShown) -> b.Payload:
    text = f"{ask.name(ask.decision.decided_by)} gave a reason for {question_of(ask.decision)}: {b.one_line(ask.decision.reason, 2000)}"
    return b.text_message(text)


def handed_message(ask: AskShown, before: date) -> b.Payload:
    """`before` is the day it had."""
    decision = ask.decision
    was = f", was {dated(before, decision.due)}" if before != decision.due else ""
    by = f"by {due_day(decision)}{was}"
    text = f"{question_of(decision, 300)} is now for {ask.name(decision.decider_id)} to decide, {by}."
    return b.text_message(text)


def decider_left_message(person: Person, asks: Sequence[AskShown]) -> b.Payload:
    """For requesters and leads: who left, and a button for each ask to choose another decider."""
    text = f"{left(person)} and was to decide. Please choose somebody else:"
    blocks = [b.section(text)]
    lines = [text]
    for ask in asks[:MOST_LISTED]:
        line = (
            f"{question_of(ask.decision)} by {due_day(ask.decision)}; "
            f"otherwise: {b.one_line(ask.decision.default, GLIMPSE)}"
        )
        choose = b.button("Choose a decider…", HAND_OVER, str(ask.decision.id), about=ask.decision.question)
        blocks.append(b.section(line, accessory=choose))
        lines.append(line)
    return b.message(b.fallback(lines), blocks)


def list_message(
    strategy: Strategy | None,
    filter_name: str,
    asks: Sequence[tuple[AskShown, bool]],
    now: datetime,
    viewer_id: str = "",
) -> b.Payload:
    """`/rhythm decisions`; each ask with whether its reader may decide it. Without `strategy`, of all of them.

    What the viewer asked for has the buttons of an asker.
    """
    title = f"*{b.one_line(strategy.name, MAX_NAME)}*: " if strategy else ""
    title += _TITLES[filter_name]
    blocks = [b.section(title)]
    lines = [title]
    shown = 0
    for ask, may_decide in asks[:MOST_LISTED]:
        line = _listed(ask, now)
        entry = [b.section(line), *_listed_buttons(ask, viewer_id, may_decide=may_decide)]
        if text_length([*blocks, *entry]) > _ROOM:
            break
        shown += 1
        lines.append(line)
        blocks += entry
    if len(asks) > shown:
        blocks.append(b.context(f"and {len(asks) - shown} more"))
    if not asks:
        blocks.append(b.context(_NOTHING[filter_name]))
        lines.append(_NOTHING[filter_name])
    blocks.append(b.context("Others: `/rhythm decisions open`, `overdue`, `past` or `mine`."))
    return b.message(b.fallback(lines), blocks)


def _listed_buttons(ask: AskShown, viewer_id: str, *, may_decide: bool) -> list[b.Block]:
    if ask.decision.state is DecisionState.WITHDRAWN:
        return []
    if not ask.decision.is_open:
        may = may_decide or ask.decision.requested_by == viewer_id
        return [b.actions(bet_buttons(ask.decision, ask.bet, viewer_id))] if may else []
    own = [asker_buttons(ask, may_decide=may_decide)] if ask.decision.requested_by == viewer_id else []
    return [*([buttons(ask)] if may_decide else []), *own]


_TITLES = {
    "open": "decisions that are open",
    "overdue": "decisions overdue",
    "past": "decisions taken, defaulted or withdrawn",
    "mine": "Decisions you are asked for, or asked for",
}
_NOTHING = {
    "open": "Nothing waits for a decision. Ask for one in your check-in, or by the shortcut on a message.",
    "overdue": "Nothing is overdue. `/rhythm decisions` shows what is open, and until when.",
    "past": "No decision has been made yet. `/rhythm decisions` shows what waits for one.",
    "mine": "Nothing waits for you, and nothing of yours waits for anybody.",
}


def _listed(ask: AskShown, now: datetime) -> str:
    decision = ask.decision
    about = f" · {b.one_line(ask.about, MAX_NAME)}" if ask.about else ""
    if not decision.is_open:
        who = ask.name(decision.decided_by)
        line = f"{question_of(decision, 200)}{about}\n{_history(ask, now)}{fate(decision, who, 200)}"
        return f"{line}\n{standing_line(ask.bet, ask.names)}" if ask.bet else line
    overdue = " :warning: overdue" if is_overdue(decision, ask.zone, now) else ""
    return (
        f"{question_of(decision, 200)}{about}{overdue}\n"
        f"{KINDS[decision.kind]}, asked by {ask.name(decision.requested_by)} of {ask.name(decision.decider_id)}, "
        f"by {dated(decision.due, local_day(now, ask.zone))} · otherwise: {b.one_line(decision.default, 200)}"
    )


def _history(ask: AskShown, now: datetime) -> str:
    """As in "Asked 24 Nov by Ben of Tom, by 3 Dec · 1 Dec: ", for what has ended; a default says its day itself."""
    decision = ask.decision
    asked, ended = (
        f" {dated(local_day(at, ask.zone), local_day(now, ask.zone))}" if at else ""
        for at in (decision.created_at, decision.decided_at)
    )
    who = f"by {ask.name(decision.requested_by)} of {ask.name(decision.decider_id)}"
    if decision.state is DecisionState.DEFAULTED and decision.decided_by is None:
        return f"Asked{asked} {who} · "
    return f"Asked{asked} {who}, by {due_day(decision)} ·{ended or ' then'}: "
