"""Text files of tables, as spreadsheets and other tools write them: letters, separator, and what stands above the heading."""

import codecs
import re
from collections.abc import Callable, Sequence
from itertools import islice

SEPARATORS = ",;\t|"
LOOKED_AT = 20
"""Rows in which a heading is looked for: a title, an account and the days of a report may stand above it."""
MAX_CELLS = 100
MAX_LINE = 10_000
"""Columns and characters of a row of a table: what goes on beyond is none."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAID = re.compile(r"\s*\"?sep=(?P<mark>.)\"?\s*", re.IGNORECASE | re.DOTALL)
"""The first line by which Excel is told the separator."""
_COMMENT = re.compile(r"\s*\"?#(?:[\s\-=*]|\"?\s*$)")
"""A line of those with which Google Analytics begins a file."""


class BadFileError(Exception):
    """Nothing of the file can be taken; `problems` are sentences, each naming its line where it has one."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def text_of(content: bytes, *, others: Sequence[str] = ()) -> str:
    """Its letters: UTF-8, UTF-16 with a byte order mark, else in the first of the `others` that fits.

    Raises BadFileError, also for what no database keeps as text.
    """
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", *others)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
            continue
        if "\0" in text:
            at = text.index("\0")
            raise BadFileError(
                [
                    f"Line {_line(text, at)}: it holds zero bytes, which no text does. Save it as “CSV UTF-8” and send that."
                ]
            )
        return text
    if encodings[0] == "utf-16":
        raise BadFileError(
            ["I could not read the letters of this file. Save it as “CSV UTF-8” and send that."]
        )
    line = content.count(b"\n", 0, at) + 1
    raise BadFileError(
        [f"Line {line}: this is not UTF-8, so I cannot be sure of its letters. Save the file as “CSV UTF-8”."]
    )


def has_byte_order_mark(content: bytes) -> bool:
    """Whether it begins with the mark that some programs put before UTF-8."""
    return content.startswith(codecs.BOM_UTF8)


def separator_of(text: str, known: Callable[[str], bool]) -> str:
    """What stands between its cells: as its first line says, else what makes the most `known` headings of a line,
    else what the first lines have most.
    """
    lines = list(islice((line for line in text.splitlines() if line.strip()), LOOKED_AT))
    if lines and (said := _SAID.fullmatch(lines[0])):
        return said["mark"]
    told = [line[:MAX_LINE] for line in lines if not _COMMENT.match(line)]

    def headings(mark: str) -> tuple[int, int]:
        rows = (line.split(mark, MAX_CELLS)[:MAX_CELLS] for line in told)
        found = (sum(known(cell.strip('" ')) for cell in row) for row in rows)
        return max(found, default=0), sum(line.count(mark) for line in told)

    return max(SEPARATORS, key=headings)


def without_preamble(text: str) -> str:
    """The text with its lines as they are numbered: those are blank that say its separator, or are comments above the rest."""
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        bare = line.rstrip("\r\n")
        if bare.strip() and not _SAID.fullmatch(bare) and not _COMMENT.match(bare):
            break
        lines[at] = line[len(bare) :]
    return "".join(lines)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
