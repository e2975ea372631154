"""Writing the canvas of a channel: looked at before it is written, so that nothing of people's is written over.

docs.slack.dev/reference/methods: conversations.canvases.create, canvases.edit, files.info.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.delivery.calls import CallResult, Fate
from bot.delivery.refusals import may_pass
from bot.delivery.tools import Tools
from bot.transactions import Transactions
from domain.canvases import ANOTHER, EDITED, UNSURE, CanvasFound, CanvasStep, next_step, tell_apart
from services.canvases import (
    Writing,
    begin_writing,
    plan_writing,
    record_gone,
    record_question,
    record_refusal,
    record_written,
)
from storage.delivery.outbox import CANVAS
from storage.delivery.sending import Outgoing

CREATE = "conversations.canvases.create"
_LOCKED = "canvas_editing_locked"
_LOCKED_SECONDS = 30.0
_GONE = frozenset({"file_not_found", "file_deleted", "canvas_not_found", "canvas_deleted"})
_TAKEN = frozenset({"channel_canvas_already_exists", "free_team_canvas_tab_already_exists"})
_DONE = CallResult(Fate.MADE)


class _NotNow(Exception):
    """It goes no further just now."""

    def __init__(self, result: CallResult) -> None:
        super().__init__(result.error)
        self.result = result


class _Refused(Exception):
    """Slack says no, and would again."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


async def write_row(tools: Tools, token: str, row: Outgoing) -> CallResult:
    """The canvas that a row asks for, as things stand now. What keeps it from being written is recorded, and no trouble of
    the row's; a result other than made says what does for the moment.
    """
    transact = tools.transact.within(row.workspace_id)
    writing = await transact(plan_writing, row.workspace_id, int(row.target), tools.clock.now())
    if writing is None:
        return _DONE
    try:
        await _Pen(tools, transact, token, writing).write()
    except _NotNow as stopped:
        return stopped.result
    except _Refused as refused:
        await transact(record_refusal, writing, refused.error, tools.clock.now())
    return _DONE


@dataclass(frozen=True, slots=True)
class _Pen:
    tools: Tools
    transact: Transactions
    token: str
    writing: Writing

    async def write(self) -> None:
        found = await self._find()
        match next_step(self.writing.canvas, found):
            case CanvasStep.CREATE:
                await self._create()
            case CanvasStep.WRITE if found is not None:
                await self._replace(found.id)
            case CanvasStep.ASK_ANOTHER:
                await self._ask_a_lead(ANOTHER)
            case CanvasStep.ASK_EDITED:
                await self._ask_a_lead(EDITED if self.writing.canvas.content else UNSURE)
            case _:
                await self.transact(record_gone, self.writing)

    async def _find(self) -> CanvasFound | None:
        """What stands in the channel's tab; where Slack does not say, what was ours there."""
        channel = (await self._ask("conversations.info", channel=self.writing.channel_id))["channel"]
        told = canvas_of(channel)
        canvas_id = told or self.writing.canvas.canvas_id
        if canvas_id is None:
            return None
        file = await self._look(canvas_id)
        if file is None:
            return CanvasFound(told, is_own=False, content="") if told else None
        is_own = self.writing.bot_user_id in (file.get("user"), file.get("canvas_creator_id"))
        return CanvasFound(canvas_id, is_own, await self._read(file))

    async def _look(self, canvas_id: str) -> Mapping[str, Any] | None:
        try:
            file: Mapping[str, Any] = (await self._ask("files.info", file=canvas_id))["file"]
        except _Refused as refused:
            if refused.error in _GONE:
                return None
            raise
        return file

    async def _read(self, file: Mapping[str, Any]) -> str:
        """What it says, told apart from anything else it may say."""
        read = await self.tools.caller.read(self.token, str(file.get("url_private") or ""))
        if isinstance(read, CallResult):
            raise _NotNow(read)
        return tell_apart(read.decode("utf-8", "replace"))

    async def _create(self) -> None:
        args = {
            "channel_id": self.writing.channel_id,
            "title": self.writing.title,
            "document_content": self._content(),
        }
        try:
            made = await self._call(CREATE, args)
        except _Refused as refused:
            if refused.error not in _TAKEN:
                raise
            await self._ask_a_lead(ANOTHER)
        else:
            await self._keep(str(made["canvas_id"]))

    async def _replace(self, canvas_id: str) -> None:
        change = {"operation": "replace", "document_content": self._content()}
        await self._call(CANVAS, {"canvas_id": canvas_id, "changes": [change]})
        await self._keep(canvas_id)

    async def _keep(self, canvas_id: str) -> None:
        """With what Slack shows of it now. Where that may not be read, the next time a lead is asked."""
        file = await self._look(canvas_id)
        content = "" if file is None else await self._read(file)
        await self.transact(record_written, self.writing, canvas_id, content, self.tools.clock.now())

    def _content(self) -> dict[str, str]:
        return {"type": "markdown", "markdown": self.writing.markdown}

    async def _call(self, method: str, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """One that writes: should its answer be lost, it is known that what stands there is ours."""
        canvas = self.writing.canvas
        await self.transact(begin_writing, canvas, is_begun=True)
        result = await self.tools.caller.call(self.token, method, json.dumps(args))
        if result.fate is not Fate.IN_DOUBT and result.fate is not Fate.MADE:
            await self.transact(begin_writing, canvas, is_begun=canvas.is_begun)
        return _answer(result)

    async def _ask(self, method: str, **args: str) -> Mapping[str, Any]:
        result = await self.tools.caller.ask(self.token, method, args)
        if result.fate is Fate.IN_DOUBT:  # one that only reads may be made again
            raise _NotNow(CallResult(Fate.UNREACHED, error=result.error))
        return _answer(result)

    async def _ask_a_lead(self, reason: str) -> None:
        await self.transact(record_question, self.writing, reason, self.tools.clock.now())


def _answer(result: CallResult) -> Mapping[str, Any]:
    """Raises _Refused, or _NotNow for what may pass: the token, too, is no affair of the canvas."""
    if result.fate is Fate.MADE:
        return result.body
    if result.error == _LOCKED:  # somebody is just writing in it
        raise _NotNow(CallResult(Fate.LATER, error=result.error, seconds=_LOCKED_SECONDS))
    if result.fate is Fate.REFUSED and not may_pass(result.error):
        raise _Refused(result.error)
    raise _NotNow(result)


def canvas_of(channel: Mapping[str, Any]) -> str | None:
    """The id of a channel's own canvas, as conversations.info has it: among its properties, or only among its tabs."""
    properties = channel.get("properties") or {}
    if file_id := (properties.get("canvas") or {}).get("file_id"):
        return str(file_id)
    tabs = [tab for tab in properties.get("tabs") or [] if tab.get("type") == "channel_canvas"]
    ids = (str((tab.get("data") or {}).get("file_id") or "") for tab in tabs)
    return next(filter(None, ids), None)
