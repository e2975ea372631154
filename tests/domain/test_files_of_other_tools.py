"""Files as spreadsheets, analytics and CRMs write them: read as they are, or named by line. The figures are made up."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.reading.csv_files import ReadingsFile, read_readings
from domain.reading.drafts.files import read_plan_file
from domain.reading.separated import BadFileError
from tests.domain.kpis_to_read import ALL
from tests.support.drafts import shown
from tests.support.workbooks import book_of, saved

TODAY = date(2027, 1, 4)
NOV, DEC = "30 Nov", "1 Dec"


def told(file: ReadingsFile) -> list[tuple[str, str, str]]:
    return [
        (one.kpi.name, f"{one.on.day} {one.on:%b}", f"{one.value.normalize():f}") for one in file.readings
    ]


def workbook(*rows: Sequence[object], forms: dict[str, str] | None = None) -> bytes:
    return saved(book_of(rows, forms))


GIVERS = [("Monthly givers", NOV, "312"), ("Monthly givers", DEC, "1250")]
COSTS = [("Cost per new giver", NOV, "49.5"), ("Cost per new giver", DEC, "47.25")]
BOTH = [GIVERS[0], COSTS[0], GIVERS[1], COSTS[1]]
GOOGLE_ANALYTICS = """\
# ----------------------------------------
# Givers by day, "all users"
# Account: Harbor Lights
# Property: Harbor Lights - GA4
# ----------------------------------------
#
# Start date: 20261130
# End date: 20261201
Date,Monthly givers,Active users
20261130,312,1804
20261201,1250,1799

