"""Mistakes in the file, as somebody who wrote it would say them: where it is, what is there, and why not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails


class MistakesError(Exception):
    """`sentences` name what is wrong, each by where it stands and what is there."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def sentence(file: str, problem: ErrorDetails) -> str:
    """One mistake as pydantic found it, as somebody who wrote the file would say it."""
    at = _path(problem["loc"])
    match problem["type"]:
        case "missing":
            return f"{file}: {at} is missing."
        case "extra_forbidden":
            why = "is nothing that can be said here"
        case "value_error":
            why = str(problem["ctx"]["error"])
        case "literal_error":
            why = f"is none of {problem['ctx']['expected']}"
        case "bool_parsing" | "bool_type":
            why = "is neither true nor false"
        case "greater_than_equal" | "less_than_equal" | "int_parsing" | "int_type" | "int_from_float":
            why = "is no port; they go from 0, which takes a free one, to 65535"
        case "timezone_aware" | "datetime_from_date_parsing" | "datetime_type" | "datetime_parsing":
            why = "is no moment with its zone; they look like 2026-11-23T09:00:00+00:00"
        case "model_type" | "dict_type" | "model_attributes_type":
            why = "stands where names and values are expected"
        case "tuple_type":
            why = "stands where a list is expected"
        case _:
            why = f"is not right: {problem['msg'][0].lower()}{problem['msg'][1:]}"
    hidden = any(str(part).endswith(("token", "tokens", "secret")) for part in problem["loc"])
    return f"{file}: {at}: {begun(problem['input']) if hidden else value_in_short(problem['input'])} {why}."


def _path(where: Iterable[str | int]) -> str:
    path = ""
    for part in where:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path or "the file"


def begun(value: Any) -> str:
    """Enough of a secret to know it by."""
    return value_in_short(value if len(str(value)) < 9 else f"{str(value)[:8]}…")


def value_in_short(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:79]}…"
