"""Answering in plain words: messages people write to the bot, and the buttons under what was read of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.reading.legible import is_blank
from domain.reading.markup import plain_text
from domain.reading.messages import words_of
from domain.schedules import local_day
from handlers.requests import Click, Deps, Event, Routes, View, acts, hears, opens
from services.check_ins.answering import load_answering
from services.drafts.offers import is_plan_file, offer_plan
from services.mentions import read_words
from services.notes.messages import (
    Written,
    confirm_kpi,
    confirm_value,
    keep_note,
    place_words,
    receive_note,
    resolve_blocker,
    revise_note,
    settle_health,
)
from services.notes.readings import day_of
from services.references import own_note, report_kpi
from views import notes as views
from views.check_ins.questions import unlikely_modal
from views.readings import ReadingForm, ReadingRef, reading_modal
from views.slack.references import NoteRef

_WRITTEN = (None, "file_share", "thread_broadcast", "me_message")
"""The subtypes of what a person wrote."""


def receive_message(session: Session, event: Event, now: datetime) -> None:
    """A message in the DM: new, edited or deleted; ours and Slack's own are passed over."""
    if not _is_direct(event):
        return
    body = event.body
    match body.get("subtype"):
        case subtype if subtype in _WRITTEN:
            if "bot_id" not in body and body.get("user"):
                written = _read(event, body, partial(read_words, session, event.workspace_id))
                receive_note(session, written, now)
                files = [(str(one["id"]), str(one.get("name", ""))) for one in body.get("files") or ()]
                offer_plan(session, written, files, now)
        case "message_changed" if "bot_id" not in body["message"] and body["message"].get("user"):
            if body["message"].get("subtype") in _WRITTEN:
                read = partial(read_words, session, event.workspace_id)
                revise_note(session, _read(event, body["message"], read), now)


async def keep_message(deps: Deps, event: Event) -> bool:
    """Its words alone, where `receive_message` failed; whether they were a person's."""
    body = event.body
    message = body["message"] if body.get("subtype") == "message_changed" else body
    if not _is_direct(event) or "bot_id" in message or not message.get("user"):
        return False
    await deps.transact(keep_note, _read(event, message), event.key, deps.now())
    return True


def _is_direct(event: Event) -> bool:
    return event.body.get("channel_type") == "im"


def _read(event: Event, message: Mapping[str, Any], read: Callable[[str], str] = plain_text) -> Written:
    """`plain_text` names people by their ids, and asks nothing."""
    text = read(words_of(message).quoted)
    files = [str(one.get("name", "")) for one in message.get("files") or ()]
    return Written(
        workspace_id=event.workspace_id,
        channel_id=event.body["channel"],
        ts=message["ts"],
        thread_ts=message.get("thread_ts"),
        person_id=message.get("user", ""),
        text=text,
        has_files=bool(files),
        is_wordless=is_blank(text) and not any(map(is_plan_file, files)),
        before=read(words_of(event.body.get("previous_message") or {}).quoted),
        edited_ts=(message.get("edited") or {}).get("ts", ""),
        is_mended=event.is_mended,
    )


def click_health(session: Session, click: Click, now: datetime) -> None:
    """The health that the words did not say."""
    about = views.read_note_reference(click.value)
    settle_health(session, click, about, views.HEALTH_ACTIONS[click.action_id], now)


def click_resolved(session: Session, click: Click, now: datetime) -> None:
    """What "same as last week" left in the way is there no more."""
    resolve_blocker(session, click, views.read_note_reference(click.value), now)


def click_place(session: Session, click: Click, now: datetime) -> None:
    """What words that named no initiative are about."""
    place_words(session, click, views.read_note_reference(click.value), now)


def click_meant(session: Session, click: Click, now: datetime) -> None:
    """*Yes*: a value far from the last one is right."""
    ref = views.ValueRef.read(click.value)
    about = views.NoteReference(ref.channel_id, ref.ts, ref.check_in_id, ref.initiative_id)
    confirm_value(session, click, about, ref.metric_id, Decimal(ref.value), now)


def show_other_value(session: Session, click: Click, now: datetime) -> View:
    """*No, …*: a field for the right one."""
    ref = views.ValueRef.read(click.value)
    own_note(session, click, ref.channel_id, ref.ts)
    ctx = load_answering(session, click, ref.check_in_id, now)
    asked = {ref.metric_id: Decimal(ref.value)}
    note = NoteRef(channel_id=ref.channel_id, ts=ref.ts)
    return unlikely_modal(ctx.check_in, ctx.initiative(ref.initiative_id), asked, note)


def click_kpi_meant(session: Session, click: Click, now: datetime) -> None:
    ref = views.KpiValueRef.read(click.value)
    confirm_kpi(session, click, ref, ref.kpi_id, Decimal(ref.value), now)


def show_other_kpi_value(session: Session, click: Click, now: datetime) -> View:
    ref = views.KpiValueRef.read(click.value)
    note = own_note(session, click, ref.channel_id, ref.ts)
    person, _, kpi = report_kpi(session, click, ref.kpi_id)
    asked = ReadingForm(Decimal(ref.value), day_of(session, note, person), "")
    carried = ReadingRef(kpi_id=kpi.id, note=NoteRef(channel_id=ref.channel_id, ts=ref.ts))
    return reading_modal(kpi, carried, local_day(now, person.zone), asked)


ROUTES = Routes(
    clicks={
        views.RESOLVED: acts(click_resolved),
        views.MEANT: acts(click_meant),
        views.NOT_MEANT: opens(show_other_value),
        views.KPI_MEANT: acts(click_kpi_meant),
        views.KPI_NOT_MEANT: opens(show_other_kpi_value),
        **dict.fromkeys(views.HEALTH_ACTIONS, acts(click_health)),
        **{f"{views.PLACE}.{number}": acts(click_place) for number in range(25)},
    },
    events={"message": hears(receive_message)},
    keepers={"message": keep_message},
)
