"""What the walk over everything the demo sends finds; the walk itself is part of the demo (tests/e2e/test_demo.py)."""

import pytest

from demo.legibility import list_faults
from views.slack import blocks as b

ASK = "Ruth, 1 decision waits until Friday: the new pledge form?"


def sent(text: str, *blocks: b.Block) -> list[str]:
    """The faults of one message, without its name."""
    found = list_faults([{"text": text, "blocks": list(blocks)}])
    return [one.partition(": ")[2] for one in found]


def buttons(*labels: str, about: str = "") -> b.Block:
    return b.actions([b.button(one, f"a{at}", "1", about=about) for at, one in enumerate(labels)])


def test_a_message_that_says_first_what_waits_has_no_faults() -> None:
    assert sent(ASK, b.header("Pledge form"), b.section(f"*{ASK}*"), buttons("Yes", "No")) == []


@pytest.mark.parametrize(
    ("text", "blocks", "fault"),
    [
        ("", [b.section(ASK)], "it has no text, which is all that a phone shows."),
        ("A message from Drumbeat for everybody", [b.section(ASK)], "says other things than its blocks."),
        ("Pledge form, Harbor Lights", [b.section("Pledge form, Harbor Lights"), buttons("Yes")], "what waits for its reader."),
        (ASK, [b.section(ASK), b.section("The old form stays as it is\n*The old form stays as it is*")], "comes twice."),
        (ASK, [b.section(ASK), b.section("One\nMonthly givers 314\nTwo: givers 314")], "“givers 314” comes twice."),
        (ASK, [b.section(ASK), b.section("Read on 2026-12-07")], "“2026-12-07” is a date for machines."),
        (ASK, [b.section(ASK), b.section("On track in W50")], "“W50” is a week for machines."),
        (ASK, [b.section(ASK), b.section("Digest on Monday 23 November")], "“Monday 23 N” is a long date."),
        (ASK, [b.section(ASK), b.section("The check_in of Ben")], "“check_in” is a name of the code's."),
        (ASK, [b.section(ASK), b.section("3 decisions, 0 overdue")], "“0 overdue” is nothing, counted."),
        (ASK, [b.section(ASK), buttons("Edit", ":pencil: Edit")], "several buttons are read out as “edit”."),
    ],
)  # fmt: skip
def test_every_fault_is_found(text: str, blocks: list[b.Block], fault: str) -> None:
    [found] = sent(text, *blocks)
    assert found.endswith(fault)


def test_two_things_may_have_one_number_and_a_line_may_say_its_own_twice() -> None:
    lines = "Monthly givers 314\nSign-ups 314\nSign-ups 140 of 140\nDue 31 Mar 2027, read in 2027"
    assert sent(ASK, b.section(ASK), b.section(lines)) == []


def test_a_form_is_walked_for_its_buttons() -> None:
    view = {"type": "modal", "blocks": [b.section("Milestones"), buttons("Done", "Done")]}
    assert list_faults([{"view": view}]) == ["Milestones: several buttons are read out as “done”."]


def test_the_thread_may_repeat_what_the_message_tells_once() -> None:
    heading = "Harbor Lights · Week of 7 Dec: every number and every word"
    words = "Send the cards to the choir"
    assert sent(heading, b.context(heading), b.section(f"{words}\n{words}")) == []
