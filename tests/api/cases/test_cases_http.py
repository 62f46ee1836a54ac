"""Cases and privacy over HTTP: statuses, versions, repetitions and warnings, on both databases."""

from __future__ import annotations

import json
from typing import Any

from starlette.testclient import TestClient

from tests.services import ClientFor, HandClock, World

API = "/api/v1"


def opened(client: TestClient, site: str) -> dict[str, Any]:
    answer = client.post(f"{API}/cases", json={"site": site})
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{API}/cases/{answer.json()['id']}"
    found: dict[str, Any] = answer.json()
    return found


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_day_with_a_case(client_for: ClientFor, world: World) -> None:
    interviewer, supervisor = client_for("interviewer"), client_for("supervisor")
    first = interviewer.post(f"{API}/cases", json={"site": world.site_a}, headers={"Idempotency-Key": "one"})
    again = interviewer.post(f"{API}/cases", json={"site": world.site_a}, headers={"Idempotency-Key": "one"})
    assert first.json() == again.json()
    case = first.json()
    address = f"{API}/cases/{case['id']}"
    second = opened(interviewer, world.site_a)
    listed = interviewer.get(f"{API}/cases", params={"limit": 1}).json()
    rest = interviewer.get(f"{API}/cases", params={"cursor": listed["next_cursor"]}).json()
    assert {one["id"] for one in listed["items"] + rest["items"]} == {case["id"], second["id"]}
    assert supervisor.get(f"{API}/cases", params={"mine": True}).json()["items"] == []
    assert interviewer.get(f"{API}/cases", params={"status": "closed"}).json()["items"] == []

    nothing = interviewer.get(f"{address}/identity")
    assert (nothing.headers["etag"], nothing.json()["full_name"]) == ('"0"', None)
    fields = {"full_name": "Rosa Invented", "notes": "Her boyfriend waits outside."}
    assert code_of(interviewer.patch(f"{address}/identity", json=fields)) == (428, "S231")
    seen = {"If-Match": '"0"'}
    written = interviewer.patch(f"{address}/identity", json=fields, headers=seen)
    assert written.headers["etag"] == '"1"'
    (warning,) = written.json()["warnings"]
    assert warning["id"] == "consensual_sexual_conduct"
    assert warning["says"]["ar"]
    assert code_of(interviewer.patch(f"{address}/identity", json=fields, headers=seen)) == (412, "S232")

    agreed = {"purpose": "referral", "state": "given", "recipient": "own_service", "how": "spoken"}
    consent = interviewer.post(f"{address}/consents", json=agreed).json()
    assert consent["state_label"]["ar"]
    assert interviewer.get(f"{address}/consents").json()["current"] == [consent]
    assert code_of(interviewer.post(f"{address}/consents", json={**agreed, "recipient": "nobody"})) == (
        422,
        "S172",
    )

    place = interviewer.post(f"{API}/workplaces", json={"kind": "company", "name": "Blue Door"}).json()
    assert interviewer.post(f"{API}/workplaces", json={"kind": "company", "name": "blue door"}).json()[
        "found"
    ]
    linked = interviewer.post(f"{address}/workplaces", json={"workplace": place["id"]})
    assert linked.status_code == 201
    assert [one["code"] for one in interviewer.get(f"{address}/workplaces").json()["items"]] == [
        place["code"]
    ]
    shown = interviewer.get(f"{API}/workplaces/{place['id']}").json()
    assert (shown["name"], [one["id"] for one in shown["cases"]]) == ("Blue Door", [case["id"]])
    assert interviewer.delete(f"{address}/workplaces/{place['id']}").status_code == 204

    closing = {"status": "closed", "reason": "other", "note": "She lied about it."}
    assert code_of(interviewer.patch(address, json=closing)) == (428, "S231")
    closed = interviewer.patch(address, json=closing, headers={"If-Match": '"1"'}).json()
    assert closed["status"] == "closed"
    assert closed["events"][0]["reason_label"]["ar"]
    assert [one["id"] for one in closed["warnings"]] == ["judging_words"]
    reopened = supervisor.patch(
        address, json={"status": "open", "reason": "person_returned"}, headers={"If-Match": '"2"'}
    )
    assert reopened.json()["version"] == 3


