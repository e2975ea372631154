import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from io import BytesIO

import pytest

from domain.drafts import Draft, DraftInitiative, DraftKpi, DraftMilestone, PlanField
from domain.reading.drafts.files import MAX_PLAN_BYTES, TEMPLATE, read_plan_file, with_fields
from domain.reading.drafts.plans import MOST_LINES
from domain.reading.separated import BadFileError
from domain.reading.workbooks import MAX_UNPACKED
from tests.support.drafts import shown
from tests.support.workbooks import book_of, saved

TODAY = date(2026, 11, 26)  # a Thursday
MARCH = date(2027, 3, 31)
PLAN = "Initiative,Owner,Due,Budget\nNewsletter relaunch,Jörg Weiß,31 March,£1200\n"
UNDERSTOOD = "1 initiative: Newsletter relaunch | owner Jörg Weiß | due 2027-03-31 | budget £1200\n"


def lines(draft: Draft) -> str:
    return "".join(line for line in shown(draft).splitlines(keepends=True) if not line.startswith("columns:"))


def workbook(*rows: Sequence[object], forms: dict[str, str] | None = None) -> bytes:
    book = book_of(rows, forms)
    second = book.create_sheet("Ideas")
    second.append(["Initiative", "Owner"])
    second.append(["Not this one", "Tom"])
    return saved(book)


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its files changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        PLAN.encode(),
        PLAN.encode("utf-8-sig"),
        PLAN.encode("utf-16"),
        PLAN.encode("cp1252"),
        PLAN.replace(",", ";").encode(),
        PLAN.replace(",", "\t").encode(),
        PLAN.replace("\n", "\r\n").encode(),
        PLAN.replace("Newsletter relaunch", '"Newsletter\nrelaunch"').encode(),
        f"\n\n{PLAN}\n,,,\n".encode(),
    ],
    ids=[
        "utf-8",
        "with a mark",
        "utf-16",
        "windows",
        "semicolons",
        "tabs",
        "carriage returns",
        "two lines in a cell",
        "empty rows",
    ],
)
def test_a_csv_file_is_read_however_it_is_written(content: bytes) -> None:
    assert lines(read_plan_file("plan.csv", content, TODAY)) == UNDERSTOOD


def test_rows_above_the_heading_are_named() -> None:
    draft = read_plan_file("plan.csv", f"Our spring,,,\n{PLAN}".encode(), TODAY)
    assert lines(draft).startswith("1 ? Our spring\n2 initiative: Newsletter relaunch")


def test_a_file_of_plain_lines_is_read_as_pasted_ones() -> None:
    content = b"Newsletter relaunch @maya by 31 March\nmilestone First issue 15 Jan @ines\n"
    for name in ("plan.txt", "plan.csv"):
        assert lines(read_plan_file(name, content, TODAY)) == (
            "1 initiative: Newsletter relaunch | owner @maya | due 2027-03-31\n"
            "2 milestone: First issue | due 2027-01-15 | person @ines | of 1\n"
        )


def test_a_markdown_file_has_its_tables_read() -> None:
    content = b"# Spring\n\n| Project | Lead | Deadline |\n|---|---|---|\n| Results page | Tom | 31 March |\n\n* KPI Visits 10 -> 20\n"
    assert lines(read_plan_file("plan.md", content, TODAY)) == (
        "1 ? Spring\n"
        "2 initiative: Results page | owner Tom | due 2027-03-31\n"
        "3 kpi: Visits | 10→20 | way increase to\n"
    )


def test_the_first_sheet_of_a_workbook_is_read_as_it_is_shown() -> None:
    content = workbook(
        ["Harbor Lights, spring"],
        [],
        ["Initiative", "Owner", "Start", "Due", "KPI", "Baseline", "Target", "Budget"],
        [
            "Newsletter relaunch",
            "Maya Okafor",
            date(2026, 11, 23),
            datetime.combine(MARCH, time.min),
            "subscribers",
            4200,
            6000,
            1200,
        ],
        ["Results page", "@tom", None, "end of Q1", "visits that give", 0.008, 0.016, "CHF 900"],
        ["Answer desk", "Priya", None, None, "answers a day", 12.125, 15, None],
        forms={"H4": '"£"#,##0.00', "F5": "0.0%", "G5": "0.0%"},
    )
    assert lines(read_plan_file("plan.xlsx", content, TODAY)) == (
        "1 ? Harbor Lights, spring\n"
        "2 initiative: Newsletter relaunch | owner Maya Okafor | start 2026-11-23 | due 2027-03-31"
        " | metric subscribers 4200→6000 | budget £1200\n"
        "3 initiative: Results page | owner @tom | due 2027-03-31 | metric visits that give 0.8→1.6 [%] | budget CHF 900\n"
        "4 initiative: Answer desk | owner Priya | metric answers a day 12.125→15\n"
    )


