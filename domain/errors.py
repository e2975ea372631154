"""Refusals that a person reads."""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal; its text is the sentence the person sees, saying why and what to do."""


class FieldErrors(DomainError):
    """Problems of a form: field name -> sentence, each shown at its field, what was typed kept."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)
