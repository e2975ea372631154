"""A file that shall be an export: it is read as it was written, or refused in a sentence."""

import io
import json
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from views.exports.files import JSON_NAME, json_bytes, zip_bytes
from views.exports.reading import MAX_BYTES, UnreadableExportError, read_export

ROW = {"id": 2**62, "name": "Giver 🌊 “days”", "details": {"ids": [1, 2], "share": 0.25}, "closed_at": None}
DOCUMENT: dict[str, Any] = {
    "exported_at": "2026-12-17T10:30:15+00:00",
    "tables": {"people": [{"person_id": "U1", "name": "Maya"}], "initiatives": [ROW] * 20}
    | {name: [] for name in ("goals", "kpis", "success_metrics")},
}
JSON = json_bytes(DOCUMENT)
ZIP = zip_bytes(DOCUMENT, ())


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableExportError) as refused:
        read_export(content)
    return str(refused.value)


def zipped(content: bytes, name: str = JSON_NAME, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("content", [JSON, ZIP, b"\xef\xbb\xbf" + JSON, zipped(JSON, how=zipfile.ZIP_STORED)])
def test_what_was_exported_is_read_as_it_was(content: bytes) -> None:
    assert read_export(content) == DOCUMENT


def bomb() -> bytes:
    """Three megabytes that become three gigabytes: a thousand times the same three, packed once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(b" " * 3_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = block * 1_000 + packer.flush()
    name = JSON_NAME.encode()
    facts = struct.pack("<HHHHIIIHH", 0, zipfile.ZIP_DEFLATED, 0, 0, 0, len(stream), 3 * 10**9, len(name), 0)
    entry = b"PK\x03\x04" + struct.pack("<H", 20) + facts + name + stream
    directory = (
        b"PK\x01\x02" + struct.pack("<HH", 20, 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    )
    return (
        entry + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(entry), 0)
    )


def lying(declared: int) -> bytes:
    """A zip whose directory and header say that the JSON is of this size."""
    made = bytearray(zipped(b" " * 1_000_000))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = made.index(signature) + at
        made[start : start + 4] = struct.pack("<I", declared)
    return bytes(made)


def test_three_megabytes_that_become_three_gigabytes_are_refused_within_the_limit() -> None:
    content = bomb()
    assert len(content) < 3_500_000
    tracemalloc.start()
    assert "more than 100 MB" in refusal(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * MAX_BYTES


NOT_ONE = "is neither a JSON nor a zip that `drumbeat export` made."


def encrypted() -> bytes:
    made = bytearray(zipped(JSON))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(signature) + at] |= 1
    return bytes(made)


def twice() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(JSON_NAME, JSON)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(JSON_NAME, b"{}")
    return packed.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", NOT_ONE),
    "words": (lambda: b"Dear Drumbeat", NOT_ONE),
    "half of it": (lambda: JSON[: len(JSON) // 2], NOT_ONE),
    "half a zip": (lambda: ZIP[: len(ZIP) // 2], NOT_ONE),
    "another zip": (lambda: zipped(JSON, "other.json"), NOT_ONE),
    "a zip with a password": (encrypted, NOT_ONE),
    "a zip with two": (twice, NOT_ONE),
    "a zip that says it holds less": (lambda: lying(100), NOT_ONE),
    "a zip that says it holds much more": (lambda: lying(2**32 - 2), NOT_ONE),
    "UTF-16": (lambda: JSON.decode().encode("utf-16"), NOT_ONE),
    "Latin-1": (lambda: '{"name": "Müde"}'.encode("latin-1"), NOT_ONE),
    "a thousand deep": (lambda: b"[" * 1_000 + b"]" * 1_000, "nested deeper"),
    "a hundred thousand deep": (lambda: b'{"a":' * 100_000, "nested deeper"),
    "forty deep": (lambda: b"[" * 40 + b"]" * 40, "nested deeper"),
    "a key twice": (lambda: b'{"id": 1, "id": 2}', "says something twice"),
    "no number": (lambda: b'{"id": NaN}', "holds NaN, which is no number"),
    "without end": (lambda: b"[-Infinity]", "holds -Infinity, which is no number"),
    "a number too large": (lambda: b"[1e999]", "holds 1e999, which is no number"),
    "a number of five thousand digits": (lambda: b"[" + b"9" * 5_000 + b"]", NOT_ONE),
    "NUL": (lambda: b'["a\\u0000b"]', "half a character"),
    "half a character": (lambda: b'["\\ud83d"]', "which no database keeps at [0]."),
    "half a character in a table": (
        lambda: b'{"tables": {"kpis": [{"id": 1}, {"name": "a\\ud83d"}]}}',
        "which no database keeps at tables.kpis[1].name.",
    ),
    "half a character in a key": (lambda: b'{"\\ud83d": 1}', "half a character"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_export_is_refused_in_a_sentence(case: str) -> None:
    make, sentence = REFUSED[case]
    assert sentence in refusal(make())


def test_a_json_larger_than_the_limit_is_refused_before_it_is_read() -> None:
    assert "more than 100 MB" in refusal(b" " * (MAX_BYTES + 1))


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """An export with some of its bytes changed, cut out or put in."""
    content = bytearray(draw(st.sampled_from([JSON, ZIP])))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content) - 1))
        length = draw(st.integers(0, 40))
        content[at : at + length] = draw(
            st.binary(max_size=12) | st.sampled_from([b"[", b'"', b"\\u0000", b"PK\x01\x02"])
        )
        content = content or bytearray(b" ")
    return bytes(content)


@settings(max_examples=400, deadline=None)
@given(spoiled())
def test_a_spoiled_file_is_read_or_refused_and_nothing_else(content: bytes) -> None:
    with suppress(UnreadableExportError):
        json.dumps(read_export(content), allow_nan=False).encode()
