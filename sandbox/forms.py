"""Forms as a person fills them: fields by label, values as they are read, what Slack's client refuses to send."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sandbox import drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.records import View
    from sandbox.workspace import Conversation, Workspace

JSON = dict[str, Any]

# Element type: (key in the view's state, key of the first value, many).
STATEFUL: dict[str, tuple[str, str, bool]] = {
    "plain_text_input": ("value", "initial_value", False),
    "number_input": ("value", "initial_value", False),
    "email_text_input": ("value", "initial_value", False),
    "url_text_input": ("value", "initial_value", False),
    "rich_text_input": ("rich_text_value", "initial_value", False),
    "datepicker": ("selected_date", "initial_date", False),
    "timepicker": ("selected_time", "initial_time", False),
    "datetimepicker": ("selected_date_time", "initial_date_time", False),
    "static_select": ("selected_option", "initial_option", False),
    "external_select": ("selected_option", "initial_option", False),
    "radio_buttons": ("selected_option", "initial_option", False),
    "checkboxes": ("selected_options", "initial_options", True),
    "multi_static_select": ("selected_options", "initial_options", True),
    "multi_external_select": ("selected_options", "initial_options", True),
    "users_select": ("selected_user", "initial_user", False),
    "multi_users_select": ("selected_users", "initial_users", True),
    "conversations_select": ("selected_conversation", "initial_conversation", False),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", True),
    "channels_select": ("selected_channel", "initial_channel", False),
    "multi_channels_select": ("selected_channels", "initial_channels", True),
    "file_input": ("files", "initial_files", True),
}


_STYLE_MARKS = re.compile("[*_~`]")


@dataclass(frozen=True, slots=True)
class Field:
    """One element that holds a value, with the words a person knows it by."""

    block: JSON
    element: JSON
    label: str

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    def is_called(self, name: str) -> bool:
        placeholder = drawing.text_of(self.element.get("placeholder"))
        names = (self.label, placeholder, self.action_id, self.block_id)
        return name.strip().casefold() in (n.strip().casefold() for n in names if n)


def fields(blocks: list[JSON]) -> Iterator[Field]:
    """Every element with a value, in the order shown."""
    for block, element in drawing.elements(blocks):
        if element["type"] in STATEFUL or element["type"] == "overflow":
            label = block.get("label") or (block.get("text") if "accessory" in block else None)
            shown = _STYLE_MARKS.sub("", drawing.text_of(label)) or drawing.text_of(
                element.get("placeholder")
            )
            yield Field(block, element, shown or str(element.get("action_id", "")))


def find(blocks: list[JSON], name: str) -> Field | None:
    return next((field for field in fields(blocks) if field.is_called(name)), None)


def initial_state(blocks: list[JSON], current: Conversation | None = None) -> dict[str, dict[str, JSON]]:
    """What is in their fields at first: values where the app gave some, empty ones otherwise."""
    state: dict[str, dict[str, JSON]] = {}
    for field in fields(blocks):
        kind = field.element["type"]
        if kind == "overflow":
            continue
        _, initial, many = STATEFUL[kind]
        value = field.element.get(initial, [] if many else None)
        if value is None and current and field.element.get("default_to_current_conversation"):
            value = current.id
        state.setdefault(field.block_id, {})[field.action_id] = _state(field, value)
    return state


def chosen(field: Field, value: Any, workspace: Workspace) -> JSON:
    """The state of a field after a person put `value` in. Raises LookupError for what isn't on offer."""
    kind = field.element["type"]
    if kind == "overflow":
        return {"type": kind, "selected_option": _option(field, value)}
    if kind == "file_input":
        return _state(field, value)
    many = STATEFUL[kind][2]
    if many:
        given = [] if value is None else value if isinstance(value, list | tuple) else [value]
        return _state(field, [_one(field, item, workspace) for item in given])
    return _state(field, None if value is None or value == "" else _one(field, value, workspace))


def _state(field: Field, value: Any) -> JSON:
    kind = field.element["type"]
    state = {"type": kind, STATEFUL[kind][0]: value}
    if kind == "timepicker" and "timezone" in field.element:
        state["timezone"] = field.element["timezone"]
    return state


def _one(field: Field, value: Any, workspace: Workspace) -> Any:
    match field.element["type"]:
        case "users_select" | "multi_users_select":
            return value.id if hasattr(value, "id") else workspace.user_called(str(value)).id
        case (
            "conversations_select"
            | "multi_conversations_select"
            | "channels_select"
            | "multi_channels_select"
        ):
            return value.id if hasattr(value, "id") else workspace.channel_called(str(value)).id
        case "datepicker":
            return value.isoformat() if isinstance(value, date) else date.fromisoformat(value).isoformat()
        case "timepicker":
            return datetime.strptime(str(value)[:5], "%H:%M").strftime("%H:%M")  # noqa: DTZ007
        case "datetimepicker":
            return int(value.timestamp()) if isinstance(value, datetime) else int(value)
        case "rich_text_input":
            section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
            return {"type": "rich_text", "elements": [section]}
        case kind if kind.endswith("_input"):
            return str(value)
    return _option(field, value)


