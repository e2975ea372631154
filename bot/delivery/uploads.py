"""Sending a person a file: three calls, of which only the last one shows anything.

docs.slack.dev/messaging/working-with-files: getUploadURLExternal, the bytes to its URL, completeUploadExternal.
"""

from typing import TYPE_CHECKING, Any

from bot.delivery.calls import Answer, Caller, Fate
from storage.sending import Outgoing

if TYPE_CHECKING:
    from collections.abc import Mapping


async def upload(
    caller: Caller, token: str, outgoing: Outgoing, name: str, content: bytes, words: str
) -> Answer:
    """Everything before the last call may be made again; whether that was made is looked up when it is unknown."""
    channel = await _channel(caller, token, outgoing)
    if isinstance(channel, Answer):
        return channel
    promised = await caller.ask(
        token, "files.getUploadURLExternal", {"filename": name, "length": str(len(content))}
    )
    if promised.fate is not Fate.MADE:
        return _again(promised)
    sent = await caller.put(str(promised.body["upload_url"]), content)
    if sent.fate is not Fate.MADE:
        return _again(sent)
    file_id = str(promised.body["file_id"])
    done = await caller.call_with(
        token,
        "files.completeUploadExternal",
        {"files": [{"id": file_id, "title": name}], "channel_id": channel, "initial_comment": words},
    )
    if done.fate is Fate.UNKNOWN:
        return await _look(caller, token, file_id)
    return done


async def _channel(caller: Caller, token: str, outgoing: Outgoing) -> str | Answer:
    """The direct message's own id: files are not shared with a user id."""
    if outgoing.dm_channel_id is not None:
        return outgoing.dm_channel_id
    opened = await caller.ask(token, "conversations.open", {"users": outgoing.target})
    return str(opened.body["channel"]["id"]) if opened.fate is Fate.MADE else _again(opened)


async def _look(caller: Caller, token: str, file_id: str) -> Answer:
    found = await caller.ask(token, "files.info", {"file": file_id})
    if found.fate is not Fate.MADE:
        return _again(found) if found.fate is not Fate.REFUSED else Answer(Fate.UNREACHED, error=found.error)
    file: Mapping[str, Any] = found.body["file"]
    is_shared = any(file.get(where) for where in ("shares", "channels", "groups", "ims"))
    return found if is_shared else Answer(Fate.UNREACHED, error="not shared")


def _again(answer: Answer) -> Answer:
    """A call that shows nothing may be repeated whatever became of it."""
    return Answer(Fate.UNREACHED, error=answer.error) if answer.fate is Fate.UNKNOWN else answer
