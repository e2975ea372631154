"""What people do on the page, in a real Chromium, with an unmodified Bolt app."""

import json
from contextlib import nullcontext
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe

from sandbox.page.photograph import CHROMIUM, available
from tests.browser.acting import Bot, opened_desk, writes
from tests.sandbox.support import button, field, modal, options, plain, section
from tests.support.waiting import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not available(), reason=f"{CHROMIUM} is missing"),
]

EVERYTHING = modal(
    field("Name", {"type": "plain_text_input"}, 'odd "name" of a block'),
    field("Note", {"type": "plain_text_input", "multiline": True}, "note"),
    field("Owner", {"type": "users_select"}, "owner"),
    field("Helpers", {"type": "multi_users_select"}, "helpers"),
    field("Channel", {"type": "conversations_select"}, "channel"),
    field("Health", {"type": "radio_buttons", "options": options("On track", "At risk")}, "health"),
    field("Cadence", {"type": "static_select", "options": options("Weekly", "Monthly")}, "cadence"),
    field("Days", {"type": "checkboxes", "options": options("Mon", "Tue", "Wed")}, "days"),
    field("Tags", {"type": "multi_static_select", "options": options("Red", "Blue")}, "tags"),
    field("Due", {"type": "datepicker"}, "due"),
    field("At", {"type": "timepicker", "initial_time": "09:00"}, "at"),
    field("Moment", {"type": "datetimepicker"}, "moment"),
    field("Target", {"type": "number_input", "is_decimal_allowed": True}, "target"),
    field("Colour", {"type": "external_select", "action_id": "pick", "min_query_length": 1}, "colour"),
    field("Words", {"type": "rich_text_input"}, "words"),
    field("File", {"type": "file_input"}, "file"),
)
CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("It ends."),
    "confirm": plain("End it"),
    "deny": plain("No"),
}