def options(offering: Mapping[str, Any]) -> list[JSON]:
    """In groups or not, of an element or of what an app answered."""
    groups: list[JSON] = offering.get("option_groups") or [{"options": offering.get("options") or []}]
    return [option for group in groups for option in group["options"]]


def _option(field: Field, wanted: Any) -> JSON:
    offered = options(field.element)
    if wanted in offered:
        return dict(wanted)
    for option in offered:
        shown = drawing.text_of(option["text"])
        if str(wanted).casefold() in (
            shown.casefold(),
            drawing.without_emoji(shown).casefold(),
            str(option.get("value")).casefold(),
        ):
            return option
    texts = ", ".join(drawing.text_of(option["text"]) for option in offered)
    raise LookupError(f"{field.label!r} doesn't offer {wanted!r} but {texts}")


def read_value(field: Field, state: JSON, workspace: Workspace) -> Any:
    """A field's value as a person reads it: text, "@Ben", "#marketing", an option's text, a list of those, or None."""
    key, _, many = STATEFUL[field.element["type"]]
    value = state.get(key)
    if many:
        return [_read_one(item, workspace) for item in value or []]
    return None if value is None else _read_one(value, workspace)


def _read_one(value: Any, workspace: Workspace) -> Any:
    if isinstance(value, dict) and "mimetype" in value:
        return value["name"]
    if isinstance(value, dict):
        return (
            drawing.text_of(value["text"])
            if "text" in value
            else drawing.draw_blocks([value], workspace, None)
        )
    if isinstance(value, str) and value in workspace.users:
        return "@" + workspace.users[value].real_name
    if isinstance(value, str) and value in workspace.conversations:
        return "#" + workspace.conversations[value].name
    return value


def problems(view: View) -> dict[str, str]:
    """What Slack's client says by block_id before it sends anything."""
    found: dict[str, str] = {}
    for field in fields(view.blocks):
        if field.block["type"] != "input":
            continue
        state = view.values[field.block_id][field.action_id]
        value = state.get(STATEFUL[field.element["type"]][0])
        problem = _problem(field, value)
        if problem:
            found[field.block_id] = problem
    return found


def _problem(field: Field, value: Any) -> str | None:
    if value is None or value in ("", []):
        return None if field.block.get("optional") else "Please complete this required field."
    match field.element["type"]:
        case "plain_text_input":
            return _length_problem(field.element, value)
        case "number_input":
            return _number_problem(field.element, value)
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            return "Please enter a valid email address."
        case "url_text_input" if not re.match(r"https?://\S+$", value):
            return "Please enter a valid URL."
    return None


def _length_problem(element: JSON, value: str) -> str | None:
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if len(value) > most:
        return f"Please shorten this to {most} characters or fewer."
    return f"Please lengthen this to {least} characters or more." if len(value) < least else None


def _number_problem(element: JSON, value: str) -> str | None:
    decimal = element.get("is_decimal_allowed")
    if not re.fullmatch(r"-?\d+(\.\d+)?" if decimal else r"-?\d+", value):
        return "Please enter a number." if decimal else "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Please enter a number greater than or equal to {least}."
    if most is not None and float(value) > float(most):
        return f"Please enter a number less than or equal to {most}."
    return None


class Form:
    """The open modal as a person sees it. Stale once the person acts: read `person.form` again."""

    def __init__(self, view: View, workspace: Workspace) -> None:
        self.view = view
        self._workspace = workspace

    @property
    def title(self) -> str:
        return drawing.text_of(self.view.payload["title"])

    @property
    def callback_id(self) -> str:
        return str(self.view.payload["callback_id"])

    @property
    def blocks(self) -> list[JSON]:
        return self.view.blocks

    @property
    def labels(self) -> list[str]:
        return [field.label for field in fields(self.blocks)]

    @property
    def values(self) -> dict[str, Any]:
        """By label, as read."""
        return {
            field.label: read_value(field, self.view.values[field.block_id][field.action_id], self._workspace)
            for field in fields(self.blocks)
            if field.element["type"] in STATEFUL
        }

    @property
    def errors(self) -> dict[str, str]:
        """By label; those of blocks without one by block_id."""
        labels = {field.block_id: field.label for field in fields(self.blocks)}
        return {labels.get(block_id, block_id): text for block_id, text in self.view.errors.items()}

    @property
    def problem(self) -> str | None:
        """What Slack says over the whole form when the app didn't answer."""
        return self.view.problem

    @property
    def drawn(self) -> str:
        return drawing.draw_blocks(self.blocks, self._workspace, None)

    @property
    def buttons(self) -> list[str]:
        return [
            drawing.text_of(e.get("text")) for _, e in drawing.elements(self.blocks) if e["type"] == "button"
        ]
