"""Block elements: buttons, menus and inputs, with what is chosen or typed in them.

Reference: https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sandbox.page.dates import clock, short_date
from sandbox.page.frame import Frame
from sandbox.page.markup import Html, join, tag
from sandbox.page.reader import Reader
from sandbox.page.rich_text import rich_text
from sandbox.page.text import plain_words, text_object

_STYLES = frozenset({"primary", "danger"})


@dataclass(frozen=True, slots=True)
class Field:
    """One element in its block; `now` answers what is in it: the person's own choice, else the app's."""

    element: Mapping[str, Any]
    block_id: str
    frame: Frame

    @property
    def reader(self) -> Reader:
        return self.frame.reader

    @property
    def marks(self) -> dict[str, str]:
        return {"data_block_id": self.block_id, "data_action_id": self.element.get("action_id", "")}

    @property
    def placeholder(self) -> str:
        return plain_words(self.element.get("placeholder"))

    def now(self, what: str) -> Any:
        """`what` is the ending of Slack's names: `option` for initial_option and selected_option."""
        state = self.frame.state(self.block_id, self.element.get("action_id", ""))
        if state is None:
            return self.element.get(f"initial_{what}")
        return state.get("value" if what == "value" else f"selected_{what}")


def element(value: Mapping[str, Any], block_id: str, frame: Frame) -> Html:
    field = Field(value, block_id, frame)
    draw = _DRAW.get(value["type"])
    return draw(field) if draw else tag("span", f"[{value['type']}]", class_="unknown")


def _button(field: Field) -> Html:
    style = field.element.get("style")
    kind = f"button {style}" if style in _STYLES else "button"
    label = text_object(field.element["text"], field.reader)
    described = field.element.get("accessibility_label")
    url = field.element.get("url")
    if url:
        return tag("a", label, class_=kind, href=url, aria_label=described, **field.marks)
    return tag(
        "button",
        label,
        type="button",
        class_=kind,
        value=field.element.get("value"),
        aria_label=described,
        **field.marks,
    )


