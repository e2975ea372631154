"""Buttons and open forms that name a channel by an id it had: what they carry is brought up to date."""

import re
from collections.abc import Mapping
from dataclasses import replace

from handlers.requests import Click, Submission

_ID = re.compile(r"(?<![A-Z0-9])[CG][A-Z0-9]{2,40}(?![A-Z0-9])", re.ASCII)


def ids_in(request: Click | Submission) -> frozenset[str]:
    """What may be a channel's id in what a button or a form carries."""
    carried = [request.form.metadata] if request.form else []
    if isinstance(request, Click):
        carried.append(request.value)
    return frozenset(found for text in carried for found in _ID.findall(text))


def with_ids(request: Click | Submission, moved: Mapping[str, str]) -> Click | Submission:
    """The same with the ids that those channels have now."""

    def brought(text: str) -> str:
        return _ID.sub(lambda found: moved.get(found[0], found[0]), text)

    form = replace(request.form, metadata=brought(request.form.metadata)) if request.form else None
    if isinstance(request, Click):
        return replace(request, value=brought(request.value), form=form)
    return replace(request, form=form or request.form)
