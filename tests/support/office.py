"""Harbor Lights at work: a local Slack, its people, the bot, and what they do to get going."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.parts import Parts
from domain.initiatives import Initiative
from domain.strategies import Strategy
from sandbox import App, Conversation, LocalSlack, Message, Person
from storage import checklists, homes, initiatives, strategies
from storage.homes import Home
from tests.support.setting_up import set_up

T = TypeVar("T")

SUBSCRIBERS = "Newsletter subscribers from 4,200 to 6,000 by 31 March"
GIVERS = "Monthly givers from 310 to 420 by 31 March"
STRATEGY_FIELDS = {
    "Name": "Harbor Lights",
    "Why": "One child in three in our cities cannot swim.",
    "Goal 1": SUBSCRIBERS,
    "Goal 2": GIVERS,
    "Audience": "Parents in the ten harbor districts",
    "What makes us different": "We publish every lesson's result",
}
INITIATIVE_FIELDS = {
    "Name": "Newsletter relaunch",
    "Goal it serves": SUBSCRIBERS,
    "Owner": "@Ben Carter",
    "Start": "2026-11-23",
    "Due": "2027-03-31",
    "Metric 1: name": "subscribers",
    "Metric 1: where it stands now": "4,200",
    "Metric 1: target": "6,000",
}


@dataclass
class Office:
    """Maya leads; Ben and Tom are members of #marketing, Ruth is a workspace admin."""

    slack: LocalSlack
    app: App
    bot: Parts
    maya: Person
    ben: Person
    tom: Person
    ruth: Person
    marketing: Conversation

    async def set_up(self) -> None:
        """Maya sets up Harbor Lights in #marketing."""
        await set_up(self.maya, self.marketing, STRATEGY_FIELDS)
        await self.slack.settled()

    async def add(self, name: str, owner: str = "@Ben Carter", by: Person | None = None) -> None:
        """Maya adds an initiative in #marketing, and its owner accepts it."""
        lead = by or self.maya
        await lead.command("/initiative", "add", channel=self.marketing)
        await lead.fill({**INITIATIVE_FIELDS, "Name": name, "Owner": owner})
        assert await lead.submit() is None
        await self.slack.settled()
        (owning,) = (one for one in (self.maya, self.ben, self.tom, self.ruth) if owner == f"@{one.name}")
        if owning is not lead:
            await owning.click("Accept")
            await self.slack.settled()

    async def add_five(self) -> None:
        for name in ("One", "Two", "Three", "Four", "Five"):
            await self.add(name, "@Maya Okafor")

    async def asks(self, person: Person, command: str, text: str) -> str:
        """What a person reads when they run a command in #marketing, drawn as Slack draws it."""
        reply = await person.command(command, text, channel=self.marketing)
        return reply.drawn

    async def errors(self, person: Person, fields: Mapping[str, Any]) -> dict[str, str]:
        """What stands at the fields after filling in these and pressing submit."""
        await person.fill(fields)
        form = await person.submit()
        assert form is not None, "the form was accepted"
        return dict(form.errors)

    async def heard(self, person: Person) -> str:
        """The newest message only this person saw, in a channel or in their direct message."""
        await self.slack.settled()
        direct = [message for message in person.dm.messages if message.user == self.app.bot_user_id]
        return max([*direct, *person.notices], key=lambda message: message.number).drawn

    def forget_checklist(self) -> None:
        """Maya set it up before there were checklists."""
        strategy = self.strategy
        found = self.reads(checklists.find_checklist, strategy.workspace_id, strategy.id, self.maya.id)
        assert found is not None
        self.reads(checklists.drop_checklist, found)

    def is_known_in_marketing(self, person_id: str) -> None:
        """They opened Home while they were a member of #marketing."""
        home = Home(self.slack.workspace.id, person_id, (self.marketing.id,))
        self.reads(homes.open_home, home, self.slack.clock.now, is_behind=True)

    def reads(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        return self.bot.database.run(fn, *args, **kwargs)

    @property
    def strategy(self) -> Strategy:
        found = self.reads(strategies.find_strategy_by_channel, self.slack.workspace.id, self.marketing.id)
        assert found is not None
        return found

    def initiatives(self, *, include_closed: bool = True) -> dict[str, Initiative]:
        strategy = self.strategy
        found = self.reads(
            initiatives.list_initiatives, strategy.workspace_id, strategy.id, include_closed=include_closed
        )
        return {initiative.name: initiative for initiative in found}


def prompt(office: Office) -> Message:
    """Ben's latest."""
    return [m for m in office.ben.dm.messages if m.drawn.startswith("Your week, ")][-1]


def told(person: Person, words: str) -> list[Message]:
    """What the bot and they wrote to each other, as far as it has these words."""
    return [message for message in person.dm.messages if words in message.drawn]
