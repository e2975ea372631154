"""The weekly prompt, its reminder and its forms, at their smallest, typical and largest."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.check_ins import Answer, CheckInState, NextOutcome, SeenMark
from domain.decisions import DecisionState
from domain.errors import FieldErrors
from domain.healths import Health
from domain.initiatives import Initiative
from domain.milestones import MAX_OPEN_MILESTONES, Milestone
from domain.pace import Point
from domain.promises import Promise
from tests.domain.kpis_to_read import reading
from tests.support.block_kit import assert_valid_message, assert_valid_view, texts_of
from tests.support.forms import submitted
from tests.support.golden import assert_golden
from tests.support.harbor_lights import (
    FIRST_WEEK,
    INITIATIVES,
    MAYA,
    NEWSLETTER,
    PEOPLE,
    STRATEGY,
    SUBSCRIBERS,
    check_in,
)
from tests.views.test_decisions import TYPICAL
from tests.views.test_kpis import SIX
from views import notes
from views.check_ins import forms, messages, together
from views.check_ins.prompts import Prompt, PromptLine
from views.readings import KpiLine
from views.seen_marks import seen_words
from views.slack.fields import untouched

HOSTILE = (
    "<!channel> <@U123> <https://evil.example|open> & `code` ",
    "👩‍👩‍👧‍👦 🏳️‍🌈 ",
    "إعادة إطلاق النشرة الإخبارية ",
)
WEEK = FIRST_WEEK.next()
DIGEST = datetime(2026, 12, 2, 11, tzinfo=UTC)


def prompt_of(*lines: PromptLine, **rest: Any) -> Prompt:
    answered = check_in(WEEK, *(line.answer for line in lines), owner=MAYA)
    values: dict[str, Any] = {
        "strategy": STRATEGY,
        "check_in": answered,
        "lines": lines,
        "digest_at": DIGEST,
        "today": date(2026, 11, 30),
        "names": {person_id: person.name for person_id, person in PEOPLE.items()},
    }
    return Prompt(**(values | rest))


def asked(about: Initiative = NEWSLETTER, last: Answer | None = None) -> PromptLine:
    promise = Promise(last.next, FIRST_WEEK, FIRST_WEEK) if last and last.next else None
    return PromptLine(about, Answer(about.id), last, FIRST_WEEK if last else None, promise=promise)


def said(about: Initiative, health: Health, **words: Any) -> Answer:
    return Answer(about.id, health=health, by=MAYA, at=DIGEST, revision=1, **words)


LAST = said(NEWSLETTER, Health.ON_TRACK, next="send the second issue", progress="first issue out")


def largest(words: str) -> Prompt:
    long = (words * 200)[:3000]
    lines = [
        asked(
            replace(one, name=words[:75], metrics=tuple(replace(SUBSCRIBERS, id=n) for n in (1, 2, 3))),
            said(one, Health.ON_TRACK, next=long, progress=long, blocker=long, need=long),
        )
        for one in INITIATIVES
    ]
    late = {
        one.id: tuple(
            Milestone(n, one.id, (words * 20)[:75], MAYA, date(2026, 11, 24))
            for n in range(MAX_OPEN_MILESTONES)
        )
        for one in INITIATIVES
    }
    return prompt_of(*lines, strategy=replace(STRATEGY, why=long, name=words[:75]), milestones=late)


def read(payload: Any) -> str:
    return "\n".join(text for text, _ in texts_of(payload["blocks"]))


def assert_mentions_nobody(payload: Any) -> None:
    """No markup but Slack's dates, which are ours."""
    markups = [text for text, kind in texts_of(payload["blocks"]) if kind == "mrkdwn"]
    found = re.findall(r"<[^>]*>", "\n".join([payload["text"], *markups]))
    assert [markup for markup in found if not markup.startswith("<!date^")] == []


def buttons(payload: Any) -> list[str]:
    return [
        element["text"]["text"]
        for block in payload["blocks"]
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("type") == "button"
    ]


def test_the_first_prompt_asks_and_offers_no_last_week() -> None:
    payload = messages.prompt_message(prompt_of(asked()))
    assert_golden("prompt_smallest", payload)
    assert "Same as last week" not in buttons(payload)


