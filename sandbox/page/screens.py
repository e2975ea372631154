"""What one person sees of a workspace: their places, a conversation, a thread, the Home tab, the form on top."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sandbox.page.canvases import draw_canvas
from sandbox.page.composer import composer
from sandbox.page.frame import Frame
from sandbox.page.layout import Kind, Panel, Place, Screen, Tab
from sandbox.page.marks import Marks
from sandbox.page.markup import Html, join, tag
from sandbox.page.messages import Desk
from sandbox.page.messages import conversation as draw_conversation
from sandbox.page.reader import Face, Reader
from sandbox.page.views import form, home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiohttp import web

    from sandbox.apps import App
    from sandbox.page.memory import Memory
    from sandbox.records import User
    from sandbox.workspace import Conversation, Workspace
    from sandbox.world import World


MOST_SHOWN = 100
"""Messages of a conversation at first."""


class NotVisibleError(LookupError):
    """There is no such thing, or this person cannot see it; Slack does not say which."""


def world_of(worlds: Iterable[World], request: web.Request) -> World:
    """The one whose pages an address is among. Raises NotVisibleError."""
    domain = request.match_info.get("workspace")
    root = f"/in/{domain}" if domain else ""
    for world in worlds:
        if world.workspace.root == root:
            return world
    raise NotVisibleError


def reader_of(workspace: Workspace, user: User) -> Reader:
    people = {one.id: Face(one.real_name, app=one.is_bot) for one in workspace.users.values()}
    people |= {one.bot_id: Face(one.real_name, app=True) for one in workspace.users.values() if one.bot_id}
    channels = (one for one in workspace.conversations.values() if not one.is_im)
    seen = (one for one in channels if not one.is_private or user.id in one.members)
    return Reader(
        now=datetime.fromtimestamp(workspace.now(), UTC),
        id=user.id,
        zone=ZoneInfo(user.tz),
        locale=user.locale,
        people=people,
        channels={one.id: one.name for one in seen},
    )


def people(workspace: Workspace) -> list[tuple[Face, str, str]]:
    """Everyone to look through the eyes of: face, address, and a line about them."""
    return [
        (Face(user.real_name), _address(workspace, user), _about_person(user))
        for user in sorted(workspace.users.values(), key=lambda user: user.real_name)
        if _is_person(user)
    ]


def find_person(workspace: Workspace, name: str) -> User:
    try:
        user = workspace.user_called(name)
    except LookupError as problem:
        raise NotVisibleError from problem
    if not _is_person(user):
        raise NotVisibleError
    return user


def _is_person(user: User) -> bool:
    """Slackbot does not count as a bot in Slack, but nobody sits at it."""
    return not user.is_bot and user.id != "USLACKBOT"


def first_place(workspace: Workspace, user: User) -> str | None:
    """The address of the conversation with the newest message, else of any place."""
    newest = _newest(workspace, user)
    if newest:
        return _address(workspace, user, _name(workspace, newest, user))
    return next((place.address for place in _places(workspace, user, None, Marks())), None)


def behind_form(workspace: Workspace, user: User, marks: Marks) -> Screen:
    """What is seen behind an open form: the conversation with the newest message, or an empty page."""
    newest = _newest(workspace, user)
    if newest:
        return conversation_screen(workspace, user, marks, newest.id)
    reader = reader_of(workspace, user)
    return Screen(workspace.name, reader, list(_places(workspace, user, None, marks)), "", Html(""))


def conversation_screen(
    workspace: Workspace,
    user: User,
    marks: Marks,
    name: str,
    thread_ts: str | None = None,
    editing: str = "",
    shown: int = MOST_SHOWN,
    memory: Memory | None = None,
    since: int = 0,
) -> Screen:
    """A conversation by channel name, id or the other one's handle, with its newest messages; a direct message begins
    when it is looked at. `memory` leaves out what a page of `since` has already. Raises NotVisibleError.
    """
    found = _find(workspace, user, name)
    reader = reader_of(workspace, user)
    here = _address(workspace, user, _name(workspace, found, user))
    marks.read(workspace, found, user.id)

    def thread_link(ts: str) -> str:
        return f"{here}/{ts}"

    other = workspace.users.get(found.other_than(user.id)) if found.is_im else None
    messages = _messages(workspace, found, user, None)
    desk = _desk(workspace, user, found, here, editing)
    draw = memory.drawing(reader, thread_link, desk, since) if memory else None
    drawn = draw_conversation(messages[-shown:], reader, thread_link, desk, draw)
    body = join([_earlier(here, shown) if len(messages) > shown else None, drawn])
    return Screen(
        workspace=workspace.name,
        reader=reader,
        places=list(_places(workspace, user, found, marks)),
        title=_title(workspace, found, user),
        about=_about(found),
        body=body or tag("div", "Nothing has been said here yet.", class_="empty"),
        tabs=_tabs_of(workspace, user, found, here, other),
        talk=composer(workspace, user, found, root_of(workspace, user)),
        panel=_thread(workspace, found, user, thread_ts, reader, here, editing, memory, since)
        if thread_ts
        else None,
    )


def canvas_screen(workspace: Workspace, user: User, marks: Marks, name: str, *, is_edited: bool) -> Screen:
    """The canvas of a channel, or what one would be written in. Raises NotVisibleError."""
    found = _find(workspace, user, name)
    if found.is_im:
        raise NotVisibleError
    here = _address(workspace, user, found.name)
    return Screen(
        workspace=workspace.name,
        reader=reader_of(workspace, user),
        places=list(_places(workspace, user, found, marks)),
        title=_title(workspace, found, user),
        about=_about(found),
        body=draw_canvas(workspace, found, root_of(workspace, user), f"{here}/canvas", is_edited=is_edited),
        tabs=_channel_tabs(here, at_canvas=True),
    )


def _earlier(here: str, shown: int) -> Html:
    link = tag("a", "Show earlier messages", href=f"{here}?shown={shown + MOST_SHOWN}", class_="button")
    return tag("p", link, class_="earlier")


def _desk(workspace: Workspace, user: User, where: Conversation, here: str, editing: str) -> Desk:
    names = (
        name
        for app in workspace.apps.values()
        for name, one in app.registration.shortcuts.items()
        if one["type"] == "message"
    )
    edited = where.log.get(editing)
    own = edited is not None and edited.user == user.id
    words = edited.drawn if edited and own else ""
    return Desk(root_of(workspace, user), where.id, here, tuple(names), editing if own else "", words)


def home_screen(workspace: Workspace, user: User, marks: Marks, app_id: str | None) -> Screen:
    """The Home tab of one app, the first installed unless named by its id. Raises NotVisibleError."""
    app = workspace.apps.get(app_id) if app_id else next(iter(workspace.apps.values()), None)
    if app is None:
        raise NotVisibleError
    reader = reader_of(workspace, user)
    view = workspace.homes.get((user.id, app.app_id))
    frame = Frame(
        reader,
        view.values if view else {},
        acts=f"{root_of(workspace, user)}/act/view/{view.id}" if view else "",
    )
    return Screen(
        workspace=workspace.name,
        reader=reader,
        places=list(_places(workspace, user, app, marks)),
        title=app.name,
        body=home(view.payload if view else None, frame),
        tabs=_tabs(workspace, user, workspace.users[app.bot_user_id], at_home=True),
    )


def open_form(workspace: Workspace, user: User) -> Html:
    """The form on top of the person's screen. Raises NotVisibleError when none is open."""
    stack = workspace.stacks.get(user.id)
    if not stack:
        raise NotVisibleError
    top = stack[-1]
    acts = f"{root_of(workspace, user)}/act/view/{top.id}"
    frame = Frame(reader_of(workspace, user), top.values, top.errors, acts)
    return form(top.payload, frame, top.problem, len(stack) - 1)


