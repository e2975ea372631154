"""Messages and forms of every kind, told with one small team, for looking at and for tests."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.page.reader import Face, Reader

JSON = dict[str, Any]

NOW = datetime(2026, 12, 9, 11, 20, tzinfo=UTC)

PEOPLE = {
    "U1": Face("Maya Okafor"),
    "U2": Face("Ben Carter"),
    "U3": Face("Aroha Ngata"),
    "U4": Face("Priya Raman"),
    "U5": Face("Tom Lindqvist"),
    "U6": Face("Ruth Adler"),
    "B1": Face("Tempo", app=True),
    "UB": Face("Tempo", app=True),
}

READER = Reader(
    now=NOW,
    id="U1",
    zone=ZoneInfo("Europe/London"),
    locale="en-GB",
    people=PEOPLE,
    channels={"C1": "marketing", "C2": "leads"},
)


def words(text: str) -> JSON:
    return {"type": "mrkdwn", "text": text}


def bare(text: str) -> JSON:
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str, **more: Any) -> JSON:
    return {"type": "section", "text": words(text), **more}


def context(text: str) -> JSON:
    return {"type": "context", "elements": [words(text)]}


def button(text: str, action: str, style: str | None = None) -> JSON:
    return {"type": "button", "text": bare(text), "action_id": action} | ({"style": style} if style else {})


def actions(block_id: str, *elements: JSON) -> JSON:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def said(user: str, at: str, text: str = "", *blocks: JSON, **more: Any) -> JSON:
    """A message by `user` at an ISO instant in UTC."""
    ts = f"{datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp():.0f}.000100"
    return {"type": "message", "user": user, "ts": ts, "text": text, "blocks": list(blocks), **more}


def health(block_id: str) -> JSON:
    return actions(
        block_id,
        button("On track", "on_track", "primary"),
        button("At risk", "at_risk"),
        button("Off track", "off_track", "danger"),
        button("Update…", "update"),
    )


def _initiative(name: str, goal: str, due: str, last: str, metric: str) -> list[JSON]:
    return [
        section(f"*{name}*\n{goal} · due {due}"),
        context(f"{last}  ·  {metric}"),
        health(name.lower().replace(" ", "_")),
    ]


PROMPT = said(
    "UB",
    "2026-12-07T09:00:00",
    "Your check-in for week 50",
    {"type": "header", "text": bare("Your check-in for week 50")},
    context(
        "Why: One child in three in our cities cannot swim. Families should meet us before they need us."
    ),
    {"type": "divider"},
    *_initiative(
        "Newsletter relaunch",
        "Newsletter subscribers from 4,200 to 6,000",
        "<!date^1806451200^{date_short}|31 Mar>",
        ":large_green_circle: On track last week, next: first story from Ines",
        "Subscribers 4,310",
    ),
    *_initiative(
        "Spring open-water days",
        "Lesson sign-ups from 95 to 140 a month",
        "<!date^1809043200^{date_short}|30 Apr>",
        ":large_yellow_circle: At risk last week, next: second venue",
        "Days held 0 of 6",
    ),
    *_initiative(
        "Lesson results page",
        "Newsletter subscribers from 4,200 to 6,000",
        "<!date^1806451200^{date_short}|31 Mar>",
        ":white_circle: No answer last week",
        "Visits that give 0.8 %",
    ),
    {"type": "divider"},
    actions(
        "all",
        button("Same as last week", "same"),
        button("Remind me in 3 h", "later"),
        button("I'm away", "away"),
    ),
)

_WEEKS = ("W46", "W47", "W48", "W49", "W50")


def series(name: str, *values: float) -> JSON:
    return {
        "name": name,
        "data": [{"label": week, "value": value} for week, value in zip(_WEEKS, values, strict=True)],
    }


def chart(kind: str, title: str, *many: JSON, y_label: str = "Initiatives") -> JSON:
    axis = {"categories": list(_WEEKS), "x_label": "Week", "y_label": y_label}
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": kind, "series": list(many), "axis_config": axis},
    }


HEALTH_CHART = chart(
    "bar",
    "Health over the last weeks",
    series("Off track", 0, 0, 0, 1, 1),
    series("No answer", 2, 1, 0, 0, 0),
    series("On track", 2, 3, 3, 2, 3),
    series("At risk", 1, 1, 2, 2, 1),
)

DIGEST = said(
    "UB",
    "2026-12-09T11:00:00",
    "Week 50: 3 on track, 1 at risk, 1 off track",
    {"type": "header", "text": bare("Week 50: 3 on track, 1 at risk, 1 off track")},
    context("_Families should meet us before they need us, and givers should see what a lesson changes._"),
    HEALTH_CHART,
    section(
        "*What changed*\n• :large_yellow_circle: → :large_green_circle: *Newsletter relaunch*, <@U1>: 4,650 subscribers\n"
        "• :large_green_circle: → :red_circle: *Giver referral programme*, <@U2>: the pledge form is late\n"
        "• *Lesson results page*, <@U5>: due 31 Mar, was 10 Mar, moved twice"
    ),
    section(
        "*Decision needed*\n<@U6> by Friday: use the old pledge form? If nobody decides: yes, the old form."
    ),
    section(
        "*Participation*",
        fields=[
            words("Answered\n*4 of 5*"),
            words("On time\n*80 %*"),
            words("Blockers\n*1*"),
            words("Away\n*Aroha until 5 Jan*"),
        ],
    ),
    context("Details in the thread · Next check-in Monday 09:00 in your own time zone"),
    reply_count=3,
    reply_users=["UB", "U2", "U5"],
    latest_reply="1796815020.000200",
    edited={"user": "UB", "ts": "1796814000.000000"},
)

CHANNEL = [
    said("U6", "2026-12-07T16:02:00", "Who has the venue list for the open-water days? <@U3> perhaps"),
    said("U2", "2026-12-07T16:04:00", "It is in `venues.csv`, see <https://example.org/plan|the plan>"),
    said(
        "U2",
        "2026-12-07T16:05:00",
        "> ten harbor districts\nStill two without one :eyes:",
        edited={"user": "U2"},
    ),
    said(
        "U4",
        "2026-12-08T09:30:00",
        "مرحبا، المكان الثاني جاهز للأسبوع القادم",
        reactions=[{"name": "tada", "count": 2, "users": []}],
    ),
    DIGEST,
    said("UB", "2026-12-09T11:10:00", "Only you can see this: *the digest is posted*.", is_ephemeral=True),
]


def field(block_id: str, label: str, element: JSON, **more: Any) -> JSON:
    element = {"action_id": "in", **element}
    return {"type": "input", "block_id": block_id, "label": bare(label), "element": element, **more}


def option(text: str, value: str | None = None) -> JSON:
    return {"text": bare(text), "value": value or text}


def _options(*texts: str) -> list[JSON]:
    return [option(text) for text in texts]


FORM: JSON = {
    "type": "modal",
    "id": "V1",
    "callback_id": "initiative.add",
    "title": bare("New initiative"),
    "submit": bare("Add"),
    "close": bare("Cancel"),
    "blocks": [
        {"type": "section", "block_id": "intro", "text": words("In <#C1>. *Three* of five are active.")},
        {"type": "alert", "level": "warning", "text": words("Two outcomes have no initiative yet.")},
        field("name", "Name", {"type": "plain_text_input", "placeholder": bare("What people will call it")}),
        field(
            "why",
            "What should it change?",
            {"type": "plain_text_input", "multiline": True},
            hint=bare("One or two sentences"),
        ),
        field("owner", "Owner", {"type": "users_select", "placeholder": bare("Who owns it?")}),
        field("team", "Team", {"type": "multi_users_select"}, optional=True),
        field(
            "goal",
            "Outcome it serves",
            {"type": "static_select", "options": _options("Subscribers", "Givers")},
        ),
        field(
            "channels",
            "Where to tell",
            {"type": "multi_static_select", "options": _options("Email", "Web", "Events")},
        ),
        field("room", "Channel", {"type": "conversations_select"}),
        field("start", "Starts", {"type": "datepicker", "initial_date": "2026-11-23"}),
        field("due", "Due", {"type": "datepicker", "placeholder": bare("Pick a day")}),
        field("time", "Time of the prompt", {"type": "timepicker", "initial_time": "09:00"}),
        field("target", "Target", {"type": "number_input", "is_decimal_allowed": True}),
        field(
            "health",
            "Health",
            {"type": "radio_buttons", "options": _options("On track", "At risk", "Off track")},
        ),
        field(
            "days",
            "Working days",
            {
                "type": "checkboxes",
                "options": _options("Mon", "Tue", "Wed"),
                "initial_options": _options("Mon"),
            },
        ),
    ],
}

VALUES: dict[str, dict[str, JSON]] = {
    "name": {"in": {"type": "plain_text_input", "value": "Newsletter <relaunch>"}},
    "why": {
        "in": {"type": "plain_text_input", "value": "Stories from parents, once a month.\nNo statistics."}
    },
    "owner": {"in": {"type": "users_select", "selected_user": "U1"}},
    "team": {"in": {"type": "multi_users_select", "selected_users": ["U2", "U4"]}},
    "goal": {"in": {"type": "static_select", "selected_option": option("Subscribers")}},
    "channels": {"in": {"type": "multi_static_select", "selected_options": _options("Email", "Web")}},
    "room": {"in": {"type": "conversations_select", "selected_conversation": "C1"}},
    "due": {"in": {"type": "datepicker", "selected_date": "2026-10-31"}},
    "target": {"in": {"type": "number_input", "value": "4200"}},
    "health": {"in": {"type": "radio_buttons", "selected_option": option("At risk")}},
}

ERRORS = {
    "due": "The due date is before the start, 23 Nov 2026. Pick a later day.",
    "target": "The target equals the baseline, 4,200. What should the number become?",
}

RICH: JSON = {
    "type": "rich_text",
    "block_id": "typed",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "on track", "style": {"bold": True}},
                {"type": "text", "text": ", 4,650 subscribers, waiting for "},
                {"type": "user", "user_id": "U6"},
                {"type": "text", "text": " in "},
                {"type": "channel", "channel_id": "C2"},
                {"type": "emoji", "name": "tada"},
                {"type": "link", "url": "https://example.org", "text": " the plan"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
                for text in ("first", "second")
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Every lesson, on the record."}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "4200 -> 6000"}]},
    ],
}

TABLE: JSON = {
    "type": "table",
    "column_settings": [{"is_wrapped": True}, {"align": "right"}],
    "rows": [
        [{"type": "raw_text", "text": "KPI"}, {"type": "raw_text", "text": "Now"}],
        [{"type": "raw_text", "text": "Subscribers"}, {"type": "raw_number", "value": 4650, "text": "4,650"}],
        [{"type": "raw_text", "text": "Monthly givers"}, {"type": "raw_number", "value": 322, "text": "322"}],
    ],
}

PIE: JSON = {
    "type": "data_visualization",
    "title": "Where givers come from",
    "chart": {
        "type": "pie",
        "segments": [
            {"label": "Email", "value": 45},
            {"label": "Events", "value": 28},
            {"label": "Friends", "value": 27},
        ],
    },
}

LINE = chart(
    "line",
    "Newsletter subscribers",
    series("Subscribers", 4200, 4230, 4310, 4390, 4520),
    series("Plan", 4200, 4300, 4400, 4500, 4600),
    y_label="Subscribers",
)
AREA = chart(
    "area",
    "Lessons asked for",
    series("All", 95, 99, 104, 112, 118),
    series("Harbor", 20, 31, 28, 40, 44),
    y_label="A month",
)
MARKDOWN: JSON = {
    "type": "markdown",
    "text": "## Week 50\n**Bold**, *italic*, ~~gone~~, `code` and [a link](https://example.org).\n\n"
    "- first\n  - deeper\n- [x] done\n\n> a quote\n\n| KPI | Now |\n|---|---:|\n| Subscribers | 4,650 |\n\n```\ncode & more\n```",
}
MENUS = actions(
    "menus",
    {
        "type": "static_select",
        "action_id": "goal",
        "placeholder": bare("Outcome"),
        "options": _options("Subscribers", "Givers"),
    },
    {"type": "users_select", "action_id": "who", "initial_user": "U4"},
    {"type": "datepicker", "action_id": "when", "initial_date": "2026-12-11"},
    {"type": "overflow", "action_id": "more", "options": _options("Pause", "Close")},
)

EVERYTHING = [
    said("U4", "2026-12-09T09:00:00", "on track", RICH),
    said("UB", "2026-12-09T09:01:00", "Numbers", LINE, PIE),
    said("UB", "2026-12-09T09:02:00", "More", AREA, TABLE, MENUS),
    said("UB", "2026-12-09T09:03:00", "Markdown", MARKDOWN),
    said(
        "UB",
        "2026-12-09T09:04:00",
        "See",
        section("With a button beside it", accessory=button("Show", "show")),
    ),
]
