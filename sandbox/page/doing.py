"""What a person does on the page: each a form posted, answered with the way back to what they then see."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox import acting, forms, suggestions
from sandbox.page import filling, screens
from sandbox.page.layout import problem_page
from sandbox.page.markup import join, tag
from sandbox.page.replies import page, posted, require_own

if TYPE_CHECKING:
    from sandbox.people import Person
    from sandbox.workspace import Conversation, Message
    from sandbox.world import World

Answer = Callable[[web.Request], Awaitable[web.Response]]
_PLAY_SECONDS = 2.0
"""Real seconds between two things that happen while time runs by itself."""


class Doing:
    def __init__(self, slack: World) -> None:
        self._slack = slack
        self._playing: asyncio.Task[None] | None = None

    @property
    def is_playing(self) -> bool:
        return self._playing is not None and not self._playing.done()

    def routes(self, start: str, guarded: Callable[[Answer], Answer]) -> list[web.RouteDef]:
        """`start` begins the addresses of a workspace's pages."""
        root = f"{start}/as/{{person}}"
        message, view = f"{root}/act/{{conversation}}/{{ts}}", f"{root}/act/view/{{view}}"
        posts = {
            f"{root}/say/{{conversation}}": self._say,
            f"{root}/canvas/{{conversation}}": self._write_canvas,
            f"{root}/shortcut": self._shortcut,
            f"{root}/clock": self._turn,
            view: self._act_in_view,
            f"{view}/submit": self._submit,
            f"{view}/close": self._close,
            f"{view}/dismiss": self._dismiss,
            message: self._act_on_message,
            f"{message}/edit": self._edit,
            f"{message}/delete": self._delete,
            f"{message}/react": self._react,
            f"{message}/hide": self._hide,
            f"{message}/shortcut": self._shortcut,
        }
        return [
            *(web.post(path, guarded(self._posted(do))) for path, do in posts.items()),
            web.get(f"{root}/home/open", guarded(self._open_home)),
            web.get(f"{root}/files/{{file}}", guarded(self._download)),
            web.get(f"{root}/offers/{{conversation}}/{{ts}}", guarded(self._offer)),
        ]

    def _posted(self, do: Callable[[Person, web.Request, Any], Awaitable[str | None]]) -> Answer:
        """Refuses what other sites post here; says what could not be done."""

        async def answer(request: web.Request) -> web.Response:
            require_own(request)
            await self._slack.ready.wait()
            try:
                to = await do(self._person(request), request, await posted(request))
            except screens.NotVisibleError:
                raise
            except (LookupError, ValueError, PermissionError, TimeoutError) as problem:
                return page(problem_page(str(problem), _back(request)), status=400)
            raise web.HTTPSeeOther(to or _back(request))

        return answer

    def _person(self, request: web.Request) -> Person:
        world = screens.world_of(self._slack.worlds, request)
        account = screens.find_person(world.workspace, request.match_info["person"])
        return world.people[account.name]

    def _conversation(self, person: Person, request: web.Request) -> Conversation:
        found = person.workspace.conversations.get(request.match_info["conversation"])
        if found is None or person.id not in found.members:
            raise screens.NotVisibleError
        return found

    def _message(self, person: Person, request: web.Request) -> Message:
        where, ts = self._conversation(person, request), request.match_info["ts"]
        notices = (one for one in person.notices if one.conversation is where and one.ts == ts)
        found = where.log.get(ts) or next(notices, None)
        if found is None:
            raise screens.NotVisibleError
        return found

    async def _say(self, person: Person, request: web.Request, given: Any) -> None:
        """A message, a command or a file."""
        where = self._conversation(person, request)
        thread = where.log.get(request.query.get("thread", ""))
        text = str(given.get("text", "")).replace("\r\n", "\n").strip()
        file = given.get("file")
        if isinstance(file, web.FileField) and file.filename:
            await person.uploads(file.filename, file.file.read(), text, to=where, thread=thread)
        elif text.startswith("/"):
            name, _, rest = text.partition(" ")
            if thread is not None:
                raise PermissionError(f"{name} is not supported in threads. Sorry!")
            await person.command(name, rest.strip(), where)
        elif text:
            await person.says(text, where, thread)

    async def _write_canvas(self, person: Person, request: web.Request, given: Any) -> str:
        text = str(given.get("text", "")).replace("\r\n", "\n")
        person.writes_canvas(text, self._conversation(person, request))
        return _back(request).partition("?")[0]

    async def _edit(self, person: Person, request: web.Request, given: Any) -> str | None:
        text = str(given.get("text", "")).replace("\r\n", "\n").strip()
        if text:
            await person.edits(self._message(person, request), text)
        return _back(request).partition("?")[0]

    async def _delete(self, person: Person, request: web.Request, _: Any) -> None:
        await person.deletes(self._message(person, request))

    async def _react(self, person: Person, request: web.Request, given: Any) -> None:
        await person.reacts(self._message(person, request), str(given["name"]))

    async def _hide(self, person: Person, request: web.Request, _: Any) -> None:
        """An ephemeral message goes when its reader wants it to."""
        person.workspace.ephemerals.remove(self._message(person, request))

    async def _shortcut(self, person: Person, request: web.Request, given: Any) -> None:
        message = self._message(person, request) if "ts" in request.match_info else None
        await person.shortcut(str(given["shortcut"]), message)

    async def _act_on_message(self, person: Person, request: web.Request, given: Any) -> None:
        message = self._message(person, request)
        place = filling.find_place(message.blocks, request.query, message=message)
        if place.field is None:
            await acting.act_on(person, place, None)
        else:
            await person.put(place, filling.value_in(place.field, given, person, request.query.get("option")))

    async def _act_in_view(self, person: Person, request: web.Request, given: Any) -> None:
        """What is typed so far goes with it, as in Slack."""
        view = filling.find_view(person.workspace, person, request.match_info["view"])
        place = filling.find_place(view.blocks, request.query, view=view)
        await filling.keep_all(person, view, given)
        if place.field is None:
            await acting.act_on(person, place, None)
            return
        value = filling.value_in(place.field, given, person, request.query.get("option"))
        await acting.act_on(person, place, await person.keep(place, value))

    async def _submit(self, person: Person, request: web.Request, given: Any) -> None:
        view = filling.find_view(person.workspace, person, request.match_info["view"])
        await filling.keep_all(person, view, given)
        await acting.submit(person, view)

    async def _close(self, person: Person, request: web.Request, _: Any) -> None:
        view = filling.find_view(person.workspace, person, request.match_info["view"])
        await acting.close(person, view, everything=False)

    async def _dismiss(self, person: Person, request: web.Request, _: Any) -> None:
        view = filling.find_view(person.workspace, person, request.match_info["view"])
        await acting.close(person, view, everything=True)

    async def _turn(self, _person: Person, _request: web.Request, given: Any) -> None:
        """On by a span, to a moment, or by itself from event to event."""
        if "play" in given:
            await self._play(on=given["play"] == "1")
        elif "by" in given:
            await self._slack.clock.advance(by=timedelta(seconds=float(given["by"])))
        else:
            to = datetime.fromisoformat(str(given["to"]))
            await self._slack.clock.advance(to=max(to, self._slack.clock.now))

    async def _play(self, *, on: bool) -> None:
        if self._playing is not None:
            self._playing.cancel()
            self._playing = None
        if on:
            self._playing = asyncio.create_task(self._run())
        self._slack.changes.happened()

    async def _run(self) -> None:
        while not self._slack.changes.is_over and (due := self._slack.clock.next_due):
            await self._slack.clock.advance(to=due)
            await asyncio.sleep(_PLAY_SECONDS)

    async def _open_home(self, request: web.Request) -> web.Response:
        """The app hears of it, once a time the person opens it."""
        person = self._person(request)
        workspace = person.workspace
        app = workspace.apps.get(request.query.get("app", ""))
        if app is None:
            raise screens.NotVisibleError
        if app is person.slack.app:
            await person.opens_home()
        raise web.HTTPSeeOther(f"{screens.root_of(workspace, person.account)}/home?app={app.app_id}")

    async def _download(self, request: web.Request) -> web.Response:
        """A file of a message that the person can see."""
        person, wanted = self._person(request), request.match_info["file"]
        seen = person.workspace.visible_messages(person.id)
        file = person.workspace.files.get(wanted)
        if file is None or file.content is None or not any(f["id"] == wanted for m in seen for f in m.files):
            raise screens.NotVisibleError
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, content_type="application/octet-stream", headers=headers)

    async def _offer(self, request: web.Request) -> web.Response:
        """What the app offers for the words typed, as options."""
        person = self._person(request)
        if request.match_info["conversation"] == "view":
            view = filling.find_view(person.workspace, person, request.match_info["ts"])
            place = filling.find_place(view.blocks, request.query, view=view)
        else:
            message = self._message(person, request)
            place = filling.find_place(message.blocks, request.query, message=message)
        if place.field is None:
            raise screens.NotVisibleError
        found = await suggestions.with_options(person, place, place.field, request.query.get("typed", ""))
        return page(join(tag("option", value=one["text"]["text"]) for one in forms.options(found.element)))


def _back(request: web.Request) -> str:
    """Where the person was: a path of this page."""
    came = urlsplit(request.headers.get("Referer", ""))
    root = request.path[: request.path.index("/as/")] + f"/as/{request.match_info['person']}"
    path = came.path if came.path.startswith(("/as/", "/in/")) else root
    return f"{path}?{came.query}" if came.query else path
