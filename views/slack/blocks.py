"""Block Kit as plain dicts, each within Slack's limits (docs.slack.dev, Block Kit reference).

`text` arguments named `mrkdwn` are markup and must already be escaped where they hold people's words; everything
else is plain text, in which Slack reads no markup. Both ways leave out of words what deceives the eye
(`domain.reading.legible`); only what stands in a field to be edited is as it was typed.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from domain.forgetting import SOMEONE
from domain.people import is_stand_in
from domain.reading.legible import FSI, PDI, isolated, legible
from domain.reading.markup import as_markup
from views.slack.labels import MAX_LABEL, read_aloud, told_apart
from views.slack.lines import ELLIPSIS, on_one_line, shorten
from views.slack.room import MAX_BLOCKS, MAX_BLOCKS_TEXT, MAX_VIEW, how_many_fit

Block = dict[str, Any]
Element = dict[str, Any]
Payload = dict[str, Any]
"""A message: `text` (the fallback, escaped) and `blocks`."""

MAX_SECTION = 3000
MAX_FALLBACK = 3500
MAX_INPUT = 3000


Strong = Callable[[str], str]
"""Makes escaped text stand out: bold in blocks, as it is in fallback text."""


def bold(text: str) -> str:
    return f"*{text}*"


def as_is(text: str) -> str:
    return text


def escape(text: str) -> str:
    """People's words for mrkdwn and fallback text: nothing in them mentions, links or notifies anybody."""
    return as_markup(legible(text))


def shorten_mrkdwn(mrkdwn: str, limit: int) -> str:
    """As `shorten`, never leaving half an entity, half a link or an open isolate at the cut."""
    if len(mrkdwn) <= limit:
        return mrkdwn
    cut = mrkdwn[: limit - 1]
    still_open = cut.count(FSI) - cut.count(PDI)
    cut = cut[: limit - 1 - max(still_open, 0)]
    for opening, closing in (("<", ">"), ("&", ";")):
        start = cut.rfind(opening)
        if start > cut.rfind(closing) and (opening == "<" or len(cut) - start < len("&amp;")):
            cut = cut[:start]
    return cut.rstrip() + ELLIPSIS + PDI * still_open


def fallback(lines: Iterable[str], limit: int = MAX_FALLBACK) -> str:
    """Fallback text from escaped lines, cut whole line by whole line with "details in the thread"."""
    kept: list[str] = []
    tail = "… details in the thread"
    room = limit - len(tail) - 1
    for line in lines:
        if len(line) + 1 > room:
            return "\n".join([*kept, tail])
        kept.append(line)
        room -= len(line) + 1
    return "\n".join(kept)


def plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": on_one_line(text, limit) or " ", "emoji": True}


def mrkdwn(markup: str, limit: int = MAX_SECTION) -> dict[str, Any]:
    """Verbatim: or else Slack looks for mentions, channels and addresses in plain words (its text object reference)."""
    return {"type": "mrkdwn", "text": shorten_mrkdwn(markup, limit) or " ", "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Block:
    return {"type": "divider"}


def section(markup: str, *, accessory: Element | None = None, block_id: str | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(markup)}
    if accessory is not None:
        block["accessory"] = accessory
    return with_id(block, block_id)


def context(*markup: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text, 2000) for text in markup[:10]]}


def actions(elements: Sequence[Element], *, block_id: str | None = None) -> Block:
    return with_id({"type": "actions", "elements": list(elements[:25])}, block_id)


def with_id(block: Block, block_id: str | None) -> Block:
    if block_id is not None:
        block["block_id"] = block_id
    return block


def button(text: str, action_id: str, value: str, *, style: str | None = None, about: str = "") -> Element:
    """`style` is None, "primary" or "danger"; `value` at most 2,000 characters.

    `about` is the name of what it acts on, where others of its message or form read the same: who listens hears both.
    """
    element: Element = {
        "type": "button",
        "text": plain(text, MAX_LABEL),
        "action_id": action_id,
        "value": value,
    }
    if about:
        element["accessibility_label"] = read_aloud(text, about)
    if style is not None:
        element["style"] = style
    return element


def confirmed(element: Element, question: str, yes: str) -> Element:
    """A button that asks before it does anything; `question` is plain words, `yes` at most 30 characters."""
    asked = {
        "title": plain("Are you sure?", 100),
        "text": plain(question, 300),
        "confirm": plain(yes, 30),
        "deny": plain("Keep it", 30),
    }
    return {**element, "confirm": asked}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text, 75), "value": value}


