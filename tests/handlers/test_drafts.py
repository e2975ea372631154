"""A plan pasted, seen, corrected and started; until then nobody is told anything."""

from datetime import timedelta

from sandbox import Form, Person
from tests.support.office import GIVERS, STRATEGY_FIELDS, SUBSCRIBERS, Office
from tests.support.setting_up import fill_setup

PLAN = """\
Newsletter relaunch @maya by 31 March, newsletter subscribers 4,200→6,000, £1,200, decides subject and layout
Giver referral programme @ben by 28 February, referred givers 0→60, £3,000
KPI Monthly givers 310→420 by 31 March @tom monthly
milestone First issue 15 January @ben
Bring more biscuits
"""


async def pastes(person: Person, plan: str) -> Form:
    """What stands in the window then."""
    await person.fill({"Your plan": plan})
    form = await person.submit()
    assert form is not None
    assert form.errors == {}
    return form


async def imports(office: Office, person: Person, plan: str = "") -> Form:
    await person.command("/rhythm", "import", channel=office.marketing)
    assert person.form is not None
    return await pastes(person, plan) if plan else person.form


async def starts(office: Office, person: Person) -> Form:
    form = await person.submit()
    await office.slack.settled()
    assert form is not None
    return form


def heard(office: Office) -> int:
    """Messages that anybody but Maya got."""
    others = (office.ben, office.tom, office.ruth)
    return sum(len(person.dm.messages) for person in others) + len(office.marketing.messages)


async def test_setting_up_goes_on_to_the_plan_which_is_seen_and_started_in_one_window(office: Office) -> None:
    await office.maya.command("/rhythm", "setup", channel=office.marketing)
    await fill_setup(office.maya, STRATEGY_FIELDS)
    form = await office.maya.submit()
    assert form is not None
    assert "Harbor Lights is set up. Now the plan" in form.drawn
    before = heard(office) + 1  # the announcement
    seen = await pastes(office.maya, PLAN)
    await office.slack.settled()

    assert "I understood 2 initiatives, 1 KPI and 1 milestone. One line I did not understand." in seen.drawn
    assert "@Maya Okafor · by 31 Mar · newsletter subscribers 4,200 → 6,000 · £1,200" in seen.drawn
    assert f"Goal 1: {SUBSCRIBERS}" in seen.drawn
    assert "for goal 1" in seen.drawn
    assert seen.drawn.count(SUBSCRIBERS) == 1
    assert "First issue · milestone of Giver referral programme" in seen.drawn
    assert "“Bring more biscuits”" in seen.drawn
    assert seen.labels == ["Giver referral programme, goal it serves"]
    assert heard(office) == before
    assert office.initiatives() == {}

    await office.maya.fill({"Giver referral programme, goal it serves": GIVERS})
    started = await starts(office, office.maya)
    assert "Started: 2 initiatives, 1 KPI and 1 milestone." in started.drawn
    assert "“Bring more biscuits”" in started.drawn
    assert set(office.initiatives()) == {"Newsletter relaunch", "Giver referral programme"}
    assert "Will you own Giver referral programme?" in "".join(m.drawn for m in office.ben.dm.messages)
    assert "counts on you for the milestone First issue" in "".join(m.drawn for m in office.ben.dm.messages)
    assert "Monthly givers" in await office.asks(office.tom, "/kpi", "list")


