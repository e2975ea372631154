"""Tokens of a strategy: made and revoked by its leads, shown in one form."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.acts import Act, ActKind
from domain.errors import DomainError
from domain.strategies import Strategy
from services.references import token_of
from storage import acts, kpis, people, tokens
from storage.database import lock
from views.tokens import TokenLine, tokens_modal

MOST = 5
"""Tokens of one strategy at a time."""


def digest_of(token: str) -> str:
    """Its SHA-256: enough for 256 random bits, which nobody can guess or look up."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_token(session: Session, strategy: Strategy, token: str, by: str, now: datetime) -> None:
    """Keeps its hash and its end alone. Raises DomainError for one too many."""
    lock(session, strategy.workspace_id, "tokens", strategy.id)
    if len(tokens.list_tokens(session, strategy.workspace_id, strategy.id)) >= MOST:
        raise DomainError(
            f"{strategy.name} has {MOST} tokens. Revoke one that is not needed, then make a new one."
        )
    tokens.add_token(
        session,
        strategy.workspace_id,
        strategy.id,
        digest=digest_of(token),
        hint=token[-4:],
        by=by,
        now=now,
    )
    _record(session, strategy, ActKind.TOKEN_MADE, token[-4:], by, now)


def revoke_token(session: Session, strategy: Strategy, token_id: int, by: str, now: datetime) -> None:
    """Raises NotFound for one that does not work any more."""
    token = token_of(session, strategy, token_id)
    tokens.revoke_token(session, strategy.workspace_id, strategy.id, token.id, now)
    _record(session, strategy, ActKind.TOKEN_REVOKED, token.hint, by, now)


def _record(session: Session, strategy: Strategy, kind: ActKind, hint: str, by: str, now: datetime) -> None:
    """By its end, as the form shows it."""
    act = Act(kind, by, now, f"…{hint}")
    acts.add_act(session, strategy.workspace_id, strategy.id, act)


def tokens_form(session: Session, strategy: Strategy, *, made: str = "") -> dict[str, Any]:
    """All that work; `made` is one to be shown this once."""
    working = tokens.list_tokens(session, strategy.workspace_id, strategy.id)
    makers = people.list_people(session, strategy.workspace_id, {token.created_by for token in working})
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    lines = [
        TokenLine(
            id=token.id,
            hint=token.hint,
            created_by=token.created_by,
            created_at=token.created_at,
            last_used_at=token.last_used_at,
        )
        for token in working
    ]
    return tokens_modal(strategy, listing, lines, makers, made=made)
