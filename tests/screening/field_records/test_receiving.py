"""A record of the field form becomes an interview, once, and only from whoever made it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select
from structlog.testing import capture_logs

from screening.cases.erasure import erase_case
from screening.cases.visits import close_visit
from screening.field_records import receiving
from screening.field_records.policies import field_policies
from screening.field_records.receiving import receive_record
from screening.field_records.sealing import SealedRecord, current_key, make_key
from screening.refusals import Refused
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from screening.storage.tables.field import FieldRecord
from screening.storage.tables.interviews import Interview
from screening.storage.tables.sites import SiteVisit, Workplace
from tests.screening.field_records.devices import CLEAR, Device, random_id, seal
from tests.services import HandClock, World


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def receive(device: Device, record: SealedRecord, who: str | None = None) -> Any:
    return receive_record(device.world.service, device.world[who or device.who], record)


def refusal(device: Device, record: SealedRecord, who: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        receive(device, record, who)
    return caught.value.faults[0].code


def count(device: Device, table: Any) -> int:
    with device.world.service.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def test_it_becomes_a_case_an_interview_and_a_final_assessment(device: Device) -> None:
    told = device.told(CLEAR, position=4)
    receipt = receive(device, device.seal(told))
    assert (receipt.repeated, receipt.differs, receipt.waits) == (False, False, False)
    with device.world.service.database.reading() as session:
        row = session.get_one(FieldRecord, told["id"])
        assert (row.state, row.position, row.differs) == ("finished", 4, False)
        interview = session.get_one(Interview, row.interview_id)
        assert (interview.instrument, interview.status, interview.language) == (
            "inspection",
            "finished",
            "ar",
        )
        assert interview.site_id == device.world.site_a
        case = session.get_one(Case, row.case_id)
        assert case.number == receipt.case_number
        visit = session.get_one(SiteVisit, interview.visit_id)
        assert visit.workplace_id is not None
        final = session.scalars(select(StoredAssessment)).one()
        assert (final.interview_id, final.outcome) == (interview.id, "trafficking_possible")


def test_workers_of_a_visit_share_it_and_its_workplace(device: Device) -> None:
    for position in (1, 2, 3):
        receive(device, device.seal(device.told({"heard_alone": "no"}, position)))
    assert (count(device, SiteVisit), count(device, Workplace)) == (1, 1)
    assert (count(device, Case), count(device, Interview)) == (3, 3)


def test_sent_again_it_is_taken_once(device: Device) -> None:
    record = device.seal(device.told(CLEAR))
    first = receive(device, record)
    again = receive(device, record)
    assert (again.repeated, again.case_number) == (True, first.case_number)
    assert (count(device, Case), count(device, Interview), count(device, StoredAssessment)) == (1, 1, 1)


def test_cut_off_before_it_was_evaluated_it_is_finished_the_next_time(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = device.seal(device.told(CLEAR))

    def cut_off(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "_finish", cut_off)
        with pytest.raises(KeyboardInterrupt):
            receive(device, record)
    assert (count(device, Interview), count(device, StoredAssessment)) == (1, 0)
    assert receive(device, record).repeated
    assert (count(device, Interview), count(device, StoredAssessment)) == (1, 1)


@pytest.mark.parametrize("part", ["sealed", "nonce", "ephemeral", "id", "key"])
def test_a_record_that_was_changed_is_refused(device: Device, part: str) -> None:
    record = device.seal(device.told(CLEAR))
    if part == "id":
        changed = dataclasses.replace(record, id=random_id())
    elif part == "key":
        with device.world.service.work(device.actor) as work:
            changed = dataclasses.replace(record, key=make_key(work).id)
    else:
        body = bytearray(getattr(record, part))
        body[7] ^= 1
        changed = dataclasses.replace(record, **{part: bytes(body)})
    assert refusal(device, changed) == "S290"
    assert count(device, Case) == 0
    assert receive(device, record).case_number


def test_one_id_is_one_record(device: Device) -> None:
    told = device.told(CLEAR)
    receive(device, device.seal(told))
    assert refusal(device, device.seal(told | {"position": 2})) == "S294"


def test_nobody_sends_what_another_made(device: Device) -> None:
    record = device.seal(device.told(CLEAR))
    assert refusal(device, record, "supervisor") == "S293"
    receive(device, record)
    assert refusal(device, record, "supervisor") == "S293"
    assert refusal(device, record, "interviewer") == "S121"


def test_a_site_out_of_reach_is_refused(world: World) -> None:
    elsewhere = Device(world, visit={"site": world.site_b})
    assert refusal(elsewhere, elsewhere.seal(elsewhere.told(CLEAR))) == "S122"
    assert count(elsewhere, Case) == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"form": 2},
        {"instrument": "intake"},
        {"name": "Maple"},
        {"position": 0},
        {"as_of": "0001-01-01"},
        {"answers": None},
    ],
    ids=str,
)
def test_another_form_of_record_is_refused(device: Device, changed: dict[str, Any]) -> None:
    told = device.told(CLEAR)
    assert refusal(device, device.seal(told | changed)) == "S292"


def test_what_is_no_json_or_of_another_service_is_refused(device: Device) -> None:
    id = random_id()
    assert refusal(device, seal(b"Maple Street", device.key, id)) == "S292"
    stranger = dataclasses.replace(device.key, id=random_id())
    assert refusal(device, seal(b"{}", stranger, id)) == "S291"


def test_another_result_on_the_device_is_an_incident(device: Device) -> None:
    told = device.told(CLEAR) | {"result_digest": "sha256:" + "0" * 64}
    with capture_logs() as logs:
        receipt = receive(device, device.seal(told))
    assert receipt.differs
    (line,) = [one for one in logs if one["event"] == "field_incident"]
    assert (line["kind"], line["case"]) == ("result_differs", receipt.case_number)
    with device.world.service.database.reading() as session:
        row = session.get_one(FieldRecord, told["id"])
        assert row.differs
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "field_record.differs")).one()
        assert entry.case_id == row.case_id
        # The result of the service stands.
        assert session.scalars(select(StoredAssessment.outcome)).one() == "trafficking_possible"


def test_an_unknown_program_loses_nothing_and_is_an_incident(device: Device) -> None:
    told = device.told(CLEAR) | {"program": "sha256:" + "1" * 64}
    receipt = receive(device, device.seal(told))
    assert receipt.differs
    assert count(device, StoredAssessment) == 1


def test_it_is_evaluated_as_of_the_day_of_the_visit(device: Device, clock: HandClock) -> None:
    told = device.told(CLEAR)
    record = device.seal(told)
    clock.move(days=9)
    assert not receive(device, record).differs
    with device.world.service.database.reading() as session:
        assert session.scalars(select(StoredAssessment.as_of)).one().isoformat() == told["as_of"]


@pytest.mark.parametrize("days", [-3, 400])
def test_a_clock_that_cannot_be_right_is_not_believed(device: Device, clock: HandClock, days: int) -> None:
    """The day of the record is today; the device's result is still compared as of its own day."""
    record = device.seal(device.told(CLEAR))
    clock.move(days=days)
    assert not receive(device, record).differs
    with device.world.service.database.reading() as session:
        assert session.scalars(select(StoredAssessment.as_of)).one() == device.today()


