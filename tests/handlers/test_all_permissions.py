"""Nothing a person can run, press or send is without a row in a permission table."""

from collections import Counter

from bot.routes import all_routes
from tests.handlers import (
    test_bet_permissions,
    test_decision_permissions,
    test_everybody,
    test_review_permissions,
    test_who_may,
)
from tests.support.route_ids import route_ids

TABLES = (
    test_bet_permissions,
    test_decision_permissions,
    test_everybody,
    test_review_permissions,
    test_who_may,
)


def test_everything_a_person_can_do_stands_in_exactly_one_permission_table() -> None:
    known = set(route_ids(all_routes()))
    tables = Counter(id_ for table in TABLES for id_ in table.PROVEN)
    assert known - set(tables) == set(), "add a row for it to test_everybody.py, or to a table of its own"
    assert set(tables) - known == set(), "nothing answers to it any more"
    assert {id_ for id_, count in tables.items() if count > 1} == set(), "one table is enough"
