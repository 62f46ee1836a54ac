"""Interviews over HTTP: what a form, a field device or another system may rely on."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from api.examples import example_ids, operation_examples
from screening.refusals import refused
from screening.result_models import result_schema
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from tests.services import ClientFor, HandClock, World
from tests.sittings import CLEAR_ACCOUNT

INTERVIEWS = "/api/v1/interviews"
EXAMPLES = operation_examples()


def begin(client: TestClient, world: World, **more: Any) -> dict[str, Any]:
    body = {"instrument": "intake", **({"site": world.site_a} if "case" not in more else {}), **more}
    response = client.post(INTERVIEWS, json=body)
    assert response.status_code == 201, response.text
    shown: dict[str, Any] = response.json()
    assert response.headers["etag"] == f'"{shown["version"]}"'
    assert response.headers["location"] == f"{INTERVIEWS}/{shown['id']}"
    return shown


def save(client: TestClient, id: str, question: str, answer: Any, **more: Any) -> Any:
    key = more.pop("client_key", f"{question}-{more.get('follows_seq')}-{json.dumps(answer)[:9].strip()}")
    key = "".join(one for one in key if one.isalnum() or one in "-._:")
    body = {"question": question, "answer": answer, "follows_seq": None, "client_key": key, **more}
    return client.post(f"{INTERVIEWS}/{id}/answers", json=body)


def change(client: TestClient, id: str, what: str, **body: Any) -> Any:
    etag = client.get(f"{INTERVIEWS}/{id}").headers["etag"]
    return client.post(f"{INTERVIEWS}/{id}/{what}", json=body, headers={"if-match": etag})


@pytest.fixture
def her(client_for: ClientFor) -> TestClient:
    """The interviewer's client."""
    return client_for("interviewer")


def test_an_interview_from_its_beginning_to_the_decision(her: TestClient, world: World) -> None:
    shown = begin(her, world, answers={"entry_mode": "hospital", "heard_alone": "yes"})
    id = shown["id"]
    assert (shown["entry_mode"], shown["last_seq"], shown["revision"]) == ("hospital", 2, "draft")
    last = 2
    for question, given in CLEAR_ACCOUNT.items():
        response = save(her, id, question, given)
        assert response.status_code == 200, response.text
        last = response.json()["last_seq"]
    assert response.json()["live"]["outcome"] == "trafficking_indicated"
    assert her.get(f"{INTERVIEWS}/{id}/live").json()["last_seq"] == last
    answers = her.get(f"{INTERVIEWS}/{id}/answers").json()
    assert {one["question"] for one in answers["answers"]} == {*CLEAR_ACCOUNT, "entry_mode", "heard_alone"}
    done = her.post(f"{INTERVIEWS}/{id}/finish", json={"last_seq": last})
    assert done.status_code == 201
    final = her.get(done.headers["location"])
    jsonschema.validate(final.json()["result"], result_schema())
    again = her.get(done.headers["location"])
    assert again.content == final.content
    assert json.dumps(again.json(), ensure_ascii=False, separators=(",", ":")).encode() == again.content
    decisions = f"{done.headers['location']}/decisions"
    made = her.post(decisions, json={"stance": "differ", "outcome": "other_concern", "reason": "heard again"})
    assert made.status_code == 201
    assert made.json()["direction"] == "lower"
    assert [one["reason"] for one in her.get(decisions).json()["decisions"]] == ["heard again"]
    assert her.get(f"{INTERVIEWS}/{id}").json()["assessment"] == final.json()["id"]


def test_two_people_on_one_question_both_see_both_answers(
    her: TestClient, client_for: ClientFor, world: World
) -> None:
    id = begin(her, world)["id"]
    supervisor = client_for("supervisor")
    assert save(her, id, "daily_hours", 12).status_code == 200
    late = save(supervisor, id, "daily_hours", 15, note="from the gate book")
    assert late.status_code == 409
    assert late.headers["content-type"] == "application/problem+json"
    problem = late.json()
    assert problem["code"] == "S160"
    assert problem["conflict"]["saved"]["answer"] == 12
    assert problem["conflict"]["saved"]["by"] == world["interviewer"].account_id
    assert problem["conflict"]["sent"] == {"answer": 15, "note": "from the gate book", "follows_seq": None}
    arabic = save(supervisor, id, "daily_hours", 15, client_key="other")
    assert arabic.json()["title"] == problem["title"]
    assert save(supervisor, id, "locked_in", "yes").status_code == 200
    assert save(supervisor, id, "daily_hours", 15, follows_seq=1).json()["seq"] == 3
    history = her.get(f"{INTERVIEWS}/{id}/answers/daily_hours").json()
    assert [one["answer"] for one in history["revisions"]] == [12, 15]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_wrong_names_the_question_in_the_readers_language(
    her: TestClient, world: World, language: str
) -> None:
    id = begin(her, world)["id"]
    headers = {"accept-language": language}
    body = {
        "answers": [
            {"question": "locked_in", "answer": "perhaps", "follows_seq": None, "client_key": "a"},
            {"question": "daily_hours", "answer": 15, "follows_seq": None, "client_key": "b"},
        ]
    }
    response = her.post(f"{INTERVIEWS}/{id}/answers/batch", json=body, headers=headers)
    assert response.status_code == 200
    wrong, right = response.json()["outcomes"]
    assert (wrong["status"], right["status"]) == ("refused", "saved")
    (found,) = wrong["faults"]
    assert (found["code"], found["field"]) == ("A021", "answers.locked_in")
    assert ("locked_in" in found["message"]) or found["message"]
    assert any("\u0600" <= letter <= "\u06ff" for letter in found["message"]) == (language == "ar")
    alone = save(her, id, "locked_in", "perhaps", client_key="c")
    assert (alone.status_code, alone.json()["code"]) == (422, "A021")
    assert "conflict" not in alone.json()


