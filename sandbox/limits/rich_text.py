"""The block rich_text and what it is made of: docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.limits.problems import kind_of

if TYPE_CHECKING:
    from sandbox.limits.problems import Problems

JSON = dict[str, Any]
_MOST = 1000
_LONGEST = 40_000
_PARTS = frozenset({"rich_text_section", "rich_text_quote", "rich_text_preformatted"})
_PIECES = {
    "text": ("text",),
    "user": ("user_id",),
    "channel": ("channel_id",),
    "usergroup": ("usergroup_id",),
    "link": ("url",),
    "emoji": ("name",),
    "broadcast": ("range",),
    "color": ("value",),
    "date": ("format",),
}
"""What each must say, as strings."""


def check_rich_text(found: Problems, block: Any, at: str) -> None:
    if kind_of(block) != "rich_text":
        found.say("must be a valid rich_text object", at)
        return
    for number, part in enumerate(found.objects(block, "elements", at, _MOST)):
        where = f"{at}/elements/{number}"
        if kind_of(part) == "rich_text_list":
            _check_list(found, part, where)
        else:
            _check_part(found, part, where)


def _check_list(found: Problems, part: JSON, at: str) -> None:
    for name in ("indent", "offset", "border"):
        if not isinstance(part.get(name, 0), int):
            found.say("must be a number", f"{at}/{name}")
    for number, item in enumerate(found.objects(part, "elements", at, _MOST)):
        _check_part(found, item, f"{at}/elements/{number}")


def _check_part(found: Problems, part: JSON, at: str) -> None:
    if kind_of(part) not in _PARTS:
        found.say(f"unsupported type: {kind_of(part)}", f"{at}/type")
        return
    for number, piece in enumerate(found.objects(part, "elements", at, _MOST, least=0)):
        _check_piece(found, piece, f"{at}/elements/{number}")


def _check_piece(found: Problems, piece: JSON, at: str) -> None:
    kind = kind_of(piece)
    if kind not in _PIECES:
        found.say(f"unsupported type: {kind}", f"{at}/type")
        return
    for name in _PIECES[kind]:
        found.string(piece, name, at, _LONGEST, required=True)
    for name in ("text", "url", "fallback", "unicode"):
        found.string(piece, name, at, _LONGEST)
    if kind == "date" and not isinstance(piece.get("timestamp"), int):
        found.missing("timestamp", at)
    if not isinstance(piece.get("style", {}), dict):
        found.say("must be a valid style object", f"{at}/style")
