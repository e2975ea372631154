"""What takes long says so on a terminal, and nowhere else."""

import io

import pytest
from rich.console import Console

from bot import progress


@pytest.mark.parametrize("is_terminal", [True, False])
def test_work_is_shown_on_a_terminal_only(is_terminal: bool) -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=is_terminal, width=80)
    with progress.working("Restoring [bold]…", console):
        pass
    with progress.advancing("Backing up", console) as advance:
        advance(3, 4)
        advance(4, 4)

    assert ("Restoring [bold]…" in shown.getvalue()) is is_terminal
    assert ("Backing up" in shown.getvalue()) is is_terminal
    assert ("100%" in shown.getvalue()) is is_terminal
