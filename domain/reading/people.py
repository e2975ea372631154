"""Who is meant by a name in a plan: "@maya", "Maya", "Maya Okafor" or "maya.okafor"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.reading.names import fold

_JOINTS = re.compile(r"[._]")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a channel who can take part; `names` are all that Slack calls them by."""

    person_id: str
    names: tuple[str, ...]


def find_members(words: str, members: Sequence[Member]) -> tuple[str, ...]:
    """The ids of those who are called so: by a whole name, else by its first word. Guesses nothing."""
    wanted = _plain(words)
    if not wanted:
        return ()
    whole = tuple(one.person_id for one in members if wanted in map(_plain, one.names))
    return whole or tuple(
        one.person_id for one in members if any(_plain(name).split(" ")[0] == wanted for name in one.names)
    )


def _plain(name: str) -> str:
    return " ".join(_JOINTS.sub(" ", fold(name.strip().lstrip("@"))).split())
