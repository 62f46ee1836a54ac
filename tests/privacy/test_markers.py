"""A day of work with a marker in every text of every route: none is in a log, file, header or problem."""

from __future__ import annotations

import base64
import io
import logging
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from api.access import public
from api.bodies.reading import Body, Note, reads
from screening.logs import configure_logs
from screening.refusals import refused
from screening.storage.tables.people import SignInAttempt
from screening.storage.types import new_id
from tests.privacy.markers import UNKNOWN, Leak, Markers, search_files, search_text
from tests.privacy.routes import Day, is_free
from tests.services import ClientFor, World

# Bodies where the schema cannot tell what is valid, or where an example cannot.
GIVEN: dict[str, list[Any]] = {
    "link_case": [{"case": "@other_case"}],
    "save_answer": [
        {"question": "own_account", "answer": "@marker", "follows_seq": None, "client_key": "k1"},
        {"question": "daily_hours", "answer": 15, "follows_seq": None, "client_key": "k2"},
    ],
    "save_several_answers": [
        {
            "answers": [
                {"question": "locked_in", "answer": "yes", "follows_seq": None, "client_key": "k3"},
                {
                    "question": "documents_holder",
                    "answer": "@marker",
                    "follows_seq": None,
                    "client_key": "k4",
                },
            ]
        }
    ],
    "finish_interview": [{"last_seq": "@last_seq"}],
    "write_new_referral": [{"case": "@case", "route": "basic_needs", "service": "own_service"}],
    "record_referral_event": [{"event": "printed"}],
    "enter_case_stage": [{"stage": "protection"}],
    "add_receiving_system": [
        {"label": "a label", "url": "https://1.1.1.1/hook", "events": ["referral.closed"]}
    ],
    "change_receiving_system": [{"active": False}],
    "issue_token": [
        {
            "account": "@service",
            "label": "a label",
            "scopes": ["cases.read"],
            "expires_at": "2026-12-01T00:00:00Z",
        }
    ],
}
# Fields that the schema leaves open and that hold an id of the content or a day.
WORDS = frozenset(
    {
        "assess_interview.rule_set",
        "assess_interview.as_of",
        "assess_interview.instrument",
        "erase_case.number",
    }
)
_SIGNING_IN = "needs a sign-in that is under way; here its secrets are sent to be refused"
# Operations whose body is not taken in this day, each with the reason.
NOT_TAKEN = {
    "accept_invitation": _SIGNING_IN,
    "begin_second_factor": _SIGNING_IN,
    "change_password": _SIGNING_IN,
    "connect_account": "needs an identity provider",
    "finish_second_factor": _SIGNING_IN,
    "give_recovery_code": _SIGNING_IN,
    "give_second_factor": _SIGNING_IN,
    "renew_recovery_codes": _SIGNING_IN,
    "sign_in": _SIGNING_IN,
}
_PUBLIC = "sites are public: their codes and names stand in lists for everybody"
# Fields that may be read in the database, each with the reason.
IN_CLEAR = {
    f"{operation}.{name}": _PUBLIC
    for operation in ("add_site", "change_site")
    for name in ("name.en", "name.ar", "code (closed)")
    if (operation, name) != ("change_site", "code (closed)")
}
# Parameters that no pattern closes, each with the reason.
FREE_ADDRESSES = {
    f"{operation}.{name}": "an id of the published content"
    for operation, name in (
        ("show_instrument", "id"),
        ("show_problem", "code"),
        ("show_rule", "id"),
        ("show_rule_set", "id"),
        ("show_source", "id"),
    )
}
_LABEL = "an administrator's name for another system, shown in lists of systems"
IN_CLEAR |= {
    f"{operation}.label{kind}": _LABEL
    for operation in ("issue_token", "add_receiving_system")
    for kind in ("", " (closed)")
}
_CONTENT_ID = "an id of the published content, named back to who sent it so that the slip is seen"
# Fields that a problem document may name back to its sender, each with the reason.
NAMED_BACK = {
    "assess_interview.instrument (closed)": _CONTENT_ID,
    "assess_interview.rule_set (closed)": _CONTENT_ID,
    "assess_interview.as_of (closed)": "a day of the stateless assessment, which stores nothing",
    "create_interview.instrument (closed)": _CONTENT_ID,
    "create_interview.rule_set (closed)": _CONTENT_ID,
    "enter_case_stage.stage (closed)": _CONTENT_ID,
    "record_referral_event.event (closed)": _CONTENT_ID,
    "decide_on_assessment.stance (closed)": _CONTENT_ID,
    "write_new_referral.route (closed)": _CONTENT_ID,
    "show_instrument (wrong)": _CONTENT_ID,
    "show_problem (wrong)": _CONTENT_ID,
    "show_rule (wrong)": _CONTENT_ID,
    "show_rule_set (wrong)": _CONTENT_ID,
    "show_source (wrong)": _CONTENT_ID,
    "save_answer.question (closed)": _CONTENT_ID,
    "save_answer.answer (closed)": "a value that the question does not take, named back to who typed it",
    "save_answer.note (closed)": "a conflict shows both answers to who may read them",
    "save_answer.note": "a conflict shows both answers to who may read them",
    "save_answer (any value)": "a conflict shows both answers to who may read them",
}


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that any logger of the process writes, at the most talkative level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    before = structlog.get_config()
    configure_logs(stream)
    # The tests' own client, which knows what it sends.
    monkeypatch.setattr(logging.getLogger("httpx2"), "disabled", True)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    structlog.configure(**before)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, and nobody else's."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def day(app: FastAPI, client_for: ClientFor, world: World) -> Day:
    return Day(app, client_for, world, Markers(), GIVEN, WORDS)


