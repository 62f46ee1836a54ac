"""What goes wrong with a database while the service runs: told as it is, and nothing saved is lost."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, OperationalError
from starlette.testclient import TestClient

from api.access import Caller, requires
from api.app import create_app
from api.settings import Settings
from screening.audit.times import ACCEPTED
from screening.audit.verification import verify
from screening.engines import Engines
from screening.installations import check_clock, open_installation
from screening.people.access import SYSTEM, Actor
from screening.refusals import Refused
from screening.storage.databases import Database, explain
from screening.storage.tables.audit import AuditEntry
from screening.work import Service
from tests.services import HandClock, PostgresServer, World, open_on, start_postgres, storage_settings

LARGE = "x" * 3_000


def write(service: Service, action: str) -> None:
    with service.work(SYSTEM) as work:
        for _ in range(20):
            work.record(action, "installation", "test", text=LARGE)


def write_until(service: Service, end: Callable[[], None]) -> None:
    """Write, and let something happen before the commit."""
    with service.work(SYSTEM) as work:
        work.record("during", "installation", "test")
        work.session.execute(text("SELECT 1"))
        end()


def write_often(service: Service, action: str) -> None:
    for _ in range(50):
        write(service, action)


def actions(service: Service) -> list[str]:
    with service.database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


@contextmanager
def full_disk(service: Service) -> Iterator[None]:
    """No file of this process can grow beyond what the database has now: what a full disk is to SQLite."""
    file = service.database.file
    assert file is not None
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = file.with_name(file.name + "-wal")
    largest = max(file.stat().st_size, log.stat().st_size if log.exists() else 0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_loses_nothing_and_works_again_with_room(service: Service) -> None:
    write(service, "before")
    before = actions(service)
    with full_disk(service):
        with pytest.raises(Refused, match="S108"):
            # Once is not enough where the log has room left from before.
            write_often(service, "during")
        kept = actions(service)
    assert set(kept) - set(before) <= {"during"}
    assert kept.count("during") % 20 == 0, "a transaction is there as a whole or not at all"
    write(service, "after")
    assert actions(service) == [*kept, *["after"] * 20]
    with service.database.reading() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert verify(session).intact


def fill_to_the_last_page(service: Service) -> None:
    with service.database.writing() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar()
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(1_000):
            session.execute(
                text("INSERT INTO sign_in_attempts (id, who, at) VALUES (:id, 'planted', '2026')"),
                {"id": f"{number}{LARGE}"},
            )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_sqlite_itself_calls_full_is_told(service: Service) -> None:
    with pytest.raises(Refused, match="S108"):
        fill_to_the_last_page(service)


@pytest.mark.parametrize("column", ["full_name", "notes"])
def test_a_fault_of_ours_is_not_called_a_full_disk(service: Service, column: str) -> None:
    statement = text(f"UPDATE sites SET {column} = 1")
    with pytest.raises(DatabaseError, match=column), service.database.writing() as session:
        session.execute(statement)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_others_hold_too_long_is_busy(service: Service, kuwait_engines: Engines) -> None:
    other = Database(str(service.database.url))
    with service.database.writing() as session, other.engine.connect() as connection:
        session.execute(text("SELECT 1"))
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(OperationalError) as caught:
            connection.exec_driver_sql("UPDATE sites SET version = 1")
        known = explain(caught.value)
    other.close()
    assert known is not None
    assert known.faults[0].code == "S110"


def add_writing_route(app: FastAPI) -> None:
    """A route that writes one entry: what every writing route does."""

    @app.post("/test/entries")
    def add_entry(caller: Caller = requires("interviews.write")) -> dict[str, bool]:
        with caller.work() as work:
            for _ in range(20):
                work.record("entry", "installation", "test", text=LARGE)
        return {"saved": True}


@pytest.fixture
def client(service: Service, world: World) -> Iterator[TestClient]:
    app = create_app(Settings(workers=1), service=service)
    add_writing_route(app)
    interviewer: Actor = world["interviewer"]
    app.state.authenticate = lambda _request: interviewer
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_request_on_a_full_disk_gets_a_problem_document(client: TestClient, service: Service) -> None:
    assert client.post("/test/entries").status_code == 200
    with full_disk(service):
        answers = [client.post("/test/entries") for _ in range(50)]
        refused = [one for one in answers if one.status_code != 200]
    assert refused
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(507, "S108")}
    assert client.post("/test/entries").status_code == 200
    saved = 2 + len(answers) - len(refused)
    assert actions(service).count("entry") == saved * 20


def test_a_server_that_goes_away_is_told_and_comes_back(kuwait_engines: Engines, clock: HandClock) -> None:
    with ExitStack() as stack:
        server, handle = start_postgres(stack)
        service = open_on(server, kuwait_engines, clock)
        stack.callback(service.close)
        app = create_app(Settings(workers=1), service=service)
        client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
        write(service, "before")
        assert client.get("/ready").status_code == 200
        with pytest.raises(Refused, match="S107"):
            write_until(service, handle.stop)
        with pytest.raises(Refused, match="S107"):
            write(service, "during")
        answer = client.get("/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "S107")
        with pytest.raises(Refused, match="S107"):
            open_installation(storage_settings(server.address("postgres")), kuwait_engines, clock)
        handle.ensure_postgres_running()
        write(service, "after")
        assert client.get("/ready").status_code == 200
        assert actions(service) == [*["before"] * 20, *["after"] * 20]


def test_a_session_that_the_server_ends_is_no_obstacle(service: Service, postgres: PostgresServer) -> None:
    if service.database.is_sqlite:
        pytest.skip("there are no sessions in an embedded database")
    write(service, "before")
    postgres.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'screening'"
    )
    write(service, "after")
    assert len(actions(service)) == 40


def test_a_clock_that_goes_back_loses_no_answer_and_is_told(
    service: Service, client: TestClient, clock: HandClock, kuwait_engines: Engines, database_url: str
) -> None:
    write(service, "before")
    assert client.get("/ready").json()["status"] == "ready"
    clock.move(hours=-2)
    assert client.post("/test/entries").status_code == 200
    assert client.post("/test/entries").status_code == 200
    ready = client.get("/ready").json()
    assert (ready["status"], ready["because"]) == ("degraded", ["S115"])
    with service.database.reading() as session:
        found = verify(session)
    assert found.intact
    assert found.clock_behind
    settings = storage_settings(database_url)
    service.close()
    with pytest.raises(Refused) as caught:
        open_installation(settings, kuwait_engines, clock)
    assert (caught.value.faults[0].code, caught.value.faults[0].slots) == ("S115", {"value": "2:00:00"})
    clock.move(hours=2)
    open_installation(settings, kuwait_engines, clock).close()


def test_a_clock_that_was_wrong_before_is_accepted_by_an_entry(service: Service, clock: HandClock) -> None:
    clock.move(days=300)
    write(service, "in.the.future")
    clock.move(days=-300)
    with pytest.raises(Refused, match="S115"):
        check_clock(service.database, clock)
    with service.work(SYSTEM) as work:
        work.record(ACCEPTED, "installation", "clock")
    check_clock(service.database, clock)
    clock.move(seconds=1)
    write(service, "later")
    clock.move(hours=-1)
    with pytest.raises(Refused, match="S115"):
        check_clock(service.database, clock)


def test_a_clock_that_differs_a_little_is_nothing(service: Service, clock: HandClock) -> None:
    write(service, "before")
    clock.now -= timedelta(seconds=90)
    check_clock(service.database, clock)
