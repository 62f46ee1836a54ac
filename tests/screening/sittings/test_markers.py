"""What was typed into an interview is found in no file of the database and in no log."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from screening.logs import configure_logs
from screening.refusals import Refused
from screening.sittings.decisions import decide
from screening.sittings.finishing import read_assessment
from screening.sittings.handing_over import hand_over
from screening.sittings.interviews import abandon_interview
from tests.sittings import Desk

MARKERS = {
    name: f"Zq{name}Marker7291"
    for name in ("Account", "Wrong", "Note", "Conflict", "Passing", "Abandoning", "Reason", "Failing", "Key")
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logs(stream)
    yield stream
    structlog.reset_defaults()


def folders_of(desk: Desk) -> list[Path]:
    database = desk.world.service.database
    if database.file is not None:
        return [database.file.parent]
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(str(connection.scalar(text("SHOW data_directory"))))
        oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return [folder / "base" / str(oid), folder / "pg_wal"]


def leaks(desk: Desk, written: str) -> set[str]:
    found = {name for name, marker in MARKERS.items() if marker in written}
    for folder in folders_of(desk):
        for path in folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                found |= {name for name, marker in MARKERS.items() if marker.encode() in content}
    return found


def test_nothing_that_was_typed_is_found(
    desk: Desk, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, service = desk.world, desk.world.service
    interview = desk.begin()
    assert desk.save(interview, "own_account", MARKERS["Account"], note=MARKERS["Note"]).live is not None
    assert desk.outcome(interview, "locked_in", MARKERS["Wrong"]).seq is None
    assert desk.outcome(interview, "locked_in", "yes", client_key=MARKERS["Key"]).seq == 2
    assert desk.begin(client_key=MARKERS["Key"], answers={"own_account": MARKERS["Account"]})
    assert desk.outcome(interview, "own_account", MARKERS["Conflict"]).conflict is not None
    with service.work(world["interviewer"]) as work:
        to, seen = world["colleague"].account_id, desk.version_of(interview)
        hand_over(work, interview, seen=seen, to_account=to, note=MARKERS["Passing"])
    final = desk.finish(interview, 2)
    with service.work(world["interviewer"]) as work:
        decide(work, service.engines, final.id, stance="differ", reason=MARKERS["Reason"])
        assert MARKERS["Account"] not in read_assessment(work, final.id)[1]
    left = desk.begin()
    with service.work(world["interviewer"]) as work:
        abandon_interview(work, left, seen=1, because="other", note=MARKERS["Abandoning"], indicated=False)

    def fail(*_: object) -> None:
        raise RuntimeError(MARKERS["Failing"])

    monkeypatch.setattr("screening.sittings.saving.work_out", fail)
    other = desk.begin()
    saved = desk.save(other, "own_account", MARKERS["Account"])
    assert saved.live_fault is not None
    assert "live_result_failed" in log.getvalue()
    assert leaks(desk, log.getvalue()) == set()


def test_a_marker_that_is_there_would_be_found(desk: Desk) -> None:
    with desk.world.service.database.writing() as session:
        session.execute(text("UPDATE sites SET name_en = :name WHERE code = 'A'"), {"name": MARKERS["Note"]})
    assert leaks(desk, "") == {"Note"}
    assert leaks(desk, f"… {MARKERS['Reason']} …") == {"Note", "Reason"}


def test_refusals_do_not_repeat_what_a_database_holds(desk: Desk) -> None:
    interview = desk.begin()
    desk.outcome(interview, "own_account", MARKERS["Account"])
    with pytest.raises(Refused) as raised:
        desk.finish(interview, 7)
    assert MARKERS["Account"] not in repr(raised.value.faults)
