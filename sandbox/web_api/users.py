"""users.info and users.list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import payloads
from sandbox.web_api import targets

if TYPE_CHECKING:
    from sandbox.web_api.call import Call

JSON = dict[str, Any]


def info(call: Call) -> JSON:
    person = targets.user(call, call.required("user"))
    return {"user": payloads.user(person, call.slack.workspace, locale=call.flag("include_locale"))}


def list_(call: Call) -> JSON:
    workspace = call.slack.workspace
    page, more = call.page(list(workspace.users.values()), 1000, 1000)
    members = [payloads.user(person, workspace, locale=call.flag("include_locale")) for person in page]
    return {"members": members, "cache_ts": workspace.now(), "response_metadata": more}
