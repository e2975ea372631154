"""What a person got to see for what they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.forms import Form

if TYPE_CHECKING:
    from sandbox.records import View
    from sandbox.workspace import Message, Workspace

JSON = dict[str, Any]


@dataclass(eq=False)
class Reply:
    """Grows when the app answers later by response_url."""

    workspace: Workspace
    notices: list[Message] = field(default_factory=list)
    opened: View | None = None

    @property
    def text(self) -> str:
        return self.notices[-1].text if self.notices else ""

    @property
    def blocks(self) -> list[JSON]:
        return self.notices[-1].blocks if self.notices else []

    @property
    def drawn(self) -> str:
        return self.notices[-1].drawn if self.notices else ""

    @property
    def view(self) -> Form | None:
        return Form(self.opened, self.workspace) if self.opened else None

    def shows(self, view: View) -> None:
        self.opened = view
