"""Milestones and retrospectives at their smallest and their largest."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.errors import FieldErrors
from domain.initiatives import Status
from domain.milestones import Milestone
from domain.reading.milestones import MilestoneLine
from domain.retrospectives import Retrospective, split_learnings
from tests.support.block_kit import assert_valid_message, assert_valid_view
from tests.support.forms import submitted
from tests.support.golden import assert_golden
from tests.support.harbor_lights import BEN, PEOPLE, REFERRAL, TOM
from views import milestones, retrospectives
from views.milestones import MilestoneRef, MilestonesShown
from views.retrospectives import LookingBack
from views.slack.blocks import message, sections

TODAY = date(2026, 12, 8)
NOW = datetime(2026, 12, 8, 10, tzinfo=UTC)
HOSTILE = "<!channel> & <@U1> <https://e.example|x> 🌊 שלום " * 70
CARDS = Milestone(1, REFERRAL.id, "Cards printed", TOM, date(2026, 12, 1), ends_phase=True)
REF = MilestoneRef(channel_id="C1", initiative_id=REFERRAL.id)


def board(*steps: Milestone, may_change: bool = True) -> MilestonesShown:
    return MilestonesShown(REFERRAL, steps, PEOPLE, TODAY, BEN, may_change)


def test_the_form_is_drawn_as_before() -> None:
    done = replace(CARDS, id=2, name="Choir asked", done_at=NOW, done_by=BEN)
    view = milestones.milestones_modal(board(CARDS, done), REF)

    assert_valid_view(view)
    assert_golden("milestones", view)


def test_a_milestone_is_done_on_its_persons_day() -> None:
    people = {**PEOPLE, TOM: replace(PEOPLE[TOM], zone="Pacific/Auckland")}
    done = replace(CARDS, done_at=datetime(2026, 12, 6, 20, tzinfo=UTC), done_by=TOM)

    assert milestones.milestone_line(done, people, TODAY).endswith("done 7 Dec")


@pytest.mark.parametrize("words", ["Plain", HOSTILE])
def test_every_form_and_message_fits_slack(words: str) -> None:
    people = {key: replace(person, name=words[:75]) for key, person in PEOPLE.items()}
    steps = tuple(replace(CARDS, id=2**62 + n, name=words[:75]) for n in range(10))
    done = tuple(replace(step, id=step.id + 10, done_at=NOW) for step in steps)
    initiative = replace(REFERRAL, name=words[:75], status=Status.COMPLETED)
    large = MilestonesShown(initiative, (*steps, *done), people, TODAY, BEN, may_change=True)
    for one in (large, board(), board(CARDS, may_change=False)):
        assert_valid_view(milestones.milestones_modal(one, REF, words[:300]))
    assert_valid_message(milestones.named_message(initiative, steps[0], people[BEN], TODAY))
    lines = [
        *milestones.milestone_lines(large.milestones, people, TODAY),
        *milestones.late_lines(steps, TODAY),
    ]
    assert_valid_message(message("x", sections(lines)))
    asked = Retrospective(2**62, 2, None, BEN, NOW)
    said = replace(asked, keep=words, change="\n".join([words[:200]] * 40), answered_at=NOW)
    for looking in (
        LookingBack(initiative, None, asked),
        LookingBack(initiative, steps[0], asked),
        LookingBack(initiative, steps[0], said),
    ):
        assert_valid_message(retrospectives.retrospective_message(looking))
        assert_valid_view(retrospectives.retrospective_modal(looking))


def test_a_full_list_says_so_in_place_of_the_fields() -> None:
    view = milestones.milestones_modal(board(*(replace(CARDS, id=n) for n in range(10))), REF)

    assert "submit" not in view
    assert "10 are open. Mark one as done" in view["blocks"][-1]["elements"][0]["text"]


def test_only_those_one_may_mark_have_a_button() -> None:
    mine = replace(CARDS, id=2, person_id=BEN)
    view = milestones.milestones_modal(board(CARDS, mine, may_change=False), REF)

    assert [block["block_id"] for block in view["blocks"] if "accessory" in block] == ["milestone.2"]


def test_every_empty_field_says_what_it_needs() -> None:
    view = milestones.milestones_modal(board(), REF)
    state = submitted(view, milestone_name="", milestone_person=None)
    with pytest.raises(FieldErrors) as refused:
        milestones.read_milestone(state, REFERRAL, (), TODAY)

    assert set(refused.value.errors) == {milestones.NAME, milestones.PERSON, milestones.DUE}


def test_each_line_is_a_learning_as_it_was_written() -> None:
    assert split_learnings("- Ask early\n\n• Ask early\nShort subjects. Always.\n") == (
        "Ask early",
        "Short subjects. Always.",
    )


@pytest.mark.parametrize(("names_another", "person_id"), [(False, REFERRAL.owner_id), (True, None)])
def test_a_milestone_of_somebody_unknown_is_not_offered_as_the_owners(
    *, names_another: bool, person_id: str | None
) -> None:
    typed = MilestoneLine(REFERRAL.name, "Cards printed", unread=("@sam",), names_another=names_another)
    view = milestones.milestones_modal(board(), REF, typed=typed)
    [person] = (block["element"] for block in view["blocks"] if block.get("block_id") == milestones.PERSON)

    assert person.get("initial_user") == person_id
