"""Where a person writes: messages, commands with what can be typed, a file, shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.page.markup import Html, join, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sandbox.records import User
    from sandbox.workspace import Conversation, Workspace


def composer(
    workspace: Workspace, user: User, where: Conversation, root: str, thread: str | None = None
) -> Html:
    """`root` begins the person's addresses; `thread` is the ts that is answered."""
    if why := _why_not(workspace, user, where):
        return tag("p", why, class_="closed")
    words = "Reply…" if thread else f"Message {_title(workspace, user, where)}"
    listed = "suggestions-thread" if thread else "suggestions"
    typed = tag(
        "textarea",
        name="text",
        rows=1,
        placeholder=words,
        aria_label=words,
        aria_autocomplete="list",
        aria_controls=listed,
        dir="auto",
        data_compose=True,
    )
    suggested = tag(
        "ul",
        join(_suggestions(workspace, listed)),
        id=listed,
        role="listbox",
        hidden=True,
        aria_label="Suggestions",
    )
    file = tag("input", type="file", name="file", aria_label="Attach a file", class_="attach")
    send = tag("button", "Send", type="submit", class_="button primary")
    about = f"?thread={thread}" if thread else ""
    return tag(
        "form",
        suggested,
        typed,
        tag("div", file, None if thread else _shortcuts(workspace, root), send, class_="tools"),
        class_="composer",
        method="post",
        enctype="multipart/form-data",
        action=f"{root}/say/{where.id}{about}",
    )


def _why_not(workspace: Workspace, user: User, where: Conversation) -> str | None:
    if user.deactivated:
        return "This account is deactivated."
    if where.archived:
        return "This channel is archived."
    for app in workspace.apps.values():
        if where.is_im and app.bot_user_id in where.members and not app.registration.takes_messages:
            return "Sending messages to this app has been turned off."
    return None


def _title(workspace: Workspace, user: User, where: Conversation) -> str:
    return workspace.users[where.other_than(user.id)].real_name if where.is_im else f"#{where.name}"


def _suggestions(workspace: Workspace, listed: str) -> Iterator[Html]:
    """Commands, people and channels, each with what is put in."""
    for number, (put, hint, about) in enumerate(_offered(workspace)):
        yield tag(
            "li",
            tag("b", put),
            tag("code", hint) if hint else None,
            tag("small", about) if about else None,
            role="option",
            id=f"{listed}-{number}",
            aria_selected="false",
            hidden=True,
            data_put=f"{put} ",
        )


def _offered(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    for app in workspace.apps.values():
        for name, command in app.registration.commands.items():
            hint = str(command.get("usage_hint", ""))
            yield name, hint, str(command.get("description", ""))
            yield from ((f"{name} {word}", "", "") for word in _words_of(hint))
    yield from (
        (f"@{one.name}", "", one.real_name) for one in workspace.users.values() if one.id != "USLACKBOT"
    )
    yield from ((f"#{one.name}", "", "") for one in workspace.conversations.values() if not one.is_private)


def _words_of(hint: str) -> Iterator[str]:
    """The subcommands that a usage hint lists between bars."""
    for part in hint.split("|"):
        word = part.strip().partition(" ")[0]
        if word.isalpha():
            yield word


def _shortcuts(workspace: Workspace, root: str) -> Html | None:
    names = [
        name
        for app in workspace.apps.values()
        for name, one in app.registration.shortcuts.items()
        if one["type"] == "global"
    ]
    if not names:
        return None
    items = shortcut_items(names, f"{root}/shortcut")
    summary = tag("summary", "⚡", class_="button more", aria_label="Shortcuts", title="Shortcuts")
    return tag("details", summary, tag("ul", items), class_="menu up")


def shortcut_items(names: Iterable[str], to: str) -> Html:
    """Buttons that run a shortcut, for a menu."""
    return join(
        tag("li", tag("button", name, type="submit", name="shortcut", value=name, formaction=to))
        for name in names
    )
