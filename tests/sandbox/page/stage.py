"""The gallery's team in a local Slack of its own, with all its messages said and a form open on Maya's screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox import App, Conversation, LocalSlack, Person
from sandbox.records import View
from tests.sandbox.page import gallery
from tests.sandbox.page.gallery import JSON

MANIFEST: JSON = {
    "display_information": {"name": "Tempo"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Tempo"},
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:history"]}},
}
_ZONES = {
    "U2": "America/Los_Angeles",
    "U3": "Pacific/Auckland",
    "U4": "Asia/Kolkata",
    "U5": "Europe/Stockholm",
}


@dataclass(frozen=True)
class Stage:
    slack: LocalSlack
    app: App
    maya: Person
    ben: Person
    marketing: Conversation

    def opens_form(self) -> None:
        view = View(self.app, self.maya.id, dict(gallery.FORM), gallery.VALUES, gallery.ERRORS)
        self.slack.workspace.stacks[self.maya.id] = [view]

    def publishes_home(self) -> None:
        view = View(self.app, self.maya.id, {"id": "V9", "blocks": gallery.PROMPT["blocks"]})
        self.slack.workspace.homes[self.maya.id, self.app.app_id] = view


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    async with LocalSlack(now=gallery.NOW) as slack:
        app = slack.install(MANIFEST)
        people = {key: _person(slack, key) for key, face in gallery.PEOPLE.items() if not face.app}
        ids = {key: person.id for key, person in people.items()} | {"UB": app.bot_user_id}
        marketing = slack.channel("marketing", members=people.values())
        slack.channel("leads", members=[people["U1"]], private=True)
        for one in gallery.CHANNEL:
            raw = {**one, "user": ids[one["user"]], "text": _named(one["text"], ids)}
            if one.get("is_ephemeral"):
                slack.show_ephemeral(raw, marketing, people["U1"].id)
            else:
                marketing.add(raw)
        marketing.add(
            gallery.said(ids["U2"], "2026-12-09T11:05:00", "Late: Friday", thread_ts=gallery.DIGEST["ts"])
        )
        people["U1"].dm.add({**gallery.PROMPT, "user": app.bot_user_id})
        yield Stage(slack, app, people["U1"], people["U2"], marketing)


def _person(slack: LocalSlack, key: str) -> Person:
    locale = "en-US" if key == "U2" else "en-GB"
    return slack.person(gallery.PEOPLE[key].name, tz=_ZONES.get(key, "Europe/London"), locale=locale)


def _named(text: str, ids: dict[str, str]) -> str:
    for key, user in ids.items():
        text = text.replace(f"<@{key}>", f"<@{user}>")
    return text
