"""Signs of slipping in words: each with its figure, at its shortest and at its longest."""

from dataclasses import replace

import pytest

from domain.signs import Sign, SignKind, Slipping, Slips
from tests.support.block_kit import assert_valid_message
from tests.views.test_check_ins import HOSTILE, assert_mentions_nobody, largest
from views.check_ins.messages import prompt_message
from views.signs import asked_lines, leads_lines, signs_line, slips_line

CARRIED = Sign(SignKind.CARRIED, 3, words=("choose the venue",))
ALL = (
    CARRIED,
    Sign(SignKind.DROPPED, 2, 4),
    Sign(SignKind.MOVED, 3),
    Sign(SignKind.BLOCKED, 8, words=("waiting for <legal>",), is_least=True),
    Sign(SignKind.GREEN, 2, words=("subscribers", "opens")),
)


def test_each_sign_is_said_with_its_figure() -> None:
    assert signs_line(ALL) == (
        "5 of 5 signs of slipping: “choose the venue” carried 3 weeks; 2 of the last 4 “next” dropped; "
        "due date moved 3 times; “waiting for &lt;legal&gt;” in the way for 8 weeks or more; "
        "on track while subscribers and opens are behind"
    )


def test_how_many_slipped_is_said_of_ten_and_more() -> None:
    assert slips_line(Slips(8, 9)) == ""
    assert slips_line(Slips(8, 11)) == "In this team 8 of 11 such initiatives slipped."


def test_who_is_asked_reads_who_else_sees_them_and_leads_read_the_same_signs() -> None:
    mine = Slipping({1: ALL[:3]}, slips=Slips(8, 11))
    first, rest = asked_lines(mine, 1)
    assert first.startswith(":warning: 3 of 5 signs of slipping: ")
    assert "Only you see this" in rest
    assert rest.endswith("In this team 8 of 11 such initiatives slipped.")
    assert "Your leads see this, too." in asked_lines(Slipping({1: ALL[:3]}, frozenset({1})), 1)[1]
    assert asked_lines(mine, 2) == []
    assert leads_lines(mine, [(1, "News"), (2, "Other")]) == [
        f"*News*: {signs_line(ALL[:3])}",
        "In this team 8 of 11 such initiatives slipped.",
    ]
    assert leads_lines(Slipping(slips=Slips(8, 11)), [(1, "News")]) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_the_largest_prompt_with_every_sign_is_one_that_slack_takes(words: str) -> None:
    long = (words * 200)[:3000]
    signs = (
        Sign(SignKind.CARRIED, 8, words=(long,), is_least=True),
        *ALL[1:3],
        Sign(SignKind.BLOCKED, 8, words=(long,)),
    )
    prompt = largest(words)
    slipping = Slipping({line.initiative.id: signs for line in prompt.lines}, slips=Slips(8, 11))
    payload = prompt_message(replace(prompt, slipping=slipping))
    assert_valid_message(payload)
    assert_mentions_nobody(payload)
