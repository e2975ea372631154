"""Views: forms (modals) as a centred card, and the Home tab."""

from collections.abc import Mapping
from typing import Any

from sandbox.page.blocks import blocks
from sandbox.page.frame import Frame
from sandbox.page.markup import Attribute, Html, tag
from sandbox.page.text import plain_words

View = Mapping[str, Any]


def form(view: View, frame: Frame, problem: str | None = None, beneath: int = 0) -> Html:
    """A modal: title, blocks, two buttons at its foot (without submit only Close).

    `problem` is what Slack says of the form as a whole, such as that the app did not answer; `beneath` says how many
    forms lie under it.
    """
    title = plain_words(view["title"])
    submit = plain_words(view.get("submit"))
    under = tag("small", f"over {beneath} more", class_="beneath") if beneath else None
    leave = tag("button", "✕", class_="dismiss", aria_label="Close", **_goes(frame, "dismiss"))
    header = tag("header", tag("h2", title, dir="auto"), under, leave)
    warning = tag("div", problem, class_="callout error", role="alert") if problem else None
    close = plain_words(view.get("close")) or "Close"
    footer = tag(
        "footer",
        tag("button", close, class_="button", data_form="close", **_goes(frame, "close")),
        tag("button", submit, class_="button primary", data_form="submit", **_goes(frame, "submit"))
        if submit
        else None,
    )
    # What Enter presses in a field: the first button of a form.
    first = tag("button", class_="first", tabindex=-1, aria_hidden="true", **_goes(frame, "submit"))
    return tag(
        "form" if frame.acts else "section",
        first if submit and frame.acts else None,
        header,
        tag("div", warning, blocks(view["blocks"], frame), class_="form-body"),
        footer,
        class_="form",
        role="dialog",
        aria_modal="true",
        aria_label=title,
        data_view_id=view.get("id"),
        data_callback_id=view.get("callback_id"),
        **posting(frame.acts),
    )


def posting(to: str) -> dict[str, Attribute]:
    """The attributes of a form that can hold files; fields are checked as Slack checks them, not by the browser."""
    return (
        {"method": "post", "enctype": "multipart/form-data", "action": to, "novalidate": True} if to else {}
    )


def _goes(frame: Frame, verb: str) -> dict[str, Attribute]:
    if not frame.acts:
        return {"type": "button"}
    return {"type": "submit", "formaction": f"{frame.acts}/{verb}"}


def home(view: View | None, frame: Frame) -> Html:
    """The Home tab, or what Slack shows until the app has published one."""
    if view is None:
        return tag("div", "This app has not published its Home tab yet.", class_="empty")
    kind = "form" if frame.acts else "div"
    return tag(
        kind, blocks(view["blocks"], frame), class_="home", data_view_id=view.get("id"), **posting(frame.acts)
    )
