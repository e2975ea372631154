"""Messages as a person reads them: who, when by the reader's clock, what, and how many answered."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Any

from sandbox.page.blocks import blocks
from sandbox.page.dates import clock, day_divider, fill_tokens
from sandbox.page.emoji import emoji
from sandbox.page.frame import Frame
from sandbox.page.markup import Html, join, tag
from sandbox.page.reader import Face, Reader
from sandbox.page.text import mrkdwn

Message = Mapping[str, Any]
ThreadLink = Callable[[str], str]

_TOGETHER = 300  # seconds within which one author's messages share a heading, as Slack draws them
_HUES = 24  # colours that initials come in, at equal steps round the wheel
_SHOWN_REPLIERS = 4


def conversation(messages: Sequence[Message], reader: Reader, thread_link: ThreadLink | None = None) -> Html:
    """Messages oldest first, with a line at each new day of the reader's; `thread_link` turns a ts into an address."""
    drawn: list[Html] = []
    for before, one in pairwise([None, *messages]):
        if one is None:
            continue
        new_day = before is None or _local_date(before, reader) != _local_date(one, reader)
        if new_day:
            drawn.append(_divider(one, reader))
        compact = not new_day and before is not None and _follows(before, one)
        drawn.append(message(one, reader, thread_link, compact=compact))
    return join(drawn)


def message(
    one: Message, reader: Reader, thread_link: ThreadLink | None = None, *, compact: bool = False
) -> Html:
    """One message; `compact` leaves out the heading that the message above already has."""
    author = _author(one, reader)
    alone = bool(one.get("is_ephemeral"))
    when = clock(reader.local(float(one["ts"])), reader)
    return tag(
        "article",
        tag("time", when, class_="gutter") if compact else avatar(author),
        tag(
            "div",
            tag("p", "Only visible to you", class_="only-you") if alone else None,
            None if compact else _heading(author, when),
            _body(one, reader),
            _files(one),
            _reactions(one),
            _replies(one, reader, thread_link),
            class_="content",
        ),
        class_=" ".join(["message", *(["compact"] if compact else []), *(["ephemeral"] if alone else [])]),
        id=f"m{one['ts'].replace('.', '-')}",
        data_ts=one["ts"],
    )


def avatar(face: Face) -> Html:
    """Initials on a colour of the person's own; apps are drawn with one letter."""
    hue = int.from_bytes(sha256(face.name.encode()).digest(), "big") % _HUES * 360 // _HUES
    words = face.name.split() or ["?"]
    initials = words[0][0] if face.app or len(words) == 1 else words[0][0] + words[-1][0]
    kind = "avatar app" if face.app else "avatar"
    return tag("span", initials.upper(), class_=kind, style=f"--hue:{hue}", aria_hidden="true")


def _heading(author: Face, when: str) -> Html:
    badge = tag("span", "APP", class_="badge") if author.app else None
    return tag("header", tag("bdi", author.name, class_="author"), badge, tag("time", when))


def _body(one: Message, reader: Reader) -> Html:
    """Blocks where there are any; `text` is then only what notifications show. Attachments follow."""
    if one.get("blocks"):
        body = blocks(one["blocks"], Frame(reader))
    else:
        body = tag("div", mrkdwn(one.get("text") or "", reader), class_="text", dir="auto")
    attached = (_attachment(value, reader) for value in one.get("attachments") or [])
    edited = tag("span", "(edited)", class_="edited") if one.get("edited") else None
    return join([body, *attached, edited])


def _attachment(value: Mapping[str, Any], reader: Reader) -> Html:
    inner = (
        blocks(value["blocks"], Frame(reader))
        if value.get("blocks")
        else tag(
            "div", mrkdwn(value.get("text") or value.get("fallback") or "", reader), class_="text", dir="auto"
        )
    )
    return tag("div", inner, class_="attachment")


def _files(one: Message) -> Html | None:
    files = one.get("files") or []
    names = (
        tag("span", f"📄 {file.get('name') or file.get('title') or 'file'}", class_="file") for file in files
    )
    return tag("div", join(names), class_="files") if files else None


def _reactions(one: Message) -> Html | None:
    given = one.get("reactions") or []
    drawn = (
        tag("span", f"{emoji(each['name']) or each['name']} {each['count']}", class_="reaction")
        for each in given
    )
    return tag("div", join(drawn), class_="reactions") if given else None


def _replies(one: Message, reader: Reader, thread_link: ThreadLink | None) -> Html | None:
    count = one.get("reply_count") or 0
    if not count or thread_link is None:
        return None
    faces = (avatar(reader.face(person)) for person in (one.get("reply_users") or [])[:_SHOWN_REPLIERS])
    latest = one.get("latest_reply")
    last = fill_tokens("Last reply {date_short_pretty} at {time}", float(latest), reader) if latest else None
    words = tag("b", f"{count} {'reply' if count == 1 else 'replies'}")
    return tag("a", join(faces), words, tag("small", last), href=thread_link(one["ts"]), class_="replies")


def _divider(one: Message, reader: Reader) -> Html:
    day = reader.local(float(one["ts"])).date()
    return tag("div", tag("span", day_divider(day, reader)), class_="day", role="separator")


def _author(one: Message, reader: Reader) -> Face:
    if one.get("username"):
        return Face(one["username"], app=True)
    return reader.face(one.get("user") or one.get("bot_id") or "")


def _author_key(one: Message) -> str:
    return str(one.get("user") or one.get("bot_id") or "")


def _follows(before: Message, one: Message) -> bool:
    same = (
        _author_key(before) == _author_key(one)
        and not before.get("is_ephemeral")
        and not one.get("is_ephemeral")
    )
    return same and float(one["ts"]) - float(before["ts"]) < _TOGETHER and not before.get("reply_count")


def _local_date(one: Message, reader: Reader) -> date:
    return reader.local(float(one["ts"])).date()
