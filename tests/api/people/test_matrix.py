"""Every role at every route from every site: what happens is what `roles.yaml` says, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant

from api.access import api_routes, check_routes
from indicators.errors import fault, message
from screening.engines import Engines
from screening.installations import open_installation
from screening.people import table
from screening.people.access import load_permissions
from tests.api.people.matrix import (
    CODE_HEADER,
    NOBODY,
    Call,
    Matrix,
    Principal,
    Route,
    key_of,
    read_calls,
    routes_of,
)
from tests.services import HandClock, storage_settings

# What is said of a record or site that somebody does not reach.
_OUT_OF_REACH = frozenset({"S122", "S150"})


@pytest.fixture(scope="module")
def matrix(kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    file = tmp_path_factory.mktemp("matrix") / "screening.sqlite3"
    service = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, HandClock())
    made = Matrix(service)
    # One thread answers all calls; without it each of them starts one, with a loop of its own.
    with made.client:
        yield made
    service.close()


def _find(matrix: Matrix, name: str) -> Route:
    (found,) = [route for route in routes_of(matrix.app) if route.name == name]
    return found


def code_of(answer: Any) -> str:
    """The code of a problem document, or of the page of a problem; empty where there is no problem."""
    if CODE_HEADER in answer.headers:
        return str(answer.headers[CODE_HEADER])
    is_problem = "problem+json" in answer.headers.get("content-type", "")
    return str(answer.json()["code"]) if is_problem else ""


def test_every_route_stands_in_the_table(matrix: Matrix) -> None:
    routes = routes_of(matrix.app)
    assert len(routes) > 200
    public = {route.name for route in routes if route.access == "public"}
    assert public == matrix.public, "a public route is a decision: write it into calls.yaml"
    protected = {route.name for route in routes if route.access != "public"}
    assert protected == set(matrix.calls), "say in calls.yaml how to call it"
    known = matrix.service.permissions.permissions
    assert {route.access for route in routes} - {"public"} <= set(known)
    differing = {
        route.name: (route.access, matrix.calls[route.name].asks)
        for route in routes
        if route.access != "public" and route.access != matrix.calls[route.name].asks
    }
    assert not differing, "what a route asks for is a decision: change its row as well"


@pytest.mark.parametrize("name", sorted(read_calls()[1]))
def test_every_cell(matrix: Matrix, name: str) -> None:
    wrong = wrong_cells(matrix, _find(matrix, name))
    assert not wrong, "\n".join(wrong)


def wrong_cells(matrix: Matrix, route: Route) -> list[str]:
    """The cells of a route that are not as `roles.yaml` says."""
    wrong = []
    for who in matrix.principals:
        answer = matrix.call(route, who)
        found = _judge(route, answer, matrix.calls[route.name])
        expected = matrix.expected(route, who)
        if who.role == "service" and who.standing == "none" and code_of(answer) == "S120":
            # Without a role there is no scope, and without a scope no token.
            found = "denied"
        if found != expected:
            said = answer.text[answer.text.find("<main") :] if route.is_page else answer.text
            wrong.append(
                f"{who.role}/{who.standing}: {expected}, but {answer.status_code} {found} {said[:600]}"
            )
    return wrong


def _judge(route: Route, answer: Any, how: Call) -> str:
    status, code = answer.status_code, code_of(answer)
    shows = route.is_page and route.method == "GET" and not code and how.leads != "sometimes"
    if shows and (status == 303) != (how.leads == "yes"):
        return "failed: it must show its page, unless its row says that it leads on"
    if code in how.answers or (status < 400 and not code):
        return "allowed"
    if code == "S121" and status == 403:
        return "denied"
    if how.beside is not None and status == 422 and says(answer, how.beside):
        return "hidden"
    return "hidden" if status in (401, 403, 404) and code in _OUT_OF_REACH else f"failed with {code}"


def says(answer: Any, code: str) -> bool:
    """Whether a form that came back says this beside a field, as if there were no such record."""
    return message(fault(code, field="x"), "en").casefold() in unescape(answer.text).casefold()


@pytest.mark.parametrize("name", sorted(read_calls()[1]))
def test_nobody_and_half_signed_in_and_without_the_scope(matrix: Matrix, name: str) -> None:
    route = _find(matrix, name)
    nobody = matrix.call(route, NOBODY)
    led = route.is_page and route.method == "GET"
    assert (nobody.status_code, code_of(nobody)) == (303 if led else 401, "S120")
    if led:
        assert nobody.headers["location"].startswith("/sign-in?to=/")
    else:
        assert nobody.headers["www-authenticate"] == "Bearer"
    forged = matrix.call(route, NOBODY, authorization="Bearer kws_" + "x" * 43)
    assert code_of(forged) == "S120"
    assert code_of(matrix.call(route, matrix.half_signed_in())) == "S126"
    system = next(one for one in matrix.principals if (one.role, one.standing) == ("service", "own"))
    lacking = matrix.give_token(system.actor, without=str(route.access))
    without = matrix.call(route, replace(system, headers=lacking))
    assert (without.status_code, code_of(without)) == (403, "S121")
    if route.method != "GET":
        assert code_of(matrix.call(route, matrix.boss, x_csrf_token=None)) == "S127"
        assert code_of(matrix.call(route, matrix.boss, origin="https://elsewhere.example")) == "S127"


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


@pytest.mark.parametrize("name", ["list_accounts", "desk.show_accounts", "desk.rename_account"])
def test_a_loosened_permission_is_found(matrix: Matrix, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Accounts are for administrators; asking for the own account's permission opens them to everybody."""
    route = _find(matrix, name)
    assert wrong_cells(matrix, route) == []
    page = "desk." if route.is_page else ""
    other = _asking(matrix, f"{page}show_account" if page else "show_me")
    monkeypatch.setattr(_asking(matrix, name), "call", other.call)
    wrong = wrong_cells(matrix, route)
    assert len(wrong) > 20
    assert all("denied, but" in one for one in wrong)
    assert any(one.startswith("auditor/site: denied, but") for one in wrong)
    with pytest.raises(AssertionError, match="is a decision"):
        test_every_route_stands_in_the_table(matrix)


def _asking(matrix: Matrix, name: str) -> Dependant:
    """The part of a route that asks for its permission."""
    (context,) = [one for one in api_routes(matrix.app) if key_of(one) == name]
    waiting = list(context.dependant.dependencies)
    while waiting:
        part = waiting.pop()
        if hasattr(part.call, "__screening_access__"):
            return part
        waiting += part.dependencies
    raise AssertionError(name)


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
    return _judge(route, matrix.call(route, who), matrix.calls[route.name])


def test_calls_are_undone(matrix: Matrix) -> None:
    route = _find(matrix, "add_site")
    for _ in range(2):
        assert matrix.call(route, matrix.boss).status_code == 201


# The page made from the table


def test_the_page_is_what_the_table_says(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    assert table.main(["--check", str(root / table.PAGE)]) == 0, "run python -m screening.people.table"
    page = table.write_page(load_permissions())
    other = tmp_path / "access.md"
    other.write_text(page.replace("| own |", "| all |", 1), "utf-8")
    assert table.main(["--check", str(other)]) == 1
