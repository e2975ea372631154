"""Refusals that a person reads."""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal; its text is the sentence the person sees, saying why and what to do."""


class FieldErrors(DomainError):
    """Problems of a form: field name -> sentence, each shown at its field, what was typed kept."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


class NotFound(DomainError):
    """What an id names is gone, was never there or is not for the person who acts: one answer, which tells them nothing."""

    def __init__(self) -> None:
        super().__init__(
            "I cannot find what this is about: it has changed since, or it is not yours to see. "
            "Run the command again in its channel, or ask a lead of the strategy."
        )
