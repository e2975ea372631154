"""Slack's text: escaping, what typed names become, and reading it back.

Rules: docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

JSON = dict[str, Any]
_BROADCASTS = ("channel", "here", "everyone")
_ANGLE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_STYLE = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])")
_LINK = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)\]'\"]")


class Account(Protocol):
    """Who a mention may mean: by id, by handle and by full name."""

    id: str
    name: str
    real_name: str


class Channel(Protocol):
    """What a mention of a channel may mean."""

    id: str
    name: str

    @property
    def is_im(self) -> bool: ...

    @property
    def is_private(self) -> bool: ...


class Names(Protocol):
    """Of a workspace: who is who in it, and what time it is."""

    @property
    def users(self) -> Mapping[str, Account]: ...

    @property
    def conversations(self) -> Mapping[str, Channel]: ...

    def now(self) -> int:
        """Seconds since 1970."""


def domain_of(name: str) -> str:
    """What a workspace of that name has as its domain, where it says no other: a-z, 0-9 and dashes."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "workspace"


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo Slack's three entities, exactly once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed_message(text: str, names: Names) -> tuple[str, JSON]:
    """What a person typed, as a message's text and its rich_text block."""
    written, elements = [], []
    for piece, element in _pieces(text, names):
        written.append(piece)
        elements.append(element)
    section = {"type": "rich_text_section", "elements": elements}
    return "".join(written), {"type": "rich_text", "block_id": "typed", "elements": [section]}


def typed_command(text: str, names: Names, *, should_escape: bool) -> str:
    """What a person typed after a command: raw, or with names as `<@U1|ben>` where the manifest asks for it."""
    if not should_escape:
        return text
    return "".join(_named(element, names) or piece for piece, element in _pieces(text, names))


def _named(element: JSON, names: Names) -> str | None:
    if element["type"] == "user":
        return f"<@{element['user_id']}|{names.users[element['user_id']].name}>"
    if element["type"] == "channel":
        channel = names.conversations[element["channel_id"]]
        return f"<#{channel.id}|{channel.name}>"
    return None


def _pieces(text: str, names: Names) -> Iterator[tuple[str, JSON]]:
    """The text cut at names and links: (Slack's text, rich_text element)."""
    plain_from = at = 0
    while at < len(text):
        found = _name_at(text, at, names)
        if found is None:
            at += 1
            continue
        if plain_from < at:
            yield _plain(text[plain_from:at])
        length, piece, element = found
        yield piece, element
        at = plain_from = at + length
    if plain_from < len(text):
        yield _plain(text[plain_from:])


def _plain(text: str) -> tuple[str, JSON]:
    return escape(text), {"type": "text", "text": text}


def _name_at(text: str, at: int, names: Names) -> tuple[int, str, JSON] | None:
    sign = text[at]
    if sign not in "@#h" or (at > 0 and text[at - 1].isalnum()):
        return None
    if sign == "h":
        link = _LINK.match(text, at)
        return link and (len(link[0]), f"<{escape(link[0])}>", {"type": "link", "url": link[0]})
    rest = text[at + 1 :].casefold()
    if sign == "#":
        return _channel_named(rest, names)
    for word in _BROADCASTS:
        if _starts(rest, word):
            return 1 + len(word), f"<!{word}>", {"type": "broadcast", "range": word}
    found = [(name, u) for u in names.users.values() for name in (u.name, u.real_name) if _starts(rest, name)]
    if not found:
        return None
    name, user = max(found, key=lambda pair: len(pair[0]))
    return 1 + len(name), f"<@{user.id}>", {"type": "user", "user_id": user.id}


def _channel_named(rest: str, names: Names) -> tuple[int, str, JSON] | None:
    channels = [c for c in names.conversations.values() if not c.is_im and _starts(rest, c.name)]
    if not channels:
        return None
    channel = max(channels, key=lambda c: len(c.name))
    written = f"<#{channel.id}|{'' if channel.is_private else channel.name}>"
    return 1 + len(channel.name), written, {"type": "channel", "channel_id": channel.id}


def _starts(rest: str, name: str) -> bool:
    folded = name.casefold()
    return bool(folded) and rest.startswith(folded) and not rest[len(folded) : len(folded) + 1].isalnum()


def read(text: str, names: Names, zone: tzinfo | None, *, mrkdwn: bool = True) -> str:
    """Text as shown: names, links and dates resolved, escapes undone, style marks gone. No zone: dates' fallback."""
    if not mrkdwn:
        return unescape(text)
    now = datetime.fromtimestamp(names.now(), UTC)
    shown = _STYLE.sub(r"\2", text)
    return unescape(_ANGLE.sub(lambda m: _shown(m[1], m[2], names, zone, now), shown))


def _shown(target: str, label: str | None, names: Names, zone: tzinfo | None, now: datetime) -> str:
    if target.startswith("@"):
        return "@" + user_name(names.users.get(target[1:]), label or target[1:])
    if target.startswith("#"):
        channel = names.conversations.get(target[1:])
        return "#" + (channel.name if channel else label or target[1:])
    if target.startswith("!date^"):
        return _date(target, label or "", zone, now)
    if target.startswith("!"):
        return label or "@" + target[1:]
    return label or target.removeprefix("mailto:")


def user_name(user: Account | None, otherwise: str) -> str:
    return user.real_name if user else otherwise


def _date(target: str, fallback: str, zone: tzinfo | None, now: datetime) -> str:
    if zone is None:
        return fallback
    _, epoch, form, *_rest = target.split("^")
    moment = datetime.fromtimestamp(int(epoch), zone)
    day = moment.day
    words = {
        "date_num": moment.strftime("%Y-%m-%d"),
        "date_slash": moment.strftime("%d/%m/%Y"),
        "date": f"{day} {moment:%B} {moment.year}",
        "date_short": f"{day} {moment:%b} {moment.year}",
        "date_long": f"{moment:%A} {day} {moment:%B} {moment.year}",
        "time": moment.strftime("%H:%M"),
        "time_secs": moment.strftime("%H:%M:%S"),
    }
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(
        (moment.date() - now.astimezone(zone).date()) // timedelta(days=1)
    )
    for name in ("date", "date_short", "date_long"):
        words[f"{name}_pretty"] = near or words[name]
    return re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], m[0]), form)
