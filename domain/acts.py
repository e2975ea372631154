"""What was done, by whom, when and by which way: the audit log. It holds names of things and figures, and no words of anybody's."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.changes import ChangeKind
from domain.words import dated


class Way(StrEnum):
    """How an act reached Drumbeat; the values are stored and shown, after "by"."""

    BUTTON = "button"
    FORM = "form"
    COMMAND = "command"
    SHORTCUT = "shortcut"
    WORDS = "message"
    FILE = "file"
    HTTP = "HTTP"
    SLACK = "Slack"
    """Slack says that it happened there: a channel got another id, somebody left, the app was removed."""
    CLOCK = "the clock"
    """Nobody did it: its time had come."""
    OPERATOR = "the operator"
    """A command of the shell."""
    UNKNOWN = ""
    """From before ways were kept."""


class ActKind(StrEnum):
    """What was done that is no `ChangeKind`; the values are stored and exported. `views.acts` says each in a sentence."""

    SET_UP = "set up"
    LEAD_ADDED = "lead added"
    LEAD_REMOVED = "lead removed"
    CHANNEL_MOVED = "channel moved"
    CLOSED = "closed"
    DIGEST_POSTED = "digest posted"
    REVIEW_POSTED = "review posted"
    EXPORTED = "exported"
    REPORTED = "reported"
    """A lead had a month's report made, for people outside Slack."""
    REPAIRED = "repaired"

    CANVAS_WANTED = "canvas wanted"
    CANVAS_REPLACED = "canvas replaced"
    CANVAS_LEFT = "canvas left"

    DRAFT_EDITED = "draft edited"
    DRAFT_STARTED = "draft started"
    DRAFT_DISCARDED = "draft discarded"

    INITIATIVE_EDITED = "initiative edited"
    MILESTONE_ADDED = "milestone added"
    MILESTONE_DONE = "milestone done"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ASKED_BACK = "asked back"
    NUDGED = "nudged"
    ASKED_NO_MORE = "asked no more"
    LEARNING_ANSWERED = "learning answered"
    RETROSPECTIVE_WRITTEN = "retrospective written"

    KPI_EDITED = "KPI edited"
    READING_GIVEN = "reading given"
    READING_CORRECTED = "reading corrected"
    READING_REMOVED = "reading removed"
    READINGS_IMPORTED = "readings imported"
    EXPLAINED = "signal explained"
    """Somebody said what happened to a number."""
    KEPT_APART = "kept apart"
    """A lead said that a success metric is not the KPI it is called like."""
    TOKEN_MADE = "token made"  # noqa: S105 - what is done, no token
    TOKEN_REVOKED = "token revoked"  # noqa: S105 - likewise

    ANSWERED = "answered"
    ANSWER_CHANGED = "answer changed"
    SNOOZED = "snoozed"
    CHECKED_MESSAGE = "message checked"
    CONFIDENCE_GIVEN = "confidence given"
    SEEN = "seen"
    SEEN_WITH_WORD = "seen with a word"

    ASKED = "asked"
    DECIDED = "decided"
    REASON_GIVEN = "reason given"
    DEFAULTED = "defaulted"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    HANDED_OVER = "handed over"

    BET_MADE = "bet made"
    BET_WITHDRAWN = "bet withdrawn"
    LOOKED_AGAIN = "looked again"
    BET_ANSWERED = "bet answered"

    STILL_HOLDS = "strategy still holds"
    CHOSEN = "review choice"
    REVIEW_FINISHED = "review finished"

    AWAY = "away"
    BACK = "back"
    WORKING_DAYS = "working days"
    LEFT = "left"

    INSTALLED = "installed"
    UNINSTALLED = "uninstalled"
    IMPORTED = "imported"
    RESTORED = "restored"
    FORGOTTEN = "forgotten"
    WORDS_REMOVED = "old words removed"
    KEYS_ROTATED = "keys rotated"
    SENT_AFTER_ALL = "sent after all"
    LEFT_AS_IT_IS = "left as it is"


@dataclass(frozen=True, slots=True)
class Act:
    """Something done.

    `person_id` did it, None where Drumbeat or the operator did; `about_id` is whom it concerns: who is the owner now, for
    whom somebody answered. `thing_id` is the id of what it was done to and `name` what that was called then, "" for the
    strategy. `before` and `after` are ready to read: a health, a day, a number, never what somebody wrote.

    Storage says the rest: `way`, over HTTP the end of the `token`, and of a change whose words are kept elsewhere its `why`.
    """

    kind: ActKind | ChangeKind
    person_id: str | None
    at: datetime
    name: str = ""
    before: str = ""
    after: str = ""
    about_id: str | None = None
    thing_id: int | None = None
    way: Way | None = None
    token: str = ""
    why: str = ""
    id: int = 0


def day_of(name: str, on: date, now: datetime) -> str:
    """What an act on a number's value for a day is called: "Subscribers, 23 Nov"."""
    return f"{name}, {dated(on, now.date())}"


def reading_taken_back(kpi_id: int, name: str, on: date, was: str, by_id: str, now: datetime) -> Act:
    """A reading of a KPI, by the name it has where it was given, stands no more."""
    return Act(ActKind.READING_REMOVED, by_id, now, day_of(name, on, now), was, thing_id=kpi_id)
