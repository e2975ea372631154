"""What parts of the file say against each other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sandbox.config.manifests import names_of
from sandbox.config.mistakes import begun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.config.parts import Config


def crossed(config: Config) -> Iterator[str]:
    """What parts of the file say against each other."""
    domains = [one.address for one in config.workspaces]
    yield from _twice(domains, "workspaces[{}].domain", "is another workspace's, too")
    for at, space in enumerate(config.workspaces):
        where = f"workspaces[{at}]"
        yield from _twice([one.name.casefold() for one in space.people], f"{where}.people[{{}}].name")
        yield from _twice([one.name for one in space.channels], f"{where}.channels[{{}}].name")
    yield from _among_apps(config, domains)


def _among_apps(config: Config, domains: list[str]) -> Iterator[str]:
    for at, app in enumerate(config.apps):
        if app.request_url and app.request_urls:
            yield f"apps[{at}]: say either request_url or request_urls."
        for name in (*(app.workspaces or ()), *app.bot_tokens):
            if name not in domains:
                known = ", ".join(dict.fromkeys(domains))
                yield f"apps[{at}]: {name!r} is the domain of no workspace here; there are {known}."
    tokens = [token for app in config.apps for token in app.bot_tokens.values()]
    for token, times in Counter(tokens).items():
        if times > 1:
            yield f"apps: the token {begun(token)} is given {times} times."
    for secret in ("app_token", "client_id"):
        values = [str(getattr(one, secret) or f"\0{at}") for at, one in enumerate(config.apps)]
        for at in range(len(values)):
            if values[at] in values[:at]:
                yield f"apps[{at}].{secret}: {begun(values[at])} is another app's, too."


def _twice(names: list[str], path: str, why: str = "is there twice") -> Iterator[str]:
    for at, name in enumerate(names):
        if name in names[:at]:
            yield f"{path.format(at)}: {name!r} {why}."


def strangers(config: Config, manifests: list[dict[str, Any]]) -> Iterator[str]:
    """Members of channels that are nobody there."""
    for at, space in enumerate(config.workspaces):
        known = {one.name.casefold() for one in space.people}
        for app, manifest in zip(config.apps, manifests, strict=True):
            known |= names_of(manifest) if app.is_in(space) else set()
        for number, channel in enumerate(space.channels):
            for name in channel.members or ():
                if name.casefold() not in known:
                    where = f"workspaces[{at}].channels[{number}].members"
                    yield f"{where}: {name!r} is the name of nobody in {space.name}, and of no app there."
