"""The canvas of a channel: read, and written in as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.page.blocks import markdown
from sandbox.page.markup import Html, join, tag

if TYPE_CHECKING:
    from sandbox.workspace import Conversation, Workspace


def draw_canvas(
    workspace: Workspace, channel: Conversation, root: str, here: str, *, is_edited: bool
) -> Html:
    """`root` begins the person's addresses, `here` is the canvas's."""
    if workspace.canvas_refusal:
        return tag("div", "Canvases are switched off in this workspace.", class_="empty")
    if is_edited:
        return _form(channel, root, here)
    write = tag("a", "Edit" if channel.canvas else "Begin a canvas", href=f"{here}?edit=1", class_="button")
    if channel.canvas is None:
        return tag("div", tag("p", "This channel has no canvas yet."), write, class_="empty")
    by = [workspace.users[one].real_name for one in channel.canvas.editors if one in workspace.users]
    about = tag("p", f"Last written in by {by[-1]}", class_="about") if by else None
    words = tag("article", markdown(channel.canvas.markdown), class_="markdown", dir="auto")
    return tag("div", join([about, words, tag("p", write)]), class_="canvas")


def _form(channel: Conversation, root: str, here: str) -> Html:
    words = channel.canvas.markdown if channel.canvas else ""
    typed = tag(
        "textarea", words, name="text", rows=24, aria_label="Markdown of the canvas", class_="control"
    )
    save = tag("button", "Save", type="submit", class_="button primary")
    leave = tag("a", "Cancel", href=here, class_="button")
    action = f"{root}/canvas/{channel.id}"
    return tag("form", typed, tag("p", save, leave), method="post", action=action, class_="canvas")
