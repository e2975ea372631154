"""A draft as a test reads it: a line each, with all that was understood and, after "?", what was not."""

from collections.abc import Iterator
from decimal import Decimal

from domain.drafts import (
    Draft,
    DraftGoal,
    DraftInitiative,
    DraftItem,
    DraftKpi,
    DraftLine,
    DraftMetric,
    DraftMilestone,
    Whom,
)


def shown(draft: Draft) -> str:
    columns = (
        "columns: "
        + ", ".join(f"{head} = {field or '-'}" for head, field in zip(one.headers, one.fields, strict=True))
        for one in draft.columns
    )
    return "\n".join((*columns, *(_line(one) for one in draft.lines))) + "\n"


def _line(line: DraftLine) -> str:
    unread = "".join(f" ? {' / '.join(words.splitlines())}" for words in line.unread)
    if line.item is None:
        return f"{line.number}{unread}"
    return f"{line.number} {line.item.kind}: {' | '.join(_said(line.item))}{unread}"


def _said(item: DraftItem) -> Iterator[str]:
    match item:
        case DraftGoal():
            yield item.text
        case DraftInitiative():
            yield item.name
            yield from _named(owner=_whom(item.owner), sponsor=_whom(item.sponsor))
            yield from (
                f"partner {_whom(one.who)}{f' ({one.what})' if one.what else ''}" for one in item.partners
            )
            yield from _named(start=item.start, due=item.due)
            yield from (f"metric {one.name} {_numbers(one)}" for one in item.metrics)
            yield from _named(budget=item.budget, decides=item.may_decide, goal=item.goal)
        case DraftKpi():
            yield item.name
            yield _numbers(item)
            yield from _named(
                way=item.direction, due=item.due, owner=_whom(item.owner), every=item.cadence, goal=item.goal
            )
        case DraftMilestone():
            yield item.name
            yield from _named(due=item.due, person=_whom(item.person), of=item.of_line or item.initiative)


def _named(**said: object) -> Iterator[str]:
    yield from (f"{name} {value}" for name, value in said.items() if value)


def _whom(who: Whom | None) -> str:
    return f"{who.words}{f' {who.person_id}' if who.person_id else ''}" if who else ""


def _numbers(metric: DraftMetric | DraftKpi) -> str:
    unit = f" [{metric.unit}]" if metric.unit else ""
    return f"{_number(metric.baseline)}→{_number(metric.target)}{unit}"


def _number(value: Decimal | None) -> str:
    return "?" if value is None else f"{value.normalize():f}"
