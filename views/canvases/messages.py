"""What is said about the canvas of a strategy's channel: in `/rhythm status`, and to the lead who is asked."""

from collections.abc import Mapping
from datetime import datetime

from domain.canvases import ANOTHER, UNSURE, Canvas, CanvasState
from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.slack import blocks as b

MAKE, REPLACE, LEAVE = "canvas.make", "canvas.replace", "canvas.leave"
BEING_MADE = (
    "I am making it: in a minute it shows as the canvas in the channel’s tabs. From then on I keep it up to date, at most "
    "once an hour. Should Slack not let me, I tell you why in our messages."
)
ALREADY = "That is under way already: `/rhythm status` shows how it stands."
BEING_REPLACED = "I write it now, in place of what stands there. Slack keeps what was there in the canvas’s version history."
LEFT_ALONE = (
    "I leave it as it is and write it no more. `/rhythm status` has the button should you change your mind."
)
_OFF = "Canvases are switched off in this workspace: a workspace admin can allow them in Slack’s settings."
_PLAN = "This workspace’s Slack plan has no canvas to spare for this channel."
_NOT_MINE = "Slack does not let me write in the canvas that is there: whoever made it can share it with me to edit, or delete it."
_NOT_IN = "I am not in the channel, or it is archived: invite me there with `/invite @Drumbeat`."
_WHY: Mapping[str, str] = {
    "missing_scope": (
        "I may not write canvases in this workspace yet: whoever runs Drumbeat gives the app the optional scope "
        "`canvases:write`, which the manifest has, and installs it again."
    ),
    "canvas_disabled_user_team": _OFF,
    "canvas_disabled_file_team": _OFF,
    "canvas_globally_disabled": _OFF,
    "team_tier_cannot_create_channel_canvases": _PLAN,
    "free_team_canvas_tab_already_exists": _PLAN,
    "free_teams_cannot_edit_standalone_canvases": _PLAN,
    "restricted_action": "The workspace’s rules do not let me write canvases: a workspace admin can say who may.",
    "access_denied": _NOT_MINE,
    "canvas_not_found": _NOT_MINE,
    "not_in_channel": _NOT_IN,
    "channel_not_found": _NOT_IN,
    "is_archived": _NOT_IN,
}


def canvas_blocks(strategy: Strategy, canvas: Canvas | None, *, is_lead: bool) -> tuple[list[b.Block], str]:
    """For `/rhythm status`: how it is, with what a lead may do about it, and the same in a line of text."""
    if canvas is None and not is_lead:
        return [], ""
    line = _standing(canvas)
    blocks = [b.section(f"*Canvas*\n{line}")]
    if is_lead and (buttons := _buttons(strategy, canvas)):
        blocks.append(b.actions(buttons, block_id=f"canvas.{strategy.id}"))
    return blocks, f"Canvas: {line}"


def question_message(strategy: Strategy, canvas: Canvas) -> b.Payload:
    text = f"*{b.one_line(strategy.name, MAX_NAME)}*: {_asked(canvas, f'<#{strategy.channel_id}>')}"
    return b.message(text, [b.section(text), b.actions(_choice(strategy))])


def settled_message(strategy: Strategy, by_id: str, *, is_replaced: bool) -> b.Payload:
    """In place of the question."""
    said = "is replaced by the strategy" if is_replaced else "stays as it is"
    name, where = b.one_line(strategy.name, MAX_NAME), f"<#{strategy.channel_id}>"
    return b.text_message(f"*{name}*: the canvas of {where} {said}, said {b.mention(by_id)}.")


def looked_at_message(strategy: Strategy) -> b.Payload:
    """In place of the question, where a lead has it looked at anew."""
    name, where = b.one_line(strategy.name, MAX_NAME), f"<#{strategy.channel_id}>"
    return b.text_message(f"*{name}*: I look at the canvas of {where} again, as a lead wants it.")


def refused_message(strategy: Strategy, reason: str) -> b.Payload:
    """To the lead who asked for it."""
    name, where = b.one_line(strategy.name, MAX_NAME), f"<#{strategy.channel_id}>"
    return b.text_message(
        f"*{name}*: I could not write the canvas of {where}. {why_refused(reason)} Everything else goes on; "
        f"`/rhythm status` there has the button to try again."
    )


def why_refused(reason: str) -> str:
    """And what to do about it."""
    return _WHY.get(reason, f"Slack refused it ({b.escape(reason)}): please tell whoever runs Drumbeat.")


def _standing(canvas: Canvas | None) -> str:
    if canvas is None:
        return "The whole strategy on one page in this channel’s tabs, which I keep up to date."
    match canvas.state:
        case CanvasState.WANTED | CanvasState.REPLACING:
            return "It is being written."
        case CanvasState.KEPT:
            return f"In this channel’s tabs, {_since(canvas.written_at)}; I write it again when something changes, at most once an hour."
        case CanvasState.ASKED:
            return _asked(canvas, "this channel")
        case CanvasState.LEFT:
            return f"I leave it as it is, as {b.mention(canvas.person_id)} said."
        case CanvasState.REFUSED:
            return why_refused(canvas.reason)
        case CanvasState.GONE:
            return "Somebody has deleted it, so I do not write it any more."


def _asked(canvas: Canvas, where: str) -> str:
    if canvas.reason == ANOTHER:
        return f"{where} has a canvas already that I do not keep. Shall I write the strategy in its place?"
    if canvas.reason == UNSURE:
        return (
            f"I do not know any more whether people have written in the canvas of {where}. Shall I write the strategy in "
            "place of what stands there?"
        )
    return (
        f"people have written in the canvas of {where} that I keep. I write no more until a lead says whether the "
        "strategy comes in place of what they wrote."
    )


def _since(at: datetime | None) -> str:
    return f"last written {b.slack_time(at)}" if at else "not written yet"


def _buttons(strategy: Strategy, canvas: Canvas | None) -> list[b.Element]:
    match canvas.state if canvas else None:
        case CanvasState.ASKED:
            return _choice(strategy)
        case CanvasState.WANTED | CanvasState.REPLACING | CanvasState.KEPT:
            return []
        case CanvasState.REFUSED:
            label = "Try again"
        case _:
            label = "Put it on a canvas"
    return [b.button(label, MAKE, str(strategy.id), about=strategy.name)]


def _choice(strategy: Strategy) -> list[b.Element]:
    value, name = str(strategy.id), strategy.name
    replace = b.button("Replace what is there", REPLACE, value, about=name)
    sure = b.confirmed(replace, "The strategy comes in place of what is written there now.", "Replace it")
    return [sure, b.button("Leave it as it is", LEAVE, value, about=name)]
