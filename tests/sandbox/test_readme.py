"""What the sandbox's README says of it is so: each method, event, payload and limit."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

import sandbox
from sandbox import codes, limits, rates, response_urls, shared, tokens
from sandbox.apps import SCOPES_OF_EVENTS
from sandbox.config import parts
from sandbox.delivery import outgoing, socket_mode
from sandbox.refusals import ApiError
from sandbox.web_api import METHODS, OWN_METHODS, chat, views
from sandbox.web_api.call import Method, OwnMethod
from tests.sandbox.support import button, field, modal, options, plain, section

README = (Path(sandbox.__file__).parent / "README.md").read_text("utf-8")
SHAPES = json.loads((Path(__file__).parent / "shapes.json").read_text("utf-8"))
JSON = dict[str, Any]


def table(title: str) -> list[list[str]]:
    """The rows under a heading, without the heads."""
    part = README.partition(f"### {title}\n")[2].partition("\n### ")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def needs(method: Method | OwnMethod) -> str:
    if isinstance(method, OwnMethod):
        return {"app token": "app-level token", "client secret": "client id and secret"}[method.by]
    return " or ".join(f"`{scope}`" for scope in method.any_of) or "any bot token"


def test_every_method_is_in_the_table_as_it_is() -> None:
    methods: dict[str, Method | OwnMethod] = {**METHODS, **OWN_METHODS}
    expected = [
        [f"`{name}`", needs(one), str(one.per_minute or "none"), "yes" if f"api.{name}" in SHAPES else "no"]
        for name, one in sorted(methods.items())
    ]
    rows = table("Methods")
    assert [row[:4] for row in rows] == expected
    for name, *_, how in rows:
        assert how == "strict" or re.fullmatch(r"lenient: .+", how), f"{name}: {how}"
        assert how != "strict" or "api." + name.strip("`") in SHAPES, f"{name} is held to no sample"


def test_every_event_is_in_the_table_and_held_to_a_sample() -> None:
    rows = table("Events")
    assert [named(row[0])[0] for row in rows] == sorted(SCOPES_OF_EVENTS)
    for name, scope, samples in rows:
        assert tuple(named(scope)) == SCOPES_OF_EVENTS[named(name)[0]]
        assert all(f"event.{sample}" in SHAPES for sample in named(samples))
        assert named(samples) or samples == "as in channels"


def test_every_sample_is_named_by_what_is_held_to_it() -> None:
    there = {f"api.{named(row[0])[0]}" for row in table("Methods") if row[3] == "yes"}
    there |= {f"event.{sample}" for row in table("Events") for sample in named(row[2])}
    there |= {sample for row in table("Commands, interactions, sockets") for sample in named(row[1])}
    assert there == set(SHAPES)


def refuses(check: Callable[[Any], None], given: Any) -> bool:
    try:
        check(given)
    except ApiError:
        return True
    return False


def in_message(*blocks: JSON) -> bool:
    return not refuses(limits.check_message, list(blocks))


def in_form(*blocks: JSON, **more: Any) -> bool:
    return not refuses(limits.check_view, modal(*blocks, **more))


def select(**more: Any) -> JSON:
    return {"type": "actions", "elements": [{"type": "static_select", "action_id": "s", **more}]}


def with_button(**more: Any) -> bool:
    return in_message({"type": "actions", "elements": [button("x", "go") | more]})


def chart() -> JSON:
    segments = [{"label": "a", "value": 1}, {"label": "b", "value": 1}]
    return {"type": "data_visualization", "title": "x", "chart": {"type": "pie", "segments": segments}}


def rows_of(count: int) -> JSON:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * count}


def at_most(number: float) -> Callable[[int], bool]:
    """For what only a constant says; that it is kept to, other tests show."""
    return lambda count: count <= number


ACCEPTS: dict[str, Callable[[int], bool]] = {
    "Blocks in a message": lambda n: in_message(*[section("x")] * n),
    "Blocks in a view": lambda n: in_form(*[section("x")] * n),
    "Characters of a section's text": lambda n: in_message(section("x" * n)),
    "Fields of a section": lambda n: in_message({"type": "section", "fields": [plain("x")] * n}),
    "Characters of a field": lambda n: in_message({"type": "section", "fields": [plain("x" * n)]}),
    "Characters of a header": lambda n: in_message({"type": "header", "text": plain("x" * n)}),
    "Elements of an actions block": lambda n: in_message(
        {"type": "actions", "elements": [button("x", f"a{i}") for i in range(n)]}
    ),
    "Elements of a context block": lambda n: in_message({"type": "context", "elements": [plain("x")] * n}),
    "Characters of a button's text": lambda n: with_button(text=plain("x" * n)),
    "Characters of a button's value": lambda n: with_button(value="x" * n),
    "Characters of an accessibility_label": lambda n: with_button(accessibility_label="x" * n),
    "Options of a select": lambda n: in_message(select(options=options(*(f"o{i}" for i in range(n))))),
    "Characters of an option's text": lambda n: in_message(
        select(options=[{"text": plain("x" * n), "value": "x"}])
    ),
    "Characters of a label": lambda n: in_form(field("x" * n, {"type": "plain_text_input"}, "b")),
    "Characters of a form's title": lambda n: in_form(section("x"), title="x" * n),
    "Characters of private_metadata": lambda n: in_form(section("x"), private_metadata="x" * n),
    "Characters of an id": lambda n: with_button(action_id="x" * n),
    "Characters of markdown in a message": lambda n: in_message({"type": "markdown", "text": "x" * n}),
    "Charts in a message": lambda n: in_message(*(chart() for _ in range(n))),
    "Tables in a message": lambda n: in_message(*(rows_of(1) for _ in range(n))),
    "Rows of a table": lambda n: in_message(rows_of(n)),
    "Characters of a changed text": at_most(chat.MOST_UPDATED_TEXT),
    "Forms on top of each other": at_most(views.MOST_STACKED),
    "Socket Mode connections of an app": at_most(socket_mode.MAX_CONNECTIONS),
    "Uses of a response_url": at_most(response_urls.USES),
    "Seconds a trigger_id lives": at_most(shared.TRIGGER_SECONDS),
    "Seconds an OAuth code lives": at_most(codes.SECONDS),
    "Seconds a rotating token lives": at_most(tokens.ROTATING_SECONDS),
    "Rotating tokens alive": at_most(tokens.MOST_ACTIVE),
    "Posts a minute in a workspace": at_most(rates.POSTS_A_MINUTE),
}
NUMBERS = {name: int(number.replace(",", "")) for name, number in table("Limits")}


def test_the_table_of_limits_is_whole() -> None:
    assert set(NUMBERS) == set(ACCEPTS)


@pytest.mark.parametrize("name", ACCEPTS)
def test_a_limit_is_where_the_table_says(name: str) -> None:
    number = NUMBERS[name]
    assert ACCEPTS[name](number)
    assert not ACCEPTS[name](number + 1)


def test_retries_are_when_the_readme_says() -> None:
    minutes = [int(after.total_seconds() // 60) for after in outgoing.RETRY_AFTER]
    assert minutes == [0, 1, 5]
    assert "three times more where it is not acknowledged: at once, after one minute, after five" in README


def test_a_longer_text_is_cut_where_the_readme_says() -> None:
    assert f"A longer text than {chat.MOST_TEXT:,} characters is cut" in README


def test_what_can_be_posted_to_control_is_what_the_readme_lists() -> None:
    words = README.partition("answers with what she got to see. So are ")[2].partition("; `GET")[0]
    source = (Path(sandbox.__file__).parent / "control.py").read_text("utf-8")
    posts = re.findall(r'^            "(\w+)": self\._', source, re.MULTILINE)
    assert {*named(words), "act"} == set(posts)


def test_every_setting_of_the_file_is_in_the_readme() -> None:
    said = set(named(README.partition("| Setting |")[2].partition("\n\n")[0]))
    kinds = (parts.Config, parts.WorkspacePart, parts.PersonPart, parts.ChannelPart, parts.AppPart)
    assert {name for kind in kinds for name in kind.model_fields} <= said
    assert set(get_args(parts.Role)) <= said
