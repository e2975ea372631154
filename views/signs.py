"""Signs of slipping in words, each with its figure; escaped markup."""

from collections.abc import Sequence

from domain.signs import Sign, SignKind, Slipping, Slips
from domain.words import MAX_NAME, counted, listed
from views.slack import blocks as b

_GLIMPSE = 80


def signs_line(signs: Sequence[Sign]) -> str:
    """As in "3 of 5 signs of slipping: “choose the venue” carried 3 weeks; due date moved twice; on track while ..."."""
    said = "; ".join(_words(sign) for sign in signs)
    return f"{len(signs)} of {len(SignKind)} signs of slipping: {said}"


def _words(sign: Sign) -> str:
    about = [b.one_line(one, _GLIMPSE) for one in sign.words]
    weeks = counted(sign.figure, "week") + (" or more" if sign.is_least else "")
    match sign.kind:
        case SignKind.CARRIED:
            return f"“{about[0]}” carried {weeks}"
        case SignKind.DROPPED:
            return f"{sign.figure} of the last {sign.of} “next” dropped"
        case SignKind.MOVED:
            times = {1: "once", 2: "twice"}.get(sign.figure, f"{sign.figure} times")
            return f"due date moved {times}"
        case SignKind.BLOCKED:
            return f"“{about[0]}” in the way for {weeks}"
    return f"on track while {listed(about)} {'is' if sign.figure == 1 else 'are'} behind"


def slips_line(slips: Slips) -> str:
    """What became of such initiatives in this team; "" while too few are known."""
    if not slips.is_told:
        return ""
    return f"In this team {slips.slipped} of {slips.known} such initiatives slipped."


def asked_lines(slipping: Slipping, initiative_id: int) -> list[str]:
    """For whoever is asked about it: what is to be seen, what puts it right, and who else sees it when."""
    signs = slipping.signs.get(initiative_id)
    if not signs:
        return []
    help_ = "What helps: at risk if it is, what is really next, or a new date."
    seen = (
        "Your leads see this, too."
        if initiative_id in slipping.for_leads
        else "Only you see this; if three still stand with your next check-in, your leads do, too."
    )
    return [
        f":warning: {signs_line(signs)}.",
        " ".join(filter(None, (help_, seen, slips_line(slipping.slips)))),
    ]


def leads_line(slipping: Slipping, initiative_id: int) -> str:
    """For its leads, "" before they may see it."""
    signs = slipping.signs.get(initiative_id)
    return f":warning: {signs_line(signs)}" if signs else ""


def leads_lines(slipping: Slipping, names: Sequence[tuple[int, str]]) -> list[str]:
    """One for each initiative that has them, by id and name; and what became of such before."""
    found = [
        f"*{b.one_line(name, MAX_NAME)}*: {signs_line(slipping.signs[id_])}"
        for id_, name in names
        if id_ in slipping.signs
    ]
    return [*found, slips] if found and (slips := slips_line(slipping.slips)) else found
