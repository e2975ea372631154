"""From a file of `python -m sandbox --config` to the workspaces, people, channels and apps that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.config import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.apps import App, Registration
    from sandbox.config import AppPart, ChannelPart, Config, WorkspacePart
    from sandbox.people import Person
    from sandbox.records import Guest
    from sandbox.world import World

JSON = dict[str, Any]
_GUESTS: dict[str, Guest] = {"multi-channel guest": "multi", "single-channel guest": "single"}


def set_up(slack: World, config: Config, manifests: list[JSON]) -> None:
    """`slack` is the first workspace, in which nothing has happened yet."""
    for place, part in enumerate(config.workspaces):
        if place:
            slack.add_workspace(part.name, part.address)
        else:
            slack.workspace.name, slack.workspace.domain = part.name, part.address
    known = [_register(slack, app, manifest) for app, manifest in zip(config.apps, manifests, strict=True)]
    for world, part in zip(slack.worlds, config.workspaces, strict=True):
        members: dict[str, str] = {}
        for app, registration in zip(config.apps, known, strict=True):
            if app.is_in(part):
                installed = world.install(registration, bot_token=app.bot_tokens.get(part.address))
                members |= dict.fromkeys(names_of(registration.manifest), installed.bot_user_id)
        people = _people(world, part)
        members |= {name: person.id for name, person in people.items()}
        for channel in part.channels:
            _open(world, channel, people, members)


def _register(slack: World, app: AppPart, manifest: JSON) -> Registration:
    registration = slack.register(manifest, **app.secrets())
    registration.request_url = app.request_url
    if urls := app.request_urls:
        registration.request_url = urls.events
        registration.request_urls = {"interactive": urls.interactivity, "slash_commands": urls.commands}
    return registration


def _people(world: World, part: WorkspacePart) -> dict[str, Person]:
    return {
        one.name.casefold(): world.person(
            one.name,
            tz=one.zone,
            locale=one.locale,
            admin=one.role == "admin",
            guest=_GUESTS.get(one.role),
        )
        for one in part.people
    }


def _open(world: World, part: ChannelPart, people: dict[str, Person], members: dict[str, str]) -> None:
    everybody = [person.id for person in people.values() if not person.account.guest]
    chosen = everybody if part.members is None else [members[name.casefold()] for name in part.members]
    channel = world.channel(part.name, private=part.private)
    channel.members |= dict.fromkeys(chosen)


def environment(slack: World) -> Iterator[str]:
    """What each app needs to know, as lines of a .env file with comments."""
    yield f"SLACK_API_URL={slack.api_url}"
    for registration in slack.shared.registrations.values():
        yield ""
        yield f"# {registration.name}"
        installed = [world for world in slack.worlds if registration.app_id in world.workspace.apps]
        for place, world in enumerate(installed):
            app: App = world.workspace.apps[registration.app_id]
            yield f"{'# ' if place else ''}SLACK_BOT_TOKEN={app.bot_token}  # in {world.workspace.name}"
        if registration.request_url is None:
            yield f"SLACK_APP_TOKEN={registration.app_token}"
        yield f"SLACK_SIGNING_SECRET={registration.signing_secret}"
        # Bolt for Python takes these two in the environment for a wish to install by OAuth, and then no bot token.
        aside = "# " if installed else ""
        yield f"{aside}SLACK_CLIENT_ID={registration.client_id}"
        yield f"{aside}SLACK_CLIENT_SECRET={registration.client_secret}"
