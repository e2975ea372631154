"""Slack's tokens are kept encrypted, by keys that can be changed.

The first key encrypts, every key decrypts: a new one is put in front, everything is encrypted anew, the old one goes.
What encrypts is imported where it is needed: it takes ten megabytes from a process that keeps no tokens.
"""

from collections.abc import Sequence


class WrongKeysError(Exception):
    """None of the keys decrypts it; the text is the workspace's id."""


class Keys:
    """Raises ValueError for keys that are none."""

    def __init__(self, keys: Sequence[str]) -> None:
        from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415

        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str, workspace_id: str) -> str:
        """Raises WrongKeysError."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            return self._fernet.decrypt(encrypted).decode()
        except InvalidToken:
            raise WrongKeysError(workspace_id) from None


def new_key() -> str:
    from cryptography.fernet import Fernet  # noqa: PLC0415

    return Fernet.generate_key().decode()