def test_what_is_out_of_reach_is_not_there(client_for: ClientFor, world: World) -> None:
    case = opened(client_for("interviewer"), world.site_a)
    address = f"{API}/cases/{case['id']}"
    other = client_for("colleague")
    for path in (address, f"{address}/identity", f"{address}/consents", f"{address}/workplaces"):
        assert code_of(other.get(path)) == (404, "S150")
    assert code_of(other.get(f"{address}/access")) == (403, "S121")
    assert code_of(client_for("supervisor_b").get(f"{address}/export")) == (404, "S150")
    assert code_of(client_for("nobody").get(address)) == (401, "S120")
    assert code_of(other.get(f"{API}/cases/KW-7Q4M-9KXD")) == (404, "S022")


def test_emergency_access_over_http(client_for: ClientFor, world: World) -> None:
    case = opened(client_for("interviewer"), world.site_a)
    colleague, auditor = client_for("colleague"), client_for("auditor")
    address = f"{API}/cases/{case['id']}"
    reason = {"reason": "The clinic asks for her medicines."}
    taken = colleague.post(f"{address}/break-glass", json=reason)
    assert taken.status_code == 201
    assert colleague.get(address).status_code == 200
    (seen,) = auditor.get(f"{API}/break-glass", params={"reviewed": False}).json()["items"]
    assert (seen["id"], seen["reason"]) == (taken.json()["id"], reason["reason"])
    reviewed = auditor.post(f"{API}/break-glass/{seen['id']}/review", json={"review": "justified"})
    assert reviewed.json()["review_label"]["en"]
    assert auditor.get(f"{API}/break-glass", params={"reviewed": False}).json()["items"] == []


def test_access_is_given_and_ended(client_for: ClientFor, world: World) -> None:
    case = opened(client_for("interviewer"), world.site_a)
    supervisor, colleague = client_for("supervisor"), client_for("colleague")
    address = f"{API}/cases/{case['id']}"
    to = f"{address}/access/{world['colleague'].account_id}"
    assert supervisor.put(to).json()["because"] == "assigned"
    assert colleague.get(address).status_code == 200
    assert len(supervisor.get(f"{address}/access").json()["items"]) == 2
    assert supervisor.delete(to).status_code == 204
    assert colleague.get(address).status_code == 404
    assert code_of(supervisor.delete(to)) == (422, "S158")


def test_export_hold_and_erasure_over_http(client_for: ClientFor, world: World) -> None:
    interviewer, supervisor = client_for("interviewer"), client_for("supervisor")
    case = opened(interviewer, world.site_a)
    address = f"{API}/cases/{case['id']}"
    interviewer.patch(f"{address}/identity", json={"full_name": "Rosa Invented"}, headers={"If-Match": '"0"'})
    with_identity = supervisor.get(f"{address}/export", params={"identity": True})
    assert "Rosa Invented" in with_identity.text
    assert with_identity.headers["cache-control"] == "no-store"
    assert "Rosa" not in supervisor.get(f"{address}/export").text
    held = supervisor.put(f"{address}/hold", json={"until": "2026-12-01", "reason": "court"}).json()
    assert held["held_until"] == "2026-12-01T21:00:00Z"
    erasing = {"number": case["number"].lower(), "reason": "person_asked"}
    assert code_of(supervisor.post(f"{address}/erase", json=erasing)) == (422, "S174")
    assert supervisor.delete(f"{address}/hold").json()["held_until"] is None
    assert code_of(supervisor.post(f"{address}/erase", json={**erasing, "number": "KW"})) == (422, "S173")
    assert supervisor.post(f"{address}/erase", json=erasing).json()["status"] == "erased"
    assert code_of(interviewer.get(f"{address}/identity")) == (410, "S154")
    assert code_of(supervisor.get(f"{address}/export")) == (410, "S154")
    assert interviewer.get(address).json()["status"] == "erased"


