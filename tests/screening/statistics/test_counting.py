"""What is counted, for whom, of which times; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from screening.refusals import Refused
from screening.statistics.limits import statistics_limits
from screening.statistics.periods import complete_periods
from screening.statistics.tables import Statistics, Table, read_statistics
from screening.work import Service
from tests.screening.statistics.counted import add_counted
from tests.services import HandClock, World

LAST_SUMMER = datetime(2026, 8, 15, 9, 0, tzinfo=UTC)
SPRING = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)


def read(service: Service, world: World, name: str) -> Statistics:
    with service.work(world[name]) as work:
        return read_statistics(work, service)


def table(found: Statistics, id: str) -> Table:
    return next(one for one in found.tables if one.id == id)


def column(found: Table, number: int = -1) -> dict[str, int | None]:
    return {row.id: cells[number] for row, cells in zip(found.rows, found.cells, strict=True)}


def test_periods_are_whole_over_and_by_days_in_kuwait() -> None:
    now = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
    ids = [one.id for one in complete_periods(now, 3, 3)]
    assert ids == ["2026-01/2026-03", "2026-04/2026-06", "2026-07/2026-09"]
    # In Kuwait it is October three hours earlier than in Greenwich.
    before = datetime(2026, 9, 30, 20, 59, tzinfo=UTC)
    assert complete_periods(before, 3, 1)[0].id == "2026-04/2026-06"
    assert complete_periods(before + timedelta(minutes=1), 3, 1)[0].id == "2026-07/2026-09"
    assert complete_periods(datetime(2027, 1, 5, tzinfo=UTC), 3, 1)[0].id == "2026-10/2026-12"
    first = complete_periods(now, 3, 1)[0]
    assert first.begins_at == datetime(2026, 6, 30, 21, tzinfo=UTC)


def test_counts_by_period_mode_outcome_and_route(service: Service, world: World) -> None:
    add_counted(service, world, LAST_SUMMER, 9, outcome="trafficking_indicated", route="shelter")
    add_counted(service, world, LAST_SUMMER, 8, mode="hospital", outcome="other_concern", route="medical")
    add_counted(service, world, SPRING, 7, mode=None, outcome="other_concern")
    found = read(service, world, "reviewer")
    assert found.sites is None
    assert column(table(found, "interviews_by_period")) == {
        **{one.id: 0 for one in found.periods},
        "2026-04/2026-06": 7,
        "2026-07/2026-09": 17,
        "all": 24,
    }
    modes = column(table(found, "interviews_by_entry_mode"))
    assert (modes["came_alone"], modes["hospital"], modes["not_noted"], modes["prison"]) == (9, 8, 7, 0)
    outcomes = table(found, "outcomes_by_period")
    cells = dict(zip((row.id for row in outcomes.rows), outcomes.cells, strict=True))
    by_outcome = dict(zip((one.id for one in outcomes.columns), cells["all"], strict=True))
    assert (by_outcome["trafficking_indicated"], by_outcome["other_concern"], by_outcome["all"]) == (
        9,
        15,
        24,
    )
    routes = column(table(found, "referrals_by_route"))
    assert (routes["shelter"], routes["medical"], routes["all"]) == (9, 8, 17)


def test_the_running_months_and_those_who_said_no_are_left_out(
    service: Service, world: World, clock: HandClock
) -> None:
    add_counted(service, world, clock.now - timedelta(days=1), 30)
    add_counted(service, world, LAST_SUMMER, 6, statistics="given")
    add_counted(service, world, LAST_SUMMER, 6)
    add_counted(service, world, LAST_SUMMER, 5, statistics="refused")
    add_counted(service, world, LAST_SUMMER, 5, statistics="withdrawn")
    found = read(service, world, "reviewer")
    assert column(table(found, "interviews_by_period"))["all"] == 12


def test_a_supervisor_sees_the_own_site_and_nobody_may_choose(service: Service, world: World) -> None:
    add_counted(service, world, LAST_SUMMER, 6)
    add_counted(service, world, LAST_SUMMER, 9, site=world.site_b)
    assert column(table(read(service, world, "supervisor"), "interviews_by_period"))["all"] == 6
    assert column(table(read(service, world, "supervisor_b"), "interviews_by_period"))["all"] == 9
    assert column(table(read(service, world, "approver"), "interviews_by_period"))["all"] == 15
    for name in ("interviewer", "inspector", "administrator", "auditor", "service"):
        with pytest.raises(Refused) as refused:
            read(service, world, name)
        assert refused.value.faults[0].code == "S121"


def test_small_counts_and_what_gives_them_away_are_kept_back(service: Service, world: World) -> None:
    add_counted(service, world, LAST_SUMMER, 12, outcome="other_concern")
    add_counted(service, world, SPRING, 11, outcome="other_concern")
    add_counted(service, world, LAST_SUMMER, 1, mode="prison", outcome="trafficking_indicated")
    found = read(service, world, "reviewer")
    modes = column(table(found, "interviews_by_entry_mode"))
    assert modes["prison"] is None
    shown = [count for count in modes.values() if count]
    assert len(shown) == len([one for one in modes.values() if one is not None and one > 0])
    # The one in prison is not the difference between the total and the others.
    assert modes["all"] is None or modes["came_alone"] is None
    assert found.least_shown == statistics_limits().least_shown.value == 5


def test_only_clear_columns_are_read(service: Service, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    add_counted(service, world, LAST_SUMMER, 6, outcome="other_concern", route="shelter")

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("a record was opened")

    monkeypatch.setattr(type(service.vault), "open_bytes", fail)
    assert read(service, world, "reviewer").tables


def test_reading_them_is_audited_by_how_much_was_kept_back(service: Service, world: World) -> None:
    from sqlalchemy import select

    from screening.storage.tables.audit import AuditEntry

    read(service, world, "supervisor")
    with service.database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.action, last.detail) == ("statistics.read", {"kept_back": 0})