async def test_what_cannot_be_made_stays_and_says_why_and_what_can_is_made(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(
        office,
        office.maya,
        "Newsletter relaunch @maya by 31 March, newsletter subscribers 4,200→6,000\n"
        "The archive @maya, newsletter subscribers 5→50\n"
        "Letters @zoe by 31 March, newsletter subscribers 1→2\n"
        "KPI Page views 100→900 by 31 March @maya, goal 1",
    )
    form = await starts(office, office.maya)

    assert "Started: 1 initiative." in form.drawn
    assert "Due: Choose the day it is due." in form.drawn
    assert "Owner: Choose the one person who owns it." in form.drawn
    assert "It can grow while nothing gets better." in form.drawn
    assert set(office.initiatives()) == {"Newsletter relaunch"}
    await office.maya.fill({"Letters, owner: who is @zoe?": "@Ben Carter"})
    (keep,) = (label for label in form.labels if label.startswith("Page views"))
    await office.maya.fill({keep: ["Keep it; it is noted that I chose it"]})
    form = await starts(office, office.maya)
    assert "Started: 1 initiative and 1 KPI." in form.drawn
    assert set(office.initiatives()) == {"Newsletter relaunch", "Letters"}
    assert "kept by @Maya Okafor although it may look good without being good" in await office.asks(
        office.maya, "/kpi", "list"
    )


async def test_a_sixth_initiative_stays_in_the_draft(harbor_lights: Office) -> None:
    office = harbor_lights
    names = ("Archive", "Books", "Cards", "Dances", "Evenings", "Fairs")
    lines = [f"{name} @maya by 31 March, newsletter subscribers 10→20" for name in names]
    await imports(office, office.maya, "\n".join(lines))
    form = await starts(office, office.maya)

    assert "Started: 5 initiatives." in form.drawn
    assert "already has 5 initiatives" in form.drawn
    assert set(office.initiatives()) == set(names[:5])


async def test_a_line_is_edited_in_its_own_words(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(office, office.maya, PLAN)
    await office.maya.click("Edit…", near="Giver referral")
    form = office.maya.form
    assert form is not None
    assert form.values["In your words"] == PLAN.splitlines()[1]
    assert form.values["Owner (@ben)"] == "@Ben Carter"
    await office.maya.fill({"In your words": "Referrals @tom by 1 February, referred givers 0→80, goal 2"})
    form = await office.maya.submit()
    assert form is not None
    assert "@Tom Lindqvist · by 1 Feb · referred givers 0 → 80" in form.drawn
    assert f"Goal 2: {GIVERS}" in form.drawn
    assert "for goal 2" in form.drawn

    await office.maya.click("Edit…", near="Referrals")
    await office.maya.fill({"Owner (@tom)": "@Ruth Adler", "Goal it serves": SUBSCRIBERS})
    form = await office.maya.submit()
    assert form is not None
    assert "@Ruth Adler · by 1 Feb" in form.drawn
    await office.maya.click("Edit…", near="biscuits")
    await office.maya.click("Leave it out")
    assert office.maya.form is not None
    assert "biscuits" not in office.maya.form.drawn


async def test_a_draft_is_shared_resumed_and_discarded(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(office, office.maya, PLAN)
    await office.maya.close()
    resumed = await imports(office, office.ruth)
    assert "I understood 2 initiatives" in resumed.drawn
    await office.ruth.click("Discard…")
    assert office.ruth.form is not None
    assert "The draft is gone" in office.ruth.form.drawn
    assert "Paste the plan of Harbor Lights" in (await imports(office, office.maya)).drawn


async def test_whoever_a_plan_names_hears_of_it_in_one_message(harbor_lights: Office) -> None:
    office = harbor_lights
    plan = (
        "Letters @ben by 31 March, newsletter subscribers 10→20, sponsor @ruth\n"
        "Cards @ben by 31 March, newsletter subscribers 20→30, sponsor @ruth\n"
        "KPI Monthly givers 310→420 by 31 March @ben\nKPI Newsletter subscribers 10→20 by 31 March @ben"
    )
    await imports(office, office.maya, plan)
    await starts(office, office.maya)
    await office.slack.clock.advance(by=timedelta(days=2))
    [ben] = office.ben.dm.messages
    assert ben.drawn.startswith("Maya Okafor asks you to own 2 initiatives in Harbor Lights")
    assert (
        "You also report Monthly givers and Newsletter subscribers: your check-ins ask for them." in ben.drawn
    )
    assert ben.buttons == ["Accept both", "One by one…"]


async def test_a_second_import_adds_and_asks_about_what_sounds_alike(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.add("Newsletter relaunch")
    form = await imports(
        office,
        office.maya,
        "Newsletter re-launch @ben by 31 March, newsletter subscribers 4,200→6,000\n"
        "Newsletter relaunch @ben by 31 March, newsletter subscribers 4,200→6,000",
    )
    label = "Newsletter re-launch sounds like Newsletter relaunch, which is there already"
    assert label in form.labels
    form = await starts(office, office.maya)
    assert "Say whether it is the same" in form.drawn
    assert "already has an initiative of this name" in form.drawn
    await office.maya.fill({label: "It is the same: leave it out"})
    form = await starts(office, office.maya)
    assert "re-launch" not in form.drawn
    assert len(office.initiatives()) == 1


async def test_who_edits_a_line_that_another_lead_has_changed_sees_that_first(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(office, office.maya, PLAN)
    await imports(office, office.ruth)
    for lead in (office.maya, office.ruth):
        await lead.click("Edit…", near="Giver referral")
    await office.maya.fill({"In your words": "Referrals of Maya @ben by 1 February, referred givers 0→80"})
    await office.maya.submit()
    theirs = "Referrals of Ruth @ben by 2 February, referred givers 0→90"
    await office.ruth.fill({"In your words": theirs})
    form = await office.ruth.submit()
    assert form is not None
    assert "Maya Okafor has changed this line since you opened it" in form.drawn
    assert "Referrals of Maya" in form.drawn
    assert form.values["In your words"] == theirs
    form = await office.ruth.submit()
    assert form is not None
    assert "Referrals of Ruth" in form.drawn


async def test_who_starts_a_draft_that_another_lead_has_changed_sees_it_first(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(office, office.maya, PLAN)
    await imports(office, office.ruth)
    await office.ruth.click("Edit…", near="biscuits")
    await office.ruth.click("Leave it out")
    form = await starts(office, office.maya)
    assert "Ruth Adler has changed this plan since you opened it" in form.drawn
    assert office.initiatives() == {}
    await starts(office, office.maya)
    form = await starts(office, office.ruth)
    assert "has changed this plan since you opened it" in form.drawn or "no draft any more" in form.drawn
    assert len(office.initiatives()) == 1


async def test_forty_lines_stand_on_pages_and_none_is_lost(harbor_lights: Office) -> None:
    office = harbor_lights
    plan = "\n".join(f"Work {number:02} @nobody by 31 March, doors {number}→90" for number in range(1, 41))
    form = await imports(office, office.maya, plan)
    seen = form.drawn
    for _ in range(5):
        if "More →" not in form.buttons:
            break
        await office.maya.click("More →")
        assert office.maya.form is not None
        form = office.maya.form
        seen += form.drawn
    assert all(f"Work {number:02} · initiative" in seen for number in range(1, 41))


async def test_a_plan_without_a_line_is_sent_back(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(office, office.maya)
    errors = await office.errors(office.maya, {"Your plan": "---"})
    assert list(errors) == ["Your plan"]


async def test_an_example_stands_below_what_is_typed_and_starts_once_people_are_chosen(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await imports(office, office.maya)
    await office.maya.fill(
        {"Your plan": "Newsletter relaunch @maya by 31 March, newsletter subscribers 10→20"}
    )
    await office.maya.chooses("Start from an example", "Fundraising")
    form = office.maya.form
    assert form is not None
    assert form.values["Your plan"].startswith("Newsletter relaunch @maya")
    assert "Spring appeal" in form.values["Your plan"]
    form = await office.maya.submit()
    assert form is not None
    for label in form.labels:
        if not label.endswith("a KPI?"):
            await office.maya.fill({label: "@Ben Carter" if label.endswith("owner") else GIVERS})
    form = await starts(office, office.maya)
    assert "Started: 4 initiatives, 3 KPIs and 1 goal." in form.drawn
    assert "A strategy has at most 3 goals" in form.drawn
    assert [goal.text for goal in office.strategy.goals][2].startswith(
        "Monthly givers from 310 to 420 within"
    )
    assert "Spring appeal" not in office.initiatives(), "the goal it is for found no room"


CSV = (
    "Type,Name,Owner,Due,Metric,Baseline,Target\n"
    "Initiative,Letters,Ben Carter,2027-03-31,newsletter subscribers,10,20\n"
    "KPI,Monthly givers,Maya Okafor,2027-03-31,,310,420\n"
)


async def test_a_file_in_the_form_comes_into_the_draft_and_a_row_is_corrected_cell_by_cell(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await imports(office, office.maya)
    await office.slack.settled()
    template = next(file for file in office.slack.workspace.files.values() if file.name == "plan.csv")
    assert template.content is not None
    assert b"Type,Name,Owner" in template.content
    await office.maya.fill({"Or a file": {"plan.csv": CSV.encode()}})
    form = await office.maya.submit()
    await office.slack.settled()
    assert form is not None
    assert "I am reading the file" in form.drawn
    await office.maya.close()
    told = office.maya.dm.messages[-1]
    assert "plan.csv: I understood 1 initiative and 1 KPI." in told.drawn

    await office.maya.click("Open the plan…", message=told)
    assert office.maya.form is not None
    assert "Letters · initiative\n@Ben Carter" in office.maya.form.drawn
    await office.maya.click("Edit…", near="Letters")
    await office.maya.fill({"Target": "25"})
    form = await office.maya.submit()
    assert form is not None
    assert "10 → 25" in form.drawn
    await starts(office, office.maya)
    assert set(office.initiatives()) == {"Letters"}


async def test_a_file_that_cannot_be_read_says_why(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(office, office.maya)
    await office.maya.fill({"Or a file": {"plan.xlsx": b"PK no workbook"}})
    await office.maya.submit()
    await office.slack.settled()
    assert "plan.xlsx: I could not read it." in office.maya.dm.messages[-1].drawn
    assert "Save it again" in office.maya.dm.messages[-1].drawn


async def test_a_plan_sent_to_the_bot_is_asked_about_and_read_once_its_writer_says_so(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    long = PLAN + "\n".join(
        f"Work {number:02} @ben by 31 March, doors {number}→90" for number in range(1, 80)
    )
    assert len(long) > 3000
    await office.maya.says(long)
    await office.slack.settled()
    asked = office.maya.dm.messages[-1]
    assert "looks like a plan. Shall I read it?" in asked.drawn
    await office.maya.click("Read it for Harbor Lights", message=asked)
    assert office.maya.form is not None
    assert "I understood 81 initiatives, 1 KPI and 1 milestone." in office.maya.form.drawn
    await office.maya.close()
    await office.maya.click("Read it for Harbor Lights", message=asked)
    assert "I understood 81 initiatives" in office.maya.form.drawn

    before = len(office.ben.dm.messages)
    await office.ben.says(PLAN)
    await office.slack.settled()
    assert "looks like a plan" not in "".join(m.drawn for m in office.ben.dm.messages[before:])


async def test_a_file_sent_to_the_bot_is_asked_about(harbor_lights: Office) -> None:
    office = harbor_lights
    await office.maya.uploads("plan.csv", CSV.encode())
    await office.slack.settled()
    await office.maya.click("Read it for Harbor Lights")
    await office.slack.settled()
    assert "plan.csv: I understood 1 initiative and 1 KPI." in office.maya.dm.messages[-1].drawn


TABLE = """\
Project,Captain,Ready,Budget,Status
Letters,Ben Carter,2027-03-31,£500,drafting
Cards,Tom Lindqvist,2027-02-28,£300,idea
"""


async def test_columns_taken_wrongly_are_corrected_in_a_form_and_what_was_changed_in_a_row_stays(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    form = await imports(office, office.maya, TABLE)
    assert "Project → initiative · Budget → budget · left out: Captain, Ready, Status" in form.drawn
    await office.maya.click("Edit…", near="Letters")
    await office.maya.fill({"Budget": "£700", "Goal it serves": GIVERS})
    await office.maya.submit()

    await office.maya.fill({"Cards, goal it serves": SUBSCRIBERS})
    await office.maya.click("Columns…")
    await office.maya.fill({"Captain": "Owner", "Ready": "Owner"})
    assert list(await office.errors(office.maya, {})) == ["Ready"]
    await office.maya.fill({"Project": "Leave out", "Ready": "Due date"})
    assert list(await office.errors(office.maya, {})) == ["Project"]
    await office.maya.fill({"Project": "Initiative"})
    saved = await office.maya.submit()
    assert saved is not None
    assert (
        "Project → initiative · Captain → owner · Ready → due date · Budget → budget · left out: Status"
        in (saved.drawn)
    )
    assert "@Ben Carter · by 31 Mar · £700 · for goal 2" in saved.drawn
    assert "@Tom Lindqvist · by 28 Feb · £300 · for goal 1" in saved.drawn


async def test_who_saves_columns_that_another_lead_has_changed_sees_that_first(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(office, office.maya, TABLE)
    await imports(office, office.ruth)
    for lead in (office.maya, office.ruth):
        await lead.click("Columns…")
    await office.maya.fill({"Captain": "Owner"})
    await office.maya.submit()
    await office.ruth.fill({"Captain": "Sponsor", "Ready": "Due date"})
    form = await office.ruth.submit()
    assert form is not None
    assert "Maya Okafor has changed this plan since you opened it" in form.drawn
    assert "Captain → owner" in form.drawn
    assert form.values["Captain"] == "Sponsor"
    form = await office.ruth.submit()
    assert form is not None
    assert "Captain → sponsor · Ready → due date" in form.drawn


async def test_a_kpi_that_came_with_a_plan_is_missed_until_it_says_what_is_done_if_it_falls_short(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await imports(office, office.maya, "KPI Monthly givers 310→420 by 31 March @tom monthly")
    await starts(office, office.maya)
    await office.maya.close()
    line = "Nobody has said yet what you do if Monthly givers falls short."
    assert line in await office.asks(office.maya, "/rhythm", "status")
    await office.maya.click("If Monthly givers falls short…")
    await office.maya.fill({"What will we do if it falls short?": "Ring the lapsed givers"})
    await office.maya.submit()
    await office.slack.settled()
    assert line not in await office.asks(office.maya, "/rhythm", "status")


ALIKE = (
    "Newsletter relaunch @maya by 31 March, newsletter subscribers 4,200→6,000\n"
    "Letters @ben by 31 March, givers 310→420\n"
    "KPI Subscribers 4,200→6,000 by 31 March @maya\n"
    "KPI Monthly givers 310→420 by 31 March @tom\n"
)
RELAUNCH = "Newsletter relaunch: is “newsletter subscribers” a KPI?"
LETTERS = "Letters: is “givers” a KPI?"


def one_numbers(office: Office) -> dict[str, list[bool]]:
    """By initiative, which of its metrics are KPIs."""
    return {
        name: [metric.kpi_id is not None for metric in one.metrics]
        for name, one in office.initiatives().items()
    }


async def test_a_metric_alike_a_kpi_of_the_plan_is_filled_in_as_one_number_and_becomes_it(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    form = await imports(office, office.maya, ALIKE)
    assert form.values[RELAUNCH] == "Subscribers"
    assert form.values[LETTERS] == "Monthly givers"
    await office.maya.fill({LETTERS: "No, a number of its own"})
    await starts(office, office.maya)
    assert one_numbers(office) == {"Newsletter relaunch": [True], "Letters": [False]}
    reply = await office.asks(office.maya, "/kpi", "update subscribers 4,310")
    assert "4,310" in reply
    assert office.initiatives()["Newsletter relaunch"].metrics[0].value == 4310


async def test_what_was_chosen_of_a_number_stays_while_the_plan_is_edited(harbor_lights: Office) -> None:
    office = harbor_lights
    await imports(office, office.maya, ALIKE)
    await office.maya.fill({RELAUNCH: "No, a number of its own"})
    await office.maya.click("Edit…", near="Newsletter relaunch")
    await office.maya.fill(
        {"In your words": "The relaunch @maya by 31 March, newsletter subscribers 4,200→7,000"}
    )
    form = await starts(office, office.maya)
    assert form.values["The relaunch: is “newsletter subscribers” a KPI?"] == "No, a number of its own"
    await starts(office, office.maya)
    assert one_numbers(office) == {"The relaunch": [False], "Letters": [True]}


async def test_a_kpi_that_two_metrics_are_like_is_left_to_be_chosen_and_one_there_already_is_known(
    harbor_lights: Office,
) -> None:
    office = harbor_lights
    await imports(office, office.maya, "KPI Monthly givers 310→420 by 31 March @tom")
    await starts(office, office.maya)
    two = "Letters @ben by 31 March, givers 310→420\nCalls @tom by 31 March, monthly givers 310→400"
    form = await imports(office, office.maya, two)
    calls = "Calls: is “monthly givers” a KPI?"
    assert form.values[LETTERS] == form.values[calls] == "No, a number of its own"
    await office.maya.fill({calls: "Monthly givers"})
    await starts(office, office.maya)
    assert one_numbers(office) == {"Letters": [False], "Calls": [True]}
