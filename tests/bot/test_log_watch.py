"""The watch over the log of the whole suite finds what is planted in it, and fails the run."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from tests.support.log_watch import WATCH, LogWatch, texts_typed, together

ROOT = Path(__file__).parents[2]
TYPED = "The printer in Leith is broken, call 0131 555 0100"


def watch(**told: Any) -> list[str]:
    found = LogWatch()
    found.typed.update(together(TYPED))
    found.secrets.add("0123456789abcdef")
    found.lines.append({"level": "info", "event": "asked", **told})
    return found.leaks()


@pytest.mark.parametrize(
    "value",
    [
        "Somebody said: the PRINTER in Leith!",
        {"why": ["x", "call 0131 now"]},
        "xoxb-1234-abcd",
        "xoxe.xoxp-1-Mi0",
        "xapp-1-A1-2-b",
        "drumbeat_0123456789abcdefghijABCDEFGHIJ-_01234567",
        "Authorization: Bearer abcdefgh",
        "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE=",
        "0123456789abcdef",
    ],
    ids=str,
)
def test_words_somebody_typed_and_tokens_are_found_wherever_they_stand(value: object) -> None:
    assert len(watch(problem=value)) == 1
    assert watch(problem=value)[0].endswith("stands in the log line 'asked'")


@pytest.mark.parametrize(
    "value", ["printer", "T0123456789", 131555, "2026-11-23T09:00:00Z", None, "ZeroDivisionError"]
)
def test_ids_kinds_times_and_a_single_word_are_no_leak(value: object) -> None:
    assert watch(problem=value) == []


PAYLOADS = {
    "a command": ({"command": "/kpi", "text": TYPED}, [TYPED]),
    "a message": ({"event": {"type": "message", "text": TYPED}}, [TYPED]),
    "an edited one": ({"event": {"type": "message", "message": {"text": TYPED}}}, [TYPED]),
    "the app's own": ({"event": {"type": "message", "bot_id": "B1", "text": TYPED}}, []),
    "a form": ({"view": {"state": {"values": {"why": {"value": {"value": TYPED}}}}}}, [TYPED]),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_people_typed_is_read_from_what_slack_sends(name: str) -> None:
    payload, typed = PAYLOADS[name]
    assert list(texts_typed(payload)) == typed


def test_a_line_is_kept_whoever_else_looks_at_it() -> None:
    log = structlog.get_logger()
    log.info("kept", number=1)
    with capture_logs() as captured:
        log.bind(strategy=7).warning("kept", number=2)
    assert captured == [{"event": "kept", "log_level": "warning", "number": 2, "strategy": 7}]
    assert WATCH.lines[-2:] == [
        {"level": "info", "event": "kept", "number": 1},
        {"level": "warning", "event": "kept", "number": 2, "strategy": 7},
    ]


PLANTED = f"""
import structlog
from tests.support.log_watch import WATCH, together

def test_planted():
    WATCH.typed.update(together({TYPED!r}))
    structlog.get_logger().info("asked", why="is broken")
"""


@pytest.mark.parametrize("workers", ["", "-n1"], ids=["alone", "in a worker"])
async def test_a_run_in_which_every_test_passes_fails_when_the_log_holds_words(
    tmp_path: Path, workers: str
) -> None:
    (tmp_path / "test_planted.py").write_text(PLANTED)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    arguments = ["-q", "-p", "tests.support.log_watch", "-p", "no:cacheprovider", *filter(None, [workers])]
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", *arguments, str(tmp_path)),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
    )
    printed = (await run.communicate())[0].decode()
    assert "1 passed" in printed, printed
    assert "'is broken', which somebody typed, stands in the log line 'asked'" in printed
    assert run.returncode == 1
