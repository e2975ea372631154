"""*How?* beside the score of rhythm health: how it comes about."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.requests import Click, Routes, View, opens
from services.access import load_actor
from views.reviews.reckoning import HOW, how_modal, read_how


def open_reckoning(session: Session, click: Click, now: datetime) -> View:
    load_actor(session, click.actor)
    return how_modal(read_how(click.value))


ROUTES = Routes(clicks={HOW: opens(open_reckoning)})
