"""The file that `python -m sandbox --config` begins with, and every mistake that can be made in it."""

import asyncio
import sys
from pathlib import Path

import pytest

from sandbox import LocalSlack
from sandbox.config import MistakesError, read_config
from sandbox.setting_up import environment, set_up

MANIFEST = """
display_information: {name: Tempo}
features: {bot_user: {display_name: tempo}, slash_commands: [{command: /plan}]}
oauth_config: {scopes: {bot: [commands, "chat:write"], bot_optional: ["pins:write"]}}
"""
TEAM = """
workspaces:
  - name: Harbor Lights
    domain: harbor
    people:
      - {name: Ana Ruiz, zone: Europe/Madrid, locale: es-ES, role: admin}
      - {name: Gus, role: single-channel guest}
    channels:
      - {name: marketing, members: [Ana Ruiz, GUS, Tempo]}
      - {name: all}
      - {name: secret, private: true, members: []}
  - name: The Orchard
    people: [{name: Ana Ruiz}]
apps:
  - manifest: manifest.yml
    bot_tokens: {harbor: xoxb-harbor}
    app_token: xapp-1
    signing_secret: s1
  - manifest: manifest.yml
    workspaces: []
    client_id: "1.2"
    client_secret: c2
    request_urls:
      {events: "http://127.0.0.1:3000/e", interactivity: "http://127.0.0.1:3000/i", commands: "http://127.0.0.1:3000/c"}
"""


def written(folder: Path, team: str, manifest: str = MANIFEST) -> Path:
    (folder / "manifest.yml").write_text(manifest)
    path = folder / "team.yaml"
    path.write_text(team)
    return path


def mistakes(folder: Path, team: str, manifest: str = MANIFEST) -> list[str]:
    with pytest.raises(MistakesError) as wrong:
        read_config(written(folder, team, manifest))
    return wrong.value.sentences


async def test_what_the_file_names_is_there(tmp_path: Path) -> None:
    async with LocalSlack() as slack:
        set_up(slack, *read_config(written(tmp_path, TEAM)))
        harbor, orchard = slack.worlds
        assert (harbor.workspace.name, harbor.workspace.domain) == ("Harbor Lights", "harbor")
        assert (orchard.workspace.domain, orchard.workspace.root) == ("the-orchard", "/in/the-orchard")
        ana, gus = harbor.people["ana.ruiz"].account, harbor.people["gus"].account
        assert (ana.tz, ana.locale, ana.admin, gus.guest) == ("Europe/Madrid", "es-ES", True, "single")
        members = {c.name: list(c.members) for c in harbor.workspace.conversations.values()}
        assert members == {
            "marketing": [ana.id, gus.id, harbor.app.bot_user_id],
            "all": [ana.id],
            "secret": [],
        }
        assert harbor.workspace.channel_called("secret").is_private
        assert harbor.app.bot_token == "xoxb-harbor"
        assert (harbor.app.app_token, harbor.app.signing_secret) == ("xapp-1", "s1")
        assert orchard.app.registration is harbor.app.registration
        assert harbor.app.scopes == {"commands", "chat:write", "pins:write"}


async def test_an_app_that_nobody_installed_waits_for_oauth_at_its_own_addresses(tmp_path: Path) -> None:
    async with LocalSlack() as slack:
        set_up(slack, *read_config(written(tmp_path, TEAM)))
        _, second = slack.shared.registrations.values()
        assert (second.client_id, second.client_secret) == ("1.2", "c2")
        kinds = ("events_api", "interactive", "slash_commands")
        assert [second.url_for(kind)[-1] for kind in kinds] == ["e", "i", "c"]
        lines = list(environment(slack))
        installed, waiting = "\n".join(lines).split("\n\n")[1:]
        assert "SLACK_BOT_TOKEN=xoxb-harbor  # in Harbor Lights" in installed
        assert "\n# SLACK_CLIENT_ID=" in installed, "Bolt for Python would drop the bot token"
        assert "SLACK_APP_TOKEN=xapp-1" in installed
        assert "\nSLACK_CLIENT_ID=1.2" in waiting
        assert "TOKEN" not in waiting


