"""Keys of field forms are replaced, open what comes late, and are destroyed in the end."""

from __future__ import annotations

from sqlalchemy import func, select

from screening.cases import retention
from screening.field_records.sealing import current_key
from screening.people.access import SYSTEM
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from screening.storage.tables.field import FieldKey
from tests.screening.field_records.devices import CLEAR, Device
from tests.screening.field_records.test_receiving import receive, refusal
from tests.services import HandClock, World


def destroyed(world: World) -> int:
    done = {due.rule.kind: due for due in retention.run_retention(world.service, SYSTEM)}
    return done["field_key"].count


def test_an_old_key_is_destroyed_and_what_was_sealed_to_it_never_opens_again(
    device: Device, world: World, clock: HandClock
) -> None:
    rule = next(one for one in retention.retention_rules() if one.kind == "field_key")
    late = device.seal(device.told(CLEAR))
    later = device.seal(device.told(CLEAR, position=2))
    receive(device, late)

    # The only key is the newest, however old it is.
    clock.move(days=rule.after_days + 1)
    assert destroyed(world) == 0
    with world.service.work(world["inspector"]) as work:
        newest = current_key(work)
    with world.service.work(SYSTEM) as work:
        planned = {due.rule.kind: due.count for due in retention.plan_retention(work)}
    assert planned["field_key"] == 1
    # Until then it opens what comes late.
    assert receive(device, later).case_number

    never_sent = device.seal(device.told(CLEAR, position=3))
    assert destroyed(world) == 1
    assert destroyed(world) == 0
    assert refusal(device, never_sent) == "S291"
    # What was taken before is there, and known when it is sent once more.
    assert receive(device, late).repeated
    with world.service.database.reading() as session:
        rows = session.scalars(select(FieldKey)).all()
        assert {row.id for row in rows if row.private == b""} == {late.key}
        assert newest.id in {row.id for row in rows if row.private != b""}
        assert session.scalar(select(func.count()).select_from(Case)) == 2
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "field_key.destroy")).all()
        assert [one.object_id for one in told] == [late.key]
