"""Where Slack's payloads become requests of `handlers`, and their replies become acks.

One Bolt listener per payload type with a dictionary behind it: Bolt tries listeners one by one, a dictionary
costs the same however many routes there are.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.admission import Admission
from bot.background import Background
from bot.directory import Directory, NotLookedUp
from bot.faults import UnknownIdError, WordsKept, report_fault
from bot.help import answer_help
from bot.incoming import MENDED, Tell, refused_form
from bot.moved_channels import ids_in, with_ids
from bot.payloads import organisation_of, time_of, workspace_of
from bot.transactions import has_committed
from domain.errors import DomainError, FieldErrors
from domain.people import Actor, UnknownPeople
from domain.reading.legible import legible
from domain.reading.markup import plain_text
from domain.reading.messages import words_of
from domain.reading.names import fold
from handlers.requests import (
    Click,
    Command,
    Deps,
    Event,
    Form,
    Handler,
    Reply,
    Routes,
    Shortcut,
    Subcommand,
    Submission,
)
from services.access import tell_in
from storage.channels import find_moved
from storage.database import is_away
from storage.delivery import outbox
from views.slack import blocks as b
from views.slack.choices import MAX_COMMAND
from views.slack.fields import with_absent

DepsOf = Callable[[str], Awaitable[Deps]]
"""What handlers work with in a workspace. Raises LookupError where the app is not installed."""
_ANY = re.compile(".*")
_SHOWN = ("type", "title", "blocks", "submit", "close", "callback_id", "private_metadata")


class Edge:
    """Dispatches each payload to its handler, and turns what comes back into the right answer."""

    def __init__(
        self, deps_of: DepsOf, directory: Directory, routes: Routes, background: Background, tell: Tell
    ) -> None:
        self._deps_of = deps_of
        self._directory = directory
        self._routes = routes
        self._background = background
        self._tell_at_once = tell

    def register(self, app: AsyncApp) -> None:
        app.command(_ANY)(self.on_command)
        app.action(_ANY)(self.on_action)
        app.view_submission(_ANY)(self.on_submission)
        app.shortcut(_ANY)(self.on_shortcut)
        app.options(_ANY)(self.on_options)
        app.event(_ANY)(self.on_event)

    async def on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        typed = body.get("text", "").strip()
        if len(typed) > MAX_COMMAND:
            await ack(_too_long(body["command"], len(typed)))
            return
        word, rest = (*typed.split(maxsplit=1), "", "")[
            :2
        ]  # at whatever space there is: no-break ones, a new line
        subcommands = self._routes.commands.get(body["command"], ())
        chosen = choose_subcommand(subcommands, word)
        if chosen is None:
            await _ack_message(ack, answer_help(body["command"], subcommands, plain_text(word)))
            return
        if unkept := body.get(MENDED):
            await ack(b.escape(f"{unkept['text']} Nothing was done."))
            return
        text = rest.strip() if chosen.name else typed
        request = Command(_actor(body), body["channel_id"], text, body["trigger_id"])

        async def refuse(sentence: str) -> None:
            await ack(b.escape(sentence))

        reply = await self._run(chosen.run, request, refuse)
        if reply is not None:
            await (_ack_message(ack, reply.message) if reply.message else ack())

    async def on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        action = body["actions"][0]
        handler = self._routes.clicks.get(action["action_id"])
        if handler is None:
            if action["type"] == "button":
                raise UnknownIdError("button")
            await ack()  # an input of a form
            return
        request = Click(
            _actor(body),
            action["action_id"],
            _action_value(action),
            body["trigger_id"],
            channel_id=(body.get("channel") or {}).get("id"),
            form=_form(body["view"]) if body.get("view") else None,
        )

        async def refuse(sentence: str) -> None:
            await self._tell(request, b.notice(sentence))
            await ack()

        reply = await self._run(handler, request, refuse)
        if reply is None:
            return
        if reply.message is not None:
            await self._tell(request, reply.message)
        await ack()
        self._go_on(reply, request)

    async def _tell(self, request: Click, message: b.Payload) -> None:
        where, deps = request.channel_id or "", await self._deps_of(request.actor.workspace_id)
        await deps.transact(tell_in, request.actor, where, message, deps.now())

    async def on_submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        form = _form(body["view"])
        request = Submission(_actor(body), form, body.get("trigger_id", ""))
        handler = self._routes.submissions.get(form.callback_id)
        if handler is None:
            raise UnknownIdError("form")
        if unkept := body.get(MENDED):
            await ack(response_action="errors", errors=_legible(unkept))
            return

        async def refuse(sentence: str) -> None:
            await ack(**refused_form(body, sentence))

        try:
            reply = await self._run(handler, request, refuse)
        except FieldErrors as problems:
            await ack(response_action="errors", errors=_legible(problems.errors))
            return
        if reply is not None:
            await (ack(response_action="update", view=reply.update) if reply.update else ack())
            self._go_on(reply, request)

    async def on_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        channel, message = body.get("channel") or {}, body.get("message") or {}
        words = words_of(message)
        request = Shortcut(
            _actor(body),
            body["trigger_id"],
            channel.get("id", ""),
            words.own or words.passed_on,
            message.get("ts", ""),
        )

        handler = self._routes.shortcuts.get(body["callback_id"])
        if handler is None:
            raise UnknownIdError("shortcut")
        await self._run(handler, request, partial(self._refuse_in_dm, request.actor))
        await ack()

    async def on_options(self, ack: AsyncAck) -> None:
        """No list of ours asks for its options."""
        raise UnknownIdError("list")

    async def on_event(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        handler = self._routes.events.get(body["event"]["type"])
        if handler is None:
            raise UnknownIdError("event")
        workspace_id = workspace_of(body) or organisation_of(body)
        event = Event(
            _known(workspace_id), body["event_id"], body["event"], time_of(body), bool(body.get(MENDED))
        )
        try:
            await self._with_people(handler, event, event.workspace_id)
        except Exception as fault:
            await self._keep_words(event, fault)
            raise
        await ack()

    async def _keep_words(self, event: Event, fault: Exception) -> None:
        """What a person wrote stays, whatever became of the rest. Raises WordsKept when it is."""
        keep = self._routes.keepers.get(event.body["type"])
        if keep is not None and not is_away(fault):
            deps = await self._deps_of(event.workspace_id)
            if await keep(deps.by(event.way), event):
                raise WordsKept from fault

    def _go_on(self, reply: Reply, request: Click | Submission) -> None:
        if reply.after is not None:
            self._background.start(self._finish(reply.after, request))

    async def _finish(self, work: Handler, request: Click | Submission) -> None:
        has_committed.set(False)
        try:
            await self._run(work, request, partial(self._refuse_in_dm, request.actor))
        except Exception as fault:  # noqa: BLE001 - Slack has its answer; the person is told in another way
            sentence, actor = report_fault(fault, "work after an answer"), request.actor
            self._tell_at_once(actor.workspace_id, actor.person_id, None, sentence)

    async def _refuse_in_dm(self, actor: Actor, sentence: str) -> None:
        message, deps = b.notice(sentence), await self._deps_of(actor.workspace_id)
        await deps.transact(outbox.enqueue_post, actor.workspace_id, actor.person_id, message, now=deps.now())

    async def _run(
        self, handler: Handler, request: Any, refuse: Callable[[str], Awaitable[None]]
    ) -> Reply | None:
        """The handler's reply; None when it was refused, which has then been said."""
        try:
            return await self._with_people(handler, request, request.actor.workspace_id) or Reply()
        except DomainError as refusal:
            if isinstance(refusal, FieldErrors) and isinstance(request, Submission):
                raise
            again = await self._brought_up_to_date(request)
            if again is not None:
                return await self._run(handler, again, refuse)
            await refuse(str(refusal))
            return None

    async def _brought_up_to_date(self, request: Any) -> Click | Submission | None:
        """What was refused, where it names a channel by an id that it had; None where it does not."""
        ids = ids_in(request) if isinstance(request, (Click, Submission)) else frozenset()
        if not ids:
            return None
        deps = await self._deps_of(request.actor.workspace_id)
        moved = await deps.transact(find_moved, request.actor.workspace_id, ids)
        return with_ids(request, moved) if moved else None

    async def _with_people(self, handler: Handler, request: Any, workspace_id: str) -> Reply | None:
        deps = (await self._deps_of(workspace_id)).by(request.way)
        try:
            return await handler(deps, request)
        except UnknownPeople as unknown:
            try:
                await self._directory.look_up(workspace_id, unknown.person_ids)
            except NotLookedUp as refusal:
                if isinstance(request, Submission) and (fields := _fields_with(request, refusal.person_ids)):
                    raise FieldErrors(dict.fromkeys(fields, str(refusal))) from None
                raise
            return await handler(deps, request)


