"""The HTTP interface, asked as another system asks it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pytest_bdd import given, parsers, then, when
from starlette.testclient import TestClient

from api.app import create_app
from screening.documents import write_document
from screening.drawings import draw
from screening.engines import Engines
from screening.logs import configure_logs
from screening.phrases import Language
from tests.services import fresh_settings
from tests.steps.cells import Table, column
from tests.steps.explanations import is_arabic
from tests.steps.scenes import Scene


@pytest.fixture(scope="session")
def http(kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """The service on the engines that all scenarios share; they are closed with those, not with it."""
    settings = fresh_settings(tmp_path_factory.mktemp("http"))
    return TestClient(create_app(settings, kuwait_engines), raise_server_exceptions=False)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged while a scenario runs."""
    stream = io.StringIO()
    before = structlog.get_config()
    configure_logs(stream)
    yield stream
    structlog.configure(**before)


def _keep(scene: Scene, response: Any) -> None:
    scene.outputs |= {"status": response.status_code, "headers": response.headers, "text": response.text}
    kind = response.headers.get("content-type", "")
    scene.outputs["json"] = response.json() if "json" in kind else None


@when("the interview is posted")
def post_interview(scene: Scene, http: TestClient, log: io.StringIO) -> None:
    _keep(scene, http.post("/api/v1/assessments", json=scene.body))


@when(parsers.re(r"this body is posted, to be answered in (?P<language>\w+)"))
def post_body(scene: Scene, http: TestClient, log: io.StringIO, language: str, docstring: str) -> None:
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    _keep(scene, http.post("/api/v1/assessments", content=docstring.encode(), headers=headers))


@when(parsers.re(r"a body of (?P<size>\d+) KiB is posted"))
def post_large_body(scene: Scene, http: TestClient, log: io.StringIO, size: str) -> None:
    body = json.dumps({"instrument": "intake", "answers": {"own_account": "x" * int(size) * 1024}})
    headers = {"Content-Type": "application/json"}
    _keep(scene, http.post("/api/v1/assessments", content=body, headers=headers))


@when(parsers.re(r"the body is posted as (?P<kind>[\w/]+)"))
def post_as(scene: Scene, http: TestClient, log: io.StringIO, kind: str) -> None:
    body = json.dumps(scene.body)
    _keep(scene, http.post("/api/v1/assessments", content=body, headers={"Content-Type": kind}))


@when(parsers.re(r"we ask for (?P<address>/\S*)"))
def ask(scene: Scene, http: TestClient, log: io.StringIO, address: str) -> None:
    _keep(scene, http.get(address))


@then(parsers.re(r"the answer has status (?P<status>\d{3})"))
def check_status(scene: Scene, status: str) -> None:
    assert scene.outputs["status"] == int(status), scene.outputs["text"][:2000]


@then("the posted result is the result of the screening")
def check_same(scene: Scene) -> None:
    assert scene.outputs["json"] == scene.result.to_data()


@then(parsers.re(r"the posted result is (?P<outcome>\w+)"))
def check_outcome(scene: Scene, outcome: str) -> None:
    assert scene.outputs["json"]["outcome"] == outcome


@then(parsers.re(r"the answer is a problem document with the codes (?P<codes>[\w, ]+)"))
def check_problem(scene: Scene, codes: str) -> None:
    assert scene.outputs["headers"]["content-type"].startswith("application/problem+json")
    problem = scene.outputs["json"]
    assert [one["code"] for one in problem["faults"]] == [code.strip() for code in codes.split(",")]
    assert problem["code"] == problem["faults"][0]["code"]
    assert problem["status"] == scene.outputs["status"]
    assert all(one["message"] and one["advice"] for one in problem["faults"])


@then(parsers.re(r"the problem says \"(?P<words>.+)\""))
def check_problem_words(scene: Scene, words: str) -> None:
    messages = [one["message"] for one in scene.outputs["json"]["faults"]]
    assert any(words in message for message in messages), messages


@then("the problem is told in Arabic")
def check_problem_arabic(scene: Scene) -> None:
    assert scene.outputs["headers"]["content-language"] == "ar"
    for one in scene.outputs["json"]["faults"]:
        assert is_arabic(one["message"])
        assert is_arabic(one["advice"])


@then(parsers.re(r"the answer has (?P<keys>[\w, ]+)"))
def check_keys(scene: Scene, keys: str) -> None:
    assert {key.strip() for key in keys.split(",")} <= set(scene.outputs["json"])


@then(parsers.re(r"in the answer (?P<path>[\w.]+) is (?P<value>.+)"))
def check_value(scene: Scene, path: str, value: str) -> None:
    found = scene.outputs["json"]
    for part in path.split("."):
        found = found[int(part)] if part.isdigit() else found[part]
    assert str(found) == value


@then("the answer is not to be kept by anybody on the way")
def check_not_kept(scene: Scene) -> None:
    assert scene.outputs["headers"]["cache-control"] == "no-store"


# What the log may say


@then(parsers.re(r"the log has (?P<count>\d+) lines? about requests"))
def check_log_lines(log: io.StringIO, count: str) -> None:
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["request"] * int(count)


@then("the log says none of this")
def check_log_silence(log: io.StringIO, datatable: Table) -> None:
    text = log.getvalue()
    assert text
    found = [words for words in column(datatable) if words in text]
    assert not found, text


@then("the log line says only these things")
def check_log_fields(log: io.StringIO, datatable: Table) -> None:
    line = json.loads(log.getvalue().splitlines()[-1])
    assert set(line) <= set(column(datatable)), set(line)


@then("nothing that was written out says any of this")
def check_silence(scene: Scene, log: io.StringIO, datatable: Table) -> None:
    languages: tuple[Language, ...] = ("en", "ar")
    written = [log.getvalue(), scene.result.to_json(), scene.outputs.get("text", "")]
    for lang in languages:
        written.append(draw(scene.result, lang))
        written += [block.text for block in write_document(scene.result, lang)]
    found = [words for words in column(datatable) if any(words in text for text in written)]
    assert not found


@given("the log is read along")
def read_log(log: io.StringIO) -> None:
    assert log.getvalue() == ""
