"""The description is OpenAPI 3.1, complete, and its examples are taken when they are sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from api.examples import example_ids, operation_examples
from screening.engines import Engines
from tests.api.http.filled import KINDS, Filled, open_filled, role_for, sqlite_in

EXAMPLES = operation_examples()
SENT = sorted((operation, name) for operation, examples in EXAMPLES.items() for name in examples)


@pytest.fixture(scope="module")
def filled(kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with open_filled(kuwait_engines, sqlite_in(tmp_path_factory.mktemp("examples"))) as found:
        yield found


@pytest.fixture(scope="module")
def description(filled: Filled) -> dict[str, Any]:
    return json.loads(json.dumps(filled.app.openapi()))  # type: ignore[no-any-return]


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_operation_says_what_it_is(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    for path, method, operation in operations(description):
        for key in ("summary", "description", "operationId", "tags"):
            assert operation.get(key), f"{method} {path} has no {key}"
        assert any(status.startswith("2") for status in operation["responses"])


def test_every_failure_is_a_problem_document(description: dict[str, Any]) -> None:
    for path, method, operation in operations(description):
        for status, response in operation["responses"].items():
            assert response["description"], f"{method} {path} {status}"
            if status.startswith(("4", "5")):
                assert list(response["content"]) == ["application/problem+json"], f"{method} {path} {status}"


def test_who_may_call_is_said(filled: Filled, description: dict[str, Any]) -> None:
    known = filled.world.service.permissions.permissions
    protected = 0
    for path, method, operation in operations(description):
        if "x-permission" in operation:
            protected += 1
            assert operation["x-permission"] in known
            assert operation["security"], f"{method} {path}"
            assert {"401", "403"} <= set(operation["responses"])
    assert protected > 80


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    text = json.dumps(description)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "')[1:]}:
        assert reference.removeprefix("#/components/schemas/") in schemas, reference


def test_every_body_has_an_example(description: dict[str, Any]) -> None:
    for path, method, operation in operations(description):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content.get("examples"), f"{method} {path}"
    assert set(EXAMPLES) <= {operation["operationId"] for _, _, operation in operations(description)}


@pytest.mark.parametrize(("name", "example"), SENT)
def test_example_is_what_the_schema_says(description: dict[str, Any], name: str, example: str) -> None:
    (operation,) = (one for _, _, one in operations(description) if one["operationId"] == name)
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    jsonschema.validate(
        EXAMPLES[name][example]["value"],
        {**schema, "components": description["components"]},
        cls=jsonschema.Draft202012Validator,
    )


# Refused for the state a record is in, or for who somebody is: the body was read and understood.
STATES = ("S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19", "S206", "S231", "S232")


@pytest.mark.parametrize(("name", "example"), SENT)
def test_example_is_taken_when_it_is_sent(
    filled: Filled, description: dict[str, Any], name: str, example: str
) -> None:
    ((path, method, operation),) = (one for one in operations(description) if one[2]["operationId"] == name)
    ids = {kind: found[0] for kind, found in filled.ids.items()}
    body = json.dumps(EXAMPLES[name][example]["value"])
    for kind, written in example_ids().items():
        body = body.replace(written, filled.ids.get(kind, ["0" * 32])[-1])
    names = {"{account}": "account", "{role}": "role", "{site}": "site", "{workplace}": "workplace"}
    parts = path.split("/")
    for at, part in enumerate(parts):
        if part == "{id}":
            parts[at] = ids[KINDS[parts[at - 1]]]
        elif part in names:
            parts[at] = ids[names[part]]
    permission = operation.get("x-permission")
    headers = {"Content-Type": "application/json", "If-Match": '"1"'}
    if permission is not None:
        headers["Authorization"] = f"Bearer {role_for(filled, permission, 1)}"
    client = TestClient(filled.app, raise_server_exceptions=False)
    response = client.request(method, "/".join(parts), content=body, headers=headers)
    if response.status_code >= 300:
        problem = response.json()
        assert problem["code"].startswith(STATES), problem
        assert response.status_code in (401, 403, 404, 409, 410, 412, 422), problem