def test_a_typical_prompt_shows_last_week_and_offers_it() -> None:
    payload = messages.prompt_message(prompt_of(asked(last=LAST)))
    assert_golden("prompt_typical", payload)
    assert "Same as last week" in buttons(payload)
    assert "You said next: _send the second issue_" in read(payload)


def test_a_late_milestone_stands_in_the_prompt_and_every_open_one_in_the_form() -> None:
    steps = tuple(
        Milestone(n, NEWSLETTER.id, name, MAYA, day)
        for n, (name, day) in enumerate(
            {"First issue": date(2026, 11, 29), "Survey": date(2026, 11, 30)}.items()
        )
    )
    prompt = prompt_of(asked(), milestones={NEWSLETTER.id: steps})
    form = forms.update_modal(prompt, prompt.lines[0])

    said_late = read(messages.prompt_message(prompt))
    assert "Milestone late: First issue, due 29 Nov" in said_late
    assert "Survey" not in said_late
    (boxes,) = (block for block in form["blocks"] if block.get("block_id") == "milestones")
    assert [one["text"]["text"] for one in boxes["element"]["options"]] == [
        "First issue, due 29 Nov",
        "Survey, due 30 Nov",
    ]


def test_a_partly_answered_prompt_asks_for_the_rest_only() -> None:
    done = replace(asked(INITIATIVES[1]), answer=said(INITIATIVES[1], Health.AT_RISK, blocker="form is late"))
    payload = messages.prompt_message(prompt_of(asked(last=LAST), done))
    assert_golden("prompt_partly", payload)
    assert "Giver referral programme" not in payload["text"].splitlines()[0]


def test_an_answered_prompt_thanks_and_can_be_edited_until_it_is_closed() -> None:
    line = replace(asked(), answer=replace(LAST, readings=((SUBSCRIBERS.id, Decimal(4310)),)))
    payload = messages.prompt_message(prompt_of(line))
    assert_golden("prompt_answered", payload)
    assert buttons(payload) == ["Edit"]
    assert buttons(messages.prompt_message(prompt_of(line, is_open=False))) == []


def test_an_answer_by_a_lead_is_marked() -> None:
    answer = replace(LAST, by="U_RUTH")
    prompt = prompt_of(replace(asked(), answer=answer), names={"U_RUTH": "Ruth & co"})
    assert "(by Ruth &amp; co)" in read(messages.prompt_message(prompt))


def test_somebody_away_is_asked_nothing() -> None:
    prompt = prompt_of(asked(), away_until=date(2027, 1, 5))
    shown = messages.prompt_message(
        replace(prompt, check_in=replace(prompt.check_in, state=CheckInState.SKIPPED))
    )
    assert "away until 5 Jan" in read(shown)
    assert "I’m away" not in buttons(shown)


@pytest.mark.parametrize(
    ("line", "state", "stands", "footer"),
    [
        (replace(asked(), answer=LAST), CheckInState.ASKED, "on track", "Your answers stand as shown."),
        (asked(), CheckInState.ASKED, "no answer", "This week is closed."),
        (asked(), CheckInState.SKIPPED, "no answer expected", "This week is closed."),
    ],
)
def test_a_closed_week_says_what_was_said_and_calls_nothing_an_answer(
    line: PromptLine, state: CheckInState, stands: str, footer: str
) -> None:
    prompt = prompt_of(line, is_open=False)
    shown = messages.prompt_message(replace(prompt, check_in=replace(prompt.check_in, state=state)))

    assert any(said.endswith(stands) for said in read(shown).splitlines())
    assert any(said.endswith(footer) for said in read(shown).splitlines())


def test_a_metric_behind_its_plan_is_pointed_out_beside_a_green() -> None:
    read_on = date(2027, 2, 8)
    slow = replace(SUBSCRIBERS, value=Decimal(4210), readings=(Point(read_on, Decimal(4210)),))
    shown = replace(NEWSLETTER, metrics=(slow,))
    prompt = prompt_of(asked(shown, LAST), today=date(2027, 2, 15))
    told = read(messages.prompt_message(prompt))
    assert "subscribers 4,210, should be 5,283, target 6,000" in told
    assert "subscribers is behind its plan." in told
    amber = prompt_of(asked(shown, replace(LAST, health=Health.AT_RISK)), today=date(2027, 2, 15))
    told = read(messages.prompt_message(amber))
    assert "behind its plan" not in told
    assert "subscribers 4,210, should be 5,283, target 6,000" in told


