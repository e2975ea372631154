"""The page's addresses: what a person sees is drawn anew at each request; what they do is posted (`doing`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.page import screens
from sandbox.page.clock_bar import Turning, clock_bar
from sandbox.page.doing import Doing
from sandbox.page.inspector import Inspector
from sandbox.page.layout import Screen, document, entrance, screen
from sandbox.page.marks import Marks
from sandbox.page.markup import tag
from sandbox.page.replies import page

if TYPE_CHECKING:
    from sandbox.records import User
    from sandbox.world import World

Answer = Callable[[web.Request], Awaitable[web.Response]]

_TYPES = {".css": "text/css", ".js": "text/javascript"}
_BURST_SECONDS = 0.05
"""Changes this near to each other are told as one."""


def routes(slack: World) -> list[web.RouteDef]:
    """`/`, `/as/PERSON`, `/as/PERSON/{home,form,CONVERSATION}` and `/as/PERSON/CONVERSATION/THREAD_TS`."""
    pages = _Pages(slack)
    return [
        web.get("/", pages.choose),
        web.get("/page/{file}", _file),
        web.get("/changes", _stream(slack)),
        web.get("/as/{person}", _or_nothing(pages.enter)),
        web.get("/as/{person}/home", pages.show(pages.home)),
        web.get("/as/{person}/form", pages.show(pages.form)),
        *pages.doing.routes(_or_nothing),
        *Inspector(slack).routes(_or_nothing),
        web.get("/as/{person}/{conversation}", pages.show(pages.conversation)),
        web.get("/as/{person}/{conversation}/{thread_ts}", pages.show(pages.conversation)),
    ]


class _Pages:
    """What each address shows; what somebody has read is remembered while the server runs."""

    def __init__(self, slack: World) -> None:
        self.doing = Doing(slack)
        self._slack, self._workspace, self._marks = slack, slack.workspace, Marks()

    def show(self, draw: Callable[[User, web.Request], Screen]) -> Answer:
        async def answer(request: web.Request) -> web.Response:
            user = screens.find_person(self._workspace, request.match_info["person"])
            return page(screen(self._framed(user, draw(user, request))))

        return _or_nothing(answer)

    def _framed(self, user: User, drawn: Screen) -> Screen:
        workspace, root = self._workspace, screens.root_of(user)
        return replace(
            drawn,
            form=screens.open_form(workspace, user) if workspace.stacks.get(user.id) else None,
            clock=clock_bar(_turning(self._slack, self.doing), drawn.reader, root),
            others=[(face.name, to) for face, to, _ in screens.people(workspace) if to != root],
            changes=self._slack.changes.count,
        )

    async def choose(self, _: web.Request) -> web.Response:
        workspace = self._workspace
        return page(entrance(workspace.name, workspace.about, screens.people(workspace)))

    async def enter(self, request: web.Request) -> web.Response:
        user = screens.find_person(self._workspace, request.match_info["person"])
        raise web.HTTPFound(screens.first_place(self._workspace, user) or "/")

    def conversation(self, user: User, request: web.Request) -> Screen:
        where, asked = request.match_info, request.query
        shown = asked.get("shown", "")
        return screens.conversation_screen(
            self._workspace,
            user,
            self._marks,
            where["conversation"],
            where.get("thread_ts"),
            asked.get("edit", ""),
            int(shown) if shown.isdecimal() else screens.MOST_SHOWN,
        )

    def home(self, user: User, request: web.Request) -> Screen:
        return screens.home_screen(self._workspace, user, self._marks, request.query.get("app"))

    def form(self, user: User, _: web.Request) -> Screen:
        screens.open_form(self._workspace, user)
        return screens.behind_form(self._workspace, user, self._marks)


def _turning(slack: World, doing: Doing) -> Turning:
    people = [one.account for one in slack.people.values() if not one.account.is_bot]
    zones = [(one.real_name, ZoneInfo(one.tz)) for one in people]
    due = slack.clock.next_due
    return Turning(due, doing.is_playing, zones, slack.foretell(due) if due else "")


def _stream(slack: World) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        """Server-sent events: a number for every change, from the one after `since` on."""
        since = request.query.get("since", "")
        seen = int(since) if since.isdecimal() else -1
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        with suppress(ConnectionError):  # whoever left needs no telling
            while not slack.changes.is_over:
                seen = await slack.changes.after(seen)
                await response.write(f"data: {seen}\n\n".encode())
                await asyncio.sleep(_BURST_SECONDS)
        return response

    return answer


def _or_nothing(answer: Answer) -> Answer:
    async def guarded(request: web.Request) -> web.Response:
        try:
            return await answer(request)
        except screens.NotVisibleError:
            words = tag("main", tag("h1", "Nothing to see here"), _explained(), class_="entrance")
            return page(document("Nothing to see here", tag("body", words)), status=404)

    return guarded


def _explained() -> str:
    back = tag("a", "Choose whose eyes to look through", href="/")
    return tag("p", "It does not exist, or this person cannot see it. ", back)


async def _file(request: web.Request) -> web.Response:
    """The style sheet and the scripts, which lie beside this module."""
    name = request.match_info["file"]
    found = files("sandbox.page") / name
    kind = _TYPES.get(name[name.rfind(".") :])
    if kind is None or not found.is_file():
        raise web.HTTPNotFound
    headers = {"Cache-Control": "no-cache"}
    return web.Response(text=found.read_text("utf-8"), content_type=kind, charset="utf-8", headers=headers)
