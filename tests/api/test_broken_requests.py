"""Every wrong request that we know of, and exactly what the service says about it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from indicators.yaml_reading import read_yaml

BROKEN: list[dict[str, Any]] = read_yaml(
    (Path(__file__).parent / "broken_requests.yaml").read_bytes()
).plain()
UNFILLED = re.compile(r"\{[a-z_]+\}|…")
LARGE = " " * (300 * 1024)


def send(client: TestClient, broken: dict[str, Any], lang: str) -> Any:
    headers = {"content-type": "application/json", "accept-language": lang, **broken.get("headers", {})}
    raw = broken.get("raw")
    content = None if raw is None else (LARGE if raw == "BIG" else raw).encode()
    return client.request(broken["method"], broken["path"], content=content, headers=headers)


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 60


@pytest.mark.parametrize("broken", BROKEN, ids=[item["name"] for item in BROKEN])
def test_wrong_request_gives_exactly_these_faults(client: TestClient, broken: dict[str, Any]) -> None:
    response = send(client, broken, "en")
    assert response.headers["content-type"].startswith("application/problem+json")
    problem = response.json()
    said = [f"{item['code']} {item.get('field') or '-'}: {item['message']}" for item in problem["faults"]]
    assert (response.status_code, said) == (broken["status"], broken["expect"])
    assert problem["status"] == response.status_code
    assert problem["type"] == f"/api/v1/problems/{problem['code']}"
    assert all(item["advice"] and not UNFILLED.search(item["advice"]) for item in problem["faults"])
    arabic = send(client, broken, "ar").json()
    assert [item["code"] for item in arabic["faults"]] == [item["code"] for item in problem["faults"]]
    assert all(any("\u0621" <= letter <= "\u064a" for letter in item["message"]) for item in arabic["faults"])
