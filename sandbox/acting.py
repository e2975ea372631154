"""What Slack does when a person acts: the payload to the app, its answer, what then shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import drawing, forms, limits, payloads, responding, text
from sandbox.refusals import ApiError
from sandbox.reply import Reply
from sandbox.response_urls import ResponseUrl
from sandbox.web_api import views

if TYPE_CHECKING:
    from sandbox.actor import Actor
    from sandbox.apps import App
    from sandbox.delivery.parcel import Ack
    from sandbox.forms import Form
    from sandbox.records import View
    from sandbox.screen import Place
    from sandbox.workspace import Conversation, Message

JSON = dict[str, Any]
TIMEOUTS = ("timeout", "http_timeout")
TROUBLE = "We had some trouble connecting. Try again?"


async def run_command(person: Actor, name: str, said: str, where: Conversation) -> Reply:
    """Sends a command and shows its answer, or Slackbot's excuse."""
    slack, reply = person.slack, Reply(person.workspace)
    _require_able(person, where)
    app = next(
        (
            app
            for app in slack.workspace.apps.values()
            if name in app.registration.commands and not app.uninstalled
        ),
        None,
    )
    if app is None:
        _slackbot(person, reply, where, f"{name} is not a valid command.")
        return reply
    typed = text.typed_command(
        said, slack.workspace, should_escape=bool(app.registration.commands[name].get("should_escape"))
    )
    trigger = slack.triggers.issue(app, person.id, reply.shows, where)
    url = slack.response_urls.issue(app, person.id, where, reply.notices.append)
    payload = payloads.command(
        app,
        slack.workspace,
        person.account,
        where,
        name=name,
        text=typed,
        trigger_id=trigger.id,
        response_url=url,
    )
    ack = await slack.outgoing.request(app, "slash_commands", payload)
    if ack.failure:
        _slackbot(person, reply, where, f"{name} failed with the error {_excuse(ack)}")
    elif ack.body and (ack.body.get("text") or ack.body.get("blocks")):
        target = ResponseUrl(app, person.id, where, 0, reply.notices.append)
        _answer_command(person, reply, target, ack.body, name)
    return reply


def _answer_command(person: Actor, reply: Reply, target: ResponseUrl, body: JSON, name: str) -> None:
    try:
        responding.answer(person.slack, target, body)
    except ApiError as refused:
        _slackbot(person, reply, target.conversation, f"{name} failed with the error {refused.code!r}")


def _excuse(ack: Ack) -> str:
    return '"operation_timeout": operation timed out' if ack.failure in TIMEOUTS else '"dispatch_failed"'


def _require_able(person: Actor, where: Conversation) -> None:
    if person.account.deactivated:
        raise PermissionError(f"{person.name}'s account is deactivated")
    if person.account.team_id != person.workspace.id:
        raise PermissionError(
            f"{person.name} belongs to another organisation, where the command doesn't exist"
        )
    if person.id not in where.members:
        raise PermissionError(f"{person.name} is not in #{where.name}")


def _slackbot(person: Actor, reply: Reply, where: Conversation, said: str) -> None:
    raw = {"type": "message", "user": "USLACKBOT", "text": said, "ts": where.next_ts()}
    reply.notices.append(person.slack.show_ephemeral(raw, where, person.id))


async def use_shortcut(person: Actor, name: str, message: Message | None) -> Reply:
    slack, reply = person.slack, Reply(person.workspace)
    kind = "global" if message is None else "message"
    apps = [app for app in slack.workspace.apps.values() if not app.uninstalled]
    found = ((app, s) for app in apps if (s := app.registration.shortcuts.get(name)))
    app, shortcut = next(((a, s) for a, s in found if s["type"] == kind), (None, None))
    if app is None or shortcut is None:
        raise LookupError(f"there is no {kind} shortcut {name!r}")
    where = message.conversation if message else None
    trigger = slack.triggers.issue(app, person.id, reply.shows, where)
    payload = payloads.interaction(
        app, slack.workspace, person.account, "shortcut" if message is None else "message_action"
    )
    payload |= {
        "callback_id": shortcut["callback_id"],
        "trigger_id": trigger.id,
        "action_ts": slack.workspace.stamp(),
    }
    if message is not None:
        conversation = message.conversation
        payload |= {
            "channel": payloads.channel(conversation),
            "message_ts": message.ts,
            "message": message.raw,
            "response_url": slack.response_urls.issue(
                app, person.id, conversation, reply.notices.append, message
            ),
        }
    await _interact(person, reply, app, payload, where or person.dm_with(app))
    return reply


async def act_on(person: Actor, place: Place, state: JSON | None) -> Reply:
    """Sends block_actions for an element; `state` is its new value, None for a button."""
    slack, reply = person.slack, Reply(person.workspace)
    if place.message is not None:
        app = slack.workspace.apps[place.message.raw["app_id"]]
        where = place.message.conversation
    else:
        assert place.view is not None
        app, where = place.view.app, None
    trigger = slack.triggers.issue(app, person.id, reply.shows, where)
    payload = payloads.interaction(app, slack.workspace, person.account, "block_actions")
    payload |= {"trigger_id": trigger.id, "actions": [_action(place, state, slack.workspace.stamp())]}
    payload |= _on_message(person, reply, app, place, state) if place.message else _on_view(place)
    await _interact(person, reply, app, payload, where or person.dm_with(app))
    return reply