def test_a_formula_counts_by_its_value_and_one_without_is_named() -> None:
    content = workbook(["Initiative", "Owner", "Budget"], ["Newsletter relaunch", "Maya", "=2*600"])
    assert lines(read_plan_file("plan.xlsx", content, TODAY)) == (
        "1 initiative: Newsletter relaunch | owner Maya ? Budget: =2*600\n"
    )
    sheet = "xl/worksheets/sheet1.xml"
    worked_out = with_part(
        content, sheet, lambda xml: xml.replace(b"<f>2*600</f><v />", b"<f>2*600</f><v>1200</v>")
    )
    assert worked_out != content
    assert lines(read_plan_file("plan.xlsx", worked_out, TODAY)) == (
        "1 initiative: Newsletter relaunch | owner Maya | budget 1200\n"
    )
    assert lines(read_plan_file("plan.csv", b"Initiative,Owner,Budget\nNewsletter,Maya,=2*600\n", TODAY)) == (
        "1 initiative: Newsletter | owner Maya ? Budget: =2*600\n"
    )


SMALL = workbook(["Initiative", "Owner"], ["Newsletter relaunch", "Maya"])
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"x" * (MAX_PLAN_BYTES + 1), "larger than 1 MB"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "old kind"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged"),
        (
            "a.docx",
            with_part(SMALL, "xl/workbook.xml", bytes).replace(b"xl/workbook.xml", b"xl/workdoc1.xml"),
            "no workbook",
        ),
        (
            "a.xlsx",
            with_part(SMALL, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * MAX_UNPACKED),
            "unpacks to more",
        ),
        (
            "a.xlsx",
            with_part(SMALL, "xl/worksheets/sheet1.xml", lambda xml: ENTITIES + xml),
            "could not open",
        ),
        ("a.xlsx", with_part(SMALL, "xl/worksheets/sheet1.xml", lambda _: b"<a>"), "could not open"),
        ("a.csv", PLAN.encode("utf-16")[2:], "Line 1: it holds zero bytes"),
        (
            "a.csv",
            b"Initiative,Owner\n" + b"Newsletter,Maya\n" * (MOST_LINES + 1),
            "more than 200 rows",
        ),
        ("a.md", ("- Newsletter @maya\n" * (MOST_LINES + 1)).encode(), "more than 200 lines"),
        ("a.csv", TEMPLATE.encode(), "no initiative, KPI or milestone"),
        ("a.csv", b'Initiative,Owner\n"' + b"a" * 200_000, "does not end"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(name: str, content: bytes, told: str) -> None:
    with pytest.raises(BadFileError, match=told):
        read_plan_file(name, content, TODAY)


def test_a_workbook_that_understates_what_it_unpacks_to_is_read_no_further() -> None:
    big = with_part(SMALL, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * MAX_UNPACKED)
    with zipfile.ZipFile(BytesIO(big)) as opened:
        size = opened.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = big.replace(size.to_bytes(4, "little"), (700).to_bytes(4, "little"))
    assert lying != big
    with pytest.raises(BadFileError, match="could not open"):
        read_plan_file("a.xlsx", lying, TODAY)


def test_a_sheet_that_says_it_ends_with_the_last_row_there_is_takes_no_longer() -> None:
    lying = with_part(
        SMALL, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'"A1:B2"', b'"A1:XFD1048576"')
    )
    assert lying != SMALL
    assert lines(read_plan_file("a.xlsx", lying, TODAY)) == "1 initiative: Newsletter relaunch | owner Maya\n"


def test_the_template_is_read_as_it_says_and_its_examples_are_left_out() -> None:
    filled = f"{TEMPLATE}Milestone,First issue,Ines,,15 Jan,,,,,,,Newsletter relaunch,\nInitiative,Newsletter relaunch,Maya\n"
    draft = read_plan_file("plan.csv", filled.encode(), TODAY)
    assert lines(draft) == (
        "1 milestone: First issue | due 2027-01-15 | person Ines | of 2\n2 initiative: Newsletter relaunch | owner Maya\n"
    )
    assert None not in draft.columns[0].fields
    examples = read_plan_file("plan.csv", TEMPLATE.replace("Example: ", "").encode(), TODAY)
    kinds = [type(line.item) for line in examples.lines]
    assert kinds == [DraftInitiative, DraftKpi]
    assert all(line.unread == () and line.missing == () for line in examples.lines)