async def test_every_kind_of_field_reaches_the_app_as_it_was_put() -> None:
    async with opened_desk(Bot(EVERYTHING)) as desk:
        page = await desk.sits("ana")
        await writes(page, "/plan")
        form = page.get_by_role("dialog", name="A plan")
        await form.get_by_label("Name").fill('Pilot & <co> "x"')
        await form.get_by_label("Note").fill("one\ntwo")
        await form.get_by_label("Owner").select_option(label="Ben")
        await form.locator("summary").nth(0).click()
        await form.get_by_role("group", name="Helpers").get_by_label("Cleo").check()
        await form.get_by_label("Channel").select_option(label="#marketing")
        await form.get_by_label("At risk").check()
        await form.get_by_label("Cadence").select_option(label="Monthly")
        await form.get_by_label("Tue").check()
        await form.get_by_label("Wed").check()
        await form.locator("summary").nth(1).click()
        await form.get_by_label("Blue").check()
        await form.get_by_label("Due").fill("2027-03-31")
        await form.get_by_label("Moment").fill("2026-12-01T10:30")
        await form.get_by_label("Target").fill("4650.5")
        await form.get_by_label("Colour").fill("Rust")
        await form.get_by_label("Words").fill("rich")
        await form.get_by_label("File").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": b"1,2"}
        )
        await form.get_by_role("button", name="Save").click()
        await form.wait_for(state="detached")
    state = desk.bot.sent[-1]["view"]["state"]["values"]
    got = {block: next(iter(actions.values())) for block, actions in state.items()}
    ids = {one.name: one.id for one in (desk.office.ben, desk.office.cleo)}
    assert got['odd "name" of a block']["value"] == 'Pilot & <co> "x"'
    assert got["note"]["value"] == "one\ntwo"
    assert got["owner"]["selected_user"] == ids["Ben"]
    assert got["helpers"]["selected_users"] == [ids["Cleo"]]
    assert got["channel"]["selected_conversation"] == desk.office.marketing.id
    assert got["health"]["selected_option"]["value"] == "at risk"
    assert got["cadence"]["selected_option"]["value"] == "monthly"
    assert [one["value"] for one in got["days"]["selected_options"]] == ["tue", "wed"]
    assert [one["value"] for one in got["tags"]["selected_options"]] == ["blue"]
    assert got["due"]["selected_date"] == "2027-03-31"
    assert got["at"]["selected_time"] == "09:00"
    assert got["moment"]["selected_date_time"] == 1796117400  # 10:30 in Madrid
    assert got["target"]["value"] == "4650.5"
    assert got["colour"]["selected_option"]["value"] == "rust"
    assert got["words"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "rich"
    assert [one["name"] for one in got["file"]["files"]] == ["a.csv"]


async def test_an_error_of_the_app_stands_at_its_field_and_what_was_typed_stays() -> None:
    view = modal(
        field("Name", {"type": "plain_text_input"}, "name"), field("Due", {"type": "plain_text_input"}, "due")
    )
    bot = Bot(view, answer={"response_action": "errors", "errors": {"due": "That day is past."}})
    async with opened_desk(bot) as desk:
        page = await desk.sits("ana")
        await writes(page, "/plan")
        form = page.get_by_role("dialog")
        await form.get_by_label("Name").fill("Pilot")
        await form.get_by_label("Due").fill("yesterday")
        await page.keyboard.press("Enter")
        await form.get_by_text("That day is past.").wait_for()
        due = form.get_by_label("Due")
        assert await due.get_attribute("aria-invalid") == "true"
        note = await due.get_attribute("aria-describedby")
        assert await page.locator(f"[id='{note}']").inner_text() == "That day is past."
        assert await form.get_by_label("Name").input_value() == "Pilot"


async def test_a_button_that_asks_first_does_nothing_until_the_person_says_yes() -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("End", "go", confirm=CONFIRM)]}]
    async with opened_desk(Bot()) as desk:
        await desk.office.api.chat_postMessage(channel=desk.office.ana.id, text="x", blocks=blocks)
        page = await desk.sits("ana", "tempo")
        await page.get_by_role("button", name="End", exact=True).click()
        await page.get_by_role("button", name="No", exact=True).click()
        await page.get_by_role("button", name="End", exact=True).click()
        assert desk.actions() == []
        await page.get_by_role("dialog", name="Sure?").get_by_role("button", name="End it").click()
        await until(desk.actions, "the action")
    assert len(desk.actions()) == 1
    assert desk.actions()[0]["actions"][0]["action_id"] == "go"


async def test_a_choice_that_redraws_a_form_keeps_what_was_typed_elsewhere() -> None:
    name = field("Name", {"type": "plain_text_input"}, "name")
    kind = field(
        "Kind", {"type": "static_select", "options": options("Old", "New")}, "kind", dispatch_action=True
    )
    more = field("More", {"type": "plain_text_input"}, "more", optional=True)
    async with opened_desk(Bot(modal(name, kind), redrawn=modal(name, kind, more))) as desk:
        page = await desk.sits("ana")
        await writes(page, "/plan")
        form = page.get_by_role("dialog")
        await form.get_by_label("Name").fill("Pilot")
        await form.get_by_label("Kind").select_option(label="New")
        await form.get_by_label("More").wait_for()
        assert await form.get_by_label("Name").input_value() == "Pilot"
        assert await form.get_by_label("Kind").input_value() == "new"
    [action] = desk.actions()
    assert action["view"]["state"]["values"]["name"]["in"]["value"] == "Pilot"


