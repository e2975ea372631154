"""Uploaded files and their shape in messages."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from sandbox.records import File

if TYPE_CHECKING:
    from sandbox.core import Core

JSON = dict[str, Any]


def store(slack: Core, name: str, content: bytes, user_id: str) -> File:
    """A file a person sent: there at once."""
    workspace = slack.workspace
    stored = File(workspace.new_id("F"), name, name, len(content), user_id, workspace.now(), content=content)
    stored.completed = True
    workspace.files[stored.id] = stored
    return stored


def shape_of(slack: Core, file: File, *, processed: bool = True) -> JSON:
    """As in messages and files.info; what Slack finds out later is empty until `processed`."""
    mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    url = f"{slack.url}/files/{file.id}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetype if processed else "",
        "filetype": file.name.rpartition(".")[2] if processed else "",
        "pretty_type": file.name.rpartition(".")[2].upper() if processed else "",
        "user": file.user_id,
        "editable": False,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(file.shares),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": url,
        "url_private_download": url,
        "permalink": url,
        "permalink_public": url,
        "media_display_type": "unknown",
        "has_rich_preview": False,
        "alt_txt": file.alt_text,
    }
