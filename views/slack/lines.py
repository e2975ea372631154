"""Words on one line, within what there is room for."""

from domain.reading.legible import legible

ELLIPSIS = "…"


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut at the end with "…"."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def on_one_line(text: str, limit: int) -> str:
    """People's words, not escaped, without what deceives the eye."""
    line = " ".join(legible(text).split(maxsplit=limit))
    return line if len(line) <= limit else legible(shorten(line, limit))
