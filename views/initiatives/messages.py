"""What is said about initiatives: to whoever asks, to whoever changed one, to owners."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from domain.check_ins import LastHealth
from domain.initiatives import Initiative, Status, SuccessMetric, due_words
from domain.people import Person
from domain.strategies import MAX_INITIATIVES, Strategy
from domain.words import MAX_NAME, full_day, show_number
from views.forecasts import metric_outlook
from views.pace import metric_pace_words, metric_target
from views.slack import blocks as b
from views.strategies.messages import initiative_line, last_words

_GOAL = 300


def list_message(
    strategy_name: str,
    initiatives: Sequence[Initiative],
    last: Mapping[int, LastHealth],
    today: date,
    ownerless: Container[int] = (),
) -> b.Payload:
    """All that are not closed, in one block, each with its last health; of `ownerless` ones the owner has left."""
    name = b.one_line(strategy_name, MAX_NAME)
    if not initiatives:
        text = (
            f"*{name}* has no initiatives yet. A lead adds one with `/initiative add`, for example "
            "`/initiative add Newsletter relaunch @ben by 31 March`."
        )
        return b.text_message(text)
    counted = sum(initiative.status.counts_toward_limit for initiative in initiatives)
    head = f"*{name}*: {counted} of at most {MAX_INITIATIVES} active"
    told = [
        initiative_line(one, today, last.get(one.id), is_ownerless=one.id in ownerless) for one in initiatives
    ]
    lines = [head, *b.and_more(told, 20)]
    return b.message(b.fallback(lines), [b.section("\n".join(lines))])


def show_message(
    strategy: Strategy,
    initiative: Initiative,
    last: LastHealth | None,
    today: date,
    more: Sequence[str] = (),
) -> b.Payload:
    """One initiative in full; `more` are lines about its charter and milestones."""
    lines = [
        f"*{b.one_line(initiative.name, MAX_NAME)}* · {initiative.status.value}",
        *facts(strategy, initiative, today),
    ]
    if last is not None:
        lines.append(f"Last check-in: {last_words(last, today)}")
        lines += [f"Next: {b.one_line(last.next, _GOAL)}"] if last.next else []
    lines += more
    return b.message(b.fallback(lines), b.sections(lines))


def facts(
    strategy: Strategy, initiative: Initiative, today: date | None = None, *, owner: bool = True
) -> list[str]:
    """Goal, owner unless left out, dates and metrics (on a day, with their pace), as markup lines."""
    due = due_words(initiative, None)
    goal = next((goal.text for goal in strategy.goals if goal.id == initiative.goal_id), None)
    return [
        f"Goal: {b.one_line(goal, _GOAL)}"
        if goal
        else "Goal: none any more. A lead chooses one with `/initiative edit`.",
        *([f"Owner: {b.mention(initiative.owner_id)}"] if owner else []),
        f"From {full_day(initiative.start)}, due {due}",
        *(f"Metric: {_metric(metric, initiative, today)}" for metric in initiative.metrics),
    ]


def _metric(metric: SuccessMetric, initiative: Initiative, today: date | None) -> str:
    if today is None:
        return metric_words(metric)
    ahead = metric_outlook(metric, initiative, today, partial(_amount, metric))
    return "\n   ".join([metric_line(metric, initiative, today), *ahead])


def metric_words(metric: SuccessMetric) -> str:
    """As in "subscribers 4,200 → 6,000, now 4,650"."""
    now = "" if metric.value is None else f", now {_amount(metric, metric.value)}"
    return f"{_way(metric)}{now}"


def _way(metric: SuccessMetric) -> str:
    target = metric_target(metric, partial(show_number, unit=metric.unit))
    path = f"{show_number(metric.baseline, metric.unit)} → {target}"
    return f"{b.one_line(metric.name, MAX_NAME)} {b.escape(path)}"


def metric_line(metric: SuccessMetric, initiative: Initiative, today: date) -> str:
    """The same with its pace on a day, which says the value itself where it is outdated or missed."""
    stands = metric_pace_words(metric, initiative, today, partial(_amount, metric))
    should = f", should be {stands.should}" if stands.should else ""
    return f"{metric_words(metric) if stands.value else _way(metric)}, {stands.verdict}{should}"


def _amount(metric: SuccessMetric, value: Decimal) -> str:
    return b.escape(show_number(value, metric.unit))


def added_message(
    strategy: Strategy, initiative: Initiative, awaited: str, *, is_own: bool, first: datetime | None
) -> b.Payload:
    """For the lead who added it, with the numbers as they were understood; `awaited` must still say yes."""
    name = b.one_line(initiative.name, MAX_NAME)
    if initiative.status is Status.ACTIVE:
        told = f"Your first check-in comes {_when(first)}." if is_own else ""
        head = f"*{name}* is active. {told}"
    else:
        head = f"*{name}* is proposed. I have asked {awaited}, and it begins once they have said yes."
    lines = [head, *facts(strategy, initiative)]
    return b.message("\n".join(lines), b.sections(lines))


def saved_message(strategy: Strategy, initiative: Initiative, offered_to: str) -> b.Payload:
    """For the lead who edited it; `offered_to` is who is asked to take it over, or its owner."""
    lines = [f"*{b.one_line(initiative.name, MAX_NAME)}* is saved.", *facts(strategy, initiative)]
    if offered_to != initiative.owner_id:
        lines.append(f"{b.mention(offered_to)} is asked to take it over; it changes hands once they accept.")
    return b.text_message("\n".join(lines))


def asked_weekly(initiative: Initiative, first: datetime | None, *, is_strategy_paused: bool) -> str:
    """For its owner: how often they are asked how it goes, and where they have not been yet, from when on.

    It is read for as long as they own it, so that no day is called the next one.
    """
    if initiative.status is Status.PAUSED:
        return "It is paused at the moment: I ask you how it goes once it is resumed."
    since = f", beginning {b.slack_time(first)}" if first else ""
    since = ", once the rhythm goes on" if is_strategy_paused else since
    return f"Once a week I ask you how it goes{since}: one click is enough."


def former_owner_message(initiative: Initiative, owner: Person) -> b.Payload:
    """For whoever does not own it any more."""
    text = (
        f"{b.one_line(owner.name, MAX_NAME)} now owns *{b.one_line(initiative.name, MAX_NAME)}*. I will not ask you about it "
        "any more."
    )
    return b.text_message(text)


def new_owner_message(initiative: Initiative, owner: Person) -> b.Payload:
    """For the lead who asked for it."""
    text = f"{b.one_line(owner.name, MAX_NAME)} accepted *{b.one_line(initiative.name, MAX_NAME)}* and owns it now."
    return b.text_message(text)


def offered_message(initiative: Initiative, wanted: Person, by: Person) -> b.Payload:
    """For its owner, while somebody else is asked to take it over."""
    text = (
        f"{b.one_line(by.name, MAX_NAME)} asks {b.one_line(wanted.name, MAX_NAME)} to take over "
        f"*{b.one_line(initiative.name, MAX_NAME)}* from you. Until they accept it stays yours: I go on asking you."
    )
    return b.text_message(text)


def status_notice(initiative: Initiative, by: Person, why: str, first: datetime | None) -> b.Payload:
    """For its owner, when somebody else paused, resumed or closed it."""
    name, lead = b.one_line(initiative.name, MAX_NAME), b.one_line(by.name, MAX_NAME)
    words = {
        Status.PAUSED: f"{lead} paused *{name}*. I will not ask you about it until it is resumed.",
        Status.ACTIVE: f"{lead} resumed *{name}*. You are next asked about it {_when(first)}.",
        Status.PROPOSED: f"{lead} resumed *{name}*. It begins once its owner and its sponsor have said yes.",
        Status.COMPLETED: f"{lead} closed *{name}* as completed. Thank you! I will not ask you about it any more.",
        Status.STOPPED: f"{lead} closed *{name}* as stopped. I will not ask you about it any more.",
    }[initiative.status]
    reason = f"\nWhy: {b.one_line(why, _GOAL * 2)}" if why else ""
    return b.message(words + reason, [b.section(words + reason)])


def status_sentence(initiative: Initiative, status: Status) -> str:
    """For whoever did it; plain words, not yet escaped."""
    return {
        Status.PAUSED: f"{initiative.name} is paused: nobody is asked about it. "
        f"`/initiative resume {initiative.name}` brings it back.",
        Status.ACTIVE: f"{initiative.name} is active again, and its owner is asked about it each week.",
        Status.PROPOSED: f"{initiative.name} is proposed again: it begins once its owner and its sponsor have said yes. "
        f"`/initiative show {initiative.name}` says who has not.",
        Status.COMPLETED: f"{initiative.name} is closed as completed. The next digest says so.",
        Status.STOPPED: f"{initiative.name} is closed as stopped. The next digest says so.",
    }[status]


def _when(first: datetime | None) -> str:
    return "when the rhythm goes on" if first is None else b.slack_time(first)
