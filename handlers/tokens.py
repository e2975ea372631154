"""`/kpi token`: tokens for systems that report readings over HTTP."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import DomainError, NotFound
from domain.strategies import Strategy
from handlers.requests import Click, Command, Deps, Form, Routes, Subcommand, View, form_of, opens
from services.access import load_as_lead
from services.references import lead_strategy, token_of
from storage import kpis, people
from storage import tokens as api_tokens
from storage.database import lock
from views import tokens as views
from views.slack.references import read_id

MOST = 5
"""Tokens of one strategy at a time."""


async def make(deps: Deps, click: Click) -> None:
    """The token goes straight to the lead's window: nothing that is stored or queued ever holds it."""
    form = form_of(click)
    token = f"drumbeat_{secrets.token_urlsafe(32)}"
    view = await deps.transact(_make, click, form, token, deps.now())
    unseen = "A token was made that nobody has seen: revoke it and make another."
    await deps.slack.update_view(form, view, recorded=unseen)


async def revoke(deps: Deps, click: Click) -> None:
    form = form_of(click)
    view = await deps.transact(_revoke, click, form, deps.now())
    await deps.slack.update_view(form, view, recorded="The token is revoked.")


def digest_of(token: str) -> str:
    """Its SHA-256: enough for 256 random bits, which nobody can guess or look up."""
    return hashlib.sha256(token.encode()).hexdigest()


def show(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    return _view(session, strategy)


def _make(session: Session, click: Click, form: Form, token: str, now: datetime) -> View:
    if click.value != form.metadata:
        raise NotFound
    _, strategy = lead_strategy(session, click, read_id(click.value))
    lock(session, strategy.workspace_id, "tokens", strategy.id)
    if len(api_tokens.list_tokens(session, strategy.workspace_id, strategy.id)) >= MOST:
        raise DomainError(
            f"{strategy.name} has {MOST} tokens. Revoke one that is not needed, then make a new one."
        )
    api_tokens.add_token(
        session,
        strategy.workspace_id,
        strategy.id,
        digest=digest_of(token),
        hint=token[-4:],
        by=click.actor.person_id,
        now=now,
    )
    return _view(session, strategy, made=token)


def _revoke(session: Session, click: Click, form: Form, now: datetime) -> View:
    _, strategy = lead_strategy(session, click, read_id(form.metadata))
    token = token_of(session, strategy, read_id(click.value))
    api_tokens.revoke_token(session, strategy.workspace_id, strategy.id, token.id, now)
    return _view(session, strategy)


def _view(session: Session, strategy: Strategy, *, made: str = "") -> View:
    tokens = api_tokens.list_tokens(session, strategy.workspace_id, strategy.id)
    makers = people.list_people(session, strategy.workspace_id, {token.created_by for token in tokens})
    listing = kpis.list_kpis(session, strategy.workspace_id, strategy.id)
    lines = [
        views.TokenLine(
            id=token.id,
            hint=token.hint,
            created_by=token.created_by,
            created_at=token.created_at,
            last_used_at=token.last_used_at,
        )
        for token in tokens
    ]
    return views.tokens_modal(strategy, listing, lines, makers, made=made)


ROUTES = Routes(
    commands={
        "/kpi": (Subcommand("token", "", "let another system report readings over HTTP", opens(show)),),
    },
    clicks={views.MAKE: make, views.REVOKE: revoke},
)
