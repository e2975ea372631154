"""Slack's text objects as HTML: mrkdwn with all its markup, plain_text with none.

Markup: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Mapping
from html import escape
from itertools import groupby
from typing import Any

from sandbox.page.dates import fill_tokens
from sandbox.page.emoji import SHORTCODE, emoji, with_emoji
from sandbox.page.markup import Html, join, safe, tag
from sandbox.page.reader import Reader
from sandbox.text import unescape

_ATOM = re.compile(
    r"```\n?(?P<fence>.+?)\n?```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<entity>[^<>\n]+)>"
    r"|(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"*_~])"
    rf"|{SHORTCODE}",
    re.DOTALL,
)
_EMPHASIS = re.compile(
    r"(?<![^\W_])(?<![*_~])(?P<mark>[*_~])(?=\S)(?P<inner>(?:(?!(?P=mark)).)+)(?<=\S)(?P=mark)(?![^\W_]|(?P=mark))"
)
_HELD = re.compile("\0(\\d+)\0")
_EMPHASIS_TAG = {"*": "b", "_": "i", "~": "s"}
_SAFE_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_QUOTE = "&gt;"
_BLOCKS = ("<pre", "<blockquote")


def text_object(value: Mapping[str, Any] | str | None, reader: Reader) -> Html:
    if not value:
        return Html("")
    if isinstance(value, str):
        return plain(value)
    if value["type"] == "mrkdwn":
        return mrkdwn(value["text"], reader, verbatim=bool(value.get("verbatim")))
    return plain(value["text"])


def plain(text: str) -> Html:
    """Plain text: nothing is markup, `:emoji:` excepted; lines stay lines."""
    return join((safe(line) for line in with_emoji(text).split("\n")), Html("<br>"))


def plain_words(value: Mapping[str, Any] | None) -> str:
    """The words of a plain_text object, for labels and titles."""
    return with_emoji(value["text"]) if value else ""


def mrkdwn(text: str, reader: Reader, *, verbatim: bool = False) -> Html:
    """With `verbatim`, an address in plain words is no link (Slack's text object reference)."""
    held: list[Html] = []

    def hold(match: re.Match[str]) -> str:
        atom = None if verbatim and match["url"] else _atom(match, reader)
        if atom is None:
            return match[0]
        held.append(atom)
        return f"\0{len(held) - 1}\0"

    marked = _ATOM.sub(hold, text.replace("\0", ""))
    body = _lines(escape(unescape(marked)), held)
    return Html(_HELD.sub(lambda match: held[int(match[1])], body))


def mention(person: str, reader: Reader) -> Html:
    own = person == reader.id
    return tag("bdi", f"@{reader.face(person).name}", class_="mention own" if own else "mention")


def channel_link(channel: str, reader: Reader) -> Html:
    return tag("bdi", f"#{reader.channel(channel)}", class_="mention")


def is_harmless(url: str) -> bool:
    """Its scheme leads somewhere and runs nothing."""
    return bool(_SAFE_LINK.match(url))


def anchor(url: str, label: str) -> Html:
    """A link when its scheme is harmless, else only its label."""
    if not is_harmless(url):
        return tag("span", label)
    return tag("a", label, href=url, target="_blank", rel="noreferrer noopener")


def date_words(epoch: float, template: str, url: str | None, reader: Reader) -> Html:
    words = fill_tokens(template, epoch, reader)
    return anchor(url, words) if url else tag("time", words)


def _atom(match: re.Match[str], reader: Reader) -> Html | None:
    groups = match.groupdict()
    if groups["fence"] is not None:
        return tag("pre", _literal(groups["fence"], reader))
    if groups["code"] is not None:
        return tag("code", _literal(groups["code"], reader))
    if groups["entity"] is not None:
        return _entity(groups["entity"], reader)
    if groups["url"] is not None:
        return anchor(unescape(groups["url"]), unescape(groups["url"]))
    picture = emoji(groups["emoji"])
    return tag("span", picture, class_="emoji", title=f":{groups['emoji']}:") if picture else None


def _literal(code: str, reader: Reader) -> Html:
    """Code shows what was typed, mentions and links excepted: they stay what they are."""
    parts = re.split(r"<([^<>\n]+)>", code)
    return join(_entity(part, reader) if index % 2 else unescape(part) for index, part in enumerate(parts))


def _entity(inside: str, reader: Reader) -> Html:
    target, _, label = inside.partition("|")
    label = with_emoji(unescape(label))
    if target.startswith("@"):
        return mention(target[1:], reader)
    if target.startswith("#"):
        return tag("bdi", f"#{label}", class_="mention") if label else channel_link(target[1:], reader)
    if target.startswith("!"):
        return _special(target[1:], label, reader)
    url = unescape(target)
    return anchor(url, label or url.removeprefix("mailto:"))


def _special(command: str, label: str, reader: Reader) -> Html:
    name, *rest = command.split("^")
    if name == "date":
        return _date(rest, label, reader)
    if name == "subteam":
        group = rest[0] if rest else ""
        return tag("bdi", label or f"@{reader.groups.get(group, group)}", class_="mention")
    if name in {"here", "channel", "everyone"}:
        return tag("span", f"@{name}", class_="mention broadcast")
    return tag("span", label or f"<{command}>")


def _date(parts: list[str], fallback: str, reader: Reader) -> Html:
    try:
        epoch, template = int(parts[0]), unescape(parts[1])
        return date_words(epoch, template, parts[2] if len(parts) > 2 else None, reader)
    except (ValueError, IndexError, OverflowError, OSError):
        return tag("span", fallback)


def _lines(body: str, held: list[Html]) -> str:
    """Lines with their emphasis, `>` lines gathered into quotes; `>>>` quotes all that follows."""
    if body.startswith(_QUOTE * 3) or f"\n{_QUOTE * 3}" in body:
        before, _, after = body.partition(_QUOTE * 3)
        before = _lines(before.removesuffix("\n"), held) if before else ""
        return before + tag("blockquote", Html(_rows(after.lstrip().split("\n"), held)))
    parts = groupby(body.split("\n"), lambda line: line.startswith(_QUOTE))
    return "".join(
        _quote(list(lines), held) if quoted else _rows(list(lines), held) for quoted, lines in parts
    )


def _quote(lines: list[str], held: list[Html]) -> str:
    bare = [line.removeprefix(_QUOTE).removeprefix(" ") for line in lines]
    return tag("blockquote", Html(_rows(bare, held)))


def _rows(lines: list[str], held: list[Html]) -> str:
    """Join lines by `<br>`, except beside a code block, which breaks the line itself."""
    out = ""
    broken = True
    for line in lines:
        match = _HELD.fullmatch(line.strip())
        block = bool(match and held[int(match[1])].startswith(_BLOCKS))
        out += ("" if broken or block else "<br>") + _emphasis(line)
        broken = block
    return out


def _emphasis(line: str) -> str:
    def wrap(match: re.Match[str]) -> str:
        name = _EMPHASIS_TAG[match["mark"]]
        return f"<{name}>{_emphasis(match['inner'])}</{name}>"

    return _EMPHASIS.sub(wrap, line)
