"""The file of `python -m sandbox --config`: what it may say, and every mistake in it by path and value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from sandbox.config.checks import crossed, strangers
from sandbox.config.manifests import Manifest, names_of
from sandbox.config.mistakes import MistakesError, sentence, value_in_short
from sandbox.config.parts import AppPart, ChannelPart, Config, WorkspacePart

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["AppPart", "ChannelPart", "Config", "MistakesError", "WorkspacePart", "names_of", "read_config"]


def read_config(path: Path) -> tuple[Config, list[dict[str, Any]]]:
    """The file, and the manifests of its apps in their order. Raises MistakesError with every mistake there is."""
    given = _read(path, path.name)
    try:
        config = Config.model_validate(given)
    except ValidationError as wrong:
        raise MistakesError([sentence(path.name, one) for one in wrong.errors()]) from wrong
    manifests: list[dict[str, Any]] = []
    mistakes = list(crossed(config))
    for place, app in enumerate(config.apps):
        try:
            manifests.append(_read_manifest(path, place, app))
        except MistakesError as wrong:
            mistakes += wrong.sentences
    if not mistakes:
        mistakes = list(strangers(config, manifests))
    if mistakes:
        raise MistakesError([f"{path.name}: {one}" for one in mistakes])
    return config, manifests


def _read(path: Path, shown: str) -> Any:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it is no UTF-8 text"
        raise MistakesError([f"{shown}: the file cannot be read: {why}."]) from problem
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise MistakesError([f"{shown}{where}: this is no YAML."]) from problem
    if not isinstance(given, dict):
        raise MistakesError([f"{shown}: {value_in_short(given)} stands where names and values are expected."])
    return given


def _read_manifest(path: Path, place: int, app: AppPart) -> dict[str, Any]:
    at = f"apps[{place}].manifest"
    manifest = _read(path.parent / app.manifest, f"{at}: {app.manifest}")
    try:
        Manifest.model_validate(manifest)
    except ValidationError as wrong:
        raise MistakesError([sentence(f"{at}: {app.manifest}", one) for one in wrong.errors()]) from wrong
    read: dict[str, Any] = manifest
    return read
