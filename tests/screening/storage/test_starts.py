"""What stops a start: told with a code and what to do, with nothing changed and nothing lost."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.servers import free_port
from indicators.models import Text
from screening.engines import Engines
from screening.installations import attach, open_installation
from screening.people.access import SYSTEM
from screening.refusals import Refused
from screening.settings import StorageSettings
from screening.storage import files, schemas
from screening.storage.databases import Database, read_url
from screening.storage.files import check_file
from screening.work import Service
from tests.screening.storage.filling import contents, fill
from tests.services import MASTER_KEY, HandClock, storage_settings

NOBODY = 65534
# Seconds; on a machine that does much else the program needs long to start and to end.
_PATIENCE = 100


def code_of(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.faults[0].code


@pytest.fixture
def start(kuwait_engines: Engines, clock: HandClock) -> Callable[[StorageSettings], Service]:
    return lambda settings: open_installation(settings, kuwait_engines, clock)


def bytes_in(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but the file whose content means nothing."""
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.suffix != ".lock"}


@pytest.fixture
def filled(tmp_path: Path, start: Callable[[StorageSettings], Service]) -> Path:
    """A data folder with a database, filled and closed, and the key file beside it."""
    folder = tmp_path / "data"
    service = start(StorageSettings(data=folder))
    fill(service)
    service.close()
    return folder


def test_a_first_start_makes_everything_for_its_owner_only_and_tells_of_the_key(
    tmp_path: Path, kuwait_engines: Engines, clock: HandClock
) -> None:
    told: list[Text] = []
    settings = StorageSettings(data=tmp_path / "data")
    for _ in range(2):
        open_installation(settings, kuwait_engines, clock, told.append).close()
    (notice,) = told
    assert str(tmp_path / "data" / "master.key") in notice.en
    assert notice.ar != notice.en
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    names = {one.name: one.stat().st_mode & 0o777 for one in (tmp_path / "data").iterdir()}
    assert names == dict.fromkeys(("screening.sqlite3", "screening.sqlite3.lock", "master.key"), 0o600)


def test_with_a_key_of_its_own_no_key_file_is_made(tmp_path: Path, start: Callable[..., Service]) -> None:
    start(StorageSettings(data=tmp_path / "data", master_key=MASTER_KEY)).close()
    assert not (tmp_path / "data" / "master.key").exists()


def test_a_server_database_never_gets_a_key_file(
    database_url: str, start: Callable[..., Service], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused) as caught:
        start(storage_settings(database_url, master_key=None))
    assert code_of(caught) == "S100"
    assert not list(tmp_path.rglob("*.key"))


def _lose_key(folder: Path) -> None:
    (folder / "master.key").unlink()


def _change_key(folder: Path) -> None:
    (folder / "master.key").write_text("C" * 43 + "=")


def _show_key(folder: Path) -> None:
    (folder / "master.key").chmod(0o644)


def _truncate(share: float) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        file = folder / "screening.sqlite3"
        os.truncate(file, int(file.stat().st_size * share))

    return cut


def _write_text(folder: Path) -> None:
    (folder / "screening.sqlite3").write_text("this is not a database" * 1_000)


def _spoil_page(folder: Path) -> None:
    file = folder / "screening.sqlite3"
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 3 + 2048] = b"\x5a" * 2048
    file.write_bytes(content)


def _lose_database(folder: Path) -> None:
    """The file is gone and the log of its last changes is left."""
    (folder / "screening.sqlite3").unlink()
    (folder / "screening.sqlite3-wal").write_bytes(b"x" * 100)


