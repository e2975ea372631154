"""The inspector: what went between Slack and its apps, blocks as JSON, how near to a limit, and faults to order."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox import limits
from sandbox.page.layout import document
from sandbox.page.markup import Html, join, tag
from sandbox.page.replies import page, posted, require_own
from sandbox.page.screens import NotVisibleError

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.calls import Called
    from sandbox.delivery.parcel import Delivered
    from sandbox.limits.problems import Near
    from sandbox.world import World

JSON = dict[str, Any]
Answer = Callable[[web.Request], Awaitable[web.Response]]
MOST_SHOWN = 150
_FAULTS = {
    "rate_limited": ("Rate limit the next call", 1, 2.0),
    "error_503": ("Slack is down for five calls", 5, 0.0),
    "drop_reply": ("Lose the next answer", 1, 0.0),
    "latency": ("Slow the next call by 2 s", 1, 2.0),
}
"""By kind: what the button says, how many calls, how many seconds."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that went one way or the other; `began` is real time, by which they are in order."""

    began: float
    at: datetime
    way: str
    what: str
    seconds: float
    error: str | None
    sent: Any
    came: Any = None


class Inspector:
    def __init__(self, slack: World) -> None:
        self._slack = slack

    def routes(self, guarded: Callable[[Answer], Answer]) -> list[web.RouteDef]:
        return [
            web.get("/inspect", self._traffic),
            web.post("/inspect/faults", self._fault),
            web.get("/inspect/{conversation}/{ts}", guarded(self._message)),
        ]

    async def _traffic(self, _: web.Request) -> web.Response:
        rows = [*map(_of_call, self._slack.calls), *map(_of_delivery, self._slack.outgoing.delivered)]
        newest = sorted(rows, key=lambda row: row.began, reverse=True)[:MOST_SHOWN]
        heads = ("Time (UTC)", "Way", "What", "Took", "Outcome", "JSON")
        table = tag(
            "table",
            tag("thead", tag("tr", join(tag("th", head, scope="col") for head in heads))),
            tag("tbody", join(map(_row, newest))),
        )
        body = [
            _faults(self._slack),
            tag("div", table, class_="table-frame", tabindex=0, role="region", aria_label="Traffic"),
        ]
        return page(_document("Inspector", *body, changes=self._slack.changes.count))

    async def _fault(self, request: web.Request) -> web.Response:
        require_own(request)
        kind = str((await posted(request)).get("kind", ""))
        if kind in _FAULTS:
            _, times, seconds = _FAULTS[kind]
            self._slack.faults.add("*", kind, times, seconds)  # type: ignore[arg-type] # one of its kinds
        else:
            self._slack.faults.clear()
        raise web.HTTPSeeOther("/inspect")

    async def _message(self, request: web.Request) -> web.Response:
        wanted = request.match_info["conversation"]
        spaces = [world.workspace.conversations for world in self._slack.worlds]
        where = next((space[wanted] for space in spaces if wanted in space), None)
        found = where.log.get(request.match_info["ts"]) if where else None
        if found is None:
            raise NotVisibleError
        blocks = json.dumps({"blocks": found.blocks}, indent=2, ensure_ascii=False)
        copy = tag(
            "button",
            "Copy for Block Kit Builder",
            type="button",
            class_="button primary",
            data_copies="blocks",
        )
        return page(
            _document(
                "Blocks of a message",
                _near(limits.near_in_message(found.blocks)),
                _alike(limits.heard_alike(found.blocks)),
                tag("p", copy),
                tag("pre", blocks, id="blocks", tabindex=0),
                tag("h2", "The whole message"),
                tag("pre", json.dumps(found.raw, indent=2, ensure_ascii=False), tabindex=0),
            )
        )


def _document(title: str, *body: Html | None, changes: int | None = None) -> str:
    head = tag("header", tag("h1", title), tag("a", "Back to the workspace", href="/"), class_="top")
    problem = tag("p", id="problem", role="alert", data_own=True)
    main = tag("main", *body, class_="scroll")
    return document(
        title, tag("body", tag("div", head, main, class_="inspector"), problem, data_changes=changes)
    )


def _of_call(call: Called) -> Row:
    return Row(call.began, call.at, "to Slack", call.method, call.seconds, call.error, call.args)


def _of_delivery(one: Delivered) -> Row:
    payload = one.parcel.payload
    event = payload.get("event", {}).get("type") or payload.get("command") or payload.get("type") or ""
    again = f", again ({one.parcel.reason})" if one.parcel.attempt else ""
    what = f"{one.parcel.kind}: {event}{again}"
    return Row(one.began, one.at, "to the app", what, one.seconds, one.ack.failure, payload, one.ack.body)


def _row(row: Row) -> Html:
    sizes = list(_sizes(row.sent))
    outcome = tag("span", row.error, class_="failed") if row.error else "ok"
    shown = tag("pre", json.dumps(row.sent, indent=2, ensure_ascii=False, default=str))
    came = tag("pre", json.dumps(row.came, indent=2, ensure_ascii=False)) if row.came else None
    return tag(
        "tr",
        tag("td", f"{row.at:%d %b %H:%M:%S}"),
        tag("td", row.way),
        tag("td", row.what, _near(sizes) if sizes else None),
        tag("td", f"{1000 * row.seconds:,.0f} ms", class_="right"),
        tag("td", outcome),
        tag("td", tag("details", tag("summary", "JSON"), shown, came)),
        id=f"t{row.began:.6f}".replace(".", "-"),
    )


def _sizes(sent: Any) -> Iterator[Near]:
    """What of a call is nearly as large as Slack lets it be."""
    for name, check in (("blocks", limits.near_in_message), ("view", limits.near_in_view)):
        given = sent.get(name) if isinstance(sent, dict) else None
        if isinstance(given, str):
            try:
                given = json.loads(given)
            except ValueError:
                continue
        if given and "event" not in sent:
            yield from check(given)


def _near(found: list[Near]) -> Html | None:
    if not found:
        return None
    items = join(tag("li", f"{one.at}: {one.size:,} of {one.most:,}") for one in found)
    return tag("div", tag("b", "Near a limit"), tag("ul", items), class_="callout warning", role="note")


def _alike(names: list[str]) -> Html | None:
    if not names:
        return None
    items = join(tag("li", name) for name in names)
    title = "Read out alike: give each of these buttons an accessibility_label of its own"
    return tag("div", tag("b", title), tag("ul", items), class_="callout warning", role="note")


def _faults(slack: World) -> Html:
    buttons = [
        tag("button", words, type="submit", name="kind", value=kind, class_="button")
        for kind, (words, _, _) in _FAULTS.items()
    ]
    clear = tag("button", "Clear", type="submit", name="kind", value="", class_="button")
    waiting = slack.faults.waiting
    ordered = ", ".join(f"{fault.kind} for {fault.times} of {fault.method}" for fault in waiting)
    words = tag("p", f"Waiting: {ordered}" if ordered else "No fault is waiting.", role="status")
    return tag(
        "form",
        tag("div", join([*buttons, clear]), class_="turns"),
        words,
        method="post",
        action="/inspect/faults",
        class_="faults",
    )
