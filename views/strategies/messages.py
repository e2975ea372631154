"""What is said about a strategy: its announcement, its status, what it still lacks."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.canvases import Canvas
from domain.changes import Change
from domain.check_ins import LastHealth
from domain.initiatives import Initiative, Status, due_standing
from domain.joins import kpis_for_goal
from domain.kpis import MAX_KPIS, MIN_KPIS, Kpi, goals_without_kpi, unserved_goals
from domain.people import Person
from domain.periods import Week
from domain.quarters import is_near_end
from domain.schedules import Schedule
from domain.strategies import MAX_INITIATIVES, MIN_INITIATIVES, Strategy
from domain.words import MAX_NAME, dated, listed, short_day
from views.canvases.messages import canvas_blocks
from views.changes import history_lines
from views.kpis.forms import MOST_SERVING, SERVE, serve_value
from views.people import owner_left
from views.quarters import next_button
from views.schedules import schedule_line
from views.slack import blocks as b
from views.slack.choices import ACTIONS, Again
from views.slack.lines import ELLIPSIS, shorten
from views.zones import place_of

_WHY = 300
_GOAL = 55
"""Characters of a goal, or of a KPI's name, on a button."""
_MOST_UNSAID = 3
"""KPIs named in one line."""


def announcement_message(
    strategy: Strategy, leads: Sequence[Person], *, is_next_quarter: bool = False
) -> b.Payload:
    """For the channel: what will happen, when, and how to take part; of a next quarter where the one before is, too."""
    schedule = strategy.schedule
    names = listed([b.one_line(lead.name, MAX_NAME) for lead in leads])
    begins = "begins its next quarter" if is_next_quarter else "now has a weekly rhythm"
    former = "; `/rhythm status former` shows the quarter before" if is_next_quarter else ""
    text = (
        f"*{b.one_line(strategy.name, MAX_NAME)}* {begins}. _{b.one_line(strategy.why, _WHY)}_\n"
        f"Each owner gets a short check-in by direct message on {schedule.prompt} in their own time, and one digest "
        f"is posted here on {schedule.digest} ({b.escape(place_of(strategy.zone))} time).\n"
        f"Led by {names}. Leads add initiatives with `/initiative add`; `/rhythm status` shows how it stands{former}."
    )
    return b.text_message(text)


def saved_message(
    strategy: Strategy,
    initiatives: Sequence[Initiative],
    changed: Sequence[str],
    kpis: Sequence[Kpi] = (),
    *,
    with_missing: bool = True,
) -> b.Payload:
    """For the lead who edited it."""
    what = f"Changed: {listed(changed)}." if changed else "Nothing changed."
    text = f"*{b.one_line(strategy.name, MAX_NAME)}* is saved. {what}"
    blocks = [b.section(text)]
    if with_missing and (missing := missing_lines(strategy, initiatives, kpis)):
        text = "\n".join([text, "Still missing:", *missing])
        blocks.append(b.section("\n".join(["*Still missing*", *missing])))
        blocks.append(b.actions(missing_buttons(strategy, initiatives, kpis)))
    return b.message(text, blocks)


