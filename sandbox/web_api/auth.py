"""auth.test, bots.info, team.info, api.test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.refusals import ApiError

if TYPE_CHECKING:
    from sandbox.web_api.call import Call

JSON = dict[str, Any]


def test(call: Call) -> JSON:
    workspace = call.slack.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[call.app.bot_user_id].name,
        "team_id": workspace.id,
        "user_id": call.app.bot_user_id,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


def bots_info(call: Call) -> JSON:
    wanted = call.text("bot", call.app.bot_id)
    found = next((app for app in call.slack.workspace.apps.values() if app.bot_id == wanted), None)
    if found is None:
        raise ApiError("bot_not_found")
    facts = {"id": found.bot_id, "name": found.name, "app_id": found.app_id, "user_id": found.bot_user_id}
    return {
        "bot": {**facts, "deleted": found.uninstalled, "updated": call.slack.workspace.now(), "icons": {}}
    }


def team_info(call: Call) -> JSON:
    workspace = call.slack.workspace
    if call.text("team", workspace.id) != workspace.id:
        raise ApiError("team_not_found")
    shape = {"id": workspace.id, "name": workspace.name, "domain": workspace.domain, "email_domain": ""}
    return {"team": {**shape, "icon": {"image_default": True}}}


def api_test(call: Call) -> JSON:
    if error := call.text("error"):
        raise ApiError(error, args=call.args)
    return {"args": call.args}
