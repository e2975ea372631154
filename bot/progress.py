"""What takes long says on a terminal that it is at work, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.text import Text

Advance = Callable[[int, int], None]
"""Takes how much is done, and how much there is."""


@contextmanager
def working(what: str, console: Console | None = None) -> Iterator[None]:
    """While inside."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(Text(what)):
        yield


@contextmanager
def advancing(what: str, console: Console | None = None) -> Iterator[Advance]:
    """With a bar, for what knows how far it is."""
    console = console or Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)

        def advance(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        yield advance