PEOPLE = "people: [{name: Ana}]"
ONE = f"workspaces: [{{name: One, {PEOPLE}}}]\n"


@pytest.mark.parametrize(
    ("team", "sentence"),
    [
        ("a: [", "team.yaml, line 1, column 5: this is no YAML."),
        ("hello", "team.yaml: 'hello' stands where names and values are expected."),
        ("port: 1", "team.yaml: workspaces is missing."),
        ("workspaces: []", "team.yaml: workspaces: [] is empty; at least one is needed."),
        (ONE + "prot: 1", "team.yaml: prot: 1 is nothing that can be said here."),
        (
            ONE + "port: 70000",
            "team.yaml: port: 70000 is no port; they go from 0, which takes a free one, to 65535.",
        ),
        (
            ONE + "port: eighty",
            "team.yaml: port: 'eighty' is no port; they go from 0, which takes a free one, to 65535.",
        ),
        (ONE + "rate_limits: often", "team.yaml: rate_limits: 'often' is neither true nor false."),
        (
            ONE + "now: 2026-11-23T09:00:00",
            (
                "team.yaml: now: 2026-11-23T09:00:00 is no moment with its zone; "
                "they look like 2026-11-23T09:00:00+00:00."
            ),
        ),
        ("workspaces: [{name: One}]", "team.yaml: workspaces[0].people is missing."),
        (
            "workspaces: [{name: One, people: Ana}]",
            "team.yaml: workspaces[0].people: 'Ana' stands where a list is expected.",
        ),
        (
            "workspaces: [{name: One, people: [Ana]}]",
            "team.yaml: workspaces[0].people[0]: 'Ana' stands where names and values are expected.",
        ),
        (
            "workspaces: [{name: One, people: [{name: yes}]}]",
            "team.yaml: workspaces[0].people[0].name: True is no text; put it into quotes if it is meant as one.",
        ),
        (
            "workspaces: [{name: One, people: [{name: Ana, zone: Europe/Lodon}]}]",
            (
                "team.yaml: workspaces[0].people[0].zone: 'Europe/Lodon' is no time zone; "
                "they look like Europe/London."
            ),
        ),
        (
            "workspaces: [{name: One, people: [{name: Ana, locale: english}]}]",
            "team.yaml: workspaces[0].people[0].locale: 'english' is no locale; they look like en-GB.",
        ),
        (
            "workspaces: [{name: One, people: [{name: Ana, role: boss}]}]",
            (
                "team.yaml: workspaces[0].people[0].role: 'boss' is none of 'member', 'admin', "
                "'multi-channel guest' or 'single-channel guest'."
            ),
        ),
        (
            "workspaces: [{name: One, people: [{name: Ana}, {name: ANA}]}]",
            "team.yaml: workspaces[0].people[1].name: 'ana' is there twice.",
        ),
        (
            f"workspaces: [{{name: One, domain: My Own, {PEOPLE}}}]",
            "team.yaml: workspaces[0].domain: 'My Own' is no domain: small letters, digits and dashes.",
        ),
        (
            f"workspaces: [{{name: One, {PEOPLE}}}, {{name: one, {PEOPLE}}}]",
            "team.yaml: workspaces[1].domain: 'one' is another workspace's, too.",
        ),
        (
            f"workspaces: [{{name: One, {PEOPLE}, channels: [{{name: My Channel}}]}}]",
            (
                "team.yaml: workspaces[0].channels[0].name: 'My Channel' is no channel's name: "
                "small letters, digits, - and _, 80 at most."
            ),
        ),
        (
            f"workspaces: [{{name: One, {PEOPLE}, channels: [{{name: a}}, {{name: a}}]}}]",
            "team.yaml: workspaces[0].channels[1].name: 'a' is there twice.",
        ),
        (
            f"workspaces: [{{name: One, {PEOPLE}, channels: [{{name: a, members: [Zed]}}]}}]",
            (
                "team.yaml: workspaces[0].channels[0].members: 'Zed' is the name of nobody in One, "
                "and of no app there."
            ),
        ),
        (ONE + "apps: [{}]", "team.yaml: apps[0].manifest is missing."),
        (
            ONE + "apps: [{manifest: none.yml}]",
            "team.yaml: apps[0].manifest: none.yml: the file cannot be read: No such file or directory.",
        ),
        (
            ONE + "apps: [{manifest: manifest.yml, workspaces: [two]}]",
            "team.yaml: apps[0]: 'two' is the domain of no workspace here; there are one.",
        ),
        (
            ONE + "apps: [{manifest: manifest.yml, request_url: localhost}]",
            (
                "team.yaml: apps[0].request_url: 'localhost' is no address; "
                "it looks like http://127.0.0.1:3000/slack/events."
            ),
        ),
        (
            ONE + "apps: [{manifest: manifest.yml, app_token: xoxb-123456}]",
            "team.yaml: apps[0].app_token: 'xoxb-123…' is no such token; it begins with xapp-.",
        ),
        (
            ONE + "apps: [{manifest: manifest.yml, bot_tokens: {one: secret}}]",
            "team.yaml: apps[0].bot_tokens.one: 'secret' is no such token; it begins with xoxb-.",
        ),
        (
            ONE
            + "apps: [{manifest: manifest.yml, app_token: xapp-1}, {manifest: manifest.yml, app_token: xapp-1}]",
            "team.yaml: apps[1].app_token: 'xapp-1' is another app's, too.",
        ),
    ],
)
def test_a_mistake_is_named_by_path_and_value(tmp_path: Path, team: str, sentence: str) -> None:
    assert mistakes(tmp_path, team) == [sentence]


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        ("{}", "display_information is missing."),
        (
            "{display_information: {name: T}, features: {slash_commands: [{command: plan}]}}",
            "features.slash_commands[0].command: 'plan' is no command; it looks like /plan.",
        ),
        (
            "{display_information: {name: T}, oauth_config: {redirect_urls: [here]}}",
            "oauth_config.redirect_urls[0]: 'here' is no address; it looks like http://127.0.0.1:3000/slack/events.",
        ),
    ],
)
def test_a_mistake_in_a_manifest_is_named_within_it(tmp_path: Path, manifest: str, sentence: str) -> None:
    (found,) = mistakes(tmp_path, ONE + "apps: [{manifest: manifest.yml}]", manifest)
    assert found == f"team.yaml: apps[0].manifest: manifest.yml: {sentence}"


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "{port: -1, workspaces: [{name: 3, people: [{}]}], apps: [{manifest: 1}]}")
    assert [one.split(" ")[1] for one in found] == [
        "port:",
        "workspaces[0].name:",
        "workspaces[0].people[0].name",
        "apps[0].manifest:",
    ]


async def run(*arguments: str) -> tuple[int | None, str, str]:
    pipe = asyncio.subprocess.PIPE
    command = ("-m", "sandbox", *arguments)
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_a_wrong_file_ends_it_with_2_and_the_sentences(tmp_path: Path) -> None:
    path = written(tmp_path, "port: x")
    code, out, err = await run("--config", str(path))
    assert (code, out) == (2, "")
    assert err.splitlines() == mistakes(tmp_path, "port: x")
    code, _, err = await run("--config", str(tmp_path / "none.yaml"))
    assert (code, err) == (2, "none.yaml: the file cannot be read: No such file or directory.\n")


async def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    async with LocalSlack() as slack:
        port = slack.url.rpartition(":")[2]
        code, _, err = await run("--config", str(written(tmp_path, TEAM)), "--port", port)
    assert (code, err) == (2, f"port: {port} is in use; choose another, or 0 for a free one.\n")


async def test_what_is_no_port_is_said_without_a_traceback() -> None:
    code, _, err = await run("--port", "99999")
    assert (code, err.splitlines()[-1]) == (
        2,
        "python -m sandbox: error: argument --port: 99999 is no port: 0 to 65535",
    )
