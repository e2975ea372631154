"""How an app comes into workspaces and goes: oauth.v2.access, auth.revoke, apps.uninstall, apps.connections.open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import installing
from sandbox.refusals import ApiError
from sandbox.tokens import ROTATING_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.apps import App, Registration
    from sandbox.core import Core
    from sandbox.web_api.call import Call, OwnCall, Secret

JSON = dict[str, Any]


def by_secret(known: Iterable[Registration], secret: Secret) -> Registration:
    """The app of a client's id and secret. Raises invalid_client_id or bad_client_secret."""
    client_id, client_secret = secret
    found = next((one for one in known if one.client_id == client_id), None)
    if found is None:
        raise ApiError("invalid_client_id")
    if found.client_secret != client_secret:
        raise ApiError("bad_client_secret")
    return found


def open_connection(call: OwnCall) -> JSON:
    slack = call.worlds[0]
    ticket = slack.socket_mode.ticket(call.app)
    return {"url": f"{slack.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={call.app.app_id}"}


def access(call: OwnCall) -> JSON:
    """A code for a token, or a refresh token for the next. A code that was used once is none any more."""
    shared = call.worlds[0].shared
    match call.text("grant_type", "authorization_code"):
        case "authorization_code":
            uri = call.text("redirect_uri") or None
            consent = shared.codes.redeem(call.app, call.text("code"), uri)
            slack = _world(call, consent.team_id)
            app = installing.install(slack, call.app, consent.scopes)
            return _granted(slack, app) | {"authed_user": {"id": consent.user_id}}
        case "refresh_token":
            app = shared.tokens.refresh(call.app, call.text("refresh_token"))
            return _granted(_world(call, app.team_id), app)
    raise ApiError("invalid_grant_type")


def _world(call: OwnCall, team_id: str) -> Core:
    return next(one for one in call.worlds if one.workspace.id == team_id)


def _granted(slack: Core, app: App) -> JSON:
    answer: JSON = {
        "access_token": app.bot_token,
        "token_type": "bot",
        "scope": app.scopes_header,
        "bot_user_id": app.bot_user_id,
        "app_id": app.app_id,
        "team": {"id": slack.workspace.id, "name": slack.workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if app.refresh_token:
        answer |= {"refresh_token": app.refresh_token, "expires_in": ROTATING_SECONDS}
    return answer


def revoke(call: Call) -> JSON:
    """The token it is called with; `test` only looks whether it could be."""
    if call.flag("test"):
        return {"revoked": False}
    installing.revoke(call.slack, call.app, call.token)
    return {"revoked": True}


def uninstall(call: Call) -> JSON:
    if by_secret(call.slack.shared.registrations.values(), call.secret) is not call.app.registration:
        raise ApiError("client_id_token_mismatch")
    installing.uninstall(call.slack, call.app)
    return {}
