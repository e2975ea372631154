"""The initiatives the sentences are about, and what is read with one of them."""

from decimal import Decimal

from domain.healths import Health
from domain.reading.answers import Candidate, Metric, Understood, read_answer

ON, RISK, OFF = Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK
SUBSCRIBERS, CLICK, GIVERS, SIGN_UPS, DAYS, ANSWER, VISITS, COST = range(11, 19)

NEWSLETTER = Candidate(
    1,
    "Newsletter relaunch",
    (
        Metric(SUBSCRIBERS, "subscribers", "count", Decimal(4600)),
        Metric(CLICK, "open-to-click", "%", Decimal("2.1")),
    ),
)
REFERRAL = Candidate(2, "Giver referral programme", (Metric(GIVERS, "referred givers", "count", None),))
DAYS_OUT = Candidate(
    3,
    "Spring open-water days",
    (Metric(SIGN_UPS, "sign-ups a month", "", None), Metric(DAYS, "days held", "", None)),
)
DESK = Candidate(4, "Parents' question desk", (Metric(ANSWER, "answer time", "h", None),))
RESULTS = Candidate(5, "Lesson results page", (Metric(VISITS, "visits that give", "%", None),))
ALL = (NEWSLETTER, REFERRAL, DAYS_OUT, DESK, RESULTS)


def about(text: str, *initiatives: Candidate) -> Understood:
    answer = read_answer(text, initiatives or (NEWSLETTER,))
    assert answer.unplaced is None
    return answer.understood[0]
