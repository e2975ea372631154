"""What a column's heading, or a word before a colon, says that follows: in English and German, as plans have them."""

import re
from collections.abc import Sequence

from domain.drafts import NAMING, PlanField
from domain.reading.metric_names import CURRENCY

_WORDS = {
    PlanField.KIND: "type|kind|item type|typ|art",
    PlanField.NAME: "name|title|titel|item|what|was|bezeichnung|summary",
    PlanField.INITIATIVE: "initiative|of initiative|initiatives|project|projects|project name|task|tasks|task name|campaign|campaigns"
    "|campaign name|activity|activities|action|action item|workstream|key initiative|strategic initiative|initiativen"
    "|projekt|projekte|maßnahme|massnahme|maßnahmen|kampagne|kampagnen|aufgabe|aufgaben|aktivität|vorhaben|card name"
    "|issue|epic|bet|rock|program|programme",
    PlanField.MILESTONE: "milestone|milestones|key milestone|meilenstein|meilensteine",
    PlanField.OWNER: "owner|owners|owner email|owner email id|assignee email|assignee|assigned to|assignees|dri|lead|responsible|responsible person|accountable"
    "|person|who|led by|owned by|initiative owner|task owner|project owner|project lead|kpi owner|in charge|verantwortlich"
    "|verantwortliche|verantwortlicher|verantwortliche person|zuständig|leitung|inhaber|wer|eigner",
    PlanField.SPONSOR: "sponsor|executive sponsor|exec sponsor|sponsored by|auftraggeber",
    PlanField.PARTNER: "partner|partners|supported by|supporting team|collaborators|beteiligte|unterstützung",
    PlanField.START: "start|start date|starts|begin|begins|from|beginn|startdatum|anfang|von|ab",
    PlanField.DUE: "due|due date|deadline|end|end date|ends|target date|finish|finish date|by|by when"
    "|launch date|delivery date|fällig|fällig am|fälligkeit|fälligkeitsdatum|frist|termin|ende|enddatum|bis|bis wann"
    "|zieldatum|date|datum",
    PlanField.DATES: "timeline|timing|dates|from to|start end|von bis|when|timeframe|time frame|period|quarter|zeitraum|laufzeit|zeitplan|quartal|wann",
    PlanField.METRIC: "metric|metrics|success metric|success metrics|kpi|kpis|key result|key results|measure|measures"
    "|measure of success|success measure|measured by|how we measure|how we measure it|how measured|kr|metric name|key result title|key result name|kennzahl|kennzahlen|messgröße|erfolgsmessung|metrik|kpi name"
    "|indicator",
    PlanField.UNIT: "unit|unit of measure|einheit",
    PlanField.BASELINE: "baseline|current|current value|start value|starting value|metric start value|actual|today|now|currently|as is|ist"
    "|ist-wert|ausgangswert|startwert|aktuell|aktueller wert|basiswert|heute",
    PlanField.TARGET: "target|metric target value|target value|goal value|kpi target|target kpi|aim|soll|soll-wert|zielwert",
    PlanField.DIRECTION: "direction|richtung",
    PlanField.CADENCE: "cadence|frequency|how often|reporting frequency|häufigkeit|rhythmus|turnus",
    PlanField.BUDGET: "budget|cost|costs|spend|allocated budget|budget allocated|planned budget|kosten|mittel",
    PlanField.MAY_DECIDE: "decides|decide|may decide|may decide alone|can decide|can decide alone|decision rights|authority"
    "|entscheidet|darf entscheiden|entscheidungen|befugnisse",
    PlanField.GOAL: "goal|goals|for goal|goal it serves|serves|supports|outcome|objective|objectives|objective title|objective name|strategic goal|strategic objective"
    "|linked goal|parent goal|ziel|ziele|unterstützt",
}
_FIELDS = {word: field for field, words in _WORDS.items() for word in words.split("|")}
_DONE = frozenset(
    [
        "done",
        "complete",
        "completed",
        "closed",
        "finished",
        "shipped",
        "cancelled",
        "canceled",
        "dropped",
        "erledigt",
        "fertig",
        "abgeschlossen",
        "abgebrochen",
    ]
)
STATUS = frozenset({"status", "state", "stand", "progress", "fortschritt", "completed", "done"})
WHEN_DONE = frozenset(
    {"completed", "completed at", "completed on", "completed date", "completion date", "done on"}
)
"""Columns that hold something where a row is done."""
ASIDE = frozenset(
    [
        "note",
        "notes",
        "comment",
        "comments",
        "status",
        "priority",
        "prio",
        "risk",
        "risks",
        "dependency",
        "dependencies",
        "channel",
        "channels",
        "audience",
        "team",
        "tags",
        "assumption",
        "assumptions",
        "question",
        "questions",
        "todo",
        "nb",
        "ps",
        "fyi",
        "info",
        "link",
        "next step",
        "next steps",
        "context",
        "background",
        "why",
        "resources",
        "notiz",
        "notizen",
        "hinweis",
        "risiko",
        "risiken",
        "priorität",
        "kanal",
        "kanäle",
        "offen",
        "offene fragen",
        "anmerkung",
        "description",
        "beschreibung",
        "blocker",
        "blockers",
        "effort",
        "impact",
        "department",
    ]
)
"""Words before a colon whose line is none of a plan's things."""
_LONGEST = 100
"""Characters of a heading."""
_WHOLES = frozenset(
    {"initiative", "initiatives", "project", "projects", "project name", "projekt", "campaign", "kampagne"}
)
_STEPS = frozenset(
    {"name", "title", "titel", "task", "tasks", "task name", "aufgabe", "action", "action item", "activity"}
)
_NO_WORD = re.compile(r"[^\w\s%/&'-]+")
_INSIDE = re.compile(r"[(\[][^)\]]*[)\]]")
_UNIT_OF = re.compile(rf"[(\[]?\s*(?:in\s+)?([{CURRENCY}]|[A-Z]{{3}})\s*[)\]]?\s*$")


