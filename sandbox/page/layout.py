"""The page around what is shown: the places on the left, the conversation, a thread beside it, a form over it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sandbox.page.dates import here_and_now
from sandbox.page.markup import Html, join, tag
from sandbox.page.messages import avatar
from sandbox.page.reader import Face, Reader

Kind = Literal["channel", "private", "person", "app"]


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere the person can go, in the list on the left."""

    name: str
    address: str
    kind: Kind
    here: bool = False
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    address: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A thread, opened beside its conversation; `back` is the address without it."""

    title: str
    body: Html
    back: str
    talk: Html | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """All that one person sees at one moment; `changes` counts what had happened by then."""

    workspace: str
    reader: Reader
    places: Sequence[Place]
    title: str
    body: Html
    about: str = ""
    tabs: Sequence[Tab] = ()
    talk: Html | None = None
    panel: Panel | None = None
    form: Html | None = None
    clock: Html | None = None
    new_people: Sequence[tuple[str, str]] = ()
    others: Sequence[tuple[str, str]] = ()
    changes: int = 0


def document(title: str, body: Html) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("link", rel="stylesheet", href="/page/style.css"),
        tag("link", rel="icon", href="data:,"),
        tag("script", type="module", src="/page/page.js"),
    )
    return "<!doctype html>" + tag("html", head, body, lang="en")


def screen(value: Screen) -> str:
    log = {"role": "log", "aria_label": value.title, "tabindex": 0} if value.talk else {"tabindex": 0}
    main = tag("main", _top(value), tag("div", value.body, class_="scroll", **log), value.talk)
    panel = _panel(value.panel) if value.panel else None
    form = tag("div", value.form, class_="over") if value.form else None
    kind = "page with-panel" if panel else "page"
    drawn = tag("div", value.clock, _side(value), main, panel, class_=kind, inert=form is not None)
    problem = tag("p", id="problem", role="alert", data_own=True)
    unread = sum(place.unread for place in value.places)
    title = f"{f'({unread}) ' if unread else ''}{value.title} · {value.workspace}"
    return document(title, tag("body", drawn, form, problem, data_changes=value.changes))


def problem_page(sentence: str, back: str) -> str:
    """What could not be done, and the way back."""
    way = tag("p", tag("a", "Go back", href=back))
    words = tag("main", tag("h1", "That did not work"), tag("p", sentence, id="problem", role="alert"), way)
    return document("That did not work", tag("body", tag("div", words, class_="entrance")))


def _top(value: Screen) -> Html:
    tabs = (
        tag(
            "a",
            tab.name,
            href=tab.address,
            class_="here" if tab.here else None,
            aria_current="page" if tab.here else None,
        )
        for tab in value.tabs
    )
    return tag(
        "header",
        tag("a", "☰", href="#places", class_="to-places", aria_label="Channels and messages"),
        tag("h1", value.title, dir="auto"),
        tag("span", value.about, class_="about") if value.about else None,
        tag("nav", join(tabs), class_="tabs", aria_label="Tabs") if value.tabs else None,
        class_="top",
    )


def _side(value: Screen) -> Html:
    channels = [place for place in value.places if place.kind in {"channel", "private"}]
    direct = [place for place in value.places if place.kind == "person"]
    apps = [place for place in value.places if place.kind == "app"]
    groups = (("Channels", channels), ("Direct messages", direct), ("Apps", apps))
    return tag(
        "nav",
        tag("a", "✕", href="#", class_="from-places", aria_label="Back to the conversation"),
        tag("a", value.workspace, href="/", class_="workspace"),
        join(_group(name, places) for name, places in groups if places),
        _links("Write to…", value.new_people, "menu others"),
        _me(value.reader),
        _links("Act as…", value.others, "menu up others"),
        class_="side",
        id="places",
        aria_label="Channels and messages",
    )


def _group(name: str, places: Iterable[Place]) -> Html:
    return tag("div", tag("h2", name), join(_place(place) for place in places), class_="group")


def _place(place: Place) -> Html:
    signs = {"channel": "#", "private": "🔒"}
    sign = signs.get(place.kind)
    mark = (
        tag("span", sign, class_=f"sign {place.kind}")
        if sign
        else avatar(Face(place.name, place.kind == "app"))
    )
    kinds = ["place", *(["here"] if place.here else []), *(["unread"] if place.unread else [])]
    count = (
        tag("span", str(place.unread), class_="count", aria_label=f"{place.unread} unread")
        if place.unread
        else None
    )
    here = {"class_": " ".join(kinds), "aria_current": "page" if place.here else None}
    return tag("a", mark, tag("bdi", place.name), count, href=place.address, **here)


def _links(title: str, people: Sequence[tuple[str, str]], look: str) -> Html | None:
    """People by name, to write to for the first time or to act as, each in a tab of its own where one wants."""
    if not people:
        return None
    links = join(tag("li", tag("a", name, href=address)) for name, address in people)
    return tag("details", tag("summary", title), tag("ul", links), class_=look)


def _me(reader: Reader) -> Html:
    face = reader.face(reader.id)
    zone = tag("small", str(reader.zone).replace("_", " "))
    words = tag("span", tag("b", face.name), tag("small", here_and_now(reader)), zone)
    return tag("div", avatar(face), words, class_="me")


def _panel(panel: Panel) -> Html:
    close = tag("a", "✕", href=panel.back, class_="dismiss", aria_label="Close the thread")
    header = tag("header", tag("h2", "Thread"), tag("span", panel.title, class_="about"), close, class_="top")
    log = tag("div", panel.body, class_="scroll", role="log", aria_label="Thread", tabindex=0)
    return tag("aside", header, log, panel.talk, class_="panel", aria_label="Thread")
