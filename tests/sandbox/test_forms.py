"""Commands, shortcuts, buttons and forms, through an unmodified Bolt app, both ways of delivery."""

import asyncio
from datetime import date
from typing import Any

import pytest

from sandbox import LocalSlack, NotOnScreenError
from tests.sandbox.conftest import MONDAY, Office
from tests.sandbox.support import (
    Delivery,
    bolt_for,
    button,
    connected,
    field,
    manifest,
    modal,
    options,
    section,
)

ALL_FIELDS = modal(
    field("Name", {"type": "plain_text_input", "max_length": 10}, "name"),
    field("Note", {"type": "plain_text_input", "multiline": True}, "note", optional=True),
    field("Owner", {"type": "users_select"}, "owner"),
    field("Helpers", {"type": "multi_users_select"}, "helpers", optional=True),
    field("Channel", {"type": "conversations_select", "default_to_current_conversation": True}, "channel"),
    field("Health", {"type": "radio_buttons", "options": options("On track", "At risk")}, "health"),
    field(
        "Cadence",
        {"type": "static_select", "options": options("Weekly", "Monthly")},
        "cadence",
        optional=True,
    ),
    field("Days", {"type": "checkboxes", "options": options("Mon", "Tue")}, "days", optional=True),
    field("Tags", {"type": "multi_static_select", "options": options("Red", "Blue")}, "tags", optional=True),
    field("Due", {"type": "datepicker"}, "due"),
    field("At", {"type": "timepicker", "initial_time": "09:00"}, "at"),
    field("Target", {"type": "number_input", "is_decimal_allowed": True, "min_value": "1"}, "target"),
)


class Bot:
    """Opens `view` on /plan, keeps what it is sent, answers submissions with `answer`."""

    def __init__(self, office: Office, view: dict[str, Any]) -> None:
        self.bolt = bolt_for(office.slack, office.app)
        self.sent: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {}
        self.view = view
        self.bolt.command("/plan")(self._open)
        self.bolt.view("plan")(self._submitted)
        self.bolt.view_closed("plan")(self._taken)
        for action_id in ("go", "in", "more"):
            self.bolt.action(action_id)(self._taken)

    async def _open(self, ack: Any, body: dict[str, Any], client: Any) -> None:
        self.sent.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=self.view)
        await ack()

    async def _submitted(self, ack: Any, body: dict[str, Any]) -> None:
        self.sent.append(body)
        await ack(**self.answer)

    async def _taken(self, ack: Any, body: dict[str, Any]) -> None:
        self.sent.append(body)
        await ack()


async def test_a_filled_form_arrives_with_every_kind_of_value(office: Office, delivery: Delivery) -> None:
    bot = Bot(office, ALL_FIELDS)
    async with connected(office.slack, office.app, bot.bolt, delivery):
        reply = await office.ana.command("/plan", "add", channel=office.marketing)
        assert reply.view is not None
        assert reply.view.title == "A plan"
        await office.ana.fill(
            {
                "Name": "Pilot & <co>",
                "Owner": "@ben",
                "Helpers": ["@ana", "@Cleo"],
                "Health": "At risk",
                "Days": ["Tue"],
                "Tags": ["Red", "Blue"],
                "Due": date(2027, 3, 31),
                "Target": "4650.5",
            }
        )
        assert office.ana.form is not None
        assert office.ana.form.errors == {}
        await office.ana.fill({"Name": "Pilot"})
        assert await office.ana.submit() is None
    values = {block: state["in"] for block, state in bot.sent[-1]["view"]["state"]["values"].items()}
    ids = {person.name: person.id for person in (office.ana, office.ben, office.cleo)}
    assert values["name"] == {"type": "plain_text_input", "value": "Pilot"}
    assert values["note"] == {"type": "plain_text_input", "value": None}
    assert values["owner"] == {"type": "users_select", "selected_user": ids["Ben"]}
    assert values["helpers"]["selected_users"] == [ids["Ana"], ids["Cleo"]]
    assert values["channel"]["selected_conversation"] == office.marketing.id
    assert values["health"]["selected_option"]["value"] == "at risk"
    assert values["cadence"] == {"type": "static_select", "selected_option": None}
    assert [option["value"] for option in values["days"]["selected_options"]] == ["tue"]
    assert [option["value"] for option in values["tags"]["selected_options"]] == ["red", "blue"]
    assert values["due"] == {"type": "datepicker", "selected_date": "2027-03-31"}
    assert values["at"] == {"type": "timepicker", "selected_time": "09:00"}
    assert values["target"] == {"type": "number_input", "value": "4650.5"}


