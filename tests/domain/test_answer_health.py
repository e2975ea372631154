"""Real-life sentences: which health is read, and where the buttons had better ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.healths import Health
from domain.reading.answers import Candidate, read_answer
from tests.domain.initiatives_to_read import NEWSLETTER, OFF, ON, RISK, about


@pytest.mark.parametrize(
    ("text", "health"),
    [
        # said plainly
        ("on track", ON),
        ("On track.", ON),
        ("ON TRACK!!", ON),
        ("on-track", ON),
        ("ontrack", ON),
        ("We're on track", ON),
        ("still on track 🙂", ON),
        ("all on track here", ON),
        ("back on track", ON),
        ("*on track*", ON),
        ("_at risk_", RISK),
        ("at risk", RISK),
        ("At-risk: form is late", RISK),
        ("Off track, sorry", OFF),
        ("off-track since Monday", OFF),
        ("we fell off track by two weeks", OFF),
        ("off track because Sam left", OFF),
        ("at risk of missing the date", RISK),
        ("on track to hit 6,000 by 31 March", ON),
        ("no blockers, on track", ON),
        ("No news: on track", ON),
        ("not much to say, on track", ON),
        ("nothing new - on track", ON),
        ("not great but on track", None),
        ("on track, legal has not answered yet", ON),
        ("on track, will send numbers tomorrow", ON),
        ("on track. Can Sam send the form?", ON),
        ("Hi all, on track this week. Thanks!", ON),
        ("on track\non track", ON),
        ("\u200fon track\u200f", ON),
        ("on\u00a0track", ON),
        ("- on track", ON),
        ("🟢", ON),
        ("🟢 4,650 subscribers", ON),
        ("🟡 form late", RISK),
        ("🟠", RISK),
        ("🔴", OFF),
        ("🟥 stopped", OFF),
        (":large_green_circle:", ON),
        (":large_yellow_circle: late", RISK),
        (":red_circle:", OFF),
        ("🟢 on track", ON),
        ("green", ON),
        ("Green!", ON),
        ("GREEN", ON),
        ("status: green", ON),
        ("we're green", ON),
        ("we’re still amber this week", RISK),
        ("RAG: red", OFF),
        ("green, 4,650 subscribers", ON),
        ("Green - legal answered", ON),
        ("amber because legal is late", RISK),
        ("yellow: form is late", RISK),
        ("Newsletter relaunch: green", ON),
        ("newsletter is green", ON),
        # denied
        ("not on track", None),
        ("Not yet on track", None),
        ("we are not really on track", None),
        ("not, sadly, on track", None),
        ("not (yet) on track", None),
        ("not\non track", None),
        ("isn't at risk", None),
        ("isn’t on track", None),
        ("isnt on track", None),
        ("aren't on track", None),
        ("no longer off track", None),
        ("never on track", None),
        ("I don't think we're on track", None),
        ("I don't think, honestly, we're on track", None),
        ("nobody is on track", None),
        ("far from on track", None),
        ("anything but on track", None),
        ("can't say on track", None),
        ("neither on track nor at risk", None),
        ("not green", None),
        ("not 🟢", None),
        ("on track? no", None),
        ("on track... not really", None),
        ("on track or not, who knows", None),
        ("on track no longer", None),
        ("on track but not really", None),
        ("not at risk, on track", None),
        # said of something else, or not quite
        ("open-to-click 2.9 % is green", None),
        ("4,650 subscribers at risk", None),
        ("design is green", None),
        ("everyone on track", None),
        ("on track to reach the goal late", None),
        ("on track, touch wood", None),
        ("on track, all being well", None),
        ("officially on track, unofficially a disaster", None),
        ("on track 👎", None),
        ("red, white and green posters", None),
        ("off track until the printer is back", OFF),
        ("at risk: Tom is sick till Friday", RISK),
        # conflicting
        ("on track but at risk", None),
        ("on track and off track", None),
        ("🟢🔴", None),
        ("green, then red", None),
        ("was at risk, now on track", None),
        ("on track 🟡", None),
        # asked, hoped, past, conditional
        ("are we on track?", None),
        ("are we on track", None),
        ("on track?", None),
        ("on track, right?", None),
        ("should be on track by Friday", None),
        ("if legal answers we're on track", None),
        ("on track if legal answers", None),
        ("on track unless legal says no", None),
        ("on track once legal signs", None),
        ("hope to be on track", None),
        ("Hopefully on track", None),
        ("hopefully, on track", None),
        ("will be on track next week", None),
        ("we'll be on track", None),
        ("could be at risk", None),
        ("might go off track", None),
        ("maybe on track", None),
        ("probably on track", None),
        ("almost on track", None),
        ("trying to stay on track", None),
        ("we need to get back on track", None),
        ("on track by Friday", None),
        ("on track again by 31 March", None),
        ("on track from Monday", None),
        ("on track to miss the date", None),
        ("on track to be late", None),
        ("was on track last week", None),
        ("we were at risk", None),
        ("until last week we were on track", None),
        ("wish we were on track", None),
        ("sort of on track", None),
        ("on track-ish", None),
        ("everything on track except legal", None),
        # not one's own words
        ("`on track`", None),
        ("```\non track\n```", None),
        ("> on track", None),
        (">>> on track\nat risk", None),
        ("“on track” is what they call it", None),
        ('"on track" they say', None),
        ("~on track~", None),
        ("https://x.org/on-track", None),
        ("> on track\nat risk", RISK),
        # other words
        ("thanks!", None),
        ("all good", None),
        ("✅", None),
        ("on the right track", None),
        ("our track record on this", None),
        ("we work with at-risk families", None),
        ("3 donors at risk", None),
        ("risk register updated", None),
        ("Green Harbor signed", None),
        ("Met the Green Harbor team", None),
        ("too much red tape", None),
        ("listed in the yellow pages", None),
        ("got the green light from legal", None),
        ("red, white and blue flyers are out", None),
        ("the button is now green", None),
        ("we are in the red", None),
        ("evergreen content is out", None),
        ("Amber Smith joined us", None),
        ("בדרך", None),
        ("alles im grünen Bereich", None),
        ("", None),
    ],
)
def test_a_health_is_read_only_where_it_is_plainly_said(text: str, health: Health | None) -> None:
    answer = read_answer(text, [NEWSLETTER])
    assert [one.health for one in answer.understood] == ([health] if text else [])


def test_a_colour_in_the_name_of_an_initiative_is_no_health() -> None:
    assert about("Green Harbor: 12 visits", Candidate(9, "Green Harbor")).health is None
    assert about("Green Harbor is at risk", Candidate(9, "Green Harbor")).health is RISK
    assert about("On track for spring", Candidate(9, "On track for spring")).health is None


@given(
    st.sampled_from(["not", "isn't", "never", "hardly", "should be", "hopefully", "was", "if", "might be"]),
    st.sampled_from([" ", "  ", "\u00a0", "\n"]),
    st.sampled_from(["on track", "at risk", "off-track", "🟢", "GREEN"]),
    st.sampled_from(["", ".", ", 4,650 subscribers", " 🙂"]),
)
def test_a_doubted_health_is_never_read(doubt: str, gap: str, said: str, rest: str) -> None:
    if gap != "\n" or doubt in ("not", "isn't"):
        assert about(f"we {doubt}{gap}{said}{rest}").health is None


@pytest.mark.parametrize(
    "after",
    [
        "the video isn't",
        "the video is not",
        "print is not yet",
        "but the video isn't",
        "with the exception of the video",
        "save for the video",
        "other than the video",
        "given legal signs",
        "so-so",
        "everything but Leeds",
    ],
)
def test_a_health_that_its_next_clause_takes_a_part_out_of_is_asked_about(after: str) -> None:
    assert about(f"on track, {after}").health is None


@pytest.mark.parametrize(
    "after",
    ["the video is not late", "legal isn't answering", "given that legal signed", "the other video is out"],
)
def test_a_health_stands_beside_a_clause_of_its_own(after: str) -> None:
    assert about(f"on track, {after}").health is ON


@pytest.mark.parametrize("text", ["At risk: nothing", "at risk: none", "Off track: nothing."])
def test_a_health_that_nothing_has_is_not_recorded(text: str) -> None:
    assert about(text).health is None