async def test_everything_can_be_done_by_keyboard_and_the_focus_comes_back() -> None:
    async with opened_desk(Bot(modal(field("Name", {"type": "plain_text_input"}, "name")))) as desk:
        page = await desk.sits("ana")
        await page.keyboard.type("/pl")
        await page.get_by_role("option").first.wait_for()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        assert await page.get_by_role("textbox").input_value() == "/plan "
        await page.keyboard.press("Enter")
        form = page.get_by_role("dialog")
        await form.wait_for()
        await page.keyboard.type("Pilot")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent") == "Close"
        await page.keyboard.press("Escape")
        await form.wait_for(state="detached")
        await page.keyboard.type("/plan")
        await page.keyboard.press("Enter")
        await form.wait_for()
        await page.keyboard.type("Second")
        await page.keyboard.press("Enter")
        await form.wait_for(state="detached")
        await page.keyboard.type("done")
        await page.keyboard.press("Enter")
        await page.get_by_role("log").get_by_text("done").wait_for()
    assert desk.bot.sent[-1]["view"]["state"]["values"]["name"]["in"]["value"] == "Second"


async def test_what_one_person_writes_the_other_sees_at_once_and_keeps_their_own_words() -> None:
    async with opened_desk(Bot()) as desk:
        ana, ben = await desk.sits("ana"), await desk.sits("ben")
        await ben.get_by_role("textbox").fill("half a sent")
        await writes(ana, "hello @ben & <all>")
        await ben.get_by_role("log").get_by_text("hello @Ben & <all>").wait_for()
        assert await ben.get_by_role("textbox").input_value() == "half a sent"
        assert await ben.evaluate("document.activeElement.dataset.compose !== undefined")


async def test_somebody_is_written_to_for_the_first_time() -> None:
    async with opened_desk(Bot()) as desk:
        page, cleo = await desk.sits("ana"), await desk.windows.on("/as/cleo/ben")
        await page.get_by_text("Write to…").click()
        await page.get_by_role("navigation").get_by_role("link", name="Cleo").first.click()
        await writes(page, "Welcome, Cleo")
        await page.get_by_text("Welcome, Cleo").wait_for()
        await cleo.get_by_role("link", name="Ana 1 unread").click()
        assert await cleo.get_by_text("Welcome, Cleo").is_visible()
        assert await page.get_by_role("group").filter(has_text="Write to…").get_by_text("Cleo").count() == 0


async def test_a_message_is_edited_answered_reacted_to_and_deleted_from_its_menu() -> None:
    async with opened_desk(Bot()) as desk:
        page, ben = await desk.sits("ana"), await desk.sits("ben")
        await writes(page, "frist")
        message = page.get_by_role("article")
        await message.wait_for()
        await chooses(message, "link", "Edit message")
        await page.get_by_label("Edit your message").fill("first")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("(edited)").wait_for()
        await chooses(message, "button", "white_check_mark")
        await page.get_by_text("✅ 1").wait_for()
        await chooses(ben.get_by_role("article"), "link", "Reply in thread")
        await ben.get_by_placeholder("Reply…").fill("an answer")
        await ben.keyboard.press("Enter")
        await page.get_by_text("1 reply").click()
        await page.get_by_role("complementary", name="Thread").get_by_text("an answer").wait_for()
        await page.get_by_role("link", name="Close the thread").click()
        await chooses(message.first, "button", "Make it a plan")
        await until(
            lambda: [one for one in desk.bot.sent if one.get("type") == "message_action"], "the shortcut"
        )
        await chooses(message.first, "button", "Delete message")
        await page.get_by_text("This message was deleted.").wait_for()
    assert "first" in desk.bot.sent[-1]["message"]["text"]


async def chooses(message: Any, role: str, name: str) -> None:
    await message.hover()
    await message.get_by_label("More for this message").first.click()
    await message.get_by_role(role, name=name).first.click()


async def test_a_file_is_sent_with_words_and_can_be_fetched_by_who_sees_it() -> None:
    async with opened_desk(Bot()) as desk:
        page = await desk.sits("ana")
        await page.get_by_label("Attach a file").set_input_files(
            {"name": "plan.csv", "mimeType": "text/csv", "buffer": b"kpi,1\n"}
        )
        await writes(page, "the plan")
        link = page.get_by_role("link", name="plan.csv")
        await link.wait_for()
        address = str(await link.get_attribute("href"))
        fetched = await page.request.get(address)
        assert await fetched.body() == b"kpi,1\n"
        assert (await page.request.get(address.replace("/as/ana/", "/as/cleo/"))).status == 404


