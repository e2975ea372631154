"""What each column may hold of people: whose words, whose id, or nothing. A test holds every table to it.

Forgetting somebody and no longer keeping old words both go by this, so that neither passes a column over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from domain.changes import ChangeKind
from domain.forgetting import NOT_KEPT


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody said: it goes with any of those in `by`, and once `at` is long enough ago.

    `leaves` is put in place of a text that was there. Of JSON the keys in `figures` stay. `only`: where another column has
    one of these values; where it has one of `quoting`, what stands in quotation marks is said, and elsewhere nothing.
    Nobody in `by`: it repeats what somebody said elsewhere.
    """

    by: tuple[str, ...]
    at: str
    leaves: str = ""
    figures: frozenset[str] = frozenset()
    only: tuple[str, frozenset[str]] | None = None
    quoting: frozenset[str] = frozenset()


class Holds(Enum):
    """`person`: the id of one, in whose place the stand-in's comes. `text`: of the team's plan, or of Slack; it stays,
    without the name of who is forgotten. `code`: what the program itself writes; it names nobody and holds nobody's words.
    """

    PERSON = "person"
    TEXT = "text"
    CODE = "code"


Rule = Words | Holds


@dataclass(frozen=True, slots=True)
class Whole:
    """Rows that go whole with whoever is in `by`, and (unless None) once `at` is long enough ago."""

    by: str
    at: str | None = None


PERSON, TEXT, CODE = Holds.PERSON, Holds.TEXT, Holds.CODE
_FIGURES = frozenset({"last_next", "last_blocker", "readings", "via"})
_SAID = Words(("person_id",), "at")
_ANSWER = Words(("person_id",), "at", figures=_FIGURES)
_ASKED = Words(("requested_by",), "decided_at")
_LOOKED_BACK = Words(("person_id",), "answered_at")
_WITH_REASON = frozenset(
    kind.value for kind in (ChangeKind.PAUSED, ChangeKind.RESUMED, ChangeKind.COMPLETED, ChangeKind.STOPPED)
)
_QUOTING = frozenset({ChangeKind.ASK_DAY.value})

