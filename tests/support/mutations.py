"""Payloads with something wrong: a value of another kind, a missing one, words where ids stand, broken bytes."""

import copy
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, settings

CANARY = "Kanarienvogel"
"""What nobody but its writer may read: in no log, and in no reply that tells of a fault."""
DELETED = object()
DEEP: Any = {CANARY: CANARY}
for _ in range(40):
    DEEP = {"a": [DEEP]}
VALUES: tuple[Any, ...] = (
    DELETED,
    None,
    True,
    0,
    -1,
    1.5,
    float("nan"),
    1 << 63,
    10**400,
    "",
    " ",
    "\0",
    f"{CANARY} \0 \ud800 \udfff",
    CANARY,
    f"{CANARY} " * 3000,
    f"<!channel> <@U1|{CANARY}> & <https://example.org|{CANARY}>",
    f"\u202e{CANARY}\u2066",
    f"'; DROP TABLE notes; -- {CANARY}",
    "1",
    "1:2",
    "99999999999999999999",
    "U0000A0007",
    "T0ELSEWHERE",
    "2026-12-01",
    "9999-12-31",
    f'{{"channel_id": "C1", "strategy_id": 1, "text": "{CANARY}"}}',
    [],
    {},
    [CANARY],
    {"value": CANARY},
    {"id": CANARY, "type": CANARY},
    [[[[None]]]],
    DEEP,
)
BYTES = (
    b"",
    b"\0",
    b"\xff",
    b"{",
    b"[" * 2000,
    b'"',
    b"\\u0000",
    b"\\ud800",
    b"9" * 5000,
    b"%00",
    b"%",
    b"&payload=",
)


@dataclass(frozen=True)
class Mutation:
    """`where` picks a place among all there are, `what` one of VALUES."""

    where: int
    what: int


def mutated(payload: Any, mutations: list[Mutation]) -> Any:
    """A copy with these mutations, one after the other."""
    changed = copy.deepcopy(payload)
    for mutation in mutations:
        places = _places(changed)
        if not places:
            break
        container, key = places[mutation.where % len(places)]
        value = VALUES[mutation.what % len(VALUES)]
        if value is DELETED:
            del container[key]
        else:
            container[key] = copy.deepcopy(value)
    return changed


def torn(raw: bytes, where: int, what: int) -> bytes:
    """The bytes with something strange in them, which ends them every other time."""
    at = where % (len(raw) + 1)
    rest = raw[at + 1 :] if where % 2 else b""
    return raw[:at] + BYTES[what % len(BYTES)] + rest


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting and len(found) < 5_000:
        one = waiting.pop()
        if not isinstance(one, (dict, list)):
            continue
        keys = list(one) if isinstance(one, dict) else range(len(one))
        found += [(one, key) for key in keys]
        waiting += [one[key] for key in keys]
    return found


def so_many(examples: int) -> settings:
    """Drawn, and neither kept nor made smaller: each is told whole where one goes wrong."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
