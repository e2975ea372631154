"""The audit log as people read it: who did what, when, and by which way, a line each, under the day it was done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby
from zoneinfo import ZoneInfo

from domain.acts import Act, ActKind, Way
from domain.changes import WHOLE, ChangeKind
from domain.schedules import local_day
from domain.strategies import Strategy
from domain.words import MAX_NAME, dated
from views.changes import MAX_REASON
from views.slack import blocks as b
from views.zones import place_of

OLDER = "history.older"
SHOWN = 15
_GLIMPSE = 160
"""Characters of people's longer words: `changes` has them whole, and so has an export."""
_NOBODY = {
    Way.CLOCK: "Drumbeat",
    Way.OPERATOR: "The operator",
    Way.HTTP: "Another system",
}
_BY = {
    Way.BUTTON: "by button",
    Way.FORM: "by form",
    Way.COMMAND: "by command",
    Way.SHORTCUT: "by shortcut",
    Way.WORDS: "in a message",
    Way.FILE: "from a file",
}
# What was done, after who did it; `of` is as in " about Newsletter relaunch" where it is about one.
_ACTS: Mapping[ActKind, str] = {
    ActKind.SET_UP: "set up the rhythm",
    ActKind.LEAD_ADDED: "made {about} a lead",
    ActKind.LEAD_REMOVED: "took {about} off the leads",
    ActKind.CLOSED: "closed it for the next quarter",
    ActKind.DIGEST_POSTED: "posted the digest ahead of its time",
    ActKind.REVIEW_POSTED: "posted the review ahead of its time",
    ActKind.EXPORTED: "exported everything",
    ActKind.REPORTED: "had the report of {after} made",
    ActKind.REPAIRED: "put right what a wrong clock had done",
    ActKind.CANVAS_WANTED: "had a canvas made of it",
    ActKind.CANVAS_REPLACED: "had the channel’s canvas replaced",
    ActKind.CANVAS_LEFT: "left the channel’s canvas as it is",
    ActKind.DRAFT_EDITED: "edited the plan’s draft: {after}",
    ActKind.DRAFT_STARTED: "started the plan’s draft of {before}: {after} left",
    ActKind.DRAFT_DISCARDED: "threw the plan’s draft away",
    ActKind.INITIATIVE_EDITED: "edited {name}: {after}",
    ActKind.MILESTONE_ADDED: "added a milestone for {about}: {name}, {after}",
    ActKind.MILESTONE_DONE: "finished a milestone: {name}",
    ActKind.ACCEPTED: "said yes to {name} as its {after}",
    ActKind.DECLINED: "declined {name} as its {after}",
    ActKind.ASKED_BACK: "asked something about {name}",
    ActKind.NUDGED: "asked {about} once more",
    ActKind.ASKED_NO_MORE: "asks {about} no more to take {name} over",
    ActKind.LEARNING_ANSWERED: "looked at a learning for {name}: {after}",
    ActKind.RETROSPECTIVE_WRITTEN: "looked back on {name}",
    ActKind.KPI_EDITED: "edited the KPI {name}: {after}",
    ActKind.READING_GIVEN: "gave {after} for {name}",
    ActKind.READING_CORRECTED: "corrected {name} from {before} to {after}",
    ActKind.READING_REMOVED: "took {before} back for {name}",
    ActKind.READINGS_IMPORTED: "imported {after}",
    ActKind.EXPLAINED: "said what happened to {name}",
    ActKind.KEPT_APART: "said that these are two numbers: {name}",
    ActKind.TOKEN_MADE: "made the token {name}",
    ActKind.TOKEN_REVOKED: "revoked the token {name}",
    ActKind.ANSWERED: "answered {name}",
    ActKind.ANSWER_CHANGED: "changed the answer for {name}",
    ActKind.SNOOZED: "put a check-in off",
    ActKind.CHECKED_MESSAGE: "said whether the core message reached people in {name}",
    ActKind.CONFIDENCE_GIVEN: "said how likely the target of {name} is",
    ActKind.SEEN: "saw {about}’s answer for {name}",
    ActKind.SEEN_WITH_WORD: "wrote {about} a word about {name}",
    ActKind.ASKED: "asked {about} for {after}{of}",
    ActKind.DECIDED: "decided an ask{of}",
    ActKind.REASON_GIVEN: "gave the reason for a decision{of}",
    ActKind.DEFAULTED: "let the default of an ask{of} take effect",
    ActKind.WITHDRAWN: "withdrew an ask{of}",
    ActKind.REOPENED: "opened again what a wrong clock had ended{of}",
    ActKind.HANDED_OVER: "handed an ask{of} over to {about}",
    ActKind.BET_MADE: "said when to look again at a decision about {name}: {after}",
    ActKind.BET_WITHDRAWN: "gave up looking again at a decision about {name}",
    ActKind.LOOKED_AGAIN: "looked again at a decision about {name}",
    ActKind.BET_ANSWERED: "said what becomes of a decision about {name}: {after}",
    ActKind.STILL_HOLDS: "said whether the strategy still holds: {after}",
    ActKind.CHOSEN: "decided in the review for {name}: {after}",
    ActKind.REVIEW_FINISHED: "finished {name}",
    ActKind.AWAY: "is away {after}",
    ActKind.BACK: "is not away {before} any more",
    ActKind.WORKING_DAYS: "changed the days they work",
    ActKind.INSTALLED: "installed Drumbeat",
    ActKind.IMPORTED: "imported the strategy",
    ActKind.RESTORED: "put a backup back",
    ActKind.FORGOTTEN: "took the name and words of somebody out",
    ActKind.WORDS_REMOVED: "removed the words from before {before} of {after} of {name}",
    ActKind.KEYS_ROTATED: "changed the keys of the stored tokens",
    ActKind.SENT_AFTER_ALL: "sent {after} after all",
    ActKind.LEFT_AS_IT_IS: "left {after} as it is",
}
# What happened without anybody here doing it, whole.
_HAPPENED: Mapping[ActKind, str] = {
    ActKind.CHANNEL_MOVED: "The channel got another id",
    ActKind.LEFT: "{about} has left Slack",
    ActKind.UNINSTALLED: "Drumbeat was removed from Slack",
}
_ASKED_FOR = {"decision": "a decision", "resource": "a resource"}
_ANSWERS = {ActKind.ANSWERED, ActKind.ANSWER_CHANGED}
_CHANGES: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "added {name}",
    ChangeKind.OWNER: "changed {name}’s owner from {before} to {after}",
    ChangeKind.OFFERED: "asked {after} to take {name} over from {before}",
    ChangeKind.DUE: "moved {name} from {before} to {after}",
    ChangeKind.NAME: "renamed {before} to {after}",
    ChangeKind.PAUSED: "paused {name}",
    ChangeKind.RESUMED: "resumed {name}",
    ChangeKind.COMPLETED: "closed {name} as completed",
    ChangeKind.STOPPED: "stopped {name}",
    ChangeKind.SCHEDULE: "changed the schedule: {before} → {after}",
    ChangeKind.WHY: "changed the why: {before} → {after}",
    ChangeKind.KPI_ADDED: "added the KPI {after}",
    ChangeKind.KPI_TARGET: "changed a KPI’s target: {before} → {after}",
    ChangeKind.KPI_RETIRED: "retired the KPI {after}",
    ChangeKind.JOINED: "made one number of {after}",
    ChangeKind.PARTED: "made two numbers of {after}",
    ChangeKind.ASK_DAY: "moved an ask from {before} to {after}",
}
_ENDINGS = {ChangeKind.PAUSED, ChangeKind.RESUMED, ChangeKind.COMPLETED, ChangeKind.STOPPED}
"""What made somebody do it stands where others have what came of it."""


