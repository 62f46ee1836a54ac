"""What every route of the records is made with: pages, versions, repetitions, strict bodies."""

from __future__ import annotations

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.paging import read_cursor, write_cursor
from api.problems import RequestRefused
from screening.keys.vaults import Place
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.operations import IdempotentRequest
from screening.storage.tables.sites import Site
from tests.api.http.conftest import add_things
from tests.services import ClientFor, HandClock, World

THINGS = "/api/v1/things"


def make(client: TestClient, code: str, **headers: str) -> Any:
    return client.post(THINGS, json={"code": code}, headers=headers)


def code_of(response: Any) -> str:
    return str(response.json()["code"])


def count_sites(world: World) -> int:
    with world.service.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Site)) or 0


# Pages


def test_every_entry_is_shown_once_over_all_pages(things: TestClient) -> None:
    made = [make(things, f"thing-{at}").json()["id"] for at in range(8)]
    everything = [one["id"] for one in things.get(THINGS).json()["items"]]
    assert len(everything) == 10
    assert set(made) < set(everything)
    for limit in (1, 3, 9, 10, 200):
        seen: list[str] = []
        cursor: str | None = None
        while True:
            parameters = {"limit": limit} | ({} if cursor is None else {"cursor": cursor})
            shown = things.get(THINGS, params=parameters).json()
            assert "items" in shown, shown
            seen += [one["id"] for one in shown["items"]]
            assert len(shown["items"]) <= limit
            cursor = shown["next_cursor"]
            if cursor is None:
                break
        assert seen == everything, limit


def test_entries_that_appear_meanwhile_move_no_page(things: TestClient) -> None:
    for at in range(4):
        make(things, f"thing-{at}")
    everything = [one["id"] for one in things.get(THINGS).json()["items"]]
    first = things.get(THINGS, params={"limit": 3}).json()
    for at in range(4, 8):
        make(things, f"thing-{at}")
    rest = things.get(THINGS, params={"limit": 200, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == everything


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "ä",
        "A" * 500,
        _encoded({}),
        _encoded([]),
        _encoded("text"),
        _encoded([1]),
        _encoded([1, 2]),
        _encoded([True, "a"]),
        _encoded([None, None]),
        _encoded(["2026-11-01T06:00:00.000000Z"]),
        _encoded(["yesterday", "a"]),
        _encoded(["2026-11-01T06:00:00.000000Z", "a\u0000b"]),
        _encoded(["2026-11-01T06:00:00.000000Z", "a" * 81]),
        _encoded(["2026-11-01T06:00:00.000000Z", 10**30]),
        base64.urlsafe_b64encode(b"[" * 290).decode(),
    ],
)
def test_cursor_of_no_list_is_refused(things: TestClient, cursor: str) -> None:
    response = things.get(THINGS, params={"cursor": cursor})
    assert response.status_code == 422
    assert code_of(response) == "S230"


@pytest.mark.parametrize(("limit", "code"), [(0, "S243"), (201, "S243"), (-1, "S243"), ("ten", "S236")])
def test_limit_out_of_bounds_is_refused(things: TestClient, limit: Any, code: str) -> None:
    response = things.get(THINGS, params={"limit": limit})
    assert response.status_code == 422
    assert code_of(response) == code


def test_cursor_is_what_it_was() -> None:
    assert read_cursor(write_cursor(("2026-11-01T06:00:00.000000Z", "a", 3))) == (
        "2026-11-01T06:00:00.000000Z",
        "a",
        3,
    )
    assert write_cursor(None) is None
    with pytest.raises(RequestRefused):
        read_cursor("W10")


def test_parameter_that_nobody_reads_is_refused(things: TestClient) -> None:
    response = things.get(THINGS, params={"limits": 3})
    assert response.status_code == 422
    assert code_of(response) == "S027"
    assert things.get(THINGS, params={"limit": 3}).status_code == 200


# Versions


@pytest.mark.parametrize("header", [None, "", "*", "1", '"one"', '"1", "2"', '"-1"', '""', '"1'])
def test_change_says_which_version_it_saw(things: TestClient, header: str | None) -> None:
    id = make(things, "thing").json()["id"]
    headers = {} if header is None else {"If-Match": header}
    response = things.patch(f"{THINGS}/{id}", json={"code": "x"}, headers=headers)
    assert response.status_code == 428
    assert code_of(response) == "S231"


