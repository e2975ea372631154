"""What whoever installs Drumbeat reads: in Slack, and in their browser on the way back from Slack."""

from html import escape

from views.slack import blocks as b
from views.slack.blocks import Payload

SLACK_BUSY = "slack_busy"
REASONS = {
    "access_denied": "You chose not to install Drumbeat. Nothing was changed.",
    "invalid_browser": "This page was not opened by the browser in which you began. Please begin again here.",
    "invalid_state": "That took longer than ten minutes, or was done already. Please begin again.",
    "missing_code": "Slack did not say that you agreed. Please begin again.",
    "invalid_code": "Slack did not take what it gave you. Please begin again.",
    SLACK_BUSY: "Slack is busy and did not answer in time. Please try again in a few minutes.",
    "storage_error": "This could not be recorded just now. Please try again in a few minutes.",
}
_OTHER = "Slack did not finish this. Please begin again."
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 36rem; margin: 4rem auto; padding: 0 1rem; font: 1.1rem/1.5 system-ui, sans-serif; }}
</style>
<h1>{title}</h1>
<p>{sentence}</p>
<p><a href="{link}">{label}</a></p>
</html>
"""


def back_message() -> Payload:
    return b.text_message(
        "*Drumbeat is back.* Everything is as it was, and each team's schedule goes on from here. "
        "`/rhythm status` in a channel shows what comes next."
    )


def installed_page(name: str, app_id: str, workspace_id: str) -> str:
    """`name` is the workspace's or, of an organisation, that."""
    link = f"https://slack.com/app_redirect?app={escape(app_id)}&amp;team={escape(workspace_id)}"
    sentence = f"Drumbeat is installed in {escape(name)}. To begin, type /rhythm setup in your team's channel in Slack."
    return _PAGE.format(title="Drumbeat is installed", sentence=sentence, link=link, label="Open Slack")


def failed_page(reason: str, install_path: str) -> str:
    """`reason` is Bolt's or Slack's code."""
    sentence = escape(REASONS.get(reason, _OTHER))
    return _PAGE.format(
        title="Drumbeat is not installed", sentence=sentence, link=escape(install_path), label="Begin again"
    )
