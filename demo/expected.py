"""What must stand recorded, and must have been sent, when the story is over."""

from demo.plan import NEWSLETTER, OPEN_WATER, QUESTION_DESK, REFERRALS, RESULTS_PAGE

WEEKS_PLAYED = 13

WAYS = (
    "one click",
    "one click, then why",
    "the Update… form",
    "Same as last week",
    "plain words in the DM",
    "plain words in the prompt's thread",
    "words without a health, then a button",
    "Remind me in 3 h, then a click",
    "/checkin",
    "a lead answers for an owner",
    "late, after the digest",
    "an edit, after the digest",
)
"""Every way to answer a check-in; the demo fails where its story leaves one out."""

ON, RISK, SILENT, AWAY, CLOSED = "on track", "at risk", "silent", "away", "closed"
HEALTHS = {
    OPEN_WATER: (ON, ON, ON, AWAY, ON, AWAY, AWAY, ON, RISK, ON, ON, ON, ON),
    QUESTION_DESK: (*[ON] * 10, *[CLOSED] * 3),
    RESULTS_PAGE: (SILENT, SILENT, RISK, *[ON] * 10),
    NEWSLETTER: (ON,) * 13,
    REFERRALS: (ON, ON, RISK, RISK, RISK, *[ON] * 8),
}
"""Week by week."""

RITUALS = {
    "Aroha": (1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1),
    "Priya": (1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "Tom": (2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "Maya": (1,) * 13,
    "Ben": (1,) * 13,
}
"""Prompts and reminders that each owner must have received, week by week."""
MOST_RITUALS = 3
"""An owner and week."""

LEGAL = "May we name parents by first name in the newsletter?"
PLEDGE_FORM = "New pledge form or the old one?"
INSTRUCTORS = "A third instructor on Saturdays in February and March?"
MORE_CARDS = "May the choir hand out 500 more referral cards?"
DECISIONS = {
    LEGAL: ("decided", "Yes"),
    PLEDGE_FORM: ("defaulted", "We keep the old form"),
    INSTRUCTORS: ("decided", "Yes"),
    MORE_CARDS: ("decided", "Yes"),
}
"""What became of each ask."""

PROMISE = "Publish the results of the first ten schools"
CARRIED_WEEKS = 3
SIGNS = (
    f"3 of 5 signs of slipping: “{PROMISE}” carried {CARRIED_WEEKS} weeks; due date moved once; "
    "on track while visits that give is behind"
)
"""Of the results page, as its leads see them in the tenth week."""
FORECAST = ("Newsletter subscribers", "Monthly givers", "Sign-ups a month")
"""The KPIs of which a forecast is shown in the tenth week."""
HOW_LIKELY = "referred givers: how likely is 60 or more by 28 Feb?"
CHANCES = {"2027-W01": 50, "2027-W05": 90}
"""What Ben says before a review, in percent by week."""
BET = {
    "What should it move?": "Sign-ups a month",
    "What do you expect?": "More families can come on a Saturday",
    "To what number?": "125",
    "Look again on": "2027-02-15",
}
BET_LEARNING = "A third instructor pays for itself in four Saturdays."
SURPRISE = "5,800"
HAPPENED = "The city paper printed the results page."

REVIEWS = {
    "2026-12": {RESULTS_PAGE: "change"},
    "2027-01": {},
    "2027-02": {REFERRALS: "change"},
}
"""By month, what was decided other than to continue."""

EARLY, BEHIND, ON_PACE, REACHED, OUTDATED = "too early to say", "behind", "on pace", "reached", "outdated"
PACES = {
    "Newsletter subscribers": (*[EARLY] * 2, *[BEHIND] * 7, *[ON_PACE] * 3),
    "Monthly givers": (*[EARLY] * 2, *[BEHIND] * 8, *[ON_PACE] * 2),
    "Sign-ups a month": (*[EARLY] * 2, *[ON_PACE] * 4, OUTDATED, *[ON_PACE] * 5),
    "Cost per new giver": (*[EARLY] * 6, *[ON_PACE] * 6),
    "Donor retention": (ON_PACE,) * 12,
    "Answer time to parents": (*[EARLY] * 2, *[ON_PACE] * 5, *[REACHED] * 5),
}
"""How each KPI stood at the end of each week that is closed, reckoned by hand from the readings of the plan."""

IMPACT_WEEKS = (8, 12)
LEARNING = "Stories from parents doubled clicks; statistics did not."
SLIP = "30 Apr, was 31 Mar, moved once"