def _text_input(field: Field) -> Html:
    typed = field.now("value") or ""
    if field.element.get("multiline"):
        lines = min(max(4, typed.count("\n") + 1 + len(typed) // 64), 14)
        text = {"placeholder": field.placeholder, "rows": lines}
        return tag("textarea", typed, class_="control", readonly=True, dir="auto", **text, **field.marks)
    return _line(field, typed)


def _number_input(field: Field) -> Html:
    return _line(field, str(field.now("value") or ""), "decimal")


def _line(field: Field, typed: str, keyboard: str | None = None) -> Html:
    return tag(
        "input",
        class_="control",
        type="text",
        inputmode=keyboard,
        value=typed,
        placeholder=field.placeholder,
        readonly=True,
        dir="auto",
        **field.marks,
    )


def _rich_text_input(field: Field) -> Html:
    state = field.frame.state(field.block_id, field.element.get("action_id", "")) or {}
    typed = state.get("rich_text_value") or field.element.get("initial_value")
    return _box(field, "control area", rich_text(typed, field.reader) if typed else None)


def _file_input(field: Field) -> Html:
    state = field.frame.state(field.block_id, field.element.get("action_id", "")) or {}
    names = join(_chip(str(file.get("name") or file.get("id"))) for file in state.get("files") or [])
    return tag("div", names or "Choose a file", class_="control", **field.marks)


def _date(field: Field) -> Html:
    chosen = field.now("date")
    words = short_date(date.fromisoformat(chosen), field.reader) if chosen else None
    return _box(field, "control pick calendar", words, "Pick a date")


def _time(field: Field) -> Html:
    chosen = field.now("time")
    words = None
    if chosen:
        words = clock(datetime.combine(field.reader.here.date(), time.fromisoformat(chosen)), field.reader)
        zone = field.element.get("timezone")
        words = f"{words} ({zone})" if zone else words
    return _box(field, "control pick watch", words, "Pick a time")


def _date_time(field: Field) -> Html:
    chosen = field.now("date_time")
    words = None
    if chosen:
        when = field.reader.local(chosen)
        words = f"{short_date(when.date(), field.reader)} at {clock(when, field.reader)}"
    return _box(field, "control pick calendar", words, "Pick a date and time")


def _box(field: Field, kind: str, content: str | None, prompt: str = "") -> Html:
    shown = content or tag("span", field.placeholder or prompt, class_="placeholder")
    return tag("div", tag("span", shown, class_="chosen", dir="auto"), class_=kind, **field.marks)


def _menu(field: Field) -> Html:
    chosen = field.now("option")
    options = _options(field.element)
    words = text_object(chosen["text"], field.reader) if chosen else None
    return _opening(field, words, options)


def _multi_menu(field: Field) -> Html:
    chosen = join(_chip(text_object(option["text"], field.reader)) for option in field.now("options") or [])
    return _opening(field, chosen or None, _options(field.element))


def _options(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    groups = value.get("option_groups")
    return [option for group in groups for option in group["options"]] if groups else value.get("options", [])


def _opening(field: Field, chosen: str | None, options: Sequence[Mapping[str, Any]]) -> Html:
    """A menu that opens without a script, so that its options can be read."""
    shown = chosen or tag("span", field.placeholder or "Select an option", class_="placeholder")
    summary = tag("summary", tag("span", shown, class_="chosen", dir="auto"), class_="control pick")
    return tag("details", summary, _option_list(options, field.reader), class_="menu", **field.marks)


def _option_list(options: Sequence[Mapping[str, Any]], reader: Reader) -> Html:
    return tag("ul", join(tag("li", _option(option, reader), dir="auto") for option in options))


def _option(option: Mapping[str, Any], reader: Reader) -> Html:
    described = option.get("description")
    small = tag("small", text_object(described, reader)) if described else None
    return join([text_object(option["text"], reader), small])


def _overflow(field: Field) -> Html:
    summary = tag("summary", "⋯", class_="button more", aria_label="More actions")
    options = _option_list(field.element["options"], field.reader)
    return tag("details", summary, options, class_="menu overflow", **field.marks)


def _one(what: str, shown: Callable[[str, Reader], str], prompt: str) -> Callable[[Field], Html]:
    def draw(field: Field) -> Html:
        chosen = field.now(what)
        return _box(field, "control pick", shown(chosen, field.reader) if chosen else None, prompt)

    return draw


def _many(what: str, shown: Callable[[str, Reader], str], prompt: str) -> Callable[[Field], Html]:
    def draw(field: Field) -> Html:
        chips = join(_chip(shown(chosen, field.reader)) for chosen in field.now(what) or [])
        return _box(field, "control pick", chips or None, prompt)

    return draw


def _chip(words: str) -> Html:
    return tag("span", words, class_="chip")


def _person(person: str, reader: Reader) -> str:
    return reader.face(person).name


def _channel(channel: str, reader: Reader) -> str:
    return f"#{reader.channel(channel)}"


def _conversation(conversation: str, reader: Reader) -> str:
    return _person(conversation, reader) if conversation in reader.people else _channel(conversation, reader)


def _radio(field: Field) -> Html:
    chosen = field.now("option") or {}
    return _choices(field, "radio", {chosen.get("value")})


def _checkboxes(field: Field) -> Html:
    return _choices(field, "checkbox", {option.get("value") for option in field.now("options") or []})


def _choices(field: Field, kind: str, chosen: set[Any]) -> Html:
    def draw(option: Mapping[str, Any]) -> Html:
        box = tag("input", type=kind, checked=option.get("value") in chosen, disabled=True)
        return tag("label", box, tag("span", _option(option, field.reader), dir="auto"))

    return tag("div", join(map(draw, field.element["options"])), class_="choices", **field.marks)


def image(value: Mapping[str, Any], kind: str) -> Html:
    """The picture itself where it is given by address; a Slack file shows as its description."""
    url, described = value.get("image_url"), value["alt_text"]
    if url and url.startswith(("https:", "http:", "data:image/")):
        return tag("img", class_=kind, src=url, alt=described)
    return tag("span", described, class_=f"{kind} missing")


def _feedback(field: Field) -> Html:
    pair = (field.element["positive_button"], field.element["negative_button"])
    return join(
        tag("button", plain_words(one["text"]), type="button", class_="button", **field.marks) for one in pair
    )


def _icon_button(field: Field) -> Html:
    return tag("button", plain_words(field.element["text"]), type="button", class_="button", **field.marks)


_DRAW: dict[str, Callable[[Field], Html]] = {
    "button": _button,
    "overflow": _overflow,
    "plain_text_input": _text_input,
    "email_text_input": _text_input,
    "url_text_input": _text_input,
    "number_input": _number_input,
    "rich_text_input": _rich_text_input,
    "file_input": _file_input,
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _date_time,
    "static_select": _menu,
    "external_select": _menu,
    "multi_static_select": _multi_menu,
    "multi_external_select": _multi_menu,
    "users_select": _one("user", _person, "Select a person"),
    "multi_users_select": _many("users", _person, "Select people"),
    "conversations_select": _one("conversation", _conversation, "Select a conversation"),
    "multi_conversations_select": _many("conversations", _conversation, "Select conversations"),
    "channels_select": _one("channel", _channel, "Select a channel"),
    "multi_channels_select": _many("channels", _channel, "Select channels"),
    "radio_buttons": _radio,
    "checkboxes": _checkboxes,
    "workflow_button": _button,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
    "image": lambda field: image(field.element, "thumbnail"),
}
