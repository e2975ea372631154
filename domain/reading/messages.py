"""The words of a message as Slack sends it: its text, else what its blocks say, and what of other messages is passed on.

Sources: docs.slack.dev/reference/block-kit/blocks/rich-text-block, docs.slack.dev/legacy/legacy-messaging (attachments).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.reading.markup import as_markup

_NO_PREVIEW = "[no preview available]"
_MOST_NESTED = 8
"""Levels of blocks in one another that are looked into."""


@dataclass(frozen=True, slots=True)
class MessageWords:
    """In Slack's markup; `passed_on` are words of others."""

    own: str
    passed_on: str = ""

    @property
    def quoted(self) -> str:
        """All of them; what others wrote is no word of the writer's."""
        lines = "\n".join(f"&gt; {line}" for line in self.passed_on.splitlines())
        return "\n".join(part for part in (self.own, lines) if part.strip())


def words_of(message: Mapping[str, Any]) -> MessageWords:
    text = message.get("text")
    own = text if isinstance(text, str) else ""
    if not own.strip():
        own = _of_blocks(message.get("blocks"))
    passed_on = (_of_attachment(one) for one in _dicts(message.get("attachments")))
    return MessageWords(own, "\n".join(words for words in passed_on if words))


def _of_attachment(attachment: Mapping[str, Any]) -> str:
    """A message passed on, or what an app has put in its place; a link's preview says nothing of its writer."""
    is_preview = any(attachment.get(name) for name in ("from_url", "original_url", "app_unfurl_url"))
    if is_preview and not attachment.get("is_share"):
        return ""
    parts = [_text(attachment.get(name)) for name in ("pretext", "title", "text")]
    parts += [
        f"{_text(one.get('title'))}: {_text(one.get('value'))}" for one in _dicts(attachment.get("fields"))
    ]
    passed_on = [one["message"] for one in _dicts(attachment.get("message_blocks")) if "message" in one]
    told = "\n".join(part for part in parts if part)
    told = told or _of_blocks(attachment.get("blocks"))
    told = told or "\n".join(_of_blocks(one.get("blocks")) for one in _dicts(passed_on))
    fallback = _text(attachment.get("fallback"))
    return told.strip() or ("" if fallback == _NO_PREVIEW else fallback)


def _of_blocks(blocks: Any) -> str:
    return "\n".join(words for block in _dicts(blocks) if (words := _of_block(block))).strip()


def _of_block(block: Mapping[str, Any]) -> str:
    kind = block.get("type")
    if kind == "rich_text":
        return "\n".join(_lines(block.get("elements"), 0))
    if kind in ("section", "header", "context"):
        texts = [block.get("text"), *_dicts(block.get("fields")), *_dicts(block.get("elements"))]
        return "\n".join(words for one in texts if (words := _of_text(one)))
    return ""


def _of_text(text: Any) -> str:
    """A text object; `plain_text` is as it was typed, `mrkdwn` is markup."""
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        return ""
    words = _text(text.get("text"))
    return as_markup(words) if text["type"] == "plain_text" else words


def _lines(elements: Any, depth: int) -> Iterator[str]:
    """Rich text as the lines that Slack makes of it in a message's text."""
    for element in _dicts(elements) if depth < _MOST_NESTED else ():
        inner = element.get("elements")
        match element.get("type"):
            case "rich_text_section":
                yield "".join(_pieces(inner))
            case "rich_text_list":
                is_ordered = element.get("style") == "ordered"
                for at, line in enumerate(_lines(inner, depth + 1), start=1):
                    yield f"{at}. {line}" if is_ordered else f"• {line}"
            case "rich_text_quote":
                yield from (f"&gt; {line}" for line in "".join(_pieces(inner)).splitlines())
            case "rich_text_preformatted":
                yield f"```{''.join(_pieces(inner))}```"


def _pieces(elements: Any) -> Iterator[str]:
    for element in _dicts(elements):
        match element.get("type"):
            case "text":
                yield _styled(as_markup(_text(element.get("text"))), element.get("style"))
            case "link":
                url, label = _text(element.get("url")), _text(element.get("text"))
                yield f"<{as_markup(url)}|{as_markup(label)}>" if label else f"<{as_markup(url)}>"
            case "user":
                yield f"<@{_text(element.get('user_id'))}>"
            case "channel":
                yield f"<#{_text(element.get('channel_id'))}>"
            case "usergroup":
                yield f"<!subteam^{_text(element.get('usergroup_id'))}>"
            case "broadcast":
                yield f"<!{_text(element.get('range'))}>"
            case "emoji":
                yield f":{_text(element.get('name'))}:"
            case "date":
                yield as_markup(_text(element.get("fallback")))


def _styled(words: str, style: Any) -> str:
    """What is struck or code is not said, so it stays to be seen."""
    if not isinstance(style, dict) or not words.strip():
        return words
    words = f"`{words}`" if style.get("code") else words
    return f"~{words}~" if style.get("strike") else words


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _dicts(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else ()
