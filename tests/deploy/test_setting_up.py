"""`make setup` where something of Python is missing says in a sentence what to install."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("python3", "sentence"),
    [
        (
            None,
            "There is no python3: install Python 3.11 or later (Debian and Ubuntu: sudo apt install python3 python3-venv).",
        ),
        (
            'case "$*" in *ensurepip*) exit 1;; esac',
            "Python's venv is missing: sudo apt install python3-venv, then make setup again.",
        ),
        (
            'case "$*" in *version_info*) exit 1;; --version) echo Python 3.9.2;; esac',
            "Python 3.9.2 is too old: install Python 3.11 or later.",
        ),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, python3: str | None, sentence: str) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("make", "sh", "cat", "cksum", "cut", "test", "rm", "touch"):
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    if python3 is not None:
        (folder / "python3").write_text(f"#!/bin/sh\n{python3}\n", encoding="utf-8")
        (folder / "python3").chmod(0o755)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    shutil.copy(ROOT / "Makefile", checkout)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    shutil.copytree(ROOT / "requirements", checkout / "requirements")

    done = subprocess.run(
        ["make", "setup"],
        cwd=checkout,
        env={"PATH": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert done.stdout.splitlines() == [sentence]
    assert not (checkout / ".venv" / "bin").exists()
