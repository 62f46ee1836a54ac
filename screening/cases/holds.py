"""Keeping a case from the retention run and from erasure, until a day and with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from screening.cases.cases import add_event, find_case, require_not_erased
from screening.cases.policies import policies
from screening.cases.words import require_reason
from screening.clock import ASIA_KUWAIT, day_in_kuwait
from screening.refusals import refused
from screening.storage.tables.cases import Case
from screening.work import Work


def hold_case(work: Work, case_id: str, *, until: date, reason: str, note: str | None = None) -> Case:
    """Keep a case until the end of a day in Kuwait; holding it again sets the new day.

    Raises `Refused` with S270 for a day that does not lie ahead, or lies too far ahead.
    """
    case = find_case(work, case_id, "cases.hold", lock=True)
    require_not_erased(case)
    longest = policies().longest_hold_days.value
    today = day_in_kuwait(work.now)
    if not today < until <= today + timedelta(days=longest):
        raise refused("S270", field="until", limit=longest)
    require_reason("hold_reasons", reason, note)
    end = datetime.combine(until + timedelta(days=1), time(), ASIA_KUWAIT)
    case.held_until = end.astimezone(UTC)
    case.held_because = work.seal(case, "cases", "held_because", case.id, note) if note else None
    case.version += 1
    add_event(work, case, "held", reason=reason, note=note)
    work.record(
        "case.hold",
        "case",
        case.id,
        case_id=case.id,
        site_id=case.site_id,
        reason=reason,
        until=until.isoformat(),
    )
    return case


def release_case(work: Work, case_id: str) -> Case:
    """End a hold; raises `Refused` with S272 if there is none."""
    case = find_case(work, case_id, "cases.hold", lock=True)
    require_not_erased(case)
    if case.held_until is None:
        raise refused("S272")
    case.held_until = None
    case.held_because = None
    case.version += 1
    add_event(work, case, "released")
    work.record("case.release", "case", case.id, case_id=case.id, site_id=case.site_id)
    return case