def test_a_metric_that_nobody_read_for_two_weeks_is_outdated_in_the_prompt() -> None:
    old = replace(SUBSCRIBERS, value=Decimal(4210), readings=(Point(date(2027, 1, 25), Decimal(4210)),))
    prompt = prompt_of(asked(replace(NEWSLETTER, metrics=(old,)), LAST), today=date(2027, 2, 15))
    assert "subscribers outdated (last 4,210, 25 Jan), target 6,000" in read(messages.prompt_message(prompt))


def test_a_metric_that_nobody_ever_read_was_not_read_by_its_day_once_that_is_over() -> None:
    late = prompt_of(asked(replace(NEWSLETTER, metrics=(SUBSCRIBERS,)), LAST), today=date(2027, 4, 12))
    assert "subscribers not read by its day, target 6,000" in read(messages.prompt_message(late))


def test_a_reminder_names_only_what_is_missing_and_then_only_thanks() -> None:
    done = replace(asked(INITIATIVES[1]), answer=said(INITIATIVES[1], Health.ON_TRACK))
    payload = messages.reminder_message(prompt_of(asked(), done))
    assert "Giver referral programme" not in read(payload)
    assert_golden("reminder", payload)
    assert buttons(messages.reminder_message(prompt_of(done))) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_every_message_and_form_is_one_slack_accepts_and_mentions_nobody(words: str) -> None:
    prompt = largest(words)
    recorded = replace(
        prompt,
        lines=tuple(replace(line, answer=line.last or line.answer) for line in prompt.lines),
    )
    for payload in (
        messages.prompt_message(prompt),
        messages.prompt_message(recorded),
        messages.reminder_message(prompt),
    ):
        assert_valid_message(payload)
        assert_mentions_nobody(payload)
    line = recorded.lines[0]
    for view in (
        forms.update_modal(prompt, prompt.lines[0]),
        forms.update_modal(replace(recorded, owner_name=words), line),
        forms.trouble_modal(recorded, line),
        forms.list_modal([prompt, recorded], "Everything is answered for this week."),
    ):
        assert_valid_view(view)


@pytest.mark.parametrize("words", HOSTILE)
def test_replies_to_plain_words_are_ones_slack_accepts(words: str) -> None:
    prompt = largest(words)
    lines = tuple(notes.NoteLine(prompt.check_in, line.initiative, line.answer) for line in prompt.lines)
    settled = replace(lines[0], answer=replace(LAST, blocker=(words * 200)[:3000]))
    for reply in (
        notes.NoteReply("D1", "1.1", lines=(*lines, settled), has_files=True),
        notes.NoteReply("D1", "1.1", choices=lines, unplaced=words * 50),
        notes.NoteReply("D1", "1.1", problem=words),
    ):
        payload = notes.note_reply(reply)
        assert_valid_message(payload)
        assert_mentions_nobody(payload)


def test_the_form_is_drafted_from_last_time_and_says_nothing_for_its_owner() -> None:
    view = forms.update_modal(prompt_of(asked(last=LAST)), asked(last=LAST))
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert "initial_option" not in inputs["health"]
    assert "initial_value" not in inputs["progress"]
    assert inputs["next"]["initial_value"] == "send the second issue"
    assert inputs[f"metric.{SUBSCRIBERS.id}"]["initial_value"] == "4,200"
    assert_golden("update_form", view)


