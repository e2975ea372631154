"""Rhythm health: the score in a line, and how it comes about behind *How?*."""

from typing import Any

from domain.errors import NotFound
from domain.rhythm_health import WEIGHTS, Part, Score, Share, score
from domain.words import listed
from views.slack import blocks as b
from views.slack.references import read_number

HOW = "review.how"
_MOST = 1_000_000
FORMULA = (
    "Rhythm health = weighted average of the last 4 weeks: "
    + " + ".join(f"{WEIGHTS[part]} × {part.value}" for part in Part)
    + ". Parts without data are left out and the rest weighs more."
)


def health_score(reckoned: Score) -> str:
    if reckoned.total is None:
        return "Rhythm health: not enough data yet"
    return f"Rhythm health: {reckoned.total} of 100"


def health_parts(reckoned: Score) -> list[str]:
    """The formula with its numbers: each part, its weight, and what was left out."""
    lines = [
        f"{part.value}: {share.percent}% ({share.count} of {share.of}), weight {WEIGHTS[part]}"
        for part, share in reckoned.shares.items()
        if share.of
    ]
    if reckoned.left_out:
        left_out = listed([f"{part.value} ({WEIGHTS[part]})" for part in reckoned.left_out])
        lines.append(f"no data for {left_out}: left out, the other weights make up for it")
    return lines


def health_block(reckoned: Score) -> b.Block:
    """The score, with *How?* beside it where there is one."""
    how = how_button(reckoned) if reckoned.total is not None else None
    return b.section(b.bold(health_score(reckoned)), accessory=how)


def how_button(reckoned: Score) -> b.Element:
    """It carries the reckoning of the score beside it, whatever that is by now."""
    shares = (reckoned.shares[part] for part in Part)
    value = ":".join(f"{share.count}/{share.of}" for share in shares)
    return b.button("How?", HOW, value, about="Rhythm health")


def read_how(carried: str) -> Score:
    """Raises NotFound for what no button carries."""
    shares = [_share(one) for one in carried.split(":")]
    if len(shares) != len(Part):
        raise NotFound
    return score(dict(zip(Part, shares, strict=True)))


def _share(carried: str) -> Share:
    count, _, of = carried.partition("/")
    share = Share(read_number(count, _MOST), read_number(of, _MOST))
    if share.count > share.of:
        raise NotFound
    return share


def how_modal(reckoned: Score) -> dict[str, Any]:
    lines = [f"• {line}" for line in health_parts(reckoned)]
    blocks = [b.section(b.bold(health_score(reckoned))), *b.sections(lines), b.context(FORMULA)]
    return b.modal("Rhythm health", blocks, callback_id=f"{HOW}.shown", close="Close")
