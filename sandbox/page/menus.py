"""Menus: options of the app's own, and the people and conversations of the workspace."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.page.field import Field, box, chip, option_words
from sandbox.page.markup import Html, join, tag
from sandbox.page.reader import Reader
from sandbox.page.text import text_object


def _menu(field: Field) -> Html:
    chosen = field.now("option")
    options = _options(field.element)
    words = text_object(chosen["text"], field.reader) if chosen else None
    return _opening(field, words, options)


def _multi_menu(field: Field) -> Html:
    chosen = join(chip(text_object(option["text"], field.reader)) for option in field.now("options") or [])
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
    return tag("ul", join(tag("li", option_words(option, reader), dir="auto") for option in options))


def _overflow(field: Field) -> Html:
    summary = tag("summary", "⋯", class_="button more", aria_label="More actions")
    options = _option_list(field.element["options"], field.reader)
    return tag("details", summary, options, class_="menu overflow", **field.marks)


def _one(what: str, shown: Callable[[str, Reader], str], prompt: str) -> Callable[[Field], Html]:
    def draw(field: Field) -> Html:
        chosen = field.now(what)
        return box(field, "control pick", shown(chosen, field.reader) if chosen else None, prompt)

    return draw


def _many(what: str, shown: Callable[[str, Reader], str], prompt: str) -> Callable[[Field], Html]:
    def draw(field: Field) -> Html:
        chips = join(chip(shown(chosen, field.reader)) for chosen in field.now(what) or [])
        return box(field, "control pick", chips or None, prompt)

    return draw


def _person(person: str, reader: Reader) -> str:
    return reader.face(person).name


def _channel(channel: str, reader: Reader) -> str:
    return f"#{reader.channel(channel)}"


def _conversation(conversation: str, reader: Reader) -> str:
    return _person(conversation, reader) if conversation in reader.people else _channel(conversation, reader)


DRAW: dict[str, Callable[[Field], Html]] = {
    "overflow": _overflow,
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
}