def test_columns_taken_wrongly_are_corrected_and_all_else_stays() -> None:
    content = b"Initiative,Pilot,Final\nNewsletter relaunch,Maya,31 March\nResults page,Tom,30 April\n"
    read = read_plan_file("plan.csv", b"Initiative,Owner,Final\n" + content.partition(b"\n")[2], TODAY)
    assert read.columns[0].fields == (PlanField.INITIATIVE, PlanField.OWNER, None)
    corrected = with_fields(read, 0, (PlanField.INITIATIVE, PlanField.OWNER, PlanField.DUE), TODAY)
    assert lines(corrected) == (
        "1 initiative: Newsletter relaunch | owner Maya | due 2027-03-31\n"
        "2 initiative: Results page | owner Tom | due 2027-04-30\n"
    )
    both = Draft().plus(read_plan_file("plan.md", b"KPI Visits 1 -> 2", TODAY)).plus(read.without_line(1))
    again = with_fields(both, 0, (PlanField.MILESTONE, PlanField.OWNER, PlanField.DUE), TODAY)
    assert [line.number for line in again.lines] == [1, 3]
    assert isinstance(again.lines[1].item, DraftMilestone)


def test_partners_in_several_columns_are_all_read() -> None:
    content = (
        b"Initiative,Partner,Supporting team\nNewsletter relaunch,Ines,tbd\nResults page,Tom: photos,Sam\n"
    )
    assert lines(read_plan_file("plan.csv", content, TODAY)) == (
        "1 initiative: Newsletter relaunch | partner Ines ? Supporting team: tbd\n"
        "2 initiative: Results page | partner Tom (photos) | partner Sam\n"
    )


def test_a_single_day_under_when_is_the_day_something_is_due() -> None:
    content = "Initiative,Wann,KPI,Heute,Soll\nBrief,31.3.2027,Öffnungen,10,20\nKarten,1.2. - 28.2.2027,Karten,1,9\n"
    assert lines(read_plan_file("plan.csv", content.encode(), TODAY)) == (
        "1 initiative: Brief | due 2027-03-31 | metric Öffnungen 10→20\n"
        "2 initiative: Karten | start 2027-02-01 | due 2027-02-28 | metric Karten 1→9\n"
    )


def test_a_task_board_by_projects_gives_milestones() -> None:
    """The columns of Taskworld's CSV template.

    Source: https://help.taskworld.com/en/articles/11477118-mapping-data-for-csv-import
    """
    content = (
        b"Project,Tasklist,Task,Description,Assigned To,Followers,Completion Date,Start Date,Due Date,Tags\n"
        b"Newsletter relaunch,Content,First issue,The pilot,ines@harbor.org,,,2026-12-01,2027-01-15,mail\n"
        b"Newsletter relaunch,Content,Reader survey,,ines@harbor.org,,2026-11-20,,2026-11-20,mail\n"
    )
    assert lines(read_plan_file("export.csv", content, TODAY)) == (
        "1 milestone: First issue | due 2027-01-15 | person ines@harbor.org | of Newsletter relaunch ? Start Date: 2026-12-01\n"
        "2 ? Newsletter relaunch · Content · Reader survey · ines@harbor.org · 2026-11-20 · 2026-11-20 · mail\n"
    )


def test_objectives_with_a_metric_each_give_kpis() -> None:
    """The columns of Peoplecues' bulk upload of objectives.

    Source: https://docs.xto10x.com/peoplecues/objectives/objectives-bulk-upload
    """
    content = (
        b"Objective Title,Owner_Email_ID,Start_Date,Due_Date,Description,Metric_Name,Metric_Type,Metric_Start_Value,Metric_Target_Value\n"
        b"Families meet us early,maya@harbor.org,2027-01-01,2027-03-31,,subscribers,Number,4200,6000\n"
    )
    assert lines(read_plan_file("export.csv", content, TODAY)) == (
        "1 kpi: subscribers | 4200→6000 | way increase to | due 2027-03-31 | owner maya@harbor.org"
        " | goal Families meet us early ? Start_Date: 2027-01-01\n"
    )
