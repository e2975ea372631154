"""A team at work, told as a story: what people do in Slack, and what Slack shows of it.

Nothing here knows the bot: only its commands, the labels of its forms and the words it writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox import App, Conversation, LocalSlack, Message, Person
from tests.support.office import INITIATIVE_FIELDS, STRATEGY_FIELDS
from tests.support.setting_up import set_up

STRATEGY = STRATEGY_FIELDS["Name"]


@dataclass
class Team:
    """Maya leads from London; each owner has the initiative "OWNER's work"."""

    slack: LocalSlack
    app: App
    maya: Person
    channel: Conversation
    owners: dict[str, Person] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)

    async def sets_up(self, fields: Mapping[str, object] | None = None) -> None:
        """Maya sets up the strategy in the channel."""
        await set_up(self.maya, self.channel, {**STRATEGY_FIELDS, **(fields or {})})
        await self.slack.settled()

    async def adds(
        self,
        name: str,
        owner: Person,
        fields: Mapping[str, object] | None = None,
        *,
        start: date | None = None,
    ) -> None:
        """Maya gives somebody an initiative, and they accept it."""
        first = start or self.slack.clock.now.date()
        await self.maya.command("/initiative", "add", channel=self.channel)
        times = {"Start": first.isoformat(), "Due": first.replace(year=first.year + 1).isoformat()}
        told = {**INITIATIVE_FIELDS, **times, "Name": name, "Owner": f"@{owner.name}", **(fields or {})}
        await self.maya.fill(told)
        form = await self.maya.submit()
        assert form is None, form.errors
        await self.slack.settled()
        if owner is not self.maya:
            await self.until_asked(owner)
            await owner.click("Accept")
            await self.slack.settled()

    async def until_asked(self, owner: Person) -> None:
        """Whoever is not at work is asked at nine of their next working day."""
        zone, now = ZoneInfo(self.zones[owner.name]), self.slack.clock.now
        if any("Accept" in message.buttons for message in owner.dm.messages):
            return
        days = (now.astimezone(zone).date() + timedelta(days=ahead) for ahead in range(7))
        mornings = (datetime.combine(day, time(9), zone) for day in days if day.weekday() < 5)
        await self.until(next(at for at in mornings if at > now).astimezone(UTC))

    async def begins(self) -> None:
        """The strategy, and an initiative for each owner."""
        await self.sets_up()
        for owner in self.owners.values():
            await self.adds(f"{owner.name}’s work", owner)

    async def until(self, moment: datetime) -> None:
        await self.slack.clock.advance(to=moment)

    def prompts(self, person: Person) -> list[Message]:
        return [m for m in self._told(person) if m.drawn.startswith("Your week, ")]

    def reminders(self, person: Person) -> list[Message]:
        """However they read by now."""
        states = tuple(
            f"{STRATEGY}: {state}" for state in ("still open", "all recorded", "this week is closed")
        )
        return [m for m in self._told(person) if m.drawn.startswith(states)]

    def questions(self, person: Person) -> list[Message]:
        """Whether a message in doubt is there."""
        return [m for m in self._told(person) if "Post it again" in m.buttons]

    def digests(self) -> list[Message]:
        return [m for m in self.channel.messages if m.drawn.startswith(f"{STRATEGY} · Week of")]

    def _told(self, person: Person) -> Iterator[Message]:
        return (m for m in person.dm.messages if m.user == self.app.bot_user_id)


def team_of(slack: LocalSlack, app: App, zones: Mapping[str, str]) -> Team:
    """Owners by name, each in a time zone."""
    maya = slack.person("Maya", tz="Europe/London")
    owners = {name: slack.person(name, tz=zone) for name, zone in zones.items()}
    return Team(slack, app, maya, slack.channel("marketing", members=[maya, *owners.values()]), owners, zones)


def in_thread(message: Message) -> str:
    """All that its replies say."""
    return "\n".join(reply.drawn for reply in message.thread)


def sent_at(message: Message, zone: str) -> datetime:
    """The wall time a message came, without its zone, to the minute."""
    whole_seconds = int(float(message.ts))
    wall = datetime.fromtimestamp(whole_seconds, ZoneInfo(zone)).replace(tzinfo=None)
    assert wall.second == 0, message
    return wall


def link_of(message: Message) -> str:
    """As *Copy link* gives it."""
    thread = message.raw.get("thread_ts")
    query = f"?thread_ts={thread}&cid={message.conversation.id}" if thread else ""
    return (
        f"https://harbor.slack.com/archives/{message.conversation.id}/p{message.ts.replace('.', '')}{query}"
    )


def local(zone: str, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant by the wall clock of a zone."""
    return datetime.combine(date(year, month, day), time(hour, minute), ZoneInfo(zone)).astimezone(UTC)
