"""`/kpi token`: tokens for systems that report readings over HTTP."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from domain.errors import NotFound
from handlers.requests import Click, Command, Routes, Subcommand, View, form_of, opens, redraws
from services.access import load_as_lead
from services.references import lead_strategy
from services.tokens import add_token, revoke_token, tokens_form
from views import tokens as views
from views.slack.references import read_id

UNSEEN = "A token was made that nobody has seen: revoke it and make another."


def show(session: Session, command: Command, now: datetime) -> View:
    _, strategy = load_as_lead(session, command.actor, command.channel_id)
    return tokens_form(session, strategy)


def make(session: Session, click: Click, now: datetime) -> View:
    """The token goes straight to the lead's window: nothing that is stored or queued ever holds it."""
    if click.value != form_of(click).metadata:
        raise NotFound
    _, strategy = lead_strategy(session, click, read_id(click.value))
    token = f"drumbeat_{secrets.token_urlsafe(32)}"
    add_token(session, strategy, token, click.actor.person_id, now)
    return tokens_form(session, strategy, made=token)


def revoke(session: Session, click: Click, now: datetime) -> View:
    _, strategy = lead_strategy(session, click, read_id(form_of(click).metadata))
    revoke_token(session, strategy, read_id(click.value), click.actor.person_id, now)
    return tokens_form(session, strategy)


ROUTES = Routes(
    commands={
        "/kpi": (Subcommand("token", "", "let another system report readings over HTTP", opens(show)),),
    },
    clicks={
        views.MAKE: redraws(make, recorded=UNSEEN),
        views.REVOKE: redraws(revoke, recorded="The token is revoked."),
    },
)
