"""A local Slack, a database and a sender between them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.delivery.pacing import Rate
from bot.delivery.sender import Sender
from bot.delivery.tools import MakeFile, Tell, Timing
from bot.transactions import Transactions, wake_after_commits
from domain.troubles import Trouble
from sandbox import App, Conversation, LocalSlack, Person
from storage.database import Database
from storage.delivery import outbox
from storage.models import OutboxRow
from storage.workspaces import Workspace, save_workspace
from tests.support.waiting import until

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
SCOPES = (
    "chat:write",
    "im:write",
    "im:history",
    "channels:join",
    "channels:read",
    "groups:read",
    "users:read",
    "files:read",
    "files:write",
)


class StandingClock(SystemClock):
    """Schedule time stands still until moved; real time passes, unless the stopwatch is held."""

    def __init__(self) -> None:
        self.time = MONDAY
        self.stopwatch: float | None = None

    def monotonic(self) -> float:
        return super().monotonic() if self.stopwatch is None else self.stopwatch

    def now(self) -> datetime:
        return self.time


def manifest() -> dict[str, Any]:
    return {
        "display_information": {"name": "Drumbeat"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "drumbeat"},
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {"socket_mode_enabled": True},
    }


def make_plain_file(_session: Session, _workspace_id: str, what: Mapping[str, Any]) -> tuple[str, bytes]:
    return what["name"], what["content"].encode()


@dataclass
class Office:
    """`marketing` is public, with Ana and the bot; Ben is in no channel. Transactions are a sender's and the workspace's."""

    slack: LocalSlack
    app: App
    database: Database
    everywhere: Transactions
    session: aiohttp.ClientSession
    ana: Person
    ben: Person
    marketing: Conversation
    clock: StandingClock = field(default_factory=StandingClock)
    troubles: list[Trouble] = field(default_factory=list)
    tell: Tell = lambda _session, _trouble: None
    senders: list[Sender] = field(default_factory=list)
    token: str = ""
    tokens: Mapping[str, str] | None = None
    """Of each workspace, where there are several: others have none."""
    api_url: str = ""

    @property
    def team(self) -> str:
        return self.slack.workspace.id

    @property
    def transact(self) -> Transactions:
        return self.everywhere.within(self.team)

    def sender(
        self,
        *,
        rates: Mapping[str, Rate] | None = None,
        timing: Timing | None = None,
        make_file: MakeFile = make_plain_file,
    ) -> Sender:
        """A started sender; the first one is woken by this database's commits."""
        timing = timing or PATIENT
        sender = Sender(
            transact=self.everywhere,
            clock=self.clock,
            session=self.session,
            slack_api_url=self.api_url or self.slack.api_url,
            token_for=self._token,
            tell=self._tell,
            make_file=make_file,
            rates=rates,
            timing=timing,
        )
        if not self.senders:
            wake_after_commits(self.database, sender.wake)
        sender.start()
        self.senders.append(sender)
        return sender

    async def _token(self, workspace_id: str) -> str:
        return self.tokens[workspace_id] if self.tokens else self.token or self.app.bot_token

    def _tell(self, session: Session, trouble: Trouble) -> None:
        self.troubles.append(trouble)
        self.tell(session, trouble)

    async def post(self, target: str, text: str, **options: Any) -> int:
        payload = {"text": text, "blocks": options.pop("blocks", _section(text))}
        return await self.transact(outbox.enqueue_post, self.team, target, payload, now=MONDAY, **options)

    async def update(self, message_id: int, text: str) -> None:
        payload = {"text": text, "blocks": _section(text)}
        await self.transact(outbox.enqueue_update, self.team, message_id, payload, now=MONDAY)

    async def states(self) -> list[str]:
        """Of the rows still in the outbox."""
        return await self.transact(
            lambda session: list(session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)))
        )

    async def until_told(self, conversation: Conversation, *said: str) -> None:
        """Until just that stands in the conversation."""
        await until(lambda: texts(conversation) == list(said), f"{said} in {conversation.name}")

    async def until_as_many(self, conversation: Conversation, count: int) -> None:
        await until(lambda: len(texts(conversation)) >= count, f"{count} messages in {conversation.name}")

    async def until_met(self) -> None:
        """Until every fault that was asked for has met a call."""
        await until(lambda: not self.slack.faults._waiting, "a call that meets the fault")

    def called(self, method: str) -> int:
        return sum(call.method == method for call in self.slack.calls)


def _section(text: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def texts(conversation: Conversation) -> list[str]:
    return [message.text for message in conversation.messages]


LOOKS = (0.05, 0.2, 0.5)
PATIENT = Timing(poll_seconds=0.2, look_seconds=LOOKS)
QUICK = Timing(lease=timedelta(seconds=2.4), poll_seconds=0.1, look_seconds=LOOKS)


@asynccontextmanager
async def open_office(database: Database) -> AsyncIterator[Office]:
    async with (
        LocalSlack(now=MONDAY, rate_limits=False) as slack,
        aiohttp.ClientSession() as session,
    ):
        app = slack.install(manifest())
        ana, ben = slack.person("Ana"), slack.person("Ben")
        marketing = slack.channel("marketing", members=[ana])
        await ana.invites(app, marketing)
        office = Office(slack, app, database, Transactions(database), session, ana, ben, marketing)
        await office.transact(save_workspace, Workspace(office.team, "Harbor", app.bot_user_id))
        yield office
        for sender in office.senders:
            await sender.stop()


@pytest.fixture
async def office(every_workspace: Database) -> AsyncIterator[Office]:
    async with open_office(every_workspace) as office:
        yield office


@pytest.fixture
async def office_on_postgresql(postgresql_url: str) -> AsyncIterator[Office]:
    database = Database.open(postgresql_url, migrate=False)
    async with open_office(database) as office:
        yield office
    database.close()
