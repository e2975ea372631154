"""`/kpi token`: tokens for systems that report readings over HTTP."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import NotFound
from handlers.requests import Click, Command, Deps, Form, Routes, Subcommand, View, form_of, opens
from services.access import load_as_lead
from services.references import lead_strategy
from services.tokens import add_token, revoke_token, tokens_form
from views import tokens as views
from views.slack.references import read_id


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


def show(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    return tokens_form(session, strategy)


def _make(session: Session, click: Click, form: Form, token: str, now: datetime) -> View:
    if click.value != form.metadata:
        raise NotFound
    _, strategy = lead_strategy(session, click, read_id(click.value))
    add_token(session, strategy, token, click.actor.person_id, now)
    return tokens_form(session, strategy, made=token)


def _revoke(session: Session, click: Click, form: Form, now: datetime) -> View:
    _, strategy = lead_strategy(session, click, read_id(form.metadata))
    revoke_token(session, strategy, read_id(click.value), click.actor.person_id, now)
    return tokens_form(session, strategy)


ROUTES = Routes(
    commands={
        "/kpi": (Subcommand("token", "", "let another system report readings over HTTP", opens(show)),),
    },
    clicks={views.MAKE: make, views.REVOKE: revoke},
)
