"""Everything that reads or shows a text a person wrote, each as a function of that text alone."""

import gc
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from bot.help import answer_help
from domain.decisions import read_options
from domain.errors import DomainError
from domain.goals import why_vague
from domain.kpis import Kind, vanity_hint
from domain.periods import Month, Week
from domain.reading.absences import read_away
from domain.reading.amounts import canonical_unit, is_known_unit, kept_unit, read_amount, why_wrong_unit
from domain.reading.answers import read_answer
from domain.reading.blockers import find_blocker
from domain.reading.csv_files import read_readings
from domain.reading.dates import read_day
from domain.reading.drafts.files import read_plan_file
from domain.reading.drafts.pieces import read_pieces
from domain.reading.drafts.plans import read_plan
from domain.reading.initiatives import read_line
from domain.reading.kpis import read_value_and_note, split_update
from domain.reading.legible import is_blank
from domain.reading.markup import plain_text
from domain.reading.mentions import find_mentioned
from domain.reading.metric_names import metric_names, unit_kind
from domain.reading.months import read_months
from domain.reading.names import match_name
from domain.reading.numbers import read_number
from domain.reading.separated import BadFileError
from domain.reading.strategies import Elsewhere
from domain.retrospectives import split_learnings
from handlers.requests import Deps, Subcommand
from tests.domain.initiatives_to_read import ALL, NEWSLETTER
from tests.domain.kpis_to_read import ALL as KPIS
from tests.domain.kpis_to_read import ANSWER_TIME, GIVERS
from views.slack import blocks as b
from views.slack.pages import whole
from views.troubles import parse_permalink

TODAY = date(2026, 11, 26)
_BETWEEN = (GIVERS.plan.baseline, GIVERS.plan.target)
_KPI_NAMES = [*(kpi.name for kpi in KPIS), "Monthly visits", "Top 10 keywords"]

_OF_TWO = [replace(one, strategy_id=1 + one.id % 2) for one in ALL]
_ELSEWHERE = [Elsewhere("Harbor Lights", 1), Elsewhere("Spring newsletter", 3)]

Reader = Callable[[str], object]


def _refusing(read: Reader) -> Reader:
    """What a person's mistake raises is an answer, too."""

    def reads(text: str) -> None:
        with suppress(ValueError, DomainError, BadFileError):
            read(text)

    return reads


def _unit(text: str) -> None:
    is_known_unit(canonical_unit(text))
    unit_kind(text)
    for kind in Kind:
        why_wrong_unit(kind, text)
        kept_unit(kind, text)


def in_lines(text: str) -> str:
    """As many lines as a plan may have, each as long as one may be read."""
    words = " ".join(text.split())
    return "\n".join(words[at : at + 600] for at in range(0, len(words), 600))


async def _nothing(_deps: Deps, _request: object) -> None: ...


READERS: Mapping[str, Reader] = {
    name: _refusing(read)
    for name, read in {
        "answer about one": lambda text: read_answer(text, [NEWSLETTER]),
        "answer about several": lambda text: read_answer(text, ALL),
        "answer about several strategies": lambda text: read_answer(text, _OF_TWO, _ELSEWHERE),
        "answer's blockers": lambda text: find_blocker(text, text, []),
        "markup": plain_text,
        "days away": lambda text: read_away(text, TODAY),
        "plan": lambda text: read_plan(text, TODAY),
        "plan in a file": lambda text: read_plan_file("plan.csv", text.encode("utf-8", "replace"), TODAY),
        "plan in rows": lambda text: read_plan_file(
            "plan.csv", f"Initiative,Owner,Due,KPI\n{in_lines(text)}".encode("utf-8", "replace"), TODAY
        ),
        "plan of one line": lambda text: read_pieces(text[:600], TODAY, is_kpi=True),
        "plan of lines": lambda text: read_plan(in_lines(text), TODAY),
        "initiative": lambda text: read_line(text, TODAY),
        "kpi update": lambda text: split_update(text, _KPI_NAMES, TODAY),
        "kpi value": lambda text: read_value_and_note(f"5{text}", GIVERS, TODAY),
        "kpi time": lambda text: read_value_and_note(f"5 {text}", ANSWER_TIME, TODAY),
        "plan by month": lambda text: read_months(text, Kind.COUNT, "", *_BETWEEN),
        "amount": lambda text: read_amount(text, Kind.CURRENCY, "£"),
        "number": lambda text: read_number(text, "pages"),
        "unit": _unit,
        "name": lambda text: match_name(text, _KPI_NAMES),
        "name among long ones": lambda text: match_name("Monthly givers of all", [text, "Top"]),
        "help": lambda text: answer_help("/rhythm", [Subcommand("status", "", "", _nothing)], text),
        "metric names": lambda text: metric_names([(text, text)]),
        "day": lambda text: read_day(text, TODAY),
        "week": Week.parse,
        "month": Month.parse,
        "goal": why_vague,
        "vanity": vanity_hint,
        "options": read_options,
        "learnings": split_learnings,
        "person": find_mentioned,
        "link of a message": parse_permalink,
        "file of readings": lambda text: read_readings(text.encode("utf-8", "replace"), KPIS, TODAY),
        "escaped": b.escape,
        "shortened": lambda text: b.shorten_mrkdwn(text, 3000),
        "one line": lambda text: b.one_line(text, 200),
        "whole": lambda text: list(whole("What was said", text)),
        "blank": is_blank,
    }.items()
}


def best_seconds(read: Reader, text: str, times: int = 3) -> float:
    """Seconds of this process's processor for the fastest of several readings; what slows the others is not ours."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        return min(_seconds(read, text) for _ in range(times))
    finally:
        if was_collecting:
            gc.enable()


def _seconds(read: Reader, text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started