def _too_long(command: str, length: int) -> str:
    return (
        f"That is {length:,} characters, and I read at most {MAX_COMMAND:,} after `{command}`. "
        f"Please shorten it; `{command} help` shows how commands are written."
    )


def choose_subcommand(subcommands: Sequence[Subcommand], word: str) -> Subcommand | None:
    """The subcommand typed; the bare command where it takes arguments of its own; None asks for help."""
    by_name = {subcommand.name: subcommand for subcommand in subcommands}
    if fold(word) in by_name:
        return by_name[fold(word)]
    bare = by_name.get("")
    is_own_argument = word == "" or word.startswith(("<@", "@"))
    return bare if bare is not None and is_own_argument else None


def build_bolt(
    client: AsyncWebClient, admission: Admission, *, signing_secret: str | None = None
) -> AsyncApp:
    """Without a signing secret for what has been verified; every setting is passed, so that stray variables change nothing."""
    return AsyncApp(
        name="drumbeat",  # or Bolt reads the whole call stack to find one
        client=client,
        signing_secret=signing_secret or secrets.token_hex(),
        before_authorize=admission.admit,
        authorize=admission,
        process_before_response=True,
        request_verification_enabled=signing_secret is not None,
        raise_error_for_unhandled_request=True,
    )


def _actor(body: Mapping[str, Any]) -> Actor:
    workspace_id = _known(workspace_of(body))
    if "user" in body:
        user = body["user"]
        return Actor(workspace_id, user["id"], user.get("team_id") or workspace_id)
    return Actor(workspace_id, body["user_id"], body["team_id"])


