"""Long texts that nobody means well with: one shape each, of any length."""

from collections.abc import Iterator
from dataclasses import dataclass

SHORT, LONG = 4_000, 40_000
"""Ten times as long; Slack carries messages of up to 40,000 characters."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`unit` over and over between a beginning and an end."""

    name: str
    unit: str
    begin: str = ""
    end: str = ""

    def of(self, length: int) -> str:
        room = length - len(self.begin) - len(self.end)
        return self.begin + (self.unit * (room // len(self.unit) + 1))[:room] + self.end


_UNITS = {
    "dots": ".",
    "ellipses": "…",
    "dashes": "-",
    "commas": ",",
    "colons": ":",
    "apostrophes": "'",
    "quotation marks": '"',
    "curly quotes": "“",
    "low quotes": "„",
    "guillemets": "«",
    "backticks": "`",
    "tildes": "~",
    "asterisks": "*",
    "underscores": "_",
    "at signs": "@",
    "brackets": "(",
    "angle brackets": "<",
    "ampersands": "&",
    "halves of entities": "&am",
    "pounds": "£",
    "spaces": " ",
    "newlines": "\n",
    "zero-width spaces": "\u200b",
    "right-to-left overrides": "\u202e",
    "combining marks": "\u0301",
    "letters with many marks": "a\u0323\u0301",
    "marks out of order": "\u0301\u0323",
    "letters with marks out of order": "a" + "\u0301\u0323" * 20,
    "emoji": "🟢",
    "digits": "1",
    "arabic digits": "٣",
    "letters": "a",
    "mixed scripts": "aж漢ش1 ",
    "ones and spaces": "1 ",
    "spaced thousands": "000 ",
    "grouped thousands": ",000",
    "apostrophe thousands": "'000",
    "decimals": "1.",
    "numbers with units": "1h ",
    "currencies": "£1 ",
    "changes": "1 → ",
    "words of change": "1 to ",
    "short words": "a ",
    "words with apostrophes": "a'",
    "words with hyphens": "a-",
    "lines": "a\n",
    "bullets": "- \n",
    "quoted lines": "> \n",
    "code": "`a` ",
    "half-struck words": "~a ",
    "half-quoted words": ' "a',
    "half-single-quoted words": " 'a",
    "links": "http://a ",
    "half links": "https:/",
    "links of messages": "https://a.slack.com/archives/C1/p1795424400000003?x",
    "addresses": "a@b.c ",
    "address dots": "a.b+",
    "mentions": "<@U1> ",
    "half mentions": "<@U1|",
    "half mentions and letters": "<@U",
    "to": "to ",
    "from": "from ",
    "by": "by ",
    "by on": "by on ",
    "and": "and ",
    "commas and and": ", and ",
    "not": "not ",
    "not and newlines": "not\n",
    "hopes": "hopefully ",
    "healths": "on track ",
    "healths and commas": "on track, ",
    "healths and no": "not on track ",
    "near healths": "on trac ",
    "colours and verbs": "is green ",
    "health labels": "Newsletter: on track\n",
    "names": "Newsletter relaunch ",
    "halves of names": "Newsletter ",
    "near names": "Newslette ",
    "names joined": "newsletter and referral and ",
    "names and colons": "newsletter: ",
    "kpi names": "Monthly givers ",
    "metrics and numbers": "4,650 subscribers ",
    "metrics before numbers": "subscribers 4,650, ",
    "metrics and links": "subscribers is at ",
    "numbers and beside": "4,650 the ",
    "blockers": "waiting for ",
    "blockers and commas": "waiting for legal, ",
    "needs": "we need ",
    "blocker labels": "blocker: ",
    "the main blocker": "the main ",
    "conditions": "if ",
    "months": "March ",
    "months of days": "31 March ",
    "by dates": "by 31 March ",
    "from dates": "from 1 Feb by 31 Jan ",
    "iso days": "2026-12-24 ",
    "iso day parts": "2026-12-",
    "weekdays": "Monday ",
    "owned by": " owned by",
    "vanity": "views ",
    "goals": "5 by 31 March ",
    "formulas": "=1+",
    "csv lines": "Monthly givers,2026-11-30,312,x\n",
    "csv quotes": '"a,',
    "csv double quotes": '""',
    "backslashes": "\\",
}
_ENDS = {
    "dots and a letter": (".", "x"),
    "ellipses and a letter": ("…", "x"),
    "dots and brackets and a letter": (".)", "x"),
    "a dot and brackets and a letter": (")", "x"),
    "spaces and a letter": (" ", "x"),
    "spaces and a colon": (" ", ":"),
    "newlines and a letter": ("\n", "x"),
    "digits and a letter": ("1", "x"),
    "ones and spaces and a letter": ("1 ", "x"),
    "commas, digits and a letter": ("1,", "x"),
    "thousands and a letter": (",000", "x"),
    "apostrophes and a letter": ("'", "x"),
    "spaced dashes and a letter": (" -", "x"),
    "underscores and a digit": ("_", "1"),
    "zero-width spaces and a letter": ("\u200b", "x"),
    "letters and a colon": ("a", ":"),
    "words and a colon": ("a ", ": on track"),
    "letters and an at sign": ("a", "@"),
    "address dots and an at sign": ("a.", "@"),
}
_BEGINNINGS = {
    "a quote that does not end": ('"', "a "),
    "a single quote that does not end": (" '", "a "),
    "code that does not end": ("`", "a "),
    "a fence that does not end": ("```", "a "),
    "an address of dots": ("a@", "b."),
    "a mention that does not end": ("<@U1|", "a"),
    "a number and words": ("1 ", "a "),
    "a number and spaces": ("1", " "),
    "a minus and spaces": ("-", " "),
    "a currency and spaces": ("£", " "),
    "a kpi and ones": ("Monthly givers ", "1 "),
    "a kpi and spaces": ("Monthly givers", " "),
    "a kpi and digits": ("Monthly givers ", "1"),
    "two kpis and ones": ("Monthly ", "1 "),
    "a name and a colon and letters": ("Newsletter: ", "a"),
    "a name and words": ("Newsletter ", "a "),
    "a name and needs": ("Newsletter ", "we need it "),
    "a metric and words": ("subscribers ", "the "),
    "a metric and links": ("subscribers ", "is "),
    "a number and the": ("4,650 ", "the "),
    "numbers and the and a name": ("4,650 the subscribers ", "4,650 the "),
    "a health and no end": ("on track ", "a "),
    "a health and dots": ("on track", "."),
    "a health and again": ("on track", " again"),
    "a health and counts": ("on track ", "3.3"),
    "a blocker and words": ("waiting for ", "a "),
    "a blocker and commas": ("waiting for ", ", "),
    "a day and to": ("24 Dec ", "to "),
    "a day and days": ("24 Dec to ", "5 Jan "),
    "by and spaces and": ("by", " "),
    "next and next": ("next ", "next "),
    "a csv heading and lines": ("kpi,date,value,note\n", "Monthly givers,2026-11-30,312,x\n"),
    "a csv heading and quotes": ('kpi,date,value,note\n"', '""'),
    "a csv heading and wrong lines": ("kpi,date,value,note\n", "nobody,2026-13-30,=1,x\n"),
    "a csv heading and a long value": ("kpi,date,value,note\nMonthly givers,2026-11-30,", "1 "),
}


def all_shapes() -> Iterator[Shape]:
    for name, unit in _UNITS.items():
        yield Shape(name, unit)
    for name, (unit, end) in _ENDS.items():
        yield Shape(name, unit, end=end)
    for name, (begin, unit) in _BEGINNINGS.items():
        yield Shape(name, unit, begin=begin)


SHAPES = tuple(all_shapes())
