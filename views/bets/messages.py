"""The message of the day on which decisions are looked at again, for one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.bets import Bet, Look, Verdict
from domain.decisions import Decision
from domain.errors import NotFound
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated
from views.bets import words
from views.slack import blocks as b
from views.slack.references import read_id

LEARN = "bet.learn"
MOST_IN_MESSAGE = 8


@dataclass(frozen=True, slots=True)
class BetShown:
    """A bet with the decision it is on; `names` are of those who decided and answered, `about` the initiative's."""

    bet: Bet
    decision: Decision
    about: str
    names: Mapping[str, str]


def look_message(
    strategy: Strategy, shown: Sequence[BetShown], person_id: str, today: date, asking: b.Element
) -> b.Payload:
    """All that one person is to look at again on a day: before and after, and what they can say of it.

    `asking` is the button of whoever wants to change something: it opens a new ask.
    """
    what, name = (
        ("a decision" if len(shown) == 1 else f"{len(shown)} decisions"),
        b.one_line(strategy.name, MAX_NAME),
    )
    blocks = [b.section(f"*Looking again at {what}* · {name}")]
    # A phone shows the first line.
    lines = [f"{name}, looking again at {words.question_of(shown[0].decision) if len(shown) == 1 else what}"]
    for number, one in enumerate(shown):
        found = bet_lines(one, today)
        blocks += [b.divider()] if number else []
        lines += found
        blocks += b.sections(found)
        blocks += _answering(strategy, one, person_id, asking)
    return b.message(b.fallback(lines), blocks)


def bet_lines(shown: BetShown, today: date) -> list[str]:
    """The decision, what was expected, how things stood and stand, and what was said."""
    bet = shown.bet
    lines = [
        words.decided(shown.decision, shown.about, shown.names, dated(bet.then.on, today)),
        f"*{words.subject(bet)}*, {words.expected(bet)} by {dated(bet.look_on, today)}",
        words.then_line(bet, today),
        words.found_line(bet, today),
    ]
    if bet.found is not None and bet.found.on < bet.look_on:
        lines.append("Its strategy was closed before that day, so it is looked at now.")
    return [*lines, f"_{words.COINCIDES}_", *words.said(bet, shown.names)]


def _answering(strategy: Strategy, shown: BetShown, person_id: str, asking: b.Element) -> list[b.Block]:
    bet = shown.bet
    own = next((look for look in bet.answers if look.person_id == person_id), None)
    if own is None:
        elements = words.verdict_buttons(bet, shown.decision.question)
    else:
        elements = _afterwards(shown, own, [] if strategy.closed_at is not None else [asking])
    return [b.actions(elements, block_id=f"bet.{bet.id}")] if elements else []


def _afterwards(shown: BetShown, own: Look, asking: list[b.Element]) -> list[b.Element]:
    about = shown.decision.question
    learn = b.button("What did we learn?…", LEARN, str(shown.bet.id), about=about)
    return [*([] if own.learning else [learn]), *(asking if own.verdict is Verdict.CHANGE else [])]


def read_verdict(action_id: str, value: str) -> tuple[int, Verdict | None]:
    """(bet id, what its button says). Raises NotFound."""
    if action_id != LEARN and action_id not in words.VERDICTS:
        raise NotFound
    return read_id(value), words.VERDICTS.get(action_id)
