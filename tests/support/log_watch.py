"""Watches the program's log over the whole suite: nothing that anybody typed, and no token, may stand in it.

A plugin of pytest's: every test process keeps what the program logged there (or in processes that it started) and what people
typed at its local Slacks; at the end the one is looked for in the other, and what is found fails the run.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
import structlog

from sandbox import LocalSlack

_TOGETHER = 2
"""Words of somebody's that must not stand side by side in a value of the log: a single one may be there by chance."""
_LEAST = 8
"""Characters of them, taken together."""
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"xox[a-z][.-]\S{4}|xapp-\S{4}|drumbeat_[\w-]{20}|\b[\w-]{43}=(?!\w)|Bearer \S{8}")
"""Slack's and ours, and keys of `cryptography.fernet`."""
_NOT_TYPED = {("ready", "workspace")}
"""Fields of events that hold a name Slack gave, by event."""
Line = Mapping[str, Any]


class LogWatch:
    """`lines` is what was logged, `typed` the pairs of words that people typed, `secrets` what no log may hold."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.typed: set[tuple[str, ...]] = set()
        self.secrets: set[str] = set()
        self._followed: list[LocalSlack] = []
        self._elsewhere: list[Iterable[Line]] = []

    def follow(self, slack: LocalSlack, *secrets: str, log: Iterable[Line] = ()) -> None:
        """What is typed there, and what a process logs that is connected to it, is looked at once the test is over."""
        self._followed.append(slack)
        self._elsewhere.append(log)
        self.secrets |= {one for one in secrets if one}

    def settle(self) -> None:
        """Take what came of those that were followed."""
        for slack in self._followed:
            for delivered in slack.outgoing.delivered:
                for text in texts_typed(delivered.parcel.payload):
                    self.typed.update(together(text))
        for log in self._elsewhere:
            self.lines.extend(log)
        self._followed.clear()
        self._elsewhere.clear()

    def leaks(self) -> list[str]:
        """A sentence for each line of the log with something that must not be in it."""
        return [
            f"{why} stands in the log line {line.get('event')!r}"
            for line in self.lines
            if (why := self._wrong_with(line))
        ]

    def _wrong_with(self, line: Line) -> str:
        whole = json.dumps(dict(line), default=repr, ensure_ascii=False)
        if found := _TOKEN.search(whole):
            return f"a token ({found[0][:6]}…)"
        if any(secret in whole for secret in self.secrets):
            return "a secret"
        for name, value in line.items():
            if (line.get("event"), name) in _NOT_TYPED:
                continue
            for pair in together(value if isinstance(value, str) else json.dumps(value, default=repr)):
                if pair in self.typed:
                    return f"{' '.join(pair)!r}, which somebody typed,"
        return ""


WATCH = LogWatch()


def texts_typed(payload: Any) -> Iterator[str]:
    """Of a command, of a message that is not an app's, of the fields of a form."""
    event = payload.get("event")
    if isinstance(event, dict) and event.get("type") == "message":
        message = event.get("message", event)
        if "bot_id" not in message:
            yield message.get("text") or ""
    if "command" in payload:
        yield payload.get("text") or ""
    for fields in ((payload.get("view") or {}).get("state") or {}).get("values", {}).values():
        for state in fields.values():
            yield state.get("value") or ""


def together(text: str) -> Iterator[tuple[str, ...]]:
    """The words that stand side by side in a text."""
    words = _WORD.findall(text.casefold())
    for pair in zip(*(words[at:] for at in range(_TOGETHER)), strict=False):
        if sum(map(len, pair)) >= _LEAST and not all(word.isdigit() for word in pair):
            yield pair


class KeptLogger(structlog.make_filtering_bound_logger(logging.NOTSET)):  # type: ignore[misc]
    """Keeps what is logged, whatever else a test makes of it."""

    def _proxy_to_logger(self, method_name: str, event: str | None = None, *args: Any, **told: Any) -> Any:
        WATCH.lines.append({"level": method_name, "event": event, **self._context, **told})
        return super()._proxy_to_logger(method_name, event, *args, **told)


@pytest.fixture(autouse=True)
def _log_is_kept() -> Iterator[None]:
    if structlog.get_config()["wrapper_class"] is not KeptLogger:
        structlog.configure(wrapper_class=KeptLogger)
    yield
    WATCH.settle()


# A worker of xdist tells whoever started it what it found; that one fails the run, as a run without workers does itself.
_LEAKS = "log_leaks"
_found: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    WATCH.settle()
    leaks = [*_found, *WATCH.leaks()]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_LEAKS] = leaks
        return
    _found[:] = leaks
    if leaks:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _found.extend(getattr(node, "workeroutput", {}).get(_LEAKS, ()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _found:
        terminalreporter.section("the log holds what it must not", red=True)
        for leak in dict.fromkeys(_found):
            terminalreporter.line(leak)
