"""What came of each kind of fault, in docs/faults.md."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.kinds import ROWS

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
RESULTS = "DRUMBEAT_FAULTS_RESULTS"
"""The setting that names the file in which tests leave what came of them."""
_HEAD = """| What goes wrong | Database | Times | Struck | Lost | Doubled | Flagged | Longest recovery |
|---|---|--:|--:|--:|--:|--:|--:|
"""
_ROW = re.compile(
    r"^\| (.+?) \| (\w+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d.]+) s \|$",
    re.MULTILINE,
)
_TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """`struck` are calls, connections, events and processes; `seconds` the longest until all was well again."""

    what: str
    database: str
    times: int
    struck: int
    lost: int
    doubled: int
    flagged: int
    seconds: float

    def __add__(self, other: "Outcome") -> "Outcome":
        numbers = ("times", "struck", "lost", "doubled", "flagged")
        sums = {name: getattr(self, name) + getattr(other, name) for name in numbers}
        return Outcome(self.what, self.database, **sums, seconds=max(self.seconds, other.seconds))


Outcomes = Mapping[tuple[str, str], Outcome]


def keep(outcome: Outcome) -> None:
    """For the table, where one is to be written."""
    if path := os.environ.get(RESULTS):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")


def read_results(path: Path) -> Outcomes:
    found: dict[tuple[str, str], Outcome] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        one = Outcome(**json.loads(line))
        key = (one.what, one.database)
        found[key] = found[key] + one if key in found else one
    return found


def read_page(text: str) -> Outcomes:
    rows = []
    for what, database, *told in _ROW.findall(text):
        times, struck, lost, doubled, flagged = (int(number.replace(",", "")) for number in told[:-1])
        rows.append(Outcome(what, database, times, struck, lost, doubled, flagged, float(told[-1])))
    return {(one.what, one.database): one for one in rows}


def write_page(text: str, outcomes: Iterable[Outcome]) -> str:
    """With these in place of those of the same fault and database; the others stay."""
    known = dict(read_page(text)) | {(one.what, one.database): one for one in outcomes}
    table = _HEAD + "".join(_line(known[row]) for row in ROWS if row in known)
    return _TABLE.sub(lambda _: table, text, count=1)


def _line(one: Outcome) -> str:
    numbers = (one.times, one.struck, one.lost, one.doubled, one.flagged)
    shown = " | ".join(f"{number:,}" for number in numbers)
    return f"| {one.what} | {one.database} | {shown} | {one.seconds:.1f} s |\n"
