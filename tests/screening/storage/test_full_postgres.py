"""A PostgreSQL whose disk is really full: told as it is, nothing confirmed is lost, and it goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from screening.audit.verification import verify
from screening.engines import Engines
from screening.installations import open_installation
from screening.refusals import Refused
from screening.storage.databases import Database, explain
from screening.work import Service
from tests.screening.storage.test_failures import actions, add_writing_route, write
from tests.services import (
    HandClock,
    PostgresServer,
    make_world,
    open_on,
    start_postgres,
    storage_settings,
)

_MIB = 1024 * 1024
_MOST = 2_000


class SmallDisk:
    """A disk of a test's own, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, but: int) -> None:
        """Take up everything but so many bytes."""
        found = os.statvfs(self.folder)
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, found.f_bavail * found.f_frsize - but)

    def make_room(self) -> None:
        """Give back what was taken."""
        self._ballast.unlink()


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """A small disk; the test is skipped, with the reason, where none can be mounted."""
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small disk to fill")
    folder = Path(tempfile.mkdtemp(prefix="screening-full-"))
    words = [mount, "-t", "tmpfs", "-o", "size=192m,mode=755", "tmpfs", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"no small disk could be mounted: {done.stderr.strip()}")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


def confirmed_until_full(service: Service, codes: set[str]) -> int:
    """Write until it is refused for one of the codes; how many entries were confirmed."""
    for written in range(_MOST):
        try:
            write(service, "during")
        except Refused as error:
            if error.faults[0].code not in codes:
                raise
            return written * 20
    raise AssertionError("the disk was never full")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.errors.DiskFull("no room"), "S108"),
        (psycopg.errors.TooManyConnections("sorry, too many clients already"), "S107"),
        (psycopg.errors.OutOfMemory("out of memory"), "S107"),
    ],
)
def test_only_a_full_disk_is_called_one(error: psycopg.Error, code: str) -> None:
    known = explain(error)
    assert known is not None
    assert known.faults[0].code == code


def test_tables_that_cannot_grow_refuse_and_lose_nothing(
    disk: SmallDisk,
    postgres: PostgresServer,
    postgres_template: str,
    kuwait_engines: Engines,
    clock: HandClock,
) -> None:
    own = disk.folder / "tables"
    own.mkdir(mode=0o700)
    with ExitStack() as stack:
        database = Database(postgres.address("postgres"))
        with database.reading() as session:
            data = Path(str(session.scalar(text("SHOW data_directory"))))
        database.close()
        os.chown(own, data.stat().st_uid, data.stat().st_gid)
        postgres.run(f"CREATE TABLESPACE small LOCATION '{own}'")
        stack.callback(postgres.run, "DROP TABLESPACE small")
        postgres.run(f"CREATE DATABASE on_small TEMPLATE {postgres_template} TABLESPACE small")
        stack.callback(postgres.run, "DROP DATABASE on_small WITH (FORCE)")
        service = open_installation(storage_settings(postgres.address("on_small")), kuwait_engines, clock)
        stack.callback(service.close)
        interviewer = make_world(service)["interviewer"]
        app = create_app(Settings(workers=1), service=service)
        add_writing_route(app)
        app.state.authenticate = lambda _request: interviewer
        client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
        write(service, "before")
        disk.fill(but=_MIB // 4)
        confirmed = confirmed_until_full(service, {"S108"})
        assert confirmed
        answers = [client.post("/test/entries") for _ in range(3)]
        assert {(one.status_code, one.json()["code"]) for one in answers} == {(507, "S108")}
        # What is there can still be read.
        assert actions(service) == [*["before"] * 20, *["during"] * confirmed]
        disk.make_room()
        assert client.post("/test/entries").status_code == 200
        kept = actions(service)
        assert kept == [*["before"] * 20, *["during"] * confirmed, *["entry"] * 20]
        with service.database.reading() as session:
            assert verify(session).intact


def test_a_server_without_room_for_its_log_comes_back_with_everything_that_was_confirmed(
    disk: SmallDisk, kuwait_engines: Engines, clock: HandClock
) -> None:
    data = disk.folder / "data"
    data.mkdir()
    with ExitStack() as stack:
        server, handle = start_postgres(stack, data)
        # A commit is confirmed once it is written, as where it is run for real.
        server.run("ALTER SYSTEM SET synchronous_commit = on")
        server.run("ALTER SYSTEM SET fsync = on")
        server.run("SELECT pg_reload_conf()")
        service = open_on(server, kuwait_engines, clock)
        stack.callback(service.close)
        write(service, "before")
        disk.fill(but=_MIB)
        confirmed = confirmed_until_full(service, {"S107", "S108"})
        assert confirmed
        with pytest.raises(Refused, match=r"S107|S108"):
            write(service, "during")
        disk.make_room()
        handle.ensure_postgres_running()
        kept = actions(service)
        assert kept[: 20 + confirmed] == [*["before"] * 20, *["during"] * confirmed]
        # One whose answer was lost on the way may be there; as a whole, or not at all.
        assert len(kept) - confirmed - 20 in (0, 20, 40)
        write(service, "after")
        assert actions(service) == [*kept, *["after"] * 20]
        with service.database.reading() as session:
            assert verify(session).intact
