"""The only wiring: settings in, a running process out."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

import structlog
from aiohttp import ClientSession
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.admission import Admission
from bot.background import Background
from bot.client import make_client
from bot.clock import CheckedClock, Clock, FollowedClock, ask_slack
from bot.config import Settings, reveal
from bot.databases import is_sqlite, open_database
from bot.delivery.listening import listen
from bot.delivery.pacing import SLACK_RATES
from bot.delivery.sender import Sender
from bot.delivery.tools import Timing
from bot.directory import PATIENCE, Directory
from bot.incoming import PATIENCE as ANSWER_PATIENCE
from bot.incoming import Incoming
from bot.installations import Clients, Installations, OwnInstallation, StoredInstallations, require
from bot.installing import INSTALL, InstallationStore, StateStore, build_flow
from bot.neighbours import list_neighbours
from bot.network import open_session
from bot.parts import Parts
from bot.retention import Retention
from bot.roll_call import RollCall
from bot.routes import all_routes
from bot.scheduler import keep_time, start_scheduler
from bot.slack_calls import FORM_PATIENCE, SlackCalls
from bot.slack_edge import DepsOf, Edge, build_bolt
from bot.starting import CannotStartError, insist, require_same_app
from bot.transactions import Transactions, wake_after_commits
from domain.troubles import Trouble
from handlers.requests import Deps
from services.exports import make_file
from services.installations import come_back
from services.troubles import tell_trouble
from storage.encryption import Keys, WrongKeysError
from storage.installations import list_installations
from storage.workspaces import Workspace, save_workspace

log = structlog.get_logger()

_LOCAL = Timing(lease=timedelta(seconds=60), call_seconds=40.0, look_seconds=(0.1, 0.3, 0.7, 1.5))
"""Beside a local stand-in months pass in seconds, on machines that may be busy: calls get more time, and there is no
pace to keep in real time; what the stand-in refuses is sent again when it says.
"""
STOP_SECONDS = 9.5
"""From being told to stop: who stops a process for good gives it ten."""
UNHURRIED = 20.0
"""Seconds for a form and for looking people up beside a local stand-in, which may be more patient than Slack."""


@asynccontextmanager
async def assemble(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Parts]:
    """Everything but what listens to Slack; SQLite files are made and migrated."""
    async with AsyncExitStack() as stack:
        database = open_database(settings.database_url, migrate=is_sqlite(settings.database_url))
        stack.callback(database.close)
        session = await stack.enter_async_context(open_session())
        clock = clock or _clock_for(settings, session)
        transact = Transactions(database)
        client = make_client(settings.slack_api_url, session, reveal(settings.slack_bot_token))
        background = Background()
        own: Workspace | None = None
        found: OwnInstallation | StoredInstallations
        if settings.serves_many:
            found = await _open_installations(settings, transact, clock, client, background)
        else:
            own, found = await _introduce_own(settings, transact, clock, client)
        await _compare(clock, settings.slack_api_url)
        clients = Clients(found, settings.slack_api_url, session)
        deps_of = _deps_maker(settings, transact, clock, clients)
        install_url = f"{settings.base_url}{INSTALL}" if settings.serves_many else None
        bolt = build_bolt(client, Admission(found, install_url))
        incoming = Incoming(bolt, clients.of, background, _patience(settings, ANSWER_PATIENCE))
        directory = Directory(clients.of, transact, _patience(settings, PATIENCE))
        edge = Edge(deps_of, directory, all_routes(), background, incoming.tell)
        edge.register(incoming.bolt)
        sender = _make_sender(settings, transact, clock, session, found)
        wake_after_commits(database, sender.wake)
        sender.start()
        stack.push_async_callback(_finish, sender, background)
        roll_call = RollCall(clients.of, transact, is_paced=not settings.follow_clock)
        stack.push_async_callback(roll_call.stop)
        if not database.is_sqlite:
            listening = asyncio.create_task(listen(database.engine.url, sender.wake_soon))
            stack.callback(listening.cancel)
        yield Parts(
            settings=settings,
            database=database if own is None else database.within(own.id),
            clock=clock,
            transact=transact,
            client=client,
            sender=sender,
            installations=found,
            deps_of=deps_of,
            incoming=incoming,
            background=background,
            roll_call=roll_call,
            retention=Retention(transact, settings.keep_words_days),
            own=None if own is None else (own, await deps_of(own.id)),
            install_flow=_make_flow(settings, transact, clock, client, found, sender),
        )


async def _finish(sender: Sender, background: Background) -> None:
    await asyncio.gather(sender.stop(), background.stop())


def _make_flow(
    settings: Settings,
    transact: Transactions,
    clock: Clock,
    client: AsyncWebClient,
    found: OwnInstallation | StoredInstallations,
    sender: Sender,
) -> AsyncOAuthFlow | None:
    if isinstance(found, OwnInstallation):
        return None
    store = InstallationStore(transact, clock, found, sender.resume)
    return build_flow(settings, client, store, StateStore(transact, clock))


def _deps_maker(settings: Settings, transact: Transactions, clock: Clock, clients: Clients) -> DepsOf:
    patience, looking_up = _patience(settings, FORM_PATIENCE), _patience(settings, PATIENCE)

    async def deps_of(workspace_id: str) -> Deps:
        slack = SlackCalls(await clients.of(workspace_id), patience, looking_up)
        return Deps(workspace_id, transact.within(workspace_id), clock.now, slack)

    return deps_of


def _patience(settings: Settings, with_slack: float) -> float:
    return UNHURRIED if settings.follow_clock else with_slack


def _make_sender(
    settings: Settings, transact: Transactions, clock: Clock, session: ClientSession, found: Installations
) -> Sender:
    async def token_for(workspace_id: str) -> str:
        return (await require(found, workspace_id)).token

    return Sender(
        transact=transact,
        clock=clock,
        session=session,
        slack_api_url=settings.slack_api_url,
        token_for=token_for,
        lost=found.lost,
        tell=_teller(clock),
        make_file=make_file,
        only=found.only,
        rates=None if settings.follow_clock else SLACK_RATES,
        timing=_LOCAL if settings.follow_clock else None,
    )


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
        name = parts.workspace.name if parts.own else "many"
        log.info("ready", workspace=name, listening=", ".join(where))
        yield parts


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT: then take nothing more, finish what is in hand, give leases back."""
    stop, is_up, serving = asyncio.Event(), asyncio.Event(), asyncio.current_task()

    def end() -> None:
        if not stop.is_set():
            _end_in_time()
        stop.set()
        if serving is not None and not is_up.is_set():
            serving.cancel()  # whatever it is waiting for, it need not be ready any more

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    try:
        async with running(settings) as parts:
            is_up.set()
            await stop.wait()
            log.info("stopping")
            parts.sender.finish()  # while what people wait for is answered
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
        log.info("stopping")


