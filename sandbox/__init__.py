"""A local Slack workspace for tests and demos: real sockets, Slack's shapes and Slack's strictness."""

from sandbox.apps import App
from sandbox.forms import Form
from sandbox.message import Message
from sandbox.people import Person, Reply
from sandbox.screen import NotOnScreenError
from sandbox.server import LocalSlack
from sandbox.workspace import Conversation

__all__ = ["App", "Conversation", "Form", "LocalSlack", "Message", "NotOnScreenError", "Person", "Reply"]
