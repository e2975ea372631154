"""Selects whose options the app provides while the person types (block_suggestion)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox import forms, payloads

if TYPE_CHECKING:
    from sandbox.actor import Actor
    from sandbox.forms import Field
    from sandbox.screen import Place

JSON = dict[str, Any]
EXTERNAL = ("external_select", "multi_external_select")


async def with_options(person: Actor, place: Place, field: Field, value: Any) -> Field:
    """The field with what the app offers for the words typed."""
    typed = value if isinstance(value, list | tuple) else [] if value is None else [value]
    offered = [option for words in typed for option in await _ask(person, place, field, str(words))]
    return replace(field, element={**field.element, "options": offered})


async def _ask(person: Actor, place: Place, field: Field, typed: str) -> list[JSON]:
    """The options the app answers; none where it doesn't in time."""
    workspace = person.workspace
    payload: JSON = {"action_id": field.action_id, "block_id": field.block_id, "value": typed}
    if place.view is not None:
        app = place.view.app
        container = {"type": "view", "view_id": place.view.id}
        payload |= {"container": container, "view": place.view.with_state()}
    else:
        assert place.message is not None
        app = workspace.apps[place.message.raw["app_id"]]
        where = place.message.conversation
        container = {"type": "message", "message_ts": place.message.ts, "channel_id": where.id}
        channel = payloads.channel(where)
        payload |= {"container": container, "channel": channel, "message": place.message.raw}
    payload = payloads.interaction(app, workspace, person.account, "block_suggestion") | payload
    ack = await person.slack.outgoing.request(app, "interactive", payload)
    return forms.options(ack.body or {})