async def test_values_are_read_back_as_a_person_sees_them(office: Office) -> None:
    bot = Bot(office, ALL_FIELDS)
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan", channel=office.marketing)
        await office.ana.fill({"Owner": office.ben, "Tags": "Red", "Health": "On track"})
        assert office.ana.form is not None
        values = office.ana.form.values
    assert values["Owner"] == "@Ben"
    assert values["Channel"] == "#marketing"
    assert values["Tags"] == ["Red"]
    assert values["Health"] == "On track"
    assert values["Name"] is None


async def test_what_slacks_client_refuses_is_never_sent(office: Office) -> None:
    bot = Bot(office, ALL_FIELDS)
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan", channel=office.marketing)
        await office.ana.fill({"Name": "longer than ten", "Target": "abc"})
        form = await office.ana.submit()
        assert form is not None
        assert set(form.errors) == {"Name", "Owner", "Health", "Due", "Target"}
        assert form.errors["Owner"] == "Please complete this required field."
        assert "number" in form.errors["Target"]
        await office.ana.fill({"Target": "0.5"})
        form = await office.ana.submit()
        assert form is not None
        assert "greater than or equal to 1" in form.errors["Target"]
    assert [body["type"] for body in bot.sent if "type" in body] == []


RARE_FIELDS = modal(
    field("Mail", {"type": "email_text_input"}, "mail"),
    field("Link", {"type": "url_text_input"}, "link"),
    field("Count", {"type": "number_input", "is_decimal_allowed": False, "max_value": "5"}, "count"),
    field("Why", {"type": "plain_text_input", "min_length": 5}, "why"),
    field("When", {"type": "datetimepicker"}, "when"),
    field("Story", {"type": "rich_text_input"}, "story"),
    field("Call", {"type": "timepicker", "timezone": "Europe/Madrid"}, "call"),
    field("Room", {"type": "channels_select"}, "room"),
)


