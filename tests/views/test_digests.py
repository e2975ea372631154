"""The digest as Slack gets it: as drawn before, within every limit, nobody mentioned, no word lost."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.absences import Absence
from domain.changes import ChangeKind
from domain.check_ins import CheckInState, NextOutcome
from domain.decisions import DecisionState
from domain.digests.example import example_facts
from domain.digests.facts import DigestMaterial
from domain.digests.gathering import digest_facts
from domain.healths import Health
from domain.initiatives import Initiative, Join, Status
from domain.kickoffs import Confirmation, ConfirmationState, Role
from domain.milestones import Milestone
from domain.pace import Point
from domain.periods import Week
from domain.reading.legible import legible
from tests.support.block_kit import assert_valid_message, texts_of
from tests.support.golden import assert_golden
from tests.support.harbor_lights import (
    AROHA,
    DESK,
    INITIATIVES,
    MAYA,
    NEWSLETTER,
    PAGE,
    PEOPLE,
    REFERRAL,
    REFERRED,
    RUTH,
    STRATEGY,
    TOM,
    answer,
    change,
    check_in,
    digest_time,
    fourth_week,
    material,
    readings,
    second_week,
    weeks,
)
from tests.support.reviews import decision, kpi, reading
from views.digests.details import digest_details, finding
from views.digests.exceptions import is_all_well
from views.digests.messages import digest_example, digest_message, digest_preview, late_line
from views.slack.charts import without_charts

ON, AT_RISK, OFF = Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK
NOW, BEFORE = weeks(4), weeks(3)
LONG_AGO = datetime(2026, 11, 23, 9, tzinfo=UTC)


def smallest() -> DigestMaterial:
    """The first week of a strategy with one initiative, answered by one click."""
    current = check_in(weeks(1), answer(NEWSLETTER, ON))
    return material(
        weeks(1), current, initiatives=(NEWSLETTER,), changes=(change(ChangeKind.ADDED, NEWSLETTER),)
    )


def largest(words: str) -> DigestMaterial:
    """Five initiatives with three metrics, half a year of weeks, and the same long words in every field."""
    name, long = words[:75], (words * (3000 // len(words) + 1))[:3000]
    now, metrics = weeks(27), NEWSLETTER.metrics[:1] * 3
    initiatives = tuple(
        replace(
            one,
            name=name,
            due_moves=12,
            metrics=tuple(
                replace(m, id=at, name=name, unit=words[:20], value=Decimal("5123456789012.123456"))
                for at, m in enumerate(metrics)
            ),
        )
        for one in INITIATIVES
    )
    said: dict[str, Any] = {
        "progress": long,
        "next": long,
        "blocker": long,
        "need": long,
        "last_next": NextOutcome.DONE,
        "readings": tuple((at, Decimal("5123456789012.123456")) for at in range(3)),
        "by": MAYA,
        "revision": 7,
    }
    current = tuple(check_in(now, answer(one, ON, **said)) for one in initiatives)
    earlier = tuple(
        check_in(weeks(number), answer(one, OFF, next=long)) for number in range(1, 27) for one in initiatives
    )
    changes = tuple(
        change(kind, one, name, name + "x")
        for one in initiatives
        for kind in (
            ChangeKind.ADDED,
            ChangeKind.OWNER,
            ChangeKind.NAME,
            ChangeKind.RESUMED,
            ChangeKind.PAUSED,
        )
    )
    return material(
        now,
        *current,
        strategy=replace(STRATEGY, name=name, why=long),
        initiatives=initiatives,
        people={key: replace(person, name=name) for key, person in PEOPLE.items()},
        earlier=earlier,
        changes=(
            *changes,
            change(ChangeKind.SCHEDULE, None, long, long),
            change(ChangeKind.STRATEGY, None, long, long),
        ),
        late=frozenset((one.id, about.id) for one, about in zip(current, initiatives, strict=True)),
        confirmations=tuple(
            Confirmation(1, one.id, role, TOM, name, ConfirmationState.ASKED, "", LONG_AGO)
            for one in initiatives
            for role in (Role.OWNER, Role.SPONSOR, Role.PARTNER, Role.PARTNER, Role.PARTNER)
        ),
        milestones=tuple(Milestone(1, one.id, name, TOM, LONG_AGO.date()) for one in initiatives * 10),
    )


HOSTILE = {
    "shouts": "<!channel> <@U123> <https://evil.example|Open *this*> & co. `code` ",
    "ampersands": "&",
    "entities": "&lt;!here&gt; &amp; ",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "right to left": "إعادة إطلاق النشرة الإخبارية ",
    "one word": "x",
    "lines": "one\ntwo\n\nthree ",
}


def texts(blocks: Any) -> Iterator[str]:
    """Every text inside, as people see it."""
    for text, _ in texts_of(blocks):
        yield text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read(blocks: Any) -> str:
    return "\n".join(texts(blocks))


@pytest.mark.parametrize(
    ("name", "made"), [("smallest", smallest()), ("second_week", second_week()), ("typical", fourth_week())]
)
def test_digests_are_drawn_as_before(name: str, made: DigestMaterial) -> None:
    facts = digest_facts(made)
    assert_golden(f"digest_{name}", {"message": digest_message(facts), "details": digest_details(facts)})


def test_the_largest_channel_message_is_drawn_as_before() -> None:
    assert_golden("digest_largest", digest_message(digest_facts(largest("Ünïcode & <b> "))))


@pytest.mark.parametrize("week", [weeks(1), Week(2026, 53), Week(2027, 12)], ids=str)
def test_the_example_of_a_made_up_team_is_drawn_like_any_other_in_any_week(week: Week) -> None:
    drawn = digest_example(example_facts(week))

    assert_valid_message(drawn)
    assert words_in(digest_message(example_facts(week))) <= 160
    if week == weeks(1):
        assert_golden("digest_example", drawn)
    text = drawn["text"]
    assert text.startswith("An example: this team and its numbers are made up, and only you see this")
    assert "1 decision waits (Noor, Fri), 2 of 4 need attention, 3 of 4 answered" in text
    assert "KPIs: 3 of 4 keep pace" in text


@pytest.mark.parametrize("made", [smallest(), second_week(), fourth_week(), *map(largest, HOSTILE.values())])
def test_every_payload_is_one_slack_accepts(made: DigestMaterial) -> None:
    facts = digest_facts(made)
    for payload in (digest_message(facts), digest_preview(facts), *digest_details(facts)):
        assert_valid_message(payload)
        assert_valid_message({**payload, "blocks": without_charts(payload["blocks"])})


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_people_write_mentions_or_links_anything(words: str) -> None:
    facts = digest_facts(largest(words))
    for payload in (digest_message(facts), *digest_details(facts)):
        markups = [text for text, kind in texts_of(payload["blocks"]) if kind == "mrkdwn"]
        found = re.findall(r"<[^>]*>", "\n".join([payload["text"], *markups]))
        assert [markup for markup in found if not markup.startswith("<!date^")] == []


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_thread_keeps_peoples_words_whole(words: str) -> None:
    made = largest(words)
    long = made.current[0].answers[0].progress
    pages = digest_details(digest_facts(made))
    said = [block for page in pages for block in page["blocks"] if block["type"] == "section"]
    thread = re.sub(r"\s", "", read(said))
    assert thread.count(re.sub(r"\s", "", long)) >= len(INITIATIVES) * len(
        ["progress", "next", "blocker", "need"]
    )


def test_a_proposed_initiative_is_no_silent_one() -> None:
    asked = Confirmation(1, REFERRAL.id, Role.SPONSOR, TOM, "", ConfirmationState.ASKED, "", LONG_AGO)
    step = Milestone(1, REFERRAL.id, "Cards printed", TOM, LONG_AGO.date())
    proposed = replace(REFERRAL, status=Status.PROPOSED)
    made = material(NOW, initiatives=(proposed,), confirmations=(asked,), milestones=(step,))
    text = digest_message(digest_facts(made))["text"]

    assert (
        "Giver referral programme (Ben): proposed. Tom (sponsor) has not said yes, asked 23 Nov."
        " Cards printed was due 23 Nov (Tom)." in text
    )
    assert "answer" not in text


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=400).filter(str.strip))
def test_any_text_survives_into_the_thread_and_past_the_validators(words: str) -> None:
    current = check_in(NOW, answer(NEWSLETTER, AT_RISK, blocker=words, need=words))
    facts = digest_facts(material(NOW, current, initiatives=(replace(NEWSLETTER, name=words[:75]),)))
    details = digest_details(facts)
    for payload in (digest_message(facts), *details):
        assert_valid_message(payload)
    assert re.sub(r"\s", "", legible(words)) in re.sub(r"\s", "", read([page["blocks"] for page in details]))
    assert "&amp;amp;" not in f"{details}" or "&amp;" in words


def test_the_channel_message_names_people_and_pings_nobody() -> None:
    message = digest_message(digest_facts(second_week()))
    assert "Tom" in read(message)
    assert "<@" not in f"{message}"


def test_people_are_called_as_colleagues_call_them_and_told_apart() -> None:
    def called(**people: str) -> str:
        known = {key: replace(PEOPLE[key], name=name) for key, name in people.items()}
        facts = digest_facts(replace(second_week(), people={**PEOPLE, **known}))
        return next(line for line in read(digest_message(facts)).splitlines() if "Lesson" in line)

    assert "(Tom)" in called()
    assert "(Tom Lindqvist)" in called(UBEN="Tom Carter")
    assert "(Dr. Tom Lindqvist)" in called(UTOM="Dr. Tom Lindqvist")
    assert "(tom_l)" in called(UTOM="tom_l")


def busy() -> DigestMaterial:
    """Two of five need attention, one decision waits, two of six KPIs lag, six were added."""
    givers, subscribers = (
        kpi(1),
        kpi(2, "Newsletter subscribers", baseline=Decimal(4200), target=Decimal(6000)),
    )
    others = [kpi(number, f"Number {number} of six") for number in range(3, 7)]
    said = {givers: "311", subscribers: "4210", **dict.fromkeys(others, "330")}
    watched = [
        replace(one, readings=tuple(reading(one, weeks(at).day(0), value) for at in range(1, 5)))
        for one, value in said.items()
    ]
    ask = decision(1, DecisionState.OPEN, digest_time(BEFORE), NOW.day(4), default="We keep the old form")
    ask = replace(ask, question="New pledge form or the old one?", decider_id=RUTH)
    added = tuple(change(ChangeKind.KPI_ADDED, None, "", one.name) for one in watched)
    made = fourth_week()
    return replace(
        made,
        kpis=tuple(watched),
        decisions=(ask,),
        changes=(*made.changes, *added),
        since=digest_time(BEFORE),
    )


def calm() -> DigestMaterial:
    """All five on track, six KPIs on pace, and nothing new."""
    watched = (kpi(number, f"Number {number} of six") for number in range(1, 7))
    read_so = tuple(
        replace(one, readings=tuple(reading(one, weeks(at).day(0), "360") for at in range(1, 5)))
        for one in watched
    )
    current, earlier = ([check_in(week, answer(one, ON)) for one in INITIATIVES] for week in (NOW, BEFORE))
    return material(NOW, *current, earlier=tuple(earlier), kpis=read_so)


def words_in(message: dict[str, Any]) -> int:
    """As a person counts them: signs are none."""
    seen = re.sub(r":[a-z_]+:", "", read(message["blocks"]))
    return len([word for word in seen.split() if re.search(r"\w", word)])


def test_a_typical_digest_is_one_screen_of_a_phone() -> None:
    message = digest_message(digest_facts(busy()))
    assert words_in(message) <= 160
    assert message["text"].startswith(
        "Harbor Lights: 1 decision waits (Ruth, Fri), 2 of 5 need attention, all answered."
    )
    assert read(message["blocks"]).splitlines()[2:] == [
        "*Needs a decision*",
        "*Ruth*, by Fri 18 Dec: New pledge form or the old one?",
        "If nobody decides: We keep the old form",
        "*Needs attention*",
        ":red_circle: *Giver referral programme* (Ben): off track, was at risk. The pledge form is still with legal.",
        (
            ":large_green_circle: *Lesson results page* (Tom): on track (late), was at risk."
            " Due 14 Apr, was 31 Mar, moved once."
        ),
        ":large_green_circle: *On track:* Newsletter relaunch (Maya), Parents' question desk (Priya)",
        "*No answer expected:* Spring open-water days (Aroha, away until 5 Jan)",
        "*KPIs:* 4 of 6 keep pace.",
        "• *Monthly givers* 311, should be 328",
        "• *Newsletter subscribers* 4,210, should be 4,495",
        "*Wins*",
        "• *Parents' question desk*: answer time reached its target, 19.5 h",
        "Thank you, Priya.",
        "*Changed:* 6 KPIs added",
        "_One child in three in our cities cannot swim. Families should meet us before they need us._",
    ]


def test_a_digest_without_exceptions_is_three_lines() -> None:
    message = digest_message(digest_facts(calm()))
    assert words_in(message) <= 40
    assert list(texts(message["blocks"])) == [
        "Harbor Lights · Week of 14 Dec",
        "*All 5 on track, all answered, 6 of 6 KPIs keep pace.*",
        "_One child in three in our cities cannot swim. Families should meet us before they need us._",
    ]


def test_a_date_that_moved_stands_beside_the_green_ever_after() -> None:
    moved = replace(NEWSLETTER, due=date(2027, 4, 14), due_moves=1)
    made = replace(calm(), initiatives=(moved, *INITIATIVES[1:]))
    text = read(digest_message(digest_facts(made))["blocks"])
    assert "*On track:* Newsletter relaunch (Maya, due 14 Apr, was 31 Mar, moved once), Giver" in text


def test_nobody_is_named_twice_for_silence() -> None:
    both = check_in(NOW, answer(NEWSLETTER), answer(REFERRAL), owner=TOM)
    made = material(NOW, both, initiatives=tuple(replace(i, owner_id=TOM) for i in (NEWSLETTER, REFERRAL)))
    text = read(digest_message(digest_facts(made))["blocks"])
    assert text.count("Tom") == 1
    assert "*Newsletter relaunch* (Tom): no answer. *Giver referral programme*: no answer." in text


def test_long_words_end_after_twenty_and_stand_whole_in_the_thread() -> None:
    long = " ".join(f"word{number}" for number in range(1, 40))
    facts = digest_facts(material(NOW, check_in(NOW, answer(REFERRAL, AT_RISK, blocker=long))))
    assert "word19 word20… (thread)" in digest_message(facts)["text"]
    assert long in read([page["blocks"] for page in digest_details(facts)])


def test_turning_green_is_told_as_a_win_with_thanks_and_nowhere_else() -> None:
    earlier = check_in(BEFORE, answer(REFERRAL, AT_RISK))
    done = replace(DESK, status=Status.COMPLETED)
    made = material(
        NOW, check_in(NOW, answer(REFERRAL, ON)), earlier=(earlier,), initiatives=(REFERRAL, done)
    )
    lines = read(digest_message(digest_facts(made))["blocks"]).splitlines()
    assert lines[2:-1] == [
        "*Wins*",
        "• *Giver referral programme* is back on track",
        "• *Parents' question desk* is completed",
        "Thank you, Ben and Priya.",
    ]


def test_a_number_that_is_a_kpis_is_told_once() -> None:
    lagging = kpi(9, "Referred givers")
    read_so = tuple(reading(lagging, weeks(at).day(0), "311") for at in range(1, 5))
    joined = replace(
        REFERRED,
        target=Decimal(420),
        join=Join(9),
        value=Decimal(311),
        readings=(Point(NOW.day(0), Decimal(311)),),
    )
    said = answer(REFERRAL, AT_RISK, readings=readings((joined, "311")))
    about = replace(REFERRAL, metrics=(joined,))
    made = material(
        NOW, check_in(NOW, said), initiatives=(about,), kpis=(replace(lagging, readings=read_so),)
    )
    text = read(digest_message(digest_facts(made))["blocks"])
    assert text.count("311") == 1
    assert "*Referred givers* 311, should be" in text


def test_what_the_message_leaves_out_stands_in_the_thread() -> None:
    thread = read([page["blocks"] for page in digest_details(digest_facts(busy()))])
    for fact in (
        "Asked of Ruth Adler, by 18 Dec*\nNew pledge form or the old one?",
        "If nobody decides*\nWe keep the old form",
        "*Number 3 of six* 330",
        "subscribers 4,310 → 4,390 (target 6,000",
        "away until 5 Jan (last: on track, 7 Dec)",
        "KPI added: Number 6 of six",
        "Why we do this",
    ):
        assert fact in thread


def test_the_fallback_says_the_same_facts_in_plain_words() -> None:
    message = digest_message(digest_facts(busy()))
    blocks = [line.replace("*", "").strip("_") for line in read(message["blocks"]).splitlines()]
    said = message["text"].splitlines()
    assert set(said[1:]) == {blocks[0], *blocks[2:]}
    assert said[0] == f"Harbor Lights: {blocks[1]}"
    assert len(said[0]) <= 150


def test_silence_shows_no_green() -> None:
    message = digest_message(digest_facts(second_week()))
    (line,) = [line for line in read(message).splitlines() if "Lesson results page" in line]
    assert "outdated" in line
    assert "green" not in line


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (CheckInState.ASKED, "no answer (last: on track, 7 Dec)"),
        (CheckInState.SKIPPED, "off this week (last: on track, 7 Dec)"),
        (CheckInState.MISSED, "not asked, Drumbeat was down (last: on track, 7 Dec)"),
    ],
)
def test_why_there_is_no_answer_is_said_in_words(state: CheckInState, said: str) -> None:
    current = check_in(NOW, answer(NEWSLETTER), state=state)
    earlier = (check_in(BEFORE, answer(NEWSLETTER, ON)),)
    facts = digest_facts(material(NOW, current, earlier=earlier, initiatives=(NEWSLETTER,)))
    assert said in read(digest_details(facts))
    assert said.partition(" (")[0] in read(digest_message(facts))


def test_an_initiative_yet_to_start_says_when() -> None:
    facts = digest_facts(material(NOW, initiatives=(replace(NEWSLETTER, start=date(2027, 1, 11)),)))
    text = read(digest_message(facts))
    assert "starts 11 Jan" in text
    assert "Nobody was asked this week" in text


@pytest.mark.parametrize(
    ("initiatives", "said"),
    [
        ((), "Harbor Lights, week of 14 Dec: no active initiative. Add one with `/initiative add`."),
        (
            (replace(NEWSLETTER, status=Status.PAUSED), replace(DESK, status=Status.COMPLETED)),
            (
                "Harbor Lights, week of 14 Dec: no active initiative. Closed: Parents' question desk."
                " Paused: Newsletter relaunch. Add one with `/initiative add`."
            ),
        ),
    ],
)
def test_a_strategy_without_an_active_initiative_posts_one_line(
    initiatives: tuple[Initiative, ...], said: str
) -> None:
    facts = digest_facts(material(NOW, initiatives=initiatives))
    message = digest_message(facts)
    assert_valid_message(message)
    assert message["text"] == said
    assert list(texts(message["blocks"])) == [said]
    assert digest_details(facts) == []


def test_changes_are_named_in_one_line_and_told_in_the_thread() -> None:
    paused = [replace(one, status=Status.PAUSED) for one in (REFERRAL, DESK)]
    closed = replace(PAGE, status=Status.STOPPED)
    facts = digest_facts(
        material(
            NOW,
            check_in(NOW, answer(NEWSLETTER, ON)),
            initiatives=(NEWSLETTER, *paused, closed),
            changes=(
                change(ChangeKind.PAUSED, REFERRAL),
                change(ChangeKind.STOPPED, PAGE),
                change(ChangeKind.OWNER, NEWSLETTER, "Tom Lindqvist", "Maya Okafor"),
                change(ChangeKind.NAME, NEWSLETTER, "Letter", "Newsletter relaunch"),
                change(ChangeKind.SCHEDULE, None, "Check-ins Monday 09:00", "Check-ins Tuesday 09:00"),
                change(ChangeKind.STRATEGY, None, "", "name changed"),
                change(ChangeKind.STRATEGY, None, "", "paused"),
                change(ChangeKind.STRATEGY, None, "", "resumed"),
            ),
        )
    )
    text = read(digest_message(facts))
    assert (
        "*Changed:* Newsletter relaunch changed hands, Newsletter relaunch has a new name, Giver referral programme paused,"
        " Lesson results page stopped, the rhythm was paused and resumed, 1 part of the strategy changed,"
        " the schedule changed" in text
    )
    thread = read([page["blocks"] for page in digest_details(facts)])
    assert "• Giver referral programme, Parents' question desk" in thread
    assert "*Giver referral programme*: paused" in thread
    assert "• owner Tom Lindqvist → Maya Okafor\n• was called Letter" in thread
    assert "Schedule: Check-ins Monday 09:00 → Check-ins Tuesday 09:00" in thread
    assert "• *Lesson results page*: stopped" in thread


def test_many_paused_initiatives_are_counted_after_the_first_ones() -> None:
    paused = [
        replace(REFERRAL, id=number, name=f"Idea {number}", status=Status.PAUSED) for number in range(10, 40)
    ]
    facts = digest_facts(material(NOW, initiatives=(NEWSLETTER, *paused)))
    assert "Idea 16, and 23 more" in read(digest_details(facts))


def test_what_is_needed_is_said_where_nothing_is_in_the_way() -> None:
    current = check_in(NOW, answer(REFERRAL, AT_RISK, need="Sam signs"))
    text = read(digest_message(digest_facts(material(NOW, current))))
    assert "(Ben): at risk. Needs: Sam signs." in text


def test_the_thread_says_who_answered_for_whom_and_what_came_late() -> None:
    thread = read(digest_details(digest_facts(fourth_week())))
    assert "by Maya Okafor for Tom Lindqvist" in thread
    assert "edited · after the digest" in thread


def full_week(*about: Initiative) -> DigestMaterial:
    """Every field of every answer filled, shortly."""
    said: dict[str, Any] = dict.fromkeys(["progress", "next", "blocker", "need"], "Some words")
    current = [
        check_in(NOW, answer(one, ON, last_next=NextOutcome.DONE, **said), owner=one.owner_id)
        for one in about
    ]
    earlier = tuple(check_in(BEFORE, answer(one, OFF, next="Words"), owner=one.owner_id) for one in about)
    added = (change(ChangeKind.ADDED, about[0]), change(ChangeKind.STRATEGY, None, "", "A new why"))
    return material(NOW, *current, earlier=earlier, initiatives=about, changes=added)


def test_a_full_week_of_five_initiatives_is_one_message_in_the_thread() -> None:
    (page,) = digest_details(digest_facts(full_week(*INITIATIVES)))
    assert "Some words" in read(page["blocks"])
    assert "A new why" in read(page["blocks"])


def test_more_than_a_message_holds_goes_on_in_the_next_one() -> None:
    about = [
        replace(PAGE, id=number, name=f"Idea {number}", owner_id=f"U{number}") for number in range(10, 17)
    ]
    current = [check_in(NOW, answer(one, ON), owner=one.owner_id) for one in about]
    full = full_week(*INITIATIVES)
    many = replace(full, initiatives=(*INITIATIVES, *about), current=(*full.current, *current))
    first, second = digest_details(digest_facts(many))
    for page in (first, second):
        assert_valid_message(page)
    assert "(1 of 2)" in read(first["blocks"])
    assert "Idea 16" in read(second["blocks"])


def test_who_was_silent_and_then_away_shows_no_old_health() -> None:
    earlier = (check_in(BEFORE, answer(NEWSLETTER)), check_in(weeks(2), answer(NEWSLETTER, ON)))
    away = {MAYA: (Absence(date(2026, 12, 14), date(2026, 12, 18)),)}
    facts = digest_facts(
        material(
            NOW, check_in(NOW, answer(NEWSLETTER)), initiatives=(NEWSLETTER,), earlier=earlier, absences=away
        )
    )
    assert "Newsletter relaunch (Maya, away until 18 Dec)" in read(digest_message(facts)["blocks"])
    assert "away until 18 Dec (last answer 30 Nov)" in read(digest_details(facts))
    assert "on track" not in read([digest_message(facts)["blocks"], digest_details(facts)])


def test_the_preview_says_who_sees_it_and_shows_the_same() -> None:
    facts = digest_facts(fourth_week())
    preview, posted = digest_preview(facts), digest_message(facts)
    assert preview["text"].startswith("Preview — only you see this")
    assert preview["blocks"][1:] == posted["blocks"]


@pytest.mark.parametrize(
    ("health", "by", "before", "said"),
    [
        (
            ON,
            TOM,
            None,
            "Tom Lindqvist answered after the digest: Lesson results page is on track (was no answer).",
        ),
        (
            AT_RISK,
            MAYA,
            None,
            "Maya Okafor, for Tom Lindqvist, answered after the digest: Lesson results page is at risk (was no answer).",
        ),
        (
            ON,
            TOM,
            AT_RISK,
            "Tom Lindqvist edited the answer after the digest: Lesson results page is on track (was at risk).",
        ),
        (
            ON,
            TOM,
            ON,
            "Tom Lindqvist edited the answer after the digest: Lesson results page is on track (as before).",
        ),
    ],
)
def test_a_late_answer_is_one_line_that_says_what_it_was(
    health: Health, by: str, before: Health | None, said: str
) -> None:
    late = answer(PAGE, health, by=by)
    facts = digest_facts(material(NOW, check_in(NOW, late), initiatives=(PAGE,)))
    payload = late_line(facts, PEOPLE[TOM], PAGE, late, is_edit=before is not None, before=before)
    assert_valid_message(payload)
    assert payload["text"] == said


def test_a_late_answer_after_two_silent_weeks_says_it_was_outdated() -> None:
    late = answer(PAGE, ON)
    facts = digest_facts(
        material(NOW, check_in(NOW, late), earlier=(check_in(BEFORE, answer(PAGE)),), initiatives=(PAGE,))
    )
    assert late_line(facts, PEOPLE[TOM], PAGE, late, is_edit=False)["text"].endswith("(was outdated).")


@pytest.mark.parametrize("made", [second_week(), fourth_week()])
def test_the_chart_keeps_each_health_in_its_colour(made: DigestMaterial) -> None:
    (page,) = digest_details(digest_facts(made))
    (chart,) = [b for b in page["blocks"] if b["type"] == "data_visualization"]
    drawn = [series["name"] for series in chart["chart"]["series"]]
    assert drawn == ["Off track", "No answer", "On track", "At risk"]


def test_a_chart_as_a_table_keeps_every_number_in_its_place() -> None:
    blocks = without_charts(digest_details(digest_facts(second_week()))[0]["blocks"])
    (table,) = [block for block in blocks if block["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert [row[1:] for row in rows] == [["23 Nov", "30 Nov"], ["0", "0"], ["1", "1"], ["4", "4"], ["0", "0"]]
    assert all(block["type"] != "data_visualization" for block in blocks)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (second_week(), "4 on track, 1 no answer; last week 4 and 1"),
        (fourth_week(), "3 of 4 on track; last week 3 of 5"),
        (smallest(), "1 on track"),
        (calm(), "5 on track; last week 5"),
    ],
)
def test_the_charts_title_says_what_it_shows(made: DigestMaterial, said: str) -> None:
    facts = digest_facts(made)
    assert finding(facts) == said
    (page,) = digest_details(facts)
    assert [block["title"] for block in page["blocks"] if block["type"] == "data_visualization"] == [said]
    assert said in page["text"]


def test_without_anything_to_count_there_is_no_chart() -> None:
    away = {AROHA: (Absence(date(2026, 12, 14), None),)}
    facts = digest_facts(material(NOW, initiatives=(INITIATIVES[2],), absences=away))
    assert "data_visualization" not in f"{digest_details(facts)}"


def test_numbers_beside_right_to_left_names_keep_their_order() -> None:
    arabic = replace(REFERRAL.metrics[0], name="المشتركون", unit="", value=Decimal(12))
    current = check_in(NOW, answer(REFERRAL, ON, readings=readings((arabic, "12"))))
    facts = digest_facts(material(NOW, current, initiatives=(replace(REFERRAL, metrics=(arabic,)),)))
    assert "\u2068المشتركون\u2069 0 → 12 (target 60" in read(digest_details(facts))


def test_the_same_digest_is_drawn_alike_at_any_later_time() -> None:
    made = fourth_week()
    later = replace(made, at=digest_time(NOW.next()))
    assert digest_message(digest_facts(made)) == digest_message(digest_facts(later))


def stories() -> st.SearchStrategy[DigestMaterial]:
    """Any owner in any state, with any answer, in each of up to five weeks, some of them away."""
    healths = st.none() | st.sampled_from(Health)
    one = st.builds(
        lambda week, about, health, state: check_in(weeks(week), answer(about, health), state=state),
        st.integers(1, 5),
        st.sampled_from(INITIATIVES),
        healths,
        st.sampled_from(CheckInState),
    )
    everyone = st.lists(one, max_size=25, unique_by=lambda c: (c.period, c.person_id))
    absences = st.dictionaries(
        st.sampled_from(list(PEOPLE)), st.just((Absence(date(2026, 12, 21), date(2026, 12, 24)),)), max_size=3
    )
    return st.builds(
        lambda told, away: material(
            weeks(5),
            *(c for c in told if c.period == weeks(5)),
            earlier=tuple(c for c in told if c.period < weeks(5)),
            absences=away,
        ),
        everyone,
        absences,
    )


@settings(max_examples=150)
@given(stories())
def test_whatever_happened_the_digest_adds_up_and_shows_no_health_nobody_gave(made: DigestMaterial) -> None:
    facts = digest_facts(made)
    message = digest_message(facts)
    assert_valid_message(message)
    assert facts.answered <= facts.expected <= len(facts.lines)
    this_week = facts.weeks[-1]
    assert sum(this_week.by_health.values()) == facts.answered
    assert this_week.no_answer == facts.expected - facts.answered
    given_now = {a.initiative_id for c in made.current for a in c.answers if a.health}
    details = digest_details(facts)
    thread = "\n".join(page["text"] for page in details)
    for line in facts.lines:
        (shown,) = [text for text in thread.splitlines() if f"_circle: {line.initiative.name}:" in text]
        assert shown.startswith(":white_circle:") == (line.initiative.id not in given_now)
        assert read(message["blocks"]).count(line.initiative.name) == 1 or is_all_well(facts)
