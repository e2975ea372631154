"""Commands that may mean several things answer with buttons; a button runs the command again, meaning that one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import wraps

from domain.errors import NotFound
from handlers.requests import Click, Command, Deps, Handler, Reply, Routes, Subcommand
from services.access import Choose
from services.references import require_channel
from views.slack.choices import ACTIONS, Again, choice_message


def offer_choices(routes: Routes) -> Routes:
    """The same routes, with every command's questions as buttons and with what answers those."""
    commands = {
        name: tuple(replace(one, run=_asking(name, one)) for one in subcommands)
        for name, subcommands in routes.commands.items()
    }

    async def run_again(deps: Deps, click: Click) -> Reply | None:
        again = Again.read(click.value)
        run = _find(commands.get(again.command, ()), again.subcommand)
        await deps.transact(require_channel, click, again.channel_id)
        return await run(deps, Command(click.actor, again.channel_id, again.text, click.trigger_id))

    return replace(routes, commands=commands, clicks={**routes.clicks, **dict.fromkeys(ACTIONS, run_again)})


def _find(subcommands: Sequence[Subcommand], name: str) -> Handler:
    """Raises NotFound for one that no button runs."""
    for one in subcommands:
        if one.name == name and one.by_button:
            return one.run
    raise NotFound


def _asking(command: str, subcommand: Subcommand) -> Handler:
    @wraps(subcommand.run)
    async def run(deps: Deps, request: Command) -> Reply | None:
        try:
            return await subcommand.run(deps, request)
        except Choose as question:
            choices = [
                (
                    choice.label,
                    Again(
                        command=command,
                        subcommand=subcommand.name,
                        text=request.text if choice.text is None else choice.text,
                        channel_id=choice.channel_id,
                    ),
                )
                for choice in question.choices
            ]
            return Reply(message=choice_message(str(question), choices))

    return run
