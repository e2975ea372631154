"""What people read of a fault and what the log holds of it; payloads as Slack makes them, for the rest to be wrong."""

import re
from typing import Any

from sandbox import Person
from tests.support.office import Office

FAULT = re.compile(
    r"^(?P<truth>.+) If it goes on, give this reference to whoever runs Drumbeat: (?P<reference>[0-9a-f]{8})\.$"
)


def references(log: list[Any], event: str = "fault") -> list[str]:
    return [entry["reference"] for entry in log if entry["event"] == event]


def truth(sentence: str, log: list[Any], event: str = "fault") -> str:
    """What the person reads before the reference, which is the newest of the log."""
    found = FAULT.match(sentence)
    assert found is not None, sentence
    assert found["reference"] == references(log, event)[-1]
    return found["truth"]


async def told(office: Office, person: Person) -> str:
    """The newest of what came to this person at once, in their direct message or where they clicked."""
    await office.bot.background.idle()
    direct = [message for message in person.dm.messages if message.user == office.app.bot_user_id]
    return max([*direct, *person.notices], key=lambda message: message.number).text


def acting(office: Office, person: Person, kind: str, **told: Any) -> dict[str, Any]:
    workspace = office.slack.workspace.id
    return {
        "type": kind,
        "team": {"id": workspace, "domain": "lights"},
        "user": {"id": person.id, "team_id": workspace},
        "trigger_id": "1.2.3",
        **told,
    }


def message_event(office: Office, person: Person, text: Any, ts: str = "1780000000.000100") -> dict[str, Any]:
    event = {
        "type": "message",
        "channel": person.dm.id,
        "channel_type": "im",
        "user": person.id,
        "text": text,
    }
    return {
        "type": "event_callback",
        "team_id": office.slack.workspace.id,
        "event_id": f"Ev{ts}",
        "event": {**event, "ts": ts, "event_ts": ts},
    }
