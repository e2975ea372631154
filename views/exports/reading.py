"""Reading an exported file back: what no export is, is refused in a sentence, by whatever hand it was made."""

import io
import json
import math
import zipfile
import zlib
from typing import Any, NoReturn

from views.exports.files import JSON_NAME

MAX_BYTES = 100_000_000
"""Of the JSON, in a zip or not: many years of a strategy."""
_MOST_NESTED = 30
_ENCRYPTED = 0x1


class UnreadableExportError(ValueError):
    """Its text says what the file is, as in "is nested deeper than any export"."""


def read_export(content: bytes) -> Any:
    """The JSON in a file or zip of `drumbeat export`, with no more than `MAX_BYTES` in memory at a time.

    Raises UnreadableExportError, for what is written twice or in numbers that no database keeps as well.
    """
    unpacked = _unpacked(content) if content.startswith(b"PK") else content
    if len(unpacked) > MAX_BYTES:
        raise UnreadableExportError(f"holds more than {MAX_BYTES // 1_000_000} MB, which no export does.")
    try:
        document = json.loads(
            unpacked.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_float=_number,
        )
        _require_keepable(document)
    except UnreadableExportError:
        raise
    except RecursionError:
        raise UnreadableExportError("is nested deeper than any export.") from None
    except ValueError as problem:
        raise _unknown() from problem
    return document


def _unpacked(content: bytes) -> bytes:
    """Reads no further than the limit, whatever size the zip claims."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [entry for entry in archive.infolist() if entry.filename == JSON_NAME]
            if len(found) != 1 or found[0].flag_bits & _ENCRYPTED:
                raise _unknown()
            with archive.open(found[0]) as packed:
                return packed.read(MAX_BYTES + 1)
    except UnreadableExportError:
        raise
    # What zipfile and its decompressors raise for a broken or foreign zip.
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        IndexError,
    ) as problem:
        raise _unknown() from problem


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise UnreadableExportError("says something twice, so I cannot know which holds.")
    return made


def _number(written: str) -> float:
    value = float(written)
    return value if math.isfinite(value) else _no_number(written)


def _no_number(written: str) -> NoReturn:
    raise UnreadableExportError(f"holds {written[:40]}, which is no number.")


def _require_keepable(document: Any) -> None:
    """Raises UnreadableExportError for text that no database keeps, and for what is nested deeper than an export."""
    level = [document]
    for _ in range(_MOST_NESTED):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str) and not _is_keepable(value):
                where = _path_of(document, value)
                raise UnreadableExportError(
                    f"holds half a character, or one that ends a text, which no database keeps{where}."
                )
        level = inner
    if level:
        raise UnreadableExportError("is nested deeper than any export.")


def _path_of(document: Any, text: str) -> str:
    """Where it stands, as in " at tables.kpis[2].name"."""
    inner = [("", document)]
    while inner:
        path, value = inner.pop()
        if value is text:
            return f" at {path.removeprefix('.')}" if path else ""
        if isinstance(value, dict):
            inner += [(path, key) for key in value if key is text]
            inner += [(f"{path}.{key}" if _is_keepable(key) else path, one) for key, one in value.items()]
        elif isinstance(value, list):
            inner += [(f"{path}[{at}]", one) for at, one in enumerate(value)]
    return ""


def _is_keepable(text: str) -> bool:
    """PostgreSQL takes no NUL, and no encoding has halves of a character."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= one <= "\udfff" for one in text))


def _unknown() -> UnreadableExportError:
    return UnreadableExportError("is neither a JSON nor a zip that `drumbeat export` made.")
