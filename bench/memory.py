"""What a process holds in memory."""

import os
from pathlib import Path


def resident_bytes(pid: int | None = None) -> int:
    """Of this process, unless another is named (Linux, proc(5))."""
    status = Path(f"/proc/{pid or os.getpid()}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:", 1)[1].split(None, 1)[0]) * 1024
