"""The only wiring: settings in, a running process out."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

import structlog
from aiohttp import ClientError, ClientSession, TCPConnector
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.orm import Session

from bot.background import Background
from bot.client import make_client, refusal_of
from bot.clock import CheckedClock, Clock, FollowedClock, ask_slack
from bot.config import Settings
from bot.databases import is_sqlite, open_database
from bot.delivery.listening import listen
from bot.delivery.pacing import SLACK_RATES
from bot.delivery.sender import Sender
from bot.delivery.tools import Timing
from bot.directory import PATIENCE, Directory
from bot.incoming import Incoming
from bot.neighbours import list_neighbours
from bot.parts import Parts
from bot.refusals import CommandRefusedError
from bot.routes import all_routes
from bot.scheduler import keep_time, start_scheduler
from bot.slack_calls import FORM_PATIENCE, SlackCalls
from bot.slack_edge import Edge, build_bolt
from bot.transactions import Transactions, wake_after_commits
from domain.troubles import Trouble
from handlers.requests import Deps
from services.exports import make_file
from services.troubles import tell_trouble
from storage.workspaces import Workspace, save_workspace

log = structlog.get_logger()

_LOCAL = Timing(lease=timedelta(seconds=60), call_seconds=40.0, look_seconds=(0.1, 0.3, 0.7, 1.5))
"""Beside a local stand-in months pass in seconds, on machines that may be busy: calls get more time, and there is no
pace to keep in real time; what the stand-in refuses is sent again when it says.
"""
START_PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between tries to reach a Slack that is busy when the process starts, where it does not say itself."""
UNHURRIED = 20.0
"""Seconds for a form and for looking people up beside a local stand-in, which may be more patient than Slack."""


@asynccontextmanager
async def assemble(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Parts]:
    """Everything but what listens to Slack; SQLite files are made and migrated."""
    async with AsyncExitStack() as stack:
        database = open_database(settings.database_url, migrate=is_sqlite(settings.database_url))
        stack.callback(database.close)
        session = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
        client = make_client(settings, session)
        clock = clock or _clock_for(settings, session)
        transact = Transactions(database)
        identity = await _introduce(client)
        await _compare(clock, settings.slack_api_url)
        workspace = Workspace(identity["team_id"], identity["team"], identity["user_id"])
        await transact(save_workspace, workspace)
        await _say_who_else(transact, workspace)
        patience, looking_up = (UNHURRIED, UNHURRIED) if settings.follow_clock else (FORM_PATIENCE, PATIENCE)
        deps = Deps(workspace.id, transact, clock.now, SlackCalls(client, patience, looking_up))
        bolt = build_bolt(
            client,
            signing_secret=None,
            bot_token=settings.slack_bot_token.get_secret_value(),
            bot_user_id=workspace.bot_user_id,
            bot_id=identity["bot_id"],
            workspace_id=workspace.id,
        )
        background = Background()
        incoming = Incoming(bolt, client, background)
        edge = Edge(deps, Directory(client, transact, looking_up), all_routes(), background, incoming.tell)
        edge.register(bolt)
        sender = Sender(
            transact=transact,
            clock=clock,
            session=session,
            slack_api_url=settings.slack_api_url,
            token_for=_only_for(workspace.id, settings.slack_bot_token.get_secret_value()),
            tell=_teller(clock),
            make_file=make_file,
            only=(workspace.id,),
            rates=None if settings.follow_clock else SLACK_RATES,
            timing=_LOCAL if settings.follow_clock else None,
        )
        wake_after_commits(database, sender.wake)
        sender.start()
        stack.push_async_callback(sender.stop)
        stack.push_async_callback(background.stop)
        if not database.is_sqlite:
            listening = asyncio.create_task(listen(database.engine.url, sender.wake_soon))
            stack.callback(listening.cancel)
        yield Parts(settings, database, clock, client, sender, deps, incoming, workspace, background)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Parts]:
    """A whole process: assembled, connected to Slack, its clock ticking, while inside."""
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(assemble(settings))
        where = []
        if settings.uses_socket_mode:
            from bot import socket_mode  # noqa: PLC0415 - a process needs only one of the two

            where.append(await stack.enter_async_context(socket_mode.connect(parts)))
        if settings.serves_http:
            from bot import web  # noqa: PLC0415

            where.append(await stack.enter_async_context(web.connect(parts)))
        if isinstance(parts.clock, FollowedClock):
            following = asyncio.create_task(parts.clock.follow(parts.settle))
            stack.callback(following.cancel)
            await parts.clock.started()
        else:
            scheduler = start_scheduler(parts.tick, parts.clock)
            stack.callback(scheduler.shutdown, wait=False)
            if isinstance(parts.clock, CheckedClock):
                keeping = asyncio.create_task(keep_time(parts.clock, scheduler))
                stack.callback(keeping.cancel)
        log.info("ready", workspace=parts.workspace.name, listening=", ".join(where))
        yield parts


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT: then take nothing more, finish what is in hand, give leases back."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(settings):
        await stop.wait()
        log.info("stopping")


class CannotStartError(CommandRefusedError):
    """Slack does not answer, or refuses; the text says which."""


def _clock_for(settings: Settings, session: ClientSession) -> Clock:
    if settings.follow_clock:
        return FollowedClock(settings.slack_api_url)
    return CheckedClock(partial(ask_slack, session, settings.slack_api_url))


async def _compare(clock: Clock, slack_api_url: str) -> None:
    """Begin with Slack's time where the system's is wrong. Raises CannotStartError."""
    try:
        if isinstance(clock, CheckedClock):
            await clock.begin()
    except OSError as error:
        raise CannotStartError(f"{slack_api_url} does not answer ({error}).") from None


async def _introduce(client: AsyncWebClient) -> AsyncSlackResponse:
    """Who we are, as Slack knows us; a Slack that is busy is waited for a little. Raises CannotStartError."""
    pauses = iter(START_PAUSES)
    while True:
        try:
            return await client.auth_test()
        except SlackApiError as refused:
            refusal = refusal_of(refused)
        except (ClientError, OSError, TimeoutError) as error:
            raise CannotStartError(f"{client.base_url} does not answer ({type(error).__name__}).") from None
        if not refusal.is_passing:
            raise CannotStartError(f"Slack refused SLACK_BOT_TOKEN ({refusal.error}).")
        pause = next(pauses, None)
        if pause is None or refusal.retry_after > max(START_PAUSES):
            later = (
                f" It asks to be left alone for {refusal.retry_after:.0f} s." if refusal.retry_after else ""
            )
            raise CannotStartError(
                f"Slack is busy or in trouble ({refusal.error}): start me again later.{later}"
            )
        pause = refusal.retry_after or pause
        log.warning("slack_busy", error=refusal.error, seconds=pause)
        await asyncio.sleep(pause)


async def _say_who_else(transact: Transactions, workspace: Workspace) -> None:
    others = await transact(list_neighbours, workspace.id)
    if others:
        log.warning("other_workspaces", serving=workspace.id, others=[one.id for one in others])


def _only_for(own_id: str, token: str) -> Callable[[str], Awaitable[str]]:
    async def token_for(workspace_id: str) -> str:
        if workspace_id != own_id:
            raise LookupError(workspace_id)
        return token

    return token_for


def _teller(clock: Clock) -> Callable[[Session, Trouble], None]:
    def tell(session: Session, trouble: Trouble) -> None:
        tell_trouble(session, trouble, clock.now())

    return tell
