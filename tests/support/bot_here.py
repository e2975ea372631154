"""The bot in this process, connected to a local Slack by signed HTTP, its clock following Slack's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from bot.app import assemble
from bot.clock import FollowedClock
from bot.config import Settings
from bot.parts import Parts
from bot.web import connect
from sandbox import App, LocalSlack
from tests.support.audited import watching
from tests.support.log_watch import WATCH


def settings_for(slack: LocalSlack, app: App, database_url: str, **more: Any) -> Settings:
    told = {
        "SLACK_BOT_TOKEN": SecretStr(app.bot_token),
        "SLACK_SIGNING_SECRET": SecretStr(app.signing_secret),
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "DRUMBEAT_FOLLOW_CLOCK": True,
        "DRUMBEAT_PORT": 0,
        **more,
    }
    return Settings.model_validate(told)


@asynccontextmanager
async def bot_here(slack: LocalSlack, app: App, database_url: str, **more: Any) -> AsyncIterator[Parts]:
    """With `more` settings. Answers and keeps its rhythm while inside, at the pace of a Slack without limits."""
    async with (
        assemble(settings_for(slack, app, database_url, **more)) as parts,
        connect(parts) as where,
    ):
        assert isinstance(parts.clock, FollowedClock)
        following = asyncio.create_task(parts.clock.follow(parts.settle))
        await parts.clock.started()
        WATCH.follow(slack, app.bot_token, app.signing_secret)
        app.deliver_by_http(f"http://127.0.0.1:{where.removeprefix('port ')}/slack/events")
        with watching(parts.database.engine) as offences:
            try:
                yield parts
            finally:
                following.cancel()
        assert offences == [], offences
