"""Check-ins with their answers; `storage.answers` writes those."""

from storage.check_ins.asking import (
    add_check_in,
    cover,
    find_by_message,
    find_check_in,
    find_check_in_of_period,
    find_current,
    forget,
    is_anything_due,
    list_current,
    list_uncovered,
    set_due_at,
    set_state,
    snooze,
)
from storage.check_ins.history import (
    hold_unclosed,
    list_answered,
    list_around,
    list_asked_at,
    list_history,
    list_since,
    list_unclosed,
)

__all__ = [
    "add_check_in",
    "cover",
    "find_by_message",
    "find_check_in",
    "find_check_in_of_period",
    "find_current",
    "forget",
    "hold_unclosed",
    "is_anything_due",
    "list_answered",
    "list_around",
    "list_asked_at",
    "list_current",
    "list_history",
    "list_since",
    "list_unclosed",
    "list_uncovered",
    "set_due_at",
    "set_state",
    "snooze",
]
