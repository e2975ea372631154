"""What drawing costs a processor, from what was read to Slack's blocks, against writing the same blocks as JSON, which
nobody is spared: the largest digest, the largest review, and a plan of as many lines as a file may have, each like others.
"""

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from bench.claims import Claim
from domain.digests.gathering import digest_facts
from domain.drafts import Draft, DraftInitiative, DraftItem, DraftKpi, DraftLine, DraftMetric
from domain.reviews import review_facts
from tests.support import reviews
from tests.support.harbor_lights import STRATEGY
from tests.views.test_digests import largest as largest_digest
from views.digests.details import digest_details
from views.digests.messages import digest_message
from views.drafts.forms import DraftShown, draft_modal
from views.reviews.messages import review_details, review_message

GOAL, GOAL_OF_PLAN = 14, 50
TIMES = 100
_WORDS = "Ünïcode & <b> "


async def measure() -> list[Claim]:
    return [
        _claim("The largest digest rendered", _digest()),
        _claim("The largest review rendered", _review()),
        _claim("The largest plan rendered", _plan(), GOAL_OF_PLAN),
    ]


def _claim(name: str, render: Callable[[], object], goal: int = GOAL) -> Claim:
    drawn = render()
    draws, writes = _fastest(render) * 1000, _fastest(lambda: json.dumps(drawn)) * 1000
    detail = f"{draws:.1f} ms against {writes:.2f} ms"
    return Claim(f"{name}, of writing its JSON", draws / writes, goal, "×", at_most=True, detail=detail)


def _digest() -> Callable[[], object]:
    facts = digest_facts(largest_digest(_WORDS))
    return lambda: (digest_message(facts), digest_details(facts))


def _review() -> Callable[[], object]:
    material = reviews.largest(_WORDS)
    facts = review_facts(material)
    ends_at = material.rhythm.at + timedelta(days=5)
    return lambda: (review_message(facts, ends_at), review_details(facts))


def _plan() -> Callable[[], object]:
    """A hundred initiatives and a hundred KPIs, in whose names the same few words stand."""
    words = ("new", "monthly", "repeat", "late", "school", "spring", "online", "paid", "local", "first")
    names = [f"{one} {other} givers" for one, other in product(words, words)]
    start, end = Decimal(310), Decimal(420)
    items: list[DraftItem] = [
        DraftInitiative(f"Work on {n}", metrics=(DraftMetric(n, "", start, end),)) for n in names
    ]
    items += [DraftKpi(name, "", start, end) for name in names]
    lines = tuple(DraftLine(number, item.kind, item) for number, item in enumerate(items, start=1))
    shown = DraftShown(STRATEGY, Draft(lines), 1, date(2026, 11, 23))
    return lambda: draft_modal(shown)


def _fastest(render: Callable[[], object]) -> float:
    """Seconds of this process's processor for the fastest rendering: what slows the others is not ours."""
    best = float("inf")
    for _ in range(TIMES):
        started = time.process_time()
        render()
        best = min(best, time.process_time() - started)
    return best
