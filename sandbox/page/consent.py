"""Where a person installs an app: what it asks for, in which workspace, Allow and Cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from sandbox import oauth
from sandbox.page.layout import document, problem_page
from sandbox.page.markup import Html, join, tag
from sandbox.page.replies import page, posted, require_own
from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from sandbox.oauth import Request
    from sandbox.records import User
    from sandbox.world import World

ADDRESS = "/oauth/v2/authorize"
_WORDS = {
    "invalid_client_id": "No app has that client_id.",
    "bad_redirect_uri": "The redirect_uri is none of the redirect URLs of the app's manifest, nor below one.",
    "no_scopes": "The app asks for no scope.",
    "user_scope_not_there": "The app asks for a user's token; this local Slack has bot tokens only.",
}


class Consent:
    def __init__(self, slack: World) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return [web.get(ADDRESS, self._ask), web.post(ADDRESS, self._answer)]

    async def _ask(self, request: web.Request) -> web.Response:
        try:
            asked = oauth.read_request(self._slack.shared, request.query)
        except ApiError as refused:
            return _refused(refused)
        back = urlsplit(asked.back)
        origin = f"{back.scheme}://{back.netloc}"
        return page(_asking(asked, self._slack.worlds, request.path_qs), forms_to=origin)

    async def _answer(self, request: web.Request) -> web.Response:
        require_own(request)
        given = await posted(request)
        try:
            asked = oauth.read_request(self._slack.shared, request.query)
        except ApiError as refused:
            return _refused(refused)
        if given.get("answer") != "allow":
            raise web.HTTPFound(oauth.cancel(asked))
        world, user = self._who(str(given.get("person", "")))
        declined = set(asked.optional) - {str(one) for one in given.getall("optional", [])}
        try:
            raise web.HTTPFound(oauth.allow(world, user, asked, declined))
        except PermissionError as problem:
            return page(problem_page(str(problem), request.path_qs), status=403)

    def _who(self, user_id: str) -> tuple[World, User]:
        for world in self._slack.worlds:
            user = world.workspace.users.get(user_id)
            if user is not None and oauth.may_install(world, user):
                return world, user
        raise web.HTTPBadRequest(text="Say who installs it: the id of a member, as `person`.")


def _refused(refused: ApiError) -> web.Response:
    return page(problem_page(f"{refused.code}: {_WORDS[refused.code]}", "/"), status=400)


def _asking(asked: Request, worlds: list[World], here: str) -> str:
    name = asked.registration.name
    title = f"{name} asks to be let in"
    body = tag(
        "main",
        tag("h1", title),
        tag("p", "It would be allowed to:"),
        tag("ul", join(_scope(one, is_optional=one in asked.optional) for one in asked.scopes)),
        tag("label", tag("b", "Install it as"), _people(asked, worlds), class_="who"),
        tag("p", _button("Allow", "allow", "button primary"), " ", _button("Cancel", "cancel", "button")),
        class_="entrance",
    )
    form = tag("form", body, method="post", action=here, data_leaves=True)
    return document(title, tag("body", form))


def _scope(name: str, *, is_optional: bool) -> Html:
    if not is_optional:
        return tag("li", tag("code", name))
    box = tag("input", type="checkbox", name="optional", value=name, checked=True)
    return tag("li", tag("label", box, " ", tag("code", name), " (if you like)"))


def _people(asked: Request, worlds: list[World]) -> Html:
    shown = [world for world in worlds if asked.team_id in ("", world.workspace.id)] or worlds
    groups = (tag("optgroup", join(_options(world)), label=world.workspace.name) for world in shown)
    return tag("select", join(groups), name="person")


def _options(world: World) -> list[Html]:
    able = (user for user in world.workspace.users.values() if oauth.may_install(world, user))
    return [tag("option", user.real_name, value=user.id) for user in able]


def _button(words: str, answer: str, look: str) -> Html:
    return tag("button", words, type="submit", name="answer", value=answer, class_=look)