async def test_what_slack_refuses_is_said_and_nothing_typed_is_lost() -> None:
    async with opened_desk(Bot()) as desk:
        page = await desk.sits("ana")
        await writes(page, "a root")
        await page.get_by_role("article").wait_for()
        await chooses(page.get_by_role("article"), "link", "Reply in thread")
        await page.get_by_placeholder("Reply…").fill("/plan now")
        await page.keyboard.press("Enter")
        assert "not supported in threads" in await page.get_by_role("alert").inner_text()
        await page.wait_for_function("document.querySelector('.panel textarea').value === '/plan now'")
        [refused] = desk.windows.complaints
        assert "400 (Bad Request)" in refused
        desk.windows.complaints.clear()


async def test_the_clock_turns_and_everybody_reads_it_on_their_own() -> None:
    async with opened_desk(Bot()) as desk:
        ana, ben = await desk.sits("ana"), await desk.sits("ben")
        await ana.get_by_role("button", name="+1 hour").click()
        await ana.get_by_text("Mon 23 Nov 2026, 11:00").first.wait_for()
        await ben.get_by_text("Mon 23 Nov 2026, 2:00 AM").first.wait_for()
        await ana.get_by_role("button", name="Monday 09:00").click()
        await ben.get_by_text("Mon 30 Nov 2026, 12:00 AM").first.wait_for()


async def test_unread_messages_are_counted_until_they_are_seen() -> None:
    async with opened_desk(Bot()) as desk:
        ana = await desk.sits("ana")
        await desk.office.api.chat_postMessage(channel=desk.office.ana.id, text="one")
        await desk.office.api.chat_postMessage(channel=desk.office.ana.id, text="two")
        await ana.get_by_label("2 unread").wait_for()
        await ana.get_by_role("link", name="tempo").click()
        await ana.get_by_role("log").get_by_text("two").wait_for()
        assert await ana.get_by_label("2 unread").count() == 0


async def test_a_rate_limit_ordered_in_the_inspector_meets_the_next_call_and_is_seen_there() -> None:
    async with opened_desk(Bot()) as desk:
        page = await desk.windows.new()
        await page.goto("/inspect")
        await page.get_by_role("button", name="Rate limit the next call").click()
        await page.get_by_text("rate_limited for 1 of *").wait_for()
        with pytest.raises(Exception, match="ratelimited"):
            await desk.office.api.chat_postMessage(channel=desk.office.ana.id, text="x")
        row = page.get_by_role("row", name="chat.postMessage")
        await row.wait_for()
        assert "rate_limited" in await row.inner_text()


async def test_the_blocks_of_a_message_say_where_they_are_near_a_limit() -> None:
    async with opened_desk(Bot()) as desk:
        sent = await desk.office.api.chat_postMessage(
            channel=desk.office.ana.id, text="x", blocks=[section("y" * 2_990)]
        )
        page = await desk.windows.new()
        await page.goto(f"/inspect/{sent['channel']}/{sent['ts']}")
        assert await page.get_by_text("/blocks/0/text/text: 2,990 of 3,000").count() == 1
        assert '"type": "section"' in await page.locator("#blocks").inner_text()


