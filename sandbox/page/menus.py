"""Menus: options of the app's own, and the people and conversations of the workspace."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sandbox import forms
from sandbox.page.field import Field, chip, option_words
from sandbox.page.inputs import choices
from sandbox.page.markup import Html, join, tag
from sandbox.page.text import plain_words

Option = Mapping[str, Any]
Offer = Callable[[Field], Iterable[tuple[str, str]]]


def _menu(field: Field) -> Html:
    """A list to pick one from, in its groups."""
    chosen = (field.now("option") or {}).get("value")
    groups = field.element.get("option_groups")
    if not groups:
        return _select(field, _options(field.element.get("options", []), chosen), chosen)
    drawn = (
        tag("optgroup", _options(group["options"], chosen), label=plain_words(group["label"]))
        for group in groups
    )
    return _select(field, join(drawn), chosen)


def _options(options: Iterable[Option], chosen: str | None) -> Html:
    return join(
        tag("option", plain_words(one["text"]), value=one["value"], selected=one["value"] == chosen)
        for one in options
    )


def _select(field: Field, options: Html, chosen: str | None, prompt: str = "Select an option") -> Html:
    empty = tag("option", field.placeholder or prompt, value="", selected=not chosen)
    return tag("select", empty, options, class_="control", disabled=not field.is_live, **field.entry)


def _multi_menu(field: Field) -> Html:
    return _several(field, forms.options(field.element), field.now("options") or [])


def _several(field: Field, options: Sequence[Option], chosen: Sequence[Option]) -> Html:
    """What is chosen, which opens to what can be."""
    chips = join(chip(option_words(one, field.reader)) for one in chosen)
    shown = chips or tag("span", field.placeholder or "Select options", class_="placeholder")
    summary = tag(
        "summary", tag("span", shown, class_="chosen", dir="auto"), class_="control pick", **field.said
    )
    boxes = choices(field, "checkbox", options, {one["value"] for one in chosen})
    return tag("details", summary, boxes, class_="menu", **field.marks)


def _overflow(field: Field) -> Html:
    def draw(option: Option) -> Html:
        words = option_words(option, field.reader)
        if option.get("url"):
            return tag("li", tag("a", words, href=option["url"], target="_blank", rel="noreferrer noopener"))
        to = field.frame.act(field.block_id, field.action_id, option=str(option.get("value", "")))
        return tag("li", tag("button", words, type="submit" if to else "button", formaction=to))

    summary = tag("summary", "⋯", class_="button more", aria_label="More actions")
    options = tag("ul", join(map(draw, field.element["options"])))
    return tag("details", summary, options, class_="menu overflow", **field.marks)


def _external(field: Field) -> Html:
    """Typed; what the app offers for it comes while typing."""
    chosen = field.now("option")
    offers = field.frame.mark("menu", f"{field.block_id}-{field.action_id}")
    words = plain_words(chosen["text"]) if chosen else ""
    asks = (field.frame.act(field.block_id, field.action_id) or "").replace("/act/", "/offers/", 1)
    typed = tag(
        "input",
        class_="control",
        type="text",
        value=words,
        list=offers,
        placeholder=field.placeholder or "Type to search",
        readonly=not field.is_live,
        data_asks=asks or None,
        **field.entry,
    )
    return join([typed, tag("datalist", id=offers)])


def _multi_external(field: Field) -> Html:
    return _several(field, field.now("options") or [], field.now("options") or [])


def _one(what: str, offers: Offer, prompt: str) -> Callable[[Field], Html]:
    def draw(field: Field) -> Html:
        chosen = field.now(what)
        options = (
            tag("option", words, value=value, selected=value == chosen) for value, words in offers(field)
        )
        return _select(field, join(options), chosen, prompt)

    return draw


def _many(what: str, offers: Offer) -> Callable[[Field], Html]:
    def draw(field: Field) -> Html:
        chosen = field.now(what) or []
        options: list[Option] = [
            {"text": {"type": "plain_text", "text": words}, "value": value} for value, words in offers(field)
        ]
        return _several(field, options, [one for one in options if one["value"] in chosen])

    return draw


def _people(field: Field) -> Iterable[tuple[str, str]]:
    people = field.reader.people.items()
    return ((one, face.name) for one, face in people if not face.app and one != "USLACKBOT")


def _channels(field: Field) -> Iterable[tuple[str, str]]:
    return ((one, f"#{name}") for one, name in field.reader.channels.items())


def _conversations(field: Field) -> Iterable[tuple[str, str]]:
    """Those of the kinds that its filter includes; a direct message goes by the person's name."""
    kinds = field.element.get("filter")
    included = kinds.get("include") if isinstance(kinds, dict) else None
    if not isinstance(included, list):
        included = ["public", "private", "im"]
    channels = _channels(field) if "public" in included or "private" in included else ()
    return [*channels, *(_people(field) if "im" in included else ())]


DRAW: dict[str, Callable[[Field], Html]] = {
    "overflow": _overflow,
    "static_select": _menu,
    "external_select": _external,
    "multi_static_select": _multi_menu,
    "multi_external_select": _multi_external,
    "users_select": _one("user", _people, "Select a person"),
    "multi_users_select": _many("users", _people),
    "conversations_select": _one("conversation", _conversations, "Select a conversation"),
    "multi_conversations_select": _many("conversations", _conversations),
    "channels_select": _one("channel", _channels, "Select a channel"),
    "multi_channels_select": _many("channels", _channels),
}
