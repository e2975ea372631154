"""A name is taken out of what others wrote, and nothing else."""

import pytest

from domain.forgetting import Forgotten, texts_in, through_texts

_TOKEN = "0123456789ABCDEF0123"


def gone(name: str) -> Forgotten:
    return Forgotten("T1", "U0BEN00001", name, _TOKEN)


@pytest.mark.parametrize(
    ("name", "text", "without"),
    [
        ("Ben Carter", "Ask Ben Carter.", "Ask someone who left."),
        ("Ben Carter", "ask ben\ncarter's team", "ask someone who left's team"),
        ("Ben Carter", "_Ben Carter_ and *Ben Carter*", "_someone who left_ and *someone who left*"),
        ("Ben Carter", "Ben Carterson, Reuben Carter, Ben", "Ben Carterson, Reuben Carter, Ben"),
        (
            "Mark",
            "Mark it, says Mark; a remarkable mark",
            "someone who left it, says someone who left; a remarkable mark",
        ),
        ("Ben Carter", "<@U0BEN00001> and <@U0BEN00001|ben>", "someone who left and someone who left"),
        ("Ben Carter", "<@U0BEN000012>", "<@U0BEN000012>"),
        ("Ben Carter", "U0BEN00001", f"ULEFT{_TOKEN}"),
        ("O'Neil (Ann)", "by O'Neil (Ann), today", "by someone who left, today"),
        ("李明", "请李明看一下", "请someone who left看一下"),
        ("A", "A plan of A", "A plan of A"),
        ("A", "A", "someone who left"),
        ("", "", ""),
    ],
)
def test_who_is_named(name: str, text: str, without: str) -> None:
    assert gone(name).without(text) == without
    assert gone(name).is_named_in(text) == (text != without)


def test_json_is_gone_through_keys_too() -> None:
    value = {"U0BEN00001": [1, None, {"said": "Ben Carter"}], "n": 2.5}
    changed = through_texts(value, gone("Ben Carter").without)
    assert changed == {f"ULEFT{_TOKEN}": [1, None, {"said": "someone who left"}], "n": 2.5}
    assert list(texts_in(value)) == ["Ben Carter"]
