"""A local Slack workspace for tests and demos: real sockets, Slack's shapes and Slack's strictness.

    async with LocalSlack(now=datetime(2026, 11, 23, 9, tzinfo=UTC)) as slack:
        app = slack.install(manifest)                # connect the real bot to slack.api_url with app.bot_token
        ana = slack.person("Ana", tz="Europe/Madrid")
        marketing = slack.channel("marketing", members=[ana])
        await ana.command("/plan", "add", channel=marketing)
        await ana.fill({"Owner": "@ben", "Due": "2027-03-31"})
        await ana.submit()
        await slack.clock.advance(by=timedelta(days=7))
        print(marketing.messages[-1].drawn)

Beside the first workspace there may be others, and apps may come in by OAuth:

    orchard = slack.add_workspace("Orchard")         # the same verbs; its page is at /in/orchard
    app = slack.register(manifest)                   # app.client_id, app.client_secret; nobody has installed it yet
    olive = orchard.person("Olive")
    address = olive.allows(authorize_url)            # what the app's /slack/install led to; get this address from it

`python -m sandbox` serves one by itself; its page is at /, the same verbs are under /control/.
"""

from sandbox.apps import App, Registration
from sandbox.drawing import draw_blocks
from sandbox.forms import Form
from sandbox.keeping import OutdatedError
from sandbox.limits import heard_alike
from sandbox.people import Person
from sandbox.reply import Reply
from sandbox.screen import NotOnScreenError
from sandbox.server import LocalSlack
from sandbox.workspace import Conversation, Message
from sandbox.world import World

__all__ = [
    "App",
    "Conversation",
    "Form",
    "LocalSlack",
    "Message",
    "NotOnScreenError",
    "OutdatedError",
    "Person",
    "Registration",
    "Reply",
    "World",
    "draw_blocks",
    "heard_alike",
]