def test_what_the_database_knows_since_the_last_answer_is_what_moved() -> None:
    """A milestone done, a number that came by another way, an ask decided; nothing from before."""
    answered = replace(LAST, at=datetime(2026, 11, 24, 9, tzinfo=UTC))
    metric = replace(SUBSCRIBERS, value=Decimal(4230), readings=(Point(date(2026, 11, 28), Decimal(4230)),))
    steps = tuple(
        Milestone(
            number, NEWSLETTER.id, name, MAYA, date(2026, 12, 1), done_at=datetime(2026, 11, day, tzinfo=UTC)
        )
        for number, (name, day) in enumerate({"Survey": 23, "First issue": 26}.items())
    )
    line = asked(replace(NEWSLETTER, metrics=(metric,)), answered)
    prompt = prompt_of(
        line,
        milestones={NEWSLETTER.id: steps},
        asks={
            NEWSLETTER.id: (
                replace(
                    TYPICAL,
                    initiative_id=NEWSLETTER.id,
                    state=DecisionState.DECIDED,
                    outcome="Yes",
                    decided_at=datetime(2026, 11, 27, tzinfo=UTC),
                ),
            )
        },
    )
    form = forms.update_modal(prompt, line)
    inputs = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert (
        inputs["progress"]["initial_value"]
        == f"First issue: done\nsubscribers: 4,230\n{TYPICAL.question} Yes"
    )
    assert "initial_option" not in inputs["health"]
    told = read(messages.prompt_message(prompt))
    assert "Since then done: First issue" in told
    assert "Survey" not in told


@pytest.mark.parametrize(
    ("zone", "drafted"), [("Pacific/Auckland", ""), ("America/Los_Angeles", "subscribers: 4,230")]
)
def test_a_number_of_the_day_of_the_last_answer_in_its_owners_zone_is_not_since_then(
    zone: str, drafted: str
) -> None:
    """At 20:04 in London it is the next day in Auckland, and the same one in Los Angeles."""
    line = asked(
        replace(
            NEWSLETTER,
            metrics=(replace(SUBSCRIBERS, readings=(Point(date(2026, 11, 23), Decimal(4230)),)),),
        ),
        replace(LAST, at=datetime(2026, 11, 22, 20, 4, tzinfo=UTC)),
    )
    assert prompt_of(line, zone=zone).drafted(line) == drafted


def test_the_prompt_says_until_when_to_answer_by_the_owners_own_clock() -> None:
    said = {
        zone: read(messages.prompt_message(prompt_of(asked(), zone=zone)))
        for zone in ("Europe/London", "Asia/Kolkata")
    }
    assert "Please answer by Tuesday evening." in said["Europe/London"]
    assert "Please answer by Wednesday noon." in said["Asia/Kolkata"]
    late = prompt_of(asked(), zone="Europe/London", today=date(2026, 12, 2))
    assert "Please answer by <!date^" in read(messages.prompt_message(late))


@pytest.mark.parametrize("words", HOSTILE)
def test_the_form_for_all_and_the_one_for_numbers_are_ones_slack_accepts(words: str) -> None:
    prompt = replace(largest(words), kpis=tuple(KpiLine(kpi) for kpi in SIX))
    own = [
        tuple(replace(metric, id=10 * line.initiative.id + metric.id) for metric in line.initiative.metrics)
        for line in prompt.lines
    ]
    lines = [
        replace(line, initiative=replace(line.initiative, metrics=metrics))
        for line, metrics in zip(prompt.lines, own, strict=True)
    ]
    prompt = replace(prompt, lines=tuple(lines))
    numbers = {id_: Decimal(10) ** 9 for id_ in together.number_fields(prompt)}
    for view in (
        together.update_all_modal(prompt),
        together.numbers_modal(prompt),
        together.numbers_modal(prompt, numbers),
    ):
        assert_valid_view(view)


def state(**values: Any) -> dict[str, Any]:
    typed = {name: {"value": value} for name, value in values.items() if name != "health"}
    return typed | {"health": {"selected_option": {"value": values.get("health", "on_track")}}}


def test_a_metric_left_as_it_was_is_no_reading() -> None:
    metric = f"metric.{SUBSCRIBERS.id}"
    unchanged = forms.read_update(state(**{metric: "4,200"}), NEWSLETTER, Answer(NEWSLETTER.id))
    changed = forms.read_update(state(**{metric: "4.3k"}), NEWSLETTER, Answer(NEWSLETTER.id))
    assert unchanged.readings == ()
    assert changed.readings == ((SUBSCRIBERS.id, Decimal(4300)),)


