"""Taking somebody's name and words out of every table, and words that are old."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    delete,
    false,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from domain.forgetting import Forgotten, one_line, texts_in, through_texts
from domain.people import Person
from storage.forgetting.rules import PERSON, RULES, TEXT, WHOLE, Words
from storage.models import (
    Base,
    DraftRow,
    LeadRow,
    LearningAnswerRow,
    LearningRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    SeenRow,
)
from storage.statements import drop_rows, is_of, table

_BATCH = 500
_GLIMPSE = 24
"""So much of the beginning of a text tells it again, where a message shows it cut short."""
_LEAST_TOLD = 4
_QUOTE, _LONGEST_QUOTE = re.compile(r"“(.+?)”", re.DOTALL), re.compile(r"“(.+)”", re.DOTALL)
_people = table(PersonRow)
_messages = table(MessageRow)
_outbox = table(OutboxRow)
_drafts = table(DraftRow)
_leads = table(LeadRow)
_learnings = table(LearningRow)
_learning_answers = table(LearningAnswerRow)
_seen = table(SeenRow)


@dataclass(slots=True)
class Erased:
    """How many rows of which table went or lost words, in how many others the name stood, the texts that went, and the
    strategies in which something of them was.
    """

    rows: Counter[str] = field(default_factory=Counter)
    named: int = 0
    texts: set[str] = field(default_factory=set)
    strategies: set[int] = field(default_factory=set)

    def add_texts(self, values: Iterable[Any]) -> None:
        """Each whole, and line by line, as a message may show it."""
        for text in texts_in(list(values)):
            self.texts.update(filter(None, map(one_line, (text, *text.splitlines()))))


def erase_person(session: Session, gone: Forgotten, stand_in: Person) -> Erased:
    """Everywhere in their workspace; `stand_in` is there in their place from then on."""
    erased = Erased()
    _drop_rows(session, gone, erased)
    _leave_direct_message(session, gone)
    for rows in _ruled():
        _rewrite_all(session, rows, gone, erased)
    _take_out_copies(session, gone, erased)
    session.execute(insert(_people).values(_columns_of(stand_in)))
    return erased


def _columns_of(person: Person) -> dict[str, Any]:
    wanted = (
        "workspace_id",
        "name",
        "zone",
        "is_admin",
        "is_bot",
        "is_guest",
        "is_external",
        "is_deactivated",
    )
    return {"person_id": person.id} | {name: getattr(person, name) for name in wanted}


def _ruled() -> Iterator[Table]:
    for rows in Base.metadata.sorted_tables:
        if rows is not _outbox and RULES[rows.name]:
            yield rows


# Rows that go whole


def _drop_rows(session: Session, gone: Forgotten, erased: Erased) -> None:
    for name, whole in WHOLE.items():
        rows = Base.metadata.tables[name]
        theirs = (rows.c.workspace_id == gone.workspace_id, rows.c[whole.by] == gone.id)
        kept = [column for column, rule in RULES[name].items() if rule is TEXT]
        for row in session.execute(select(rows).where(*theirs)):
            erased.add_texts(row._mapping[column] for column in kept)
        erased.rows[name] += drop_rows(session, rows, *theirs)
    del erased.rows[_people.name]
    _drop_drafts(session, gone, erased)
    drop_answers_to_nothing(session, gone.workspace_id)
    known_by = [gone.id, *filter(None, [gone.dm_channel_id])]
    of_them = or_(*(_seen.c.key.contains(one, autoescape=True) for one in known_by))
    session.execute(delete(_seen).where(_seen.c.workspace_id == gone.workspace_id, of_them))


def drop_answers_to_nothing(session: Session, workspace_id: str) -> None:
    """Whether a learning was taken over goes with it."""
    there = select(_learnings.c.id).where(_learnings.c.workspace_id == workspace_id)
    of_none = _learning_answers.c.learning_id.not_in(there)
    drop_rows(session, _learning_answers, _learning_answers.c.workspace_id == workspace_id, of_none)


def _drop_drafts(session: Session, gone: Forgotten, erased: Erased) -> None:
    """Who wrote which line of a draft is not known: it goes where they lead, or are named in it."""
    in_workspace = _drafts.c.workspace_id == gone.workspace_id
    led = select(_leads.c.strategy_id).where(is_of(_leads, gone.workspace_id, person_id=gone.id))
    naming = [
        row.strategy_id
        for row in session.execute(select(_drafts.c.strategy_id, _drafts.c.content).where(in_workspace))
        if gone.is_named_in(row.content)
    ]
    theirs = or_(_drafts.c.strategy_id.in_(led), _drafts.c.strategy_id.in_(naming))
    erased.rows[_drafts.name] += drop_rows(session, _drafts, in_workspace, theirs)


def _leave_direct_message(session: Session, gone: Forgotten) -> None:
    """Where their messages stand is not known any more; what waits for them is never said."""
    targets = [gone.id, *filter(None, [gone.dm_channel_id])]
    nowhere = dict.fromkeys(("channel_id", "ts", "thread_ts"))
    theirs = or_(_messages.c.target.in_(targets), _messages.c.channel_id == gone.dm_channel_id)
    session.execute(
        update(_messages)
        .where(_messages.c.workspace_id == gone.workspace_id, theirs)
        .values(target=gone.stand_in, **nowhere)
    )
    session.execute(
        delete(_outbox).where(_outbox.c.workspace_id == gone.workspace_id, _outbox.c.target.in_(targets))
    )


# Rows that stay


def _rewrite_all(session: Session, rows: Table, gone: Forgotten, erased: Erased) -> None:
    def is_theirs(words: Words, row: Mapping[str, Any]) -> bool:
        return any(row[by] == gone.id for by in words.by)

    which = (rows.c.workspace_id == gone.workspace_id, _may_be_about(rows, gone))
    for row in list_rows(session, rows, *which):
        said = without_words(rows.name, row, is_theirs)
        erased.add_texts(_gone(rows.name, row, said))
        changed = said | _without_name(rows.name, row | said, gone)
        if changed:
            save_row(session, rows, row, changed)
            erased.strategies.update(filter(None, [row.get("strategy_id")]))
            if said:
                erased.rows[rows.name] += 1
            else:
                erased.named += 1


def _may_be_about(rows: Table, gone: Forgotten) -> ColumnElement[bool]:
    """What reading the rows then says for good: every row that is theirs or names them, and few others."""
    found: list[ColumnElement[bool]] = []
    for column, rule in RULES[rows.name].items():
        if rule in (PERSON, TEXT) or isinstance(rule, Words):
            text = cast_to(rows.c[column], Text)
            found.append(text.contains(gone.id, autoescape=True))
            if rule is not PERSON:  # where there is no such part, that is every row
                found.append(text.icontains(gone.part_of_name, autoescape=True))
    return or_(false(), *found)


def _gone(name: str, row: Mapping[str, Any], said: Iterable[str]) -> Iterator[Any]:
    """The words that went, without the figures beside them."""
    for column in said:
        rule, value = RULES[name][column], row[column]
        figures = rule.figures if isinstance(rule, Words) else ()
        if isinstance(value, dict):
            yield from (one for key, one in value.items() if key not in figures)
        else:
            yield value


def without_words(
    name: str, row: Mapping[str, Any], is_theirs: Callable[[Words, Mapping[str, Any]], bool]
) -> dict[str, Any]:
    """The columns whose words go, as they are without."""
    changed: dict[str, Any] = {}
    for column, rule in RULES[name].items():
        if isinstance(rule, Words) and _is_said(rule, row) and is_theirs(rule, row):
            bare = _bare(rule, row[column])
            if bare != row[column]:
                changed[column] = bare
    return changed


def without_quotes_of(
    name: str, row: Mapping[str, Any], is_meant: Callable[[Words, Mapping[str, Any]], bool]
) -> dict[str, Any]:
    """The columns that quote somebody, without what is quoted."""
    changed: dict[str, Any] = {}
    for column, rule in RULES[name].items():
        if isinstance(rule, Words) and _is_quoting(rule, row) and is_meant(rule, row):
            bare = _LONGEST_QUOTE.sub("“…”", row[column])
            if bare != row[column]:
                changed[column] = bare
    return changed


def _is_quoting(rule: Words, row: Mapping[str, Any]) -> bool:
    return rule.only is not None and row[rule.only[0]] in rule.quoting


def _is_said(rule: Words, row: Mapping[str, Any]) -> bool:
    return rule.only is None or row[rule.only[0]] in rule.only[1]


def _bare(rule: Words, value: Any) -> Any:
    if isinstance(value, str):
        return rule.leaves if value else value
    if isinstance(value, dict):
        return {key: one if key in rule.figures else _blank(one) for key, one in value.items()}
    return value


def _blank(value: Any) -> Any:
    if isinstance(value, str):
        return ""
    return type(value)() if isinstance(value, (list, dict)) else value


def _without_name(name: str, row: Mapping[str, Any], gone: Forgotten) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for column, rule in RULES[name].items():
        if rule in (TEXT, PERSON) or isinstance(rule, Words):
            without = through_texts(row[column], gone.without)
            if without != row[column]:
                changed[column] = without
    return changed


def _take_out_copies(session: Session, gone: Forgotten, erased: Erased) -> None:
    """What quotes, or repeats, something they said."""
    for rows in _ruled():
        copies = [
            column
            for column, rule in RULES[rows.name].items()
            if isinstance(rule, Words) and (rule.quoting or not rule.by)
        ]
        if not copies or not erased.texts:
            continue
        for row in list_rows(session, rows, rows.c.workspace_id == gone.workspace_id):
            changed = {column: _without_quotes(row[column], erased.texts) for column in copies}
            changed = {column: text for column, text in changed.items() if text != row[column]}
            if changed:
                save_row(session, rows, row, changed)
                erased.rows[rows.name] += 1


def _without_quotes(text: str, said: set[str]) -> str:
    def left(quote: re.Match[str]) -> str:
        return "“…”" if one_line(quote[1]) in said else quote[0]

    if one_line(text) in said:
        return ""
    return _QUOTE.sub(left, _LONGEST_QUOTE.sub(left, text))


# What waits to be said


def drop_messages_with(session: Session, gone: Forgotten, erased: Erased) -> None:
    """What waits, or was set aside, and names them or repeats what they said is never said."""
    starts = {re.escape(text[:_GLIMPSE]) for text in erased.texts if len(text) >= _LEAST_TOLD}
    said = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(starts)) or '(?!)'})")
    dropped = []
    for row in list_rows(session, _outbox, _outbox.c.workspace_id == gone.workspace_id):
        shown = one_line(" ".join(map(unescape, texts_in(row["payload"]))))
        if gone.is_named_in(shown) or said.search(shown):
            dropped.append(row["id"])
    for start in range(0, len(dropped), _BATCH):
        ids = dropped[start : start + _BATCH]
        which = (_outbox.c.workspace_id == gone.workspace_id, _outbox.c.id.in_(ids))
        session.execute(delete(_outbox).where(*which))
    erased.rows[_outbox.name] += len(dropped)


# Reading and writing rows


def list_rows(
    session: Session,
    rows: Table,
    *which: ColumnElement[bool],
    after: Sequence[Any] | None = None,
    limit: int | None = None,
) -> Iterator[dict[str, Any]]:
    """In the order of their keys, after a key, batch by batch."""
    key = list(rows.primary_key)
    left = limit
    while left is None or left > 0:
        here = which if after is None else (*which, tuple_(*key) > tuple_(*map(_bound, key, after)))
        size = _BATCH if left is None else min(_BATCH, left)
        found = session.execute(select(rows).where(*here).order_by(*key).limit(size)).all()
        yield from (row._asdict() for row in found)
        if len(found) < size:
            return
        after = tuple(found[-1]._mapping[column.name] for column in key)
        left = None if left is None else left - size


def _bound(column: ColumnElement[Any], value: Any) -> ColumnElement[Any]:
    return literal(value, column.type)


def save_row(session: Session, rows: Table, row: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    is_it = (column == row[column.name] for column in rows.primary_key)
    session.execute(update(rows).where(*is_it).values(changed))
