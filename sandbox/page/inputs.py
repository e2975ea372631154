"""Inputs to type in, dates and times to pick, and choices to tick."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.page.field import Field, chip, option_words
from sandbox.page.markup import Attribute, Html, join, tag

_KEYBOARDS = {"email_text_input": "email", "url_text_input": "url", "number_input": "decimal"}


def _text_input(field: Field) -> Html:
    typed = str(field.now("value") or "")
    if field.element.get("multiline"):
        return _area(field, typed)
    keyboard = _KEYBOARDS.get(field.element["type"])
    return _line(field, "text", typed, inputmode=keyboard, placeholder=field.placeholder, dir="auto")


def _area(field: Field, typed: str) -> Html:
    lines = min(max(4, typed.count("\n") + 1 + len(typed) // 64), 14)
    text: dict[str, Attribute] = {"placeholder": field.placeholder, "rows": lines}
    # The newline is one that browsers drop at the beginning.
    words = f"\n{typed}" if typed.startswith("\n") else typed
    return tag(
        "textarea", words, class_="control", readonly=not field.is_live, dir="auto", **text, **field.entry
    )


def _line(field: Field, kind: str, value: str, **more: str | None) -> Html:
    shown: dict[str, Attribute] = {
        "class_": "control",
        "type": kind,
        "value": value,
        "readonly": not field.is_live,
    }
    return tag("input", **shown, **more, **field.entry)


def _rich_text_input(field: Field) -> Html:
    state = field.frame.state(field.block_id, field.action_id) or {}
    typed = state.get("rich_text_value") or field.element.get("initial_value") or {}
    return _area(field, "\n".join(_words(part) for part in typed.get("elements", ())))


def _words(part: Mapping[str, Any]) -> str:
    return "".join(_words(one) if "elements" in one else str(one.get("text", "")) for one in part["elements"])


def _file_input(field: Field) -> Html:
    state = field.frame.state(field.block_id, field.action_id) or {}
    names = join(chip(str(file.get("name") or file.get("id"))) for file in state.get("files") or [])
    many = int(field.element.get("max_files", 10)) > 1
    kinds = ",".join(f".{kind}" for kind in field.element.get("filetypes") or ())
    chosen: dict[str, Attribute] = {
        "type": "file",
        "multiple": many,
        "accept": kinds or None,
        "disabled": not field.is_live,
    }
    return tag(
        "div", names or None, tag("input", class_="control", **chosen, **field.entry), class_="file-input"
    )


def _date(field: Field) -> Html:
    return _line(field, "date", field.now("date") or "")


def _time(field: Field) -> Html:
    zone = field.element.get("timezone")
    drawn = _line(field, "time", field.now("time") or "")
    return join([drawn, tag("small", str(zone).replace("_", " "))]) if zone else drawn


def _date_time(field: Field) -> Html:
    chosen = field.now("date_time")
    when = f"{field.reader.local(chosen):%Y-%m-%dT%H:%M}" if chosen else ""
    return _line(field, "datetime-local", when)


def _radio(field: Field) -> Html:
    chosen = field.now("option") or {}
    return choices(field, "radio", field.element["options"], {chosen.get("value")})


def _checkboxes(field: Field) -> Html:
    chosen = {option.get("value") for option in field.now("options") or []}
    return choices(field, "checkbox", field.element["options"], chosen)


def choices(field: Field, kind: str, options: Sequence[Any], chosen: set[Any]) -> Html:
    def draw(option: Mapping[str, Any]) -> Html:
        given = {"name": field.name, "value": option.get("value") if field.is_live else None}
        ticked = {"checked": option.get("value") in chosen, "disabled": not field.is_live}
        mark = tag("input", type=kind, **ticked, **given, data_act=field.told_at)
        return tag("label", mark, tag("span", option_words(option, field.reader), dir="auto"))

    role = "radiogroup" if kind == "radio" else "group"
    said = {
        name: words for name, words in field.said.items() if role == "radiogroup" or name != "aria_invalid"
    }
    return tag("div", join(map(draw, options)), class_="choices", role=role, **field.marks, **said)


DRAW: dict[str, Callable[[Field], Html]] = {
    "plain_text_input": _text_input,
    "email_text_input": _text_input,
    "url_text_input": _text_input,
    "number_input": _text_input,
    "rich_text_input": _rich_text_input,
    "file_input": _file_input,
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _date_time,
    "radio_buttons": _radio,
    "checkboxes": _checkboxes,
}