@dataclass(frozen=True, slots=True)
class History:
    """A page of the log as one person reads it; `names` of those in it, `older` whether there is more before it."""

    strategy: Strategy
    acts: Sequence[Act]
    names: Mapping[str, str]
    zone: str
    now: datetime
    older: bool
    is_lead: bool


def history_message(history: History) -> b.Payload:
    """Newest first. Members who do not lead it read what the digest tells as well."""
    name = history.strategy.name
    title = f"What was done in {name}" if history.is_lead else f"How {name} changed"
    days = list(_days(history)) or [["Nothing has been done yet."]]
    blocks = [b.header(title), *(block for lines in days for block in b.sections(lines))]
    if history.older:
        value = f"{history.strategy.id}:{history.acts[-1].id}"
        blocks.append(b.actions([b.button("Older…", OLDER, value)]))
    hint = f"By your clock ({b.escape(place_of(history.zone))})."
    if history.is_lead:
        hint += " `/rhythm export` has all of it as a table, acts.csv."
    return b.message(b.fallback([b.escape(title), *chain(*days)]), [*blocks, b.context(hint)])


def _days(history: History) -> Iterator[list[str]]:
    today = local_day(history.now, history.zone)
    for day, done in groupby(history.acts, lambda act: local_day(act.at, history.zone)):
        lines = [
            f"• {act.at.astimezone(ZoneInfo(history.zone)):%H:%M} {sentence(act, history.names, today)}"
            for act in done
        ]
        yield [f"*{day:%a} {dated(day, today)}*", *lines]


