"""A workspace goes on in another process where it was left."""

from datetime import timedelta
from pathlib import Path

import pytest

from sandbox import LocalSlack, OutdatedError
from tests.sandbox.conftest import Office
from tests.sandbox.support import client, modal, section


async def test_people_messages_forms_and_the_time_are_as_they_were(office: Office, tmp_path: Path) -> None:
    root = await office.ana.says("a root", to=office.marketing)
    await office.ben.says("a reply", thread=root)
    await office.ana.uploads("a.csv", b"1,2", to=office.marketing)
    await office.slack.clock.advance(by=timedelta(days=3))
    kept = tmp_path / "deep" / "kept"
    office.slack.keep(kept)
    async with LocalSlack(rate_limits=False) as again:
        again.take_up(kept)
        assert again.clock.now == office.slack.clock.now
        channel = again.workspace.channel_called("marketing")
        assert [one.drawn for one in channel.messages] == [one.drawn for one in office.marketing.messages]
        assert [one.drawn for one in channel.messages[0].thread] == ["a reply"]
        fresh = await again.people["ben"].says("and on", to=channel)
        assert fresh.ts > channel.messages[-2].ts
        assert fresh.number > channel.messages[-2].number
        answer = await client(again, again.app).auth_test()
        assert answer["user_id"] == office.app.bot_user_id
        assert {one.content for one in again.workspace.files.values()} == {b"1,2"}


async def test_an_id_given_after_taking_up_is_a_new_one(office: Office, tmp_path: Path) -> None:
    office.slack.keep(tmp_path / "kept")
    async with LocalSlack() as again:
        again.take_up(tmp_path / "kept")
        assert again.person("Dora").id not in office.slack.workspace.users
        assert set(again.people) == {"ana", "ben", "cleo", "dora"}


async def test_a_file_is_whole_or_not_there_at_all(office: Office, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    office.slack.keep(kept)
    before = kept.read_bytes()
    await office.ana.says("more", to=office.marketing)
    office.slack.keep(kept)
    assert kept.read_bytes() != before
    assert not kept.with_name("kept.new").exists()


async def test_an_open_form_is_open_again(office: Office, tmp_path: Path) -> None:
    async def opens() -> None:
        trigger = office.slack.triggers.issue(office.app, office.ana.id, lambda _: None)
        await office.api.views_open(trigger_id=trigger.id, view=modal(section("x")))

    await opens()
    office.slack.keep(tmp_path / "kept")
    async with LocalSlack() as again:
        again.take_up(tmp_path / "kept")
        form = again.people["ana"].form
        assert form is not None
        assert form.title == "A plan"


async def test_a_file_of_another_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"local slack, kept, 1\n")
    async with LocalSlack() as slack:
        with pytest.raises(OutdatedError, match="kept by another version"):
            slack.take_up(kept)