def test_what_is_said_while_a_form_is_open_stays_where_its_fields_are_left_as_they_were() -> None:
    metric = f"metric.{SUBSCRIBERS.id}"
    view = forms.update_modal(prompt_of(asked()), asked())
    meanwhile = said(NEWSLETTER, Health.AT_RISK, progress="Two issues", blocker="No printer")
    meanwhile = replace(meanwhile, readings=((SUBSCRIBERS.id, Decimal(4700)),))
    initiative = replace(
        NEWSLETTER, metrics=(replace(SUBSCRIBERS, value=Decimal(4700)), *NEWSLETTER.metrics[1:])
    )

    def read(**typed: Any) -> Answer:
        filled = submitted(view, **typed)
        return forms.read_update(filled, initiative, meanwhile, untouched(view, filled))

    saved = read(health="off_track", next="Ask Tom")
    assert saved.readings == meanwhile.readings
    assert (saved.health, saved.progress, saved.next, saved.blocker) == (
        Health.OFF_TRACK,
        "Two issues",
        "Ask Tom",
        "No printer",
    )
    theirs = read(health="off_track", blocker="No paper", **{metric: "4,710"})
    assert theirs.blocker == "No paper"
    assert theirs.readings == ((SUBSCRIBERS.id, Decimal(4710)),)


def test_a_number_given_while_the_form_for_all_is_open_is_neither_replaced_nor_taken_back() -> None:
    opened = prompt_of(asked(), asked(INITIATIVES[1]))
    opened = replace(opened, kpis=tuple(KpiLine(kpi) for kpi in SIX[:2]))
    view = together.update_all_modal(opened)
    first = said(NEWSLETTER, Health.AT_RISK, blocker="No printer")
    answered = replace(opened.lines[0], answer=first)
    given = KpiLine(SIX[0], reading(SIX[0], date(2026, 11, 30), "316"))
    stands = replace(opened, lines=(answered, *opened.lines[1:]), kpis=(given, opened.kpis[1]))
    filled = submitted(view, **{f"kpi.{SIX[1].id}": "320", f"health.{INITIATIVES[1].id}": "on_track"})
    kept = untouched(view, filled)

    assert together.read_numbers(filled, stands, kept) == {f"kpi.{SIX[1].id}": Decimal(320)}
    assert [one.initiative_id for one in together.read_rows(filled, stands, kept)] == [INITIATIVES[1].id]


def test_bad_input_is_told_at_its_field() -> None:
    metric = f"metric.{SUBSCRIBERS.id}"
    with pytest.raises(FieldErrors) as refused:
        forms.read_update(state(**{metric: "abc", "progress": "x" * 3001}), NEWSLETTER, Answer(NEWSLETTER.id))
    assert "“abc”" in refused.value.errors[metric]
    assert "3,001" in refused.value.errors["progress"]


def test_more_than_a_field_has_room_for_is_refused_before_it_is_read() -> None:
    metric = f"metric.{SUBSCRIBERS.id}"
    with pytest.raises(FieldErrors) as refused:
        forms.read_update(state(**{metric: "1" * 41}), NEWSLETTER, Answer(NEWSLETTER.id))
    assert refused.value.errors[metric] == "That is 41 characters, and I can keep 40. Please shorten it."


def test_what_became_of_last_weeks_next_is_asked_only_where_there_was_one() -> None:
    without = forms.update_modal(prompt_of(asked()), asked())
    assert "last_next" not in {block.get("block_id") for block in without["blocks"]}
    answer = forms.read_update(
        state() | {"last_next": {"selected_option": {"value": "done"}}}, NEWSLETTER, Answer(NEWSLETTER.id)
    )
    assert answer.last_next is NextOutcome.DONE


def test_who_has_seen_what_is_not_on_track_is_told_and_every_word_with_it() -> None:
    names = {f"U{number}": f"Lead {number}" for number in range(8)}
    silent = [SeenMark(person_id) for person_id in names]
    assert seen_words(Health.AT_RISK, silent[:2], names) == ":eyes: Seen by Lead 0, Lead 1"
    assert seen_words(Health.AT_RISK, silent, names).endswith("Lead 2, Lead 3, and 4 more")
    assert seen_words(Health.ON_TRACK, silent, names) == ""
    said = [*silent[:1], SeenMark("U1", "Ask <!channel>\nLegal")]
    line = ":eyes: Seen by Lead 1: “Ask &lt;!channel&gt; Legal”"
    assert seen_words(Health.OFF_TRACK, said, names) == f":eyes: Seen by Lead 0\n{line}"
    assert seen_words(Health.ON_TRACK, said, names) == line
