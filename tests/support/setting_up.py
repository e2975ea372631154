"""Setting up a strategy as a lead does: what the short form does not show is opened first where it is to be filled in."""

from collections.abc import Mapping
from typing import Any

from sandbox import Conversation, Person

_NO_HOLIDAYS = {"Country": "Nowhere: public holidays do not count"}
_TIMES = ("Check-in prompt", "First reminder", "Second reminder", "Digest", "Monthly review")


async def fill_setup(person: Person, fields: Mapping[str, Any]) -> None:
    """Public holidays do not count unless they are asked for: nobody's weeks shall depend on a calendar."""
    if any(field.startswith(_TIMES) for field in fields):
        await person.click("Change…")
    await person.click("More…")
    await person.fill({**_NO_HOLIDAYS, **fields})


async def set_up(person: Person, channel: Conversation, fields: Mapping[str, Any]) -> None:
    await person.command("/rhythm", "setup", channel=channel)
    await fill_setup(person, fields)
    await submit_setup(person)


async def submit_setup(person: Person) -> None:
    """The form for the plan follows in the same window, and is left for later."""
    form = await person.submit()
    assert form is not None
    assert (form.title, form.errors) == ("Your plan", {})
    await person.close()
