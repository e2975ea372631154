"""What people are told when a clock was ahead, in plain and in hostile words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.decisions import AskKind, Decision
from tests.support.block_kit import assert_valid_message
from tests.support.harbor_lights import BEN, PEOPLE, RUTH, STRATEGY, TEAM
from views.decisions.messages import reopened_message
from views.decisions.words import AskShown
from views.repairs import repaired_message, withdrawn_prompt_message

DIGEST = datetime(2026, 11, 25, 11, tzinfo=UTC)
HOSTILE = "<!channel> <@U123> & `code` إعادة 👩‍👩‍👧‍👦 "
ASK = Decision(
    1, TEAM, 1, None, None, AskKind.DECISION, "Print?", "", (), "We wait", BEN, RUTH, date(2026, 12, 18)
)


def shown(decision: Decision, name: str = STRATEGY.name) -> AskShown:
    names = {person_id: person.name for person_id, person in PEOPLE.items()}
    return AskShown(decision, name, "Europe/London", "", names)


@pytest.mark.parametrize("name", [STRATEGY.name, (HOSTILE * 40)[:75], (HOSTILE * 40)[:3000]])
@pytest.mark.parametrize("reopened", [0, 1, 2, 40])
def test_every_message_fits_slack_and_calls_nobody(name: str, reopened: int) -> None:
    strategy = replace(STRATEGY, name=name)
    asks = [shown(replace(ASK, question=name), name)] * max(reopened, 1)
    for payload in (
        repaired_message(strategy, DIGEST, reopened),
        withdrawn_prompt_message(strategy),
        reopened_message(asks),
    ):
        assert_valid_message(payload)
        assert "<!channel>" not in payload["text"]


def test_a_lead_reads_what_is_right_again_and_what_is_open() -> None:
    assert "open again" not in repaired_message(STRATEGY, DIGEST, 0)["text"]
    assert "One ask is open again whose default" in repaired_message(STRATEGY, DIGEST, 1)["text"]
    assert "3 asks are open again" in repaired_message(STRATEGY, DIGEST, 3)["text"]


def test_who_was_told_of_a_default_reads_until_when_it_is_open_and_who_decides() -> None:
    text = reopened_message([shown(ASK)])["text"]
    assert "“Print?” is open again until 18 Dec, 18:00 London time: Ruth" in text
