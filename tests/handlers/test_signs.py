"""Thirteen weeks with a known truth: who sees which signs of slipping when, each figure reckoned anew from the rows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.check_ins import BlockerOutcome, NextOutcome
from domain.errors import DomainError
from domain.healths import Health
from domain.initiatives import Status
from domain.people import Actor
from domain.periods import Month, Week
from domain.reviews import Review, review_facts
from domain.signs import Showing, SignKind
from handlers.requests import Click
from services.check_ins.answering import load_answering
from services.check_ins.answers import settle_promise
from services.homes import draw_home
from services.reviews.gathering import gather_review
from storage import acts, ahead, initiatives, people, signs, strategies
from storage.database import Database
from storage.models import AnswerRow, CheckInRow, ClosedWeekRow, InitiativeRow, OutboxRow, SignsShownRow
from storage.statements import points_at, table
from tests.support.block_kit import assert_valid_message, assert_valid_view, texts_of
from tests.support.harbor_lights import (
    BEN,
    FIRST_WEEK,
    MAYA,
    NEWSLETTER,
    PEOPLE,
    PRIYA,
    RUTH,
    START,
    STRATEGY,
    TEAM,
)
from tests.support.statements import counted
from tests.support.walks import BEGAN, Walk, one_transaction
from views.reviews.leads import LeadReview, evidence_lines
from views.reviews.messages import review_details, review_message

ON, RISK = Health.ON_TRACK, Health.AT_RISK
DONE, GOES_ON, DROPPED = NextOutcome.DONE, NextOutcome.CONTINUED, NextOutcome.DROPPED
CARRIED, FELL, MOVED, BLOCKED, GREEN = SignKind
VENUE, LEGAL = "Choose the venue", "Waiting for <legal>"
AGAIN = {"last_next": GOES_ON, "next": VENUE}
STUCK = {"blocker": LEGAL, "last_blocker": BlockerOutcome.STILL}

SAID: Mapping[int, Mapping[str, Any]] = {
    1: {"health": ON, "next": VENUE},
    2: {"health": ON, **AGAIN},
    3: {"health": ON, **AGAIN},
    4: {"health": ON, **AGAIN},
    5: {"health": ON, **AGAIN},
    6: {"health": ON, **AGAIN},
    7: {"health": RISK, "last_next": DONE, "next": "Print"},
    8: {"health": RISK, "last_next": DROPPED, "next": "Post"},
    9: {"health": RISK, "last_next": DROPPED, "blocker": LEGAL},
    10: {"health": RISK, **STUCK},
    11: {"health": RISK, **STUCK},
    12: {"health": ON, **STUCK},
    13: {"health": ON, **STUCK},
}
"""What Maya says of Newsletter relaunch, by week; nobody adds a subscriber. Its date moves in week 4 and in week 11."""
TRUTH: Mapping[int, set[SignKind]] = {
    5: {CARRIED, MOVED, GREEN},
    6: {CARRIED, MOVED, GREEN},
    7: {CARRIED, MOVED, GREEN},
    11: {FELL, MOVED, BLOCKED},
    12: {FELL, MOVED, BLOCKED},
    13: {FELL, MOVED, BLOCKED, GREEN},
}
"""The weeks in which Maya is shown signs with her prompt, and which; she answers after that."""
FOR_LEADS = {6, 7, 12, 13}
"""The weeks in which leads see them when she is asked; once she has answered, not in week 7, in which she settles it."""


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with one_transaction(database) as session:
        yield session


def weeks_of(walk: Walk) -> Iterator[int]:
    """Each Monday evening in London, when all have been asked; what is said in the week follows."""
    for number, said in SAID.items():
        monday = FIRST_WEEK.plus(number - 1).day(0)
        walk.go_to(datetime.combine(monday, time(18), UTC))
        yield number
        answer(walk, number, said)
        walk.go_to(datetime.combine(monday + timedelta(days=1), time(12), UTC))
        if number in (4, 11):
            newsletter = walk.named(NEWSLETTER.name)
            walk.move(newsletter, newsletter.due + timedelta(days=14))


def answer(walk: Walk, number: int, said: Mapping[str, Any]) -> None:
    metric = walk.named(NEWSLETTER.name).metrics[0]
    walk.answer(MAYA, readings=((metric.id, Decimal(4200 + number)),), **said)
    walk.answer(BEN, ON, next="Test the form", last_next=GOES_ON if number > 1 else None)
    walk.answer(PRIYA, ON)


def words_of(payload: Any) -> str:
    return "\n".join(text for text, _ in texts_of(payload["blocks"]))


def prompt_of(walk: Walk, person_id: str) -> str:
    check_in, outbox = walk.check_in_of(person_id), table(OutboxRow)
    assert check_in is not None
    is_its = outbox.c.message_id == check_in.message_id
    payload = list(walk.session.scalars(select(outbox.c.payload).where(is_its).order_by(outbox.c.id)))[-1]
    assert_valid_message(payload)
    return words_of(payload)


def home_of(walk: Walk, person_id: str) -> str:
    view = draw_home(walk.session, PEOPLE[person_id], walk.now)
    assert_valid_view(view)
    return words_of(view)


def sentence_in(words: str) -> str:
    """The one that counts the signs, "" where there is none."""
    found = re.findall(r"\d of 5 signs of slipping: .*", words)
    assert len(found) <= 1
    return found[0].removesuffix(".") if found else ""


PARTS = {
    CARRIED: r"“(.*)” carried (\d+) weeks",
    FELL: r"(\d+) of the last (\d+) “next” dropped",
    MOVED: r"due date moved (once|twice)",
    BLOCKED: r"“(.*)” in the way for (\d+) weeks",
    GREEN: r"on track while (.*) is behind",
}


def read_sentence(sentence: str) -> dict[SignKind, tuple[str, ...]]:
    """Its signs with their figures; it counts them."""
    count, _, said = sentence.partition(" of 5 signs of slipping: ")
    parts = said.split("; ")
    found = {
        kind: match.groups()
        for part in parts
        for kind, of in PARTS.items()
        if (match := re.fullmatch(of, part))
    }
    assert len(found) == len(parts) == int(count)
    return found


def reckoned(walk: Walk, until: Week) -> dict[SignKind, tuple[str, ...]]:
    """The same from the rows alone, of the weeks before `until`."""
    of_newsletter = walk.named(NEWSLETTER.name).id
    answers, asked, kept = table(AnswerRow), table(CheckInRow), table(InitiativeRow)
    rows = walk.session.execute(
        select(asked.c.period, answers.c.content, answers.c.health)
        .join_from(asked, answers, points_at(answers, "check_in_id", asked))
        .where(answers.c.initiative_id == of_newsletter, asked.c.period < str(until), answers.c.revision > 0)
        .order_by(asked.c.period)
    ).all()
    found: dict[SignKind, tuple[str, ...]] = {}
    goes_on = 0
    while goes_on < len(rows) and rows[-1 - goes_on].content["last_next"] == "continued":
        goes_on += 1
    if goes_on >= 3:
        found[CARRIED] = (VENUE, str(goes_on))
    ended = [row.content["last_next"] for row in rows if row.content["last_next"] in ("done", "dropped")][-4:]
    if ended.count("dropped") >= 2:
        found[FELL] = (str(ended.count("dropped")), str(len(ended)))
    row = walk.session.execute(select(kept).where(kept.c.id == of_newsletter)).one()
    if row.due > row.first_due:
        found[MOVED] = (("once", "twice")[row.due_moves - 1],)
    stuck = [Week.parse(row.period) for row in rows if row.content["blocker"] == LEGAL]
    if stuck and stuck[0].weeks_until(until) >= 2:
        found[BLOCKED] = ("Waiting for &lt;legal&gt;", str(stuck[0].weeks_until(until)))
    if rows and rows[-1].health == "on_track" and (lagging := lagging_in(walk, until.previous())):
        found[GREEN] = (lagging,)
    return found


def lagging_in(walk: Walk, week: Week) -> str:
    """Metrics of Newsletter relaunch that were behind when a week closed."""
    closed = table(ClosedWeekRow)
    facts = walk.session.scalars(
        select(closed.c.facts).where(closed.c.period == str(week), closed.c.person_id == MAYA)
    ).one()
    [then] = (one for one in facts["initiatives"] if one["name"] == NEWSLETTER.name)
    return " and ".join(one["name"] for one in then["numbers"] if one["pace"] == "behind")


def test_thirteen_weeks_show_each_sign_when_it_is_there_to_its_owner_first(session: Session) -> None:
    walk = Walk.begin(session)
    shown, for_leads = {}, set()
    for number in weeks_of(walk):
        words, week = prompt_of(walk, MAYA), FIRST_WEEK.plus(number - 1)
        if sentence := sentence_in(words):
            shown[number] = set(read_sentence(sentence))
            assert read_sentence(sentence) == reckoned(walk, week)
            who = "Only you see this" if number not in FOR_LEADS else "Your leads see this, too."
            assert who in words
        else:
            assert len(reckoned(walk, week)) < 3
        if lead := sentence_in(home_of(walk, RUTH)):
            for_leads.add(number)
            assert lead == sentence
        assert not sentence_in(prompt_of(walk, BEN) + prompt_of(walk, PRIYA) + home_of(walk, PRIYA))

    assert shown == TRUTH
    assert for_leads == FOR_LEADS


def test_what_is_settled_is_seen_no_more_at_once(session: Session) -> None:
    walk = Walk.begin(session)
    for number in weeks_of(walk):
        if number == 7:
            break
    assert sentence_in(home_of(walk, RUTH))
    walk.answer(MAYA, ON)
    assert "Still 3 of 5 signs of slipping" in prompt_of(walk, MAYA)
    walk.answer(MAYA, **SAID[7])
    assert not sentence_in(prompt_of(walk, MAYA))
    assert not sentence_in(home_of(walk, RUTH))


def test_what_is_kept_is_what_was_shown_and_nothing_done_later_changes_it(session: Session) -> None:
    walk, kept = Walk.begin(session), dict[str, Any]()
    rows = table(SignsShownRow)
    for number in weeks_of(walk):
        now = {row.period: row for row in session.execute(select(rows))}
        assert {period: now[period] for period in kept} == kept
        if (week := str(FIRST_WEEK.plus(number - 1))) in now:
            said = read_sentence(sentence_in(prompt_of(walk, MAYA)))
            assert {SignKind(kind) for kind in now[week].signs} == set(said)
            assert now[week].due == walk.named(NEWSLETTER.name).due
            assert now[week].is_for_leads is (number in FOR_LEADS)
        kept = now
    assert set(kept) == {str(FIRST_WEEK.plus(number - 1)) for number in TRUTH}


def test_the_review_tells_them_in_its_thread_and_to_its_leads_and_not_in_its_message(
    session: Session,
) -> None:
    walk = Walk.begin(session)
    for number in weeks_of(walk):
        facts = review_facts(gather_review(session, walk.strategy, Month(2027, 1), walk.now))
        thread = "\n".join(words_of(page) for page in review_details(facts))
        newsletter = walk.named(NEWSLETTER.name)
        review = Review(1, TEAM, walk.strategy_id, Month(2027, 1), 1, (), {}, walk.now, walk.now)
        deciding = LeadReview(walk.strategy, review, (newsletter,), {}, {}, {}, facts)
        evidence = "\n".join(evidence_lines(deciding, newsletter))
        expected = sentence_in(prompt_of(walk, MAYA)) if number in FOR_LEADS else ""
        assert sentence_in(thread) == expected
        assert sentence_in(evidence) == expected
        assert "signs of slipping" not in words_of(review_message(facts, walk.now))


def seed_former(session: Session, moved: int, in_time: int) -> None:
    """A strategy that the channel had before: of its initiatives with three signs so many slipped, and one was stopped."""
    people.save_people(session, list(PEOPLE.values()))
    former = strategies.add_strategy(session, STRATEGY, BEGAN - timedelta(days=100))
    assert former is not None
    fates = [Status.ACTIVE] * moved + [Status.COMPLETED] * in_time + [Status.STOPPED]
    for number, fate in enumerate(fates):
        wanted = replace(NEWSLETTER, strategy_id=former.id, name=f"Former {number}", metrics=())
        due = START - timedelta(days=30)
        later = due + timedelta(days=9 if fate is Status.ACTIVE else 0)
        added = initiatives.add_initiative(session, replace(wanted, first_due=due, due=later), BEGAN)
        showing = Showing(added.id, FIRST_WEEK.plus(-9), {MOVED: 1}, due, is_for_leads=False, at=BEGAN)
        signs.add_showings(session, TEAM, former.id, [showing])
        if fate is not Status.ACTIVE:
            initiatives.set_status(session, TEAM, added.id, fate, BEGAN - timedelta(days=40))
    assert strategies.close_strategy(session, TEAM, former.id, BEGAN - timedelta(days=1))


def slips_in_rows(session: Session) -> tuple[int, int]:
    """Of initiatives that had three signs those that slipped, and all of which that is known here: a date moved, or done."""
    shown, kept = table(SignsShownRow), table(InitiativeRow)
    rows = session.execute(
        select(shown.c.due, kept.c.due.label("due_now"), kept.c.status, kept.c.id)
        .join_from(shown, kept, points_at(shown, "initiative_id", kept))
        .order_by(shown.c.period)
    )
    first = {row.id: row for row in reversed(rows.all())}
    moved = [row.due_now > row.due for row in first.values() if row.status != "stopped"]
    known = [
        one
        for one, row in zip(moved, (r for r in first.values() if r.status != "stopped"), strict=True)
        if one or row.status == "completed"
    ]
    return sum(known), len(known)


def test_how_many_such_initiatives_slipped_is_told_from_ten_known_on(session: Session) -> None:
    """Nine of a former quarter, and Newsletter relaunch once its date has moved again."""
    seed_former(session, moved=6, in_time=3)
    walk, told = Walk.begin(session), {}
    for number in weeks_of(walk):
        for words in (prompt_of(walk, MAYA), home_of(walk, RUTH)):
            if found := re.findall(r"In this team (\d+) of (\d+) such initiatives slipped", words):
                told[number] = [tuple(map(int, one)) for one in found]
                assert told[number] == [slips_in_rows(session)]
    assert told == {12: [(7, 10)], 13: [(7, 10)]}


def to_week(walk: Walk, wanted: int) -> None:
    """Monday evening of that week."""
    for number in weeks_of(walk):
        if number == wanted:
            return


def test_a_week_away_is_not_the_week_to_answer(session: Session) -> None:
    walk = Walk.begin(session)
    to_week(walk, 5)
    answer(walk, 5, SAID[5])
    monday = FIRST_WEEK.plus(5).day(0)
    walk.go_away(MAYA, monday, monday + timedelta(days=6))
    walk.go_to(datetime.combine(monday, time(18), UTC))
    assert not sentence_in(home_of(walk, RUTH)), "she has not been asked since she was shown them"
    walk.go_to(datetime.combine(monday + timedelta(weeks=1), time(18), UTC))
    assert "Your leads see this, too." in prompt_of(walk, MAYA)
    assert sentence_in(home_of(walk, RUTH)) == sentence_in(prompt_of(walk, MAYA))


def test_whoever_answers_the_next_week_early_is_not_shown_less(session: Session) -> None:
    walk = Walk.begin(session)
    to_week(walk, 6)
    answer(walk, 6, SAID[6])
    assert walk.answer_early(MAYA, ON, **AGAIN)
    walk.go_to(datetime.combine(FIRST_WEEK.plus(6).day(0), time(18), UTC))
    assert sentence_in(home_of(walk, RUTH)).startswith("3 of 5")


def test_whoever_takes_it_over_begins_anew(session: Session) -> None:
    walk = Walk.begin(session)
    to_week(walk, 6)
    newsletter = walk.named(NEWSLETTER.name)
    initiatives.save_initiative(session, replace(newsletter, owner_id=BEN, owner_since=walk.now))
    assert not sentence_in(home_of(walk, RUTH))
    walk.go_to(datetime.combine(FIRST_WEEK.plus(6).day(0), time(18), UTC))
    assert not sentence_in(prompt_of(walk, BEN))
    assert not sentence_in(home_of(walk, RUTH))


def test_they_cost_a_prompt_nothing_where_there_are_none_and_two_statements_where_there_are(
    session: Session,
) -> None:
    walk, sent = Walk.begin(session), dict[int, int]()
    to_week(walk, 3)
    for number in (4, 5, 6):
        answer(walk, number - 1, SAID[number - 1])
        if number == 5:
            newsletter = walk.named(NEWSLETTER.name)
            walk.move(newsletter, newsletter.due + timedelta(days=14))
        monday = FIRST_WEEK.plus(number - 1).day(0)
        walk.go_to(datetime.combine(monday, time(8, 59), UTC))
        with counted(session) as statements:
            walk.go_to(datetime.combine(monday, time(9), UTC))
        sent[number] = sum("signs_shown" in one for one in statements)
    assert sent == {4: 0, 5: 2, 6: 2}


def test_what_a_clock_that_was_ahead_has_shown_was_not_shown(session: Session) -> None:
    walk = Walk.begin(session)
    to_week(walk, 6)
    [first, _] = signs.list_courses(session, TEAM, STRATEGY.channel_id)
    ahead.redate(session, TEAM, walk.strategy_id, first.showing.at, walk.now)
    assert signs.list_courses(session, TEAM, STRATEGY.channel_id) == (first,)


def test_the_second_to_settle_a_promise_is_told_that_it_is_answered(session: Session) -> None:
    walk = Walk.begin(session)
    to_week(walk, 2)
    check_in = walk.check_in_of(MAYA)
    assert check_in is not None
    click = Click(Actor(TEAM, MAYA, TEAM), "", str(check_in.id), "")
    ctx = load_answering(session, click, check_in.id, walk.now)
    newsletter = walk.named(NEWSLETTER.name).id
    ctx = settle_promise(session, ctx, newsletter, DONE, walk.now)
    with pytest.raises(DomainError, match="You have answered that already"):
        settle_promise(session, ctx, newsletter, DROPPED, walk.now)
    said = acts.list_acts(session, TEAM, walk.strategy_id, 1)[0]
    assert said.after == "what was next: done"
