"""Words on one line, within what there is room for."""

from domain.reading.legible import legible, unbroken

ELLIPSIS = "…"


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut at the end with "…"."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def on_one_line(text: str, limit: int) -> str:
    """People's words, not escaped, without what deceives the eye."""
    begin = text[: 2 * limit]  # which is enough unless half of it is blank or hidden
    line = unbroken(begin, limit)
    if len(line) <= limit and begin != text:
        line = unbroken(text, limit)
    return line if len(line) <= limit else legible(shorten(line, limit))
