"""An answer as its columns, in `answers` and `revisions` alike."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.check_ins import Answer, BlockerOutcome, NextOutcome, Via
from domain.health import Health


def write_content(answer: Answer) -> dict[str, Any]:
    """All of it that has no column of its own."""
    return {
        "progress": answer.progress,
        "next": answer.next,
        "last_next": answer.last_next.value if answer.last_next else None,
        "blocker": answer.blocker,
        "last_blocker": answer.last_blocker.value if answer.last_blocker else None,
        "need": answer.need,
        "readings": [[metric_id, str(value)] for metric_id, value in answer.readings],
        "via": answer.via.value if answer.via else None,
    }


def read_answer(
    initiative_id: int,
    revision: int,
    content: dict[str, Any],
    health: str | None,
    person_id: str | None,
    at: datetime | None,
) -> Answer:
    return Answer(
        initiative_id=initiative_id,
        health=Health(health) if health else None,
        progress=content.get("progress", ""),
        next=content.get("next", ""),
        last_next=NextOutcome(content["last_next"]) if content.get("last_next") else None,
        blocker=content.get("blocker", ""),
        last_blocker=BlockerOutcome(content["last_blocker"]) if content.get("last_blocker") else None,
        need=content.get("need", ""),
        readings=tuple((metric_id, Decimal(value)) for metric_id, value in content.get("readings", ())),
        by=person_id,
        at=at,
        via=Via(content["via"]) if content.get("via") else None,
        revision=revision,
    )
