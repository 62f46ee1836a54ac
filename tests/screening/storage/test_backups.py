"""What a backup holds can be had again, on either kind of database; a damaged one replaces nothing."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from screening.audit.verification import verify
from screening.backups import read_manifest, restore, write_backup
from screening.engines import Engines
from screening.installations import attach, open_installation
from screening.keys.masters import MasterKeys, read_master_key
from screening.keys.vaults import Place, Vault
from screening.people.access import SYSTEM
from screening.refusals import Refused
from screening.storage import schemas
from screening.storage.databases import Database
from screening.storage.tables import Base
from screening.storage.tables.cases import Case, Identity
from screening.storage.tables.people import SignInSession
from screening.work import Service
from tests.screening.storage.filling import contents, fill
from tests.services import MASTER_KEY, HandClock, PostgresServer, storage_settings

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
OTHER_KEY = "A" * 43 + "="
_NUMBERS = count(1)


def vault_of(key: str = MASTER_KEY) -> Vault:
    return Vault(MasterKeys(read_master_key(key, "test")))


@contextmanager
def connected(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An address where there is no database yet, or an empty one: to restore into."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored' / 'screening.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"restored_{next(_NUMBERS)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield server.address(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def backup(service: Service, tmp_path: Path) -> Path:
    """A backup of a filled database that goes on to be used."""
    fill(service)
    file = tmp_path / "backup.zip"
    write_backup(service.database, service.vault, file, service.clock())
    return file


def test_everything_is_there_again_on_either_kind(
    service: Service, backup: Path, empty_url: str, kuwait_engines: Engines, clock: HandClock
) -> None:
    before = contents(service)
    assert all(before.values())
    with connected(empty_url) as target:
        restored = restore(backup, target, vault_of(), NOW)
    assert restored.rows == sum(map(len, before.values()))
    opened = open_installation(storage_settings(empty_url), kuwait_engines, clock)
    try:
        assert contents(opened) == before
        with opened.database.reading() as session:
            assert verify(session).intact
        with opened.work(SYSTEM) as work:
            work.record("goes.on", "installation", "test")
        with pytest.raises(Exception, match="only added to"), opened.database.writing() as session:
            session.execute(text("DELETE FROM answers"))
    finally:
        opened.close()


def test_a_backup_is_of_one_moment_while_others_write(service: Service, tmp_path: Path) -> None:
    stop = threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            with service.work(SYSTEM) as work:
                work.record("busy", "installation", "test")
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written < 3:
            stop.wait(0.01)
        manifests = [
            write_backup(service.database, service.vault, tmp_path / f"{number}.zip", service.clock())
            for number in range(3)
        ]
    finally:
        stop.set()
        writer.join()
    seqs = [manifest.audit_seq for manifest in manifests]
    assert seqs == sorted(seqs)
    assert 0 < seqs[0] < seqs[-1]
    for number, manifest in enumerate(manifests):
        assert manifest.tables["audit_entries"].rows == manifest.audit_seq
        with connected(f"sqlite:///{tmp_path / str(number) / 'x.sqlite3'}") as target:
            restore(tmp_path / f"{number}.zip", target, vault_of(), NOW)


def test_nothing_in_a_backup_is_open(service: Service, tmp_path: Path) -> None:
    marker = "ZAMARKERNAME"
    with service.work(SYSTEM) as work:
        sealed = work.seal_system("sites", "name_en", "1", marker)
        work.session.execute(
            text(
                "INSERT INTO idempotent_requests (id, data_key_id, answer, at)"
                " SELECT 'x', id, :sealed, '2026-11-01T06:00:00.000000Z' FROM data_keys"
                " WHERE purpose = 'system'"
            ),
            {"sealed": sealed},
        )
    file = tmp_path / "backup.zip"
    write_backup(service.database, service.vault, file, service.clock())
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        texts = [archive.read(name) for name in archive.namelist()]
    assert b"idempotent" in b"".join(name.encode() for name in archive.namelist())
    assert not any(marker.encode() in one or MASTER_KEY.encode() in one for one in texts)


def test_a_file_is_never_written_over(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    file.write_text("mine")
    with pytest.raises(Refused, match="S119"):
        write_backup(service.database, service.vault, file, service.clock())
    with pytest.raises(Refused, match="S119"):
        write_backup(service.database, service.vault, tmp_path / "no" / "folder.zip", service.clock())
    assert file.read_text() == "mine"
    assert [one.name for one in tmp_path.glob("*.zip*")] == ["backup.zip"]


def test_records_are_only_replaced_when_told_and_then_kept_aside(
    service: Service, backup: Path, database_url: str, kuwait_engines: Engines, clock: HandClock
) -> None:
    with service.work(SYSTEM) as work:
        work.record("after.the.backup", "installation", "test")
    present = contents(service)
    service.close()
    with connected(database_url) as target, pytest.raises(Refused, match="S118"):
        restore(backup, target, vault_of(), NOW)
    with connected(database_url) as target:
        restored = restore(backup, target, vault_of(), NOW, replace=True)
    assert restored.aside is not None
    opened = open_installation(storage_settings(database_url), kuwait_engines, clock)
    now_there = contents(opened)
    opened.close()
    assert len(now_there["audit_entries"]) == len(present["audit_entries"]) - 1
    if database_url.startswith("sqlite"):
        old = attach(storage_settings(f"sqlite:///{restored.aside}"), kuwait_engines, clock)
        assert contents(old) == present
        old.close()
    else:
        with connected(database_url) as target, target.reading() as session:
            kept = session.execute(text(f"SELECT count(*) FROM {restored.aside}.audit_entries")).scalar()
        assert kept == len(present["audit_entries"])


def test_what_was_erased_stays_erased_and_nobody_is_signed_in(
    service: Service, database_url: str, tmp_path: Path, kuwait_engines: Engines, clock: HandClock
) -> None:
    fill(service)
    place = Place("cases", "held_because", "1")
    with service.work(SYSTEM) as work:
        gone, kept = work.session.scalars(select(Case).order_by(Case.id)).all()
        sealed = {one.id: work.seal(one, *place_of(place), one.id) for one in (gone, kept)}
        work.session.execute(update(SignInSession).values(ended_at=None))
    file = tmp_path / "backup.zip"
    write_backup(service.database, service.vault, file, service.clock())
    with service.work(SYSTEM) as work:
        service.vault.destroy(work.session, gone.data_key_id, work.now)
    service.close()
    with connected(database_url) as target:
        assert restore(file, target, vault_of(), NOW, replace=True).erased_again == 1
    opened = open_installation(storage_settings(database_url), kuwait_engines, clock)
    with opened.work(SYSTEM) as work:
        assert work.open(kept, *place_of(place), sealed[kept.id]) == kept.id
        with pytest.raises(Refused, match="S103"):
            work.open(gone, *place_of(place), sealed[gone.id])
        restored = {one.id: one.status for one in work.session.scalars(select(Case))}
        assert restored[gone.id] == "erased" != restored[kept.id]
        assert [one.case_id for one in work.session.scalars(select(Identity))] == [kept.id]
        ended = work.session.scalars(select(SignInSession.ended_at)).all()
        assert ended == [NOW] * len(ended) != []
    opened.close()


def place_of(place: Place) -> tuple[str, str, str]:
    return place.table, place.column, place.row


def test_nothing_is_replaced_under_a_running_server(
    service: Service, backup: Path, database_url: str
) -> None:
    with (
        service.database.reading(),
        connected(database_url) as target,
        pytest.raises(Refused, match="S114"),
    ):
        restore(backup, target, vault_of(), NOW, replace=True)


def _change_row(text: bytes) -> bytes:
    return text.replace(b'"version":1', b'"version":7', 1)


def rewrite(file: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same archive with some members changed, or left out where `change` returns None."""
    changed = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return changed


