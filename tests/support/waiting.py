"""Waiting for what nothing tells of, however long it takes on a busy machine."""

import asyncio
from collections.abc import Callable

LONG = 300.0
"""Seconds after which it will not come any more: a guard against hanging, not a bar for how fast a machine is."""


async def until(condition: Callable[[], object], what: str) -> None:
    """Look again and again until it holds; fails saying what was waited for."""
    try:
        async with asyncio.timeout(LONG):
            while not condition():  # noqa: ASYNC110 - nothing tells of what is waited for
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"Waited {LONG:g} s for {what}.") from None