def test_matches_and_links_over_http(client_for: ClientFor, world: World) -> None:
    interviewer, supervisor = client_for("interviewer"), client_for("supervisor")
    cases = [opened(interviewer, world.site_a) for _ in range(2)]
    at_b = opened(client_for("interviewer_b"), world.site_b)
    number = {"document_number": "P٧٧"}
    for case in cases:
        written = interviewer.patch(
            f"{API}/cases/{case['id']}/identity", json=number, headers={"If-Match": '"0"'}
        ).json()
    assert [one["id"] for one in written["matches"]] == [cases[0]["id"]]
    there = client_for("interviewer_b").patch(
        f"{API}/cases/{at_b['id']}/identity", json={"document_number": "p 77"}, headers={"If-Match": '"0"'}
    )
    assert (there.json()["matches"], there.json()["match_elsewhere"]) == ([], True)
    for hidden in (*cases, {"id": world.site_a, "number": world.site_a}):
        assert hidden["id"] not in there.text
        assert hidden["number"] not in there.text
    address = f"{API}/cases/{cases[1]['id']}"
    found = supervisor.get(f"{address}/matches").json()
    assert ([one["id"] for one in found["matches"]], found["elsewhere"]) == ([cases[0]["id"]], True)
    linked = supervisor.post(f"{address}/links", json={"case": cases[0]["id"]})
    assert [one["id"] for one in linked.json()["linked"]] == [cases[0]["id"]]


def test_visits_over_http(client_for: ClientFor, world: World) -> None:
    inspector = client_for("inspector")
    made = inspector.post(f"{API}/visits", json={"site": world.site_a, "note": "All of them are liars."})
    assert [one["id"] for one in made.json()["warnings"]] == ["judging_words"]
    address = made.headers["location"]
    shown = inspector.get(address)
    assert (shown.json()["others"], shown.json()["other_outcomes"]) == (0, None)
    assert code_of(inspector.patch(address, json={"status": "closed"})) == (428, "S231")
    closed = inspector.patch(address, json={"status": "closed"}, headers={"If-Match": shown.headers["etag"]})
    assert closed.json()["status"] == "closed"
    assert [one["id"] for one in inspector.get(f"{API}/visits").json()["items"]] == [made.json()["id"]]


def test_retention_over_http_is_dry_unless_told(
    client_for: ClientFor, world: World, clock: HandClock
) -> None:
    interviewer, administrator = client_for("interviewer"), client_for("administrator")
    case = opened(interviewer, world.site_a)
    closing = {"status": "closed", "reason": "help_given"}
    interviewer.patch(f"{API}/cases/{case['id']}", json=closing, headers={"If-Match": '"1"'})
    clock.move(days=1827)

    def taken(answer: Any) -> list[str]:
        rules = {rule["rule"]: rule for rule in answer.json()["rules"]}
        return [one["number"] for one in rules["closed_cases"]["cases"]]

    assert taken(administrator.get(f"{API}/retention")) == [case["number"]]
    dry = administrator.post(f"{API}/retention/run", json={})
    assert (dry.json()["dry"], taken(dry)) == (True, [case["number"]])
    assert interviewer.get(f"{API}/cases/{case['id']}").json()["status"] == "closed"
    done = administrator.post(f"{API}/retention/run", json={"dry": False})
    assert (done.json()["dry"], taken(done)) == (False, [case["number"]])
    assert interviewer.get(f"{API}/cases/{case['id']}").json()["status"] == "erased"


def test_words_come_in_both_languages(client_for: ClientFor) -> None:
    interviewer = client_for("interviewer")
    words = interviewer.get(f"{API}/case-words").json()
    assert words["closing_reasons"][0]["label"]["ar"]
    consent = interviewer.get(f"{API}/consent-words").json()
    assert {item["id"] for item in consent["exceptions"]} == {"child", "imminent_danger", "duty_to_report"}
    assert all(item["explanation"]["ar"] for item in consent["exceptions"])
    cited = [one for item in consent["exceptions"] for one in item["sources"]]
    assert all(one["title"]["ar"] and one["locator_text"]["ar"] != one["locator"] for one in cited)
    assert {one["confidence"] for one in cited} == {"verified_text", "own_design"}
    assert "low_result" not in json.dumps(words)
