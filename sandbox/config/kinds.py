"""Kinds of values in the file, each with the rule it is held to, in words."""

from __future__ import annotations

import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator


def is_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is no text; put it into quotes if it is meant as one")  # noqa: TRY004 -- pydantic's
    if not value.strip():
        raise ValueError("says nothing")
    return value.strip()


def is_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone; they look like Europe/London") from None
    return value


def is_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("is no address; it looks like http://127.0.0.1:3000/slack/events")
    return value


def is_some(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if not value:
        raise ValueError("is empty; at least one is needed")
    return value


def like(pattern: re.Pattern[str], rule: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(rule)
        return value

    return AfterValidator(check)


Text = Annotated[str, BeforeValidator(is_text)]
Address = Annotated[Text, AfterValidator(is_address)]


def token(prefix: str) -> AfterValidator:
    return like(re.compile(rf"{prefix}\S+"), f"is no such token; it begins with {prefix}")
