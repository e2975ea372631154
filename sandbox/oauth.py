"""What an app asks of whoever is to install it, and where they are sent back to: docs.slack.dev/authentication/installing-with-oauth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from sandbox.codes import Consent
from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sandbox.apps import Registration
    from sandbox.core import Core
    from sandbox.records import User
    from sandbox.shared import Shared


@dataclass(frozen=True, slots=True)
class Request:
    """An address of /oauth/v2/authorize, read. `redirect_uri` is what it names, `back` where its person goes."""

    registration: Registration
    scopes: tuple[str, ...]
    redirect_uri: str | None
    back: str
    state: str
    team_id: str

    @property
    def optional(self) -> list[str]:
        """The scopes that may be declined."""
        return [scope for scope in self.scopes if scope in self.registration.optional_scopes]

    def sent_back(self, **answer: str) -> str:
        """The address of the app that hears the answer."""
        query = urlencode({**answer, "state": self.state})
        return f"{self.back}{'&' if urlsplit(self.back).query else '?'}{query}"


def read_address(shared: Shared, address: str) -> Request:
    """Reads what stands behind the question mark. Raises what `read_request` does."""
    return read_request(shared, dict(parse_qsl(urlsplit(address).query)))


def read_request(shared: Shared, given: Mapping[str, str]) -> Request:
    """Raises invalid_client_id, bad_redirect_uri, no_scopes, or user_scope_not_there, which only a local Slack says."""
    client_id = given.get("client_id", "")
    known = next((one for one in shared.registrations.values() if one.client_id == client_id), None)
    if known is None:
        raise ApiError("invalid_client_id")
    scopes = tuple(part.strip() for part in given.get("scope", "").split(",") if part.strip())
    if not scopes:
        raise ApiError("no_scopes")
    if given.get("user_scope"):
        raise ApiError("user_scope_not_there")
    uri = given.get("redirect_uri") or None
    back = uri or next(iter(known.redirect_urls), "")
    if not any(_is_within(back, one) for one in known.redirect_urls):
        raise ApiError("bad_redirect_uri")
    return Request(known, scopes, uri, back, given.get("state", ""), given.get("team", ""))


def _is_within(uri: str, registered: str) -> bool:
    """The registered address, or one below it."""
    return uri == registered or uri.startswith((f"{registered.rstrip('/')}/", f"{registered}?"))


def may_install(slack: Core, user: User) -> bool:
    """A full member of the workspace."""
    is_member = user.team_id == slack.workspace.id and not user.guest and not user.deactivated
    return is_member and not user.is_bot and user.id != "USLACKBOT"


def allow(slack: Core, user: User, request: Request, declined: Collection[str]) -> str:
    """The person lets the app in; where they are sent with the code. Raises PermissionError."""
    if not may_install(slack, user):
        raise PermissionError(f"{user.real_name} may not install apps in {slack.workspace.name}")
    granted = tuple(scope for scope in request.scopes if scope not in declined)
    consent = Consent(request.registration, slack.workspace.id, user.id, granted, request.redirect_uri)
    return request.sent_back(code=slack.shared.codes.issue(consent))


def cancel(request: Request) -> str:
    """The person does not; where they are sent."""
    return request.sent_back(error="access_denied")
