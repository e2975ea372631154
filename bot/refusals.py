"""What a command cannot do."""


class CommandRefusedError(Exception):
    """Its text is the sentence the operator sees: what, where, and what to do. `code` is the process's exit code."""

    code = 1

    def __init__(self, sentence: str, *, code: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code or type(self).code
