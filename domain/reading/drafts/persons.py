"""Who a plan's line names: mentions and handles, with what they are to the initiative, and names in a cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.drafts import PlanField, Whom
from domain.reading.mentions import MENTION

_ROLES = r"""(?:(?P<sponsor>(?:exec(?:utive)?\s)?sponsor(?:ed\sby)?)|(?P<partner>partners?|with|mit|supported\sby)
    |(?P<owner>owners?|owned\sby|lead|led\sby|dri|assignee|assigned\sto|responsible|who|by|von|verantwortlich|zust[äa]ndig|leitung|wer))"""
_ROLE_WORDS = re.sub(r"\?P<\w+>", "?:", _ROLES)
_PERSON = re.compile(
    rf"(?:(?<![\w])(?:{_ROLES})\s*[:=]?\s*)?(?:{MENTION}|(?<![\w.+-])@(?P<handle>[^\W_](?:[\w.-]|'(?!s\b))*))(?P<rest>:(?:(?!,\s*(?:{_ROLE_WORDS})?\s?[:=]?\s?<?@)[^;|·()@])*)?",
    re.IGNORECASE | re.VERBOSE,
)
_EVERYBODY = frozenset({"channel", "here", "everyone", "all", "team"})
_NOBODY = re.compile(
    r"(?:tbd|tbc|tba|n/?a|none|nobody|open|unassigned|vacant|hiring|offen|unklar|niemand|\?+)\.?",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[\s.'’-]+[^\W\d_][^\W\d_.'’-]*){0,4}\.?")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_SEVERAL = re.compile(r"[,/&+;]|\s(?:and|und|or|oder|y|et)\s", re.IGNORECASE)
_JOINS = re.compile(r"\s*(?:[,/&+]|and|und|or|oder)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """Of a line, by position; `field` is None for everybody, who can own nothing."""

    begin: int
    end: int
    field: PlanField | None
    who: Whom
    what: str = ""


def find_persons(text: str) -> Iterator[PersonSaid]:
    """Mentions and handles in order, with the word before that says as what."""
    for found in _PERSON.finditer(text):
        handle = (found["handle"] or found["name"] or "").rstrip(".'-")
        if not found["id"] and re.match(r"'s\b", text[found.end("handle") : found.end("handle") + 3]):
            continue
        field = (
            PlanField.SPONSOR
            if found["sponsor"]
            else PlanField.PARTNER
            if found["partner"]
            else PlanField.OWNER
        )
        if found["id"] is None and handle.casefold() in _EVERYBODY:
            yield PersonSaid(found.start(), found.end("handle"), None, Whom(found[0]))
            continue
        shown = f"@{handle or found['id']}"
        who = Whom(shown, found["id"], handle or None)
        what = (found["rest"] or "") if field is PlanField.PARTNER else ""
        end = found.end() if what else (found.start("rest") if found["rest"] else found.end())
        yield PersonSaid(found.start(), end, field, who, what.strip(" :,."))


def read_person(text: str) -> Whom | None:
    """Who a cell names: one mention, handle, address or name; None for several and for nobody."""
    text = text.strip().strip("*_")
    found = list(find_persons(text))
    if len(found) == 1 and found[0].field and _JOINS.fullmatch(text[: found[0].begin] + text[found[0].end :]):
        return found[0].who
    if found or _NOBODY.fullmatch(text) or (_SEVERAL.search(text)):
        return None
    if _ADDRESS.fullmatch(text):
        return Whom(text)
    return Whom(text) if _NAME.fullmatch(text) else None
