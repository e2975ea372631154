"""`drumbeat demo`: an example plan on a local Slack with the real bot, in a browser or told in the terminal."""

import asyncio
from pathlib import Path

from demo.scenarios import SCENARIOS
from demo.serving import serve
from demo.show import tell

__all__ = ["SCENARIOS", "play", "tell"]


def play(database: Path, scenario: str, folder: Path, port: int, *, is_told: bool) -> int:
    """Serves a scenario, which `folder` keeps; or, `is_told`, tells the story and leaves its `database`.

    The exit code: 1 when anything is not as it must be, 2 for a scenario that is not there.
    """
    if scenario not in SCENARIOS:
        print(f"There is no scenario {scenario!r}. There are {', '.join(SCENARIOS)}.")  # noqa: T201
        return 2
    if is_told:
        return asyncio.run(tell(database))
    return asyncio.run(serve(SCENARIOS[scenario], folder / scenario, port))
