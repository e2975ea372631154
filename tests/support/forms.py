"""A form as it is submitted: what it was filled in with, and what a person changed."""

from typing import Any

Json = dict[str, Any]

_INITIAL = {
    "plain_text_input": ("initial_value", "value"),
    "static_select": ("initial_option", "selected_option"),
    "radio_buttons": ("initial_option", "selected_option"),
    "checkboxes": ("initial_options", "selected_options"),
    "users_select": ("initial_user", "selected_user"),
    "multi_users_select": ("initial_users", "selected_users"),
    "conversations_select": ("initial_conversation", "selected_conversation"),
    "datepicker": ("initial_date", "selected_date"),
    "timepicker": ("initial_time", "selected_time"),
    "file_input": ("initial_files", "files"),
}


def submitted(view: Json, **typed: Any) -> dict[str, Json]:
    """The state of each field (views.fields.State); `typed` maps block ids to values, of options just the value."""
    state = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"]
        initial, selected = _INITIAL[element["type"]]
        value = element.get(initial)
        if name in typed:
            value = _as_slack_sends(selected, typed.pop(name))
        state[name] = {"type": element["type"], selected: value}
    assert not typed, f"no such fields: {sorted(typed)}"
    return state


def _as_slack_sends(selected: str, value: Any) -> Any:
    if selected == "selected_option":
        return None if value is None else {"value": value}
    if selected == "selected_options":
        return [{"value": one} for one in value]
    return value
