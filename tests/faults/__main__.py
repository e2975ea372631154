"""`make faults`: what can go wrong, many times over, and what came of it into docs/faults.md."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.kinds import KINDS
from tests.faults.table import PAGE, RESULTS, read_results, write_page


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    asked.add_argument("--share", type=int, default=100, help="of a hundred, how much of it (default: all)")
    asked.add_argument("--processes", type=int, default=2, help="how many tests at a time (default: 2)")
    asked.add_argument(
        "kinds",
        nargs="*",
        metavar="KIND",
        help=f"only these: {', '.join(kind.name for kind in KINDS)}, restore",
    )
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        results.touch()
        only = ["-k", " or ".join(told.kinds)] if told.kinds else []
        ended = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-n",
                str(told.processes),
                "--timeout",
                "7200",
                "tests/faults",
                *only,
            ],
            env={**os.environ, "DRUMBEAT_FAULTS": str(told.share), RESULTS: str(results)},
            check=False,
        )
        outcomes = read_results(results).values()
    PAGE.write_text(write_page(PAGE.read_text(encoding="utf-8"), outcomes), encoding="utf-8")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