@pytest.mark.parametrize(
    ("button", "ordered", "seen"),
    [
        ("Slack is down for five calls", "error_503 for 5 of *", "error_503"),
        ("Lose the next answer", "drop_reply for 1 of *", "drop_reply"),
        ("Slow the next call by 2 s", "latency for 1 of *", ""),
    ],
)
async def test_a_fault_ordered_in_the_inspector_is_met_or_taken_back(
    button: str, ordered: str, seen: str
) -> None:
    async with opened_desk(Bot()) as desk:
        page = await desk.windows.on("/inspect")
        await page.get_by_role("button", name=button).click()
        await page.get_by_text(ordered).wait_for()
        await page.get_by_role("button", name="Clear").click()
        await page.get_by_text("No fault is waiting.").wait_for()
        await page.get_by_role("button", name=button).click()
        await page.get_by_text(ordered).wait_for()
        with pytest.raises(Exception) if seen else nullcontext():
            await desk.office.api.chat_postMessage(channel=desk.office.ana.id, text="x")
        row = page.get_by_role("row", name="chat.postMessage").first
        await row.wait_for()
        assert seen in await row.inner_text()


async def test_the_blocks_of_a_message_are_copied_at_a_click() -> None:
    async with opened_desk(Bot(), permissions=["clipboard-read", "clipboard-write"]) as desk:
        sent = await desk.office.api.chat_postMessage(
            channel=desk.office.ana.id, text="x", blocks=[section('of "note"')]
        )
        page = await desk.windows.on(f"/inspect/{sent['channel']}/{sent['ts']}")
        await page.get_by_role("button", name="Copy for Block Kit Builder").click()
        await page.get_by_text("Copied.").wait_for()
        copied = json.loads(await page.evaluate("navigator.clipboard.readText()"))
    assert copied["blocks"][0]["text"]["text"] == 'of "note"'


async def test_what_only_one_person_sees_goes_when_they_dismiss_it() -> None:
    async with opened_desk(Bot(reply="Only you see this.")) as desk:
        page = await desk.sits("ana")
        await writes(page, "/plan")
        notice = page.get_by_role("article").filter(has_text="Only you see this.")
        await notice.wait_for()
        await chooses(notice, "button", "Dismiss message")
        await notice.wait_for(state="detached")
        await page.reload()
        await page.get_by_role("log").wait_for()
        assert await notice.count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
async def test_no_serious_fault_of_accessibility_is_found(width: int, scheme: str) -> None:
    """By axe-core, on a conversation with everything in it, a form with every field, a thread and the inspector."""
    window = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    async with opened_desk(Bot(EVERYTHING), **window) as desk:
        await desk.office.api.conversations_join(channel=desk.office.marketing.id)
        root = await desk.office.api.chat_postMessage(channel=desk.office.marketing.id, text="a *root*")
        await desk.office.ana.says("hello <!here> `code`", to=desk.office.marketing)
        page = await desk.sits("ana")
        await finds_nothing(page, width)
        await writes(page, "/plan")
        await page.get_by_role("dialog").wait_for()
        await finds_nothing(page, width)
        await page.keyboard.press("Escape")
        await page.get_by_role("dialog").wait_for(state="detached")
        for address in (f"/as/ana/marketing/{root['ts']}", "/inspect", "/"):
            await page.goto(address)
            await finds_nothing(page, width)


async def finds_nothing(page: Any, width: int) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    found = (await Axe().run(page)).response["violations"]
    assert [
        (one["id"], [node["target"] for node in one["nodes"]][:5])
        for one in found
        if one["impact"] in ("serious", "critical")
    ] == []


async def test_without_scripts_commands_forms_and_buttons_work_all_the_same() -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("Go on", "go")]}]
    bot = Bot(modal(field("Name", {"type": "plain_text_input"}, "name")))
    async with opened_desk(bot, java_script_enabled=False) as desk:
        await desk.office.api.chat_postMessage(channel=desk.office.ana.id, text="x", blocks=blocks)
        page = await desk.sits("ana", "tempo")
        await page.get_by_role("button", name="Go on").click()
        await page.get_by_role("textbox").fill("/plan")
        await page.get_by_role("button", name="Send").click()
        await page.get_by_role("dialog").get_by_label("Name").fill("Pilot")
        await page.keyboard.press("Enter")
        await page.get_by_role("dialog").wait_for(state="detached")
    assert len(desk.actions()) == 1
    assert desk.bot.sent[-1]["view"]["state"]["values"]["name"]["in"]["value"] == "Pilot"


