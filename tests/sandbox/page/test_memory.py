"""What of a conversation is neither drawn nor sent again."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.page.memory import Memory
from sandbox.page.messages import Desk, conversation
from sandbox.page.reader import Reader
from tests.sandbox.page.gallery import READER

DESK = Desk("/as/ana", "C1", "/as/ana/marketing")
AT = 1_796_209_200


class Channel:
    """Three messages, a count of changes, and pages of it as of some of them."""

    def __init__(self, *texts: str) -> None:
        self.count = 5
        self.memory = Memory(lambda: self.count)
        self.said: list[dict[str, Any]] = [
            {"ts": f"{AT + number}.000100", "user": "U1", "text": text} for number, text in enumerate(texts)
        ]

    def page(self, since: int = 0, reader: Reader = READER) -> str:
        draw = self.memory.drawing(reader, str, DESK, since)
        return conversation(self.said, reader, str, DESK, draw)

    def whole(self, reader: Reader = READER) -> str:
        return conversation(self.said, reader, str, DESK)


def same(page: str) -> list[str]:
    return re.findall(r'<article id="(m[\d-]+)" data-same></article>', page)


def test_a_new_page_is_whole_whatever_is_remembered() -> None:
    channel = Channel("one", "two", "three")
    assert channel.page() == channel.page() == channel.whole()
    channel.said[1]["text"] = "another"
    assert channel.page() == channel.whole()


def test_a_page_that_has_messages_is_told_that_they_are_the_same() -> None:
    channel = Channel("one", "two", "three")
    channel.page()
    channel.count = 6
    assert len(same(channel.page(since=6))) == 3
    channel.count, channel.said[1]["text"] = 7, "another"
    page = channel.page(since=6)
    assert len(same(page)) == 2
    assert "another" in page


def test_what_was_drawn_at_the_same_count_as_the_page_is_sent_again() -> None:
    channel = Channel("one")
    channel.page()
    assert same(channel.page(since=5)) == []


def test_a_page_of_an_earlier_server_is_sent_all() -> None:
    channel = Channel("one")
    channel.page()
    channel.count = 6
    assert same(channel.page(since=500)) == []


def test_one_reader_is_never_told_what_another_has() -> None:
    channel = Channel("one")
    channel.page()
    channel.count = 7
    ben = replace(READER, id="U2")
    assert channel.page(since=7, reader=ben) == channel.whole(ben)
    renamed = replace(READER, people={})
    assert channel.page(since=7, reader=renamed) == channel.whole(renamed)


def test_how_long_ago_something_was_is_never_remembered() -> None:
    channel = Channel(f"<!date^{AT}^{{ago}}|then>")
    now = datetime.fromtimestamp(AT, UTC)
    soon, later = (replace(READER, now=now + timedelta(minutes=n)) for n in (5, 30))
    assert "5 minutes ago" in channel.page(reader=soon)
    channel.count = 9
    assert "30 minutes ago" in channel.page(since=9, reader=later)
