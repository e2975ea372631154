"""What a log may hold of a fault: of what kind it is and where it happened. Its text may hold what people wrote."""

import traceback
from typing import TypedDict

_MOST_PLACES = 4


class KindAndPlace(TypedDict):
    """`at` are the last lines of ours that it passed, the innermost last."""

    kind: str
    at: list[str]


def kind_and_place(fault: BaseException) -> KindAndPlace:
    return {"kind": kind_of(fault), "at": places_of(fault)}


def kind_of(fault: BaseException) -> str:
    """The class of what was raised; where it wraps what a database driver raised, that one's too."""
    kinds = [fault, *filter(None, [getattr(fault, "orig", None)])]
    return ", ".join(type(one).__name__ for one in kinds)


def places_of(fault: BaseException) -> list[str]:
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    return [f"{frame.filename}:{frame.lineno}" for frame in ours][-_MOST_PLACES:]
