"""The window in which a lead makes and revokes the tokens of outside systems."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.forgetting import SOMEONE
from domain.kpis import Kpi
from domain.people import Person
from domain.strategies import Strategy
from domain.words import MAX_NAME
from views.slack import blocks as b

VIEW = "kpi.tokens"
MAKE = "kpi.token.make"
REVOKE = "kpi.token.revoke"


class TokenLine(BaseModel):
    """A token that works, as it is listed."""

    model_config = ConfigDict(frozen=True)
    id: int
    hint: str
    created_by: str
    created_at: datetime
    last_used_at: datetime | None


def tokens_modal(
    strategy: Strategy,
    kpis: Sequence[Kpi],
    tokens: Sequence[TokenLine],
    people: Mapping[str, Person],
    *,
    made: str,
) -> dict[str, Any]:
    """`made` is a token just made: this is the only place where it is ever shown."""
    name = b.one_line(strategy.name, MAX_NAME)
    ids = [f"• {b.one_line(kpi.name, MAX_NAME)}: `/api/v1/kpis/{kpi.id}/readings`" for kpi in kpis]
    blocks = [
        b.section(
            f"With a token, another system reports readings of *{name}* over HTTP, and nothing else. "
            "`docs/openapi.yaml` describes the call."
        ),
        *_made(made),
        b.section("\n".join(["*Addresses*", *(ids or ["No KPI yet. Add one with `/kpi add`."])])),
        b.section("*Tokens that work*" if tokens else "*Tokens that work*\nMake the first one below."),
        *(_token(token, people) for token in tokens),
        b.actions([b.button("Make a token", MAKE, str(strategy.id))]),
    ]
    return b.modal(
        "Readings over HTTP", blocks, callback_id=VIEW, close="Close", private_metadata=str(strategy.id)
    )


def _made(token: str) -> list[b.Block]:
    if not token:
        return []
    words = "Copy it now: I keep only its fingerprint and cannot show it again."
    return [b.section(f":key: *The new token*\n```{token}```\n{words}")]


def _token(token: TokenLine, people: Mapping[str, Person]) -> b.Block:
    maker = people.get(token.created_by)
    used = f"last used {b.slack_time(token.last_used_at)}" if token.last_used_at else "never used"
    by = b.one_line(maker.name, MAX_NAME) if maker else SOMEONE
    words = f"…{b.escape(token.hint)} · made by {by}, {b.slack_time(token.created_at)} · {used}"
    return b.section(
        words, accessory=b.button("Revoke", REVOKE, str(token.id), style="danger", about=f"…{token.hint}")
    )