def test_old_version_changes_nothing(things: TestClient) -> None:
    made = make(things, "thing")
    address = made.headers["location"]
    assert made.headers["etag"] == '"1"'
    changed = things.patch(address, json={"code": "first"}, headers={"If-Match": made.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] == '"2"'
    response = things.patch(address, json={"code": "second"}, headers={"If-Match": '"1"'})
    assert response.status_code == 412
    assert code_of(response) == "S232"
    # A proxy that compresses makes the mark a weak one.
    again = things.patch(address, json={"code": "third"}, headers={"If-Match": 'W/"2"'})
    assert again.status_code == 200


def test_of_two_changes_at_once_one_is_told(things: TestClient) -> None:
    address = make(things, "thing").headers["location"]

    def change(at: int) -> int:
        headers = {"If-Match": '"1"'}
        return int(things.patch(address, json={"code": f"change-{at}"}, headers=headers).status_code)

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(change, range(6)))
    assert statuses == [200, 412, 412, 412, 412, 412]


# Repetitions


def test_same_request_again_is_answered_the_same_and_done_once(things: TestClient, world: World) -> None:
    before = count_sites(world)
    first = make(things, "thing", **{"Idempotency-Key": "one"})
    again = make(things, "thing", **{"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert count_sites(world) == before + 1
    with world.service.database.reading() as session:
        newest = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert newest[-2:] == ["thing.create", "request.repeat"]


def test_another_body_under_the_same_key_is_refused(things: TestClient, world: World) -> None:
    make(things, "thing", **{"Idempotency-Key": "one"})
    before = count_sites(world)
    response = make(things, "other", **{"Idempotency-Key": "one"})
    assert response.status_code == 422
    assert code_of(response) == "S233"
    assert count_sites(world) == before


def test_keys_belong_to_an_account_and_an_address(
    things: TestClient, client_for: ClientFor, world: World
) -> None:
    first = make(things, "thing", **{"Idempotency-Key": "one"})
    headers = {"Idempotency-Key": "one"}
    elsewhere = things.post(f"{THINGS}?secret=false", json={"code": "other"}, headers=headers)
    assert elsewhere.status_code == 201
    assert elsewhere.json()["id"] != first.json()["id"]


def test_refusal_is_not_kept(things: TestClient, world: World) -> None:
    refused = make(things, "refused", **{"Idempotency-Key": "one"})
    assert refused.status_code == 403
    assert make(things, "thing", **{"Idempotency-Key": "one"}).status_code == 201


def test_without_a_key_nothing_is_kept(things: TestClient, world: World) -> None:
    assert make(things, "thing").status_code == 201
    with world.service.database.reading() as session:
        assert session.scalars(select(IdempotentRequest)).all() == []


@pytest.mark.parametrize("key", ["", "a" * 129, "with space", "ä".encode()])
def test_key_of_another_form_is_refused(things: TestClient, key: Any) -> None:
    response = things.post(THINGS, json={"code": "thing"}, headers={"Idempotency-Key": key})
    assert response.status_code == 422
    assert code_of(response) == "S234"


def test_what_is_kept_of_a_key_cannot_be_guessed_and_tells_keys_apart(
    things: TestClient, world: World
) -> None:
    account = world["administrator"].account_id
    for key in ("Passport-A1234567", "passport-a1234567"):
        assert make(things, key, **{"Idempotency-Key": key}).status_code == 201
    with world.service.database.reading() as session:
        kept = set(session.scalars(select(IdempotentRequest.id)).all())
    plain = "\x1f".join((account, "POST", THINGS, "Passport-A1234567"))
    assert len(kept) == 2
    assert hashlib.sha256(plain.encode()).hexdigest() not in kept


def test_key_is_forgotten_after_a_day(things: TestClient, world: World, clock: HandClock) -> None:
    first = make(things, "thing", **{"Idempotency-Key": "one"})
    clock.move(hours=23, minutes=59)
    assert make(things, "thing", **{"Idempotency-Key": "one"}).json() == first.json()
    clock.move(minutes=2)
    response = make(things, "another", **{"Idempotency-Key": "one"})
    assert response.status_code == 201
    assert "idempotency-replayed" not in response.headers
    clock.move(days=2)
    make(things, "yet another", **{"Idempotency-Key": "two"})
    with world.service.database.reading() as session:
        assert len(session.scalars(select(IdempotentRequest)).all()) == 1, "what is old is deleted"


def test_secret_is_shown_once_and_not_kept(things: TestClient, world: World) -> None:
    def send() -> Any:
        headers = {"Idempotency-Key": "one"}
        return things.post(f"{THINGS}?secret=true", json={"code": "ZASECRET"}, headers=headers)

    assert send().status_code == 201
    again = send()
    assert again.status_code == 409
    assert code_of(again) == "S235"
    with world.service.database.reading() as session:
        row = session.scalars(select(IdempotentRequest)).one()
        place = Place("idempotent_requests", "answer", row.id)
        assert "ZASECRET" not in world.service.vault.open(session, row.data_key_id, place, row.answer)


def test_what_is_kept_is_sealed(things: TestClient, world: World) -> None:
    assert make(things, "ZAMARKER", **{"Idempotency-Key": "ZAKEY"}).status_code == 201
    with world.service.database.reading() as session:
        row = session.scalars(select(IdempotentRequest)).one()
        assert b"ZAMARKER" not in row.answer
        assert "ZAKEY" not in row.id


def test_six_at_once_with_one_key_make_one_thing(things: TestClient, world: World) -> None:
    before = count_sites(world)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: make(things, "thing", **{"Idempotency-Key": "one"}), range(6)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert sum("idempotency-replayed" in one.headers for one in answers) == 5
    assert count_sites(world) == before + 1


def test_crash_before_the_commit_leaves_neither(
    things: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = count_sites(world)

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patch:
        patch.setattr("screening.work.append", crash)
        assert make(things, "thing", **{"Idempotency-Key": "one"}).status_code == 500
    assert count_sites(world) == before
    again = make(things, "thing", **{"Idempotency-Key": "one"})
    assert again.status_code == 201
    assert "idempotency-replayed" not in again.headers


# Bodies


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ("", 415, "S024", None),
        ("{", 400, None, None),
        ("[]", 422, "S239", None),
        ("null", 422, "S239", None),
        ("{}", 422, "S237", "code"),
        ('{"code": "a", "cod": "b"}', 422, "S238", "cod"),
        ('{"cod": "b"}', 422, "S238", "cod"),
        ('{"code": 5}', 422, "S239", "code"),
        ('{"code": null}', 422, "S239", "code"),
        ('{"code": ""}', 422, "S242", "code"),
        ('{"code": "a", "kind": "prison"}', 422, "S240", "kind"),
        ('{"code": "a", "size": 0}', 422, "S242", "size"),
        ('{"code": "a", "size": 10}', 422, "S241", "size"),
        ('{"code": "a", "size": "5"}', 422, "S239", "size"),
        ('{"code": "a", "size": true}', 422, "S239", "size"),
        ('{"code": "a", "size": 1.5}', 422, "Y012", "size"),
        ('{"code": "a\\u0000b"}', 422, None, "code"),
        ('{"code": "\\ud800"}', 422, None, "code"),
        ('{"code": "a", "code": "b"}', 422, "Y010", "code"),
        (json.dumps({"code": "a" * 201}), 422, "S241", "code"),
    ],
)
def test_body_is_read_strictly(
    things: TestClient, body: str, status: int, code: str | None, field: str | None
) -> None:
    response = things.post(THINGS, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status, response.text
    problem = response.json()
    assert code is None or problem["code"] == code
    assert problem["faults"][0]["field"] in (field, None)
    assert "cod" not in body or '"cod"' not in body or len(problem["faults"]) == 1


def test_body_that_is_too_large_is_refused(things: TestClient) -> None:
    assert things.post(THINGS, json={"code": "a" * 300_000}).status_code == 413


def test_fault_never_repeats_what_was_sent(things: TestClient) -> None:
    body = {"code": "ZAMARKER" * 40, "kind": "ZAMARKER", "size": "ZAMARKER"}
    response = things.post(THINGS, json=body)
    assert len(response.json()["faults"]) == 3
    assert "ZAMARKER" not in response.text


def test_who_may_not_call_is_told_so_before_the_body_is_read(
    things: TestClient, client_for: ClientFor
) -> None:
    assert client_for("nobody").post(THINGS, content="{").status_code == 401
    assert client_for("interviewer").post(THINGS, content="{").status_code == 403


@pytest.mark.parametrize("id", ["x", "A" * 32, "a" * 31, "%00", "a" * 31 + "%20"])
def test_address_of_no_record_is_not_found(things: TestClient, id: str) -> None:
    response = things.patch(f"{THINGS}/{id}", json={"code": "x"}, headers={"If-Match": '"1"'})
    assert response.status_code == 404


def test_bodies_are_described(app: FastAPI) -> None:
    add_things(app)
    description = app.openapi()
    content = description["paths"][THINGS]["post"]["requestBody"]["content"]["application/json"]
    assert content["schema"] == {"$ref": "#/components/schemas/NewThing"}
    assert description["components"]["schemas"]["NewThing"]["additionalProperties"] is False
    parameters = {one["name"] for one in description["paths"][THINGS]["get"]["parameters"]}
    assert parameters == {"limit", "cursor"}
    assert description["paths"][THINGS]["get"]["operationId"] == "list_things"
