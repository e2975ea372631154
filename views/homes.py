"""The Home tab: what waits for the person, then the strategies they take part in, each as a board.

At most 100 blocks (docs.slack.dev, "Home tab"), so what may be many stands on pages. What is asked of a person has the
very buttons of the message that asks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, TypeVar

from domain.check_ins import LastHealth
from domain.initiatives import Initiative, Status, kpi_ids_of
from domain.joins import Pair
from domain.kickoffs import Confirmation, Role
from domain.kpis import Kpi
from domain.quarters import is_near_end
from domain.rhythms import Rhythm
from domain.signs import NOTHING_SLIPS, Slipping
from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.check_ins.messages import prompt_message
from views.check_ins.prompts import Prompt
from views.decisions.messages import buttons as decision_buttons
from views.decisions.words import KINDS, AskShown, due_day, question_of
from views.greetings import greeting_blocks
from views.joins import offer_blocks
from views.kickoffs.messages import DECLINE, YES, YES_WORDS
from views.kpis.words import kpi_outlook, kpi_words
from views.quarters import next_button
from views.readings import UPDATE, reference
from views.retrospectives import OPEN, LookingBack
from views.reviews.leads import LeadReview, answer_button, choice_buttons, to_decide
from views.reviews.reckoning import health_block
from views.reviews.words import impact_lines
from views.signs import leads_line, slips_line
from views.slack import blocks as b
from views.slack.choices import ACTIONS, Again
from views.slack.labels import told_apart
from views.strategies.messages import initiative_line, missing_buttons, missing_lines

HOME = "home"
ASKS_PAGE = "home.asks"
BOARDS_PAGE = "home.boards"
ASKS_A_PAGE = 5
BOARDS_A_PAGE = 2
_MOST_BLOCKS = 100
_MOST_OFFERS = 2
_MOST_PROMPT_BLOCKS = 34
_MOST_ASKED_BLOCKS = 8
_QUESTIONS = {
    Role.OWNER: "Will you own it?",
    Role.NEW_OWNER: "Will you take it over?",
    Role.SPONSOR: "Do you give its owner what it needs?",
    Role.PARTNER: "Can they count on you?",
}
View = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Board:
    """A strategy as somebody sees it; `waiting` is how many asks are open in it. Only leads get a `rhythm`."""

    strategy: Strategy
    is_lead: bool
    initiatives: tuple[Initiative, ...]
    healths: Mapping[int, LastHealth]
    kpis: tuple[Kpi, ...]
    today: date
    waiting: int = 0
    rhythm: Rhythm | None = None
    ownerless: frozenset[int] = frozenset()
    """Ids of initiatives whose owner has left."""
    alike: tuple[Pair, ...] = ()
    """Success metrics and KPIs of like names, which a lead may say are one number."""
    slipping: Slipping = NOTHING_SLIPS
    """Of leads only."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which of several pages of `size` items; counted from 0 and kept within what there is."""

    number: int
    of: int
    size: int

    @classmethod
    def at(cls, number: int, items: int, size: int) -> "Page":
        of = max(-(-items // size), 1)
        return cls(min(max(number, 0), of - 1), of, size)

    def cut(self, items: Sequence[T]) -> Sequence[T]:
        """Those of all that stand on it."""
        return items[self.number * self.size : (self.number + 1) * self.size]


@dataclass(frozen=True, slots=True)
class HomeTab:
    """What one person's Home shows; `asks` are all there are, `boards` those of their page."""

    person_id: str
    prompts: tuple[Prompt, ...] = ()
    asks: tuple[AskShown, ...] = ()
    confirmations: tuple[tuple[Confirmation, Initiative], ...] = ()
    reviews: tuple[LeadReview, ...] = ()
    """Those in which the person has still to answer, or something is still to be decided."""
    retrospectives: tuple[LookingBack, ...] = ()
    boards: tuple[Board, ...] = ()
    asks_page: int = 0
    boards_page: Page = Page(0, 1, BOARDS_A_PAGE)


def turns(page: str) -> tuple[str, str]:
    """The actions of its buttons: back, and on."""
    return f"{page}.back", f"{page}.on"


TURNS = (*turns(ASKS_PAGE), *turns(BOARDS_PAGE))


def home_view(tab: HomeTab) -> View:
    asks = _ask_blocks(tab)
    mine = [*_prompt_blocks(tab.prompts), *_asked_blocks(tab), *asks]
    blocks = [*mine, *_board_pages(tab)] or greeting_blocks()
    if tab.boards and not mine:
        blocks.insert(0, b.context("Nothing waits for you just now."))
    return _view(blocks)


def closed_view(sentence: str) -> View:
    """For whoever has no part in it."""
    return _view([b.section(b.escape(sentence))])


def _view(blocks: Sequence[b.Block]) -> View:
    return {"type": "home", "callback_id": HOME, "blocks": told_apart(b.fit(blocks, _MOST_BLOCKS))}


def _prompt_blocks(prompts: Sequence[Prompt]) -> list[b.Block]:
    blocks: list[b.Block] = []
    for prompt in prompts:
        own = prompt_message(prompt)["blocks"]
        if len(blocks) + len(own) > _MOST_PROMPT_BLOCKS:
            blocks = blocks or own[:_MOST_PROMPT_BLOCKS]
            again = Again(command="/checkin", subcommand="", text="", channel_id=prompt.strategy.channel_id)
            rest = b.button("Show them all", ACTIONS[0], again.value())
            return [*blocks, b.section("More check-ins are open.", accessory=rest)]
        blocks += own
    return blocks


def _asked_blocks(tab: HomeTab) -> list[b.Block]:
    """Reviews, confirmations and retrospectives, as many as there is room for."""
    items = [_review(one, tab.person_id) for one in tab.reviews]
    items += [_confirmation(asked, initiative) for asked, initiative in tab.confirmations]
    items += [_retrospective(one) for one in tab.retrospectives]
    sizes = accumulate(len(item) for item in items)
    shown = sum(size <= _MOST_ASKED_BLOCKS for size in sizes)
    blocks = [block for item in items[:shown] for block in item]
    if (more := len(items) - shown) > 0:
        blocks.append(b.context(f"and {more} more, in our messages"))
    return [b.header("Asked of you"), *blocks] if blocks else []


def _review(deciding: LeadReview, person_id: str) -> list[b.Block]:
    """The question about the strategy, then the first initiative that is undecided."""
    title = f"*{b.escape(deciding.title)}*"
    if person_id not in deciding.answers or not deciding.undecided:
        asked = f"{title}: does the strategy still hold, and what changed in the market?"
        return [b.section(asked, accessory=answer_button(deciding))]
    first = deciding.undecided[0]
    text = f"{title}, {to_decide(deciding)}\nFirst: *{b.one_line(first.name, MAX_NAME)}*"
    return [b.section(text), choice_buttons(deciding, first, person_id)]


def _confirmation(asked: Confirmation, initiative: Initiative) -> list[b.Block]:
    what = f" · {b.one_line(asked.what, 300)}" if asked.what else ""
    value, name = str(asked.id), initiative.name
    answers = [
        b.button(YES_WORDS[asked.role], YES, value, about=name),
        b.button("Decline…", DECLINE, value, about=name),
    ]
    return [
        b.section(f"*{b.one_line(initiative.name, MAX_NAME)}*{what}\n{_QUESTIONS[asked.role]}"),
        b.actions(answers, block_id=f"kickoff.{asked.id}"),
    ]


def _retrospective(looking: LookingBack) -> list[b.Block]:
    button = b.button("Look back…", OPEN, str(looking.retrospective.id), about=looking.what)
    return [b.section(f"*{looking.what}* is over: what to keep, what to change?", accessory=button)]


def _ask_blocks(tab: HomeTab) -> list[b.Block]:
    if not tab.asks:
        return []
    page = Page.at(tab.asks_page, len(tab.asks), ASKS_A_PAGE)
    blocks: list[b.Block] = [b.header(f"Waiting for your decision ({len(tab.asks)})")]
    for ask in page.cut(tab.asks):
        decision = ask.decision
        about = b.one_line(ask.about or ask.strategy, MAX_NAME)
        asked_by = f"{KINDS[decision.kind]}, asked by {ask.name(decision.requested_by)} for {about}"
        default = f"by {due_day(decision)}, otherwise: {b.one_line(decision.default, 200)}"
        blocks += [
            b.section(f"*{question_of(decision, 300)}*\n{asked_by} · {default}"),
            decision_buttons(ask),
        ]
    return [*blocks, *_turning(page, ASKS_PAGE)]


def _board_pages(tab: HomeTab) -> list[b.Block]:
    blocks: list[b.Block] = []
    for board in tab.boards:
        blocks += [b.divider(), *_board_blocks(board, tab.person_id)]
    return [*blocks, *_turning(tab.boards_page, BOARDS_PAGE)]


_PAGED = {ASKS_PAGE: "Decisions", BOARDS_PAGE: "Strategies"}


def _turning(page: Page, action: str) -> list[b.Block]:
    """Buttons to the pages beside it, where there are any."""
    back, on = turns(action)
    about = _PAGED[action]
    buttons = [b.button("← Before", back, str(page.number - 1), about=about)] if page.number > 0 else []
    if page.number < page.of - 1:
        buttons.append(b.button("More →", on, str(page.number + 1), about=about))
    if not buttons:
        return []
    return [b.context(f"Page {page.number + 1} of {page.of}"), b.actions(buttons, block_id=action)]


def _board_blocks(board: Board, person_id: str) -> list[b.Block]:
    strategy = board.strategy
    paused = " · *paused*" if strategy.paused_at else ""
    where = f"_{b.one_line(strategy.why, 300)}_ · <#{strategy.channel_id}>{paused}"
    blocks = [b.header(strategy.name), b.context(where), *_standing_blocks(board)]
    if board.kpis:
        blocks.append(b.section("*KPIs*"))
        blocks += [_kpi(board, kpi, person_id) for kpi in board.kpis]
    counted = [one for one in board.initiatives if one.status.counts_toward_limit]
    if counted:
        blocks.append(b.section("*Initiatives*"))
        blocks += [_initiative(board, one) for one in counted]
        if board.slipping.signs and (slips := slips_line(board.slipping.slips)):
            blocks.append(b.context(slips))
    if paused_ones := [one for one in board.initiatives if one.status is Status.PAUSED]:
        names = b.and_more([b.one_line(one.name, MAX_NAME) for one in paused_ones], 8)
        blocks.append(b.context(f"Paused: {', '.join(names)}"))
    return [*blocks, *_lead_blocks(board)]


def _standing_blocks(board: Board) -> list[b.Block]:
    blocks, lines = [], []
    if board.rhythm is not None:
        blocks.append(health_block(board.rhythm.health))
        if told := impact_lines(board.rhythm.impact):
            lines.append(" · ".join(told))
    if board.waiting:
        lines.append(f"Open asks: {board.waiting}")
    return [*blocks, b.context(*lines)] if lines else blocks


def _kpi(board: Board, kpi: Kpi, person_id: str) -> b.Block:
    theirs = {kpi.owner_id, *(one.owner_id for one in board.initiatives if kpi.id in kpi_ids_of([one]))}
    can_report = board.is_lead or person_id in theirs
    update = b.button("Update…", UPDATE, reference(None, kpi), about=kpi.name) if can_report else None
    stands = f"*{b.one_line(kpi.name, MAX_NAME)}* {kpi_words(kpi, board.today)}"
    lines = [stands, *kpi_outlook(kpi, kpi.forecast(board.today), board.today)]
    return b.section("\n".join(lines), accessory=update)


def _initiative(board: Board, initiative: Initiative) -> b.Block:
    line = initiative_line(
        initiative,
        board.today,
        board.healths.get(initiative.id),
        is_ownerless=initiative.id in board.ownerless,
    ).removeprefix("• ")
    edit = _run(board, "Edit…", "/initiative", "edit", initiative.name) if board.is_lead else None
    said = [line, leads_line(board.slipping, initiative.id)]
    return b.section("\n".join(filter(None, said)), accessory=edit)


def _lead_blocks(board: Board) -> list[b.Block]:
    if not board.is_lead:
        return []
    missing = missing_lines(board.strategy, board.initiatives, board.kpis, board.ownerless)
    told = [b.section("\n".join(["*Still missing*", *missing]))] if missing else []
    needed = missing_buttons(board.strategy, board.initiatives, board.kpis, board.ownerless)
    if needed:
        told.append(b.actions(needed, block_id=f"missing.{board.strategy.id}"))
    any_time = [
        _run(board, "Add an initiative…", "/initiative", "add"),
        _run(board, "Add a KPI…", "/kpi", "add", at=1),
        _run(board, "All decisions", "/rhythm", "decisions", at=2),
        _run(board, "Edit the strategy…", "/rhythm", "setup", at=3),
    ]
    there = [button["text"] for button in needed]
    buttons = [button for button in any_time if button["text"] not in there]
    if is_near_end(board.initiatives, board.kpis, board.today):
        buttons.append(next_button(board.strategy))
    offered = offer_blocks(board.alike[:_MOST_OFFERS])
    return [*told, *offered, b.actions(buttons, block_id=f"board.{board.strategy.id}")]


def _run(
    board: Board, label: str, command: str, subcommand: str, text: str = "", *, at: int = 0
) -> b.Element:
    """A button that runs a command in the strategy's channel; `at` tells it from others of its block."""
    again = Again(command=command, subcommand=subcommand, text=text, channel_id=board.strategy.channel_id)
    return b.button(label, ACTIONS[at], again.value(), about=text or board.strategy.name)
