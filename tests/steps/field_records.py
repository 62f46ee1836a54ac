"""Screenings that come from a device: sealed there, sent here, evaluated again."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when
from sqlalchemy import func, select
from structlog.testing import capture_logs

from indicators.errors import AnswersError
from screening.engines import Engines
from screening.field_records.receiving import receive_record
from screening.field_records.sealing import SealedRecord
from screening.installations import open_installation
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from screening.storage.tables.field import FieldRecord
from screening.storage.tables.interviews import Interview
from tests.screening.field_records.devices import Device
from tests.services import HandClock, World, make_world, storage_settings


@dataclass
class Route:
    """From a device to the service, with what may happen in between."""

    world: World
    clock: HandClock
    device: Device | None = None
    told: dict[str, Any] = field(default_factory=dict)
    record: SealedRecord | None = None
    refused: str | None = None
    logged: list[str] = field(default_factory=list)

    def send(self, who: str) -> None:
        assert self.record is not None
        self.refused = None
        with capture_logs() as logs:
            try:
                receive_record(self.world.service, self.world[who], self.record)
            except AnswersError as error:
                self.refused = error.faults[0].code
        self.logged += [line["event"] for line in logs]

    def one(self, column: Any) -> Any:
        with self.world.service.database.reading() as session:
            return session.scalars(select(column)).one()

    def count(self, table: Any) -> int:
        with self.world.service.database.reading() as session:
            return int(session.scalar(select(func.count()).select_from(table)) or 0)


@pytest.fixture
def field_route(kuwait_engines: Engines, sqlite_template: Path, tmp_path: Path) -> Iterator[Route]:
    """A service with its people, on a new database."""
    file = tmp_path / "field.sqlite3"
    shutil.copy(sqlite_template, file)
    clock = HandClock()
    service = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, clock)
    yield Route(make_world(service), clock)
    service.close()


@given("an inspector with a device that was set up")
def set_up(field_route: Route) -> None:
    field_route.device = Device(field_route.world)


@when(parsers.re(r"the inspector finishes a screening in which (?P<question>\w+) is (?P<value>\w+)"))
def finish(field_route: Route, question: str, value: str) -> None:
    assert field_route.device is not None
    field_route.told = field_route.device.told({question: value})
    field_route.record = field_route.device.seal(field_route.told)


@when("the device had come to another result")
def come_to_another_result(field_route: Route) -> None:
    assert field_route.device is not None
    field_route.record = field_route.device.seal(field_route.told | {"result_digest": "sha256:" + "0" * 64})


@when("somebody changes one letter of it")
def change(field_route: Route) -> None:
    assert field_route.record is not None
    sealed = bytearray(field_route.record.sealed)
    sealed[0] ^= 1
    field_route.record = dataclasses.replace(field_route.record, sealed=bytes(sealed))


@when(parsers.parse("{days:d} days go by on the way"))
def wait(field_route: Route, days: int) -> None:
    field_route.clock.move(days=days)


@when("the device sends it")
def send(field_route: Route) -> None:
    field_route.send("inspector")


@when("the supervisor sends it")
def send_for_another(field_route: Route) -> None:
    field_route.send("supervisor")


@then("there is 1 case with a finished interview")
def find_one(field_route: Route) -> None:
    assert field_route.refused is None
    assert [field_route.count(table) for table in (Case, Interview, StoredAssessment)] == [1, 1, 1]
    assert field_route.one(Interview.status) == "finished"


@then("there is no case from the field")
def find_none(field_route: Route) -> None:
    assert field_route.count(Case) == 0


@then("the two results are the same")
def compare(field_route: Route) -> None:
    assert field_route.one(FieldRecord.differs) is False


@then("an incident is recorded")
def find_incident(field_route: Route) -> None:
    assert field_route.one(FieldRecord.differs) is True
    with field_route.world.service.database.reading() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("field_record.differs") == 1
    assert field_route.logged.count("field_incident") == 1


@then("it was evaluated as of the day of the screening")
def look_at_day(field_route: Route) -> None:
    assert field_route.one(StoredAssessment.as_of).isoformat() == field_route.told["as_of"]
    assert field_route.one(FieldRecord.differs) is False


@then(parsers.parse("the record is refused with {code}"))
def look_at_refusal(field_route: Route, code: str) -> None:
    assert field_route.refused == code
