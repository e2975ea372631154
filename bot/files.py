"""Files that commands write: whole, or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.refusals import CommandRefusedError


class FileUnusableError(CommandRefusedError):
    """It cannot be read or written."""


def write_whole(path: Path, content: bytes) -> None:
    """Raises FileUnusableError."""
    with writing(path) as beside:
        beside.write_bytes(content)


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """A file beside it to write to, which takes its name at the end; of a link where it points. Raises FileUnusableError."""
    beside: Path | None = None
    try:
        if path.exists() and not path.is_file():
            what = "a folder: name a file in it" if path.is_dir() else "no file: name one to write"
            raise FileUnusableError(f"{path} is {what}.")
        place = path.resolve()
        handle, name = tempfile.mkstemp(prefix=f".{place.name[:50]}.", dir=place.parent)
        os.close(handle)
        beside = Path(name)
        yield beside
        beside.replace(place)
    except OSError as problem:
        raise FileUnusableError(why_not_written(path, problem)) from None
    finally:
        if beside is not None:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def why_not_written(path: Path, problem: OSError) -> str:
    folder = path.absolute().parent
    if isinstance(problem, FileNotFoundError) and not folder.is_dir():
        return f"There is no folder {folder} for {path.name}: make it, or name a file elsewhere."
    return f"I cannot write {path} ({problem.strerror}): name a file elsewhere."


def why_not_read(path: Path, problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError):
        return f"There is no file {path}: is its name right?"
    return f"I cannot read {path} ({problem.strerror}): let this user read it."
