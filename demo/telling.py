"""The story in words: what people did and what Drumbeat showed them, each at the reader's own local clock."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from rich import box
from rich.console import Console
from rich.emoji import Emoji
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from demo.plan import CHANNEL, INITIATIVES, STRATEGY, WORKSPACE, Someone
from domain.periods import Week
from sandbox import Conversation, Message

_BOILERPLATE = (
    "[",
    str(STRATEGY["Why"]),
    "Your week, ",
    "Or just write it here",
    "Recorded, thank you",
    "This week is closed",
    "Once a week I ask",
)
"""How lines begin that are told once and left out when they come again."""
_RITUALS = ("Your week, ", *(f"{WORKSPACE}{kind}" for kind in (": still open", " · Week of")))
_RESULTS = ("Rhythm health", "Impact", "• Rhythm health", "• Impact")
_NOT_ON_TRACK = (":large_yellow_circle: ", ":red_circle: ", ":white_circle: ", "No answer expected: ")
_TOLD_WHOLE = "Outcome of the review"
_NAMES = tuple(work.name for work in INITIATIVES)
_MARGIN = 4
_DETAILS = 9


def as_drawn(text: str) -> str:
    """With pictures for the shortcodes that Drumbeat uses."""
    return str(Emoji.replace(text.replace(":large_", ":")))


def when(moment: datetime, reader: Someone) -> str:
    """As in "Mon 23 Nov 09:00 in Auckland"."""
    local = moment.astimezone(reader.zone)
    return f"{local:%a} {local.day} {local:%b %H:%M} in {reader.city}"


def moment_of(message: Message) -> datetime:
    return datetime.fromtimestamp(float(message.ts), UTC)


class Teller:
    """Watches conversations and tells what is new in them.

    `counts` are messages but for answers to what the reader just did, by (first name or "#channel", week of the
    reader's local day, whether it is a ritual: a prompt, a reminder, a digest).
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.is_brief = False
        self.counts: Counter[tuple[str, str, bool]] = Counter()
        self._watched: dict[str, tuple[Conversation, Someone]] = {}
        self._stood: dict[tuple[str, str], tuple[str, str]] = {}
        self._shapes: set[object] = set()
        self._told: dict[str, set[str]] = {}

    def watch(self, conversation: Conversation, reader: Someone) -> None:
        """`reader` is whose clock its messages are told by."""
        self._watched[conversation.id] = (conversation, reader)
        self._told[conversation.id] = set()

    def heading(self, title: str) -> None:
        self.console.print()
        self.console.rule(f"[bold]{escape(title)}", style="cyan")

    def act(
        self,
        person: Someone,
        moment: datetime,
        words: str,
        values: Mapping[str, str] | None = None,
        way: str = "",
    ) -> None:
        """What a person does; `values` are what they fill in."""
        noted = f"  [magenta]({escape(way)})[/]" if way else ""
        line = f"[cyan]▸[/] [bold]{person.first}[/], {when(moment, person)}, {escape(words)}{noted}"
        if self.is_brief:
            self.console.print(line, highlight=False)
            return
        self.console.print()
        self.console.print(line, highlight=False)
        for label, value in (values or {}).items():
            if value:
                self._indented(f"[dim]{escape(label)}[/] {escape(value)}")

    def shown(self, person: Someone, drawn: str) -> None:
        """An answer that only this person sees; of a long one briefly what it begins and ends with."""
        lines = drawn.splitlines()
        if self.is_brief:
            lines = [*lines[:2], *(line for line in lines[2:] if line.startswith(_RESULTS))]
        self._quote(f"only {person.first} sees", lines)

    def news(self, *, by: str = "") -> None:
        """Tell what changed and then what appeared since the last look, oldest first; `by` did something just now."""
        for message, before in sorted(self._changes(), key=lambda change: (not change[1], change[0].number)):
            if "bot_id" not in message.raw:
                continue
            is_new = not before and message.is_top_level
            if is_new:
                self._count(message, by)
            if self.is_brief:
                self._tell_briefly(message, is_new=is_new)
            elif before:
                self._tell_changed(message, before.splitlines())
            elif is_new:
                self._tell_new(message, by_the_clock=not by)
            else:
                self._tell_reply(message, by_the_clock=not by)

    def _count(self, message: Message, by: str) -> None:
        conversation, reader = self._watched[message.conversation.id]
        who = reader.first if conversation.is_im else f"#{conversation.name}"
        if who != by:
            day = moment_of(message).astimezone(reader.zone).date()
            self.counts[who, str(Week.of(day)), message.drawn.startswith(_RITUALS)] += 1

    def _tell_briefly(self, message: Message, *, is_new: bool) -> None:
        """Of the channel's messages the first line, what is not on track and what it came to; the rest is only remembered."""
        self._told[message.conversation.id].update(message.drawn.splitlines())
        if message.drawn.startswith(_TOLD_WHOLE):
            self._quote(f"{self._place(message)}, in its thread", message.drawn.splitlines())
        elif is_new and not message.conversation.is_im:
            _, reader = self._watched[message.conversation.id]
            title, summary, *facts = message.drawn.splitlines()
            lines = [summary] if message.drawn.startswith(_RITUALS) else []
            lines += [line for line in facts if line.startswith(_NOT_ON_TRACK + _RESULTS)]
            self._quote(f"{self._place(message)}, {when(moment_of(message), reader)}: {title}", lines)

    def _changes(self) -> list[tuple[Message, str]]:
        """Messages that differ from the last look, with how they were drawn then, "" for new ones."""
        found = []
        for conversation, _ in self._watched.values():
            for message in conversation.log.values():
                key, stands = (conversation.id, message.ts), json.dumps([message.text, message.blocks])
                stood, drawn = self._stood.get(key, ("", ""))
                if stands != stood:
                    self._stood[key] = (stands, message.drawn)
                    found.append((message, drawn))
        return found

    def _tell_new(self, message: Message, *, by_the_clock: bool) -> None:
        conversation, reader = self._watched[message.conversation.id]
        if by_the_clock:
            self.console.print()
        title = f"{self._place(message)}, {when(moment_of(message), reader)}"
        shape = tuple(message.buttons)
        if not conversation.is_im or self._is_first(shape):
            self._panel(title, message)
        else:
            self._quote(title, self._news_of(message) or ["the same question again"])
        self._told[conversation.id].update(message.drawn.splitlines())

    def _tell_reply(self, message: Message, *, by_the_clock: bool) -> None:
        """Details under a digest are told as far as the first few lines go."""
        lines = message.drawn.splitlines()
        if message.conversation.is_im or not by_the_clock or lines[0].startswith(_TOLD_WHOLE):
            self._quote(f"{self._place(message)}, in a thread", lines)
            return
        shown = lines[:_DETAILS] if self._is_first("details") else []
        if shown:
            self._quote(f"{self._place(message)}, in its thread", shown)
        self._indented(f"[dim]… and {len(lines) - len(shown)} lines of details in its thread[/]")

    def _tell_changed(self, message: Message, before: Sequence[str]) -> None:
        in_channel = not message.conversation.is_im
        if in_channel and not message.is_top_level:
            return
        fresh = [line for line in self._without_boilerplate(message) if line not in before]
        if fresh:
            self._quote(
                f"{self._place(message)}: {'the digest' if in_channel else 'the message'} now says", fresh
            )

    def _place(self, message: Message) -> str:
        conversation, reader = self._watched[message.conversation.id]
        return f"Drumbeat to {reader.first}" if conversation.is_im else f"Drumbeat in #{CHANNEL}"

    def _is_first(self, shape: object) -> bool:
        is_first = shape not in self._shapes
        self._shapes.add(shape)
        return is_first

    def _news_of(self, message: Message) -> list[str]:
        """What a message says that this conversation did not say before, and which initiative it is about."""
        told = self._told[message.conversation.id]
        kept = self._without_boilerplate(message)
        if all(line in told for line in kept):
            return []
        return [line for line in kept if line not in told or line.startswith(_NAMES)]

    def _without_boilerplate(self, message: Message) -> list[str]:
        kept = []
        for line in message.drawn.splitlines():
            start = next((start for start in _BOILERPLATE if line.startswith(start)), None)
            if start is None or (start != "[" and self._is_first(start)):
                kept.append(line)
        return kept

    def _panel(self, title: str, message: Message) -> None:
        self._without_boilerplate(message)
        words = Text(as_drawn(message.drawn))
        panel = Panel(
            words, title=f"[bold]{escape(title)}[/]", title_align="left", box=box.ROUNDED, style="none"
        )
        self.console.print(Padding(panel, (0, 0, 0, _MARGIN)))

    def _quote(self, title: str, lines: Sequence[str]) -> None:
        self._indented(f"[bold]{escape(title)}[/]")
        for line in lines:
            for piece in Text(as_drawn(line)).wrap(self.console, self.console.width - _MARGIN - 2):
                self._indented(f"[dim]┃[/] {escape(piece.plain.rstrip())}")

    def _indented(self, markup: str) -> None:
        self.console.print(Padding(Text.from_markup(markup), (0, 0, 0, _MARGIN), expand=False))
