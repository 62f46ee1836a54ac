"""`screening cases` and `screening retention`, as whoever runs the machine uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from screening.cases import cases
from screening.cli import main
from screening.clock import today_in_kuwait
from screening.engines import Engines
from screening.installations import open_installation
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from tests.screening.cases.test_cases import open_case, write
from tests.services import MASTER_KEY, HandClock, World, make_world, storage_settings


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """The command logs to a stream that ends with its test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def place(tmp_path: Path, kuwait_engines: Engines, monkeypatch: pytest.MonkeyPatch) -> tuple[World, str]:
    """A database that the command finds by its settings, with one case in it."""
    url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    service = open_installation(storage_settings(url), kuwait_engines, HandClock())
    world = make_world(service)
    case_id = open_case(world)
    write(world, case_id, full_name="Rosa Invented")
    with service.work(world["interviewer"]) as work:
        number = cases.read_case(work, case_id).number
    service.close()
    monkeypatch.setenv("SCREENING_DATABASE_URL", url)
    monkeypatch.setenv("SCREENING_MASTER_KEY", MASTER_KEY)
    return world, number


def status_of(world: World, number: str) -> str:
    with world.service.database.reading() as session:
        return session.query(Case).filter_by(number=number).one().status


def test_export_erase_and_retention_from_the_command_line(
    place: tuple[World, str], capsys: pytest.CaptureFixture[str]
) -> None:
    world, number = place
    assert main(["cases", "export", number, "--identity"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["case"] == number
    assert "Rosa Invented" in json.dumps(record)
    assert main(["cases", "export", number]) == 0
    assert "Rosa" not in capsys.readouterr().out

    until = (today_in_kuwait() + timedelta(days=30)).isoformat()
    assert main(["cases", "hold", number, "--until", until, "--reason", "court"]) == 0
    erase = ["cases", "erase", number, "--reason", "person_asked", "--confirm"]
    assert main([*erase, number]) == 2
    assert "S174" in capsys.readouterr().err
    assert main(["cases", "release", number, "--lang", "ar"]) == 0
    assert main([*erase, "KW-0000-0000"]) == 2
    assert "S173" in capsys.readouterr().err
    assert status_of(world, number) == "open"
    assert main(["retention", "run"]) == 0
    out = capsys.readouterr().out
    assert "Nothing was changed" in out
    assert main([*erase, number.lower()]) == 0
    assert "backups" in capsys.readouterr().out.lower()
    assert status_of(world, number) == "erased"
    assert main(["cases", "export", number]) == 2
    assert main(["cases", "export", "KW-2222-2222"]) == 2
    assert main(["retention", "run", "--for-real", "--lang", "ar"]) == 0
    with world.service.database.reading() as session:
        by = session.query(AuditEntry.actor).filter_by(action="case.erase").one()
    assert by == ("system",)
