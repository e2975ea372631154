"""What every handler gets and gives: requests, replies, dependencies and the tables of routes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol, Self, TypeVar

import structlog
from sqlalchemy.orm import Session

from domain.acts import Way
from domain.errors import NotFound
from domain.faults import kind_and_place
from domain.people import Actor
from domain.reading.markup import plain_text
from domain.reading.names import fold
from domain.reading.people import Member
from services.rituals import raise_if_away
from storage.delivery import seen
from views.slack.blocks import Payload, notice

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")
View = dict[str, Any]


class Transact(Protocol):
    """Runs a plain function in one read-write transaction, in the database's executor."""

    async def __call__(
        self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T: ...

    def by(self, way: Way) -> Self:
        """The same, for what has come that way."""


class Slack(Protocol):
    """The only calls to Slack made while somebody waits; everything else leaves through the outbox."""

    async def open_view(self, trigger_id: str, view: View, *, recorded: str = "") -> None:
        """Raises DomainError when the trigger has expired (3 s) or Slack is in trouble.

        `recorded` is a sentence with what took effect already, and stands then at the beginning of the refusal.
        """

    async def update_view(self, form: "Form", view: View, *, recorded: str = "") -> None:
        """Redraws the form, or Home, a click came from; what is typed stays where block and action ids do.

        Raises DomainError as `open_view` does.
        """

    async def read_file(self, file_id: str, person_id: str, limit: int) -> "SlackFile":
        """A file that person put into a form; takes too long for anything but `Reply.after`. Raises DomainError."""

    async def list_channels(self, person_id: str) -> tuple[str, ...] | None:
        """The channels that the person and the bot are both in, or that are public; None when Slack is slow to say."""

    async def list_members(self, channel_id: str) -> tuple[Member, ...] | None:
        """Those of a channel who can take part, by all their names; None when Slack is slow to say, or does not."""


@dataclass(frozen=True, slots=True)
class SlackFile:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Deps:
    """Dependencies of every handler; `workspace_id` is where it acts, `now` the schedule's clock, `slack` that workspace's."""

    workspace_id: str
    transact: Transact
    now: Callable[[], datetime]
    slack: Slack

    def by(self, way: Way) -> "Deps":
        """The same, for a request that has come that way."""
        return replace(self, transact=self.transact.by(way))


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `text` is what stands after the subcommand, as Slack sends it."""

    way: ClassVar[Way] = Way.COMMAND
    actor: Actor
    channel_id: str
    text: str
    trigger_id: str

    @property
    def words(self) -> str:
        """As they were typed."""
        return plain_text(self.text)

    @property
    def option(self) -> str:
        """The form in which one of a few words is looked up."""
        return fold(self.words)


@dataclass(frozen=True, slots=True)
class Form:
    """An open modal: `state` maps block_id -> the input's state as Slack sends it; `view` is what it shows."""

    id: str
    hash: str
    callback_id: str
    metadata: str
    state: Mapping[str, Mapping[str, Any]]
    view: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Click:
    """A button or another element acted on; `value` is the button's value or the chosen option's."""

    way: ClassVar[Way] = Way.BUTTON
    actor: Actor
    action_id: str
    value: str
    trigger_id: str
    channel_id: str | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A form sent."""

    way: ClassVar[Way] = Way.FORM
    actor: Actor
    form: Form
    trigger_id: str = ""

    @property
    def workspace_id(self) -> str:
        return self.actor.workspace_id

    @property
    def channel_id(self) -> None:
        """Slack does not say where a form was opened."""

    @property
    def key(self) -> str:
        """The same for a form sent twice."""
        return f"form:{self.form.id}:{self.form.hash}"


def form_of(request: Click | Submission) -> Form:
    """What was sent, or what a button stands in; raises NotFound for a button that stands in none."""
    if request.form is None:
        raise NotFound
    return request.form


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut; one on a message has the message's channel, ts and, as Slack writes it, text."""

    way: ClassVar[Way] = Way.SHORTCUT
    actor: Actor
    trigger_id: str
    channel_id: str = ""
    text: str = ""
    message_ts: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the Events API; `body` is its inner `event`, `at` when it happened, as Slack says.

    What is about a whole organisation has the organisation's id for that of the workspace. `is_mended`: it has � for
    characters that cannot be kept.
    """

    workspace_id: str
    id: str
    body: Mapping[str, Any]
    at: datetime | None = None
    is_mended: bool = False

    @property
    def key(self) -> str:
        return f"event:{self.id}"

    @property
    def way(self) -> Way:
        """What somebody wrote, or a file that they sent; else what Slack itself tells."""
        if self.body.get("type") != "message":
            return Way.SLACK
        return Way.FILE if self.body.get("files") else Way.WORDS


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person gets back at once: a message only they see, a form that opens, or what becomes of their form.

    `after`, for clicks and forms, goes on once Slack has its answer; a refusal reaches the person in the direct message.
    """

    message: Payload | None = None
    opened: View | None = None
    update: View | None = None
    after: "Handler | None" = None


Handler = Callable[[Deps, Any], Awaitable[Reply | None]]


R = TypeVar("R")
Do = Callable[[Session, R, datetime], T]
"""What a door does in its one transaction, given the request and the schedule's time."""


def opens(do: Do[R, View]) -> Handler:
    """A door behind which a form opens."""

    @wraps(do)
    async def door(deps: Deps, request: Any) -> None:
        await deps.slack.open_view(request.trigger_id, await deps.transact(do, request, deps.now()))

    return door


def redraws(do: Do[R, View], *, recorded: str = "") -> Handler:
    """A click in a form that shows its outcome in the same window; `recorded` as for `Slack.update_view`."""

    @wraps(do)
    async def door(deps: Deps, click: Any) -> None:
        form = form_of(click)
        view = await deps.transact(do, click, deps.now())
        await deps.slack.update_view(form, view, recorded=recorded)

    return door


def acts(do: Do[R, None]) -> Handler:
    """A deed that answers by what it changes."""

    @wraps(do)
    async def door(deps: Deps, request: R) -> None:
        await deps.transact(do, request, deps.now())

    return door


def shows(do: Do[R, Payload]) -> Handler:
    """Answered by a message that only the person sees."""

    @wraps(do)
    async def door(deps: Deps, request: R) -> Reply:
        return Reply(message=await deps.transact(do, request, deps.now()))

    return door


def tells(do: Do[R, str]) -> Handler:
    """The same, with a message of one sentence, as people read it: it is escaped here."""

    @wraps(do)
    async def door(deps: Deps, request: R) -> Reply:
        return Reply(message=notice(await deps.transact(do, request, deps.now())))

    return door


def replies(do: Do[R, Reply | None]) -> Handler:
    """Answered in one way or another: by a message, a form that opens, or what becomes of the one that was sent."""

    @wraps(do)
    async def door(deps: Deps, request: Any) -> Reply | None:
        reply = await deps.transact(do, request, deps.now())
        if reply is not None and reply.opened is not None:
            await deps.slack.open_view(request.trigger_id, reply.opened)
        return reply

    return door


async def apart(
    deps: Deps,
    do: Callable[[Session, R, datetime], T],
    what: R,
    now: datetime,
    leave: Callable[[Session], object] | None = None,
    *,
    failed: str,
    **about: object,
) -> T | None:
    """What the clock does of several, in a transaction of its own: one that fails is logged as `failed` and left, and stops
    none of the others.
    """
    try:
        return await deps.transact(do, what, now)
    except Exception as fault:  # noqa: BLE001 - one that fails must not stop the others
        raise_if_away(fault)
        log.error(failed, **about, **kind_and_place(fault))
    if leave is not None:
        await deps.transact(leave)
    return None


def submits(do: Do[Submission, View | None]) -> Handler:
    """A form sent, however often: done once. What is returned follows in the same window, None closes it."""

    @wraps(do)
    async def door(deps: Deps, submission: Submission) -> Reply:
        return Reply(update=await deps.transact(_once, do, submission, deps.now()))

    return door


def hears(do: Do[Event, None]) -> Handler:
    """An event, which Slack may send again: done once, and not before it happened, should our own clock be behind."""

    @wraps(do)
    async def door(deps: Deps, event: Event) -> None:
        now = deps.now()
        await deps.transact(_once, do, event, max(now, event.at or now))

    return door


def _once(session: Session, do: Do[Any, T | None], request: Submission | Event, now: datetime) -> T | None:
    return do(session, request, now) if is_first(session, request, now) else None


def is_first(session: Session, request: Submission | Event, now: datetime) -> bool:
    """The one place that stops what Slack sends twice; what is refused is forgotten with its transaction."""
    return seen.is_new(session, request.workspace_id, request.key, now)


def was_done(session: Session, request: Submission) -> bool:
    """Whether Slack has sent this before, and it took effect."""
    return seen.was_met(session, request.workspace_id, request.key)


@dataclass(frozen=True, slots=True)
class Subcommand:
    """`usage` is what follows the command, as in "show NAME"; `summary` one line of help."""

    name: str
    usage: str
    summary: str
    run: Handler
    by_button: bool = True
    """Whether a button may run it: one of the choices it offers, or one on Home."""


@dataclass(frozen=True, slots=True)
class Routes:
    """What a feature answers to; commands map "/name" to its subcommands, "" being the bare command.

    `keepers` keep a person's words when the event's handler failed; they return whether there were any.
    """

    commands: Mapping[str, Sequence[Subcommand]] = field(default_factory=dict)
    clicks: Mapping[str, Handler] = field(default_factory=dict)
    submissions: Mapping[str, Handler] = field(default_factory=dict)
    shortcuts: Mapping[str, Handler] = field(default_factory=dict)
    events: Mapping[str, Handler] = field(default_factory=dict)
    keepers: Mapping[str, Callable[[Deps, Event], Awaitable[bool]]] = field(default_factory=dict)
