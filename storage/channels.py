"""The ids of Slack's channels, wherever they stand: a channel that is shared or made private may get another."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.models import (
    ChannelMoveRow,
    HomeRow,
    MessageRow,
    NotePartRow,
    NoteRow,
    OutboxRow,
    SeenRow,
    StrategyRow,
)
from storage.statements import insert_missing, is_of, table, upsert

_strategies = table(StrategyRow)
_homes = table(HomeRow)
_seen = table(SeenRow)
_moves = table(ChannelMoveRow)
HOLD_AN_ID = (
    _strategies.c.channel_id,
    table(MessageRow).c.target,
    table(MessageRow).c.channel_id,
    table(OutboxRow).c.target,
    table(NoteRow).c.channel_id,
    table(NotePartRow).c.channel_id,
)


def move_channel(session: Session, workspace_id: str, old_id: str, new_id: str) -> None:
    """Whatever is known of a channel is known by its new id."""
    for column in HOLD_AN_ID:
        in_it = (column.table.c.workspace_id == workspace_id, column == old_id)
        session.execute(update(column.table).where(*in_it).values({column.name: new_id}))
    _move_members(session, workspace_id, old_id, new_id)
    _remember(session, workspace_id, old_id, new_id)


def find_moved(session: Session, workspace_id: str, channel_ids: Collection[str]) -> dict[str, str]:
    """Of these ids those that channels had before, each with the one that the channel has now."""
    those = (_moves.c.workspace_id == workspace_id, _moves.c.old_id.in_(channel_ids))
    return {move.old_id: move.new_id for move in session.execute(select(_moves).where(*those))}


def _remember(session: Session, workspace_id: str, old_id: str, new_id: str) -> None:
    here = _moves.c.workspace_id == workspace_id
    session.execute(update(_moves).where(here, _moves.c.new_id == old_id).values(new_id=new_id))
    session.execute(delete(_moves).where(here, _moves.c.old_id == new_id))
    upsert(session, _moves, [{"workspace_id": workspace_id, "old_id": old_id, "new_id": new_id}], ["new_id"])


def _move_members(session: Session, workspace_id: str, old_id: str, new_id: str) -> None:
    """Who was seen there, on Home or acting, was seen there all the same."""
    homes = session.execute(select(_homes).where(_homes.c.workspace_id == workspace_id)).all()
    for home in homes:
        ids = home.channels["channel_ids"]
        if old_id in ids:
            moved = {"channel_ids": [new_id if one == old_id else one for one in ids]}
            is_it = is_of(_homes, workspace_id, person_id=home.person_id)
            session.execute(update(_homes).where(is_it).values(channels=moved, is_stale=True))
    begins = _seen.c.key.startswith(f"in:{old_id}:", autoescape=True)
    for mark in session.execute(select(_seen).where(_seen.c.workspace_id == workspace_id, begins)).all():
        key = mark.key.replace(old_id, new_id, 1)
        insert_missing(session, _seen, {"workspace_id": workspace_id, "key": key, "at": mark.at})