def _newest(workspace: Workspace, user: User) -> Conversation | None:
    newest = (message.conversation for message in workspace.visible_messages(user.id))
    return next((one for one in newest if user.id in one.members), None)


def _find(workspace: Workspace, user: User, name: str) -> Conversation:
    mine = [one for one in workspace.conversations.values() if user.id in one.members]
    for one in mine:
        if name in {one.id, _name(workspace, one, user)}:
            return one
    for other in _to_write_to(workspace, user):
        if other.name == name:
            return workspace.im(user.id, other.id)
    raise NotVisibleError


def _to_write_to(workspace: Workspace, user: User) -> Iterator[User]:
    """Everybody else with an account, and the bots of installed apps."""
    bots = {app.bot_user_id for app in workspace.apps.values() if not app.uninstalled}
    for other in workspace.users.values():
        if other is not user and not other.deactivated and (_is_person(other) or other.id in bots):
            yield other


def new_people(workspace: Workspace, user: User) -> list[tuple[str, str]]:
    """People that this one has no direct message with yet: name and address."""
    others = (one for one in _to_write_to(workspace, user) if _is_person(one))
    new = (one for one in others if workspace.find_im(user.id, one.id) is None)
    return sorted((one.real_name, _address(workspace, user, one.name)) for one in new)


def _name(workspace: Workspace, conversation: Conversation, user: User) -> str:
    """What stands for a conversation in an address: the channel's name, or the other person's handle."""
    return workspace.users[conversation.other_than(user.id)].name if conversation.is_im else conversation.name


