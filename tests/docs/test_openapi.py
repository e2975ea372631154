"""The description of the HTTP API says what the code does."""

from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from bot.api import add_api
from handlers.requests import Deps
from services.readings import ReadingIn

FILE = Path(__file__).parent.parent.parent / "docs" / "openapi.yaml"
DESCRIBED: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def served() -> set[tuple[str, str]]:
    app = web.Application()
    deps: Any = Deps
    add_api(app, deps, deps, None)
    return {
        (route.method.lower(), route.resource.canonical) for route in app.router.routes() if route.resource
    }


def test_every_route_is_described_and_every_described_route_is_served() -> None:
    described = {(method, path) for path, methods in DESCRIBED["paths"].items() for method in methods}
    assert described == served()


def test_the_fields_of_a_reading_are_those_the_code_takes() -> None:
    schema = DESCRIBED["components"]["schemas"]["NewReading"]
    assert set(schema["properties"]) == set(ReadingIn.model_fields)
    assert set(schema["required"]) == {
        name for name, field in ReadingIn.model_fields.items() if field.is_required()
    }
    limits = {
        name: limit.max_length
        for name, field in ReadingIn.model_fields.items()
        for limit in field.metadata
        if hasattr(limit, "max_length")
    }
    assert limits == {
        name: told["maxLength"] for name, told in schema["properties"].items() if "maxLength" in told
    }
