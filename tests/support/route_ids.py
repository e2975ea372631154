"""How a permission table names what people can do: "/rhythm setup", "click kickoff.yes", "form kpi.submit"."""

from handlers.requests import Routes, Subcommand


def subcommand_id(command: str, subcommand: Subcommand) -> str:
    """By its name; two without one, as `/checkin` has, by what follows the command."""
    return f"{command} {subcommand.name or subcommand.usage}".strip()


def route_ids(routes: Routes) -> list[str]:
    return [
        *(subcommand_id(name, one) for name, known in routes.commands.items() for one in known),
        *(f"click {name}" for name in routes.clicks),
        *(f"form {name}" for name in routes.submissions),
        *(f"shortcut {name}" for name in routes.shortcuts),
    ]
