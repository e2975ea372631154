"""Inputs to type in, dates and times to pick, and choices to tick."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from sandbox.page.dates import clock, short_date
from sandbox.page.field import Field, box, chip, option_words
from sandbox.page.markup import Html, join, tag
from sandbox.page.rich_text import rich_text


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
    return box(field, "control area", rich_text(typed, field.reader) if typed else None)


def _file_input(field: Field) -> Html:
    state = field.frame.state(field.block_id, field.element.get("action_id", "")) or {}
    names = join(chip(str(file.get("name") or file.get("id"))) for file in state.get("files") or [])
    return tag("div", names or "Choose a file", class_="control", **field.marks)


def _date(field: Field) -> Html:
    chosen = field.now("date")
    words = short_date(date.fromisoformat(chosen), field.reader) if chosen else None
    return box(field, "control pick calendar", words, "Pick a date")


def _time(field: Field) -> Html:
    chosen = field.now("time")
    words = None
    if chosen:
        words = clock(datetime.combine(field.reader.here.date(), time.fromisoformat(chosen)), field.reader)
        zone = field.element.get("timezone")
        words = f"{words} ({zone})" if zone else words
    return box(field, "control pick watch", words, "Pick a time")


def _date_time(field: Field) -> Html:
    chosen = field.now("date_time")
    words = None
    if chosen:
        when = field.reader.local(chosen)
        words = f"{short_date(when.date(), field.reader)} at {clock(when, field.reader)}"
    return box(field, "control pick calendar", words, "Pick a date and time")


def _radio(field: Field) -> Html:
    chosen = field.now("option") or {}
    return _choices(field, "radio", {chosen.get("value")})


def _checkboxes(field: Field) -> Html:
    return _choices(field, "checkbox", {option.get("value") for option in field.now("options") or []})


def _choices(field: Field, kind: str, chosen: set[Any]) -> Html:
    def draw(option: Mapping[str, Any]) -> Html:
        mark = tag("input", type=kind, checked=option.get("value") in chosen, disabled=True)
        return tag("label", mark, tag("span", option_words(option, field.reader), dir="auto"))

    return tag("div", join(map(draw, field.element["options"])), class_="choices", **field.marks)


DRAW: dict[str, Callable[[Field], Html]] = {
    "plain_text_input": _text_input,
    "email_text_input": _text_input,
    "url_text_input": _text_input,
    "number_input": _number_input,
    "rich_text_input": _rich_text_input,
    "file_input": _file_input,
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _date_time,
    "radio_buttons": _radio,
    "checkboxes": _checkboxes,
}
