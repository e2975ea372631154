"""Tokens with which outside systems report readings of one strategy; only their hashes are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from storage.delivery import leases
from storage.ids import new_id
from storage.models import ApiTokenRow
from storage.statements import is_of, table

_tokens = table(ApiTokenRow)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """`hint` is its last four characters."""

    id: int
    workspace_id: str
    strategy_id: int
    hint: str
    created_by: str
    created_at: datetime
    last_used_at: datetime | None


_COLUMNS = [_tokens.c[name] for name in ApiToken.__slots__]


def add_token(
    session: Session,
    workspace_id: str,
    strategy_id: int,
    *,
    digest: str,
    hint: str,
    by: str,
    now: datetime,
) -> None:
    """`digest` is the SHA-256 of the whole token, in hexadecimal."""
    session.execute(
        insert(_tokens).values(
            workspace_id=workspace_id,
            id=new_id(),
            strategy_id=strategy_id,
            hash=digest,
            hint=hint,
            created_by=by,
            created_at=now,
        )
    )


def list_tokens(session: Session, workspace_id: str, strategy_id: int) -> list[ApiToken]:
    """Those that still work, oldest first."""
    statement = select(*_COLUMNS).where(
        is_of(_tokens, workspace_id, strategy_id=strategy_id),
        _tokens.c.revoked_at.is_(None),
    )
    return [ApiToken(*row) for row in session.execute(statement.order_by(_tokens.c.id))]


def find_workspace(session: Session, digest: str, only: Collection[str] | None = None) -> str | None:
    """Whose token has this hash (of these workspaces), if it still works; none of where Drumbeat was removed."""
    whose = select(_tokens.c.workspace_id).where(
        _tokens.c.hash == digest,
        _tokens.c.revoked_at.is_(None),
        _tokens.c.workspace_id.not_in(leases.REMOVED),
    )
    if only is not None:
        whose = whose.where(_tokens.c.workspace_id.in_(only))
    return session.scalar(whose)


def find_token(session: Session, workspace_id: str, digest: str) -> ApiToken | None:
    """A workspace's token with this hash, if it still works."""
    its_hash = is_of(_tokens, workspace_id, hash=digest)
    row = session.execute(select(*_COLUMNS).where(its_hash, _tokens.c.revoked_at.is_(None))).first()
    return ApiToken(*row) if row else None


def mark_used(session: Session, token: ApiToken, now: datetime) -> None:
    is_it = is_of(_tokens, token.workspace_id, id=token.id)
    session.execute(update(_tokens).where(is_it).values(last_used_at=now))


def revoke_token(session: Session, workspace_id: str, strategy_id: int, token_id: int, now: datetime) -> None:
    """It works no more, from the next call on."""
    is_it = (
        is_of(_tokens, workspace_id, strategy_id=strategy_id, id=token_id),
        _tokens.c.revoked_at.is_(None),
    )
    session.execute(update(_tokens).where(*is_it).values(revoked_at=now))