def input_block(
    label: str,
    element: Element,
    *,
    block_id: str,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """An input; its `block_id` is the name of the field, its element's action_id is always "value"."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint, 2000)
    if dispatch:
        block["dispatch_action"] = True
    return block


def text_input(
    initial: str = "", *, multiline: bool = False, max_length: int = MAX_INPUT, placeholder: str | None = None
) -> Element:
    """A longer `initial` is cut to what the field can hold."""
    element: Element = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": multiline,
        "max_length": max_length,
    }
    if initial:
        element["initial_value"] = shorten(initial, max_length)
    return _with_placeholder(element, placeholder)


def user_select(initial: str | None = None) -> Element:
    element: Element = {"type": "users_select", "action_id": "value"}
    if initial and not is_stand_in(initial):
        element["initial_user"] = initial
    return element


def channel_select(initial: str | None) -> Element:
    """Of the channels that whoever has it before them may see, private ones of theirs too."""
    element: Element = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"]},
    }
    if initial:
        element["initial_conversation"] = initial
    return element


def users_select(initial: Sequence[str]) -> Element:
    element: Element = {"type": "multi_users_select", "action_id": "value"}
    if still := [one for one in initial if not is_stand_in(one)]:
        element["initial_users"] = still
    return element


def date_input(initial: date | None = None) -> Element:
    element: Element = {"type": "datepicker", "action_id": "value"}
    if initial is not None:
        element["initial_date"] = initial.isoformat()
    return element


def file_input(filetypes: Sequence[str]) -> Element:
    """One file; `filetypes` are Slack's names for them."""
    return {"type": "file_input", "action_id": "value", "filetypes": list(filetypes), "max_files": 1}


def time_input(initial: time | None) -> Element:
    element: Element = {"type": "timepicker", "action_id": "value"}
    if initial is not None:
        element["initial_time"] = f"{initial:%H:%M}"
    return element


def select(
    options: Sequence[tuple[str, str]], initial: str | None = None, *, placeholder: str | None = None
) -> Element:
    """A choice of one among at most 100 (text, value) pairs."""
    element: Element = {
        "type": "static_select",
        "action_id": "value",
        "options": [option(text, value) for text, value in options[:100]],
    }
    return _with_placeholder(_with_initial(element, initial), placeholder)


def grouped_select(
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    initial: str | None,
    *,
    placeholder: str | None = None,
) -> Element:
    """A choice of one among groups of at most 100 (text, value) pairs each."""
    element: Element = {
        "type": "static_select",
        "action_id": "value",
        "option_groups": [
            {"label": plain(label, 75), "options": [option(text, value) for text, value in options[:100]]}
            for label, options in groups[:100]
        ],
    }
    for group in element["option_groups"]:
        for candidate in group["options"]:
            if candidate["value"] == initial:
                element["initial_option"] = candidate
    return _with_placeholder(element, placeholder)


def radio(options: Sequence[tuple[str, str]], initial: str | None = None) -> Element:
    element: Element = {
        "type": "radio_buttons",
        "action_id": "value",
        "options": [option(text, value) for text, value in options[:10]],
    }
    return _with_initial(element, initial)


def checkboxes(options: Sequence[tuple[str, str]], initial: Iterable[str] = ()) -> Element:
    chosen = set(initial)
    built = [option(text, value) for text, value in options[:10]]
    element: Element = {"type": "checkboxes", "action_id": "value", "options": built}
    initially = [candidate for candidate in built if candidate["value"] in chosen]
    if initially:
        element["initial_options"] = initially
    return element


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    private_metadata: str = "",
    close: str = "Cancel",
) -> dict[str, Any]:
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "private_metadata": private_metadata,
        "blocks": told_apart(blocks[:100]),
    }
    if submit is not None:
        view["submit"] = plain(submit, 24)
    return view


def notice_modal(title: str, markup: str) -> dict[str, Any]:
    """A form's end: something to read and nothing to send."""
    return modal(title, [section(markup)], callback_id="notice", close="Close")


def message(text: str, blocks: Sequence[Block]) -> Payload:
    """A message within Slack's blocks and their text; `text` is the escaped fallback."""
    kept = told_apart(fit(blocks, MAX_BLOCKS, MAX_BLOCKS_TEXT))
    return {"text": shorten_mrkdwn(text, MAX_FALLBACK), "blocks": kept}


def fit(blocks: Sequence[Block], limit: int, most_text: int = MAX_VIEW) -> list[Block]:
    """At most `limit` blocks with `most_text` characters of text, the rest counted in words."""
    kept = how_many_fit(blocks, limit, most_text)
    rest = len(blocks) - kept
    return [*blocks[:kept], context(f"… and {rest} more")] if rest else list(blocks)


def and_more(lines: Sequence[str], limit: int) -> list[str]:
    """The first `limit` lines, then "and 12 more"."""
    if len(lines) <= limit:
        return list(lines)
    return [*lines[: limit - 1], f"and {len(lines) - limit + 1} more"]


def slack_time(instant: datetime) -> str:
    """An instant that Slack shows in the reader's own zone; the fallback is UTC."""
    form = "{date_short_pretty} at {time}"
    return f"<!date^{int(instant.timestamp())}^{form}|{instant:%d %b %H:%M} UTC>"


def mention(person_id: str) -> str:
    return SOMEONE if is_stand_in(person_id) else f"<@{person_id}>"


def _with_placeholder(element: Element, placeholder: str | None) -> Element:
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, 150)
    return element


def _with_initial(element: Element, initial: str | None) -> Element:
    for candidate in element["options"]:
        if candidate["value"] == initial:
            element["initial_option"] = candidate
    return element


def plain_line(text: str, limit: int) -> str:
    """People's words on one line of at most `limit` of their characters, for plain text: not escaped.

    Words written from right to left are isolated, so that numbers beside them keep their order.
    """
    return isolated(on_one_line(text, limit))


def one_line(text: str, limit: int) -> str:
    """The same as escaped markup."""
    return as_markup(plain_line(text, limit))


def sections(lines: Iterable[str]) -> list[Block]:
    """Markup lines in as few sections as hold them, each line kept whole (lines are within MAX_SECTION)."""
    filled: list[str] = []
    for line in lines:
        if filled and len(filled[-1]) + 1 + len(line) <= MAX_SECTION:
            filled[-1] += f"\n{line}"
        else:
            filled.append(line)
    return [section(markup) for markup in filled]


def text_message(markup: str) -> Payload:
    """Markup in one section, which is its fallback as well."""
    return message(markup, [section(markup)])


def notice(sentence: str) -> Payload:
    """One sentence, whole, with people's words in it."""
    return text_message(escape(sentence))


def preview(posted: Payload, note: str = "Preview — only you see this") -> Payload:
    """A message as it would be posted, for the eyes of the person who asked for it; `note` says what it is."""
    return message(f"{note}\n{posted['text']}", [context(f"*{note}*"), *posted["blocks"]])
