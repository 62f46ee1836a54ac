"""What a client of the service may rely on."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.access import api_routes
from api.app import create_app
from api.examples import assessment_examples
from api.languages import choose_language
from screening.cli.app import app as command_line
from screening.logs import configure_logs
from screening.result_models import result_schema
from tests.services import fresh_settings

EXAMPLES = assessment_examples()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_example_of_the_description_is_assessed(client: TestClient, name: str) -> None:
    response = client.post("/api/v1/assessments", json=EXAMPLES[name]["value"])
    assert response.status_code == 200
    result = response.json()
    jsonschema.validate(result, result_schema())
    assert result["engine_check"] == "agrees"
    assert result["as_of"] == "2026-11-01"
    assert response.headers["cache-control"] == "no-store"


def test_result_is_the_one_of_the_command_line(client: TestClient, tmp_path: Any) -> None:
    body = EXAMPLES["locked_in_and_unpaid"]["value"]
    path = tmp_path / "interview.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    run = CliRunner().invoke(command_line, ["assess", str(path), "--format", "json"])
    assert run.exit_code == 0
    assert json.loads(run.stdout) == client.post("/api/v1/assessments", json=body).json()


def test_the_example_of_the_issue_is_a_possible_trafficking_case(client: TestClient) -> None:
    answers = {"documents_holder": "employer", "daily_hours": 15, "locked_in": "yes"}
    answers["danger_now"] = {"state": "declined"}  # type: ignore[assignment]
    body = {"instrument": "intake", "as_of": "2026-11-01", "answers": answers}
    result = client.post("/api/v1/assessments", json=body).json()
    assert result["outcome"] == "trafficking_possible"
    assert "trafficking_indicated" in result["may_still_become"]


def test_same_body_gives_the_same_bytes(client: TestClient) -> None:
    body = EXAMPLES["locked_in_and_unpaid"]["value"]
    first, second = (client.post("/api/v1/assessments", json=body).content for _ in range(2))
    assert first == second


def test_instruments_are_listed_and_shown(client: TestClient) -> None:
    listed = client.get("/api/v1/instruments").json()["instruments"]
    assert {item["id"] for item in listed} == {"intake", "inspection", "complaint", "rescreen"}
    shown = client.get("/api/v1/instruments/inspection").json()
    assert len(shown["questions"]) <= 25
    first = shown["questions"][0]
    assert {"id", "section", "type", "options", "core", "applies_when", "ask_when"} <= set(first)
    for question in shown["questions"]:
        assert question["text"]["en"]
        assert question["text"]["ar"]


def test_rule_sets_rules_and_sources_are_shown(client: TestClient) -> None:
    (entry,) = client.get("/api/v1/rule-sets").json()["rule_sets"]
    shown = client.get("/api/v1/rule-sets/kuwait").json()
    assert shown["digest"] == entry["digest"]
    assert shown["revision"] == "draft"
    assert len(shown["rule_list"]) == entry["rules"]
    assert shown["program"]["semantics"] == 1
    for rule in shown["rule_list"][:: max(1, len(shown["rule_list"]) // 40)]:
        description = client.get(f"/api/v1/rules/{rule['id']}").json()
        assert description["sources"], rule["id"]
        for source in description["sources"]:
            found = client.get(f"/api/v1/sources/{source['source']}")
            assert found.status_code == 200
            assert found.json()["confidence"]


def test_problem_codes_are_explained_in_both_languages(client: TestClient) -> None:
    english = client.get("/api/v1/problems/S004").json()
    arabic = client.get("/api/v1/problems/S004", headers={"accept-language": "ar"}).json()
    assert english["message"] != arabic["message"]


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "alive"}
    ready = client.get("/ready").json()
    assert ready["status"] == "ready"
    assert ready["digest"].startswith("sha256:")
    assert client.get("/").json()["assessments"] == "/api/v1/assessments"


def test_description_is_openapi_3_1_and_names_every_route(client: TestClient) -> None:
    description = client.get("/api/v1/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    app = cast(FastAPI, client.app)
    shown = {str(route.path) for route in api_routes(app) if route.original_route.include_in_schema}
    assert set(description["paths"]) == shown
    assert {"/ready", "/api/v1/assessments", "/api/v1/problems/{code}"} < shown
    text = json.dumps(description)
    assert "HTTPValidationError" not in text
    for part in description["components"]["schemas"].values():
        for reference in _references(part):
            assert reference.rpartition("/")[2] in description["components"]["schemas"], reference


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in _references(value)]
    if isinstance(part, list):
        return [found for value in part for found in _references(value)]
    return []


def test_security_headers_are_on_every_answer(client: TestClient) -> None:
    for path in ("/health", "/nowhere", "/api/v1/instruments"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-request-id"]


def test_one_line_a_request_and_never_an_answer(client: TestClient) -> None:
    marks = ["ZAMARKERQUESTION", "ZAMARKERVALUE", "ZAMARKERTEXT", "ZAMARKERPATH"]
    stream = io.StringIO()
    configure_logs(stream)
    try:
        client.post(
            "/api/v1/assessments",
            json={"instrument": "intake", "answers": {marks[0]: "yes", "documents_holder": marks[1]}},
        )
        client.post(
            "/api/v1/assessments",
            json={"instrument": "intake", "answers": {"own_account": marks[2], "locked_in": "yes"}},
        )
        client.get(f"/api/v1/rules/{marks[3]}")
        client.get(f"/{marks[3]}?{marks[3]}={marks[3]}")
    finally:
        structlog.reset_defaults()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["request"] * 4
    assert [line["status"] for line in lines] == [422, 200, 404, 404]
    assert lines[0]["route"] == "/api/v1/assessments"
    assert not [mark for mark in marks if mark in stream.getvalue()]
    assert "documents_holder" not in stream.getvalue()


def test_many_at_once_are_all_answered(client: TestClient) -> None:
    body = EXAMPLES["almost_nothing_known"]["value"]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(
            pool.map(lambda _: client.post("/api/v1/assessments", json=body).status_code, range(40))
        )
    assert statuses == [200] * 40


def test_a_full_service_says_so(tmp_path: Path) -> None:
    app = create_app(fresh_settings(tmp_path, most_waiting=1))
    with TestClient(app) as client:
        app.state.waiting.total_tokens = 0
        response = client.post("/api/v1/assessments", json=EXAMPLES["wage_dispute"]["value"])
    assert response.status_code == 503
    assert response.json()["code"] == "S025"


def test_how_long_a_result_waits_for_its_check_is_a_setting(tmp_path: Path) -> None:
    app = create_app(fresh_settings(tmp_path, engine_seconds=7))
    with TestClient(app):
        executor = app.state.engines.rules_for("kuwait", None, date(2026, 11, 1)).engine.executor
        assert executor.pool.time_limit == 7


def test_what_nobody_foresaw_is_a_problem_document_without_its_text(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("ZAMARKERSECRET")

    monkeypatch.setattr("api.routes.assessments.assess", fail)
    response = client.post("/api/v1/assessments", json=EXAMPLES["wage_dispute"]["value"])
    assert response.status_code == 500
    assert response.json()["code"] == "S026"
    assert response.headers["x-request-id"] in response.json()["detail"]
    assert "ZAMARKERSECRET" not in response.text


def test_what_nobody_foresaw_does_not_reach_the_log_of_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("ZAMARKERSECRET")

    monkeypatch.setattr("api.routes.assessments.assess", fail)
    # An exception that leaves the application is written out by the server, with its text.
    with TestClient(create_app(fresh_settings(tmp_path)), raise_server_exceptions=True) as client:
        response = client.post("/api/v1/assessments", json=EXAMPLES["wage_dispute"]["value"])
    assert response.status_code == 500


def test_head_is_get_without_the_body(client: TestClient) -> None:
    response = client.head("/api/v1/instruments")
    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["content-length"] == client.get("/api/v1/instruments").headers["content-length"]
    assert client.delete("/api/v1/instruments").headers["allow"] == "GET, HEAD"
    assert client.head("/api/v1/assessments").headers["allow"] == "POST"


def test_the_description_of_a_request_refuses_what_the_service_refuses(client: TestClient) -> None:
    description = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/assessments"]["post"]
    schema = description["requestBody"]["content"]["application/json"]["schema"]
    body = EXAMPLES["wage_dispute"]["value"]
    jsonschema.validate(body, schema)
    nulls: list[dict[str, Any]] = [{name: None} for name in ("as_of", "rule_set", "revision", "case")]
    for wrong in (*nulls, {"case": "A name"}, {"revision": 0}, {"lang": "ar"}):
        assert client.post("/api/v1/assessments", json={**body, **wrong}).status_code == 422
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**body, **wrong}, schema)
    response = client.post("/api/v1/assessments", content=b"{", headers={"Content-Type": "application/json"})
    assert str(response.status_code) in description["responses"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCREENING_PORT", "banana"),
        ("PORT", "0"),
        ("SCREENING_WORKERS", "-1"),
        ("SCREENING_LARGEST_BODY_KIB", ""),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start(name: str, value: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "api"],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    shown = "SCREENING_PORT" if name == "PORT" else name
    assert run.stderr.startswith(f"S040 the setting `{shown}` has a value that cannot be used")
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ar", "ar"),
        ("ar-KW, en;q=0.8", "ar"),
        ("en;q=0.2, ar;q=0.9", "ar"),
        ("en, ar", "en"),
        ("fr, ar;q=0.5", "ar"),
        ("fr", "en"),
        ("ar;q=0", "en"),
        ("ar;q=abc, en", "en"),
        ("*", "en"),
    ],
)
def test_language_of_the_reader(header: str | None, language: str) -> None:
    assert choose_language(header) == language
