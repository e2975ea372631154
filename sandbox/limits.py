"""Slack's limits on blocks and views."""

from __future__ import annotations

from typing import Any


def check_message(blocks: Any) -> None:
    """Raises invalid_blocks."""


def check_view(view: Any) -> None:
    """Raises invalid_arguments or view_too_large."""