def _manifest(change: Callable[[dict[str, Any]], None]) -> Callable[[str, bytes], bytes]:
    def apply(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        told = json.loads(data)
        change(told)
        return json.dumps(told).encode()

    return apply


def _forge(name: str, data: bytes, told: dict[str, Any]) -> bytes:
    """A changed row with the checksum that fits it: only the proof is left to tell."""
    import hashlib

    if name == "tables/sites.jsonl":
        data = _change_row(data)
        told["tables"]["sites"]["sha256"] = hashlib.sha256(data).hexdigest()
    elif name == "manifest.json":
        return json.dumps({**json.loads(data), "tables": told["tables"]}).encode()
    return data


def _forged(file: Path) -> Path:
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("manifest.json"))
    return rewrite(file, lambda name, data: _forge(name, data, told))


def _cut(file: Path) -> Path:
    changed = file.with_name("cut.zip")
    changed.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return changed


def _flip(file: Path) -> Path:
    changed = file.with_name("flipped.zip")
    content = bytearray(file.read_bytes())
    for place in range(200, len(content) // 2, 97):
        content[place] ^= 0x55
    changed.write_bytes(content)
    return changed


def _listed_as(file: Path, place: int, said: int) -> Path:
    """Every member is listed with other flags (at 8) or another way of compressing (at 10)."""
    changed = file.with_name(f"listed-{place}.zip")
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        at = archive.start_dir
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + place] = said
        at += 4
    changed.write_bytes(content)
    return changed