def _action(place: Place, state: JSON | None, now: str) -> JSON:
    element = place.element
    action: JSON = {"action_id": element.get("action_id", ""), "block_id": place.block["block_id"]}
    for key in ("text", "value", "style", "placeholder", "url"):
        if key in element:
            action[key] = element[key]
    return {**action, **(state or {}), "type": element["type"], "action_ts": now}


def _on_message(person: Actor, reply: Reply, app: App, place: Place, state: JSON | None) -> JSON:
    message = place.message
    assert message is not None
    conversation, hidden = message.conversation, message.ephemeral_to is not None
    values = forms.initial_state(message.blocks)
    if state and place.element["type"] in forms.STATEFUL:
        values[place.block["block_id"]][place.element["action_id"]] = state
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": conversation.id,
        "is_ephemeral": hidden,
    }
    if "thread_ts" in message.raw:
        container["thread_ts"] = message.raw["thread_ts"]
    url = person.slack.response_urls.issue(app, person.id, conversation, reply.notices.append, message)
    shape: JSON = {
        "container": container,
        "channel": payloads.channel(conversation),
        "state": {"values": values},
        "response_url": url,
    }
    return shape if hidden else shape | {"message": message.raw}


def _on_view(place: Place) -> JSON:
    assert place.view is not None
    return {"container": {"type": "view", "view_id": place.view.id}, "view": place.view.with_state()}


async def _interact(person: Actor, reply: Reply, app: App, payload: JSON, where: Conversation) -> None:
    if not app.registration.is_interactive:
        _slackbot(person, reply, where, "This app is not configured to handle interactive responses.")
        return
    ack = await person.slack.outgoing.request(app, "interactive", payload)
    if ack.failure:
        said = "operation timed out" if ack.failure in TIMEOUTS else "the app did not answer"
        _slackbot(person, reply, where, f"Something went wrong: {said}.")


async def submit(person: Actor, view: View) -> Form | None:
    """Checks as Slack's client does, sends view_submission, does what the app answers."""
    slack = person.slack
    if view.payload.get("submit") is None:
        raise LookupError(f"the form {drawing.text_of(view.payload['title'])!r} has no submit button")
    view.errors, view.problem = forms.problems(view), None
    if view.errors:
        return person.form
    reply = Reply(person.workspace)
    trigger = slack.triggers.issue(view.app, person.id, reply.shows)
    payload = payloads.interaction(view.app, slack.workspace, person.account, "view_submission")
    payload |= {
        "trigger_id": trigger.id,
        "view": view.with_state(),
        "response_urls": _asked_urls(person, reply, view),
    }
    ack = await slack.outgoing.request(view.app, "interactive", payload)
    if ack.failure:
        view.problem = TROUBLE
        return person.form
    try:
        _apply(person, view, ack.body or {}, reply)
    except ApiError:
        view.problem = TROUBLE
    return person.form


def _apply(person: Actor, view: View, body: JSON, reply: Reply) -> None:
    """Does the response_action. Raises ApiError for a view beyond Slack's limits."""
    slack = person.slack
    stack = slack.workspace.stacks[person.id]
    match body.get("response_action"):
        case "errors":
            view.errors = dict(body["errors"])
        case "update":
            limits.check_view(body["view"])
            views.replace(slack, view, body["view"])
        case "push":
            limits.check_view(body["view"])
            views.show(
                slack, slack.triggers.issue(view.app, person.id, reply.shows), body["view"], pushed=True
            )
        case "clear":
            stack.clear()
        case _ if view in stack:
            stack.remove(view)


def _asked_urls(person: Actor, reply: Reply, view: View) -> list[JSON]:
    """response_urls for the conversations chosen in fields that asked for one."""
    urls = []
    for field in forms.fields(view.blocks):
        if not field.element.get("response_url_enabled"):
            continue
        state = view.values[field.block_id][field.action_id]
        chosen = state.get("selected_conversation") or state.get("selected_channel")
        if chosen:
            where = person.workspace.conversations[chosen]
            url = person.slack.response_urls.issue(view.app, person.id, where, reply.notices.append)
            urls.append(
                {
                    "block_id": field.block_id,
                    "action_id": field.action_id,
                    "channel_id": chosen,
                    "response_url": url,
                }
            )
    return urls


async def close(person: Actor, view: View, *, everything: bool) -> None:
    """Takes forms off the screen and says view_closed for those that asked to hear."""
    slack = person.slack
    stack = slack.workspace.stacks[person.id]
    told = stack[0] if everything else view
    clear = everything or bool(view.payload["clear_on_close"])
    if clear:
        stack.clear()
    else:
        stack.remove(view)
    if told.payload["notify_on_close"]:
        payload = payloads.interaction(told.app, slack.workspace, person.account, "view_closed")
        payload |= {"view": told.with_state(), "is_cleared": everything, "response_urls": []}
        await slack.outgoing.request(told.app, "interactive", payload)
