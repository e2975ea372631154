"""What could not be posted, told to whoever can do something about it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.errors import FieldErrors
from domain.troubles import Trouble, TroubleKind
from domain.words import MAX_NAME
from views.slack import blocks as b
from views.slack.fields import FormReader, State
from views.slack.references import is_direct_message

AGAIN = "trouble.again"
THERE = "trouble.there"
LINK_FORM = "trouble.link"
LINK = "link"
_MOST_QUOTED = 120
_EARLIER_SECONDS = 60  # Slack's clock and ours differ a little

# slack.com/help/articles/203274767: the link of a message; replies carry their thread's `thread_ts`.
_PERMALINK = re.compile(
    r"https://[\w.-]{1,100}\.slack\.com/archives/([A-Z0-9]{1,30})/p(\d{10})(\d{6})(?:\?([^\s>|]{0,300}))?(?=[\s>|#]|$)"
)
_THREAD = re.compile(r"(?:^|&(?:amp;)?)thread_ts=(\d{10}\.\d{6})(?=&|$)")

_WHY = {
    "not_in_channel": (
        "I am not in {place}. Invite me there with `/invite @Drumbeat`; what waits goes out as soon as I am in."
    ),
    "channel_not_found": (
        "I cannot see {place}. If it is private, invite me there with `/invite @Drumbeat`; "
        "what waits goes out as soon as I am in."
    ),
    "is_archived": "{place} is archived. What I had to say there waits until it is unarchived.",
}
_PLEASE_LOOK = "Please look: is it there?"
_NOBODY = "Nobody said in three days, so I left it as it is; what belonged to it I do not post. What is recorded is kept."


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was to be said: a channel, with the name of its strategy, or the direct message with a person."""

    target: str
    person_id: str | None = None
    strategy: str | None = None

    @property
    def shown(self) -> str:
        if self.person_id is not None:
            return f"the direct message with {b.mention(self.person_id)}"
        return f"<#{self.target}>"

    @property
    def opening(self) -> str:
        return f"*{b.one_line(self.strategy, MAX_NAME)}*: " if self.strategy else ""


@dataclass(frozen=True, slots=True)
class Permalink:
    """`thread_ts`: it is the link of a reply in that thread."""

    channel_id: str
    ts: str
    thread_ts: str | None = None


def trouble_message(trouble: Trouble, place: Place) -> b.Payload:
    if trouble.kind is TroubleKind.UNREACHABLE:
        return b.text_message(place.opening + _why_it_waits(trouble.error, place))
    return b.text_message(
        f"{place.opening}Slack refused one of my messages in {place.shown} ({b.escape(trouble.error)}). "
        "Please tell whoever runs Drumbeat; the answers themselves are kept."
    )


def left_out_message(place: Place) -> b.Payload:
    return b.text_message(
        f"{place.opening}What I had to say in {place.shown} could not be said for a week, so I leave it out now. "
        "What people answered is kept."
    )


def question_message(place: Place, words: str, outbox_id: int, *, after: str = "") -> b.Payload:
    """Asks whether a message is there; `after` is a sentence on what came before."""
    text = f"{after} {_doubt(place, words)} {_PLEASE_LOOK}".strip()
    value = str(outbox_id)
    buttons = [b.button("It is there…", THERE, value), b.button("Post it again", AGAIN, value)]
    return b.message(text, [b.section(text), b.actions(buttons)])


def settled_message(place: Place, words: str, *, by: str, again: bool) -> b.Payload:
    """The question, once somebody answered it."""
    answer = "“Post it again”: I do." if again else "“It is there”: thank you, I go on from it."
    return b.text_message(f"{_doubt(place, words)}\n{b.mention(by)}: {answer}")


def asked_again_message(place: Place, words: str) -> b.Payload:
    """The question, once it is asked anew."""
    return b.text_message(f"{_doubt(place, words)}\nI ask about it again below.")


def given_up_message(place: Place, words: str) -> b.Payload:
    return b.text_message(f"{_doubt(place, words)}\n{_NOBODY}")


def link_modal(place: Place, words: str, outbox_id: int) -> dict[str, Any]:
    hint = (
        "In Slack: ⋯ beside the message, Copy link. With it I can add to the message and keep it up to date."
    )
    return b.modal(
        "Where is it?",
        [
            b.section(_doubt(place, words)),
            b.input_block("Link of the message", b.text_input(max_length=500), block_id=LINK, hint=hint),
        ],
        callback_id=LINK_FORM,
        submit="This is it",
        private_metadata=str(outbox_id),
    )


def read_link(
    state: State, *, channel_id: str | None, thread_ts: str | None, created_at: datetime
) -> Permalink:
    """The link of a message in that channel (None: a direct message), in that thread (None: in no thread), made
    since. Raises FieldErrors.
    """
    reader = FormReader(state)
    typed = reader.words(LINK, 500, missing="Please paste the link of the message.")
    reader.finish()
    link = parse_permalink(typed)
    if link is None:
        problem = "That is no link of a message. In Slack: ⋯ beside the message, Copy link."
    elif link.channel_id != channel_id and not (channel_id is None and is_direct_message(link.channel_id)):
        problem = "That message stands somewhere else than the one I mean."
    elif thread_ts is not None and link.thread_ts != thread_ts:
        problem = "The one I mean is a reply in a thread: please copy the link of the reply."
    elif thread_ts is None and link.thread_ts not in (None, link.ts):
        problem = "The one I mean is no reply: please copy the link of the message itself."
    elif float(link.ts) < created_at.timestamp() - _EARLIER_SECONDS:
        problem = "That message is older than the one I mean."
    else:
        return link
    raise FieldErrors({LINK: problem})


def parse_permalink(text: str) -> Permalink | None:
    """The first link of a message in a text, with or without Slack's <...|label> around it."""
    found = _PERMALINK.search(text)
    if found is None:
        return None
    channel_id, seconds, micros, query = found.groups()
    thread = _THREAD.search(query or "")
    return Permalink(channel_id, f"{seconds}.{micros}", thread[1] if thread else None)


def file_refused_message(trouble: Trouble) -> b.Payload:
    """To whoever wanted the file."""
    if trouble.error == "in_doubt":
        return b.text_message(
            "Slack did not say whether the file I had for you arrived. If it is not here, please ask for it again."
        )
    text = (
        f"Slack refused the file I had for you ({b.escape(trouble.error)}). Please tell whoever runs Drumbeat"
    )
    is_old = trouble.error == "missing_scope"
    return b.text_message(
        text + (": the app needs its new manifest and to be installed again." if is_old else ".")
    )


def _why_it_waits(error: str, place: Place) -> str:
    if place.person_id is not None:
        return (
            f"Slack does not let me write to {b.mention(place.person_id)} ({b.escape(error)}). What I had to say "
            "waits a week; please tell them, and whoever runs Drumbeat."
        )
    why = _WHY.get(error, "Slack does not let me post in {place} just now; what I had to say there waits.")
    return why.format(place=place.shown)


def _doubt(place: Place, words: str) -> str:
    quoted = b.shorten_mrkdwn(" ".join(words.split(maxsplit=_MOST_QUOTED)), _MOST_QUOTED)
    return (
        f"{place.opening}Slack did not say whether a message of mine was posted in {place.shown}: “{quoted}”"
    )
