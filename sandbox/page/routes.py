"""The page's addresses: what a person sees is drawn anew at each request; what they do is posted (`doing`).

Those of the first workspace begin with nothing, those of another with /in/DOMAIN.
"""

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
from sandbox.page.consent import Consent
from sandbox.page.doing import Doing
from sandbox.page.entrance import entrance
from sandbox.page.inspector import Inspector
from sandbox.page.layout import Screen, document, screen
from sandbox.page.marks import Marks
from sandbox.page.markup import tag
from sandbox.page.memory import Memory
from sandbox.page.replies import page

if TYPE_CHECKING:
    from sandbox.records import User
    from sandbox.workspace import Workspace
    from sandbox.world import World

Answer = Callable[[web.Request], Awaitable[web.Response]]

_TYPES = {".css": "text/css", ".js": "text/javascript"}
_LONGEST_NUMBER = 20
_BURST_SECONDS = 0.05
"""Changes this near to each other are told as one."""


def routes(slack: World) -> list[web.RouteDef]:
    """`/`, `/as/PERSON`, `/as/PERSON/{home,form,CONVERSATION}` and `/as/PERSON/CONVERSATION/{THREAD_TS,canvas}`."""
    pages = _Pages(slack)
    return [
        web.get("/", pages.choose),
        web.get("/in/{workspace}", _or_nothing(pages.choose_in)),
        web.get("/page/{file}", _file),
        web.get("/changes", _stream(slack)),
        *Consent(slack).routes(),
        *Inspector(slack).routes(_or_nothing),
        *(route for start in ("", "/in/{workspace}") for route in pages.routes(start)),
    ]


class _Pages:
    """What each address shows; what somebody has read is remembered while the server runs."""

    def __init__(self, slack: World) -> None:
        self._doing = Doing(slack)
        self._slack, self._marks = slack, Marks()
        self._memory = Memory(lambda: slack.changes.count)

    def routes(self, start: str) -> list[web.RouteDef]:
        person = f"{start}/as/{{person}}"
        return [
            web.get(person, _or_nothing(self.enter)),
            web.get(f"{person}/home", self.show(self.home)),
            web.get(f"{person}/form", self.show(self.form)),
            *self._doing.routes(start, _or_nothing),
            web.get(f"{person}/{{conversation}}/canvas", self.show(self.canvas)),
            web.get(f"{person}/{{conversation}}", self.show(self.conversation)),
            web.get(f"{person}/{{conversation}}/{{thread_ts}}", self.show(self.conversation)),
        ]

    def show(self, draw: Callable[[Workspace, User, web.Request], Screen]) -> Answer:
        async def answer(request: web.Request) -> web.Response:
            world = screens.world_of(self._slack.worlds, request)
            user = screens.find_person(world.workspace, request.match_info["person"])
            return page(screen(self._framed(world, user, draw(world.workspace, user, request))))

        return _or_nothing(answer)

    def _framed(self, world: World, user: User, drawn: Screen) -> Screen:
        workspace = world.workspace
        root = screens.root_of(workspace, user)
        return replace(
            drawn,
            form=screens.open_form(workspace, user) if workspace.stacks.get(user.id) else None,
            clock=clock_bar(_turning(world, self._doing), drawn.reader, root),
            new_people=screens.new_people(workspace, user),
            others=[(face.name, to) for face, to, _ in screens.people(workspace) if to != root],
            changes=world.changes.count,
        )

    async def choose(self, _: web.Request) -> web.Response:
        return page(entrance([world.workspace for world in self._slack.worlds]))

    async def choose_in(self, request: web.Request) -> web.Response:
        return page(entrance([screens.world_of(self._slack.worlds, request).workspace]))

    async def enter(self, request: web.Request) -> web.Response:
        workspace = screens.world_of(self._slack.worlds, request).workspace
        user = screens.find_person(workspace, request.match_info["person"])
        raise web.HTTPFound(screens.first_place(workspace, user) or "/")

    def conversation(self, workspace: Workspace, user: User, request: web.Request) -> Screen:
        where, asked = request.match_info, request.query
        shown, since = asked.get("shown", ""), request.headers.get("Page-Since", "")
        return screens.conversation_screen(
            workspace,
            user,
            self._marks,
            where["conversation"],
            where.get("thread_ts"),
            asked.get("edit", ""),
            _number(shown, screens.MOST_SHOWN),
            self._memory,
            _number(since, 0),
        )

    def canvas(self, workspace: Workspace, user: User, request: web.Request) -> Screen:
        name, is_edited = request.match_info["conversation"], "edit" in request.query
        return screens.canvas_screen(workspace, user, self._marks, name, is_edited=is_edited)

    def home(self, workspace: Workspace, user: User, request: web.Request) -> Screen:
        return screens.home_screen(workspace, user, self._marks, request.query.get("app"))

    def form(self, workspace: Workspace, user: User, _: web.Request) -> Screen:
        screens.open_form(workspace, user)
        return screens.behind_form(workspace, user, self._marks)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else otherwise


def _turning(slack: World, doing: Doing) -> Turning:
    people = [one.account for one in slack.people.values() if not one.account.is_bot]
    zones = [(one.real_name, ZoneInfo(one.tz)) for one in people]
    due = slack.clock.next_due
    return Turning(due, doing.is_playing, zones, slack.shared.foretell(due) if due else "")


def _stream(slack: World) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        """Server-sent events: a number for every change, from the one after `since` on."""
        since = request.query.get("since", "")
        seen = _number(since, -1)
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
