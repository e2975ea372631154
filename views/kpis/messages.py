"""What is said about KPIs: to whoever asks, to whoever changed one, to owners."""

from collections.abc import Sequence
from datetime import date

from domain.kpis import MAX_KPIS, MIN_KPIS, Cadence, Kpi, KpiReading
from domain.people import Person
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated, full_day
from views.kpis.words import amount, kpi_outlook, kpi_words, month_words, standing_words, target_words
from views.slack import blocks as b

_ASKED = {
    Cadence.WEEKLY: "asked for in the weekly check-in",
    Cadence.MONTHLY: "asked for in the first check-in of a month",
}
_PLAN = 300


def list_message(strategy: Strategy, kpis: Sequence[Kpi], today: date) -> b.Payload:
    """All that are watched, each with its latest reading, and which goal each is for."""
    name = b.one_line(strategy.name, MAX_NAME)
    if not kpis:
        text = (
            f"*{name}* has no KPIs yet: {MIN_KPIS} to {MAX_KPIS} work best. A lead adds one with `/kpi add`."
        )
        return b.text_message(text)
    goals = {goal.id: goal.text for goal in strategy.goals}
    head = f"*{name}*: {len(kpis)} of at most {MAX_KPIS} KPIs"
    lines = [_listed(kpi, goals.get(kpi.goal_id or 0, ""), today) for kpi in kpis]
    few = [f"{MIN_KPIS} to {MAX_KPIS} work best: add one with `/kpi add`."] if len(kpis) < MIN_KPIS else []
    return b.message(b.fallback([head, *lines, *few]), b.sections([head, *lines, *few]))


def _listed(kpi: Kpi, goal: str, today: date) -> str:
    facts = [
        f"• *{b.one_line(kpi.name, MAX_NAME)}* {kpi_words(kpi, today)}",
        b.mention(kpi.owner_id),
        kpi.cadence.value,
    ]
    if kpi.months:
        facts.append(_by_month(kpi).removeprefix(", "))
    if kpi.vanity_kept_by:
        facts.append(f"kept by {b.mention(kpi.vanity_kept_by)} although it may look good without being good")
    ahead = "".join(f"\n   {line}" for line in kpi_outlook(kpi, kpi.forecast(today), today))
    served = (
        f"\n   For: {b.one_line(goal, 150)}"
        if goal
        else "\n   For: no goal any more. A lead chooses one with `/kpi edit`."
    )
    short = f"\n   If it falls short: {b.one_line(kpi.if_short, 150)}" if kpi.if_short else ""
    return " · ".join(facts) + ahead + served + short


def saved_message(strategy: Strategy, kpi: Kpi, *, is_new: bool, count: int) -> b.Payload:
    """For the lead: the numbers as they were read, and how many KPIs there are."""
    verb = "is watched from now on" if is_new else "is saved"
    text = (
        f"*{b.one_line(kpi.name, MAX_NAME)}* {verb}. I read: from {amount(kpi, kpi.baseline)} on {full_day(kpi.baseline_on)} "
        f"{target_words(kpi)}{_by_month(kpi)}. {b.mention(kpi.owner_id)} reports it, {_ASKED[kpi.cadence]}."
    )
    if count < MIN_KPIS:
        have = "the only KPI" if count == 1 else f"one of {count} KPIs"
        text += f" It is {have} of {b.one_line(strategy.name, MAX_NAME)}; {MIN_KPIS} to {MAX_KPIS} work best."
    return b.text_message(text)


def _by_month(kpi: Kpi) -> str:
    return f", by month {b.escape(month_words(kpi))}" if kpi.months else ""


def owner_message(strategy: Strategy, kpis: Sequence[Kpi], by: Person) -> b.Payload:
    """To somebody who reports these from now on."""
    if len(kpis) > 1:
        head = (
            f"{b.one_line(by.name, MAX_NAME)} asks you to report {len(kpis)} KPIs of "
            f"{b.one_line(strategy.name, MAX_NAME)}. `/kpi update` in <#{strategy.channel_id}> takes a number at any time."
        )
        lines = [
            head,
            *(
                f"• *{b.one_line(kpi.name, MAX_NAME)}*: {target_words(kpi)}, {_ASKED[kpi.cadence]}"
                for kpi in kpis
            ),
        ]
        return b.message(b.fallback(lines), b.sections(lines))
    (kpi,) = kpis
    text = (
        f"{b.one_line(by.name, MAX_NAME)} asks you to report *{b.one_line(kpi.name, MAX_NAME)}* of "
        f"{b.one_line(strategy.name, MAX_NAME)}: {target_words(kpi)}. It will be {_ASKED[kpi.cadence]}, and "
        f"`/kpi update` in <#{strategy.channel_id}> takes a number at any time."
    )
    if kpi.if_short:
        text += f"\nIf it falls short: {b.one_line(kpi.if_short, _PLAN)}"
    return b.text_message(text)


def recorded_message(kpi: Kpi, reading: KpiReading, before: KpiReading | None, today: date) -> b.Payload:
    """The reading shown back. `kpi` has its latest reading; `before` stood for the same day until now."""
    stands = standing_words(kpi, today)
    should = f", should be {stands.should}" if stands.should else ""
    text = (
        f"*{b.one_line(kpi.name, MAX_NAME)}*: {amount(kpi, reading.value)} on {dated(reading.on, today)}, recorded. "
        f"{stands.verdict[:1].upper()}{stands.verdict[1:]}{should}; {target_words(kpi)}."
    )
    if before is not None:
        text += f" It stands in place of {amount(kpi, before.value)} of the same day; both are kept."
    return b.text_message(text)


def taken_back_message(kpi: Kpi, gone: KpiReading, today: date) -> b.Payload:
    """`kpi` as it stands without it."""
    text = (
        f"*{b.one_line(kpi.name, MAX_NAME)}*: {amount(kpi, gone.value)} on {dated(gone.on, today)} is taken back and shown "
        f"nowhere any more. It now stands so: {kpi_words(kpi, today)}"
    )
    return b.text_message(text)


def retired_words(kpi: Kpi, count: int) -> str:
    """Plain words."""
    few = f" {count} are left; {MIN_KPIS} to {MAX_KPIS} work best." if count < MIN_KPIS else ""
    return f"{kpi.name} is retired: nobody is asked for it any more, and its readings are kept.{few}"
