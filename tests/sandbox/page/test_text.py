"""mrkdwn and plain text as HTML."""

import re
from html import escape as html_escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.text import mrkdwn, plain, text_object
from tests.sandbox.page.gallery import READER

_TAGS = {"b", "i", "s", "code", "pre", "blockquote", "br", "a", "bdi", "span", "time"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.said = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "br":
            self.said += "\n"
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


def slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("*bold* _italic_ ~gone~", "<b>bold</b> <i>italic</i> <s>gone</s>"),
        ("*_both_*", "<b><i>both</i></b>"),
        ("_a *b* c_", "<i>a <b>b</b> c</i>"),
        ("*a _b* c_", "<b>a _b</b> c_"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("(*yes*), *yes*!", "(<b>yes</b>), <b>yes</b>!"),
        ("*two\nlines*", "*two<br>lines*"),
        ("`*kept*`", "<code>*kept*</code>"),
        ("```\na\nb\n```\nafter", "<pre>a\nb</pre>after"),
        ("&gt; one\n&gt; *two*\nrest", "<blockquote>one<br><b>two</b></blockquote>rest"),
        ("&gt;&gt;&gt; one\ntwo", "<blockquote>one<br>two</blockquote>"),
        ("a\n\nb", "a<br><br>b"),
    ],
)
def test_marks_become_styles_only_where_slack_takes_them_for_marks(written: str, drawn: str) -> None:
    assert mrkdwn(written, READER) == drawn


def test_a_mention_shows_the_name_and_stands_out_when_it_is_the_readers_own() -> None:
    drawn = mrkdwn("<@U1> and <@U2> and <@U404>", READER)
    assert '<bdi class="mention own">@Maya Okafor</bdi>' in drawn
    assert '<bdi class="mention">@Ben Carter</bdi>' in drawn
    assert "@U404" in drawn


def test_a_channel_shows_its_name_and_one_the_reader_cannot_see_does_not() -> None:
    assert "#marketing" in mrkdwn("<#C1>", READER)
    assert "#given" in mrkdwn("<#C1|given>", READER)
    assert "private channel" in mrkdwn("<#C404>", READER)


def test_links_keep_their_label_and_their_address() -> None:
    drawn = mrkdwn("<https://a.b/c?x=1&amp;y=2|see *here*>", READER)
    assert 'href="https://a.b/c?x=1&amp;y=2"' in drawn
    assert ">see *here*</a>" in drawn


def test_a_bare_address_becomes_a_link_without_the_full_stop_after_it() -> None:
    assert '<a href="https://a.b/c_d_e"' in mrkdwn("see https://a.b/c_d_e.", READER)


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", " javascript:x"]
)
def test_an_address_of_a_dangerous_scheme_is_only_its_label(scheme: str) -> None:
    drawn = mrkdwn(f"<{scheme}|press>", READER)
    assert "href" not in drawn
    assert read(drawn).said == "press"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&lt;b&gt;", "<b>"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("A & B", "A & B"),
        ("&quot;", "&quot;"),
    ],
)
def test_slacks_three_entities_are_undone_exactly_once(written: str, shown: str) -> None:
    assert read(mrkdwn(written, READER)).said == shown


def test_the_same_holds_inside_code_and_labels() -> None:
    assert read(mrkdwn("`&amp;lt;b&gt;`", READER)).said == "&lt;b>"
    assert read(mrkdwn("<https://a.b|x &amp;lt; y>", READER)).said == "x &lt; y"


def test_plain_text_knows_no_markup_but_emoji() -> None:
    drawn = plain("*kept* <@U1> &amp; :tada:\n<b>")
    assert drawn == "*kept* &lt;@U1&gt; &amp;amp; 🎉<br>&lt;b&gt;"


def test_a_text_object_is_drawn_by_its_type() -> None:
    assert text_object({"type": "mrkdwn", "text": "*x*"}, READER) == "<b>x</b>"
    assert text_object({"type": "plain_text", "text": "*x*"}, READER) == "*x*"


def test_known_emoji_are_drawn_and_unknown_ones_stay_as_typed() -> None:
    drawn = read(mrkdwn(":large_green_circle: :+1::skin-tone-3: :our_logo:", READER)).said
    assert drawn == "🟢 👍 :our_logo:"


def test_broadcasts_and_groups_are_named() -> None:
    said = read(mrkdwn("<!channel> <!here> <!subteam^S1|@designers>", READER)).said
    assert said == "@channel @here @designers"


@given(st.text(alphabet=st.sampled_from("ab *_~`<>&|@#!\n:;^{}\0\"'/.h5U1")))
def test_whatever_is_written_only_known_tags_come_out_and_they_close(text: str) -> None:
    for written in (text, slack_escaped(text)):
        reader = read(mrkdwn(written, READER))
        assert reader.tags <= _TAGS
        assert reader.attributes <= {"href", "class", "title", "target", "rel"}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="*_~`:\0\r")))
def test_words_without_marks_are_shown_as_they_were_written(text: str) -> None:
    shown = read(mrkdwn(slack_escaped(text), READER)).said
    quoted = re.sub(r"(?m)^>+ ?", "", text)
    assert "".join(shown.split()).replace(">", "") == "".join(quoted.split()).replace(">", "")


@given(st.text())
def test_plain_text_is_shown_letter_by_letter(text: str) -> None:
    escaped = html_escape(text)
    assert plain(text).replace("<br>", "\n") == escaped or ":" in text


def test_verbatim_markup_makes_no_links_of_plain_words() -> None:
    value = {"type": "mrkdwn", "text": "*see* https://a.b and <https://c.d|this>", "verbatim": True}
    drawn = text_object(value, READER)
    assert "<b>see</b> https://a.b and" in drawn
    assert 'href="https://c.d"' in drawn
    assert 'href="https://a.b"' in text_object(value | {"verbatim": False}, READER)
