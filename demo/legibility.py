"""Whether everything that was sent can be read: on a lock screen, by ear, in one pass, without our own words for things."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from sandbox import heard_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

JSON = dict[str, Any]
ON_A_LOCK_SCREEN = 150
"""Characters of a message's text that a phone shows."""
_SHARED = 0.5
"""Of the words on a lock screen that stand in the blocks, too."""
_LEAST_WORDS = 4
"""Of a line that must not come twice."""
JARGON = {
    "a date for machines": re.compile(r"\b\d{4}-\d\d-\d\d\b"),
    "a week for machines": re.compile(r"\bW\d\d\b"),
    "a long date": re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? \d{1,2} [A-Z]"),
    "a name of the code's": re.compile(r"\b[a-z]+_[a-z_]+\b"),
    "a word for programmers": re.compile(r"\b(?:null|None|payload|metadata|occurrence|enum|timestamp)\b"),
    "nothing, counted": re.compile(r"\b0 (?:taken|overdue|by default|learnings|of 0)\b"),
}
_EVERYTHING = ": every number"
"""In the heading of a thread's pages, where all stands that a message tells once."""
_SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]*:")
_TOKEN = re.compile(r"<[^>|]*\|?([^>]*)>")
_WAITS = re.compile(
    r"\?|\b(?:answer|answered|asks?|asked|open|decided?|closes|waits?|reminder|confirm|recorded|kept|needs?|to enter"
    r"|at risk|off track|asks you|chose you|before it fades|attention|on track|thank you|all recorded|still|taken back|settled)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.,])[£$€]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,])|(?<![\w.,])[£$€]?\d{3,}(?:\.\d+)?(?![\w:,])"
)
_YEAR = re.compile(r"^20\d\d$")


def list_faults(calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each; `calls` are what was asked of Slack, by argument."""
    return sorted(set(_faults(calls)))


def _faults(calls: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for args in calls:
        view = _read(args.get("view")) or {}
        blocks = view.get("blocks") or _read(args.get("blocks")) or []
        name = _called(blocks)
        yield from (f"{name}: several buttons are read out as “{one}”." for one in heard_alike(blocks))
        if not view and blocks:
            yield from (f"{name}: {one}" for one in _of_message(str(args.get("text", "")), blocks))


def _of_message(text: str, blocks: list[JSON]) -> Iterator[str]:
    lines = [line for line in _lines(blocks) if line]
    glance = _plain(text)[:ON_A_LOCK_SCREEN]
    if not glance:
        yield "it has no text, which is all that a phone shows."
        return
    said, shown = _words(glance), set(_words(" ".join(lines)))
    if sum(word in shown for word in said) < _SHARED * len(said):
        yield f"its text “{glance}” says other things than its blocks."
    if _has_buttons(blocks) and not _WAITS.search(glance):
        yield f"its text “{glance}” does not say what waits for its reader."
    if _EVERYTHING not in lines[0]:
        long = [line for line in lines if len(line.split()) >= _LEAST_WORDS]
        yield from (f"“{line}” comes twice." for line in _twice(long))
        yield from (f"“{figure}” comes twice." for figure in _twice(_figures(lines[2:])))
    for what, pattern in JARGON.items():
        if found := pattern.search("\n".join([glance, *lines])):
            yield f"“{found[0]}” is {what}."


def _has_buttons(blocks: Iterable[JSON]) -> bool:
    return any('"type": "button"' in json.dumps(block) for block in blocks)


def _figures(lines: Iterable[str]) -> Iterator[str]:
    """Each of a line once, with the word before it: the same number may be true of several things."""
    for line in lines:
        found = set()
        for figure in _FIGURE.finditer(line):
            named = re.findall(r"[^\W\d_]+", line[: figure.start()])
            if named and not _YEAR.match(figure[0]):
                found.add(f"{named[-1].casefold()} {figure[0]}")
        yield from found


def _twice(found: Iterable[str]) -> list[str]:
    return [one for one, count in Counter(found).items() if count > 1]


def _lines(value: Any) -> Iterator[str]:
    """Every line that is read, without signs; not the buttons."""
    if isinstance(value, list):
        for inner in value:
            yield from _lines(inner)
    elif isinstance(value, dict) and value.get("type") in ("mrkdwn", "plain_text"):
        yield from (_plain(line) for line in value["text"].splitlines())
    elif isinstance(value, dict) and value.get("type") != "button":
        for inner in value.values():
            yield from _lines(inner)


def _plain(markup: str) -> str:
    return " ".join(_SHORTCODE.sub("", _TOKEN.sub(r"\1", markup)).replace("*", "").split()).strip("_• ")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _called(blocks: list[JSON]) -> str:
    return next((line for line in _lines(blocks) if line), "An empty message")[:60]


def _read(given: Any) -> Any:
    """Slack takes JSON as it is and as a string."""
    return json.loads(given) if isinstance(given, str) else given
