"""Interactive elements: docs.slack.dev/reference/block-kit/block-elements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.limits.problems import kind_of
from sandbox.limits.rich_text import check_rich_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.limits.problems import Problems

JSON = dict[str, Any]

_SELECTS = frozenset(
    {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
)
_ALL_SELECTS = _SELECTS | {f"multi_{kind}" for kind in _SELECTS}
_PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
_CHOICES = frozenset({"radio_buttons", "checkboxes"})
_TYPED = frozenset(
    {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"}
)
IN_INPUT = _ALL_SELECTS | _PICKERS | _CHOICES | _TYPED | {"file_input"}
IN_SECTION = _ALL_SELECTS | _PICKERS | _CHOICES | {"button", "overflow", "image", "workflow_button"}
IN_ACTIONS = _ALL_SELECTS | _PICKERS | _CHOICES | {"button", "overflow", "workflow_button", "rich_text_input"}
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})

_ID = 255
_PLACEHOLDER = 150
_OPTION_TEXT, _OPTION_VALUE = 75, 150
_MOST_TYPED = 3000
_MOST_FILES = 10


def check_element(found: Problems, element: Any, at: str, allowed: frozenset[str]) -> None:
    if kind_of(element) not in allowed:
        found.say(f"unsupported type: {kind_of(element)}", f"{at}/type")
        return
    found.string(element, "action_id", at, _ID)
    found.field(element, "placeholder", at, _PLACEHOLDER, required=False, plain=True)
    if "confirm" in element:
        _confirm(found, element["confirm"], f"{at}/confirm")
    check = _CHECKS.get(element["type"])
    if check:
        check(found, element, at)


def check_ids(found: Problems, elements: list[Any], at: str) -> None:
    """action_id is unique within its block."""
    seen: set[str] = set()
    for number, element in enumerate(elements):
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id and str(action_id) in seen:
            found.say(f"action_id {action_id!r} already exists", f"{at}/{number}/action_id")
        seen.add(str(action_id))


def _confirm(found: Problems, confirm: Any, at: str) -> None:
    if not isinstance(confirm, dict):
        found.say("must be a valid confirm object", at)
        return
    found.field(confirm, "title", at, 100, required=True, plain=True)
    found.field(confirm, "text", at, 300, required=True, plain=False)
    found.field(confirm, "confirm", at, 30, required=True, plain=True)
    found.field(confirm, "deny", at, 30, required=True, plain=True)


def _button(found: Problems, button: JSON, at: str) -> None:
    found.field(button, "text", at, 75, required=True, plain=True)
    found.string(button, "value", at, 2000)
    found.string(button, "url", at, 3000)
    found.string(button, "accessibility_label", at, 75)
    if button.get("style", "primary") not in ("primary", "danger"):
        found.say("must be one of primary, danger", f"{at}/style")


def _options(most: int, least: int = 1) -> Callable[[Problems, JSON, str], None]:
    def check(found: Problems, element: JSON, at: str) -> None:
        offered = found.items(element, "options", at, most, least)
        _each_option(found, element, offered, f"{at}/options")
        _initial(found, element, offered, at)

    return check


def _select(found: Problems, element: JSON, at: str) -> None:
    if "option_groups" not in element:
        _options(100)(found, element, at)
        return
    offered = []
    for number, group in enumerate(found.objects(element, "option_groups", at, 100)):
        where = f"{at}/option_groups/{number}"
        found.field(group, "label", where, _OPTION_TEXT, required=True, plain=True)
        options = found.items(group, "options", where, 100)
        _each_option(found, element, options, f"{where}/options")
        offered += options
    _initial(found, element, offered, at)


def _each_option(found: Problems, element: JSON, offered: list[Any], at: str) -> None:
    plain = element["type"] not in _CHOICES
    for number, option in enumerate(offered):
        where = f"{at}/{number}"
        if not isinstance(option, dict):
            found.say("must be a valid option object", where)
            continue
        found.field(option, "text", where, _OPTION_TEXT, required=True, plain=plain)
        found.string(option, "value", where, _OPTION_VALUE, required=element["type"] != "overflow")
        found.field(option, "description", where, _OPTION_TEXT, required=False, plain=plain)


def _chosen(found: Problems, element: JSON, at: str) -> list[Any]:
    """The options it begins with."""
    chosen = found.items(element, "initial_options", at, 100, 0) if element.get("initial_options") else []
    _each_option(found, element, chosen, f"{at}/initial_options")
    if element.get("initial_option") is not None:
        _each_option(found, element, [element["initial_option"]], f"{at}/initial_option")
        chosen = [*chosen, element["initial_option"]]
    return chosen


def _initial(found: Problems, element: JSON, offered: list[Any], at: str) -> None:
    chosen = _chosen(found, element, at)
    values = [option.get("value") for option in offered if isinstance(option, dict)]
    if any(not isinstance(option, dict) or option.get("value") not in values for option in chosen):
        name = "initial_option" if "initial_option" in element else "initial_options"
        found.say(f"{name} must be among the options", f"{at}/{name}")


def _typed(found: Problems, element: JSON, at: str) -> None:
    for name in ("min_length", "max_length"):
        value = element.get(name)
        if value is not None and not (
            isinstance(value, int) and int(name == "max_length") <= value <= _MOST_TYPED
        ):
            found.say(f"must be between {int(name == 'max_length')} and {_MOST_TYPED}", f"{at}/{name}")
    most = element.get("max_length")
    found.string(element, "initial_value", at, most if most and isinstance(most, int) else _MOST_TYPED)


def _number(found: Problems, element: JSON, at: str) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        found.missing("is_decimal_allowed", at)
    for name in ("initial_value", "min_value", "max_value"):
        value = element.get(name)
        if value is not None and not (isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value)):
            found.say("must be a number as a string", f"{at}/{name}")


def _pattern(name: str, pattern: str) -> Callable[[Problems, JSON, str], None]:
    def check(found: Problems, element: JSON, at: str) -> None:
        value = element.get(name)
        if value is not None and not (isinstance(value, str) and re.fullmatch(pattern, value)):
            found.say("invalid format", f"{at}/{name}")

    return check


def _rich_text(found: Problems, element: JSON, at: str) -> None:
    if element.get("initial_value") is not None:
        check_rich_text(found, element["initial_value"], f"{at}/initial_value")


def _moment(found: Problems, element: JSON, at: str) -> None:
    value = element.get("initial_date_time")
    if value is not None and not (isinstance(value, int) and len(str(value)) == 10):
        found.say("must be a time in seconds", f"{at}/initial_date_time")


def _external(found: Problems, element: JSON, at: str) -> None:
    _chosen(found, element, at)


def _named(name: str) -> Callable[[Problems, JSON, str], None]:
    """One id, or several of a multi-select."""

    def check(found: Problems, element: JSON, at: str) -> None:
        found.string(element, f"initial_{name}", at, _ID)
        several = (
            found.items(element, f"initial_{name}s", at, 100, 0) if element.get(f"initial_{name}s") else []
        )
        if not all(isinstance(one, str) for one in several):
            found.say("must be strings", f"{at}/initial_{name}s")

    return check


def _files(found: Problems, element: JSON, at: str) -> None:
    most = element.get("max_files", _MOST_FILES)
    if not isinstance(most, int) or not 1 <= most <= _MOST_FILES:
        found.say(f"must be between 1 and {_MOST_FILES}", f"{at}/max_files")
    kinds = found.items(element, "filetypes", at, 100) if element.get("filetypes") is not None else []
    if not all(isinstance(kind, str) for kind in kinds):
        found.say("must be strings", f"{at}/filetypes")


def _feedback(found: Problems, element: JSON, at: str) -> None:
    for name in ("positive_button", "negative_button"):
        button = element.get(name)
        if not isinstance(button, dict):
            found.missing(name, at)
            continue
        found.field(button, "text", f"{at}/{name}", 75, required=True, plain=True)
        found.string(button, "value", f"{at}/{name}", 2000, required=True)


def _icon(found: Problems, element: JSON, at: str) -> None:
    found.field(element, "text", at, 75, required=True, plain=True)
    found.string(element, "icon", at, 255, required=True)


def check_image(found: Problems, image: JSON, at: str) -> None:
    if ("image_url" in image) == ("slack_file" in image):
        found.say("must provide exactly one of image_url and slack_file", at)
    found.string(image, "image_url", at, 3000)
    found.string(image, "alt_text", at, 2000, required=True)


_CHECKS: dict[str, Callable[[Problems, JSON, str], None]] = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _select,
    "radio_buttons": _options(10),
    "checkboxes": _options(10),
    "overflow": _options(5),
    "plain_text_input": _typed,
    "email_text_input": _typed,
    "url_text_input": _typed,
    "number_input": _number,
    "datepicker": _pattern("initial_date", r"\d{4}-\d\d-\d\d"),
    "timepicker": _pattern("initial_time", r"\d\d:\d\d"),
    "datetimepicker": _moment,
    "rich_text_input": _rich_text,
    "file_input": _files,
    "feedback_buttons": _feedback,
    "icon_button": _icon,
    "image": check_image,
    **{f"{many}external_select": _external for many in ("", "multi_")},
    **{
        f"{many}{name}s_select": _named(name)
        for many in ("", "multi_")
        for name in ("user", "channel", "conversation")
    },
}