def test_pausing_needs_the_version_that_was_seen(her: TestClient, world: World, clock: HandClock) -> None:
    id = begin(her, world)["id"]
    assert her.post(f"{INTERVIEWS}/{id}/pause", json={"because": "rest"}).status_code == 428
    save(her, id, "locked_in", "yes")
    old = her.post(f"{INTERVIEWS}/{id}/pause", json={"because": "rest"}, headers={"if-match": '"1"'})
    assert (old.status_code, old.json()["code"]) == (412, "S232")
    until = clock.now.replace(day=9).isoformat()
    paused = change(her, id, "pause", because="rest", resume_after=until)
    assert (paused.status_code, paused.json()["status"]) == (200, "paused")
    assert save(her, id, "daily_hours", 15).json()["code"] == "S163"
    early = change(her, id, "resume")
    assert (early.status_code, early.json()["code"]) == (409, "S166")
    assert change(her, id, "resume", early=True).json()["status"] == "open"
    naive = change(her, id, "pause", because="rest", resume_after="2027-01-01T00:00:00")
    assert naive.status_code == 422


def test_handing_over_gives_the_colleague_the_case(
    her: TestClient, client_for: ClientFor, world: World
) -> None:
    id = begin(her, world)["id"]
    colleague = client_for("colleague")
    assert colleague.get(f"{INTERVIEWS}/{id}").status_code == 404
    to = world["colleague"].account_id
    assert change(her, id, "hand-over", to=to, note="speaks Tagalog").json()["held_by"] == to
    assert colleague.get(f"{INTERVIEWS}/{id}/hand-overs").json()["hand_overs"][0]["note"] == "speaks Tagalog"
    assert save(colleague, id, "locked_in", "yes").status_code == 200
    assert change(her, id, "hand-over", to=world["interviewer_b"].account_id).json()["code"] == "S167"


def test_ending_without_a_result_is_refused_once_something_is_indicated(
    her: TestClient, world: World
) -> None:
    id = begin(her, world)["id"]
    save(her, id, "locked_in", "yes")
    refused_now = change(her, id, "abandon", because="person_left")
    assert (refused_now.status_code, refused_now.json()["code"]) == (409, "S255")
    empty = begin(her, world)["id"]
    assert change(her, empty, "abandon", because="person_left").json()["status"] == "abandoned"


def test_a_second_conversation_starts_from_the_first(her: TestClient, world: World) -> None:
    first = begin(her, world)
    save(her, first["id"], "documents_holder", "self")
    second = begin(her, world, instrument="rescreen", case=first["case"], follows=first["id"], because="rest")
    save(her, second["id"], "documents_holder", "employer")
    found = her.get(f"{INTERVIEWS}/{second['id']}/contradictions").json()
    assert [one["question"] for one in found["between"]] == ["documents_holder"]
    last_time = her.get(f"{INTERVIEWS}/{second['id']}/last-time").json()
    assert "threats_made" in {one["question"] for one in last_time["open_questions"]}
    assert her.get(f"{INTERVIEWS}/{first['id']}/last-time").json()["code"] == "S165"


def test_every_refused_reach_for_an_interview_is_audited(
    her: TestClient, client_for: ClientFor, world: World
) -> None:
    id = begin(her, world)["id"]
    other = client_for("interviewer_b")
    refused_ones = [
        save(other, id, "locked_in", "yes"),
        other.post(
            f"{INTERVIEWS}/{id}/answers/batch",
            json={
                "answers": [
                    {"question": "locked_in", "answer": "yes", "follows_seq": None, "client_key": "batch-1"}
                ]
            },
        ),
        *(
            other.get(f"{INTERVIEWS}/{id}{what}")
            for what in ("", "/answers", "/answers/locked_in", "/live", "/contradictions", "/last-time")
        ),
        other.post(f"{INTERVIEWS}/{id}/abandon", json={"because": "other"}, headers={"if-match": '"1"'}),
        other.post(f"{INTERVIEWS}/{id}/finish", json={"last_seq": 1}),
    ]
    assert [one.json()["code"] for one in refused_ones] == ["S150"] * len(refused_ones)
    with world.service.database.reading() as session:
        rows = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "access.refused")).all()
    assert len(rows) == len(refused_ones)


