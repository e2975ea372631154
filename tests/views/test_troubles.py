"""What people are told and asked about messages that could not be delivered, and the links they paste."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.errors import FieldErrors
from domain.troubles import Trouble, TroubleKind
from tests.support.block_kit import assert_valid_message, assert_valid_view
from tests.support.forms import submitted
from views import troubles
from views.slack.blocks import escape
from views.troubles import LINK, Permalink, Place

HOSTILE = "<!channel> <@U123> & `code` إعادة 👩‍👩‍👧‍👦 " * 20
MADE = datetime(2026, 11, 25, 11, tzinfo=UTC)
AFTER, BEFORE = f"p{int(MADE.timestamp()) + 5}000100", f"p{int(MADE.timestamp()) - 90}000100"
AT = f"{AFTER[1:11]}.000100"
HOME = "https://harbor.slack.com/archives/"

PLACES = (
    Place("C1"),
    Place("C1", strategy=HOSTILE),
    Place("D1", person_id="U1"),
)


@pytest.mark.parametrize("place", PLACES)
def test_every_message_is_one_slack_takes_and_mentions_nobody_it_should_not(place: Place) -> None:
    quoted = escape(HOSTILE)
    messages = [
        troubles.question_message(place, quoted, 7, after="That was not it."),
        troubles.settled_message(place, quoted, by="U2", again=True),
        troubles.settled_message(place, quoted, by="U2", again=False),
        troubles.asked_again_message(place, quoted),
        troubles.given_up_message(place, quoted),
        troubles.left_out_message(place),
        *(
            troubles.trouble_message(Trouble(kind, "T1", place.target, 7, 8, error), place)
            for kind in (TroubleKind.UNREACHABLE, TroubleKind.REFUSED)
            for error in ("not_in_channel", "channel_not_found", "is_archived", "whatever")
        ),
    ]
    for message in messages:
        assert_valid_message(message)
        assert "<!channel>" not in str(message)
        assert "<@U123>" not in str(message)
    assert_valid_view(troubles.link_modal(place, quoted, 7))


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        (f"{HOME}C1/{AFTER}", Permalink("C1", AT)),
        (f"<{HOME}C1/{AFTER}|the digest>", Permalink("C1", AT)),
        (f"It is {HOME}C1/{AFTER} I think", Permalink("C1", AT)),
        (f"{HOME}C1/{AFTER}?thread_ts=1795604400.000001&cid=C1", Permalink("C1", AT, "1795604400.000001")),
        (
            f"{HOME}C1/{AFTER}?cid=C1&amp;thread_ts=1795604400.000001",
            Permalink("C1", AT, "1795604400.000001"),
        ),
        (f"{HOME}C1/{AFTER}?thread_ts=17956044000.000001", Permalink("C1", AT)),
        (f"https://acme.enterprise.slack.com/archives/D1/{AFTER}#x", Permalink("D1", AT)),
        ("https://harbor.slack.com/archives/C1", None),
        (f"https://harbor.slack.com.evil.org/archives/C1/{AFTER}", None),
        (f"http://harbor.slack.com/archives/C1/{AFTER}", None),
        (f"{HOME}C1/{AFTER}0", None),
        (f"{HOME}c1/{AFTER}", None),
        ("", None),
    ],
)
def test_a_message_is_found_by_its_link(typed: str, link: Permalink | None) -> None:
    assert troubles.parse_permalink(typed) == link


@pytest.mark.parametrize(
    ("typed", "meant", "problem"),
    [
        (f"{HOME}C1/{AFTER}", {}, ""),
        (f"{HOME}C1/{AFTER}?thread_ts={AT}", {}, ""),
        (f"{HOME}C1/{AFTER}?thread_ts=1795604400.000001", {"thread_ts": "1795604400.000001"}, ""),
        (f"{HOME}D7/{AFTER}", {"channel_id": None}, ""),
        ("", {}, "Please paste the link"),
        ("there", {}, "no link of a message"),
        ("x" * 600, {}, "characters"),
        (f"{HOME}C2/{AFTER}", {}, "somewhere else"),
        (f"{HOME}C1/{AFTER}", {"channel_id": None}, "somewhere else"),
        (f"{HOME}C1/{BEFORE}", {}, "older than the one I mean"),
        (f"{HOME}C1/{AFTER}", {"thread_ts": "1795604400.000001"}, "a reply in a thread"),
        (f"{HOME}C1/{AFTER}?thread_ts=1795604400.000001", {}, "the message itself"),
    ],
)
def test_only_a_link_that_can_be_the_one_is_taken(typed: str, meant: dict[str, Any], problem: str) -> None:
    state = submitted(troubles.link_modal(PLACES[0], "Digest", 7), **{LINK: typed})
    expected = {"channel_id": "C1", "thread_ts": None, "created_at": MADE, **meant}
    if not problem:
        assert troubles.read_link(state, **expected).ts == AT
        return
    with pytest.raises(FieldErrors) as refused:
        troubles.read_link(state, **expected)
    assert problem in refused.value.errors[LINK]


def test_whoever_wanted_a_file_is_told_what_to_do() -> None:
    said = [
        troubles.file_refused_message(Trouble(TroubleKind.FILE, "T1", "U1", 7, None, error))
        for error in ("in_doubt", "missing_scope", "<x>")
    ]
    for message in said:
        assert_valid_message(message)
    assert "please ask for it again" in said[0]["text"]
    assert "installed again" in said[1]["text"]
    assert "(&lt;x&gt;)" in said[2]["text"]
