"""Tells whoever watches that something may look different now."""

from __future__ import annotations

import asyncio


class Changes:
    """`count` grows with every change."""

    def __init__(self) -> None:
        self.count = 0
        self.is_over = False
        self._next = asyncio.Event()

    def happened(self) -> None:
        self.count += 1
        event, self._next = self._next, asyncio.Event()
        event.set()

    def end(self) -> None:
        """Nobody needs to wait any longer."""
        self.is_over = True
        self.happened()

    async def after(self, count: int) -> int:
        """Waits until there are others than `count`; how many there are then."""
        while self.count == count:
            await self._next.wait()
        return self.count
