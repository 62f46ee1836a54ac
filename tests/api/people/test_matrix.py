"""Every role at every route from every site: what happens is what `roles.yaml` says, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from api.access import check_routes
from screening.engines import Engines
from screening.installations import open_installation
from screening.people import table
from screening.people.access import SYSTEM, load_permissions
from tests.api.people.matrix import (
    Matrix,
    Principal,
    Route,
    pages_without_a_row,
    read_calls,
    routes_of,
)
from tests.services import HandClock, storage_settings

_REFUSED = (401, 403, 404)


@pytest.fixture(scope="module")
def matrix(kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    file = tmp_path_factory.mktemp("matrix") / "screening.sqlite3"
    service = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, HandClock())
    yield Matrix(service)
    service.close()


def _find(matrix: Matrix, name: str) -> Route:
    (found,) = [route for route in routes_of(matrix.app) if route.name == name]
    return found


def code_of(answer: object) -> str:
    found = answer.json() if "json" in answer.headers.get("content-type", "") else {}  # type: ignore[attr-defined]
    return str(found.get("code", ""))


def test_every_route_stands_in_the_table(matrix: Matrix) -> None:
    routes = routes_of(matrix.app)
    assert len(routes) > 100
    public = {route.name for route in routes if route.access == "public"}
    assert public == matrix.public, "a public route is a decision: write it into calls.yaml"
    protected = {route.name for route in routes if route.access != "public"}
    gap = pages_without_a_row()
    assert all(name.startswith("desk.") for name in gap), "only pages may wait for a row"
    assert not gap & set(matrix.calls)
    assert protected == set(matrix.calls) | gap, "say in calls.yaml how to call it"
    known = matrix.service.permissions.permissions
    assert {route.access for route in routes} - {"public"} <= set(known)


@pytest.mark.parametrize("name", sorted(read_calls()[1]))
def test_every_cell(matrix: Matrix, name: str) -> None:
    route = _find(matrix, name)
    allowed = matrix.calls[name].answers
    wrong = []
    for who in matrix.principals:
        answer = matrix.call(route, who.headers)
        found = _judge(answer.status_code, code_of(answer), allowed)
        expected = matrix.expected(route, who)
        if who.role == "service" and who.standing == "none" and answer.status_code == 401:
            # Without a role there is no scope, and without a scope no token.
            found = "denied"
        if found != expected:
            wrong.append(
                f"{who.role}/{who.standing}: {expected}, but {answer.status_code} {answer.text[:300]}"
            )
    assert not wrong, "\n".join(wrong)


def _judge(status: int, code: str, allowed: tuple[str, ...]) -> str:
    if status < 400 or code in allowed:
        return "allowed"
    if code == "S121" and status == 403:
        return "denied"
    return "hidden" if status in _REFUSED else f"failed with {code}"


@pytest.mark.parametrize("name", sorted(read_calls()[1]))
def test_nobody_and_half_signed_in_and_without_the_scope(matrix: Matrix, name: str) -> None:
    route = _find(matrix, name)
    nobody = matrix.call(route, {})
    assert (nobody.status_code, code_of(nobody)) == (401, "S120")
    assert nobody.headers["www-authenticate"] == "Bearer"
    forged = matrix.call(route, {"authorization": "Bearer kws_" + "x" * 43})
    assert code_of(forged) == "S120"
    with matrix.service.work(SYSTEM) as work:
        half = matrix.sign_in(matrix.boss.actor.account_id, "second_factor")(work)
    assert code_of(matrix.call(route, half)) == "S126"
    system = next(one for one in matrix.principals if (one.role, one.standing) == ("service", "own"))
    without = matrix.call(route, matrix.give_token(system.actor, without=str(route.access)))
    assert (without.status_code, code_of(without)) == (403, "S121")
    if route.method != "GET":
        no_token = {"cookie": matrix.boss.headers["cookie"]}
        assert code_of(matrix.call(route, no_token)) == "S127"
        elsewhere = {**matrix.boss.headers, "origin": "https://elsewhere.example"}
        assert code_of(matrix.call(route, elsewhere)) == "S127"


def test_public_routes_ask_nobody_for_a_role(matrix: Matrix) -> None:
    for path in ("/health", "/ready", "/api/v1/session", "/api/v1/instruments", "/api/v1/problems/S120"):
        assert matrix.client.get(path).status_code == 200


# The checks themselves, with a fault planted


def test_a_route_that_does_not_say_who_may_call_it_stops_the_start(matrix: Matrix) -> None:
    app = FastAPI()
    router = APIRouter()

    @router.get("/open-by-mistake")
    def show() -> None: ...

    app.include_router(router)
    with pytest.raises(RuntimeError, match="/open-by-mistake"):
        check_routes(app)


def test_a_file_server_or_another_application_does_not_slip_in(matrix: Matrix) -> None:
    app = FastAPI(openapi_url=None)
    app.mount("/files", FastAPI())
    with pytest.raises(RuntimeError, match="/files"):
        check_routes(app)


def test_a_route_with_too_low_a_permission_is_found(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    """An auditor may not list accounts; if the route asked for another permission, the cell were wrong."""
    route = _find(matrix, "list_accounts")
    lowered = Route(route.name, route.method, route.path, "audit.read")
    (auditor,) = [one for one in matrix.principals if (one.role, one.standing) == ("auditor", "site")]
    assert matrix.expected(lowered, auditor) == "allowed"
    assert _judge_of(matrix, route, auditor) == "denied"


def test_a_reach_that_is_too_long_is_found(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the supervisor of another site reached the case, the cell would say so."""
    route = _find(matrix, "read_case")
    (other,) = [one for one in matrix.principals if (one.role, one.standing) == ("supervisor", "other")]
    assert _judge_of(matrix, route, other) == matrix.expected(route, other) == "hidden"
    table = matrix.service.permissions.permissions["cases.read"]
    longer = table.model_copy(update={"reach": {**table.reach, "supervisor": "all"}})
    monkeypatch.setitem(matrix.service.permissions.permissions, "cases.read", longer)  # type: ignore[arg-type]
    assert _judge_of(matrix, route, other) == "allowed"


def _judge_of(matrix: Matrix, route: Route, who: Principal) -> str:
    answer = matrix.call(route, who.headers)
    return _judge(answer.status_code, code_of(answer), ())


def test_calls_are_undone(matrix: Matrix) -> None:
    route = _find(matrix, "add_site")
    for _ in range(2):
        assert matrix.call(route, matrix.boss.headers).status_code == 201


# The page made from the table


def test_the_page_is_what_the_table_says(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    assert table.main(["--check", str(root / table.PAGE)]) == 0, "run python -m screening.people.table"
    page = table.write_page(load_permissions())
    other = tmp_path / "access.md"
    other.write_text(page.replace("| own |", "| all |", 1), "utf-8")
    assert table.main(["--check", str(other)]) == 1
