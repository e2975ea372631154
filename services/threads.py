"""A message to a strategy's channel with pages in its thread, posted and redrawn as one."""

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Protocol

from sqlalchemy.orm import Session

from domain.strategies import Strategy
from storage.delivery import outbox
from views.slack.blocks import Payload, text_message

_NOTHING_MORE = text_message("Nothing more to say here.")


class Thread(Protocol):
    """What was posted as one: the message, and the pages under it in their order."""

    @property
    def message_id(self) -> int: ...

    @property
    def details(self) -> tuple[int, ...]: ...


def post_thread(
    session: Session,
    strategy: Strategy,
    shown: Payload,
    pages: Sequence[Payload],
    now: datetime,
    expires_at: datetime,
) -> tuple[int, list[int]]:
    """The ids of the message and of its pages; what was not sent by `expires_at` is not sent any more."""
    workspace_id, channel_id = strategy.workspace_id, strategy.channel_id
    message_id = outbox.enqueue_post(session, workspace_id, channel_id, shown, now=now, expires_at=expires_at)
    details = [
        outbox.enqueue_post(
            session, workspace_id, channel_id, page, now=now, thread_of=message_id, expires_at=expires_at
        )
        for page in pages
    ]
    return message_id, details


def redraw_thread(
    session: Session,
    strategy: Strategy,
    thread: Thread,
    shown: Payload,
    pages: Sequence[Payload],
    now: datetime,
) -> list[int]:
    """The ids of the pages there are now: new ones come at the end, one left over says that nothing more is said."""
    workspace_id, channel_id = strategy.workspace_id, strategy.channel_id
    outbox.enqueue_update(session, workspace_id, thread.message_id, shown, now=now)
    details = list(thread.details)
    for message_id, page in zip_longest(thread.details, pages):
        if message_id is None:
            details.append(
                outbox.enqueue_post(
                    session, workspace_id, channel_id, page, now=now, thread_of=thread.message_id
                )
            )
        else:
            outbox.enqueue_update(session, workspace_id, message_id, page or _NOTHING_MORE, now=now)
    return details