async def test_every_kind_of_field_says_what_is_wrong_with_it(office: Office) -> None:
    bot = Bot(office, RARE_FIELDS)
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        await office.ana.fill({"Mail": "ana", "Link": "x.example", "Count": "1.5", "Why": "so"})
        await office.ana.fill({"When": MONDAY, "Story": "Once", "Call": "09:30", "Room": office.marketing})
        form = await office.ana.submit()
        assert form is not None
        assert set(form.errors) == {"Mail", "Link", "Count", "Why"}
        assert form.errors["Count"] == "Please enter a whole number."
        await office.ana.fill(
            {"Mail": "ana@x.example", "Link": "https://x.example", "Count": 6, "Why": "because"}
        )
        form = await office.ana.submit()
        assert form is not None
        assert list(form.errors) == ["Count"]
        await office.ana.fill({"Count": 5})
        assert await office.ana.submit() is None
    values = {block: state["in"] for block, state in bot.sent[-1]["view"]["state"]["values"].items()}
    assert values["when"]["selected_date_time"] == int(MONDAY.timestamp())
    assert values["story"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "Once"
    assert values["call"] == {"type": "timepicker", "selected_time": "09:30", "timezone": "Europe/Madrid"}
    assert values["room"]["selected_channel"] == office.marketing.id


async def test_a_form_without_a_submit_button_is_only_read(office: Office) -> None:
    bot = Bot(office, modal(section("Read me"), submit=None))
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        assert office.ana.form is not None
        assert office.ana.form.drawn == "Read me"
        with pytest.raises(LookupError, match="no submit button"):
            await office.ana.submit()


async def test_a_pushed_view_beyond_the_limits_leaves_the_form_open(office: Office) -> None:
    bot = Bot(office, modal())
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        bot.answer = {"response_action": "push", "view": modal(title="x" * 25)}
        form = await office.ana.submit()
        assert form is not None
        assert form.title == "A plan"
        assert form.problem is not None


async def test_errors_stay_at_their_field_and_keep_what_was_typed(office: Office, delivery: Delivery) -> None:
    bot = Bot(office, modal(field("Name", {"type": "plain_text_input"}, "name")))
    async with connected(office.slack, office.app, bot.bolt, delivery):
        await office.ana.command("/plan")
        await office.ana.fill({"Name": "Pilot"})
        bot.answer = {"response_action": "errors", "errors": {"name": "That name is taken."}}
        form = await office.ana.submit()
        assert form is not None
        assert form.errors == {"Name": "That name is taken."}
        assert form.values == {"Name": "Pilot"}
        bot.answer = {}
        assert await office.ana.submit() is None


async def test_a_pushed_form_lies_on_top_and_closing_it_shows_the_one_below(office: Office) -> None:
    bot = Bot(office, modal(title="First"))
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        bot.answer = {"response_action": "push", "view": modal(title="Second")}
        form = await office.ana.submit()
        assert form is not None
        assert form.title == "Second"
        await office.ana.close()
        assert office.ana.form is not None
        assert office.ana.form.title == "First"
        bot.answer = {"response_action": "update", "view": modal(title="Changed")}
        form = await office.ana.submit()
        assert form is not None
        assert form.title == "Changed"
        bot.answer = {"response_action": "clear"}
        assert await office.ana.submit() is None


async def test_the_app_hears_of_a_closed_form_only_when_it_asked_to(office: Office) -> None:
    bot = Bot(office, modal(notify_on_close=True))
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        await office.ana.close()
        assert bot.sent[-1]["type"] == "view_closed"
        assert bot.sent[-1]["is_cleared"] is False
        bot.view = modal()
        await office.ana.command("/plan")
        await office.ana.close()
        assert "command" in bot.sent[-1]


async def test_the_cross_closes_every_form_and_tells_of_the_lowest(office: Office) -> None:
    bot = Bot(office, modal(title="First", notify_on_close=True))
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        assert office.ana.form is not None
        first = office.ana.form.view.id
        bot.answer = {"response_action": "push", "view": modal(title="Second")}
        await office.ana.submit()
        await office.ana.dismiss()
    assert office.ana.form is None
    assert (bot.sent[-1]["view"]["id"], bot.sent[-1]["is_cleared"]) == (first, True)


async def test_a_field_that_dispatches_tells_the_app_at_once(office: Office) -> None:
    choice = field(
        "Kind", {"type": "static_select", "options": options("One", "Two")}, "kind", dispatch_action=True
    )
    name = field("Name", {"type": "plain_text_input"}, "name")
    bot = Bot(office, modal(choice, name))
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        await office.ana.fill({"Name": "Pilot", "Kind": "Two"})
    sent = bot.sent[-1]
    assert sent["type"] == "block_actions"
    assert sent["actions"][0]["selected_option"]["value"] == "two"
    assert sent["view"]["state"]["values"]["kind"]["in"]["selected_option"]["value"] == "two"
    assert sent["view"]["state"]["values"]["name"]["in"]["value"] == "Pilot"


async def test_what_is_typed_survives_an_update_that_keeps_its_ids(office: Office) -> None:
    bot = Bot(office, modal(field("Name", {"type": "plain_text_input"}, "name")))
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        await office.ana.fill({"Name": "Pilot"})
        assert office.ana.form is not None
        renamed = field("Name of it", {"type": "plain_text_input"}, "name")
        other = field("Other", {"type": "plain_text_input", "initial_value": "new"}, "other")
        await office.api.views_update(view_id=office.ana.form.view.id, view=modal(renamed, other))
        assert office.ana.form.values == {"Name of it": "Pilot", "Other": "new"}


async def test_a_button_is_found_near_the_words_above_it(office: Office, delivery: Delivery) -> None:
    bot = Bot(office, modal())
    blocks = [
        section("*Newsletter*"),
        {"type": "actions", "elements": [button("On track", "go", value="newsletter")]},
        section("*Webinar*"),
        {"type": "actions", "elements": [button("On track", "go", value="webinar")]},
    ]
    async with connected(office.slack, office.app, bot.bolt, delivery):
        await office.api.chat_postMessage(channel=office.ben.id, text="How is it?", blocks=blocks)
        await office.ben.click("On track", near="webinar")
        assert bot.sent[-1]["actions"][0]["value"] == "webinar"
        await office.ben.click("on track")
        assert bot.sent[-1]["actions"][0]["value"] == "newsletter"
        with pytest.raises(NotOnScreenError, match="On track"):
            await office.ben.click("Off track")
    assert bot.sent[-1]["message"]["ts"] == office.ben.dm.messages[0].ts
    assert bot.sent[-1]["channel"]["id"] == office.ben.dm.id


async def test_an_app_may_offer_options_while_a_person_types(office: Office, delivery: Delivery) -> None:
    bot = Bot(office, modal(field("City", {"type": "external_select"}, "city")))
    asked: list[dict[str, Any]] = []

    @bot.bolt.options("in")
    async def offer(ack: Any, body: dict[str, Any]) -> None:
        asked.append(body)
        await ack(options=options("Lisbon", "London"))

    async with connected(office.slack, office.app, bot.bolt, delivery):
        await office.ana.command("/plan")
        with pytest.raises(LookupError, match="Lisbon, London"):
            await office.ana.fill({"City": "Lima"})
        await office.ana.fill({"City": "London"})
        await office.ana.submit()
    assert [body["value"] for body in asked] == ["Lima", "London"]
    assert bot.sent[-1]["view"]["state"]["values"]["city"]["in"]["selected_option"]["value"] == "london"


async def test_buttons_and_options_are_named_without_their_emoji(office: Office) -> None:
    bot = Bot(office, modal())
    health = {
        "type": "static_select",
        "action_id": "in",
        "options": options(":large_green_circle: On track", "Off"),
    }
    press = button(":tada: Done", "go")
    blocks = [{"type": "actions", "block_id": "row", "elements": [press, health]}]
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.api.chat_postMessage(channel=office.ben.id, text="x", blocks=blocks)
        await office.ben.click("done")
        assert bot.sent[-1]["actions"][0]["action_id"] == "go"
        await office.ben.chooses("in", "On track")
    assert bot.sent[-1]["actions"][0]["selected_option"]["text"]["text"] == ":large_green_circle: On track"
    assert bot.sent[-1]["state"]["values"]["row"]["in"]["selected_option"] is not None


async def test_a_form_submitted_twice_at_once_is_sent_twice_and_closed_once(office: Office) -> None:
    bot = Bot(office, modal())
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan")
        await asyncio.gather(office.ana.submit(), office.ana.submit())
    assert [body["type"] for body in bot.sent[1:]] == ["view_submission", "view_submission"]
    assert office.ana.form is None


async def test_the_newest_message_with_the_button_is_meant(office: Office) -> None:
    bot = Bot(office, modal())
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        for value in ("old", "new"):
            blocks = [{"type": "actions", "elements": [button("Go", "go", value=value)]}]
            await office.api.chat_postMessage(channel=office.ben.id, text=value, blocks=blocks)
        await office.api.chat_postMessage(channel=office.ben.id, text="no button here")
        await office.ben.click("Go")
        assert bot.sent[-1]["actions"][0]["value"] == "new"
        await office.ben.click("Go", message=office.ben.dm.messages[0])
        assert bot.sent[-1]["actions"][0]["value"] == "old"


async def test_a_menu_on_a_message_is_chosen_from(office: Office) -> None:
    bot = Bot(office, modal())
    menu = {"type": "overflow", "action_id": "more", "options": options("Edit", "Stop")}
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.api.chat_postMessage(
            channel=office.ben.id, text="x", blocks=[section("*Pilot*", accessory=menu)]
        )
        await office.ben.chooses("Pilot", "Stop")
        assert bot.sent[-1]["actions"][0]["selected_option"]["value"] == "stop"
        await office.ben.chooses("…", "Edit", near="pilot")
        assert bot.sent[-1]["actions"][0]["selected_option"]["value"] == "edit"
        with pytest.raises(NotOnScreenError, match="near 'Webinar'"):
            await office.ben.chooses("…", "Edit", near="Webinar")


async def test_a_home_tab_is_opened_and_acted_on(office: Office, delivery: Delivery) -> None:
    bot = Bot(office, modal())
    opened: list[dict[str, Any]] = []

    @bot.bolt.event("app_home_opened")
    async def publish(event: dict[str, Any], client: Any) -> None:
        opened.append(event)
        blocks = [section("Board"), {"type": "actions", "elements": [button("Go", "go", value="home")]}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async with connected(office.slack, office.app, bot.bolt, delivery):
        await office.ana.opens_home()
        assert "view" not in opened[0]
        await office.ana.opens_home()
        assert opened[1]["view"]["type"] == "home"
        await office.ana.click("Go")
    assert bot.sent[-1]["container"] == {"type": "view", "view_id": opened[1]["view"]["id"]}


async def test_shortcuts_open_forms_from_anywhere_and_from_a_message(
    office: Office, delivery: Delivery
) -> None:
    bot = Bot(office, modal())

    async def open_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        bot.sent.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(title="From a shortcut"))

    bot.bolt.shortcut("plan.new")(open_form)
    bot.bolt.shortcut("plan.from")(open_form)
    async with connected(office.slack, office.app, bot.bolt, delivery):
        await office.ana.shortcut("New plan")
        assert office.ana.form is not None
        assert office.ana.form.title == "From a shortcut"
        message = await office.ben.says("Let's do this", to=office.marketing)
        await office.ana.shortcut("Make it a plan", message=message)
    assert bot.sent[0]["type"] == "shortcut"
    assert bot.sent[1]["type"] == "message_action"
    assert bot.sent[1]["message"]["text"] == "Let's do this"
    assert bot.sent[1]["channel"] == {"id": office.marketing.id, "name": "marketing"}


async def test_a_command_is_answered_by_its_ack(office: Office, delivery: Delivery) -> None:
    bolt = bolt_for(office.slack, office.app)

    @bolt.command("/raw")
    async def answer(ack: Any, body: dict[str, Any]) -> None:
        await ack(text=f"You said {body['text']}", blocks=[section("*Hello*")])

    async with connected(office.slack, office.app, bolt, delivery):
        reply = await office.ana.command("/raw", "hello", channel=office.marketing)
    assert reply.text == "You said hello"
    assert reply.drawn == "Hello"
    assert office.ana.notices[-1].text == "You said hello"
    assert office.ben.notices == []
    assert office.marketing.messages == []


async def test_a_late_answer_by_response_url_reaches_the_same_reply(office: Office) -> None:
    bolt = bolt_for(office.slack, office.app)

    @bolt.command("/raw")
    async def answer(ack: Any, respond: Any) -> None:
        await ack()
        await respond("Later")

    async with connected(office.slack, office.app, bolt, "http"):
        reply = await office.ana.command("/raw")
        assert reply.text == "Later"


async def test_names_typed_after_a_command_become_ids_only_where_the_manifest_asks(office: Office) -> None:
    bolt = bolt_for(office.slack, office.app)
    said: list[str] = []

    @bolt.command("/plan")
    @bolt.command("/raw")
    async def answer(ack: Any, body: dict[str, Any]) -> None:
        said.append(body["text"])
        await ack()

    async with connected(office.slack, office.app, bolt, "socket"):
        await office.ana.command("/plan", "add @ben in #marketing <now> & then")
        await office.ana.command("/raw", "add @ben in #marketing <now> & then")
    assert said == [
        f"add <@{office.ben.id}|ben> in <#{office.marketing.id}|marketing> &lt;now&gt; &amp; then",
        "add @ben in #marketing <now> & then",
    ]


async def test_an_app_that_is_too_slow_gets_the_person_a_timeout(delivery: Delivery) -> None:
    async with LocalSlack(now=MONDAY, patience=0.05) as slack:
        app = slack.install(manifest())
        ana = slack.person("Ana")
        bolt = bolt_for(slack, app)

        seen_by_ana = asyncio.Event()

        @bolt.command("/plan")
        async def dawdle(ack: Any) -> None:
            await seen_by_ana.wait()
            await ack("At last")

        async with connected(slack, app, bolt, delivery):
            reply = await ana.command("/plan")
            seen_by_ana.set()
        assert "operation timed out" in reply.text
        assert ana.notices[-1].user == "USLACKBOT"


async def test_a_form_whose_app_is_gone_stays_open_and_says_so(office: Office) -> None:
    bot = Bot(office, modal())
    async with connected(office.slack, office.app, bot.bolt, "http"):
        await office.ana.command("/plan")
    office.app.deliver_by_http("http://127.0.0.1:9/slack/events")
    form = await office.ana.submit()
    assert form is not None
    assert form.problem == "We had some trouble connecting. Try again?"


async def test_nobody_runs_a_command_where_they_are_not(office: Office) -> None:
    stranger = office.slack.person("Zoe", organisation="Other Ltd")
    office.marketing.members[stranger.id] = None
    with pytest.raises(PermissionError, match="not in"):
        await office.cleo.command("/plan", channel=office.marketing)
    with pytest.raises(PermissionError, match="another organisation"):
        await stranger.command("/plan", channel=office.marketing)
    reply = await office.ana.command("/unknown")
    assert reply.text == "/unknown is not a valid command."


async def test_fields_and_options_that_are_not_there_say_what_is(office: Office) -> None:
    bot = Bot(office, ALL_FIELDS)
    async with connected(office.slack, office.app, bot.bolt, "socket"):
        await office.ana.command("/plan", channel=office.marketing)
        with pytest.raises(NotOnScreenError, match="Colour"):
            await office.ana.fill({"Colour": "red"})
        with pytest.raises(LookupError, match="On track, At risk"):
            await office.ana.fill({"Health": "Fine"})
        with pytest.raises(LookupError, match="nobody"):
            await office.ana.fill({"Owner": "@zed"})