def _make_newer(folder: Path) -> None:
    with sqlite3.connect(folder / "screening.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def _make_foreign(folder: Path) -> None:
    (folder / "screening.sqlite3").unlink()
    with sqlite3.connect(folder / "screening.sqlite3") as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.close()


WRONG: dict[str, tuple[str, Callable[[Path], None]]] = {
    "lost key": ("S100", _lose_key),
    "wrong key": ("S101", _change_key),
    "key for everybody": ("S105", _show_key),
    "half a database": ("S109", _truncate(0.5)),
    "all but the end of a database": ("S109", _truncate(0.99)),
    "an empty file": ("S109", _truncate(0)),
    "not a database": ("S109", _write_text),
    "a spoilt page": ("S109", _spoil_page),
    "a log without its database": ("S109", _lose_database),
    "a later version": ("S113", _make_newer),
    "another program's tables": ("S111", _make_foreign),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_stops_a_start_changes_nothing(
    filled: Path, start: Callable[[StorageSettings], Service], name: str
) -> None:
    code, spoil = WRONG[name]
    spoil(filled)
    before = bytes_in(filled)
    with pytest.raises(Refused) as caught:
        start(StorageSettings(data=filled))
    assert code_of(caught) == code
    after = bytes_in(filled)
    assert {one: after[one] for one in before} == before
    assert set(after) - set(before) <= {"screening.sqlite3-wal", "screening.sqlite3-shm"}


def _spoil_table(file: Path, table: str) -> None:
    with sqlite3.connect(file) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(file.read_bytes())
    content[size * (page - 1) : size * page] = b"\x5a" * size
    file.write_bytes(content)


def test_of_a_large_file_a_start_checks_what_opens_the_rest_and_says_so(
    filled: Path, kuwait_engines: Engines, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of a large file takes too long to read at every start; the command does that."""
    file, told = filled / "screening.sqlite3", list[Text]()
    settings = StorageSettings(data=filled)
    assert check_file(file)
    monkeypatch.setattr(files, "CHECKED_WHOLE", 1024)
    open_installation(settings, kuwait_engines, clock, told.append).close()
    (notice,) = told
    assert "screening database check" in notice.en
    assert "screening database check" in notice.ar
    kept = file.read_bytes()
    for table in ("data_keys", "accounts"):
        _spoil_table(file, table)
        with pytest.raises(Refused) as caught:
            open_installation(settings, kuwait_engines, clock)
        assert code_of(caught) == "S109"
        file.write_bytes(kept)
    _spoil_table(file, "answers")
    assert not check_file(file)
    service = open_installation(settings, kuwait_engines, clock)
    with pytest.raises(Refused) as caught, service.database.reading() as session:
        session.execute(text("SELECT count(answer) FROM answers")).all()
    assert code_of(caught) == "S109"
    service.close()
    with pytest.raises(Refused) as caught:
        check_file(file, whole_up_to=file.stat().st_size)
    assert code_of(caught) == "S109"


def test_once_the_key_is_back_everything_is_there(filled: Path, start: Callable[..., Service]) -> None:
    (filled / "master.key").rename(filled / "elsewhere")
    with pytest.raises(Refused):
        start(StorageSettings(data=filled))
    (filled / "elsewhere").rename(filled / "master.key")
    service = start(StorageSettings(data=filled))
    assert all(contents(service).values())
    service.close()


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Without the rights of root, to whom every folder is open."""
    if os.geteuid() == 0:
        for one in (folder, *folder.rglob("*")):
            os.chown(one, NOBODY, NOBODY)
        # Whoever gets here must get through the folders above.
        for above in folder.parents:
            if Path(tempfile.gettempdir()) in above.parents:
                above.chmod(0o755)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)


def test_a_read_only_folder_is_told(
    filled: Path, start: Callable[[StorageSettings], Service], tmp_path: Path
) -> None:
    (filled / "screening.sqlite3.lock").unlink()
    tmp_path.chmod(0o555)
    with as_nobody(filled):
        filled.chmod(0o500)
        try:
            for settings, code in (
                (StorageSettings(data=filled), "S119"),
                (StorageSettings(data=filled / "new", master_key=MASTER_KEY), "S119"),
            ):
                with pytest.raises(Refused) as caught:
                    start(settings)
                assert code_of(caught) == code
        finally:
            filled.chmod(0o700)
    tmp_path.chmod(0o755)
    start(StorageSettings(data=filled)).close()


def test_a_read_only_file_is_told(filled: Path, start: Callable[[StorageSettings], Service]) -> None:
    with as_nobody(filled):
        (filled / "screening.sqlite3").chmod(0o400)
        try:
            with pytest.raises(Refused) as caught:
                start(StorageSettings(data=filled))
            assert code_of(caught) == "S108"
        finally:
            (filled / "screening.sqlite3").chmod(0o600)
    start(StorageSettings(data=filled)).close()


def test_a_first_start_without_room_leaves_nothing_that_looks_like_a_database(
    tmp_path: Path, start: Callable[[StorageSettings], Service]
) -> None:
    settings = StorageSettings(data=tmp_path / "data")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(Refused) as caught:
            start(settings)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code_of(caught) == "S108"
    assert not list((tmp_path / "data").glob("screening.sqlite3*[!k]"))
    start(settings).close()


def test_an_earlier_version_is_copied_before_it_is_upgraded(
    filled: Path, kuwait_engines: Engines, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is one version yet: the one before it is a database whose last step is still to come."""
    database = Database(f"sqlite:///{filled / 'screening.sqlite3'}")
    before = bytes_in(filled)
    monkeypatch.setattr(schemas, "state_of", lambda _database: "behind")
    told: list[Text] = []
    service = open_installation(StorageSettings(data=filled), kuwait_engines, clock, told.append)
    everything = contents(service)
    service.close()
    database.close()
    (copy,) = filled.glob("screening.sqlite3.before-*")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert str(copy) in told[0].en
    monkeypatch.undo()
    kept = attach(
        storage_settings(f"sqlite:///{copy}", master_key=before["master.key"].decode()), kuwait_engines, clock
    )
    assert contents(kept) == everything
    kept.close()


def test_a_second_server_is_kept_away_and_a_command_is_not(
    filled: Path, kuwait_engines: Engines, clock: HandClock
) -> None:
    settings = StorageSettings(data=filled)
    first = open_installation(settings, kuwait_engines, clock)
    with pytest.raises(Refused) as caught:
        open_installation(settings, kuwait_engines, clock)
    assert code_of(caught) == "S114"
    beside = attach(settings, kuwait_engines, clock)
    with beside.work(SYSTEM) as work:
        work.record("beside", "installation", "test")
    beside.close()
    with first.work(SYSTEM) as work:
        work.record("first", "installation", "test")
    first.close()
    open_installation(settings, kuwait_engines, clock).close()


@pytest.mark.parametrize(
    "address", ["banana", "mysql://host/name", "sqlite://", "postgresql+asyncpg://host/name", ""]
)
def test_an_address_that_cannot_be_used_is_told_without_repeating_it(address: str) -> None:
    with pytest.raises(Refused) as caught:
        read_url(address)
    assert code_of(caught) == "S111"
    assert "banana" not in str(caught.value)


# The whole program


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "SCREENING_DATA": str(folder), "SCREENING_WORKERS": "1", **more}


@contextmanager
def serve(folder: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program as operators start it; it is killed in the end, if it still runs."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "api"],
        env=environment(folder, SCREENING_PORT=str(port), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=5):  # noqa: S310 - our own address
                    break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield process, address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def run(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api"],
        env=environment(folder, SCREENING_PORT=str(free_port()), **more),
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )


@pytest.mark.timeout(400)
def test_two_servers_on_one_file_and_one_that_was_killed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serve(folder) as (first, _):
        second = run(folder)
        assert second.returncode == 2
        assert second.stderr.startswith("S114 ")
        assert "Traceback" not in second.stderr
        assert first.poll() is None
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(_PATIENCE)
        assert (folder / "screening.sqlite3.lock").exists()
        with serve(folder) as (third, address):
            with urllib.request.urlopen(f"{address}/ready", timeout=30) as ready:  # noqa: S310
                assert ready.status == 200
            third.send_signal(signal.SIGTERM)
            third.wait(_PATIENCE)
    assert not (folder / "screening.sqlite3-wal").exists()


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ({"SCREENING_DATABASE_URL": "mysql://user:ZAMARKER@host/name"}, "S111"),
        ({"SCREENING_DATABASE_URL": "postgresql://user:ZAMARKER@127.0.0.1:1/name"}, "S100"),
        ({"SCREENING_MASTER_KEY": "ZAMARKER"}, "S104"),
        ({"SCREENING_MASTER_KEY_FILE": "/nowhere/key"}, "S105"),
        ({"SCREENING_MASTER_KEY_COMMAND": "false"}, "S106"),
        ({"SCREENING_MASTER_KEY": "ZAMARKER", "SCREENING_MASTER_KEY_COMMAND": "false"}, "S116"),
        ({"SCREENING_PROCESSES": "2"}, "S116"),
        ({"SCREENING_PROCESSES": "ZAMARKER"}, "S040"),
        ({"SCREENING_MASTERKEY": "ZAMARKER"}, "S041"),
        ({"SCREENING_DATA": "/dev/null/data"}, "S119"),
    ],
)
def test_a_wrong_setting_ends_the_program_with_its_code_in_both_languages(
    tmp_path: Path, setting: dict[str, str], code: str
) -> None:
    done = run(tmp_path / "data", **setting)
    assert done.returncode == 2
    first, advice, arabic, *_ = done.stderr.splitlines()
    assert first.startswith(f"{code} ")
    assert advice.startswith("  ")
    assert any("\u0600" <= letter <= "\u06ff" for letter in arabic)
    assert "Traceback" not in done.stderr
    assert "ZAMARKER" not in done.stderr + done.stdout


def test_several_processes_share_a_server_database(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("the embedded database takes one process")
    settings = {
        "SCREENING_DATABASE_URL": database_url,
        "SCREENING_MASTER_KEY": MASTER_KEY,
        "SCREENING_PROCESSES": "2",
    }
    with serve(tmp_path / "data", **settings) as (_, address):
        for _ in range(4):
            with urllib.request.urlopen(f"{address}/ready", timeout=60) as ready:  # noqa: S310
                assert ready.status == 200
        database = Database(database_url)
        with database.reading() as session:
            count = session.execute(
                text(
                    "SELECT count(DISTINCT client_port || backend_start::text) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name = 'screening'"
                )
            ).scalar()
        database.close()
    assert count >= 2
