"""Someone at their Slack, as far as what they set off needs to know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.forms import Form

if TYPE_CHECKING:
    from sandbox.apps import App
    from sandbox.core import Core
    from sandbox.records import User
    from sandbox.workspace import Conversation, Workspace


class Actor:
    def __init__(self, slack: Core, account: User) -> None:
        self.slack = slack
        self.account = account

    @property
    def id(self) -> str:
        return self.account.id

    @property
    def name(self) -> str:
        return self.account.real_name

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace

    @property
    def form(self) -> Form | None:
        """The modal on top, if any."""
        stack = self.workspace.stacks.get(self.id)
        return Form(stack[-1], self.workspace) if stack else None

    def dm_with(self, other: App | Actor) -> Conversation:
        return self.workspace.im(other.id if isinstance(other, Actor) else other.bot_user_id, self.id)
