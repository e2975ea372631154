"""What a submitted form holds, field by field: `state` maps a block_id to its input's state as Slack sends it."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, TypeVar

from domain.errors import FieldErrors
from domain.legible import is_blank
from views.blocks import MAX_INPUT

State = Mapping[str, Mapping[str, Any]]
T = TypeVar("T")
U = TypeVar("U")


def text_of(state: State, field: str) -> str:
    """What was typed; "" where there is nothing in it to be seen."""
    typed = (state.get(field, {}).get("value") or "").strip()
    return "" if is_blank(typed) else typed


def choice_of(state: State, field: str) -> str | None:
    return (state.get(field, {}).get("selected_option") or {}).get("value")


def choices_of(state: State, field: str) -> tuple[str, ...]:
    return tuple(option["value"] for option in state.get(field, {}).get("selected_options") or ())


def person_of(state: State, field: str) -> str | None:
    return state.get(field, {}).get("selected_user")


def people_of(state: State, field: str) -> tuple[str, ...]:
    return tuple(state.get(field, {}).get("selected_users") or ())


def day_of(state: State, field: str) -> date | None:
    chosen = state.get(field, {}).get("selected_date")
    return date.fromisoformat(chosen) if chosen else None


def time_of(state: State, field: str) -> time | None:
    chosen = state.get(field, {}).get("selected_time")
    return time.fromisoformat(chosen) if chosen else None


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


class Reading:
    """Reads a form to its end, keeping the first problem of each field."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.problems: dict[str, str] = {}

    def refuse(self, field: str, sentence: str) -> None:
        self.problems.setdefault(field, sentence)

    def words(self, field: str, limit: int = MAX_INPUT, *, missing: str | None = None) -> str:
        """What was typed; `missing` is what an empty field is told, None where it may stay empty."""
        typed = text_of(self.state, field)
        if not typed and missing is not None:
            self.refuse(field, missing)
        if len(typed) > limit:
            self.refuse(
                field, f"That is {len(typed):,} characters, and I can keep {limit:,}. Please shorten it."
            )
        return typed

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
