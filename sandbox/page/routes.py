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
    workspace, marks = slack.workspace, Marks()
    doing = Doing(slack)

    def show(draw: Callable[[User, web.Request], Screen]) -> Answer:
        async def answer(request: web.Request) -> web.Response:
            user = screens.find_person(workspace, request.match_info["person"])
            drawn = draw(user, request)
            form = screens.open_form(workspace, user) if workspace.stacks.get(user.id) else None
            root = screens.root_of(user)
            bar = clock_bar(_turning(slack, doing), drawn.reader, root)
            others = [(face.name, to) for face, to, _ in screens.people(workspace) if to != root]
            return page(
                screen(replace(drawn, form=form, clock=bar, others=others, changes=slack.changes.count))
            )

        return _or_nothing(answer)

    async def choose(_: web.Request) -> web.Response:
        return page(entrance(workspace.name, workspace.about, screens.people(workspace)))

    async def enter(request: web.Request) -> web.Response:
        user = screens.find_person(workspace, request.match_info["person"])
        raise web.HTTPFound(screens.first_place(workspace, user) or "/")

    def conversation(user: User, request: web.Request) -> Screen:
        where, asked = request.match_info, request.query
        shown = asked.get("shown", "")
        return screens.conversation_screen(
            workspace,
            user,
            marks,
            where["conversation"],
            where.get("thread_ts"),
            asked.get("edit", ""),
            int(shown) if shown.isdecimal() else screens.MOST_SHOWN,
        )

    def home(user: User, request: web.Request) -> Screen:
        return screens.home_screen(workspace, user, marks, request.query.get("app"))

    def form(user: User, _: web.Request) -> Screen:
        screens.open_form(workspace, user)
        return screens.behind_form(workspace, user, marks)

    return [
        web.get("/", choose),
        web.get("/page/{file}", _file),
        web.get("/changes", _stream(slack)),
        web.get("/as/{person}", _or_nothing(enter)),
        web.get("/as/{person}/home", show(home)),
        web.get("/as/{person}/form", show(form)),
        *doing.routes(_or_nothing),
        *Inspector(slack).routes(_or_nothing),
        web.get("/as/{person}/{conversation}", show(conversation)),
        web.get("/as/{person}/{conversation}/{thread_ts}", show(conversation)),
    ]


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
