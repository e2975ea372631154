"""When a goal is specific and measurable: it has a number of what is to be reached, and a time by when."""

import re

GOAL_EXAMPLE = "Newsletter subscribers from 4,200 to 6,000 by 31 March"
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|nine|ten|twelve|eighteen)"
_SPAN = r"(?:day|week|month|quarter|year)s?"
_WHEN = re.compile(
    rf"""\b(?:
    \d{{4}}-\d\d-\d\d|\d{{1,2}}[./-]\d{{1,2}}(?:[./-]\d{{2,4}})?\b\.?
    |\d{{1,2}}(?:st|nd|rd|th|\.)?(?:\ of)?\ {_MONTHS}\b(?:,?\ 20\d\d)?|{_MONTHS}\b\.?(?:\ \d{{1,2}}(?:st|nd|rd|th)?\b(?!%))?(?:,?\ 20\d\d)?
    |[qh][1-4]\b(?:[ /,]*20\d\d)?|20\d\d\b|eo[wmqy]\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b(?:this|next|by|until|before|in|end of|the)\s+(?:the\s+)?(?:end\s+of\s+)?(?:the\s+|this\s+|next\s+)?"
    r"(?:week|month|quarter|year|summer|autumn|fall|winter|spring|easter|christmas|xmas)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"\b(?:in|within|over|during|after|for)\s+(?:the\s+)?(?:next\s+|coming\s+|first\s+)?{_COUNT}[\s-]+{_SPAN}\b",
    re.IGNORECASE,
)
_RATE = re.compile(rf"\b(?:an?|per|each|every)\s+{_SPAN}\b|\b(?:daily|weekly|monthly)\b", re.IGNORECASE)
_NO_AMOUNT = re.compile(
    r"(?<=[^\W\d_])\d+(?:\.\d+)*|(?<!\d)\d++(?=[^\W\d_]{2,})|\b[^\W\d_]++\s++\d++\.0\b(?!\s*[%a-z])"
    r"|\b(?:phase|version|step|level|part|no|web|top|tier|round|v)\.?\s*\d+(?:\.\d+)?\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\d|\b(?:double|triple|halve|twice)\b", re.IGNORECASE)


def why_vague(goal: str) -> str | None:
    """The sentence that sends a vague goal back with an example, or None when it has a number and a time.

    The number must stand apart from the time, and say how much: "by 31 March", "B2B" and "Web 2.0" measure nothing.
    "Three times a week" is how often, not by when.
    """
    without_rates = _RATE.sub(lambda found: "_" * len(found[0]), goal)
    rest, times = without_rates, 0
    for pattern in (_WITHIN, _NEXT, _WHEN):
        rest, found = pattern.subn(" ", rest)
        times += found
    has_number = _AMOUNT.search(_NO_AMOUNT.sub(" ", rest)) is not None
    if has_number and times:
        return None
    missing = "a number and a date" if not (has_number or times) else "a number" if times else "a date"
    return f"Add {missing}, so that everyone can see when it is reached. For example: “{GOAL_EXAMPLE}”."
