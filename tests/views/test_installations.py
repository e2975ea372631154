"""What whoever installs it reads, in Slack and in the browser."""

import pytest

from tests.support.block_kit import assert_valid_message
from views.greetings import greeting_message
from views.installations import back_message, failed_page, installed_page
from views.slack.blocks import Payload


@pytest.mark.parametrize("message", [greeting_message(), back_message()], ids=["greeting", "back"])
def test_slack_takes_what_the_installer_is_told(message: Payload) -> None:
    assert_valid_message(message)


def test_the_greeting_has_a_way_in_and_nothing_that_is_true_of_home_alone() -> None:
    shown = str(greeting_message()["blocks"])
    assert "Set up a rhythm here…" in shown
    assert "shows here" not in shown


def test_a_page_shows_names_as_they_are_and_links_into_the_workspace() -> None:
    page = installed_page("<b>Harbor & Sons</b>", "A1", "T1")
    assert "&lt;b&gt;Harbor &amp; Sons&lt;/b&gt;" in page
    assert "<b>" not in page
    assert 'href="https://slack.com/app_redirect?app=A1&amp;team=T1"' in page


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("access_denied", "You chose not to install Drumbeat. Nothing was changed."),
        ("invalid_state", "longer than ten minutes, or was done already"),
        ("<script>alert(1)</script>", "Slack did not finish this. Please begin again."),
    ],
)
def test_whatever_went_wrong_is_said_in_a_sentence_with_a_way_to_begin_again(reason: str, said: str) -> None:
    page = failed_page(reason, "https://drumbeat.example.org/slack/install")
    assert said in page
    assert "script" not in page
    assert 'href="https://drumbeat.example.org/slack/install"' in page
