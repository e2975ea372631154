"""Reviews, what leads said in them and owners' word on the core message, as they are kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from domain.check_ins import CheckInState
from domain.periods import Month, Week
from domain.reviews import Carried, Choice, LeadAnswer, LeadChoice, MessageCheck, Review
from storage import check_ins, reviews
from storage.database import Database

NOW = datetime(2026, 12, 3, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DECEMBER = Month(2026, 12)


def add(session: Session) -> Review:
    review = Review(0, "T1", 1, DECEMBER, 7, (8, 9), {}, NOW, LATER, initiative_ids=(3, 4))
    return reviews.add_review(session, review)


def test_a_review_is_kept_with_its_messages(database: Database) -> None:
    def keep(session: Session) -> tuple[Review | None, Review]:
        review = replace(add(session), details=(8, 9, 10), lead_messages={"U1": 11}, reminded=("U1",))
        reviews.save_review(session, review)
        review = replace(review, ends_at=LATER + timedelta(days=1), closed_at=LATER)
        reviews.save_review(session, review)
        return reviews.find_review(session, "T1", 1, DECEMBER), review

    found, expected = database.run(keep)
    assert found == expected
    assert database.run(reviews.find_review_by_id, "T1", expected.id) == expected
    assert database.run(reviews.find_review, "T1", 1, DECEMBER.next()) is None


def test_a_review_of_another_workspace_is_not_found(database: Database) -> None:
    review = database.run(add)
    assert database.run(reviews.find_review_by_id, "T2", review.id) is None


def test_the_latest_answer_stands_and_every_choice_stays_on_record(database: Database) -> None:
    chosen = [
        LeadChoice(3, Choice.STOP, "Half the line", None, "U1", NOW),
        LeadChoice(3, Choice.CHANGE, "Later", False, "U2", NOW, "The budget was cut"),
        LeadChoice(4, Choice.CONTINUE, "It grows", True, "U1", LATER),
    ]

    def keep(session: Session) -> Review:
        review = add(session)
        for person, at, holds in (("U1", NOW, True), ("U2", NOW, True), ("U1", LATER, False)):
            reviews.add_lead_answer(session, review, LeadAnswer(person, holds, "Pools closed", at))
        for one in chosen:
            reviews.add_choice(session, review, one)
        return review

    review = database.run(keep)
    assert database.run(reviews.list_lead_answers, review) == {
        "U1": LeadAnswer("U1", still_holds=False, market="Pools closed", at=LATER),
        "U2": LeadAnswer("U2", still_holds=True, market="Pools closed", at=NOW),
    }
    found = database.run(reviews.list_choices, review)
    assert {key: tuple(replace(one, id=0) for one in made) for key, made in found.items()} == {
        3: tuple(chosen[:2]),
        4: (chosen[2],),
    }


def test_the_word_on_the_core_message_is_kept_by_channel_and_listed_by_strategy(database: Database) -> None:
    def keep(session: Session) -> list[MessageCheck]:
        made = []
        for strategy_id in (1, 2):
            check_in = check_ins.add_check_in(
                session,
                workspace_id="T1",
                strategy_id=strategy_id,
                person_id="U1",
                period=Week(2026, 49),
                state=CheckInState.ASKED,
                due_at=NOW,
                initiative_ids=[3],
            )
            made += [
                MessageCheck(check_in.id, 3, channel, Carried.PARTLY, "The gala", "U1", NOW)
                for channel in ("email", "web")
            ]
        reviews.save_checks(session, "T1", made)
        reviews.save_checks(session, "T1", [replace(made[0], carried=Carried.YES, where_broke="", at=LATER)])
        return made

    made = database.run(keep)
    changed = replace(made[0], carried=Carried.YES, where_broke="", at=LATER)
    before = NOW - timedelta(seconds=1)
    assert database.run(reviews.list_checks_since, "T1", 1, before) == [made[1], changed]
    assert database.run(reviews.list_checks_since, "T1", 1, NOW) == [changed]
    assert sorted(c.channel for c in database.run(reviews.list_checks, "T1", [made[2].check_in_id])) == [
        "email",
        "web",
    ]
