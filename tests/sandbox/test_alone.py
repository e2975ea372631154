"""The sandbox as a package of its own, installed where Drumbeat is not, serving the apps of its README."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

import sandbox

SOURCE = Path(sandbox.__file__).parent
README = (SOURCE / "README.md").read_text("utf-8")
INSTALLED = sysconfig.get_path("purelib")
BOLT = "@slack/bolt@4"
"""The newest that runs on the Node of Debian 12."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@dataclass
class Served:
    """A sandbox that runs by itself; `environment` is what it printed for its app."""

    url: str
    environment: dict[str, str]

    def post(self, path: str, **given: Any) -> Any:
        request = Request(f"{self.url}/control/{path}", json.dumps(given).encode())
        return json.loads(urlopen(request).read())["result"]


def clean(site: Path) -> dict[str, str]:
    """An environment for `python -S`: the package and what it depends on; what is installed for development is not."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "SLACK_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join((str(site), INSTALLED))}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is installed, built from its own pyproject.toml, without the network."""
    target = tmp_path_factory.mktemp("site")
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--quiet")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *offline, "--target", target, SOURCE], check=True, cwd=target
    )
    return target


@pytest.fixture(scope="module")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sandbox of the README's two files."""
    folder = tmp_path_factory.mktemp("team")
    for block in blocks("yaml"):
        name = re.match(r"# ([\w.]+)", block)
        assert name, block
        (folder / name[1]).write_text(block, "utf-8")
    command = [sys.executable, "-S", "-m", "sandbox", "--config", "team.yaml"]
    with running(command, folder, clean(site)) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        told = {}
        for line in process.stdout:
            if line.startswith("# In Python"):
                break
            if found := re.match(r"(SLACK_\w+)=(\S+)", line):
                told[found[1]] = found[2]
        yield Served(url, told)


@contextmanager
def running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def test_nothing_of_drumbeat_is_where_it_is_installed(site: Path) -> None:
    assert {one.name for one in site.iterdir() if not one.name.endswith(".dist-info")} == {"sandbox"}
    for there, name in (
        (True, "sandbox.server"),
        (False, "bot.cli"),
        (False, "domain.days"),
        (False, "demo.show"),
    ):
        command = [sys.executable, "-S", "-c", f"import {name}"]
        done = subprocess.run(command, cwd=site, env=clean(site), capture_output=True, check=False)
        assert (done.returncode == 0) is there, name


def test_everything_of_the_package_is_installed_with_it(site: Path) -> None:
    def names(folder: Path) -> set[str]:
        files = (one for one in folder.rglob("*") if one.is_file() and "__pycache__" not in one.parts)
        return {str(one.relative_to(folder)) for one in files}

    assert names(site / "sandbox") == names(SOURCE) - {"pyproject.toml", "README.md"}


def test_it_serves_the_page_of_the_readmes_team(served: Served) -> None:
    first = urlopen(f"{served.url}/").read().decode()
    assert "Harbor Lights" in first
    assert "Ben Carter" in first


def greeted(served: Served) -> str:
    served.post("connected")
    command = {"name": "/hello", "channel": "#marketing"}
    answer = served.post("act", person="Ana Ruiz", verb="command", args=command)
    return str(answer["text"])


def ana(served: Served) -> str:
    state = json.loads(urlopen(f"{served.url}/control/state").read())
    return next(str(one["id"]) for one in state["people"] if one["name"] == "ana.ruiz")


def test_the_readmes_app_in_python_greets(served: Served, tmp_path: Path) -> None:
    (code,) = blocks("python")
    (tmp_path / "app.py").write_text(code, "utf-8")
    environment = {**os.environ, **served.environment}
    with running([sys.executable, "app.py"], tmp_path, environment):
        assert greeted(served) == f"Hello, <@{ana(served)}>!"


def node_modules(folder: Path) -> Path:
    """A folder with Bolt for JavaScript in it, as whoever reads the README installs it."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node and npm are not installed: apt-get install nodejs npm")
    quiet = ("--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error")
    done = subprocess.run(
        ["npm", "install", *quiet, BOLT], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"npm could not install {BOLT}: {done.stderr.strip()[-300:]}")
    return folder


def test_the_readmes_app_in_javascript_greets(served: Served, tmp_path: Path) -> None:
    (code,) = blocks("javascript")
    folder = node_modules(tmp_path)
    (folder / "app.js").write_text(code, "utf-8")
    with running(["node", "app.js"], folder, {**os.environ, **served.environment}):
        assert greeted(served) == f"Hello, <@{ana(served)}>!"


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_the_apps_of_the_readme_are_of_about_ten_lines(language: str) -> None:
    (code,) = blocks(language)
    assert len([line for line in code.splitlines() if line.strip()]) <= 12


def test_what_it_imports_is_what_it_asks_for() -> None:
    asked = tomllib.loads((SOURCE / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*asked["dependencies"], *asked["optional-dependencies"]["pictures"]]
    names = {re.split(r"[<>=]", one)[0] for one in wanted} - {"tzdata"}
    sources = (one.read_text("utf-8") for one in SOURCE.rglob("*.py"))
    imported = {
        found for text in sources for found in re.findall(r"^\s*(?:from|import) (\w+)", text, re.MULTILINE)
    }
    outside = imported - set(sys.stdlib_module_names) - {"sandbox"}
    packages = {"markdown_it": "markdown-it-py", "yaml": "pyyaml", "pydantic_core": "pydantic"}
    assert {packages.get(name, name) for name in outside} == names
