"""What an app gets for a person's consent, to exchange for a token: ten minutes of real time, one use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.apps import Registration

SECONDS = 10 * 60.0


@dataclass(frozen=True, slots=True)
class Consent:
    """Who let which app into which workspace, with which scopes; `redirect_uri` is the one that was asked with."""

    registration: Registration
    team_id: str
    user_id: str
    scopes: tuple[str, ...]
    redirect_uri: str | None


class Codes:
    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._issued: dict[str, tuple[Consent, float]] = {}

    def issue(self, consent: Consent) -> str:
        code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(32)}"
        self._issued[code] = consent, self._monotonic() + SECONDS
        return code

    def redeem(self, registration: Registration, code: str, redirect_uri: str | None) -> Consent:
        """Raises invalid_code, or bad_redirect_uri for another than was asked with, which leaves the code as it is."""
        consent, expires = self._issued.get(code, (None, 0.0))
        if consent is None or consent.registration is not registration or self._monotonic() > expires:
            raise ApiError("invalid_code")
        if redirect_uri != consent.redirect_uri and (redirect_uri or consent.redirect_uri):
            raise ApiError("bad_redirect_uri")
        del self._issued[code]
        return consent
