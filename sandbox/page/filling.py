"""From what a form posts to what stands in the fields of blocks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox import forms, screen
from sandbox.page.field import name_of
from sandbox.page.screens import NotVisibleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.people import Person
    from sandbox.records import View
    from sandbox.screen import Place
    from sandbox.workspace import Message, Workspace

JSON = dict[str, Any]
_OPTIONS = ("static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow")


def find_view(workspace: Workspace, person: Person, view_id: str) -> View:
    """The form on top of the person's screen, or a Home of theirs. Raises NotVisibleError."""
    stack = workspace.stacks.get(person.id) or []
    homes = [home for (user, _), home in workspace.homes.items() if user == person.id]
    for view in (*stack[-1:], *homes):
        if view.id == view_id:
            return view
    raise NotVisibleError


def find_place(
    blocks: list[JSON], query: Mapping[str, str], *, message: Message | None = None, view: View | None = None
) -> Place:
    """The element that the query names by `block` and `action`. Raises NotOnScreenError when it has gone."""
    for place in screen.Surface(blocks, message, view).places():
        named = (place.block.get("block_id", ""), place.element.get("action_id", ""))
        if named == (query.get("block"), query.get("action")):
            return place
    raise screen.NotOnScreenError("That has changed in the meantime. Look again, please.")


async def keep_all(person: Person, view: View, given: Any) -> None:
    """Puts what was posted into the form's fields; nobody is told."""
    for place in screen.Surface(view.blocks, view=view).places():
        field = place.field
        if field is None or field.element["type"] == "overflow":
            continue
        value = value_in(field, given, person)
        if value is not _UNTOUCHED:
            await person.keep(place, value)


_UNTOUCHED = object()
"""Stands for a field that the form did not post anything about."""


def value_in(field: forms.Field, given: Any, person: Person, option: str | None = None) -> Any:
    """What was put into a field; `option` is that of an overflow menu."""
    posted = given.getall(name_of(field.block_id, field.action_id), [] if option is None else [option])
    kind = field.element["type"]
    if kind == "file_input":
        chosen = [one for one in posted if isinstance(one, web.FileField) and one.filename]
        return {one.filename: one.file.read() for one in chosen} if chosen else _UNTOUCHED
    texts: list[Any] = [str(one).replace("\r\n", "\n") for one in posted]
    if kind in _OPTIONS:
        texts = [_option(field, text) for text in texts if text]
    if forms.STATEFUL.get(kind, ("", "", False))[2]:
        return _UNTOUCHED if kind == "multi_external_select" else texts
    if not posted:
        return _UNTOUCHED
    if not texts or texts[0] == "":
        return None
    return _moment(texts[0], person) if kind == "datetimepicker" else texts[0]


def _option(field: forms.Field, value: str) -> JSON:
    for option in forms.options(field.element):
        if option.get("value") == value:
            return option
    raise LookupError(f"{field.label!r} does not offer that any more. Look again, please.")


def _moment(text: str, person: Person) -> datetime:
    """A date and time as the person's own clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(person.account.tz))
