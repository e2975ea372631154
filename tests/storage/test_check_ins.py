"""Check-ins, revisions, notes and digests, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from domain.check_ins import Answer, CheckIn, CheckInState, NextOutcome, Via
from domain.healths import Health
from domain.initiatives import Initiative, SuccessMetric
from domain.people import Person
from domain.periods import Week
from storage import answers, check_ins, digests, initiatives, notes, people, prompts
from storage.database import Database
from storage.delivery import outbox
from storage.digests import Digest
from storage.notes import Note, NotePart

TEAM, STRATEGY, BEN = "T1", 7, "U1"
WEEK = Week(2026, 48)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def make(
    database: Database,
    week: Week = WEEK,
    *ids: int,
    person_id: str = BEN,
    at: datetime = MONDAY,
    state: CheckInState = CheckInState.ASKED,
) -> CheckIn:
    return database.run(
        check_ins.add_check_in,
        workspace_id=TEAM,
        strategy_id=STRATEGY,
        person_id=person_id,
        period=week,
        state=state,
        due_at=at,
        initiative_ids=ids or (1, 2),
    )


def initiative_with_metric(database: Database) -> Initiative:
    due = date(2027, 3, 31)
    metric = SuccessMetric(0, "subscribers", "", Decimal(4200), Decimal(6000))
    blank = Initiative(0, TEAM, STRATEGY, "Newsletter", None, BEN, MONDAY.date(), due, due, metrics=(metric,))
    return database.run(initiatives.add_initiative, blank, MONDAY)


def test_a_check_in_is_made_once_and_expects_each_initiative(database: Database) -> None:
    first, second = make(database), make(database, WEEK, 2, 3)
    assert first.id == second.id
    assert second.missing == (1, 2, 3)
    assert not second.is_answered


def test_for_when_each_got_a_prompt_is_known_without_those_who_got_none(database: Database) -> None:
    weeks = [make(database, WEEK.plus(later), at=MONDAY + timedelta(weeks=later)) for later in range(4)]
    database.run(prompts.save_prompts, [(weeks[1], 7), (weeks[3], 8)])
    asked = database.run(check_ins.list_asked_at, TEAM, STRATEGY, [BEN, "U2"], MONDAY)
    assert asked == {BEN: [MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=3)], "U2": []}


def test_an_answer_comes_back_as_it_was_given_and_every_revision_is_kept(database: Database) -> None:
    check_in = make(database, WEEK, 1)
    words = "\u200fإعادة\n<!channel> & 👩‍👩‍👧‍👦 " + "x" * 3000
    given = Answer(
        1,
        health=Health.AT_RISK,
        progress=words,
        next="next",
        last_next=NextOutcome.DONE,
        blocker="form",
        need="Sam",
        by=BEN,
        at=MONDAY,
        via=Via.FORM,
    )
    stored = database.run(answers.save_answer, check_in, given)
    again = database.run(check_ins.find_check_in, TEAM, check_in.id)
    assert again is not None
    assert again.answers == (stored,) == (replace(given, revision=1),)
    database.run(answers.save_answer, again, replace(given, health=Health.ON_TRACK))
    revisions = database.run(answers.list_revisions, check_in, 1)
    assert [(r.revision, r.health, r.progress) for r in revisions] == [
        (1, Health.AT_RISK, words),
        (2, Health.ON_TRACK, words),
    ]


def test_a_reading_becomes_the_metrics_value_to_the_last_digit(database: Database) -> None:
    initiative = initiative_with_metric(database)
    [metric] = initiative.metrics
    check_in = make(database, WEEK, initiative.id)
    value = Decimal("4310.000001")
    answer = Answer(initiative.id, health=Health.ON_TRACK, readings=((metric.id, value),), by=BEN, at=MONDAY)
    database.run(answers.save_answer, check_in, answer)
    [read] = database.run(initiatives.get_initiative, TEAM, initiative.id).metrics
    assert read.value == value


def test_the_current_check_in_is_the_latest_that_is_due(database: Database) -> None:
    now = MONDAY + timedelta(days=1)
    assert database.run(check_ins.find_current, TEAM, STRATEGY, BEN, now) is None
    first = make(database)
    early = make(database, WEEK.next(), at=MONDAY + timedelta(days=7), state=CheckInState.EARLY)
    assert database.run(check_ins.find_current, TEAM, STRATEGY, BEN, now) == first
    assert database.run(check_ins.find_current, TEAM, STRATEGY, BEN, early.due_at) == early


def test_a_history_goes_back_to_a_period_and_to_the_last_one_before_it_however_old(
    database: Database,
) -> None:
    weeks = [WEEK.plus(number) for number in (-30, -20, -1, 0)]
    bens = [
        make(database, week, at=MONDAY + timedelta(weeks=ahead))
        for week, ahead in zip(weeks, (-30, -20, -1, 0), strict=True)
    ]
    anas = make(database, weeks[1], person_id="U2", at=MONDAY - timedelta(weeks=20))
    make(database, person_id="U3")

    history = database.run(check_ins.list_history, TEAM, STRATEGY, [BEN, "U2", "U4"], WEEK.plus(-1))

    assert history == {BEN: bens[1:], "U2": [anas], "U4": []}


def test_check_ins_of_many_are_saved_at_once_and_keep_what_was_answered_early(database: Database) -> None:
    early = make(database, state=CheckInState.EARLY)
    said = database.run(answers.save_answer, early, Answer(1, health=Health.ON_TRACK, by=BEN, at=MONDAY))
    asked = replace(
        early, state=CheckInState.ASKED, due_at=MONDAY + timedelta(hours=1), answers=(Answer(1), Answer(3))
    )
    new = CheckIn(0, TEAM, STRATEGY, "U2", WEEK, CheckInState.ASKED, MONDAY, (Answer(4),))

    saved = database.run(prompts.save_check_ins, [asked, new])
    database.run(prompts.save_prompts, [(saved[0], 7), (saved[1], 8)])
    database.run(prompts.save_reminders, [(saved[1], 9)])

    bens, anas = (database.run(check_ins.find_check_in, TEAM, one.id) for one in saved)
    assert bens == replace(asked, answers=(said, Answer(2), Answer(3)), message_id=7)
    assert anas == replace(new, id=saved[1].id, message_id=8, reminder_message_id=9)


def test_a_check_in_of_a_period_that_somebody_else_made_is_not_saved_over(database: Database) -> None:
    make(database)
    with pytest.raises(IntegrityError):
        database.run(
            prompts.save_check_ins,
            [CheckIn(0, TEAM, STRATEGY, BEN, WEEK, CheckInState.ASKED, MONDAY)],
        )


def test_the_same_ids_in_another_workspace_are_another_matter(database: Database) -> None:
    make(database)
    assert database.run(check_ins.list_current, "T2", BEN, MONDAY) == []
    assert database.run(check_ins.list_since, "T2", STRATEGY, WEEK) == []


def test_what_nobody_answered_is_dropped_what_was_answered_stays(database: Database) -> None:
    check_in = make(database)
    database.run(answers.save_answer, check_in, Answer(1, health=Health.ON_TRACK, by=BEN, at=MONDAY))
    for initiative_id in (1, 2):
        database.run(answers.drop_unanswered, TEAM, initiative_id)
    left = database.run(check_ins.find_check_in, TEAM, check_in.id)
    assert left is not None
    assert [answer.initiative_id for answer in left.answers] == [1]


def test_a_digest_covers_what_was_due_and_only_once(database: Database) -> None:
    first, other = make(database), make(database, WEEK, 3, person_id="U2", at=MONDAY + timedelta(days=9))
    now = MONDAY + timedelta(days=2)
    assert database.run(check_ins.list_uncovered, TEAM, STRATEGY, now) == [first]
    database.run(check_ins.cover, TEAM, [first.id], 99)
    assert database.run(check_ins.list_uncovered, TEAM, STRATEGY, now) == []
    later = database.run(check_ins.list_uncovered, TEAM, STRATEGY, now + timedelta(days=7))
    assert later == [other]


def test_a_check_in_is_found_by_its_prompt_and_by_its_reminder(database: Database) -> None:
    check_in = make(database)
    message_id = database.run(outbox.enqueue_post, TEAM, BEN, {"text": "?", "blocks": []}, now=MONDAY)
    database.run(prompts.save_prompts, [(check_in, message_id)])
    assert database.run(check_ins.find_by_message, TEAM, "D1", "1.1") is None


def test_a_digest_knows_its_message_and_those_of_its_thread(database: Database) -> None:
    digest = Digest(0, TEAM, STRATEGY, WEEK, 5, (6, 7), MONDAY, is_final=False)
    made = database.run(digests.add_digest, digest)
    assert database.run(digests.find_digest_of_period, TEAM, STRATEGY, WEEK) == made
    assert made.details == (6, 7)
    final = database.run(digests.make_final, made, MONDAY + timedelta(days=2))
    database.run(digests.save_details, final, [6, 7, 8])
    found = database.run(digests.find_latest_digest, TEAM, STRATEGY)
    assert found == replace(made, is_final=True, posted_at=MONDAY + timedelta(days=2), details=(6, 7, 8))
    assert database.run(digests.find_latest_digest, TEAM, STRATEGY, before=WEEK) is None


def test_each_version_of_a_note_is_kept_once(database: Database) -> None:
    note = Note(TEAM, "D1", "1.1", 1, None, BEN, "on track\n🎉", MONDAY)
    assert database.run(notes.add_note, note)
    assert not database.run(notes.add_note, replace(note, text="the same event again"))
    edited = replace(note, version=2, text="at risk")
    assert database.run(notes.add_note, edited)
    database.run(notes.set_reply, edited, 3)
    edited = replace(edited, reply_message_id=3)
    assert database.run(notes.find_note, TEAM, "D1", "1.1") == edited
    assert database.run(notes.list_notes_of, TEAM, BEN) == [note, edited]
    assert database.run(notes.find_note, TEAM, "D1", "2.2") is None


def test_a_note_is_a_strategys_only_when_every_word_of_it_was_recorded_for_that_one(
    database: Database,
) -> None:
    note = Note(TEAM, "D1", "1.1", 1, None, BEN, "Newsletter and desk on track", MONDAY)
    database.run(notes.add_note, note)

    def whole_of(note: Note, *parts: NotePart) -> int | None:
        database.run(notes.save_parts, note, parts)
        found = database.run(notes.find_note, TEAM, "D1", "1.1")
        assert found is not None
        return found.strategy_id

    mine, other = NotePart(11, STRATEGY, 21, "Newsletter", 1), NotePart(12, STRATEGY, 21, "desk")
    assert whole_of(note) is None
    assert whole_of(note, mine) == STRATEGY
    assert whole_of(note, other) is None
    assert whole_of(note, replace(other, revision=1)) == STRATEGY
    assert whole_of(replace(note, unplaced="all fine")) is None
    assert whole_of(replace(note, apart="and the other plan")) is None
    assert whole_of(note, NotePart(13, STRATEGY + 1, 22, "track", 1)) is None


def test_a_reading_taken_back_is_kept_and_the_one_before_stands_again(database: Database) -> None:
    initiative = initiative_with_metric(database)
    [metric] = initiative.metrics

    def report(check_in: CheckIn, *values: str) -> CheckIn:
        said = tuple((metric.id, Decimal(value)) for value in values)
        given = Answer(initiative.id, Health.ON_TRACK, readings=said, by=BEN, at=check_in.due_at)
        return check_in.with_answers([database.run(answers.save_answer, check_in, given)])

    def value() -> tuple[Decimal | None, ...]:
        [read] = database.run(initiatives.read_metrics, TEAM, [initiative], "Europe/London")
        kept = database.run(initiatives.get_initiative, TEAM, initiative.id)
        return read.metrics[0].value, kept.metrics[0].value

    report(make(database, WEEK, initiative.id), "4400")
    later = make(database, WEEK.next(), initiative.id, at=MONDAY + timedelta(weeks=1))
    later = report(report(later, "4600"), "4650")
    assert value() == (Decimal(4650), Decimal(4650))
    later = report(later)
    assert value() == (Decimal(4400), Decimal(4400))
    report(later, "4500")
    assert value() == (Decimal(4500), Decimal(4500))


def test_a_metric_was_read_on_its_owners_day_once_a_check_in_up_to_a_period(database: Database) -> None:
    database.run(people.save_people, [Person(TEAM, BEN, "Ben", "Pacific/Auckland")])
    initiative = initiative_with_metric(database)
    [metric] = initiative.metrics
    evening = MONDAY.replace(hour=20)

    def report(check_in: CheckIn, value: str, at: datetime) -> CheckIn:
        given = Answer(initiative.id, Health.ON_TRACK, readings=((metric.id, Decimal(value)),), by=BEN, at=at)
        return check_in.with_answers([database.run(answers.save_answer, check_in, given)])

    first = report(make(database, WEEK, initiative.id), "4300", MONDAY)
    report(first, "4310", evening)
    later = make(database, WEEK.next(), initiative.id, at=MONDAY + timedelta(weeks=1))
    report(later, "4400", MONDAY + timedelta(weeks=1))

    def read(until: Week | None) -> list[tuple[date, int]]:
        [found] = database.run(initiatives.read_metrics, TEAM, [initiative], "Europe/London", until=until)
        return [(point.on, int(point.value)) for point in found.metrics[0].readings]

    tuesday = date(2026, 11, 24)
    assert read(WEEK) == [(tuesday, 4310)]
    assert read(None) == [(tuesday, 4310), (date(2026, 11, 30), 4400)]
    [answerable] = database.run(initiatives.list_answerable, TEAM, STRATEGY, {BEN: "Pacific/Auckland"})
    assert [point.on for point in answerable.metrics[0].readings] == [tuesday, date(2026, 11, 30)]
