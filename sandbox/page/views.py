"""Views: forms (modals) as a centred card, and the Home tab."""

from collections.abc import Mapping
from typing import Any

from sandbox.page.blocks import blocks
from sandbox.page.frame import Frame
from sandbox.page.markup import Html, tag
from sandbox.page.text import plain_words

View = Mapping[str, Any]


def form(view: View, frame: Frame, problem: str | None = None) -> Html:
    """A modal: title, blocks, two buttons at its foot (without submit only Close).

    `problem` is what Slack says of the form as a whole, such as that the app did not answer.
    """
    title = plain_words(view["title"])
    header = tag(
        "header",
        tag("h2", title, dir="auto"),
        tag("button", "✕", type="button", class_="dismiss", aria_label="Close"),
    )
    warning = tag("div", problem, class_="callout error", role="alert") if problem else None
    submit = view.get("submit")
    footer = tag(
        "footer",
        tag(
            "button",
            plain_words(view.get("close")) or "Close",
            type="button",
            class_="button",
            data_form="close",
        ),
        tag("button", plain_words(submit), type="button", class_="button primary", data_form="submit")
        if submit
        else None,
    )
    return tag(
        "section",
        header,
        tag("div", warning, blocks(view["blocks"], frame), class_="form-body"),
        footer,
        class_="form",
        role="dialog",
        aria_label=title,
        data_view_id=view.get("id"),
        data_callback_id=view.get("callback_id"),
    )


def home(view: View | None, frame: Frame) -> Html:
    """The Home tab, or what Slack shows until the app has published one."""
    if view is None:
        return tag("div", "This app has not published its Home tab yet.", class_="empty")
    return tag("div", blocks(view["blocks"], frame), class_="home", data_view_id=view.get("id"))