def missing_lines(
    strategy: Strategy,
    initiatives: Sequence[Initiative],
    kpis: Sequence[Kpi],
    ownerless: Container[int] = (),
) -> list[str]:
    """What a strategy lacks, each with what to do, as escaped markup; `ownerless` are ids of initiatives."""
    lines = [_needs_owner(initiative) for initiative in initiatives if initiative.id in ownerless]
    if len(_counted(initiatives)) < MIN_INITIATIVES:
        have = _few_initiatives(_counted(initiatives))
        lines.append(
            f"• {have}: {MIN_INITIATIVES} to {MAX_INITIATIVES} work best. Add one with `/initiative add`."
        )
    if len(kpis) < MIN_KPIS:
        have = {0: "No KPI yet", 1: "Only one KPI"}.get(len(kpis), f"Only {len(kpis)} KPIs")
        lines.append(f"• {have}: {MIN_KPIS} to {MAX_KPIS} work best. Add one with `/kpi add`.")
    unserved = unserved_goals(strategy.goals, initiatives, kpis)
    lines += [f"• No KPI and no initiative serves “{b.one_line(goal.text, _WHY)}” yet." for goal in unserved]
    for goal in goals_without_kpi(strategy.goals, kpis):
        fitting = [b.one_line(kpi.name, MAX_NAME) for kpi in kpis_for_goal(goal, strategy, kpis)]
        if fitting:
            lines.append(
                f"• The goal “{b.one_line(goal.text, _WHY)}” has no KPI. Is it {listed(fitting, 'or')}?"
            )
        elif goal not in unserved:
            lines.append(f"• The goal “{b.one_line(goal.text, _WHY)}” has no KPI yet.")
    return lines + _unsaid_line(kpis)


def _counted(initiatives: Sequence[Initiative]) -> list[Initiative]:
    return [one for one in initiatives if one.status.counts_toward_limit]


def _few_initiatives(counted: Sequence[Initiative]) -> str:
    is_each_active = all(one.status is Status.ACTIVE for one in counted)
    kind = "active" if is_each_active else "active or proposed"
    return {0: "No active initiative yet", 1: f"Only one {kind} initiative"}.get(
        len(counted), f"Only {len(counted)} {kind} initiatives"
    )


def _unsaid_line(kpis: Sequence[Kpi]) -> list[str]:
    """KPIs that came with a plan, which does not say what is done if they fall short."""
    names = [f"*{b.one_line(kpi.name, MAX_NAME)}*" for kpi in kpis if not kpi.if_short]
    more = len(names) - _MOST_UNSAID
    told = names[:_MOST_UNSAID] + ([f"one of {more} more"] if more > 0 else [])
    return [f"• Nobody has said yet what you do if {listed(told, 'or')} falls short."] if told else []


def missing_buttons(
    strategy: Strategy,
    initiatives: Sequence[Initiative],
    kpis: Sequence[Kpi],
    ownerless: Container[int] = (),
) -> list[b.Element]:
    """A button for each thing that `missing_lines` names; each runs a command in the strategy's channel."""
    wanted = [
        ("Choose an owner…", "/initiative", "edit", one.name) for one in initiatives if one.id in ownerless
    ]
    few = len(_counted(initiatives)) < MIN_INITIATIVES
    wanted += [("Paste a plan…", "/rhythm", "import", "")] if few or len(kpis) < MIN_KPIS else []
    wanted += [("Add an initiative…", "/initiative", "add", "")] if few else []
    of_goals = [
        (f"KPI for {_begun(goal.text)}", "/kpi", "add", goal.text)
        for goal in goals_without_kpi(strategy.goals, kpis)
    ]
    wanted += of_goals or ([("Add a KPI…", "/kpi", "add", "")] if len(kpis) < MIN_KPIS else [])
    wanted += [
        (f"If {shorten(kpi.name, _GOAL)} falls short…", "/kpi", "edit", kpi.name)
        for kpi in [one for one in kpis if not one.if_short][:1]
    ]
    serving = [
        b.button(f"It is {kpi.name}…", f"{SERVE}.{number}", serve_value(strategy, kpi, goal), about=goal.text)
        for number, (goal, kpi) in enumerate(
            (goal, kpi)
            for goal in goals_without_kpi(strategy.goals, kpis)
            for kpi in kpis_for_goal(goal, strategy, kpis)
        )
    ]
    return serving[:MOST_SERVING] + [
        b.button(
            label,
            action,
            Again(command=command, subcommand=subcommand, text=text, channel_id=strategy.channel_id).value(),
            about=text or strategy.name,
        )
        for action, (label, command, subcommand, text) in zip(ACTIONS, wanted, strict=False)
    ]


