"""The audit chain over HTTP: read with filters, its head kept, verified; by auditors only."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.screening.audit.chains import tamper, write_chain
from tests.services import ClientFor, HandClock, World

ENTRIES = "/api/v1/audit/entries"
LENGTH = 12


@pytest.fixture
def auditor(client_for: ClientFor, world: World, clock: HandClock) -> TestClient:
    write_chain(world.service, world["interviewer"], LENGTH)
    clock.move(hours=1)
    write_chain(world.service, world["supervisor"], 3)
    return client_for("auditor")


def numbers(response: Any) -> list[int]:
    assert response.status_code == 200, response.text
    return [one["seq"] for one in response.json()["items"]]


def test_entries_are_listed_newest_first_and_reading_is_one_of_them(auditor: TestClient) -> None:
    assert numbers(auditor.get(ENTRIES)) == list(range(15, 0, -1))
    again = auditor.get(ENTRIES, params={"limit": 1}).json()["items"][0]
    assert (again["action"], again["detail"]["count"]) == ("audit.read", 15)


def test_filters_narrow_the_list(auditor: TestClient, world: World) -> None:
    her = world["interviewer"].account_id
    assert numbers(auditor.get(ENTRIES, params={"actor": her})) == list(range(12, 0, -1))
    assert numbers(auditor.get(ENTRIES, params={"case": f"{1:032x}"})) == [14, 10, 6, 2]
    assert numbers(auditor.get(ENTRIES, params={"action": "case.read", "actor": her})) == [10, 7, 4, 1]
    early = {"to": "2026-11-01T06:30:00Z"}
    assert numbers(auditor.get(ENTRIES, params=early)) == list(range(12, 0, -1))
    late = {"from": "2026-11-01T09:30:00+03:00", "action": "case.read"}
    assert numbers(auditor.get(ENTRIES, params=late)) == [13]


def test_pages_go_on_where_they_ended(auditor: TestClient) -> None:
    first = auditor.get(ENTRIES, params={"limit": 10}).json()
    rest = auditor.get(ENTRIES, params={"limit": 10, "cursor": first["next_cursor"]}).json()
    assert [one["seq"] for one in first["items"] + rest["items"]] == list(range(15, 0, -1))


@pytest.mark.parametrize(
    "parameters",
    [
        {"from": "2026-11-01T06:00:00"},
        {"from": "yesterday"},
        {"to": "0001-01-01T00:00:00+14:00"},
        {"actor": "a\x00b"},
        {"action": "'; DROP TABLE audit_entries"},
        {"actors": "x"},
        {"cursor": "WyJhIl0"},
    ],
)
def test_filter_that_cannot_be_used_is_refused(auditor: TestClient, parameters: dict[str, str]) -> None:
    assert auditor.get(ENTRIES, params=parameters).status_code == 422


def test_head_is_kept_and_still_found_later(auditor: TestClient, world: World) -> None:
    head = auditor.get("/api/v1/audit/head").json()
    assert head["seq"] == 15
    write_chain(world.service, world["interviewer"], 3)
    found = auditor.post("/api/v1/audit/verify", json={"head": head}).json()
    assert found["intact"] is True
    assert found["entries"] == 19
    changed = auditor.post("/api/v1/audit/verify", json={"head": head | {"hash": "a" * 64}})
    assert (changed.status_code, changed.json()["code"]) == (422, "S206")


def test_broken_chain_is_said_in_both_languages(auditor: TestClient, world: World) -> None:
    head = auditor.get("/api/v1/audit/head").json()
    tamper(world.service, "DELETE FROM audit_entries WHERE seq >= 9")
    tamper(world.service, "UPDATE audit_entries SET actor = 'nobody' WHERE seq = 4")
    found = auditor.post("/api/v1/audit/verify", json={"head": head}).json()
    assert found["intact"] is False
    assert [(one["seq"], one["code"]) for one in found["findings"]] == [(4, "S201"), (9, "S204")]
    assert "4" in found["findings"][0]["message"]["en"]
    assert "القيد" in found["findings"][0]["message"]["ar"]


def test_chain_without_entries_has_no_head(client_for: ClientFor) -> None:
    response = client_for("auditor").get("/api/v1/audit/head")
    assert (response.status_code, response.json()["code"]) == (404, "S209")


@pytest.mark.parametrize("role", ["interviewer", "supervisor", "administrator", "service", "reviewer"])
def test_nobody_else_reads_it(client_for: ClientFor, role: str) -> None:
    client = client_for(role)
    for method, address in (
        ("GET", ENTRIES),
        ("GET", "/api/v1/audit/head"),
        ("POST", "/api/v1/audit/verify"),
    ):
        assert client.request(method, address, json={} if method == "POST" else None).status_code == 403


def test_one_verification_at_a_time(auditor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.routes import audit

    with audit._VERIFYING:
        response = auditor.post("/api/v1/audit/verify", json={})
    assert (response.status_code, response.json()["code"]) == (503, "S207")
    assert auditor.post("/api/v1/audit/verify", json={}).status_code == 200
