"""A workspace in a file, to be gone on with another day: people, conversations, forms, files, apps and the time."""

from __future__ import annotations

import io
import pickle
from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.core import Core
    from sandbox.workspace import Workspace

_WORKSPACE = "the workspace"
_NOT_KEPT = "now_us"


class _Pickler(pickle.Pickler):
    """What refers to the workspace refers, when read, to the one that reads."""

    def __init__(self, file: io.BytesIO, workspace: Workspace) -> None:
        super().__init__(file)
        self._workspace = workspace

    def persistent_id(self, obj: Any) -> str | None:
        return _WORKSPACE if obj is self._workspace else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, workspace: Workspace) -> None:
        super().__init__(file)
        self._workspace = workspace

    def persistent_load(self, pid: Any) -> Workspace:
        assert pid == _WORKSPACE
        return self._workspace


def keep(slack: Core, path: Path) -> None:
    """Writes the file whole or not at all."""
    workspace = slack.workspace
    held = {one.name: getattr(workspace, one.name) for one in fields(workspace) if one.name != _NOT_KEPT}
    file = io.BytesIO()
    _Pickler(file, workspace).dump((slack.clock.now, held))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(file.getvalue())
    fresh.replace(path)


def take_up(slack: Core, path: Path) -> None:
    """Reads what `keep` wrote, which is trusted like any program, into a workspace that has seen nothing yet."""
    now, held = _Unpickler(io.BytesIO(path.read_bytes()), slack.workspace).load()
    slack.clock.start_at(now)
    for name, value in held.items():
        setattr(slack.workspace, name, value)
    for app in slack.workspace.apps.values():
        slack.apps_by_token |= {app.bot_token: app, app.app_token: app}
