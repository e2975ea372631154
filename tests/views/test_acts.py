"""The audit log as people read it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.acts import Act, ActKind, Way
from domain.changes import ChangeKind
from tests.support.block_kit import assert_valid_message, texts_of
from tests.support.golden import assert_golden
from tests.support.harbor_lights import BEN, MAYA, PEOPLE, RUTH, STRATEGY
from views.acts import OLDER, SHOWN, History, history_message, sentence
from views.slack.blocks import Payload

NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)
NAMES = {person.id: person.name for person in PEOPLE.values()}
TODAY = date(2026, 11, 26)
MAYA_IS, BEN_IS, RUTH_IS = (NAMES[one] for one in (MAYA, BEN, RUTH))


def act(kind: ActKind | ChangeKind, by: str | None = MAYA, **more: Any) -> Act:
    told = Act(kind, by, NOW, "Newsletter relaunch", way=Way.FORM, id=7)
    return replace(told, **more)


def told(one: Act) -> str:
    return sentence(one, NAMES, TODAY)


SENTENCES = [
    (
        act(ChangeKind.OWNER, before=BEN_IS, after=RUTH_IS),
        f"{MAYA_IS} changed Newsletter relaunch’s owner from {BEN_IS} to {RUTH_IS}, by form",
    ),
    (
        act(ChangeKind.OWNER, RUTH, before=BEN_IS, after=RUTH_IS, way=Way.BUTTON),
        f"{RUTH_IS} took Newsletter relaunch over from {BEN_IS}, by button",
    ),
    (
        act(ChangeKind.DUE, before="2027-03-31", after="2027-04-14", way=Way.COMMAND),
        f"{MAYA_IS} moved Newsletter relaunch from 31 Mar to 14 Apr, by command",
    ),
    (
        act(ChangeKind.STOPPED, after="Nobody reads it"),
        f"{MAYA_IS} stopped Newsletter relaunch, because “Nobody reads it”, by form",
    ),
    (
        act(ChangeKind.WHY, name="", before="Swim", after="Swim well", why="Two drowned"),
        f"{MAYA_IS} changed the why: Swim → Swim well, because “Two drowned”, by form",
    ),
    (act(ChangeKind.GOAL, name="", before="Reach 400"), f"{MAYA_IS} dropped a goal: Reach 400, by form"),
    (
        act(ChangeKind.STRATEGY, name="", after="paused", way=Way.COMMAND),
        f"{MAYA_IS} paused the strategy, by command",
    ),
    (
        act(ChangeKind.STRATEGY, name="", after="audience changed"),
        f"{MAYA_IS} edited the strategy: audience changed, by form",
    ),
    (
        act(ActKind.ANSWERED, BEN, after="at risk, subscribers 4,310", way=Way.WORDS),
        f"{BEN_IS} answered Newsletter relaunch: at risk, subscribers 4,310, in a message",
    ),
    (
        act(ActKind.ANSWER_CHANGED, about_id=BEN, before="at risk", after="on track"),
        f"{MAYA_IS} changed the answer for Newsletter relaunch: at risk → on track, for {BEN_IS}, by form",
    ),
    (
        act(ActKind.ASKED, about_id=RUTH, after="help"),
        f"{MAYA_IS} asked {RUTH_IS} for help about Newsletter relaunch, by form",
    ),
    (
        act(ActKind.ASKED, about_id=RUTH, after="decision", name=""),
        f"{MAYA_IS} asked {RUTH_IS} for a decision, by form",
    ),
    (
        act(ActKind.DEFAULTED, None, way=Way.CLOCK),
        "Drumbeat let the default of an ask about Newsletter relaunch take effect",
    ),
    (act(ActKind.RESTORED, None, name="", way=Way.OPERATOR), "The operator put a backup back"),
    (
        act(ActKind.READING_GIVEN, None, name="Monthly givers, 20 Nov 2026", after="316", way=Way.HTTP),
        "Another system gave 316 for Monthly givers, 20 Nov 2026",
    ),
    (
        replace(
            act(ActKind.READING_GIVEN, None, name="Givers, 20 Nov", after="316", way=Way.HTTP), token="x_-9"
        ),
        "Another system (token …x_-9) gave 316 for Givers, 20 Nov",
    ),
    (
        act(ActKind.WORDS_REMOVED, None, name="notes", before="27 Nov 2025", after="12 rows", way=Way.CLOCK),
        "Drumbeat removed the words from before 27 Nov 2025 of 12 rows of notes",
    ),
    (act(ActKind.LEFT, None, name="", about_id=BEN, way=Way.SLACK), f"{BEN_IS} has left Slack"),
    (
        act(ChangeKind.NAME, "U0GONE", before="Old", after="New", way=Way.UNKNOWN),
        "Somebody renamed Old to New",
    ),
    (
        act(ActKind.DECLINED, BEN, after="owner", way=Way.FORM),
        f"{BEN_IS} declined Newsletter relaunch as its owner, by form",
    ),
]


@pytest.mark.parametrize(
    ("one", "expected"), SENTENCES, ids=lambda value: "" if isinstance(value, str) else value.kind
)
def test_what_was_done_is_a_plain_sentence(one: Act, expected: str) -> None:
    assert told(one) == expected


@pytest.mark.parametrize("kind", [*ActKind, *ChangeKind])
def test_there_is_a_sentence_for_everything_that_is_recorded(kind: ActKind | ChangeKind) -> None:
    days = ("2027-03-31", "2027-04-14") if kind is ChangeKind.DUE else ("this", "that")
    said = told(act(kind, before=days[0], after=days[1], about_id=RUTH))
    if kind in (ActKind.CHANNEL_MOVED, ActKind.LEFT, ActKind.UNINSTALLED):
        assert MAYA_IS not in said
    else:
        assert said.startswith(f"{MAYA_IS} ")
        assert said.endswith(", by form")
    assert "{" not in said


def page(
    acts: list[Act], *, older: bool = False, is_lead: bool = True, zone: str = "Europe/London"
) -> History:
    return History(STRATEGY, acts, NAMES, zone, NOW, older=older, is_lead=is_lead)


def texts(message: Payload) -> list[str]:
    return [text for text, _ in texts_of(message["blocks"])]


def test_a_page_of_the_log() -> None:
    acts = [
        replace(one, at=NOW - timedelta(hours=5 * number), id=100 - number)
        for number, (one, _) in enumerate(SENTENCES)
    ]
    message = history_message(page(acts, older=True))
    assert_valid_message(message)
    assert_golden("history", message)
    [button] = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert (button["action_id"], button["value"]) == (OLDER, f"{STRATEGY.id}:{acts[-1].id}")


def test_days_and_times_are_the_readers() -> None:
    late = act(ActKind.SET_UP, at=datetime(2026, 11, 26, 22, 30, tzinfo=UTC), name="")
    there = texts(history_message(page([late], zone="Pacific/Auckland")))
    assert "*Fri 27 Nov*\n• 11:30" in there[1]
    here = texts(history_message(page([late])))
    assert "*Thu 26 Nov*\n• 22:30" in here[1]


def test_nobody_is_notified_and_nothing_in_it_is_markup() -> None:
    hostile = "<!channel> <@U1> *x* & 🌊 " * 6
    acts = [
        act(kind, before=hostile, after=hostile, name=hostile, why=hostile, about_id=RUTH) for kind in ActKind
    ]
    message = history_message(page(acts[:SHOWN]))
    assert_valid_message(message)
    assert "<" not in message["text"].replace("<!date", "")
    assert all("<@" not in text and "<!" not in text for text in texts(message))


def test_a_log_with_nothing_in_it_says_so() -> None:
    assert "Nothing has been done yet." in texts(history_message(page([], is_lead=False)))
