"""The first page: whose eyes to look through, in which workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.page.layout import document
from sandbox.page.markup import Html, join, tag
from sandbox.page.messages import avatar
from sandbox.page.screens import people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.workspace import Workspace


def entrance(workspaces: Sequence[Workspace]) -> str:
    """Everyone there is, with an address and a line about them."""
    first, *others = workspaces
    ask = "A Slack of your own, on this machine. Whose eyes do you want to see it with?"
    shown = [tag("h1", first.name), _about(first), tag("p", ask), _cards(first)]
    for one in others:
        shown += [tag("h2", one.name), _about(one), _cards(one)]
    return document(first.name, tag("body", tag("main", *shown, class_="entrance")))


def _about(workspace: Workspace) -> Html | None:
    return tag("p", workspace.about) if workspace.about else None


def _cards(workspace: Workspace) -> Html:
    cards = (
        tag(
            "a",
            avatar(face),
            tag("span", tag("b", face.name), tag("small", about)),
            href=address,
            class_="card",
        )
        for face, address, about in people(workspace)
    )
    return tag("div", join(cards), class_="cards")
