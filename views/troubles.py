"""To a lead: what could not be posted, and what to do about it."""

from domain.strategies import Strategy
from domain.troubles import Trouble, TroubleKind
from views import blocks as b
from views.kpi_words import NAME

AGAIN = "trouble.again"
THERE = "trouble.there"

_WHY = {
    "not_in_channel": (
        "I am not in {channel}. Invite me there with `/invite @Drumbeat`; what waits goes out as soon as I am in."
    ),
    "channel_not_found": (
        "I cannot see {channel}. If it is private, invite me there with `/invite @Drumbeat`; "
        "what waits goes out as soon as I am in."
    ),
    "is_archived": "{channel} is archived. What I had to say there waits until it is unarchived.",
}


def trouble_message(trouble: Trouble, strategy: Strategy) -> b.Payload:
    name = f"*{b.one_line(strategy.name, NAME)}*"
    channel = f"<#{trouble.target}>"
    if trouble.kind is TroubleKind.IN_DOUBT:
        text = (
            f"{name}: Slack did not say whether my last message in {channel} was posted. "
            "Please look: is it there?"
        )
        value = str(trouble.outbox_id)
        buttons = [
            b.button("It is there", THERE, value),
            b.button("Post it again", AGAIN, value),
        ]
        return b.message(text, [b.section(text), b.actions(buttons)])
    if trouble.kind is TroubleKind.UNREACHABLE:
        why = _WHY.get(
            trouble.error, "Slack does not let me post in {channel} just now; what I had to say there waits."
        )
        text = f"{name}: {why.format(channel=channel)}"
    else:
        text = (
            f"{name}: Slack refused one of my messages in {channel} ({b.escape(trouble.error)}). "
            "Please tell whoever runs Drumbeat; the answers themselves are kept."
        )
    return b.message(text, [b.section(text)])


def file_refused_message(trouble: Trouble) -> b.Payload:
    """To whoever wanted the file."""
    text = (
        f"Slack refused the file I had for you ({b.escape(trouble.error)}). Please tell whoever runs Drumbeat"
    )
    is_old = trouble.error == "missing_scope"
    text += ": the app needs its new manifest and to be installed again." if is_old else "."
    return b.message(text, [b.section(text)])


def settled_message(*, again: bool) -> b.Payload:
    text = (
        "Thank you, I am posting it again."
        if again
        else "Thank you, I leave it as it is. I cannot add to it any more: what comes late shows in the next one."
    )
    return b.message(text, [b.section(text)])