def _known(workspace_id: str | None) -> str:
    """Raises LookupError where Slack does not say."""
    if workspace_id is None:
        raise LookupError("workspace")
    return workspace_id


def _form(view: Mapping[str, Any]) -> Form:
    return Form(
        view["id"],
        view.get("hash", ""),
        view.get("callback_id", ""),
        view.get("private_metadata", ""),
        with_absent(
            view,
            {
                block_id: next(iter(elements.values()), {})
                for block_id, elements in view.get("state", {}).get("values", {}).items()
            },
        ),
        {part: view[part] for part in _SHOWN if part in view},
    )


def _fields_with(submission: Submission, person_ids: Collection[str]) -> list[str]:
    """The fields of a form in which one of them was chosen."""
    chosen = {
        field: {state.get("selected_user"), *(state.get("selected_users") or ())}
        for field, state in submission.form.state.items()
    }
    return [field for field, people in chosen.items() if not people.isdisjoint(person_ids)]


def _action_value(action: Mapping[str, Any]) -> str:
    option = action.get("selected_option")
    return str(option["value"] if option else action.get("value") or action.get("selected_user") or "")


async def _ack_message(ack: AsyncAck, message: b.Payload) -> None:
    await ack(text=message["text"], blocks=message["blocks"])


def _legible(errors: Mapping[str, str]) -> dict[str, str]:
    """Sentences at fields repeat people's words, as plain text."""
    return {field: legible(sentence) for field, sentence in errors.items()}
