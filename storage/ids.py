"""Ids that grow with time."""

import os
import threading
import time

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A positive 63-bit id: 41 bits of milliseconds since 2020, then 22 random or counted up.

    Ids of one process always grow; between processes they are in order to the millisecond. Time is read here
    only to sort by, never to decide anything.
    """
    global _last  # noqa: PLW0603 - one sequence a process is the point
    millis = time.time_ns() // 1_000_000 - 1_577_836_800_000
    with _lock:
        _last = max(_last + 1, millis << 22 | int.from_bytes(os.urandom(2)))
        return _last
