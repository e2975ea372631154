"""Days away as they are told."""

from datetime import date

from domain.absences import Absence
from domain.periods import Week
from views.absences import away_sentence, back_sentence, days

TODAY = date(2026, 11, 24)
NEXT = Absence(date(2026, 12, 24), date(2027, 1, 5))
FAR = Absence(date(2027, 12, 24), date(2028, 1, 5))


def test_days_away_show_their_year_where_it_is_not_the_nearest() -> None:
    assert days(NEXT, TODAY) == "24 Dec to 5 Jan"
    assert days(FAR, TODAY) == "24 Dec 2027 to 5 Jan 2028"
    assert "You are away 24 Dec 2027 to 5 Jan 2028." in away_sentence(FAR, TODAY)
    assert "Still planned: 24 Dec 2027 to 5 Jan 2028." in back_sentence([NEXT], [], [FAR], TODAY)
    assert "`/rhythm back 24 Dec 2027`" in back_sentence([NEXT], [], [FAR], TODAY)


def test_weeks_that_a_digest_told_already_are_called_by_their_monday() -> None:
    weeks = [Week.parse("2026-W48"), Week.parse("2026-W49")]
    one = "The week of 23 Nov stays as the digest told it; its thread says that you said so later."
    assert away_sentence(NEXT, TODAY, weeks[:1]).endswith(one)
    both = "The weeks of 23 Nov and 30 Nov stay as the digests told them; their threads say that you said so later."
    assert away_sentence(NEXT, TODAY, weeks).endswith(both)
