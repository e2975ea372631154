"""A page of HTML as whoever reads it finds it: headings, lines, tables, and what a drawing says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "br", "hr", "img", "link", "input"}
_UNREAD = {"style", "title"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator["Element"]:
        """Inside, in their order; without tags all of them."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        """On one line, as it is read."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in _UNREAD:
                yield from child._texts()
                yield "" if child.tag in ("span", "strong") else " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


class Page(Element):
    """Raises AssertionError for a page whose elements are not closed in their order."""

    def __init__(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        assert [one.tag for one in reader.open] == [""], reader.open[-1].tag
        super().__init__("page", children=reader.root.children)

    def table(self, first: str) -> list[list[str]]:
        """The rows below the heading row that begins with these words."""
        for table in self.all("table"):
            head, *rows = [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]
            if head[0] == first:
                return rows
        raise LookupError(first)

    def below(self, heading: str) -> list[str]:
        """The lines of lists and paragraphs from a heading to the next."""
        found: list[str] = []
        is_there = False
        for element in self.all("h1", "h2", "h3", "li", "p", "footer"):
            if element.tag not in ("li", "p"):
                is_there = element.text == heading
            elif is_there:
                found.append(element.text)
        return found