RULES: Mapping[str, Mapping[str, Rule]] = {
    "absences": {"person_id": PERSON},
    "acts": {
        "person_id": PERSON,
        "way": CODE,
        "token": CODE,
        "kind": CODE,
        "about_id": PERSON,
        "name": TEXT,
        "before": TEXT,
        "after": TEXT,
    },
    "answers": {"content": _ANSWER, "health": CODE, "person_id": PERSON},
    "api_tokens": {"hash": CODE, "hint": CODE, "created_by": PERSON},
    "bet_looks": {
        "person_id": PERSON,
        "verdict": CODE,
        "learning": Words(("person_id",), "answered_at"),
    },
    "bets": {
        "expected": Words(("person_id",), "made_at", leaves=NOT_KEPT),
        "expected_value": CODE,
        "person_id": PERSON,
        "then": TEXT,
        "withdrawn_by": PERSON,
        "found": TEXT,
    },
    "canvases": {
        "state": CODE,
        "reason": CODE,
        "person_id": PERSON,
        "canvas_id": CODE,
        "text": CODE,
        "content": CODE,
    },
    "changes": {
        "kind": CODE,
        "before": TEXT,
        "after": Words(("person_id",), "at", only=("kind", _WITH_REASON), quoting=_QUOTING),
        "why": _SAID,
        "person_id": PERSON,
    },
    "charters": {
        "sponsor_id": PERSON,
        "may_decide": TEXT,
        "budget": TEXT,
        "resources": TEXT,
        "channels": TEXT,
    },
    "check_ins": {"person_id": PERSON, "period": CODE, "state": CODE},
    "checklists": {"person_id": PERSON},
    "closed_weeks": {"period": CODE, "person_id": PERSON, "state": CODE, "facts": TEXT},
    "confidences": {"baseline": CODE, "target": CODE, "value": CODE, "person_id": PERSON, "outcome": CODE},
    "confirmations": {
        "role": CODE,
        "person_id": PERSON,
        "what": TEXT,
        "state": CODE,
        "words": Words(("person_id",), "asked_at", leaves=NOT_KEPT),
        "changed": Words((), "asked_at"),
    },
    "decisions": {
        "kind": CODE,
        "question": Words(("requested_by",), "decided_at", leaves=NOT_KEPT),
        "context": _ASKED,
        "options": _ASKED,
        "default": _ASKED,
        "requested_by": PERSON,
        "decider_id": PERSON,
        "state": CODE,
        # What was decided may be an option, or the default, of whoever asked.
        "outcome": Words(("requested_by", "decided_by"), "decided_at", leaves=NOT_KEPT),
        "reason": Words(("decided_by",), "decided_at"),
        "decided_by": PERSON,
    },
    "digests": {"period": CODE, "details": CODE, "told": PERSON},
    "drafts": {"content": TEXT, "edited_by": PERSON},
    "due": {"ritual": CODE, "person_id": PERSON, "period": CODE},
    "channel_moves": {"old_id": CODE, "new_id": CODE},
    "forgotten": {"hash": CODE, "salt": CODE},
    "goals": {"text": TEXT},
    "homes": {"person_id": PERSON, "channels": CODE, "strategies": CODE},
    "initiatives": {"name": TEXT, "owner_id": PERSON, "status": CODE},
    "install_states": {"hash": CODE},
    "installations": {
        "organisation_id": CODE,
        "name": TEXT,
        "app_id": CODE,
        "bot_id": CODE,
        "bot_user_id": CODE,
        "scopes": CODE,
        "installer_id": PERSON,
        "token": CODE,
        "refresh_token": CODE,
    },
    "kpi_readings": {
        "value": CODE,
        "source": TEXT,
        "note": _SAID,
        "person_id": PERSON,
        "withdrawn_by": PERSON,
    },
    "kpis": {
        "name": TEXT,
        "kind": CODE,
        "unit": TEXT,
        "direction": CODE,
        "baseline": CODE,
        "target": CODE,
        "owner_id": PERSON,
        "cadence": CODE,
        "if_short": TEXT,
        "vanity_kept_by": PERSON,
        "months": CODE,
        "former_plans": CODE,
    },
    "leads": {"person_id": PERSON},
    "learning_answers": {"person_id": PERSON},
    "learnings": {"kind": CODE, "text": TEXT, "person_id": PERSON},
    "leases": {"holder": CODE},
    "message_check_revisions": {
        "channel": TEXT,
        "carried": CODE,
        "where_broke": _SAID,
        "person_id": PERSON,
    },
    "message_checks": {"channel": TEXT, "carried": CODE, "where_broke": _SAID, "person_id": PERSON},
    "messages": {"target": PERSON, "channel_id": CODE, "ts": CODE, "thread_ts": CODE},
    "milestones": {"name": TEXT, "person_id": PERSON, "done_by": PERSON},
    "note_parts": {"channel_id": CODE, "ts": CODE, "person_id": PERSON, "text": TEXT},
    "notes": {
        "channel_id": CODE,
        "ts": CODE,
        "thread_ts": CODE,
        "person_id": PERSON,
        "text": TEXT,
        "unplaced": TEXT,
        "apart": TEXT,
    },
    "occurrences": {"ritual": CODE, "period": CODE, "person_id": PERSON, "outcome": CODE},
    "outbox": {
        "method": CODE,
        "target": CODE,
        "payload": TEXT,
        "state": CODE,
        "error": CODE,
        "questions": CODE,
        "file_id": CODE,
        "occasion": CODE,
    },
    "people": {
        "person_id": PERSON,
        "name": TEXT,
        "zone": CODE,
        "dm_channel_id": CODE,
        "working_days": CODE,
        "country": CODE,
    },
    "readings": {"value": CODE, "person_id": PERSON, "withdrawn_by": PERSON},
    "restored_dues": {"ritual": CODE, "person_id": PERSON, "period": CODE},
    "restores": {},
    "retrospectives": {
        "person_id": PERSON,
        "expected": _LOOKED_BACK,
        "happened": _LOOKED_BACK,
        "keep": _LOOKED_BACK,
        "change": _LOOKED_BACK,
    },
    "review_answers": {"person_id": PERSON, "market": _SAID},
    "review_choices": {"choice": CODE, "evidence": _SAID, "changed": _SAID, "person_id": PERSON},
    "reviews": {"period": CODE, "details": PERSON},
    "revisions": {"content": _ANSWER, "health": CODE, "person_id": PERSON},
    "schedules": {"from_period": CODE, "schedule": CODE},
    "seen": {"key": CODE},
    "seen_marks": {"person_id": PERSON},
    "seen_words": {"person_id": PERSON, "word": _SAID},
    "signal_words": {"words": _SAID, "person_id": PERSON},
    "signals": {"value": CODE, "low": CODE, "high": CODE, "owner_id": PERSON},
    "signs_shown": {"period": CODE, "signs": CODE},
    "strategies": {
        "channel_id": CODE,
        "name": TEXT,
        "why": TEXT,
        "audience": TEXT,
        "difference": TEXT,
        "core_message": TEXT,
        "zone": CODE,
        "working_days": CODE,
        "country": CODE,
    },
    "success_metrics": {
        "name": TEXT,
        "unit": TEXT,
        "baseline": CODE,
        "target": CODE,
        "value": CODE,
        "first_target": CODE,
        "not_kpis": CODE,
    },
    "workspaces": {"name": TEXT, "bot_user_id": CODE},
}
"""By table and column: every column that holds text or JSON, but for the workspace's id."""

WHOLE: Mapping[str, Whole] = {
    "absences": Whole("person_id"),
    "checklists": Whole("person_id"),
    "drafts": Whole("edited_by"),
    "homes": Whole("person_id"),
    "learnings": Whole("person_id", "at"),
    "note_parts": Whole("person_id", "at"),
    "notes": Whole("person_id", "at"),
    "people": Whole("person_id"),
}
