"""The files by which others run it name what is there, ask for no more rights than they need, and keep no secret."""

import json
import os
import re
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import cli
from bot.manifest import load_manifest
from storage.isolation import APP
from tests.support.databases import PostgresqlServer

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service.get("image") == "drumbeat"]
README = (ROOT / "README.md").read_text("utf-8")


def lines_of(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} (.+)$", DOCKERFILE, re.MULTILINE)


def commands() -> set[str]:
    return {
        command.name or str(getattr(command.callback, "__name__", ""))
        for command in cli.app.registered_commands
    }


# The image


def test_the_image_runs_as_nobody_special_and_asks_itself_whether_it_is_ready() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER [1-9]\d+$", last_stage, re.MULTILINE)
    [health] = re.findall(
        r"CMD (\[.+\])$", next(line for line in last_stage.splitlines() if "HEALTHCHECK" in line)
    )
    [entry], [command] = lines_of("ENTRYPOINT"), [line for line in lines_of("CMD") if "run" in line]
    assert json.loads(entry) == ["drumbeat"]
    assert json.loads(health) == ["drumbeat", "ready"]
    assert {json.loads(health)[1], json.loads(command)[0]} <= commands()


def test_the_image_installs_only_what_is_pinned_by_hash_and_copies_what_is_there() -> None:
    installs = [line for line in lines_of("RUN") if "pip install" in line]
    assert len(installs) == 2
    assert all("--require-hashes" in line or "--no-deps ." in line for line in installs)
    sources = [line.split()[0] for line in lines_of("COPY") if not line.startswith("--from")]
    assert all((ROOT / source).exists() for source in sources)
    assert lines_of("ADD") == []


def test_what_is_secret_or_only_for_developers_stays_out_of_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".env", ".git", ".venv", "tests", "*.db"} <= set(ignored)
    assert not {"bot", "storage", "requirements", "manifest.yml", "pyproject.toml", "README.md"} & set(
        ignored
    )


def test_what_is_installed_holds_migrations_and_manifest(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    migrations = {
        f"storage/migrations/versions/{path.name}"
        for path in (ROOT / "storage/migrations/versions").glob("0*.py")
    }
    assert migrations | {"bot/manifest.yml", "bot/cli.py", "storage/migrations/env.py"} <= names


# Compose


@pytest.mark.parametrize("name", OURS)
def test_our_containers_cannot_write_nor_gain_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service.get("command", ["run"])[0] in commands()


def test_two_replicas_start_once_the_tables_are_there_and_have_time_to_stop() -> None:
    assert SERVICES["drumbeat"]["deploy"]["replicas"] == 2
    assert SERVICES["drumbeat"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert int(SERVICES["drumbeat"]["stop_grace_period"].removesuffix("s")) > 10


def test_the_replicas_are_not_the_owner_of_the_tables_and_their_user_is_made_before() -> None:
    def user_of(name: str) -> str:
        return str(SERVICES[name]["environment"]["DATABASE_URL"]).removeprefix("postgresql://").split(":")[0]

    assert (user_of("migrate"), user_of("drumbeat")) == (
        SERVICES["postgres"]["environment"]["POSTGRES_USER"],
        APP,
    )
    assert SERVICES["migrate"]["depends_on"]["roles"]["condition"] == "service_completed_successfully"


def test_users_that_are_there_get_the_password_and_stay(server: PostgresqlServer) -> None:
    before = server.make_roles()
    after = server.make_roles("another")
    assert before.startswith("SCRAM-SHA-256$")
    assert after not in (before, server.make_roles())


def test_every_file_and_volume_that_is_mounted_is_there() -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]
    files = [mount for mount in mounts if mount.startswith(".")]
    assert [file for file in files if not (ROOT / file).exists()] == []
    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])


def test_only_the_load_balancer_is_open_to_the_world_and_it_keeps_how_it_is_to_itself() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(ports) == {"balancer", "grafana"}
    assert all(port.startswith("127.0.0.1:") for port in ports["grafana"])
    told = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    assert "@own path /metrics /readyz\n\trespond @own 404\n" in told


def test_secrets_come_from_the_environment_and_settings_are_ones_that_exist() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for name in (
        "POSTGRES_PASSWORD",
        "BOT_PASSWORD",
        "SLACK_SIGNING_SECRET",
        "GRAFANA_PASSWORD",
    ):
        assert f"${{{name}:?" in text
    for service in OURS:
        assert [name for name in SERVICES[service]["environment"] if f"`{name}`" not in README] == []


def test_compose_runs_it_for_one_workspace_or_for_many() -> None:
    asked = SERVICES["drumbeat"]["environment"]
    assert asked["SLACK_SIGNING_SECRET"] == "${SLACK_SIGNING_SECRET:?set it in .env}"
    kinds = [
        {"SLACK_BOT_TOKEN"},
        {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "DRUMBEAT_ENCRYPTION_KEYS", "DRUMBEAT_PUBLIC_URL"},
    ]
    for names in kinds:
        assert {name: asked[name] for name in names} == {name: f"${{{name}:-}}" for name in names}
    settings = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert settings - asked.keys() == {"SLACK_APP_TOKEN", "SLACK_API_URL", "DRUMBEAT_FOLLOW_CLOCK"}


def test_prometheus_scrapes_the_replicas_by_the_name_and_port_they_have() -> None:
    told = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yaml").read_text("utf-8"))
    [job] = told["scrape_configs"]
    [dns] = job["dns_sd_configs"]
    assert dns["names"][0] in SERVICES
    assert str(dns["port"]) == SERVICES["drumbeat"]["environment"]["DRUMBEAT_PORT"]
    mounts = [mount.split(":")[1] for mount in SERVICES["prometheus"]["volumes"]]
    assert set(told["rule_files"]) <= set(mounts)


# systemd and the Slack CLI


def test_the_unit_runs_the_bot_and_gives_it_time_and_no_rights() -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser has it
    unit.read(ROOT / "deploy" / "drumbeat.service", encoding="utf-8")
    service = unit["Service"]
    program, command = service["ExecStart"].split()
    assert program.endswith("/.venv/bin/drumbeat")
    assert command in commands()
    assert service["RestartPreventExitStatus"] == "2"
    assert int(service["TimeoutStopSec"]) > 10
    assert service["NoNewPrivileges"] == "true"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert not program.startswith(service["WorkingDirectory"])
    assert "ReadWritePaths" not in service


def test_the_slack_cli_gets_the_manifest_and_starts_the_bot() -> None:
    told = json.loads((ROOT / ".slack" / "hooks.json").read_text("utf-8"))
    hooks = {name: command.split() for name, command in told["hooks"].items()}
    assert hooks["start"] == [".venv/bin/drumbeat", "run"]
    assert told["config"]["sdk-managed-connection-enabled"] is True
    program = Path(sys.executable).with_name(Path(hooks["get-manifest"][0]).name)
    printed = subprocess.run(
        [program, *hooks["get-manifest"][1:]], check=True, capture_output=True, env=os.environ
    )
    assert json.loads(printed.stdout) == load_manifest()