def folded(words: str) -> str:
    """A heading as it is looked up: without signs, emphasis and what stands in brackets."""
    return " ".join(
        _NO_WORD.sub(" ", _INSIDE.sub(" ", words[:_LONGEST])).replace("_", " ").casefold().split()
    )


def field_of(words: str) -> PlanField | None:
    return _FIELDS.get(folded(words))


def unit_of(header: str) -> str:
    """The unit a heading names: "Budget (USD)" is in USD."""
    found = _UNIT_OF.search(header)
    return found[1] if found else ""


def fields_of(headers: Sequence[str]) -> tuple[PlanField | None, ...]:
    """What each column is, each at most once but partners; the same word means another thing beside other columns.

    "Objective" is the initiative where nothing else is, else its goal; "Actual" is no baseline beside one.
    """
    found = [field_of(header) for header in headers]
    if not {PlanField.INITIATIVE, PlanField.NAME, PlanField.METRIC, PlanField.MILESTONE} & set(found):
        at = next((at for at, header in enumerate(headers) if folded(header).startswith("objective")), None)
        if at is not None:
            found[at] = PlanField.INITIATIVE
    if any(folded(header) in ("baseline", "start value", "ausgangswert", "startwert") for header in headers):
        found = [
            None
            if field is PlanField.BASELINE
            and folded(header)
            in ("current", "current value", "actual", "ist", "aktuell", "today", "now", "currently", "heute")
            else field
            for field, header in zip(found, headers, strict=True)
        ]
    if PlanField.KIND not in found:
        found = _with_tasks(headers, found)
    seen: set[PlanField] = set()
    for at, field in enumerate(found):
        if field is not None and field in seen and field is not PlanField.PARTNER:
            found[at] = None
        elif field is not None:
            seen.add(field)
    return tuple(found)


def _with_tasks(headers: Sequence[str], found: Sequence[PlanField | None]) -> list[PlanField | None]:
    """Beside a column of projects, a name or a task is a step of one."""
    names = [at for at, field in enumerate(found) if field in (PlanField.INITIATIVE, PlanField.NAME)]
    wholes = [at for at in names if folded(headers[at]) in _WHOLES]
    steps = [at for at in names if folded(headers[at]) in _STEPS]
    if not wholes or not steps or PlanField.MILESTONE in found:
        return list(found)
    return [PlanField.MILESTONE if at == steps[0] else field for at, field in enumerate(found)]


def is_heading(cells: Sequence[str]) -> bool:
    """Whether cells name columns, one of which says what each row is about."""
    fields = {field_of(cell) for cell in set(cells)} - {None}
    return len(fields) >= 2 and not fields.isdisjoint(NAMING)


def is_done(status: str) -> bool:
    return bool(_DONE & set(re.findall(r"\w+", status.casefold()))) and not re.search(
        r"\bnot\b|\bnicht\b|\d%", status.casefold()
    )
