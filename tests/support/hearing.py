"""What a screen reader would say of all that an app has sent."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox import LocalSlack, heard_alike


def heard_alike_in(slack: LocalSlack) -> list[str]:
    """Names that several buttons of one message, form or Home were read out with, at any time."""
    found = (name for blocks in _sent(slack) for name in heard_alike(blocks))
    return sorted(set(found))


def _sent(slack: LocalSlack) -> Iterator[list[dict[str, Any]]]:
    for call in slack.calls:
        if call.ok:
            view = _read(call.args.get("view")) or {}
            yield view.get("blocks") or _read(call.args.get("blocks")) or []


def _read(given: Any) -> Any:
    """Slack takes JSON as it is and as a string."""
    return json.loads(given) if isinstance(given, str) else given
