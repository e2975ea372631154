"""What the file may say."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from sandbox.config.kinds import Address, Text, is_some, is_zone, like, token
from sandbox.text import domain_of

Role = Literal["member", "admin", "multi-channel guest", "single-channel guest"]
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*")
_LOCALE = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
_CHANNEL = re.compile(r"[^\s#@.,;:A-Z]{1,80}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonPart(_Part):
    name: Text
    zone: Annotated[Text, AfterValidator(is_zone)] = "UTC"
    locale: Annotated[Text, like(_LOCALE, "is no locale; they look like en-GB")] = "en-US"
    role: Role = "member"


class ChannelPart(_Part):
    """`members` are names of people and apps; without it, everybody who is no guest."""

    name: Annotated[Text, like(_CHANNEL, "is no channel's name: small letters, digits, - and _, 80 at most")]
    private: bool = False
    members: tuple[Text, ...] | None = None


class WorkspacePart(_Part):
    name: Text
    domain: Annotated[Text, like(_DOMAIN, "is no domain: small letters, digits and dashes")] | None = None
    people: Annotated[tuple[PersonPart, ...], AfterValidator(is_some)]
    channels: tuple[ChannelPart, ...] = ()

    @property
    def address(self) -> str:
        """Its domain, made of its name where it has none."""
        return self.domain or domain_of(self.name)


class RequestUrls(_Part):
    """Where the app hears of each, if not of all at one address."""

    events: Address
    interactivity: Address
    commands: Address


class AppPart(_Part):
    """It is reached by Socket Mode unless it has a `request_url`. `workspaces` are the domains of those it is installed
    in, by default all; with none, people install it by OAuth. What is not given of its secrets is made.
    """

    manifest: Text
    request_url: Address | None = None
    request_urls: RequestUrls | None = None
    workspaces: tuple[Text, ...] | None = None
    bot_tokens: dict[str, Annotated[Text, token("xoxb-")]] = Field(default_factory=dict)
    app_token: Annotated[Text, token("xapp-")] | None = None
    signing_secret: Text | None = None
    client_id: Text | None = None
    client_secret: Text | None = None

    def is_in(self, space: WorkspacePart) -> bool:
        return self.workspaces is None or space.address in self.workspaces

    def secrets(self) -> dict[str, str]:
        """Those that are given."""
        names = ("app_token", "signing_secret", "client_id", "client_secret")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


class Config(_Part):
    port: Annotated[int, Field(ge=0, le=65_535)] = 0
    now: AwareDatetime | None = None
    rate_limits: bool = True
    workspaces: Annotated[tuple[WorkspacePart, ...], AfterValidator(is_some)]
    apps: tuple[AppPart, ...] = ()
