"""A person at their Slack: types, clicks, fills in forms, reads."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from sandbox import acting, canvases, files, forms, oauth, screen, suggestions
from sandbox.actor import Actor
from sandbox.reply import Reply
from sandbox.text import typed_message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sandbox.apps import App
    from sandbox.core import Core
    from sandbox.delivery.events import Sent
    from sandbox.forms import Form
    from sandbox.records import User, View
    from sandbox.screen import Place, Surface
    from sandbox.workspace import Conversation, Message

JSON = dict[str, Any]


class Person(Actor):
    """The verbs of one account. Each returns when the person would see the result."""

    def __init__(self, slack: Core, account: User) -> None:
        super().__init__(slack, account)
        self._at_home = False

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"

    @property
    def dm(self) -> Conversation:
        """The direct message with the app (the one installed first)."""
        return self.dm_with(self.slack.app)

    @property
    def notices(self) -> list[Message]:
        """What only this person saw, newest last."""
        return [m for m in self.workspace.ephemerals if m.ephemeral_to == self.id]

    @property
    def home(self) -> View | None:
        """The app's Home tab as last published to this person."""
        return self.workspace.homes.get((self.id, self.slack.app.app_id))

    async def command(self, name: str, text: str = "", channel: Conversation | None = None) -> Reply:
        """Runs a slash command in a conversation, by default the DM with the app."""
        self._at_home = False
        return await acting.run_command(self, name, text, channel or self.dm)

    async def shortcut(self, name: str, message: Message | None = None) -> Reply:
        """A global shortcut by its name, or a message's from its menu. Raises LookupError."""
        return await acting.use_shortcut(self, name, message)

    async def says(
        self, text: str, to: Conversation | Person | None = None, thread: Message | None = None
    ) -> Message:
        """Writes a message, by default to the app. Raises PermissionError where Slack wouldn't let them."""
        conversation = self._where(to, thread)
        written, block = typed_message(text, self.workspace)
        raw = self._written(conversation, thread)
        raw |= {"text": written, "blocks": [block]}
        return await self._post(conversation, raw)

    async def uploads(
        self,
        name: str,
        content: bytes,
        text: str = "",
        *,
        to: Conversation | None = None,
        thread: Message | None = None,
    ) -> Message:
        """Sends a file with some words."""
        conversation = self._where(to, thread)
        stored = files.store(self.slack, name, content, self.id)
        raw = self._written(conversation, thread)
        written, block = typed_message(text, self.workspace)
        raw |= {"subtype": "file_share", "text": written, "blocks": [block] if text else [], "upload": False}
        raw |= {"files": [files.shape_of(self.slack, stored)], "display_as_bot": False}
        return await self._post(conversation, raw)

    async def edits(self, message: Message, text: str) -> Message:
        self._require_own(message)
        before = dict(message.raw)
        written, block = typed_message(text, self.workspace)
        edited = {"user": self.id, "ts": f"{self.workspace.now()}.000000"}
        message.raw.update(text=written, blocks=[block], edited=edited)
        await wait_for(self.slack.events.changed(message, before))
        return message

    async def deletes(self, message: Message) -> None:
        self._require_own(message)
        message.conversation.remove(message.ts)
        await wait_for(self.slack.events.deleted(message))

    async def reacts(self, message: Message, name: str) -> None:
        """Adds an emoji by its name without colons."""
        self.slack.add_reaction(message, name, self.id)
        await wait_for(self.slack.events.reacted(message, self.id, name))

    async def opens_home(self, tab: str = "home") -> None:
        """Opens the app, at its Home tab or "messages"."""
        self._at_home = tab == "home"
        await wait_for(self.slack.events.home_opened(self.slack.app, self.account, tab, self.home))

    async def click(self, button: str, message: Message | None = None, near: str | None = None) -> Reply:
        """Presses the button with that text: in the open form, else on the newest message that has it.

        `near` picks the one whose block, or the nearest text above it, contains the words. Raises NotOnScreenError.
        """
        place = screen.button(self._surfaces(message), button, near, self.workspace)
        return await acting.act_on(self, place, None)

    async def chooses(
        self, name: str, option: Any, message: Message | None = None, near: str | None = None
    ) -> Reply:
        """Picks in a select, overflow or picker, by label, placeholder or action_id ("…" for an overflow).

        Raises LookupError.
        """
        place = screen.chooser(self._surfaces(message), name, near, self.workspace)
        return await self.put(place, option)

    async def fill(self, values: Mapping[str, Any]) -> None:
        """Fills the open form by label (or placeholder). People as "@name", channels as "#name", options by text,
        a file as {"name.csv": b"..."}.

        Raises NotOnScreenError for a field that isn't there, LookupError for an option that isn't.
        """
        for name, value in values.items():
            view = self._top()
            place = screen.chooser(iter([screen.Surface(view.blocks, view=view)]), name, None, self.workspace)
            await self.put(place, value)

    async def put(self, place: Place, value: Any) -> Reply:
        """Fills a field in; the app hears of it where it asked to."""
        state = await self.keep(place, value)
        if place.block["type"] == "input" and not place.block.get("dispatch_action"):
            return Reply(self.workspace)
        return await acting.act_on(self, place, state)

    async def keep(self, place: Place, value: Any) -> JSON:
        """What then stands in the field; in a form it stays there. Raises NotOnScreenError or LookupError."""
        found = place.field
        if found is None:
            raise screen.NotOnScreenError("that holds no value")
        if found.element["type"] in suggestions.EXTERNAL:
            found = await suggestions.with_options(self, place, found, value)
        if found.element["type"] == "file_input":
            stored = [files.store(self.slack, name, content, self.id) for name, content in value.items()]
            value = [files.shape_of(self.slack, file) for file in stored]
        state = forms.chosen(found, value, self.workspace)
        if place.view is not None and found.element["type"] in forms.STATEFUL:
            if place.view.values[found.block_id][found.action_id] != state:
                place.view.errors.pop(found.block_id, None)
            place.view.values[found.block_id][found.action_id] = state
        return state

    async def submit(self) -> Form | None:
        """Presses the form's submit button. Returns the form then on screen, with its errors if it stays."""
        return await acting.submit(self, self._top())

    async def close(self) -> None:
        """Closes the form on top; the app hears of it when it asked to."""
        await acting.close(self, self._top(), everything=False)

    async def dismiss(self) -> None:
        """Closes all forms at once by the cross."""
        await acting.close(self, self._top(), everything=True)

    async def invites(self, who: App | Person, to: Conversation) -> None:
        """Brings an app or person into a channel."""
        user_id = who.id if isinstance(who, Person) else who.bot_user_id
        await wait_for(self.slack.events.join(to, user_id, self.id))

    async def removes(self, who: App | Person, out_of: Conversation) -> None:
        user_id = who.id if isinstance(who, Person) else who.bot_user_id
        await wait_for(self.slack.events.leave(out_of, user_id, self.id))

    async def joins(self, channel: Conversation) -> None:
        await wait_for(self.slack.events.join(channel, self.id))

    async def leaves(self, channel: Conversation) -> None:
        await wait_for(self.slack.events.leave(channel, self.id, self.id))

    async def archives(self, channel: Conversation) -> None:
        channel.archived = True
        await wait_for(self.slack.events.archived(channel, self.id))

    def writes_canvas(self, text: str, channel: Conversation) -> None:
        """Leaves the channel's canvas with that Markdown in it; begins it where there is none. Raises PermissionError."""
        canvases.write(self.workspace, self._writable(channel), text, self.id)

    def deletes_canvas(self, channel: Conversation) -> None:
        """Slack keeps no way back."""
        self._writable(channel).canvas = None

    def allows(self, address: str, without: Collection[str] = ()) -> str:
        """Opens an app's /oauth/v2/authorize address and presses Allow, declining some optional scopes.

        Returns the address of the app that Slack sends a browser to, with the code. Raises ApiError or PermissionError.
        """
        request = oauth.read_address(self.slack.shared, address)
        return oauth.allow(self.slack, self.account, request, without)

    def cancels(self, address: str) -> str:
        """Presses Cancel there. Returns the address of the app, with error=access_denied. Raises ApiError."""
        return oauth.cancel(oauth.read_address(self.slack.shared, address))

    def _top(self) -> View:
        stack = self.workspace.stacks.get(self.id)
        if not stack:
            raise screen.NotOnScreenError(f"{self.name} has no form open")
        return stack[-1]

    def _surfaces(self, message: Message | None) -> Iterator[Surface]:
        if message is not None:
            yield screen.Surface(message.blocks, message=message)
            return
        if stack := self.workspace.stacks.get(self.id):
            yield screen.Surface(stack[-1].blocks, view=stack[-1])
            return
        home = (
            screen.Surface(self.home.blocks, view=self.home)
            if self.slack.workspace.apps and self.home
            else None
        )
        if self._at_home and home:
            yield home
        for seen in self.workspace.visible_messages(self.id):
            yield screen.Surface(seen.blocks, message=seen)
        if home:
            yield home

    def _where(self, to: Conversation | Person | None, thread: Message | None) -> Conversation:
        self._at_home = False
        if to is None and thread is not None:
            return self._writable(thread.conversation)
        return self._writable(self.dm_with(to) if isinstance(to, Person) else to or self.dm)

    def _writable(self, conversation: Conversation) -> Conversation:
        if self.account.deactivated:
            raise PermissionError(f"{self.name}'s account is deactivated")
        if conversation.archived:
            raise PermissionError(f"#{conversation.name} is archived")
        if self.id not in conversation.members:
            raise PermissionError(f"{self.name} is not in #{conversation.name}")
        for app in self.workspace.apps.values():
            if (
                conversation.is_im
                and app.bot_user_id in conversation.members
                and not app.registration.takes_messages
            ):
                raise PermissionError("Sending messages to this app has been turned off.")
        return conversation

    def _written(self, conversation: Conversation, thread: Message | None) -> JSON:
        raw: JSON = {
            "client_msg_id": str(uuid.uuid4()),
            "type": "message",
            "user": self.id,
            "ts": conversation.next_ts(),
            "team": self.account.team_id,
        }
        if thread is not None:
            root = thread.raw.get("thread_ts", thread.ts)
            raw |= {"thread_ts": root, "parent_user_id": conversation.log[root].user}
        return raw

    async def _post(self, conversation: Conversation, raw: JSON) -> Message:
        message = conversation.add(raw)
        await wait_for(self.slack.events.posted(message))
        return message

    def _require_own(self, message: Message) -> None:
        if message.user != self.id:
            raise PermissionError(f"{self.name} didn't write that")


async def wait_for(sent: Sent) -> None:
    """Until the apps have taken, or failed to take, what they were sent."""
    await asyncio.gather(*sent)
