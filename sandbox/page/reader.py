"""Whose eyes: the names they can see, their time zone and locale, and the present."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Face:
    """Who wrote something, or is named in it."""

    name: str
    app: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """`id` is the reader's user id; `people`, `channels` and `groups` map ids to what is shown for them."""

    now: datetime
    id: str = ""
    zone: tzinfo = UTC
    locale: str = "en-US"
    people: Mapping[str, Face] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    def local(self, epoch: float) -> datetime:
        """The instant `epoch` (seconds) on the reader's own clock."""
        return datetime.fromtimestamp(epoch, self.zone)

    @property
    def here(self) -> datetime:
        return self.now.astimezone(self.zone)

    def face(self, person: str) -> Face:
        return self.people.get(person) or Face(person or "Unknown")

    def channel(self, channel: str) -> str:
        return self.channels.get(channel) or "private channel"