def _text(file: Path) -> Path:
    changed = file.with_name("text.zip")
    changed.write_text("not an archive")
    return changed


DAMAGE: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "missing": ("S117", lambda file: file.with_name("nowhere.zip")),
    "no archive": ("S117", _text),
    "cut off": ("S117", _cut),
    "bytes changed": ("S117", _flip),
    "under a password": ("S117", lambda file: _listed_as(file, 8, 1)),
    "compressed in another way": ("S117", lambda file: _listed_as(file, 10, 99)),
    "a row changed": (
        "S117",
        lambda file: rewrite(file, lambda name, data: _change_row(data) if "sites" in name else data),
    ),
    "a row and its checksum changed": ("S117", _forged),
    "a table left out": (
        "S117",
        lambda file: rewrite(file, lambda name, data: None if "answers" in name else data),
    ),
    "no manifest": (
        "S117",
        lambda file: rewrite(file, lambda name, data: None if "manifest" in name else data),
    ),
    "a later version": (
        "S113",
        lambda file: rewrite(file, _manifest(lambda told: told.update(schema_version="9999"))),
    ),
    "a later format": ("S113", lambda file: rewrite(file, _manifest(lambda told: told.update(format=2)))),
    "another proof": (
        "S117",
        lambda file: rewrite(file, _manifest(lambda told: told.update(proof="0" * 64))),
    ),
    "another end of the chain": (
        "S117",
        lambda file: rewrite(file, _manifest(lambda told: told.update(audit_seq=1))),
    ),
}


def test_what_is_no_whole_backup_replaces_nothing(
    service: Service, backup: Path, database_url: str, kuwait_engines: Engines, clock: HandClock
) -> None:
    before = contents(service)
    service.close()
    for name, (code, damage) in DAMAGE.items():
        with connected(database_url) as target, pytest.raises(Refused) as caught:
            restore(damage(backup), target, vault_of(), NOW, replace=True)
        assert [fault.code for fault in caught.value.faults] == [code], name
    with connected(database_url) as target, pytest.raises(Refused, match="S101"):
        restore(backup, target, vault_of(OTHER_KEY), NOW, replace=True)
    opened = attach(storage_settings(database_url), kuwait_engines, clock)
    assert contents(opened) == before
    opened.close()
    if database_url.startswith("sqlite"):
        folder = Path(database_url.removeprefix("sqlite:///")).parent
        assert {one.name for one in folder.iterdir()} <= {"screening.sqlite3", "screening.sqlite3.lock"}


def test_a_broken_chain_is_told_and_only_restored_when_told(
    service: Service, tmp_path: Path, empty_url: str
) -> None:
    fill(service)
    with service.database.engine.begin() as connection:
        for statement in _without_guard(service.database.is_sqlite):
            connection.execute(text(statement))
    file = tmp_path / "backup.zip"
    write_backup(service.database, service.vault, file, service.clock())
    with connected(empty_url) as target:
        with pytest.raises(Refused) as caught:
            restore(file, target, vault_of(), NOW)
        assert caught.value.faults[0].code == "S201"
        assert target.file is None or not target.file.exists()
        restore(file, target, vault_of(), NOW, accept_broken_chain=True)
        assert schemas.state_of(target) == "current"


def _without_guard(is_sqlite: bool) -> list[str]:
    change = "UPDATE audit_entries SET action = 'forged' WHERE seq = 2"
    if is_sqlite:
        return ["DROP TRIGGER audit_entries_no_update", change]
    return ["ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_no_update", change]


def test_every_table_is_in_a_backup(service: Service, backup: Path) -> None:
    manifest = read_manifest(backup)
    assert set(manifest.tables) == set(Base.metadata.tables)
    assert all(table.rows for table in manifest.tables.values())
    assert manifest.master_keys == [service.vault.current_master]


def test_a_full_disk_leaves_no_half_backup(service: Service, tmp_path: Path) -> None:
    import resource

    fill(service)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, hard))
    try:
        with pytest.raises(Refused, match="S108"):
            write_backup(service.database, service.vault, tmp_path / "backup.zip", service.clock())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.glob("backup*"))
