"""The largest digest and the largest review take under 10 ms of a processor, from what was read to Slack's blocks."""

import time
from collections.abc import Callable
from datetime import timedelta

from bench.claims import Claim
from domain.digests.gathering import digest_facts
from domain.reviews import review_facts
from tests.support import reviews
from tests.views.test_digests import largest as largest_digest
from views.digests.details import digest_details
from views.digests.messages import digest_message
from views.reviews.messages import review_details, review_message

GOAL = 10
TIMES = 100
_WORDS = "Ünïcode & <b> "


async def measure() -> list[Claim]:
    return [
        _claim("The largest digest rendered", _digest()),
        _claim("The largest review rendered", _review()),
    ]


def _claim(name: str, render: Callable[[], object]) -> Claim:
    return Claim(name, _fastest(render) * 1000, GOAL, unit=" ms", at_most=True)


def _digest() -> Callable[[], object]:
    facts = digest_facts(largest_digest(_WORDS))
    return lambda: (digest_message(facts), digest_details(facts))


def _review() -> Callable[[], object]:
    material = reviews.largest(_WORDS)
    facts = review_facts(material)
    ends_at = material.rhythm.at + timedelta(days=5)
    return lambda: (review_message(facts, ends_at), review_details(facts))


def _fastest(render: Callable[[], object]) -> float:
    """Seconds of this process's processor for the fastest rendering: what slows the others is not ours."""
    best = float("inf")
    for _ in range(TIMES):
        started = time.process_time()
        render()
        best = min(best, time.process_time() - started)
    return best
