"""A channel of 2,000 messages in Chromium: one more is shown, and it is scrolled, against a bare page with the same ones."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from bench.child import running
from bench.claims import Claim
from sandbox.page.photograph import opened_browser

MESSAGES = 2000
ROUNDS, TIMES = 2, 3
PATIENCE_MS = 300_000
SHOWN = """
async ([to, body, words]) => {
  const log = document.querySelector("[role=log]");
  const before = performance.now();
  const seen = new Promise((done) => {
    const look = () => log.textContent.includes(words) && (watcher.disconnect(), requestAnimationFrame(done));
    const watcher = new MutationObserver(look);
    watcher.observe(log, { childList: true, subtree: true, characterData: true });
  });
  fetch(to, { method: "POST", body });
  await seen;
  return performance.now() - before;
}
"""
SCROLLED = """
async () => {
  const log = document.querySelector("[role=log]");
  const frame = () => new Promise(requestAnimationFrame);
  const step = log.scrollHeight / 30;
  let longest = 0;
  let before = await frame();
  for (let number = 1; number <= 30; number += 1) {
    log.scrollTop = log.scrollHeight - log.clientHeight - number * step;
    const now = await frame();
    longest = Math.max(longest, now - before);
    before = now;
  }
  log.scrollTop = log.scrollHeight;
  return longest;
}
"""


async def measure() -> list[Claim]:
    """The three pages in turn, one open at a time, so that none takes time from another."""
    more: dict[str, list[float]] = {"opened": [], "all": [], "bare": []}
    pauses: dict[str, list[float]] = {"all": [], "bare": []}
    async with running("bench.channel_process", str(MESSAGES)) as line, opened_browser() as browser:
        ours, bare = line.decode().split()
        pages = {
            "opened": f"{ours}/as/ana/long",
            "all": f"{ours}/as/ana/long?shown={2 * MESSAGES}",
            "bare": bare,
        }
        numbers = count()
        for _ in range(ROUNDS):
            for name, url in pages.items():
                async with _opened(browser, url) as page:
                    for _ in range(TIMES):
                        more[name].append(await _one_more(page, next(numbers), bare=name == "bare"))
                    if name in pauses:
                        pauses[name] += [await page.evaluate(SCROLLED) for _ in range(TIMES)]
    return [
        _claim("One more message in a channel of 2,000, of a bare page", more["opened"], more["bare"], 8),
        _claim("One more message below 2,000 drawn ones, of a bare page", more["all"], more["bare"], 30),
        _claim(
            "Longest pause while scrolling 2,000 messages, of a bare page", pauses["all"], pauses["bare"], 15
        ),
    ]


def _claim(name: str, mine: list[float], theirs: list[float], goal: float) -> Claim:
    """Of the fastest of each: what slows the others is not theirs."""
    ours, bare = min(mine), min(theirs)
    return Claim(name, ours / bare, goal, at_most=True, detail=f"{ours:.0f} ms against {bare:.0f} ms")


@asynccontextmanager
async def _opened(browser: Any, url: str) -> AsyncIterator[Any]:
    page = await browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(url)
    await page.wait_for_function("!window.source || source.readyState === EventSource.OPEN")
    yield page
    await page.close()


async def _one_more(page: Any, number: int, *, bare: bool) -> float:
    words = f"One more, the {number}th"
    said = {"person": "ben", "verb": "says", "args": {"text": words, "to": "#long"}}
    to, body = ("/say", words) if bare else ("/control/act", json.dumps(said))
    took: float = await page.evaluate(SHOWN, [to, body, words])
    return took