def _begun(text: str) -> str:
    """On a button that opens a form, which ends in an ellipsis anyway."""
    return f"{shorten(text, _GOAL).removesuffix(ELLIPSIS)}{ELLIPSIS}"


def _needs_owner(initiative: Initiative) -> str:
    name = b.one_line(initiative.name, MAX_NAME)
    return f"• *{name}* needs an owner: {owner_left(initiative.owner_id)}. Choose one with `/initiative edit {name}`."


@dataclass(frozen=True, slots=True)
class StrategyStatus:
    """What `/rhythm status` shows; `next_prompt` is the reader's own, None where they own nothing active."""

    strategy: Strategy
    initiatives: Sequence[Initiative]
    last: Mapping[int, LastHealth]
    """By initiative."""
    today: date
    next_prompt: datetime | None
    next_digest: datetime
    schedule: Schedule
    """The one that holds now."""
    coming: tuple[Week, Schedule] | None = None
    """A schedule already saved, and the first period it holds for."""
    kpis: Sequence[Kpi] = ()
    history: Sequence[Change] = ()
    """Its last changes, newest first."""
    ownerless: frozenset[int] = frozenset()
    """Ids of initiatives whose owner has left."""
    is_lead: bool = False
    """Whether the reader may do what is missing."""
    canvas: Canvas | None = None
    has_former: bool = False
    """Whether its channel had one before."""


def status_message(status: StrategyStatus) -> b.Payload:
    strategy = status.strategy
    missing = missing_lines(strategy, status.initiatives, status.kpis, status.ownerless)
    goals = [
        f"{number}. {b.one_line(goal.text, _WHY)}" for number, goal in enumerate(strategy.goals, start=1)
    ]
    leads = listed([b.mention(lead) for lead in strategy.leads])
    owned = [
        initiative_line(one, status.today, status.last.get(one.id), is_ownerless=one.id in status.ownerless)
        for one in status.initiatives
    ] or ["A lead adds the first with `/initiative add`."]
    parts = [
        ("", [f"_{b.one_line(strategy.why, 1000)}_"]),
        ("*Initiatives*", owned),
        ("*Still missing*", missing),
        ("*Rhythm*", _rhythm_lines(status)),
        ("*Goals*", goals),
        ("*Audience*", [b.one_line(strategy.audience, 500)] if strategy.audience else []),
        ("*What makes us different*", [b.one_line(strategy.difference, 500)] if strategy.difference else []),
        ("*Core message*", [b.one_line(strategy.core_message, 500)] if strategy.core_message else []),
        ("*Leads*", [leads]),
        ("*Last changes* (`/rhythm status history`)", history_lines(strategy, status.history, status.today)),
    ]
    blocks = [b.section("\n".join(filter(None, [title, *lines]))) for title, lines in parts if lines]
    buttons = missing_buttons(strategy, status.initiatives, status.kpis, status.ownerless)
    if buttons and status.is_lead:
        blocks.append(b.actions(buttons))
    if status.is_lead and is_near_end(status.initiatives, status.kpis, status.today):
        ends = "*The quarter ends*: none of its dates lies more than three weeks ahead."
        blocks += [b.section(ends), b.actions([next_button(strategy)])]
    canvas, canvas_line = canvas_blocks(strategy, status.canvas, is_lead=status.is_lead)
    blocks += canvas
    if status.has_former:
        blocks.append(b.context("`/rhythm status former` shows what this channel had before."))
    lines = [line for title, lines in parts if lines for line in (title.strip("*"), *lines) if line]
    text = b.fallback([b.one_line(strategy.name, MAX_NAME), *lines, *filter(None, [canvas_line])])
    return b.message(text, [b.header(strategy.name), *blocks])


