"""Messages as a person reads them: who, when by the reader's clock, what, and how many answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Any

from sandbox.page.blocks import blocks
from sandbox.page.composer import shortcut_items
from sandbox.page.dates import clock, day_divider, fill_tokens
from sandbox.page.emoji import emoji
from sandbox.page.frame import Frame
from sandbox.page.markup import Html, join, tag
from sandbox.page.reader import Face, Reader
from sandbox.page.text import mrkdwn
from sandbox.page.views import posting

Message = Mapping[str, Any]
ThreadLink = Callable[[str], str]
Draw = Callable[[Message, bool], Html]

_TOGETHER = 300  # seconds within which one author's messages share a heading, as Slack draws them
_HUES = 24  # colours that initials come in, at equal steps round the wheel
_SHOWN_REPLIERS = 4


_QUICK = ("+1", "white_check_mark", "eyes")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the reader can do with the messages of a conversation, known by its id.

    `root` begins the addresses of all they do, `here` is where they are. `shortcuts` are those of a message's menu, `editing` is the ts of the message being written anew, with the words
    it has now in `words`.
    """

    root: str
    conversation: str
    here: str
    shortcuts: tuple[str, ...] = ()
    editing: str = ""
    words: str = ""

    def at(self, ts: str) -> str:
        """Where what is done with a message goes to."""
        return f"{self.root}/act/{self.conversation}/{ts}"


def conversation(
    messages: Sequence[Message],
    reader: Reader,
    thread_link: ThreadLink | None = None,
    desk: Desk | None = None,
    draw: Draw | None = None,
) -> Html:
    """Messages oldest first, with a line at each new day of the reader's; `thread_link` turns a ts into an address.

    `draw` is what draws one of them, as a `Memory` does.
    """
    drawn: list[Html] = []
    for before, one in pairwise([None, *messages]):
        if one is None:
            continue
        new_day = before is None or _local_date(before, reader) != _local_date(one, reader)
        if new_day:
            drawn.append(_divider(one, reader))
        compact = not new_day and before is not None and _follows(before, one)
        if draw is None:
            drawn.append(message(one, reader, thread_link, desk, compact=compact))
        else:
            drawn.append(draw(one, compact))
    return join(drawn)


def message(
    one: Message,
    reader: Reader,
    thread_link: ThreadLink | None = None,
    desk: Desk | None = None,
    *,
    compact: bool = False,
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
            _body(one, reader, desk),
            _files(one, desk),
            _reactions(one),
            _replies(one, reader, thread_link),
            class_="content",
        ),
        _tools(one, reader, thread_link, desk) if desk else None,
        class_=" ".join(["message", *(["compact"] if compact else []), *(["ephemeral"] if alone else [])]),
        id=id_of(one),
        data_ts=one["ts"],
    )


def id_of(one: Message) -> str:
    """Its element's."""
    return f"m{one['ts'].replace('.', '-')}"


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


def _body(one: Message, reader: Reader, desk: Desk | None) -> Html:
    """Blocks where there are any; `text` is then only what notifications show. Attachments follow."""
    if desk and desk.editing == one["ts"]:
        return _editor(one, desk)
    acts = desk.at(one["ts"]) if desk and one.get("app_id") else ""
    if one.get("blocks"):
        body = blocks(one["blocks"], Frame(reader, acts=acts))
        body = tag("form", body, **posting(acts)) if acts else body
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


def _editor(one: Message, desk: Desk) -> Html:
    typed = tag("textarea", desk.words, name="text", rows=2, class_="control", aria_label="Edit your message")
    save = tag("button", "Save", type="submit", class_="button primary")
    leave = tag("a", "Cancel", href=desk.here, class_="button")
    return tag(
        "form",
        typed,
        tag("div", leave, save, class_="tools"),
        class_="editor",
        **posting(f"{desk.at(one['ts'])}/edit"),
    )


def _tools(one: Message, reader: Reader, thread_link: ThreadLink | None, desk: Desk) -> Html:
    """What can be done with a message, behind three dots."""
    to = desk.at(one["ts"])
    if one.get("is_ephemeral"):
        hide = tag("button", "Dismiss message", type="submit", formaction=f"{to}/hide")
        return _menu(tag("li", hide), to)
    return _menu(
        join(
            [
                _reacting(to),
                _going(one, reader, thread_link, desk),
                shortcut_items(desk.shortcuts, f"{to}/shortcut"),
            ]
        ),
        to,
    )


def _menu(items: Html, to: str) -> Html:
    summary = tag("summary", "⋯", class_="button more", aria_label="More for this message")
    return tag(
        "form",
        tag("details", summary, tag("ul", items), class_="menu overflow"),
        class_="hand",
        **posting(to),
    )


def _reacting(to: str) -> Html:
    buttons = (
        tag(
            "button",
            emoji(name),
            type="submit",
            name="name",
            value=name,
            formaction=f"{to}/react",
            aria_label=name,
        )
        for name in _QUICK
    )
    return tag("li", join(buttons), class_="quick")


def _going(one: Message, reader: Reader, thread_link: ThreadLink | None, desk: Desk) -> Html:
    to = desk.at(one["ts"])
    items = [tag("a", "Reply in thread", href=thread_link(one["ts"]))] if thread_link else []
    if one.get("user") == reader.id:
        items += [
            tag("a", "Edit message", href=f"{desk.here}?edit={one['ts']}"),
            tag("button", "Delete message", type="submit", formaction=f"{to}/delete"),
        ]
    items.append(tag("a", "Blocks as JSON", href=f"/inspect/{desk.conversation}/{one['ts']}"))
    return join(tag("li", item) for item in items)


def _files(one: Message, desk: Desk | None) -> Html | None:
    files = one.get("files") or []
    names = (_file(file, desk) for file in files)
    return tag("div", join(names), class_="files") if files else None


def _file(file: Mapping[str, Any], desk: Desk | None) -> Html:
    words = f"📄 {file.get('name') or file.get('title') or 'file'}"
    if desk is None:
        return tag("span", words, class_="file")
    return tag("a", words, href=f"{desk.root}/files/{file.get('id')}", class_="file", download=True)


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
