"""Ben owns an initiative in Harbor Lights, whose lead is Maya, and one in a private plan, whose lead is Zara."""

import io
import json
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.exports import export_to
from sandbox import Conversation, Message, Person
from tests.support.office import STRATEGY_FIELDS, Office
from tests.support.setting_up import set_up

PROMPTED = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""09:00 of Monday in Los Angeles, where Ben is."""
OPEN, PRIVATE = "Harbor Lights", "Quiet plan"
NEWSLETTER, FALCON, KITE = "Newsletter relaunch", "Falcon launch", "Kite"


@dataclass
class TwoPlans:
    """`private`: the same office as Zara sees it, from her private channel."""

    office: Office
    private: Office
    folder: Path

    @property
    def ben(self) -> Person:
        return self.office.ben

    async def begins_privately(self, name: str = FALCON) -> None:
        """Zara sets her plan up, with an initiative of Ben's and one of her own."""
        zara = self.private.maya
        await set_up(zara, self.private.marketing, {**STRATEGY_FIELDS, "Name": PRIVATE})
        await self.quiet()
        await self.private.add(name)
        await self.private.add(KITE, f"@{zara.name}")

    async def quiet(self) -> None:
        await self.office.slack.settled()

    async def until(self, moment: datetime) -> None:
        await self.office.slack.clock.advance(to=moment)
        await self.quiet()

    async def says(self, text: str, thread: Message | None = None) -> Message:
        said = await self.ben.says(text, thread=thread)
        await self.quiet()
        return said

    async def edits(self, message: Message, text: str) -> None:
        await self.ben.edits(message, text)
        await self.quiet()

    async def clicks(self, button: str, message: Message) -> None:
        await self.ben.click(button, message=message)
        await self.quiet()

    def prompt(self, strategy: str) -> Message:
        """Ben's latest of a strategy."""
        return [
            m
            for m in self.ben.dm.messages
            if m.drawn.startswith("Your week, ") and f"{strategy}, week of" in m.drawn
        ][-1]

    async def seen_by_maya(self) -> str:
        return await self._seen(self.office, NEWSLETTER)

    async def seen_by_zara(self, initiative: str = FALCON) -> str:
        return await self._seen(self.private, initiative)

    async def _seen(self, office: Office, initiative: str) -> str:
        """All that the lead of an office can read: channel, messages, Home, commands, forms, files."""
        lead, channel = office.maya, office.marketing
        await lead.opens_home()
        read = []
        for name, text in (
            ("/rhythm", "status"),
            ("/rhythm", "status history"),
            ("/rhythm", "digest preview"),
            ("/rhythm", "review preview"),
            ("/rhythm", "decisions"),
            ("/rhythm", "decisions past"),
            ("/initiative", "list"),
            ("/initiative", f"show {initiative}"),
            ("/kpi", "list"),
        ):
            read.append((await lead.command(name, text, channel=channel)).drawn)
        reply = await lead.command("/checkin", f"@{self.ben.name}", channel=channel)
        if lead.form is None:
            assert "owns no active initiative" in reply.drawn
        else:
            read += [lead.form.drawn, str(lead.form.values)]
            await lead.close()
        known = set(self.office.slack.workspace.files)
        await lead.command("/rhythm", "export", channel=channel)
        await self.quiet()
        files = self.office.slack.workspace.files
        [made] = [file for key, file in files.items() if key not in known]
        read.append(unpacked(made.content or b""))
        export_to(self.office.bot.database, self.folder / "cli.zip", [channel.id], office.bot.clock.now())
        read.append(unpacked((self.folder / "cli.zip").read_bytes()))
        assert lead.home is not None
        read.append(json.dumps(lead.home.blocks))
        read += [shown.drawn for shown in (*told(channel), *told(lead.dm), *lead.notices)]
        return "\n".join(read)

    async def own_export(self) -> str:
        """What Ben gets when he asks for his own words."""
        reply = await self.ben.command("/rhythm", "export mine")
        assert reply.drawn.startswith("I am sending every message you wrote to me")
        await self.quiet()
        file = list(self.office.slack.workspace.files.values())[-1]
        assert list(file.shares) == [self.ben.dm.id]
        return (file.content or b"").decode("utf-8-sig")


def told(where: Conversation) -> list[Message]:
    """Top-level messages and those of threads."""
    return [one for message in where.messages for one in (message, *message.thread)]


def unpacked(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


async def two_plans(office: Office, folder: Path) -> TwoPlans:
    """Harbor Lights with Ben's newsletter; Zara and the private channel are there, her plan is not yet."""
    await office.set_up()
    await office.add(NEWSLETTER)
    zara = office.slack.person("Zara Hale", tz="Europe/London")
    channel = office.slack.channel("board-room", members=[zara, office.ben], private=True)
    await zara.invites(office.app, channel)
    return TwoPlans(office, replace(office, maya=zara, marketing=channel), folder)
