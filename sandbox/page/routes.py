"""The page's addresses. Everything is read-only, drawn anew at each request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.page import screens
from sandbox.page.layout import Screen, document, entrance, screen
from sandbox.page.markup import tag

if TYPE_CHECKING:
    from sandbox.records import User
    from sandbox.workspace import Workspace

Answer = Callable[[web.Request], Awaitable[web.Response]]

# Nothing on the page is a script; whatever slips into it as one does not run.
_POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src https: http: data:"


def routes(workspace: Workspace) -> list[web.RouteDef]:
    """`/`, `/as/PERSON`, `/as/PERSON/{home,form,CONVERSATION}` and `/as/PERSON/CONVERSATION/THREAD_TS`."""

    def show(draw: Callable[[User, web.Request], Screen]) -> Answer:
        async def answer(request: web.Request) -> web.Response:
            user = screens.find_person(workspace, request.match_info["person"])
            return _page(screen(draw(user, request)))

        return _or_nothing(answer)

    async def choose(_: web.Request) -> web.Response:
        return _page(entrance(workspace.name, screens.people(workspace)))

    async def enter(request: web.Request) -> web.Response:
        user = screens.find_person(workspace, request.match_info["person"])
        raise web.HTTPFound(screens.first_place(workspace, user) or "/")

    def conversation(user: User, request: web.Request) -> Screen:
        where = request.match_info
        return screens.conversation_screen(workspace, user, where["conversation"], where.get("thread_ts"))

    def home(user: User, request: web.Request) -> Screen:
        return screens.home_screen(workspace, user, request.query.get("app"))

    def form(user: User, _: web.Request) -> Screen:
        return replace(screens.behind_form(workspace, user), form=screens.open_form(workspace, user))

    return [
        web.get("/", choose),
        web.get("/page/style.css", _style),
        web.get("/as/{person}", _or_nothing(enter)),
        web.get("/as/{person}/home", show(home)),
        web.get("/as/{person}/form", show(form)),
        web.get("/as/{person}/{conversation}", show(conversation)),
        web.get("/as/{person}/{conversation}/{thread_ts}", show(conversation)),
    ]


def _or_nothing(answer: Answer) -> Answer:
    async def guarded(request: web.Request) -> web.Response:
        try:
            return await answer(request)
        except screens.NotVisibleError:
            words = tag("div", tag("h1", "Nothing to see here"), _explained(), class_="entrance")
            return _page(document("Nothing to see here", tag("body", words)), status=404)

    return guarded


def _explained() -> str:
    back = tag("a", "Choose whose eyes to look through", href="/")
    return tag("p", "It does not exist, or this person cannot see it. ", back)


async def _style(_: web.Request) -> web.Response:
    return web.Response(
        text=(files("sandbox.page") / "style.css").read_text("utf-8"), content_type="text/css"
    )


def _page(text: str, status: int = 200) -> web.Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
