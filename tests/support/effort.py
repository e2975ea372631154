"""Counts what is asked of people, from what went between Slack and the bot: forms, fields, clicks, words and messages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox import LocalSlack, Person

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effort:
    """Of one person or of all: `clicks` are buttons pressed, Save and Start among them; `fields` those changed in forms
    that were sent; `words` what was typed in messages; `messages` what came to direct messages.
    """

    forms: int = 0
    fields: int = 0
    clicks: int = 0
    words: int = 0
    messages: int = 0


class Tally:
    """Counts from now on."""

    def __init__(self, slack: LocalSlack, people: Iterable[Person]) -> None:
        self._slack = slack
        self._people = list(people)
        self._delivered = len(slack.outgoing.delivered)
        self._messages = {one.id: len(one.dm.messages) for one in self._people}

    def of(self, *people: Person) -> Effort:
        """All of them where none is named."""
        whom = people or tuple(self._people)
        ids = {one.id for one in whom}
        sent = [one.parcel.payload for one in self._slack.outgoing.delivered[self._delivered :]]
        mine = [one for one in sent if _who(one) in ids]
        submitted = [one for one in mine if one.get("type") == "view_submission"]
        pressed = [one for one in mine if one.get("type") == "block_actions" and _is_button(one)]
        came = [m for one in whom for m in one.dm.messages[self._messages[one.id] :] if "bot_id" in m.raw]
        return Effort(
            forms=len(submitted),
            fields=sum(1 for one in submitted for _ in _changed(one["view"])),
            clicks=len(submitted) + len(pressed),
            words=sum(len(str(one["event"].get("text", "")).split()) for one in mine if _is_message(one)),
            messages=len(came),
        )


def _who(payload: JSON) -> str:
    event = payload.get("event", {})
    return str(payload.get("user", {}).get("id") or payload.get("user_id") or event.get("user", ""))


def _is_button(payload: JSON) -> bool:
    return any(action["type"] == "button" for action in payload["actions"])


def _is_message(payload: JSON) -> bool:
    event: JSON = payload.get("event", {})
    return event.get("type") == "message" and "bot_id" not in event


def _changed(view: JSON) -> Iterator[str]:
    """The block_ids of fields that do not say what they said when the form was opened."""
    at_first = {
        (block["block_id"], element["action_id"]): element
        for block in view["blocks"]
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", ()))
        if element and "action_id" in element
    }
    for block_id, actions in view["state"]["values"].items():
        for action_id, state in actions.items():
            element = at_first[block_id, action_id]
            now = next((state[key] for key in state if key != "type"), None)
            before = next((element[key] for key in element if key.startswith("initial_")), None)
            if (now or None) != (before or None):
                yield block_id
