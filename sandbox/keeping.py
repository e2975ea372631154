"""All workspaces in a file, to be gone on with another day: people, conversations, forms, files, apps and the time."""

from __future__ import annotations

import io
import pickle
from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sandbox.shared import Shared
    from sandbox.workspace import Workspace

_HEAD = b"local slack, kept, 3\n"
_NOT_KEPT = ("now_us", "first_number")


class OutdatedError(ValueError):
    """The file was written by a version that kept other things."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was kept by another version of the local Slack and cannot be gone on with.")


class _Pickler(pickle.Pickler):
    """What refers to a workspace refers, when read, to that of the same place among those of who reads."""

    def __init__(self, file: io.BytesIO, workspaces: Sequence[Workspace]) -> None:
        super().__init__(file)
        self._places = {id(one): place for place, one in enumerate(workspaces)}

    def persistent_id(self, obj: Any) -> int | None:
        return self._places.get(id(obj))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, workspace_at: Callable[[int], Workspace]) -> None:
        super().__init__(file)
        self._workspace_at = workspace_at

    def persistent_load(self, pid: Any) -> Workspace:
        return self._workspace_at(pid)


def keep(shared: Shared, workspaces: Sequence[Workspace], path: Path) -> None:
    """Writes the file whole or not at all."""
    held = [
        {one.name: getattr(each, one.name) for one in fields(each) if one.name not in _NOT_KEPT}
        for each in workspaces
    ]
    file = io.BytesIO()
    file.write(_HEAD)
    _Pickler(file, workspaces).dump((shared.clock.now, held, shared.registrations))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(file.getvalue())
    fresh.replace(path)


def take_up(shared: Shared, workspace_at: Callable[[int], Workspace], path: Path) -> None:
    """Reads what `keep` wrote, which is trusted like any program, into workspaces that have seen nothing yet.

    Raises OutdatedError.
    """
    file = io.BytesIO(path.read_bytes())
    if file.readline() != _HEAD:
        raise OutdatedError(path)
    now, held, registrations = _Unpickler(file, workspace_at).load()
    shared.clock.start_at(now)
    shared.registrations |= registrations
    for place, facts in enumerate(held):
        workspace = workspace_at(place)
        for name, value in facts.items():
            setattr(workspace, name, value)
        shared.tokens.take_up(workspace.apps.values())
