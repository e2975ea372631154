"""What is read aloud in place of a button's text."""

import pytest

from sandbox import heard_alike
from views.slack import blocks as b
from views.slack.labels import MAX_LABEL

LONG = "The giver referral programme for the ten harbor districts and their seven"


def label(text: str, about: str) -> str:
    return str(b.button(text, "action", "1", about=about)["accessibility_label"])


def test_it_is_what_the_button_acts_on_and_what_it_does_without_pictures() -> None:
    assert (
        label(":large_yellow_circle: At risk", "Giver referral programme")
        == "Giver referral programme: at risk"
    )


@pytest.mark.parametrize("text", ["On track", "At risk", "Say what is in the way…", "x" * 75])
def test_the_name_is_cut_and_never_what_the_button_does(text: str) -> None:
    read = label(text, LONG)
    assert len(read) <= MAX_LABEL
    assert read.startswith(LONG[:15])
    assert "…: " in read
    assert text == "x" * 75 or read.endswith(text[1:])


def test_a_button_alone_needs_no_label() -> None:
    assert "accessibility_label" not in b.button("Show them all", "action", "1")


def test_two_names_that_begin_alike_are_numbered() -> None:
    buttons = [b.button("At risk", f"action.{number}", "1", about=f"{LONG} {number}") for number in range(3)]
    message = b.message("Which?", [b.section("Which?", accessory=buttons[0]), b.actions(buttons[1:])])
    shown = [message["blocks"][0]["accessory"], *message["blocks"][1]["elements"]]
    read = [one["accessibility_label"] for one in shown]
    assert [one[:3] for one in read] == ["The", "2. ", "3. "]
    assert all(one.endswith(": at risk") and len(one) <= MAX_LABEL for one in read)


def test_drawn_again_they_keep_their_numbers_and_new_ones_get_others() -> None:
    made = [b.button("Edit", f"action.{number}", "1", about="Newsletter") for number in range(3)]
    inside = b.message("One", [b.actions(made[:2])])["blocks"]
    again = b.message("Two", [*inside, b.actions(made[2:])])["blocks"]
    assert heard_alike(again) == []


def test_what_is_forgotten_is_heard() -> None:
    forgotten = [b.button("Edit", f"action.{number}", "1") for number in range(2)]
    assert heard_alike([b.actions(forgotten)]) == ["edit"]
