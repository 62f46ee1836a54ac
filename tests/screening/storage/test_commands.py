"""The commands for database, keys and backups: what they do, what they say, and what they never show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url

from screening.cli import main
from screening.clock import utc_now
from screening.storage import schemas
from screening.storage.databases import Database
from screening.work import Service
from tests.screening.storage.filling import contents, fill
from tests.services import MASTER_KEY, HandClock, storage_settings


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """Run a command on the test's database; whatever it says never holds the key."""
    monkeypatch.setenv("SCREENING_DATABASE_URL", database_url)
    monkeypatch.setenv("SCREENING_MASTER_KEY", MASTER_KEY)
    monkeypatch.chdir(tmp_path)

    def run_one(*words: str) -> Said:
        capsys.readouterr()
        status = main(words)
        out, err = capsys.readouterr()
        assert MASTER_KEY not in out + err
        assert "Traceback" not in err
        return Said(status, out, err)

    return run_one


@pytest.fixture
def clock() -> HandClock:
    """The real day: commands read the real clock."""
    return HandClock(utc_now())


def test_status_and_check_of_a_database(run: Run, database_url: str) -> None:
    status = run("database", "status")
    assert status.status == 0
    assert schemas.newest() in status.out
    assert "of this version" in status.out
    assert run("database", "check").status == 0
    arabic = run("database", "check", "--lang", "ar")
    assert any("\u0600" <= letter <= "\u06ff" for letter in arabic.out)


def test_the_password_of_a_database_is_not_shown(
    run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database_url.startswith("sqlite"):
        address = make_url(database_url).set(password="ZAMARKER")
        monkeypatch.setenv("SCREENING_DATABASE_URL", address.render_as_string(hide_password=False))
        said = run("database", "status")
        assert said.status == 0
        assert "ZAMARKER" not in said.out + said.err
    monkeypatch.setenv("SCREENING_DATABASE_URL", "postgresql://user:ZAMARKER@127.0.0.1:1/name")
    for words in (("database", "status"), ("database", "check"), ("keys", "status"), ("backup", "b.zip")):
        said = run(*words)
        assert said.status in (1, 2)
        assert "S107" in said.err
        assert "ZAMARKER" not in said.out + said.err


def test_down_and_up_by_command(run: Run, database_url: str) -> None:
    assert run("database", "downgrade", "banana").err.startswith("S113 ")
    assert run("database", "downgrade", "base").status == 0
    assert "empty" in run("database", "status").out
    checked = run("database", "check")
    assert checked.status == 1
    assert "S112" in checked.err
    for words in (("keys", "status"), ("keys", "rotate"), ("database", "accept-clock"), ("backup", "b.zip")):
        said = run(*words)
        assert (said.status, said.err[:4]) == (2, "S112")
    assert run("database", "upgrade").status == 0
    assert run("database", "upgrade").status == 0
    database = Database(database_url)
    assert schemas.state_of(database) == "current"
    database.close()


def test_a_filled_server_database_is_not_emptied_by_command(service: Service, run: Run) -> None:
    fill(service)
    service.close()
    said = run("database", "downgrade", "base")
    if service.database.is_sqlite:
        assert said.status == 0
        assert "A copy as it was before" in said.out
        (copy,) = Path(str(service.database.file)).parent.glob("*.before-base-*")
        assert copy.stat().st_size > 100_000
    else:
        assert (said.status, said.err[:4]) == (2, "S118")
        assert "of this version" in run("database", "status").out


def test_a_running_server_keeps_commands_that_change_tables_away(service: Service, run: Run) -> None:
    if not service.database.is_sqlite:
        pytest.skip("there is no lock on a server of databases")
    for words in (("database", "upgrade"), ("database", "downgrade", "base"), ("restore", "none.zip")):
        said = run(*words)
        assert (said.status, said.err[:4]) == (2, "S117" if words[0] == "restore" else "S114")


def test_a_new_key_is_shown_to_nobody(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.key"
    said = run("keys", "new", str(file))
    assert said.status == 0
    assert file.read_text().strip() not in said.out + said.err
    assert file.stat().st_mode & 0o777 == 0o600
    again = run("keys", "new", str(file))
    assert (again.status, again.err[:4]) == (2, "S105")


def test_changing_the_master_key(
    service: Service, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fill(service)
    run("keys", "new", str(tmp_path / "second.key"))
    monkeypatch.delenv("SCREENING_MASTER_KEY")
    monkeypatch.setenv("SCREENING_MASTER_KEY_FILE", str(tmp_path / "second.key"))
    assert run("keys", "status").err.startswith("S101 ")
    monkeypatch.setenv("SCREENING_PREVIOUS_MASTER_KEY", MASTER_KEY)
    assert "5 data keys" in run("keys", "status").out
    assert "5 data keys" in run("keys", "rotate").out
    assert "0 data keys" in run("keys", "rotate").out
    monkeypatch.delenv("SCREENING_PREVIOUS_MASTER_KEY")
    assert "5 data keys" in run("keys", "status").out
    assert run("database", "check").status == 0


def test_backup_and_restore_by_command(
    service: Service, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(service)
    before = contents(service)
    said = run("backup", "kept.zip")
    assert said.status == 0
    assert service.vault.current_master in said.out
    assert run("backup", "kept.zip").err.startswith("S119 ")
    service.close()
    refused = run("restore", "kept.zip")
    assert (refused.status, refused.err[:4]) == (2, "S118")
    monkeypatch.setenv("SCREENING_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}")
    assert run("restore", "kept.zip").status == 0
    assert run("database", "check").status == 0
    assert run("audit", "verify").status == 0
    monkeypatch.setenv("SCREENING_DATABASE_URL", str(service.database.url.render_as_string(False)))
    assert run("restore", "kept.zip", "--replace").status == 0
    opened = Database(str(service.database.url.render_as_string(False)))
    service.database = opened
    after = contents(service)
    opened.close()
    assert {name: rows for name, rows in after.items() if name != "audit_entries"} == {
        name: rows for name, rows in before.items() if name != "audit_entries"
    }
    assert after["audit_entries"][-1][4] == "backup.restored"
    assert storage_settings("x").gives_key


def test_a_damaged_file_is_found_by_check(service: Service, run: Run) -> None:
    file = service.database.file
    if file is None:
        pytest.skip("a server of databases looks after its own files")
    fill(service)
    service.close()
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 3 + 2048] = b"\x5a" * 2048
    file.write_bytes(content)
    said = run("database", "check")
    assert said.status == 1
    assert "S109" in said.err


def test_a_clock_that_was_wrong_is_accepted_by_command(service: Service, run: Run, clock: HandClock) -> None:
    clock.move(days=3)
    fill(service)
    service.close()
    checked = run("database", "check")
    assert checked.status == 1
    assert "S115" in checked.err
    assert run("database", "accept-clock").status == 0
    assert run("database", "check").status == 0
