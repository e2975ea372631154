"""What a submitted form holds, field by field: `state` maps a block_id to its input's state as Slack sends it."""

from collections.abc import Callable, Container, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar

from domain.errors import FieldErrors, NotFound
from domain.reading.legible import is_blank
from domain.words import show_number
from views.slack.blocks import MAX_INPUT
from views.slack.references import read_slack_id

State = Mapping[str, Mapping[str, Any]]
T = TypeVar("T")
U = TypeVar("U")
MAX_NUMBER = 40
"""Characters of a number, with its sign, its unit and whatever stands between its digits."""
MAX_UNIT = 20


def filled_in(value: Decimal | None) -> str:
    """What a field for a number comes filled in with."""
    return "" if value is None else show_number(value)


def text_of(state: State, field: str) -> str:
    """What was typed; "" where there is nothing in it to be seen."""
    typed = (state.get(field, {}).get("value") or "").strip()
    return "" if is_blank(typed) else typed


def choice_of(state: State, field: str) -> str | None:
    """Whatever it is: `FormReader.choice` takes only what was offered."""
    return (state.get(field, {}).get("selected_option") or {}).get("value")


def person_of(state: State, field: str) -> str | None:
    return _person(state.get(field, {}).get("selected_user"))


def channel_of(state: State, field: str) -> str:
    """The one chosen, or ""."""
    chosen = state.get(field, {}).get("selected_conversation")
    return read_slack_id(chosen) if chosen else ""


def people_of(state: State, field: str) -> tuple[str, ...]:
    chosen = map(_person, state.get(field, {}).get("selected_users") or ())
    return tuple(person_id for person_id in chosen if person_id is not None)


def _person(chosen: str | None) -> str | None:
    return read_slack_id(chosen) if chosen else None


def day_of(state: State, field: str) -> date | None:
    return _parsed(date.fromisoformat, state.get(field, {}).get("selected_date"))


def time_of(state: State, field: str) -> time | None:
    return _parsed(time.fromisoformat, state.get(field, {}).get("selected_time"))


def _parsed(parse: Callable[[str], T], chosen: str | None) -> T | None:
    """Raises NotFound for what no picker gives."""
    try:
        return parse(chosen) if chosen else None
    except ValueError:
        raise NotFound from None


def read_both(first: Callable[[], T], second: Callable[[], U]) -> tuple[T, U]:
    """Two parts of one form; raises FieldErrors with the problems of both."""
    problems: dict[str, str] = {}
    read: list[Any] = []
    for part in (first, second):
        try:
            read.append(part())
        except FieldErrors as found:
            problems |= found.errors
    if problems:
        raise FieldErrors(problems)
    return read[0], read[1]


_INITIAL = {
    "plain_text_input": ("initial_value", "value"),
    "multi_users_select": ("initial_users", "selected_users"),
    "conversations_select": ("initial_conversation", "selected_conversation"),
    "timepicker": ("initial_time", "selected_time"),
    "static_select": ("initial_option", "selected_option"),
    "radio_buttons": ("initial_option", "selected_option"),
    "checkboxes": ("initial_options", "selected_options"),
    "users_select": ("initial_user", "selected_user"),
    "datepicker": ("initial_date", "selected_date"),
}


def as_filled_in(view: Mapping[str, Any]) -> State:
    """What a form would send if it were submitted as it was opened."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {
        block["block_id"]: {_INITIAL[element["type"]][1]: element.get(_INITIAL[element["type"]][0])}
        for block in inputs
        for element in [block["element"]]
    }


def with_absent(view: Mapping[str, Any], state: State) -> State:
    """What a form says, where Slack leaves a field or its value out: that one is as it was opened. An emptied one is null."""
    shown = [
        block
        for block in view.get("blocks", ())
        if block["type"] == "input"
        and block["element"]["type"] in _INITIAL
        and _INITIAL[block["element"]["type"]][1] not in state.get(block["block_id"], {})
    ]
    return {**state, **as_filled_in({"blocks": shown})}


def untouched(view: Mapping[str, Any], state: State) -> frozenset[str]:
    """The fields that stand as `view` was opened with, whatever was recorded since."""
    opened = _opened(view)
    return frozenset(field for field, said in opened.items() if _meant(state.get(field, {})) == _meant(said))


def on_what_stands(opened: Mapping[str, Any], state: State, fresh: Mapping[str, Any]) -> State:
    """What was filled in; in fields left as `opened` had them, what the form would be opened with now, where that is anything."""
    stands = _opened(fresh)
    kept = (field for field in untouched(opened, state) if _meant(stands.get(field, {})))
    return {**state, **{field: stands[field] for field in kept}}


def _opened(view: Mapping[str, Any]) -> State:
    inputs = (block for block in view.get("blocks", ()) if block["type"] == "input")
    return as_filled_in({"blocks": [block for block in inputs if block["element"]["type"] in _INITIAL]})


def _meant(said: Mapping[str, Any]) -> object:
    """What a field says, without how Slack writes it; "" where it says nothing."""
    value = next((part for key, part in said.items() if key != "type"), None)
    if isinstance(value, str):
        return "" if is_blank(value) else value.strip()
    if isinstance(value, Mapping):
        return value.get("value", "")
    if isinstance(value, (list, tuple)):
        return sorted(one["value"] if isinstance(one, Mapping) else one for one in value) or ""
    return ""


class FormReader:
    """Reads a form to its end, keeping the first problem of each field."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.problems: dict[str, str] = {}

    def refuse(self, field: str, sentence: str) -> None:
        self.problems.setdefault(field, sentence)

    def words(self, field: str, limit: int = MAX_INPUT, *, missing: str | None = None) -> str:
        """What was typed, as far as there is room for it; `missing` is what an empty field is told, None where it may stay empty."""
        typed = text_of(self.state, field)
        if not typed and missing is not None:
            self.refuse(field, missing)
        if len(typed) > limit:
            self.refuse(
                field, f"That is {len(typed):,} characters, and I can keep {limit:,}. Please shorten it."
            )
        return typed[:limit]

    def choice(self, field: str, offered: Container[str], missing: str | None = None) -> str | None:
        """The one chosen among those offered; `missing` is what none is told, None where it may stay empty."""
        chosen = choice_of(self.state, field)
        if chosen is None and missing is not None:
            self.refuse(field, missing)
        if chosen is not None and chosen not in offered:
            self.refuse(field, missing or "This is not among the choices. Please choose again.")
            return None
        return chosen

    def choices(self, field: str, offered: Container[str]) -> tuple[str, ...]:
        """Those chosen; others than were offered are refused."""
        chosen = [option["value"] for option in self.state.get(field, {}).get("selected_options") or ()]
        if any(one not in offered for one in chosen):
            self.refuse(field, "This is not among the choices. Please choose again.")
        return tuple(one for one in chosen if one in offered)

    def refuse_others(self, prefix: str, known: Container[str]) -> None:
        """Fields of things that were there when the form was opened and are not any more: what was typed is not lost."""
        for field in self.state:
            if field.startswith(prefix) and field not in known:
                self.refuse(field, "This has been removed. Close the form and open it again.")

    def attempt(self, field: str, read: Callable[[], T], otherwise: T) -> T:
        """What `read` gives; the sentence of its ValueError becomes the field's problem."""
        try:
            return read()
        except ValueError as problem:
            self.refuse(field, str(problem))
            return otherwise

    def finish(self) -> None:
        """Raises FieldErrors when there was any problem."""
        if self.problems:
            raise FieldErrors(self.problems)
