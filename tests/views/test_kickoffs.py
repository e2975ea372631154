"""What is asked of owners, sponsors and partners, in every state it can be in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.errors import FieldErrors
from domain.initiatives import Status
from domain.kickoffs import CHANNELS, Charter, Confirmation, ConfirmationState, Role
from domain.retrospectives import Learning, LearningKind
from domain.strategies import Goal
from tests.support.block_kit import assert_valid_message, assert_valid_view
from tests.support.forms import submitted
from tests.support.golden import assert_golden
from tests.support.harbor_lights import (
    BEN,
    INITIATIVES,
    MAYA,
    PEOPLE,
    PRIYA,
    REFERRAL,
    RUTH,
    STRATEGY,
    TOM,
)
from views.kickoffs import messages as kickoffs
from views.kickoffs import together
from views.kickoffs.messages import Kickoff
from views.kickoffs.together import Awaited
from views.slack.blocks import Payload

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FIRST = datetime(2026, 11, 23, 17, tzinfo=UTC)
HOSTILE = "<!channel> & <@U1> <https://e.example|x> 🌊 שלום " * 70


def asked(
    role: Role, person: str, state: ConfirmationState = ConfirmationState.ASKED, words: str = ""
) -> Confirmation:
    ids = {Role.OWNER: 1, Role.SPONSOR: 2, Role.PARTNER: 3, Role.NEW_OWNER: 4}
    what = "two days of design in January" if role is Role.PARTNER else ""
    return Confirmation(ids[role], REFERRAL.id, role, person, what, state, words, NOW)


def kickoff(**changed: Any) -> Kickoff:
    usual = Kickoff(
        strategy=STRATEGY,
        initiative=replace(REFERRAL, status=Status.PROPOSED),
        charter=Charter(
            REFERRAL.id, RUTH, "texts and cards up to £200", "£2,000", "Tom", ("email", "events")
        ),
        confirmations=(asked(Role.OWNER, BEN), asked(Role.SPONSOR, RUTH), asked(Role.PARTNER, PRIYA)),
        people=PEOPLE,
        asker_id=MAYA,
        learnings=(Learning(5, 1, 1, 9, LearningKind.KEEP, "Ask givers by name", TOM, NOW),),
        taken={},
    )
    return replace(usual, **changed)


def texts(payload: Payload) -> str:
    return "\n".join(block["text"]["text"] for block in payload["blocks"] if block["type"] == "section")


def buttons(payload: Payload) -> list[str]:
    return [
        element["text"]["text"]
        for block in payload["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_an_owner_is_asked_as_before() -> None:
    payload = kickoffs.kickoff_message(kickoff(), asked(Role.OWNER, BEN))

    assert_valid_message(payload)
    assert_golden("kickoff_owner", payload)
    assert buttons(payload) == ["Use this", "Not for us", "Accept", "Decline…", "Ask a question…"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    "state", [ConfirmationState.ASKED, ConfirmationState.YES, ConfirmationState.DECLINED]
)
@pytest.mark.parametrize("status", Status)
def test_every_state_has_its_words(role: Role, state: ConfirmationState, status: Status) -> None:
    shown = kickoff(initiative=replace(REFERRAL, status=status), first=FIRST)
    payload = kickoffs.kickoff_message(shown, asked(role, BEN, state, "because"))

    assert_valid_message(payload)
    assert (state is ConfirmationState.YES or status.is_closed) == (
        not {"Accept", "Confirm", "Commit"} & {label.split()[0] for label in buttons(payload)}
    )


@pytest.mark.parametrize(
    ("first", "paused_at", "words"),
    [
        (FIRST, None, "Once a week I ask you how it goes, beginning <!date^1795453200^"),
        (None, None, "Once a week I ask you how it goes: one click is enough."),
        (None, NOW, "Once a week I ask you how it goes, once the rhythm goes on: one click is enough."),
    ],
)
def test_what_an_owner_reads_for_as_long_as_they_own_it_calls_no_day_the_next(
    first: datetime | None, paused_at: datetime | None, words: str
) -> None:
    active, paused = replace(REFERRAL, status=Status.ACTIVE), replace(STRATEGY, paused_at=paused_at)
    shown = kickoff(initiative=active, strategy=paused, first=first, learnings=())
    said = asked(Role.OWNER, BEN, ConfirmationState.YES)

    assert words in texts(kickoffs.kickoff_message(shown, said))


def test_who_is_still_awaited_is_named() -> None:
    said = asked(Role.OWNER, BEN, ConfirmationState.YES)
    shown = kickoff(confirmations=(said, asked(Role.SPONSOR, RUTH), asked(Role.PARTNER, PRIYA)))

    assert "It begins once the others have said yes: Ruth Adler (sponsor)." in texts(
        kickoffs.kickoff_message(shown, said)
    )
    assert shown.awaited == "Ruth Adler (sponsor)"


def test_a_learning_that_was_settled_shows_what_was_said() -> None:
    payload = kickoffs.kickoff_message(kickoff(taken={5: True}), asked(Role.OWNER, BEN))

    assert "Keep: Ask givers by name — you use this" in texts(payload)
    assert "Use this" not in buttons(payload)


@pytest.mark.parametrize("words", ["Plain", HOSTILE])
def test_every_message_and_form_fits_slack_at_its_largest(words: str) -> None:
    one = Confirmation(2**62, 2, Role.PARTNER, BEN, words[:100], ConfirmationState.ASKED, words[:1000], NOW)
    everybody = {key: replace(person, name=words[:75]) for key, person in PEOPLE.items()}
    metrics = tuple(replace(metric, name=words[:75], unit=words[:20]) for metric in REFERRAL.metrics * 3)
    many = tuple(Learning(2**62 + n, 1, 1, 9, LearningKind.CHANGE, words[:3000], TOM, NOW) for n in range(30))
    large = kickoff(
        strategy=replace(STRATEGY, name=words[:75], why=words, goals=(Goal(1, words[:300]),)),
        initiative=replace(REFERRAL, name=words[:75], metrics=metrics, status=Status.PROPOSED),
        charter=Charter(2, RUTH, words[:250], words[:100], words[:250], CHANNELS),
        confirmations=(*(replace(one, role=role) for role in Role), one, one),
        people=everybody,
        learnings=many,
    )
    for role in Role:
        assert_valid_message(kickoffs.kickoff_message(large, replace(one, role=role)))
        declined = replace(one, role=role, state=ConfirmationState.DECLINED)
        assert_valid_message(kickoffs.declined_message(large, declined, is_lead=role is not Role.PARTNER))
    for message in (
        kickoffs.kickoff_message(large, replace(one, role=Role.SPONSOR, changed=words[:500])),
        kickoffs.confirmed_again_message(large, replace(one, changed=words[:500])),
        kickoffs.withdrawn_message(large.initiative),
        kickoffs.active_message(large),
        kickoffs.question_message(large, one),
        kickoffs.answer_message(large, one, everybody[MAYA], words[:1000]),
    ):
        assert_valid_message(message)
    for build in (kickoffs.decline_modal, kickoffs.ask_modal, kickoffs.answer_modal):
        assert_valid_view(build(large.initiative, one))


def test_nothing_to_say_is_sent_back() -> None:
    view = kickoffs.decline_modal(REFERRAL, asked(Role.OWNER, BEN))
    with pytest.raises(FieldErrors) as refused:
        kickoffs.read_words(submitted(view))

    assert refused.value.errors == {"words": "Say it in a sentence."}


def five(**changed: Any) -> list[tuple[Kickoff, Confirmation]]:
    """What Ruth is asked to back, as the example plan has it."""
    return [
        (
            kickoff(
                initiative=replace(one, status=Status.PROPOSED),
                charter=Charter(one.id, RUTH, "subject, layout", "£1,200", "", ()),
                learnings=(),
            ),
            replace(asked(Role.SPONSOR, RUTH), id=number, initiative_id=one.id, **changed),
        )
        for number, one in enumerate(INITIATIVES, start=1)
    ]


def test_a_sponsor_is_asked_to_back_five_in_a_line_each() -> None:
    payload = together.together_message(five())
    assert_valid_message(payload)
    assert_golden("kickoff_five", payload)
    assert payload["text"].splitlines()[0] == "Maya Okafor asks you to back 5 initiatives in Harbor Lights"


def test_a_lead_reads_the_day_of_their_own_zone_that_somebody_was_asked_on() -> None:
    there = replace(STRATEGY, zone="Pacific/Auckland")
    late = replace(asked(Role.SPONSOR, RUTH), asked_at=datetime(2026, 11, 20, 22, tzinfo=UTC))
    said = together.nudged_message(
        there, [Awaited(PEOPLE[RUTH], ((late, REFERRAL),), None, is_nudged_now=True)]
    )
    assert "asked 21 Nov" in said["text"]


def test_what_is_answered_is_one_line() -> None:
    payload = together.together_message(five(state=ConfirmationState.YES))
    assert len(payload["blocks"]) == 1
    assert buttons(payload) == []


@pytest.mark.parametrize("words", ["Plain", HOSTILE])
def test_what_is_asked_together_fits_slack_at_its_largest(words: str) -> None:
    shown = [
        (
            replace(
                one,
                strategy=replace(one.strategy, name=words[:75], why=(words * 50)[:1000]),
                initiative=replace(one.initiative, name=words[:75]),
                charter=Charter(one.initiative.id, RUTH, words * 30, words * 30, words * 30, ()),
            ),
            replace(ask, role=role, what=words * 10, words=words * 10),
        )
        for (one, ask), role in zip(five() * 3, [Role.SPONSOR, Role.OWNER, Role.PARTNER] * 5, strict=True)
    ]
    shown = [(one, replace(ask, id=number)) for number, (one, ask) in enumerate(shown, start=1)]
    assert_valid_message(together.together_message(shown))
    assert_valid_view(together.window(shown))