def _rhythm_lines(status: StrategyStatus) -> list[str]:
    strategy = status.strategy
    lines = [b.escape(schedule_line(status.schedule, strategy.zone))]
    if status.coming is not None:
        week, schedule = status.coming
        line = b.escape(schedule_line(schedule, strategy.zone))
        lines.append(f"From the week of {dated(week.day(0), status.today)} on: {line}")
    if strategy.paused_at is not None:
        lines.insert(0, f"Paused since {b.slack_time(strategy.paused_at)}: a lead can `/rhythm resume`.")
        return lines
    if status.next_prompt is not None:
        lines.append(f"Your next check-in: {b.slack_time(status.next_prompt)}.")
    lines.append(f"Next digest: {b.slack_time(status.next_digest)}.")
    return lines


def initiative_line(
    initiative: Initiative, today: date, last: LastHealth | None = None, *, is_ownerless: bool
) -> str:
    """As in "• *Newsletter relaunch* · @ben · 🟢 on track (from 23 Nov) · due 31 Mar"."""
    status = "" if initiative.status is Status.ACTIVE else f" · {initiative.status.value}"
    said = f" · {last_words(last, today)}" if last else ""
    name = b.one_line(initiative.name, MAX_NAME)
    owner = b.mention(initiative.owner_id)
    if is_ownerless:
        owner = f":warning: *needs an owner* ({owner_left(initiative.owner_id)})"
    return f"• *{name}* · {owner}{said} · due {due_standing(initiative, today)}{status}"


def last_words(last: LastHealth, today: date) -> str:
    """As in "🟢 on track (from 23 Nov)"; what is older than last week has no colour any more: "⚪ last on track (from 9 Nov)"."""
    if last.week < Week.of(today).previous():
        return f":white_circle: last {last.health.label} (from {short_day(last.week.day(0))})"
    return f"{last.health.emoji} {last.health.label} (from {short_day(last.week.day(0))})"


def paused_notice(strategy: Strategy, by: Person) -> b.Payload:
    """For the channel."""
    text = (
        f"The rhythm of *{b.one_line(strategy.name, MAX_NAME)}* is paused ({b.one_line(by.name, MAX_NAME)}): no check-ins and no "
        "digest until a lead runs `/rhythm resume`."
    )
    return b.text_message(text)


def resumed_notice(
    strategy: Strategy, by: Person, prompt_at: datetime | None, digest_at: datetime
) -> b.Payload:
    """For the channel: when owners are asked next, if anybody is, and when the next digest comes."""
    asked = f"Next check-ins: {b.slack_time(prompt_at)}. " if prompt_at else ""
    text = (
        f"The rhythm of *{b.one_line(strategy.name, MAX_NAME)}* goes on ({b.one_line(by.name, MAX_NAME)}). "
        f"{asked}Next digest: {b.slack_time(digest_at)}."
    )
    return b.text_message(text)


def resumed_sentence(strategy: Strategy, prompt_at: datetime | None, digest_at: datetime) -> str:
    """For whoever did it, in the strategy's time; plain words, not yet escaped."""
    asked = f"The first of its owners is asked {_at(strategy, prompt_at)}; the" if prompt_at else "The"
    return f"{strategy.name} goes on. {asked} next digest comes {_at(strategy, digest_at)}."


def _at(strategy: Strategy, instant: datetime) -> str:
    local = instant.astimezone(ZoneInfo(strategy.zone))
    return f"on {local:%a} {short_day(local.date())} at {local:%H:%M}"


ON_RECORD = ("why", "goals")
"""What is put on record by itself, with the reason for it."""


def changed_words(before: Strategy, after: Strategy) -> list[str]:
    """What differs, as people call it."""
    compared = {
        "name": (before.name, after.name),
        "why": (before.why, after.why),
        "goals": (before.goals, after.goals),
        "audience": (before.audience, after.audience),
        "what makes us different": (before.difference, after.difference),
        "core message": (before.core_message, after.core_message),
        "leads": (set(before.leads), set(after.leads)),
        "time zone": (before.zone, after.zone),
        "country": (before.work_pattern.country, after.work_pattern.country),
        "working days": (before.work_pattern.working_days, after.work_pattern.working_days),
    }
    return [words for words, (was, is_now) in compared.items() if was != is_now]
