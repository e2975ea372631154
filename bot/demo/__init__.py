"""`drumbeat demo`: thirteen weeks of an example plan, played on a local Slack with the real bot."""

from bot.demo.show import play

__all__ = ["play"]