def test_lists_are_filtered_and_paged(her: TestClient, world: World, clock: HandClock) -> None:
    made = []
    for _ in range(3):
        made.append(begin(her, world)["id"])
        clock.move(minutes=1)
    first = her.get(INTERVIEWS, params={"limit": 2, "mine": "true"}).json()
    assert [one["id"] for one in first["items"]] == made[:0:-1]
    rest = her.get(INTERVIEWS, params={"limit": 2, "mine": "true", "cursor": first["next_cursor"]}).json()
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == (made[:1], None)
    assert her.get(INTERVIEWS, params={"status": "finished"}).json()["items"] == []
    assert her.get(INTERVIEWS, params={"state": "finished"}).status_code == 422
    assert her.get(INTERVIEWS, params={"status": "ended"}).status_code == 422


def test_an_erased_case_is_gone_without_a_trace_of_the_program(her: TestClient, world: World) -> None:
    shown = begin(her, world, answers={"locked_in": "yes"})
    done = her.post(f"{INTERVIEWS}/{shown['id']}/finish", json={"last_seq": 1})
    service = world.service
    with service.database.writing() as session:
        case = session.get_one(Case, shown["case"])
        case.status = "erased"
        service.vault.destroy(session, case.data_key_id, service.clock())
    base = f"{INTERVIEWS}/{shown['id']}"
    for path in (
        base,
        f"{base}/answers",
        f"{base}/answers/locked_in",
        f"{base}/live",
        f"{base}/contradictions",
    ):
        response = her.get(path)
        assert (response.status_code, response.json()["code"]) == (410, "S103"), path
    assert her.get(done.headers["location"]).status_code == 410
    assert save(her, shown["id"], "locked_in", "no", follows_seq=1).status_code == 410


def test_an_engine_that_fails_leaves_the_answer_acknowledged(
    her: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = begin(her, world)["id"]

    def fail(*_: object, **__: object) -> None:
        raise refused("S025")

    monkeypatch.setattr("screening.sittings.saving.work_out", fail)
    saved = save(her, id, "locked_in", "yes")
    assert saved.status_code == 200
    assert (saved.json()["seq"], saved.json()["live"]) == (1, None)
    assert saved.json()["live_problem"]["code"] == "S260"
    assert her.get(f"{INTERVIEWS}/{id}/live").json()["code"] == "S266"
    assert her.get(f"{INTERVIEWS}/{id}/answers").json()["last_seq"] == 1


def test_words_to_choose_from_come_in_both_languages(her: TestClient) -> None:
    words = her.get("/api/v1/interview-words").json()
    assert {one["id"] for one in words["decision_stances"]} == {"agree", "differ"}
    assert all(one["label"]["ar"] and one["label"]["en"] for found in words.values() for one in found)


PATHS = {
    "create_interview": INTERVIEWS,
    "save_answer": f"{INTERVIEWS}/{{id}}/answers",
    "save_several_answers": f"{INTERVIEWS}/{{id}}/answers/batch",
    "pause_interview": f"{INTERVIEWS}/{{id}}/pause",
    "resume_interview": f"{INTERVIEWS}/{{id}}/resume",
    "hand_over_interview": f"{INTERVIEWS}/{{id}}/hand-over",
    "abandon_interview": f"{INTERVIEWS}/{{id}}/abandon",
    "finish_interview": f"{INTERVIEWS}/{{id}}/finish",
    "decide_on_assessment": "/api/v1/assessments/{assessment}/decisions",
}


@pytest.mark.parametrize(("operation", "name"), [(one, name) for one in PATHS for name in EXAMPLES[one]])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_example_of_the_description_is_taken(
    her: TestClient, world: World, app: FastAPI, operation: str, name: str
) -> None:
    interview = begin(her, world)
    real = {
        "site": world.site_a,
        "case": interview["case"],
        "interview": interview["id"],
        "account": world["colleague"].account_id,
    }
    text = json.dumps(EXAMPLES[operation][name]["value"])
    for what, stand_in in example_ids().items():
        text = text.replace(stand_in, real.get(what, stand_in))
    headers = {}
    if operation == "resume_interview":
        change(her, interview["id"], "pause", because="rest", resume_after="2099-01-01T00:00:00Z")
    assessment = ""
    if operation == "decide_on_assessment":
        done = her.post(f"{INTERVIEWS}/{interview['id']}/finish", json={"last_seq": 0})
        assessment = done.json()["id"]
    if operation not in ("create_interview", "decide_on_assessment"):
        headers = {"if-match": her.get(f"{INTERVIEWS}/{interview['id']}").headers["etag"]}
    path = PATHS[operation].format(id=interview["id"], assessment=assessment)
    response = her.post(path, json=json.loads(text), headers=headers)
    assert response.status_code in (200, 201), response.text
    described = app.openapi()["paths"]
    operations = [one for path in described.values() for one in path.values()]
    (found,) = [one for one in operations if one["operationId"] == operation]
    assert found["requestBody"]["content"]["application/json"]["examples"] == EXAMPLES[operation]
    assert found["summary"]
    assert found["description"]