def _title(workspace: Workspace, conversation: Conversation, user: User) -> str:
    if conversation.is_im:
        return workspace.users[conversation.other_than(user.id)].real_name
    return f"{'🔒' if conversation.is_private else '#'} {conversation.name}"


def _about(conversation: Conversation) -> str:
    if conversation.is_im:
        return ""
    count = len(conversation.members)
    words = [f"{count} member{'' if count == 1 else 's'}"]
    words += ["shared with another organisation"] if conversation.shared else []
    words += ["archived"] if conversation.archived else []
    return " · ".join(words)


def _about_person(user: User) -> str:
    kinds = [
        ("deactivated", user.deactivated),
        ("admin", user.admin),
        (f"{user.guest}-channel guest", user.guest is not None),
    ]
    return " · ".join([user.tz.replace("_", " "), *(words for words, applies in kinds if applies)])


def _messages(
    workspace: Workspace, conversation: Conversation, user: User, thread_ts: str | None
) -> list[dict[str, Any]]:
    """Messages and the notices only this person sees, oldest first: of the conversation, or of one thread."""
    shown = [conversation.log[thread_ts].raw] if thread_ts else []
    log = conversation.replies.get(thread_ts, []) if thread_ts else conversation.messages
    shown += [message.raw for message in log]
    shown += [
        {**notice.raw, "is_ephemeral": True}
        for notice in workspace.ephemerals
        if notice.ephemeral_to == user.id
        and notice.conversation is conversation
        and notice.raw.get("thread_ts") == thread_ts
    ]
    return sorted(shown, key=lambda raw: str(raw["ts"]))


def _thread(
    workspace: Workspace,
    conversation: Conversation,
    user: User,
    thread_ts: str,
    reader: Reader,
    back: str,
    editing: str,
    memory: Memory | None,
    since: int,
) -> Panel:
    if thread_ts not in conversation.log:
        raise NotVisibleError
    desk = _desk(workspace, user, conversation, f"{back}/{thread_ts}", editing)
    draw = memory.drawing(reader, None, desk, since) if memory else None
    body = draw_conversation(_messages(workspace, conversation, user, thread_ts), reader, None, desk, draw)
    talk = composer(workspace, user, conversation, root_of(workspace, user), thread_ts)
    return Panel(_title(workspace, conversation, user), body, back, talk)


def _places(
    workspace: Workspace, user: User, here: Conversation | App | None, marks: Marks
) -> Iterator[Place]:
    """Channels by name, then people, then apps, which are there from the day they are installed."""
    mine = [one for one in workspace.conversations.values() if user.id in one.members]
    for channel in sorted((one for one in mine if not one.is_im), key=lambda one: one.name):
        kind: Kind = "private" if channel.is_private else "channel"
        unread = marks.unread(workspace, channel, user.id)
        yield Place(channel.name, _address(workspace, user, channel.name), kind, channel is here, unread)
    for direct in (one for one in mine if one.is_im):
        other = workspace.users[direct.other_than(user.id)]
        if not other.is_bot:
            unread = marks.unread(workspace, direct, user.id)
            yield Place(
                other.real_name, _address(workspace, user, other.name), "person", direct is here, unread
            )
    for app in workspace.apps.values():
        bot = workspace.users[app.bot_user_id]
        direct_with = workspace.find_im(user.id, bot.id)
        at_app = here is app or (direct_with is not None and here is direct_with)
        address = (
            _address(workspace, user, bot.name)
            if direct_with
            else f"{_address(workspace, user, 'home', 'open')}?app={app.app_id}"
        )
        unread = marks.unread(workspace, direct_with, user.id) if direct_with else 0
        yield Place(app.name, address, "app", at_app, unread)


def _tabs_of(
    workspace: Workspace, user: User, found: Conversation, here: str, other: User | None
) -> tuple[Tab, ...]:
    if not found.is_im:
        return _channel_tabs(here, at_canvas=False)
    return _tabs(workspace, user, other, at_home=False) if other and other.is_bot else ()


def _channel_tabs(here: str, *, at_canvas: bool) -> tuple[Tab, Tab]:
    return Tab("Messages", here, not at_canvas), Tab("Canvas", f"{here}/canvas", at_canvas)


def _tabs(workspace: Workspace, user: User, bot: User, *, at_home: bool) -> tuple[Tab, Tab]:
    at = f"{_address(workspace, user, 'home', 'open')}?app={bot.app_id}"
    return Tab("Home", at, at_home), Tab("Messages", _address(workspace, user, bot.name), not at_home)


def root_of(workspace: Workspace, user: User) -> str:
    """How all addresses of a person begin."""
    return _address(workspace, user)


def _address(workspace: Workspace, user: User, *parts: str) -> str:
    return "/".join([f"{workspace.root}/as", *(quote(part, safe="") for part in (user.name, *parts))])