def folders_of(world: World) -> list[Path]:
    """Where the database keeps its files: rows, journals, and logs written ahead."""
    database = world.service.database
    if database.file is not None:
        return [database.file.parent]
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(str(connection.scalar(text("SHOW data_directory"))))
        oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return [folder / "base" / str(oid), folder / "pg_wal", folder / "log", folder / "pg_stat_tmp"]


def everything_found(day: Day, log: io.StringIO, scratch: Path) -> set[Leak]:
    """The leaks of a day, without the fields that are public on purpose."""
    leaks = day.leaks | search_text(day.markers, log.getvalue(), "log")
    leaks |= search_files(day.markers, [*folders_of(day.world), scratch])
    return {
        leak
        for leak in leaks
        if not (leak.field in IN_CLEAR and leak.place.startswith("file"))
        and not (leak.field in NAMED_BACK and leak.place.startswith("problem document"))
    }


@pytest.mark.timeout(600)
def test_no_marker_of_a_day_of_work_is_found_anywhere(day: Day, log: io.StringIO, scratch: Path) -> None:
    day.run()
    # The day was one: every text of every route was taken, and nothing broke.
    written = {one.id for one in day.operations() if one.schema is not None}
    assert written - day.taken == set(NOT_TAKEN), {
        id: (day.statuses[id], day.refusals.get(id)) for id in written - day.taken - set(NOT_TAKEN)
    }
    assert everything_found(day, log, scratch) == set()
    assert {id: found for id, found in day.statuses.items() if any(one >= 500 for one in found)} == {}
    assert set(IN_CLEAR) <= day.planted_in
    assert len(day.planted_in) > 100


class Planted(Body):
    """What a careless route takes."""

    note: Note


def plant(app: FastAPI, careless: Callable[[Request, str], Any]) -> None:
    """Add a route that does something careless with the text that it was sent."""

    def planted(request: Request, body: Planted = reads(Planted), _open: None = public()) -> Any:
        return careless(request, body.note)

    app.add_api_route("/api/v1/planted", planted, methods=["POST"], response_model=None)
    app.openapi_schema = None


def log_it(_request: Request, note: str) -> Any:
    # Only what looks like an id gets past the filter of the log.
    structlog.get_logger().info("planted", detail=note.split()[0])
    return {}


def print_it(_request: Request, note: str) -> Any:
    logging.getLogger("somebody").debug("%s", note)
    return {}


def store_it(request: Request, note: str) -> Any:
    service = request.app.state.service
    with service.database.writing() as session:
        now = service.clock()
        session.add(SignInAttempt(id=new_id(), who=note, at=now))
    return {}


def spool_it(_request: Request, note: str) -> Any:
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(base64.b64encode(f"a{note}".encode()).decode())
    return {}


def head_it(_request: Request, note: str) -> Any:
    return JSONResponse({}, headers={"X-Note": quote(note)})


def refuse_it(_request: Request, note: str) -> Any:
    raise refused("S004", value=note, known="nothing")


@pytest.mark.parametrize(
    ("careless", "place"),
    [
        (log_it, "log"),
        (print_it, "log"),
        (store_it, "file"),
        (spool_it, "file below scratch"),
        (head_it, "headers"),
        (refuse_it, "problem document"),
    ],
)
def test_a_careless_route_is_found(
    app: FastAPI,
    client_for: ClientFor,
    world: World,
    log: io.StringIO,
    scratch: Path,
    careless: Callable[[Request, str], Any],
    place: str,
) -> None:
    """The planted faults: new routes are looked at without anybody naming them."""
    plant(app, careless)
    day = Day(app, client_for, world, Markers(), GIVEN, WORDS)
    (operation,) = [one for one in day.operations() if one.path == "/api/v1/planted"]
    day.call_with_texts(operation)
    found = everything_found(day, log, scratch)
    assert found != set()
    assert all(leak.place.startswith(place) for leak in found)
    assert {leak.field for leak in found} <= {"planted.note", UNKNOWN}


def test_no_address_takes_a_free_text(day: Day) -> None:
    """Addresses stand in logs of proxies and in histories of browsers: they hold ids, words and numbers."""
    free = {
        f"{operation.id}.{one['name']}"
        for operation in day.operations()
        for one in operation.parameters
        if one["in"] in ("path", "query") and is_free(day.resolve(one["schema"]))
    }
    # Cursors hold keys of the last entry, and ids of the content name what is published.
    assert {name for name in free if not name.endswith(".cursor")} == set(FREE_ADDRESSES)