,1562,3603,Grand total
"""
GOOGLE_ADS = """\
Cost report
30 November 2026 - 1 December 2026
Day\tCampaign\tCost per new giver (GBP)\tClicks
2026-11-30\tSwim camp\t49.50\t1,204
2026-12-01\tSwim camp\t47.25\t988
Total: Account\t --\t48.38\t2,192
"""
HUBSPOT = """\
"Date","Monthly givers","Cost per new giver"
"2026-11-30 00:00","312","49.50"
"2026-12-01 00:00","1,250","47.25"
"Total","1,562","96.75"
"""
EXCEL_GERMAN = "sep=;\r\nKennzahl;Datum;Wert;Notiz\r\nMonthly givers;30.11.2026;312,00;Gala\r\nMonthly givers;01.12.2026;1.250;\r\n"
EXCEL_BRITISH = 'kpi,date,value\r\nMonthly givers,30/11/2026,312\r\nMonthly givers,01/12/2026,"1,250"\r\n'
EXCEL_AMERICAN = (
    'kpi,date,value\r\nMonthly givers,11/30/2026 0:00,312.0\r\nMonthly givers,12/1/2026 0:00,"1,250"\r\n'
)
SHEETS = 'Metric,Date,Value\nMonthly givers,"Nov 30, 2026",312\nMonthly givers,"Dec 1, 2026","1,250.00"\n'
SHEETS_TABS = "Monthly givers\tDay\n312\t30-Nov-26\n1.250,0\t01-Dec-26\n"
MAILCHIMP = '\ufeffDate,Monthly givers,Opens\n"Nov 30, 2026 09:00 am",312,"4,801"\n"Dec 01, 2026 09:00 am","1,250","4,799"\n'
BIG_QUERY = "kpi,date,value\nMonthly givers,2026-11-30 00:00:00 UTC,312\nMonthly givers,2026-12-01 00:00:00.000000 UTC,1250\n"
API_EXPORT = "metric;day;value\nMonthly givers;2026-11-30T00:00:00Z;312\nMonthly givers;2026-12-01T00:00:00+01:00;1250\n"
GUARDED = 'kpi,date,value\nMonthly givers,="2026-11-30",312\nMonthly givers,="2026-12-01",="1250"\n'
SWISS = "kpi;date;value\nCost per new giver;30.11.2026;£ 49.50\nCost per new giver;1.12.2026;£ 47.25\nMonthly givers;1.12.2026;1’250\n"
FRENCH = "kpi;date;value\nMonthly givers;30/11/2026;312\nMonthly givers;01/12/2026;1\u202f250\nCost per new giver;30/11/2026;49,50 £\n"


@pytest.mark.parametrize(
    ("content", "readings", "left_out"),
    [
        (
            GOOGLE_ANALYTICS.encode(),
            GIVERS,
            ("No KPI is called “Active users”: left out.", "Line 13 with totals: left out."),
        ),
        (
            GOOGLE_ADS.encode("utf-16"),
            COSTS,
            (
                "2 lines, from line 1 on, above the heading: left out.",
                "No KPI is called “Campaign” or “Clicks”: left out.",
                "Line 6 with totals: left out.",
            ),
        ),
        (HUBSPOT.encode(), BOTH, ("Line 4 with totals: left out.",)),
        (EXCEL_GERMAN.encode("utf-8-sig"), GIVERS, ()),
        (EXCEL_BRITISH.encode(), GIVERS, ()),
        (EXCEL_AMERICAN.encode(), GIVERS, ()),
        (SHEETS.encode(), GIVERS, ()),
        (SHEETS_TABS.encode(), GIVERS, ()),
        (MAILCHIMP.encode(), GIVERS, ("No KPI is called “Opens”: left out.",)),
        (BIG_QUERY.encode(), GIVERS, ()),
        (API_EXPORT.encode("utf-16-le", "strict").join([b"\xff\xfe", b""]), GIVERS, ()),
        (GUARDED.encode(), GIVERS, ()),
        (SWISS.encode(), [*COSTS, GIVERS[1]], ()),
        (FRENCH.encode(), [*GIVERS, COSTS[0]], ()),
        (
            workbook(
                ["Harbor Lights, autumn"],
                [],
                ["Date", "Monthly givers", "Cost per new giver"],
                [datetime(2026, 11, 30), 312, 49.5],  # noqa: DTZ001 - a cell has no zone
                [date(2026, 12, 1), 1250, 47.25],
                ["Total", "=SUM(B4:B5)", None],
                forms={"C4": '"£"#,##0.00', "C5": '"£"#,##0.00'},
            ),
            BOTH,
            ("Line 1 above the heading: left out.", "Line 6 with totals: left out."),
        ),
    ],
    ids=[
        "Google Analytics",
        "Google Ads",
        "HubSpot",
        "Excel, German",
        "Excel, British",
        "Excel, American",
        "Google Sheets",
        "pasted cells",
        "Mailchimp",
        "BigQuery",
        "an API's export",
        "cells guarded from spreadsheets",
        "Swiss",
        "French",
        "a workbook",
    ],
)
def test_readings_are_taken_from_the_files_of_other_tools(
    content: bytes, readings: list[tuple[str, str, str]], left_out: tuple[str, ...]
) -> None:
    file = read_readings(content, ALL, TODAY)
    assert told(file) == readings
    assert file.left_out == left_out


def column(*values: str, kpi: str = "Cost per new giver") -> bytes:
    rows = "".join(f'{kpi};2026-12-{at:02};"{value}"\n' for at, value in enumerate(values, start=1))
    return f"kpi;date;value\n{rows}".encode()


@pytest.mark.parametrize(
    ("values", "meant"),
    [
        (("1.250", "1.111,11"), ("1250", "1111.11")),
        (("1,250", "1,111.50"), ("1250", "1111.5")),
        (("1.250", "12,5"), ("1250", "12.5")),
        (("1,250", "12,5"), ("1.25", "12.5")),
        (("1.250", "12.50"), ("1.25", "12.5")),
        (("1,250", "£ 12.50"), ("1250", "12.5")),
        (("1.250", "1.234.567"), ("1250", "1234567")),
        (("1.250", "50,–"), ("1250", "50")),
        (("1.250 £", "4,6 Tsd."), ("1250", "4600")),
        (("1.250", "0,125"), ("1250", "0.125")),
        (("51.250", "50"), ("51.25", "50")),  # £52 is its last
    ],
)
def test_the_whole_column_says_which_mark_stands_before_decimals(
    values: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    file = read_readings(column(*values), ALL, TODAY)
    assert [one.value for one in file.readings] == [Decimal(one) for one in meant]


def test_what_is_counted_in_whole_numbers_has_no_decimals() -> None:
    for value in ("1.250", "1,250"):
        file = read_readings(column(value, kpi="Monthly givers"), ALL, TODAY)
        assert [one.value for one in file.readings] == [1250]


@pytest.mark.parametrize("values", [("1.250",), ("1,250", "7"), ("1.250", "12,5", "11.5")])
def test_a_column_that_leaves_it_open_has_the_line_named(values: tuple[str, ...]) -> None:
    with pytest.raises(BadFileError) as refused:
        read_readings(column(*values), ALL, TODAY)
    assert refused.value.problems == (
        f"Line 2: “{values[0]}” could be 1250 or 1.25. Write it like one of them.",
    )


def test_a_count_that_would_have_decimals_is_asked_about() -> None:
    content = column("1.250", kpi="Monthly givers") + b"Cost per new giver;2026-12-02;49.50\n"
    with pytest.raises(BadFileError, match=r"Line 2: “1\.250” could be 1250 or 1\.25"):
        read_readings(content, ALL, TODAY)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "Date,Monthly givers\n1/12/2026,312\n5/12/2026,313\n",
            "Line 2, Monthly givers: “1/12/2026” could mean two days",
        ),
        ("Date,Monthly givers\n46356,312\n", "“46356” is a day as spreadsheets count them"),
        ("Date,Monthly givers\nNov 2026,312\n", "Line 2, Monthly givers: I could not read “Nov 2026”"),
        ("Date,Cost per new giver (USD)\n2026-12-01,49.50\n", "This is kept in £, and you wrote USD"),
        ("Date,Cost per new giver (thousands)\n2026-12-01,49.50\n", "kpi and value are missing"),
        ("Date,Monthly givers (Leeds)\n2026-12-01,49\n", "kpi and value are missing"),
        ("kpi,date,value (in thousands)\nMonthly givers,2026-12-01,1.2\n", "must name the columns"),
        ("Date,Sessions\n2026-12-01,49\n", "kpi and value are missing"),
        ("When,Monthly givers\n2026-12-01,49\n", "must name the columns; date is missing"),
        ("Date,Sessions\n2026-12-01,49\n", "one for each KPI (Answer time to parents, Donor retention,"),
        ("kpi,date,value\nMonthly givers,,312\n", "Line 2: I could not read “” as a day"),
        ("kpi,date,value\nMonthly givers,2026-12-01,12-\n", "Line 2: “12-” has its sign after"),
        ("Date,Monthly givers,Monthly givers\n2026-12-01,1,2\n", "is already on line 2"),
    ],
)
def test_what_is_not_plain_is_named_by_its_line(content: str, sentence: str) -> None:
    with pytest.raises(BadFileError) as refused:
        read_readings(content.encode(), ALL, TODAY)
    assert sentence in refused.value.problems[0]


def test_a_cell_that_says_there_is_nothing_is_no_reading() -> None:
    content = "Date,Monthly givers,Cost per new giver\n2026-12-01,312,-\n2026-12-02,,n/a\n2026-12-03,313,(not set)\n"
    assert [v for _, _, v in told(read_readings(content.encode(), ALL, TODAY))] == ["312", "313"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            b"sep=;\r\nInitiative;Owner;Start;Due;KPI;Ist;Soll\r\nBrief;Jo;1/12/2026;31/03/2027;subscribers;1.250;2.111,5\r\n",
            "Brief | owner Jo | start 2026-12-01 | due 2027-03-31 | metric subscribers 1250→2111.5",
        ),
        (
            b'# ---------\n# Plan: "spring"\n# ---------\nInitiative,Owner,Due,KPI,Baseline,Target\nLetter,Jo,20270331,subscribers,"1,250","2,111.5"\n',
            "Letter | owner Jo | due 2027-03-31 | metric subscribers 1250→2111.5",
        ),
        (
            b'Initiative,Owner,Due,KPI,Baseline\nLetter,Jo,3/31/2027 12:00 AM,rating,"1,250"\nCards,Jo,4/5/2027 12:00 AM,rating,"3,5"\n',
            "Letter | owner Jo | due 2027-03-31 | metric rating 1.25→?",
        ),
        (
            b"#,Initiative,Owner,Due\n1,Letter,Jo,2027-03-31T00:00:00.000Z\n",
            "Letter | owner Jo | due 2027-03-31",
        ),
    ],
    ids=["Excel, German", "comments above", "decimal commas", "a column of numbers"],
)
def test_a_plan_is_read_by_its_whole_columns_too(content: bytes, line: str) -> None:
    draft = read_plan_file("plan.csv", content, TODAY)
    assert f"initiative: {line}\n" in f"{shown(draft)}\n"


def test_a_workbooks_own_numbers_do_not_say_how_its_texts_are_written() -> None:
    content = workbook(
        ["Date", "Monthly givers", "Cost per new giver"],
        [date(2026, 12, 1), 312, 49.5],
        [date(2026, 12, 2), 313, "1.250"],
    )
    with pytest.raises(BadFileError, match=r"Line 3, Cost per new giver: “1\.250” could be 1250 or 1\.25"):
        read_readings(content, ALL, TODAY)
