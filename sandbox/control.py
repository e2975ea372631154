"""The same verbs from outside the process: JSON over HTTP under /control/.

Names stand for people ("ana"), channels ("#marketing") and the open things they see; `{"error": ...}` with 400 says
what went wrong.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.forms import Form
from sandbox.reply import Reply
from sandbox.workspace import Conversation, Message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.apps import App
    from sandbox.people import Person
    from sandbox.world import World

JSON = dict[str, Any]

VERBS = frozenset(
    {
        *(
            "command",
            "shortcut",
            "says",
            "edits",
            "deletes",
            "uploads",
            "reacts",
            "opens_home",
            "click",
            "chooses",
        ),
        *("fill", "submit", "close", "dismiss", "invites", "removes", "joins", "leaves", "archives"),
    }
)


class Control:
    def __init__(self, slack: World) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        posts: dict[str, Callable[[JSON], Awaitable[Any]]] = {
            "people": self._person,
            "channels": self._channel,
            "apps": self._app,
            "act": self._act,
            "clock": self._clock,
            "settled": self._settled,
            "faults": self._fault,
            "deactivate": self._deactivate,
        }
        return [
            *(web.post(f"/control/{name}", _json(do)) for name, do in posts.items()),
            web.get("/control/state", self._state),
            web.get("/control/calls", self._calls),
            web.get("/control/conversations/{id}", self._conversation),
        ]

    async def _person(self, given: JSON) -> JSON:
        """Arguments of `World.person`."""
        person = self._slack.person(given.pop("name"), **given)
        return {"id": person.id, "name": person.account.name, "dm": self._dm(person)}

    async def _channel(self, given: JSON) -> JSON:
        """Arguments of `World.channel`, members by name."""
        members = [self._who(name) for name in given.pop("members", [])]
        channel = self._slack.channel(given.pop("name"), members=members, **given)
        return {"id": channel.id, "name": channel.name}

    async def _app(self, given: JSON) -> JSON:
        """{"manifest", "request_url"?, "scopes"?}: the installed app's tokens."""
        app = self._slack.install(given["manifest"], scopes=given.get("scopes"))
        app.deliver_by_http(given.get("request_url"))
        return _secrets(app)

    async def _act(self, given: JSON) -> Any:
        """{"person", "verb", "args": {...}}; names and {"channel", "ts"} stand for people, channels and messages."""
        verb = given["verb"]
        if verb not in VERBS:
            raise LookupError(f"{verb!r} is none of {', '.join(sorted(VERBS))}")
        args = {name: self._meant(name, value) for name, value in given.get("args", {}).items()}
        return shown(await getattr(self._who(given["person"]), verb)(**args))

    def _meant(self, name: str, value: Any) -> Any:
        if name in ("message", "thread"):
            return self._message(value)
        if name == "who":
            return self._slack.app if value == self._slack.app.name else self._who(value)
        if name in ("channel", "out_of", "to") and isinstance(value, str):
            return self._who(value) if value.startswith("@") else self._slack.workspace.channel_called(value)
        return base64.b64decode(value) if name == "content" else value

    def _message(self, value: JSON | None) -> Message | None:
        if value is None:
            return None
        return self._slack.workspace.channel_called(value["channel"]).log[value["ts"]]

    def _who(self, name: str) -> Person:
        return self._slack.people[self._slack.workspace.user_called(name).name]

    def _dm(self, person: Person) -> str | None:
        return person.dm.id if self._slack.workspace.apps else None

    async def _clock(self, given: JSON) -> JSON:
        """{"to": ISO moment} or {"by": seconds}: moves the time on."""
        if "to" in given:
            await self._slack.clock.advance(to=datetime.fromisoformat(given["to"]))
        else:
            await self._slack.clock.advance(by=timedelta(seconds=given["by"]))
        return {"now": self._slack.clock.now.isoformat()}

    async def _settled(self, _given: JSON) -> JSON:
        await self._slack.settled()
        return {"now": self._slack.clock.now.isoformat()}

    async def _fault(self, given: JSON) -> JSON:
        """Arguments of `faults.add`."""
        self._slack.faults.add(given.pop("method"), given.pop("kind"), **given)
        return {}

    async def _deactivate(self, given: JSON) -> JSON:
        await self._slack.deactivate(self._who(given["person"]))
        return {}

    async def _state(self, _request: web.Request) -> web.Response:
        slack = self._slack
        people = [
            {
                "id": p.id,
                "name": p.account.name,
                "dm": self._dm(p),
                "form": shown(p.form),
                "notices": shown(p.notices),
            }
            for p in slack.people.values()
        ]
        channels = [
            {"id": c.id, "name": c.name, "kind": c.kind, "archived": c.archived, "members": list(c.members)}
            for c in slack.workspace.conversations.values()
        ]
        apps = [_secrets(app) for app in slack.workspace.apps.values()]
        now = slack.clock.now.isoformat()
        return web.json_response({"now": now, "people": people, "conversations": channels, "apps": apps})

    async def _calls(self, _request: web.Request) -> web.Response:
        calls = [
            {"method": c.method, "args": c.args, "at": c.at.isoformat(), "ok": c.ok, "error": c.error}
            for c in self._slack.calls
        ]
        return web.json_response({"calls": calls})

    async def _conversation(self, request: web.Request) -> web.Response:
        try:
            found = self._slack.workspace.channel_called(request.match_info["id"])
        except LookupError as unknown:
            return web.json_response({"error": str(unknown)}, status=404)
        return web.json_response({"id": found.id, "name": found.name, "messages": shown(found.messages)})


def _secrets(app: App) -> JSON:
    return {
        "app_id": app.app_id,
        "name": app.name,
        "bot_user_id": app.bot_user_id,
        "bot_token": app.bot_token,
        "app_token": app.app_token,
        "signing_secret": app.signing_secret,
        "request_url": app.request_url,
    }


def shown(thing: Any) -> Any:
    """What a verb returned, as JSON."""
    match thing:
        case Message():
            where = {"channel": thing.conversation.id, "drawn": thing.drawn, "buttons": thing.buttons}
            return {**thing.raw, **where, "thread": shown(thing.thread)}
        case Form():
            facts = {"title": thing.title, "callback_id": thing.callback_id, "labels": thing.labels}
            return {**facts, "values": thing.values, "errors": thing.errors, "problem": thing.problem}
        case Reply():
            return {"text": thing.text, "blocks": thing.blocks, "view": shown(thing.view)}
        case Conversation():
            return thing.id
        case list():
            return [shown(one) for one in thing]
    return thing


def _json(do: Callable[[JSON], Awaitable[Any]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            result = await do(json.loads(await request.read() or b"{}"))
        except (LookupError, ValueError, TypeError, PermissionError, TimeoutError) as problem:
            said = f"missing {problem}" if type(problem) is KeyError else str(problem)
            return web.json_response({"error": said}, status=400)
        return web.json_response({"result": result})

    return answer