async def test_on_a_phone_every_place_is_a_tap_away() -> None:
    async with opened_desk(Bot(), viewport={"width": 390, "height": 844}) as desk:
        await desk.office.api.chat_postMessage(channel=desk.office.ana.id, text="hello there")
        page = await desk.sits("ana")
        assert not await page.get_by_role("link", name="tempo").is_visible()
        await page.get_by_role("link", name="Channels and messages").click()
        await page.get_by_role("link", name="tempo").click()
        await page.get_by_role("log").get_by_text("hello there").wait_for()
        assert not await page.get_by_role("link", name="marketing").is_visible()


COVERED = """message => {
    const hand = message.querySelector(".hand summary").getBoundingClientRect();
    const words = document.createTreeWalker(message.querySelector(".content"), NodeFilter.SHOW_TEXT);
    const range = document.createRange(), covered = [];
    while (words.nextNode()) {
        range.selectNodeContents(words.currentNode);
        covered.push(...[...range.getClientRects()].filter(
            line => line.right > hand.left && line.left < hand.right
                && line.top < hand.bottom - 1 && line.bottom > hand.top + 1
        ));
    }
    return covered.length;
}"""


async def test_on_a_phone_no_words_are_behind_the_menu_of_their_message() -> None:
    async with opened_desk(Bot(), viewport={"width": 390, "height": 844}) as desk:
        for number in range(2):
            await desk.office.ana.says(f"{number}: " + "many words in a line " * 8, to=desk.office.marketing)
        page = await desk.sits("ana")
        messages = page.get_by_role("article")
        await messages.nth(1).wait_for()
        assert "compact" in str(await messages.nth(1).get_attribute("class"))
        assert [await messages.nth(number).evaluate(COVERED) for number in range(2)] == [0, 0]


async def test_what_slides_into_a_long_conversation_is_there_and_what_changes_in_it_is_seen() -> None:
    async with opened_desk(Bot()) as desk:
        marketing, ben = desk.office.marketing, desk.office.ben
        said = [await ben.says(f"Message {number} of many", to=marketing) for number in range(102)]
        page, wide = await desk.sits("ana"), await desk.sits("ana", "marketing?shown=200")
        await page.get_by_text("Message 101 of many").wait_for()
        assert await page.get_by_text("Message 1 of many").count() == 0
        await ben.edits(said[40], "Message 40 is another now")
        await page.get_by_text("Message 40 is another now").wait_for()
        await ben.says("the newest", to=marketing)
        await page.get_by_text("the newest").wait_for()
        assert await page.get_by_role("article").count() == 100
        for number in (99, 100, 101):
            await ben.deletes(said[number])
        await page.get_by_text("Message 0 of many").wait_for()
        expected = [f"Message {number} of many" for number in range(99)] + ["the newest"]
        expected[40] = "Message 40 is another now"
        assert await page.locator("article .text").all_inner_texts() == expected
        await wide.get_by_text("Message 99 of many").wait_for(state="detached")
        assert await wide.locator("article .text").all_inner_texts() == expected


async def test_a_page_that_lacks_a_message_that_is_the_same_gets_it_whole() -> None:
    async with opened_desk(Bot()) as desk:
        marketing, ben = desk.office.marketing, desk.office.ben
        await ben.says("the oldest", to=marketing)
        page = await desk.sits("ana")
        await ben.says("one more", to=marketing)
        await page.get_by_text("one more").wait_for()
        await page.evaluate("document.querySelector('article').remove()")
        await ben.says("and another", to=marketing)
        await page.get_by_text("and another").wait_for()
        texts = await page.locator("article .text").all_inner_texts()
        assert texts == ["the oldest", "one more", "and another"]
