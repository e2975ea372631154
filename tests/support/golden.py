"""Payloads compared with files kept beside the tests; `UPDATE_GOLDEN=1 pytest tests/views` writes them anew."""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "views" / "golden"


def assert_golden(name: str, payload: Any) -> None:
    """Raise AssertionError where the payload differs from `golden/NAME.json`, or that file is missing."""
    path = FOLDER / f"{name}.json"
    drawn = json.dumps(payload, ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(drawn, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing: look at the payload, then run with UPDATE_GOLDEN=1"
    assert drawn == path.read_text(encoding="utf-8"), f"{path.name} differs; UPDATE_GOLDEN=1 writes it anew"
