"""`drumbeat demo`: thirteen weeks of an example plan, played on a local Slack with the real bot."""

from demo.show import play

__all__ = ["play"]
