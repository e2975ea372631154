"""Measures every claim: `python -m bench [NAME ...]`. Exits 1 when one falls short.

A claim is a module here with `async def measure() -> list[Claim]`.
"""

import asyncio
import importlib
import pkgutil
import sys

import bench


def main(wanted: list[str]) -> int:
    held = True
    for found in pkgutil.iter_modules(bench.__path__):
        if found.name == "__main__" or (wanted and found.name not in wanted):
            continue
        measure = getattr(importlib.import_module(f"bench.{found.name}"), "measure", None)
        for claim in asyncio.run(measure()) if measure else []:
            print(claim, flush=True)
            held = held and claim.is_held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
