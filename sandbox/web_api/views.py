"""views.*: forms on people's screens, and App Home."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sandbox import forms, limits, payloads
from sandbox.records import View
from sandbox.refusals import ApiError, invalid_arguments
from sandbox.web_api import targets

if TYPE_CHECKING:
    from sandbox.core import Core
    from sandbox.triggers import Trigger
    from sandbox.web_api.call import Call

JSON = dict[str, Any]
MOST_STACKED = 3


def open_(call: Call) -> JSON:
    given = _given(call, "modal")
    trigger = _trigger(call)
    return {"view": show(call.slack, trigger, given, pushed=False).with_state()}


def push(call: Call) -> JSON:
    given = _given(call, "modal")
    trigger = _trigger(call)
    return {"view": show(call.slack, trigger, given, pushed=True).with_state()}


def show(slack: Core, trigger: Trigger, given: JSON, *, pushed: bool) -> View:
    """Puts a modal on the screen of the trigger's person, alone or on top of the others."""
    stack = slack.workspace.stacks.setdefault(trigger.user_id, [])
    if pushed and len(stack) >= MOST_STACKED:
        raise ApiError("push_limit_reached")
    _unique_external_id(slack, given)
    if not pushed:
        stack.clear()
    view = _new(slack, trigger, given, stack[-1] if stack else None)
    stack.append(view)
    trigger.opened(view)
    return view


def _new(slack: Core, trigger: Trigger, given: JSON, below: View | None) -> View:
    view_id = slack.workspace.new_id("V")
    payload = payloads.view(
        trigger.app,
        slack.workspace,
        given,
        view_id=view_id,
        view_hash=new_hash(slack),
        root=below.payload["root_view_id"] if below else view_id,
        previous=below.id if below else None,
    )
    view = View(trigger.app, trigger.user_id, payload)
    view.values = forms.initial_state(view.blocks, trigger.conversation)
    return view


def new_hash(slack: Core) -> str:
    return f"{slack.workspace.now()}.{secrets.token_urlsafe(6)}"


def _unique_external_id(slack: Core, given: JSON) -> None:
    wanted = given.get("external_id")
    open_views = [view for stack in slack.workspace.stacks.values() for view in stack]
    if wanted and any(view.payload["external_id"] == wanted for view in open_views):
        raise ApiError("duplicate_external_id")


def update(call: Call) -> JSON:
    given = _given(call, "modal", "home")
    view = _existing(call)
    if (sent := call.text("hash")) and sent != view.payload["hash"]:
        raise ApiError("hash_conflict")
    replace(call.slack, view, given)
    return {"view": view.with_state()}


def replace(slack: Core, view: View, given: JSON) -> None:
    """Draws a view anew. What was typed stays where block_id and action_id stayed."""
    old = view.payload
    payload = payloads.view(
        view.app,
        slack.workspace,
        given,
        view_id=view.id,
        view_hash=new_hash(slack),
        root=old["root_view_id"],
        previous=old["previous_view_id"],
    )
    typed = view.values
    view.payload, view.errors, view.problem = payload, {}, None
    view.values = forms.initial_state(view.blocks)
    for block_id, actions in view.values.items():
        for action_id, value in actions.items():
            before = typed.get(block_id, {}).get(action_id)
            if before and before["type"] == value["type"]:
                actions[action_id] = before


def _existing(call: Call) -> View:
    workspace = call.slack.workspace
    view_id, external_id = call.text("view_id"), call.text("external_id")
    views = [view for stack in workspace.stacks.values() for view in stack] + list(workspace.homes.values())
    for view in views:
        if view.app is call.app and (
            view.id == view_id or (external_id and view.payload["external_id"] == external_id)
        ):
            return view
    raise ApiError("not_found")


def publish(call: Call) -> JSON:
    given = _given(call, "home")
    app, slack = call.app, call.slack
    if not app.registration.home.get("home_tab_enabled"):
        raise ApiError("not_enabled")
    person = targets.user(call, call.required("user_id"))
    home = slack.workspace.homes.get((person.id, app.app_id))
    if home is None:
        view_id = slack.workspace.new_id("V")
        payload = payloads.view(
            app,
            slack.workspace,
            given,
            view_id=view_id,
            view_hash=new_hash(slack),
            root=view_id,
            previous=None,
        )
        home = slack.workspace.homes[person.id, app.app_id] = View(app, person.id, payload)
        home.values = forms.initial_state(home.blocks)
    elif (sent := call.text("hash")) and sent != home.payload["hash"]:
        raise ApiError("hash_conflict")
    else:
        replace(slack, home, given)
    return {"view": home.with_state()}


def _given(call: Call, *kinds: str) -> JSON:
    given = call.decoded("view", "invalid_arguments")
    if not isinstance(given, dict):
        raise invalid_arguments("[ERROR] missing required field: view")
    if given.get("type") not in kinds:
        raise invalid_arguments("[ERROR] unsupported type: [json-pointer:/view/type]")
    limits.check_view(given)
    return given


def _trigger(call: Call) -> Trigger:
    return call.slack.triggers.exchange(call.app, call.required("trigger_id"))
