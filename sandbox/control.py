"""The same verbs from outside the process: JSON over HTTP under /control/.

Names stand for people ("ana"), channels ("#marketing") and the open things they see. "workspace", a domain or an id, says
in which it is where that is not the first. `{"error": ...}` with 400 says what went wrong.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.config.kinds import is_text, is_zone
from sandbox.config.manifests import Manifest
from sandbox.forms import Form
from sandbox.reading_json import read_json
from sandbox.refusals import ApiError
from sandbox.reply import Reply
from sandbox.workspace import Conversation, Message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.apps import App, Registration
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
        *("allows", "cancels", "writes_canvas", "deletes_canvas"),
    }
)

_WRONG = (
    *(LookupError, ValueError, TypeError, AttributeError, OverflowError),
    *(PermissionError, TimeoutError, ApiError),
)
"""What comes of verbs and arguments that fit nothing here."""


class Control:
    def __init__(self, slack: World) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        posts: dict[str, Callable[[World, JSON], Awaitable[Any]]] = {
            "workspaces": self._workspace,
            "people": self._person,
            "channels": self._channel,
            "apps": self._app,
            "uninstall": self._uninstall,
            "act": self._act,
            "clock": self._clock,
            "settled": self._settled,
            "connected": self._connected,
            "faults": self._fault,
            "deactivate": self._deactivate,
            "canvases": self._canvases,
        }
        return [
            *(web.post(f"/control/{name}", self._json(do)) for name, do in posts.items()),
            web.get("/control/state", self._state),
            web.get("/control/calls", self._calls),
            web.get("/control/conversations/{id}", self._conversation),
        ]

    async def _workspace(self, _: World, given: JSON) -> JSON:
        """Arguments of `World.add_workspace`."""
        added = self._slack.add_workspace(is_text(given["name"]), given.get("domain")).workspace
        return {"id": added.id, "name": added.name, "domain": added.domain}

    async def _person(self, world: World, given: JSON) -> JSON:
        """Arguments of `World.person`."""
        is_zone(given.get("tz", "UTC"))
        person = world.person(is_text(given.pop("name")), **given)
        return {"id": person.id, "name": person.account.name, "dm": _dm(person)}

    async def _channel(self, world: World, given: JSON) -> JSON:
        """Arguments of `World.channel`, members by name."""
        members = [_who(world, name) for name in given.pop("members", [])]
        channel = world.channel(is_text(given.pop("name")), members=members, **given)
        return {"id": channel.id, "name": channel.name}

    async def _app(self, world: World, given: JSON) -> JSON:
        """{"manifest", "request_url"?, "scopes"?}: the installed app's secrets; {"manifest", "installed": false}: those
        of one that people are to install by OAuth.
        """
        Manifest.model_validate(given["manifest"])
        registration = self._slack.register(given["manifest"])
        registration.request_url = given.get("request_url")
        if not given.get("installed", True):
            return _secrets(registration)
        return _with_token(world.install(registration, scopes=given.get("scopes")))

    async def _uninstall(self, world: World, given: JSON) -> JSON:
        """{"app_id"?}: takes an app out of a workspace, by default the one installed first."""
        await world.uninstall(world.workspace.apps[given["app_id"]] if "app_id" in given else world.app)
        return {}

    async def _act(self, world: World, given: JSON) -> Any:
        """{"person", "verb", "args": {...}}; names and {"channel", "ts"} stand for people, channels and messages."""
        verb = given["verb"]
        if verb not in VERBS:
            raise LookupError(f"{verb!r} is none of {', '.join(sorted(VERBS))}")
        args = {name: _meant(world, name, value) for name, value in given.get("args", {}).items()}
        done = getattr(_who(world, given["person"]), verb)(**args)
        return shown(await done if isawaitable(done) else done)

    async def _clock(self, _: World, given: JSON) -> JSON:
        """{"to": ISO moment} or {"by": seconds}: moves the time on."""
        if "to" in given:
            await self._slack.clock.advance(to=datetime.fromisoformat(given["to"]))
        else:
            await self._slack.clock.advance(by=timedelta(seconds=given["by"]))
        return {"now": self._slack.clock.now.isoformat()}

    async def _settled(self, _: World, _given: JSON) -> JSON:
        await self._slack.settled()
        return {"now": self._slack.clock.now.isoformat()}

    async def _connected(self, world: World, given: JSON) -> JSON:
        """{"connections"?}: waits until the first app holds so many Socket Mode connections, by default one."""
        await world.connected(connections=given.get("connections", 1))
        return {}

    async def _fault(self, _: World, given: JSON) -> JSON:
        """Arguments of `faults.add`."""
        self._slack.faults.add(given.pop("method"), given.pop("kind"), **given)
        return {}

    async def _deactivate(self, world: World, given: JSON) -> JSON:
        await world.deactivate(_who(world, given["person"]))
        return {}

    async def _canvases(self, world: World, given: JSON) -> JSON:
        """{"refusal"}: what they are refused with from now on, such as "canvas_disabled_user_team"; "" allows them."""
        world.workspace.canvas_refusal = is_text(given["refusal"])
        return {}

    def _world(self, name: str | None) -> World:
        """The first one unless named by domain or id. Raises LookupError."""
        if name is None:
            return self._slack
        for world in self._slack.worlds:
            if name in (world.workspace.domain, world.workspace.id):
                return world
        raise LookupError(f"there is no workspace {name!r}")

    def _json(
        self, do: Callable[[World, JSON], Awaitable[Any]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                given = _object(await request.read() or b"{}")
                result = await do(self._world(given.pop("workspace", None)), given)
            except _WRONG as problem:
                said = f"missing {problem}" if type(problem) is KeyError else str(problem)
                return web.json_response({"error": said}, status=400)
            return web.json_response({"result": result})

        return answer

    async def _state(self, request: web.Request) -> web.Response:
        """Of one workspace; the names of all, and the secrets of all apps."""
        try:
            slack = self._world(request.query.get("workspace"))
        except LookupError as unknown:
            return web.json_response({"error": str(unknown)}, status=404)
        people = [
            {
                "id": p.id,
                "name": p.account.name,
                "dm": _dm(p),
                "form": shown(p.form),
                "notices": shown(p.notices),
            }
            for p in slack.people.values()
        ]
        channels = [
            {"id": c.id, "name": c.name, "kind": c.kind, "archived": c.archived, "members": list(c.members)}
            for c in slack.workspace.conversations.values()
        ]
        spaces = [one.workspace for one in slack.worlds]
        return web.json_response(
            {
                "now": slack.clock.now.isoformat(),
                "workspaces": [{"id": s.id, "name": s.name, "domain": s.domain} for s in spaces],
                "people": people,
                "conversations": channels,
                "apps": [_with_token(app) for app in slack.workspace.apps.values()],
                "registrations": [_secrets(one) for one in slack.shared.registrations.values()],
            }
        )

    async def _calls(self, _request: web.Request) -> web.Response:
        calls = [
            {"method": c.method, "args": c.args, "at": c.at.isoformat(), "ok": c.ok, "error": c.error}
            for c in self._slack.calls
        ]
        return web.json_response({"calls": calls})

    async def _conversation(self, request: web.Request) -> web.Response:
        try:
            world = self._world(request.query.get("workspace"))
            found = world.workspace.channel_called(request.match_info["id"])
        except LookupError as unknown:
            return web.json_response({"error": str(unknown)}, status=404)
        return web.json_response({"id": found.id, "name": found.name, "messages": shown(found.messages)})


def _object(raw: bytes) -> JSON:
    """Raises ValueError or TypeError."""
    given = read_json(raw)
    if not isinstance(given, dict):
        raise TypeError("write a JSON object")
    return given


def _meant(world: World, name: str, value: Any) -> Any:
    if name in ("message", "thread"):
        return _message(world, value)
    if name == "who":
        return world.app if world.workspace.apps and value == world.app.name else _who(world, value)
    if name in ("channel", "out_of", "to") and isinstance(value, str):
        return _who(world, value) if value.startswith("@") else world.workspace.channel_called(value)
    return base64.b64decode(value) if name == "content" else value


def _message(world: World, value: JSON | None) -> Message | None:
    return None if value is None else world.workspace.channel_called(value["channel"]).log[value["ts"]]


def _who(world: World, name: str) -> Person:
    return world.people[world.workspace.user_called(name).name]


def _dm(person: Person) -> str | None:
    return person.dm.id if person.workspace.apps else None


def _secrets(app: Registration) -> JSON:
    return {
        "app_id": app.app_id,
        "name": app.name,
        "app_token": app.app_token,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "signing_secret": app.signing_secret,
        "request_url": app.request_url,
    }


def _with_token(app: App) -> JSON:
    return {**_secrets(app.registration), "bot_user_id": app.bot_user_id, "bot_token": app.bot_token}


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
