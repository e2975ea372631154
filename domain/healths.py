"""How an initiative is doing, as its owner says it."""

from enum import StrEnum


class Health(StrEnum):
    """The three healths. Silence is not one of them: see *outdated*."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"

    @property
    def label(self) -> str:
        """As people write it: `on track`."""
        return self.value.replace("_", " ")

    @property
    def emoji(self) -> str:
        """Slack's name for the coloured circle, which Slack draws in messages and plain text alike."""
        return _EMOJI[self]

    @property
    def shown(self) -> str:
        """As what somebody chooses, in a form or by a button."""
        return f"{self.emoji} {self.label.capitalize()}"


_EMOJI = {
    Health.ON_TRACK: ":large_green_circle:",
    Health.AT_RISK: ":large_yellow_circle:",
    Health.OFF_TRACK: ":red_circle:",
}