def test_a_visit_that_was_closed_meanwhile_takes_late_records_apart(device: Device) -> None:
    receive(device, device.seal(device.told(CLEAR, 1)))
    with device.world.service.work(device.actor) as work:
        close_visit(work, work.session.scalars(select(SiteVisit.id)).one())
    for position in (2, 3):
        receive(device, device.seal(device.told(CLEAR, position)))
    assert (count(device, SiteVisit), count(device, Interview)) == (2, 3)


def test_a_code_leads_to_the_workplace_and_an_unknown_one_stands_in_the_note(world: World) -> None:
    known = Device(world)
    receive(known, known.seal(known.told(CLEAR)))
    with world.service.database.reading() as session:
        code = session.scalars(select(Workplace.code)).one()
    for number, noted in ((code.lower(), False), ("WP-2222-2222", True)):
        device = Device(world, visit={"number_kind": "code", "number": number})
        receive(device, device.seal(device.told(CLEAR)))
        with world.service.database.reading() as session:
            newest = session.scalars(select(SiteVisit).order_by(SiteVisit.started_at.desc())).all()
            found = [one for one in newest if (one.note is not None) == noted]
        assert found
    assert count(known, Workplace) == 1


def test_an_erased_case_does_not_come_back(device: Device) -> None:
    record = device.seal(device.told(CLEAR))
    number = receive(device, record).case_number
    with device.world.service.work(device.world["supervisor"]) as work:
        case = work.session.scalars(select(Case)).one()
        erase_case(work, case.id, number=number, reason="person_asked")
    assert receive(device, record).repeated
    assert (count(device, Case), count(device, Interview)) == (1, 1)
    with device.world.service.database.reading() as session:
        assert session.get_one(FieldRecord, record.id).device_result == b""


def test_keys_grow_old_and_old_ones_still_open(device: Device, clock: HandClock) -> None:
    record = device.seal(device.told(CLEAR))
    with device.world.service.work(device.actor) as work:
        assert current_key(work).id == device.key.id
    clock.move(days=field_policies().key_days.value)
    with device.world.service.work(device.actor) as work:
        newer = current_key(work)
        assert newer.id != device.key.id
        assert current_key(work) == newer
    assert receive(device, record).case_number