def _end_in_time() -> None:
    """Whatever keeps this process from ending, Slack or a database that says nothing: SIGKILL would do no harm either."""

    def end() -> None:
        log.warning("stopped_short")
        os._exit(0)

    timer = threading.Timer(STOP_SECONDS, end)
    timer.daemon = True
    timer.start()


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


async def _introduce_own(
    settings: Settings, transact: Transactions, clock: Clock, client: AsyncWebClient
) -> tuple[Workspace, OwnInstallation]:
    """The workspace of the bot token. Raises CannotStartError."""
    identity = await insist(client.auth_test, "SLACK_BOT_TOKEN", settings.slack_api_url)
    if settings.uses_socket_mode:
        await require_same_app(client, identity["bot_id"], settings.app_id)
    workspace = Workspace(identity["team_id"], identity["team"], identity["user_id"])
    within = transact.within(workspace.id)
    await within(save_workspace, workspace)
    await within(come_back, workspace.id, clock.now())
    await _say_who_else(transact, workspace)
    return workspace, OwnInstallation(identity, reveal(settings.slack_bot_token), settings.app_id)


async def _open_installations(
    settings: Settings, transact: Transactions, clock: Clock, client: AsyncWebClient, background: Background
) -> StoredInstallations:
    """Those of the database. Raises CannotStartError where a token cannot be read."""
    keys = Keys(settings.keys)
    try:
        await transact(list_installations, keys)
    except WrongKeysError as unreadable:
        raise CannotStartError(
            f"None of DRUMBEAT_ENCRYPTION_KEYS decrypts the token of {unreadable}: add the key that it was kept with."
        ) from None
    client_id, secret = settings.slack_client_id or "", reveal(settings.slack_client_secret)
    return StoredInstallations(transact, clock, keys, client, client_id, secret, background)


async def _say_who_else(transact: Transactions, workspace: Workspace) -> None:
    others = await transact(list_neighbours, workspace.id)
    if others:
        log.warning("other_workspaces", serving=workspace.id, others=[one.id for one in others])


def _teller(clock: Clock) -> Callable[[Session, Trouble], None]:
    def tell(session: Session, trouble: Trouble) -> None:
        tell_trouble(session, trouble, clock.now())

    return tell
