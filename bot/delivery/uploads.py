"""Sending a person a file: three calls, of which only the last one shows anything.

docs.slack.dev/messaging/working-with-files: getUploadURLExternal, the bytes to its URL, completeUploadExternal.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.delivery.calls import Caller, CallResult, Fate
from bot.delivery.tools import Tools
from storage.delivery import sending
from storage.delivery.sending import Outgoing


async def upload_row(tools: Tools, token: str, row: Outgoing) -> CallResult:
    """The file that a row asks for, made now."""
    what = json.loads(row.payload)
    transact = tools.transact.within(row.workspace_id)
    try:
        name, content = await transact(tools.make_file, row.workspace_id, what)
    except LookupError:
        return CallResult(Fate.REFUSED, error="what it is about is gone")

    async def keep(file_id: str) -> None:
        row.file_id = file_id
        await transact(sending.keep_file_id, row.workspace_id, row.id, file_id)

    return await upload(tools.caller, token, row, File(name, content, what["words"]), keep)


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes
    words: str


async def upload(
    caller: Caller, token: str, outgoing: Outgoing, file: File, keep: Callable[[str], Awaitable[None]]
) -> CallResult:
    """Everything before the last call may be made again; before that one `keep` is given the file's id."""
    channel = await caller.find_channel(token, outgoing)  # files are not shared with a user id
    if isinstance(channel, CallResult):
        return _again(channel)
    promised = await caller.ask(
        token, "files.getUploadURLExternal", {"filename": file.name, "length": str(len(file.content))}
    )
    if promised.fate is not Fate.MADE:
        return _again(promised)
    sent = await caller.put(str(promised.body["upload_url"]), file.content)
    if sent.fate is not Fate.MADE:
        return _again(sent)
    file_id = str(promised.body["file_id"])
    await keep(file_id)
    shown = {
        "files": [{"id": file_id, "title": file.name}],
        "channel_id": channel,
        "initial_comment": file.words,
    }
    return await caller.call(token, "files.completeUploadExternal", json.dumps(shown))


def _again(result: CallResult) -> CallResult:
    """A call that shows nothing may be repeated whatever became of it."""
    return CallResult(Fate.UNREACHED, error=result.error) if result.fate is Fate.IN_DOUBT else result