def sentence(act: Act, names: Mapping[str, str], today: date) -> str:
    """As in "Maya changed Newsletter relaunch’s owner from Ben to Ines, by form", escaped."""
    if isinstance(act.kind, ActKind) and act.kind in _HAPPENED:
        return _HAPPENED[act.kind].format(about=_named(names, act.about_id or ""))
    nobody = _NOBODY.get(act.way or Way.CLOCK, "Drumbeat")
    if act.token:
        nobody = f"{nobody} (token …{b.escape(act.token)})"
    who = nobody if act.person_id is None else _named(names, act.person_id)
    by = _BY.get(act.way, "") if act.way and act.person_id is not None else ""
    what = _change(act, who, today) if isinstance(act.kind, ChangeKind) else _act(act, names)
    because = f", because “{b.one_line(act.why, MAX_REASON)}”" if act.why else ""
    return f"{who} {what}{because}{f', {by}' if by else ''}"


def _named(names: Mapping[str, str], person_id: str) -> str:
    return b.one_line(names.get(person_id, "Somebody"), MAX_NAME)


def _act(act: Act, names: Mapping[str, str]) -> str:
    about = _named(names, act.about_id) if act.about_id else ""
    told = _ACTS[ActKind(act.kind)].format(
        name=b.one_line(act.name, 2 * MAX_NAME),
        before=_short(act.before),
        after=_after(act),
        about=about,
        of=f" about {b.one_line(act.name, MAX_NAME)}" if act.name else "",
    )
    if act.kind in _ANSWERS:
        told += _answered(act)
        told += f", for {about}" if about else ""
    if act.kind is ActKind.KPI_EDITED and about:
        told += f" ({about} from now on)"
    return told


def _after(act: Act) -> str:
    if act.kind is ActKind.ASKED:
        return _ASKED_FOR.get(act.after, act.after)
    return _short(act.after)


def _answered(act: Act) -> str:
    moved = " → ".join(_short(text) for text in (act.before, act.after) if text)
    return f": {moved}" if moved else ""


def _change(act: Act, who: str, today: date) -> str:
    before, after = _short(act.before), _short(act.after)
    name = b.one_line(act.name, MAX_NAME)
    match act.kind:
        case ChangeKind.GOAL | ChangeKind.METRIC:
            thing = "a goal" if act.kind is ChangeKind.GOAL else "a success metric"
            verb = "changed" if before and after else "dropped" if before else "added"
            return f"{verb} {thing}: {' → '.join(filter(None, (before, after)))}"
        case ChangeKind.STRATEGY:
            return f"{after} the strategy" if act.after in WHOLE else f"edited the strategy: {after}"
        case ChangeKind.OWNER if after == who:
            return f"took {name} over from {before}"
        case ChangeKind.DUE:
            before, after = (dated(date.fromisoformat(day), today) for day in (act.before, act.after))
    told = _CHANGES[ChangeKind(act.kind)].format(name=name or after, before=before, after=after)
    return f"{told}, because “{after}”" if act.kind in _ENDINGS and after else told


def _short(text: str) -> str:
    return b.one_line(text, _GLIMPSE)
