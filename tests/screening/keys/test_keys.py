"""Master keys come from where the settings say, are never made anew for what exists, and can be changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text

from screening.engines import Engines
from screening.installations import attach, open_installation
from screening.keys.masters import MasterKeys, read_key_file, read_master_key, write_new_key_file
from screening.keys.vaults import Place, Vault
from screening.people.access import SYSTEM
from screening.refusals import Refused
from screening.storage.tables.keys import DataKey
from screening.work import Service
from tests.services import MASTER_KEY, HandClock, storage_settings

NEW_KEY = "B" * 43 + "="
PLACE = Place("cases", "held_because", "1")
# The command, killed within its third part: looking on from here could come too late on a busy machine.
_KILLED_AFTER_PARTS = """
import os, signal
from screening.cli import main
from screening.keys.vaults import Vault
whole, parts = Vault.rewrap, []
def rewrap(self, session, most=200):
    count = whole(self, session, most)
    parts.append(count)
    if len(parts) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return count
Vault.rewrap = rewrap
main()
"""


def code_of(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.faults[0].code


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "kept.key"
    file.write_text(MASTER_KEY)
    file.chmod(0o600)
    return file


def test_each_way_of_giving_the_key_opens_the_database(
    service: Service, database_url: str, kuwait_engines: Engines, key_file: Path
) -> None:
    for way in (
        {"master_key": MASTER_KEY},
        {"master_key": None, "master_key_file": key_file},
        {"master_key": None, "master_key_command": f"cat {key_file}"},
    ):
        attach(storage_settings(database_url, **way), kuwait_engines, service.clock).close()


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ({"master_key": None}, "S100"),
        ({"master_key": NEW_KEY}, "S101"),
        ({"master_key": "banana"}, "S104"),
        ({"master_key": "QUJD"}, "S104"),
        ({"master_key": None, "master_key_file": Path("/nowhere/key")}, "S105"),
        ({"master_key": None, "master_key_command": "false"}, "S106"),
        ({"master_key": None, "master_key_command": "no-such-command-anywhere"}, "S106"),
        ({"master_key": None, "master_key_command": "'"}, "S106"),
        ({"master_key": None, "master_key_command": "echo banana"}, "S104"),
        ({"master_key_command": "false"}, "S116"),
    ],
)
def test_a_key_that_cannot_be_used_stops_the_start(
    service: Service, database_url: str, kuwait_engines: Engines, way: dict[str, object], code: str
) -> None:
    service.close()
    for opening in (attach, open_installation):
        with pytest.raises(Refused) as caught:
            opening(storage_settings(database_url, **way), kuwait_engines, service.clock)
        assert code_of(caught) == code
        assert "banana" not in str(caught.value)
    open_installation(storage_settings(database_url), kuwait_engines, service.clock).close()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_file_that_others_can_read_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(Refused, match="S105"):
        read_key_file(key_file)


def test_a_key_file_is_never_written_over(key_file: Path) -> None:
    with pytest.raises(Refused, match="S105"):
        write_new_key_file(key_file)
    assert key_file.read_text() == MASTER_KEY


def test_two_new_keys_differ_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first, second = (write_new_key_file(tmp_path / "folder" / name) for name in ("a", "b"))
    assert first.secret != second.secret
    assert first.id != second.id
    assert (tmp_path / "folder" / "a").stat().st_mode & 0o777 == 0o600
    assert first.secret.hex() not in repr(first)


def test_a_value_opens_only_where_it_was_sealed(service: Service) -> None:
    with service.work(SYSTEM) as work:
        one, other = (service.vault.make_case_key(work.session, work.now) for _ in range(2))
        sealed = service.vault.seal(work.session, one, PLACE, "نص")
        assert service.vault.open(work.session, one, PLACE, sealed) == "نص"
        for key, place in (
            (other, PLACE),
            (one, Place("cases", "held_because", "2")),
            (one, Place("cases", "number", "1")),
            (one, Place("sites", "held_because", "1")),
        ):
            with pytest.raises(Refused, match="S102"):
                service.vault.open(work.session, key, place, sealed)
        for changed in (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"\x02" + sealed[1:], b"", sealed[:13]):
            with pytest.raises(Refused, match="S102"):
                service.vault.open(work.session, one, PLACE, changed)


def test_the_same_text_is_never_sealed_the_same(service: Service) -> None:
    with service.work(SYSTEM) as work:
        key = service.vault.make_case_key(work.session, work.now)
        sealed = {service.vault.seal(work.session, key, PLACE, "same") for _ in range(100)}
    assert len(sealed) == 100


def test_a_destroyed_key_opens_nothing_any_more(service: Service) -> None:
    with service.work(SYSTEM) as work:
        key = service.vault.make_case_key(work.session, work.now)
        sealed = service.vault.seal(work.session, key, PLACE, "gone")
        service.vault.destroy(work.session, key, work.now)
    with service.work(SYSTEM) as work, pytest.raises(Refused, match="S103"):
        service.vault.open(work.session, key, PLACE, sealed)


def test_without_its_proof_a_filled_database_gets_no_new_keys(service: Service) -> None:
    with service.database.writing() as session:
        session.execute(text("DELETE FROM data_keys WHERE purpose = 'check'"))
    with pytest.raises(Refused, match="S101"), service.database.writing() as session:
        service.vault.prepare(session, service.clock())


def test_rotation_by_parts_keeps_everything_readable(service: Service, database_url: str) -> None:
    with service.work(SYSTEM) as work:
        keys = [service.vault.make_case_key(work.session, work.now) for _ in range(5)]
        sealed = {key: service.vault.seal(work.session, key, PLACE, key) for key in keys}
        service.vault.destroy(work.session, keys.pop(), work.now)
    old, new = read_master_key(MASTER_KEY, "old"), read_master_key(NEW_KEY, "new")
    both = Vault(MasterKeys(new, {old.id: old}))
    rounds = 0
    while True:
        with service.database.writing() as session:
            count = both.rewrap(session, most=3)
        with service.database.reading() as session:
            assert all(both.open(session, key, PLACE, sealed[key]) == key for key in keys)
        if not count:
            break
        rounds += 1
    assert rounds == 3
    only_new, only_old = Vault(MasterKeys(new)), Vault(MasterKeys(old))
    with service.database.reading() as session:
        assert only_new.masters_in_use(session) == {new.id: 3 + len(keys)}
        assert all(only_new.open(session, key, PLACE, sealed[key]) == key for key in keys)
        with pytest.raises(Refused, match="S101"):
            only_old.verify(session)
        assert session.scalars(select(DataKey).where(DataKey.destroyed_at.is_not(None))).one().wrapped is None


def test_rotation_that_is_killed_is_begun_again(
    service: Service, database_url: str, tmp_path: Path, clock: HandClock, kuwait_engines: Engines
) -> None:
    with service.work(SYSTEM) as work:
        keys = [service.vault.make_case_key(work.session, work.now) for _ in range(3_000)]
        sealed = service.vault.seal(work.session, keys[-1], PLACE, "kept")
    environment = {
        **os.environ,
        "SCREENING_DATABASE_URL": database_url,
        "SCREENING_MASTER_KEY": NEW_KEY,
        "SCREENING_PREVIOUS_MASTER_KEY": MASTER_KEY,
    }
    command = [sys.executable, "-c", "import sys; from screening.cli import main; sys.exit(main())"]
    old = read_master_key(MASTER_KEY, "old")
    new = read_master_key(NEW_KEY, "new")

    def in_use() -> dict[str, int]:
        with service.database.reading() as session:
            return service.vault.masters_in_use(session)

    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_AFTER_PARTS, "keys", "rotate"],
        env=environment,
        timeout=100,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    between = in_use()
    assert between == {old.id: 2_603, new.id: 400}, "two parts are kept, and nothing of the third"
    settings = storage_settings(database_url, master_key=NEW_KEY, previous_master_key=MASTER_KEY)
    half_way = attach(settings, kuwait_engines, clock)
    with half_way.database.reading() as session:
        assert half_way.vault.open(session, keys[-1], PLACE, sealed) == "kept"
    half_way.close()
    done = subprocess.run(
        [*command, "keys", "rotate"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert in_use() == {new.id: 3_003}
    assert NEW_KEY not in done.stdout + done.stderr
    attach(storage_settings(database_url, master_key=NEW_KEY), kuwait_engines, clock).close()
