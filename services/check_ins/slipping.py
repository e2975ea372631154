"""Signs of slipping: found when an owner is asked, kept as they were then, shown to leads once they have stood a week."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.check_ins import CheckInState
from domain.periods import Week
from domain.schedules import local_day
from domain.signs import LEAST_SIGNS, Showing, Sign, Slipping, last_asked, signs_of, slips_of
from domain.strategies import Strategy
from services.check_ins.answering import Answering
from storage import signs
from views.check_ins.prompts import Prompt


def find_slipping(session: Session, shown: Sequence[Answering], now: datetime) -> dict[int, Slipping]:
    """What check-ins of one strategy show their owners, by check-in: what is being asked now, or was shown when it was.

    Nothing is read where no initiative has three signs.
    """
    found = {ctx.check_in.id: signs_ for ctx in shown if (signs_ := _signs(ctx, now))}
    if not found:
        return {}
    strategy = shown[0].strategy
    courses = signs.list_courses(session, strategy.workspace_id, strategy.channel_id)
    slips = slips_of(courses, strategy.zone, local_day(now, strategy.zone))
    kept = {(one.showing.initiative_id, one.showing.period): one.showing for one in courses}
    slipping = {}
    for ctx in (ctx for ctx in shown if ctx.check_in.id in found):
        for_leads = {id_: _is_for_leads(ctx, id_, kept) for id_ in found[ctx.check_in.id]}
        told = {id_: found[ctx.check_in.id][id_] for id_, one in for_leads.items() if one is not None}
        slipping[ctx.check_in.id] = Slipping(told, frozenset(filter(for_leads.get, told)), slips)
    return slipping


def keep_shown(session: Session, strategy: Strategy, prompts: Iterable[Prompt], now: datetime) -> None:
    """What owners are shown with the prompts that go out now."""
    showings = [
        Showing(
            line.initiative.id,
            prompt.check_in.period,
            {sign.kind: sign.figure for sign in prompt.slipping.signs[line.initiative.id]},
            line.initiative.due,
            line.initiative.id in prompt.slipping.for_leads,
            now,
        )
        for prompt in prompts
        for line in prompt.lines
        if line.initiative.id in prompt.slipping.signs
    ]
    signs.add_showings(session, strategy.workspace_id, strategy.id, showings)


def _signs(ctx: Answering, now: datetime) -> dict[int, tuple[Sign, ...]]:
    """Those of each initiative that has three or more; nobody is shown any while they are away."""
    check_in = ctx.check_in
    if check_in.state is not CheckInState.ASKED:
        return {}
    today = local_day(max(now, check_in.due_at), ctx.owner.zone)
    said = (*ctx.earlier, check_in)
    found = {one.id: signs_of(one, said, check_in.period, today) for one in ctx.initiatives}
    return {id_: signs_ for id_, signs_ in found.items() if len(signs_) >= LEAST_SIGNS}


def _is_for_leads(
    ctx: Answering, initiative_id: int, kept: Mapping[tuple[int, Week], Showing]
) -> bool | None:
    """Of what is asked just now: whether it had them when its owner was asked before; else as it was kept, None for not."""
    if (showing := kept.get((initiative_id, ctx.check_in.period))) is not None:
        return showing.is_for_leads
    if ctx.check_in.message_id is not None:
        return None
    before = last_asked(ctx.earlier, initiative_id)
    return before is not None and (initiative_id, before) in kept
