"""What buttons, options and forms carry, read back strictly: it comes through the hands of whoever they were shown to."""

import re
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import NotFound

MOST = 2**63 - 1
"""The largest id there can be (`storage.ids`)."""
Id = Annotated[int, Field(strict=True, gt=0, le=MOST)]
SlackId = Annotated[str, Field(pattern=r"^[A-Z0-9]{0,40}$")]
"""Of a channel, a person or a file; "" where there is none."""
_SLACK_ID = re.compile(r"[A-Z0-9]{1,40}", re.ASCII)
_MOST_DIGITS = len(str(MOST))


def is_slack_id(value: str) -> bool:
    """Whether it has the shape of one: what has not may be anybody's words, and stands in no log."""
    return _SLACK_ID.fullmatch(value) is not None


def is_direct_message(channel_id: str) -> bool:
    return channel_id.startswith("D")


class Reference(BaseModel):
    """What a form or a button carries as JSON."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def read(cls, carried: str) -> Self:
        """Raises NotFound for anything that was not written so."""
        try:
            return cls.model_validate_json(carried)
        except ValidationError:
            raise NotFound from None


class NoteRef(Reference):
    """Which message of a person something was asked about."""

    channel_id: SlackId
    ts: str = Field(pattern=r"^[0-9]{1,20}\.[0-9]{1,10}$")


def read_number(carried: str, most: int) -> int:
    """Raises NotFound for anything but a whole number from 0 on, written as we write it."""
    if not (carried.isascii() and carried.isdigit() and len(carried) <= _MOST_DIGITS):
        raise NotFound
    number = int(carried)
    if number > most:
        raise NotFound
    return number


def read_slack_id(carried: str) -> str:
    """Raises NotFound for anything but an id as Slack writes them."""
    if not _SLACK_ID.fullmatch(carried):
        raise NotFound
    return carried


def read_id(carried: str) -> int:
    """Raises NotFound for anything but an id."""
    number = read_number(carried, MOST)
    if number == 0:
        raise NotFound
    return number


def read_two_ids(carried: str) -> tuple[int, int]:
    """Of "CHECK_IN:INITIATIVE" and its like. Raises NotFound."""
    first, _, second = carried.partition(":")
    return read_id(first), read_id(second)
