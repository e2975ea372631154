"""The Home tab at its smallest, typical and largest."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.check_ins import Answer, LastHealth
from domain.decisions import AskKind, Decision
from domain.healths import Health
from domain.impact import Compared, Impact, Measure
from domain.initiatives import Status
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.milestones import Milestone
from domain.periods import Month
from domain.retrospectives import Retrospective
from domain.reviews import LeadAnswer, Review
from domain.rhythm_health import Part, Score, Share
from domain.rhythms import Rhythm
from domain.strategies import Goal
from tests.support.block_kit import assert_valid_view, texts_of
from tests.support.golden import assert_golden
from tests.support.harbor_lights import FIRST_WEEK, INITIATIVES, MAYA, PEOPLE, STRATEGY, TEAM, check_in
from tests.support.reviews import kpi
from views.check_ins.prompts import Prompt, PromptLine
from views.decisions.words import AskShown
from views.homes import ASKS_A_PAGE, BOARDS_A_PAGE, Board, HomeTab, Page, closed_view, home_view
from views.retrospectives import LookingBack
from views.reviews.leads import LeadReview

HOSTILE = (
    "<!channel> <@U123> <https://evil.example|open> & `code` ",
    "👩‍👩‍👧‍👦 🏳️‍🌈 ",
    "إعادة إطلاق النشرة الإخبارية ",
)
TODAY = date(2026, 12, 17)
AT = datetime(2026, 12, 3, 10, tzinfo=UTC)
NAMES = {person_id: person.name for person_id, person in PEOPLE.items()}
COMPARED = tuple(Compared(measure, Decimal(60), Decimal(85)) for measure in Measure)
SCORE = Score(72, {part: Share(3, 4) for part in Part})


def prompt(words: str = "", number: int = 1) -> Prompt:
    lines = tuple(
        PromptLine(replace(one, name=(words * 75)[:75] or one.name), Answer(one.id)) for one in INITIATIVES
    )
    asked = replace(
        check_in(FIRST_WEEK, *(line.answer for line in lines), owner=MAYA), id=number, message_id=number
    )
    return Prompt(STRATEGY, asked, lines, datetime(2026, 12, 2, 11, tzinfo=UTC), TODAY, NAMES)


def ask(number: int, words: str = "") -> AskShown:
    long = (words * 3000)[:3000]
    decision = Decision(
        number,
        TEAM,
        1,
        1,
        None,
        AskKind.RESOURCE,
        long or "May Sam spend two days on the sign-up form?",
        long,
        tuple(f"{number} {long[:70]}" for number in range(5)) if words else ("Yes", "No"),
        long or "No",
        requested_by="UBEN",
        decider_id=MAYA,
        due=TODAY,
    )
    return AskShown(decision, long[:75] or "Harbor Lights", "Europe/London", long[:75] or "Newsletter", NAMES)


def board(number: int = 1, words: str = "", *, is_lead: bool = True) -> Board:
    name = (words * 75)[:75]
    long = (words * 3000)[:3000]
    goals = tuple(Goal(id_, f"{id_} {long[:290]}") for id_ in (7, 8, 9))
    kpis = tuple(kpi(id_, name or f"KPI {id_}") for id_ in range(1, 7))
    paused = tuple(replace(one, id=one.id + 50, status=Status.PAUSED) for one in INITIATIVES * 4)
    return Board(
        strategy=replace(
            STRATEGY,
            id=number,
            name=name or f"Strategy {number}",
            why=long or STRATEGY.why,
            goals=goals if words else STRATEGY.goals,
            paused_at=datetime(2026, 12, 1, tzinfo=UTC) if words else None,
        ),
        is_lead=is_lead,
        initiatives=(*(replace(one, name=name or one.name, due_moves=3) for one in INITIATIVES), *paused)
        if words
        else INITIATIVES,
        healths={1: LastHealth(Health.AT_RISK, FIRST_WEEK)},
        kpis=kpis,
        today=TODAY,
        waiting=20,
        rhythm=Rhythm(SCORE, Impact(9, 8, COMPARED)) if is_lead else None,
    )


def asked_of(number: int, words: str = "") -> tuple[Confirmation, Any]:
    what = (words * 1000)[:1000] or "Two days of design"
    at = datetime(2026, 12, 1, tzinfo=UTC)
    asked = Confirmation(number, 1, Role.PARTNER, MAYA, what, ConfirmationState.ASKED, "", at)
    return asked, INITIATIVES[0]


def looking_back(number: int, words: str) -> LookingBack:
    initiative = replace(INITIATIVES[0], name=words[:75] or "Newsletter", status=Status.COMPLETED)
    step = Milestone(number, 1, words[:75] or "First issue", MAYA, TODAY)
    return LookingBack(initiative, step, Retrospective(number, 1, number, MAYA, AT))


def of_leads(words: str = "") -> LeadReview:
    """One in which Maya has answered and nothing is decided."""
    name = (words * 75)[:75]
    return LeadReview(
        replace(STRATEGY, name=name or STRATEGY.name),
        Review(41, "T1", 1, Month(2026, 12), 1, (), {MAYA: 2}, AT, AT),
        tuple(replace(one, name=name or one.name) for one in INITIATIVES),
        {MAYA: LeadAnswer(MAYA, still_holds=True, market="", at=AT)},
        {},
        NAMES,
    )


def typical() -> HomeTab:
    return HomeTab(MAYA, (prompt(),), (ask(1), ask(2)), (asked_of(5),), boards=(board(),))


def largest(words: str) -> HomeTab:
    """Three check-ins of five initiatives, 20 decisions, five strategies of 5 initiatives and 6 KPIs."""
    return HomeTab(
        MAYA,
        tuple(prompt(words, number) for number in range(1, 4)),
        tuple(ask(number, words) for number in range(10, 30)),
        tuple(asked_of(number, words) for number in range(40, 46)),
        (of_leads(words), replace(of_leads(words), answers={})),
        tuple(looking_back(number, words) for number in range(50, 56)),
        tuple(board(number, words) for number in range(1, 6)),
    )


def actions(view: dict[str, Any]) -> set[str]:
    found = set()
    for block in view["blocks"]:
        elements = [*block.get("elements", ()), block.get("accessory") or {}]
        found |= {element["action_id"] for element in elements if "action_id" in element}
    return found


def drawn(tab: HomeTab) -> str:
    return "\n".join(text for text, _ in texts_of(home_view(tab)["blocks"]))


@pytest.mark.parametrize("words", HOSTILE)
def test_the_largest_home_is_one_slack_accepts(words: str) -> None:
    for asks_page in (0, 3):
        for boards_page in (0, 2):
            tab = largest(words)
            page = Page.at(boards_page, len(tab.boards), BOARDS_A_PAGE)
            boards = tuple(page.cut(tab.boards))
            tab = replace(tab, asks_page=asks_page, boards=boards, boards_page=page)
            view = home_view(tab)
            assert_valid_view(view)
            assert not any("more" in str(block) for block in view["blocks"][99:]), "blocks were cut"


def test_the_smallest_homes_are_ones_slack_accepts() -> None:
    for tab in (HomeTab(MAYA), HomeTab(MAYA, boards=(board(is_lead=False),))):
        assert_valid_view(home_view(tab))
    assert_valid_view(closed_view("Only full members can do this. <!channel>"))


def test_a_home_of_nothing_greets_and_shows_the_way_in() -> None:
    view = home_view(HomeTab(MAYA))
    assert_golden("home_greeting", view)
    assert actions(view) == {"strategy.begin", "digest.example"}


def test_the_typical_home_is_drawn_as_before() -> None:
    view = home_view(typical())
    assert_valid_view(view)
    assert_golden("home", view)


def test_every_page_shows_its_decisions_and_none_is_lost() -> None:
    tab = HomeTab(MAYA, asks=tuple(ask(number) for number in range(20)))
    shown: list[str] = []
    for number in range(4):
        view = home_view(replace(tab, asks_page=number))
        shown += [b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith("decision.")]
    assert shown == [f"decision.{number}" for number in range(20)]


def test_a_page_that_is_no_more_shows_the_last_one() -> None:
    assert Page.at(9, 6, ASKS_A_PAGE) == Page(1, 2, ASKS_A_PAGE)
    assert Page.at(-1, 0, ASKS_A_PAGE) == Page(0, 1, ASKS_A_PAGE)


def test_members_get_the_board_without_a_button() -> None:
    view = home_view(HomeTab("U9", boards=(board(is_lead=False),)))
    assert actions(view) == set()
    assert "Rhythm health" not in drawn(HomeTab("U9", boards=(board(is_lead=False),)))


def test_a_kpi_owner_who_is_no_lead_reports_their_own_kpi_only() -> None:
    own = replace(board(is_lead=False), kpis=(kpi(1), kpi(2, owner_id="U9")))
    view = home_view(HomeTab("U9", boards=(own,)))
    buttons = [block["accessory"]["value"] for block in view["blocks"] if "accessory" in block]
    assert buttons == [":2"]


def test_a_lead_sees_rhythm_health_and_impact() -> None:
    said = drawn(HomeTab(MAYA, boards=(board(),)))
    assert "*Rhythm health: 72 of 100*" in said
    assert "Impact at week 8: weeks 1 to 4 → weeks 5 to 8" in said


def test_a_lead_sees_what_is_missing() -> None:
    bare = replace(board(), initiatives=INITIATIVES[:2], kpis=(kpi(1),))
    said = drawn(HomeTab(MAYA, boards=(bare,)))
    assert "Only 2 active initiatives" in said
    assert "KPI" in said.split("Still missing")[1]
    proposed = tuple(replace(one, status=Status.PROPOSED) for one in bare.initiatives[:1])
    asked = drawn(HomeTab(MAYA, boards=(replace(bare, initiatives=proposed),)))
    assert "Only one active or proposed initiative" in asked, "it waits for its owner or sponsor"
    nothing = drawn(HomeTab(MAYA, boards=(replace(bare, initiatives=(), kpis=()),)))
    assert "No active initiative yet" in nothing
    assert "serves" in nothing.split("Still missing")[1]


def test_a_lead_sees_last_which_kpis_do_not_say_what_is_done_if_they_fall_short() -> None:
    unsaid = tuple(replace(kpi(number), name=f"Number {number}", if_short="") for number in range(1, 6))
    said = drawn(HomeTab(MAYA, boards=(replace(board(), kpis=(kpi(6), *unsaid)),)))
    missing = said.split("Still missing")[1]
    line = (
        "Nobody has said yet what you do if *Number 1*, *Number 2*, *Number 3* or one of 2 more falls short."
    )
    assert line in missing
    assert "•" not in missing.split(line)[1].split("Add an initiative")[0]
    assert missing.count("falls short…") == 1
    assert "If Number 1 falls short…" in missing
    assert "falls short" not in drawn(HomeTab(MAYA, boards=(replace(board(), kpis=(kpi(6),)),)))


def test_a_home_never_says_that_nothing_waits_while_a_review_retrospective_or_confirmation_does() -> None:
    idle = HomeTab(MAYA, boards=(board(),))
    assert "Nothing waits for you" in drawn(idle)
    for tab in (
        replace(idle, reviews=(of_leads(),)),
        replace(idle, reviews=(replace(of_leads(), answers={}),)),
        replace(idle, retrospectives=(looking_back(50, ""),)),
        replace(idle, confirmations=(asked_of(5),)),
    ):
        assert "Nothing waits for you" not in drawn(tab)
        assert "Asked of you" in drawn(tab)


def test_a_review_on_home_asks_about_the_strategy_first_and_then_initiative_by_initiative() -> None:
    first = home_view(HomeTab(MAYA, reviews=(replace(of_leads(), answers={}),)))
    assert actions(first) == {"review.answer"}
    then = home_view(HomeTab(MAYA, reviews=(of_leads(),)))
    assert actions(then) == {"review.continue_one", "review.change", "review.stop"}
    values = {one["value"] for block in then["blocks"] for one in block.get("elements", ()) if "value" in one}
    assert values == {f"41:{INITIATIVES[0].id}"}
