"""Everything that reads or shows a text a person wrote, each as a function of that text alone."""

import gc
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date

from bot.help import answer_help
from domain.absences import parse_day
from domain.answer_blockers import find_blocker
from domain.answer_strategies import Elsewhere
from domain.answers import plain, read_answer
from domain.away_line import read_away
from domain.decisions import read_options
from domain.errors import DomainError
from domain.initiative_line import read_line
from domain.kpi_line import read_value_and_note, split_update
from domain.kpi_numbers import canonical_unit, is_known_unit, kept_unit, read_amount, why_wrong_unit
from domain.kpis import Kind, vanity_hint
from domain.learnings import split_learnings
from domain.legible import is_blank
from domain.mentions import find_mentioned
from domain.metric_names import metric_names, unit_kind
from domain.names import match_name
from domain.numbers import read_number
from domain.periods import Month, Week
from domain.readings_csv import BadFileError, read_readings
from domain.strategies import why_vague
from handlers.runtime import Deps, Subcommand
from tests.domain.initiatives_to_read import ALL, NEWSLETTER
from tests.domain.kpis_to_read import ALL as KPIS
from tests.domain.kpis_to_read import ANSWER_TIME, GIVERS
from views import blocks as b
from views.pages import whole
from views.troubles import parse_permalink

TODAY = date(2026, 11, 26)
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


async def _nothing(_deps: Deps, _request: object) -> None: ...


READERS: Mapping[str, Reader] = {
    name: _refusing(read)
    for name, read in {
        "answer about one": lambda text: read_answer(text, [NEWSLETTER]),
        "answer about several": lambda text: read_answer(text, ALL),
        "answer about several strategies": lambda text: read_answer(text, _OF_TWO, _ELSEWHERE),
        "answer's blockers": lambda text: find_blocker(text, text, []),
        "markup": plain,
        "days away": lambda text: read_away(text, TODAY),
        "initiative": lambda text: read_line(text, TODAY),
        "kpi update": lambda text: split_update(text, _KPI_NAMES),
        "kpi value": lambda text: read_value_and_note(f"5{text}", GIVERS),
        "kpi time": lambda text: read_value_and_note(f"5 {text}", ANSWER_TIME),
        "amount": lambda text: read_amount(text, Kind.CURRENCY, "£"),
        "number": lambda text: read_number(text, "pages"),
        "unit": _unit,
        "name": lambda text: match_name(text, _KPI_NAMES),
        "name among long ones": lambda text: match_name("Monthly givers of all", [text, "Top"]),
        "help": lambda text: answer_help("/rhythm", [Subcommand("status", "", "", _nothing)], text),
        "metric names": lambda text: metric_names([(text, text)]),
        "day": lambda text: parse_day(text, TODAY),
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
