"""Workplaces behind codes: found again by register number or name, never named beside a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import exists, select

from indicators.errors import listed
from screening.cases.cases import find_case, require_not_erased, require_open
from screening.cases.writing import fold, fold_number
from screening.refusals import refused
from screening.storage.slices import Asked, Slice, take
from screening.storage.tables.cases import Case, CaseWorkplace
from screening.storage.tables.keys import DataKey
from screening.storage.tables.sites import SiteVisit, Workplace
from screening.storage.types import new_id, new_number
from screening.work import Work

_PREFIX: Final = "WP"


@dataclass(frozen=True, slots=True)
class WorkplaceRead:
    """A workplace; the name only for those who work with it, the cases only within reach."""

    workplace: Workplace
    name: str | None
    register_number: str | None
    cases: tuple[Case, ...]


def find_or_create(
    work: Work, *, kind: str, name: str | None = None, register_number: str | None = None
) -> tuple[Workplace, bool]:
    """The workplace of this register number, or else of this name and kind; a new one if there is none.

    Two of one name are not taken for one where a register number tells them apart. Raises `Refused` with S175
    if several could be meant, S176 without name and number.
    """
    work.permissions.require(work.actor, "workplaces.write")
    name = name.strip() or None if name else None
    number = register_number.strip() or None if register_number else None
    if (name or number) is None or (number is not None and not fold_number(number)):
        raise refused("S176", field="name")
    _one_at_a_time(work)
    by_name = None if name is None else work.vault.lookup(work.session, "workplace_name", fold(name))
    by_number = (
        None if number is None else work.vault.lookup(work.session, "register_number", fold_number(number))
    )
    found = _find(work, kind, by_name, by_number)
    if found is not None:
        work.record("workplace.find", "workplace", found.id)
        return found, False
    row = Workplace(
        id=new_id(),
        code=new_number(_PREFIX),
        kind=kind,
        name_lookup=by_name,
        register_lookup=by_number,
        created_by=work.actor.account_id,
        created_at=work.now,
        erased_cases=0,
        version=1,
    )
    if name is not None:
        row.name = work.seal_system("workplaces", "name", row.id, name)
    if number is not None:
        row.register_number = work.seal_system("workplaces", "register_number", row.id, number)
    work.session.add(row)
    work.session.flush()
    work.record("workplace.create", "workplace", row.id, kind=kind)
    return row, True


def read_workplace(work: Work, workplace_id: str) -> WorkplaceRead:
    """A workplace with the cases linked to it that the actor may open.

    The name is shown to who recorded it, and to who has a case or a visit there; the code is enough for
    everybody else.
    """
    work.permissions.require(work.actor, "workplaces.read")
    row = work.session.get(Workplace, workplace_id)
    if row is None:
        raise refused("S150")
    query = (
        select(Case)
        .join(CaseWorkplace, CaseWorkplace.case_id == Case.id)
        .where(CaseWorkplace.workplace_id == row.id, work.case_filter("cases.read"))
        .order_by(Case.number)
    )
    cases = tuple(work.session.scalars(query))
    named = row.created_by == work.actor.account_id or bool(cases) or _visits_reach(work, row)
    work.record(
        "workplace.read", "workplace", row.id, named=named, count=len(cases), cases=[one.id for one in cases]
    )
    return WorkplaceRead(
        row,
        work.open_system("workplaces", "name", row.id, row.name) if named and row.name else None,
        work.open_system("workplaces", "register_number", row.id, row.register_number)
        if named and row.register_number
        else None,
        cases,
    )


def list_workplaces(work: Work, asked: Asked, *, kind: str | None = None) -> Slice[Workplace]:
    """Workplaces by code, newest first; names are not shown in lists."""
    work.permissions.require(work.actor, "workplaces.read")
    statement = select(Workplace)
    if kind is not None:
        statement = statement.where(Workplace.kind == kind)
    found = take(work.session, statement, asked, [Workplace.created_at, Workplace.id])
    work.record("workplace.list", "workplace", "list", count=len(found.items))
    return found


def link_workplace(work: Work, case_id: str, workplace_id: str) -> Workplace:
    """Link a case with a workplace; doing it again changes nothing."""
    case = find_case(work, case_id, "cases.update", lock=True)
    require_open(case)
    workplace = work.session.get(Workplace, workplace_id)
    if workplace is None:
        raise refused("S150", field="workplace")
    query = select(CaseWorkplace).where(
        CaseWorkplace.case_id == case.id, CaseWorkplace.workplace_id == workplace_id
    )
    found = work.session.scalars(query).first()
    if found is not None:
        return workplace
    row = CaseWorkplace(
        id=new_id(),
        case_id=case.id,
        workplace_id=workplace_id,
        created_by=work.actor.account_id,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.record(
        "case.workplace_linked",
        "workplace",
        workplace_id,
        case_id=case.id,
        site_id=case.site_id,
    )
    return workplace


def unlink_workplace(work: Work, case_id: str, workplace_id: str) -> None:
    """End the link of a case with a workplace; raises `Refused` with S150 if there is none."""
    case = find_case(work, case_id, "cases.update", lock=True)
    require_not_erased(case)
    query = select(CaseWorkplace).where(
        CaseWorkplace.case_id == case.id, CaseWorkplace.workplace_id == workplace_id
    )
    found = work.session.scalars(query).first()
    if found is None:
        raise refused("S150", field="workplace")
    work.session.delete(found)
    work.session.flush()
    work.record("case.workplace_unlinked", "workplace", workplace_id, case_id=case.id, site_id=case.site_id)


def workplaces_of(work: Work, case_id: str) -> Sequence[Workplace]:
    """The workplaces of a case, by code."""
    case = find_case(work, case_id, "cases.read")
    query = (
        select(Workplace)
        .join(CaseWorkplace, CaseWorkplace.workplace_id == Workplace.id)
        .where(CaseWorkplace.case_id == case.id)
        .order_by(Workplace.code)
    )
    found = work.session.scalars(query).all()
    work.record(
        "case.workplaces_read", "case", case.id, case_id=case.id, site_id=case.site_id, count=len(found)
    )
    return found


def _find(work: Work, kind: str, by_name: str | None, by_number: str | None) -> Workplace | None:
    if by_number is not None:
        query = select(Workplace).where(Workplace.register_lookup == by_number)
        return work.session.scalars(query).first()
    named = select(Workplace).where(Workplace.name_lookup == by_name, Workplace.kind == kind)
    found = work.session.scalars(named.order_by(Workplace.code)).all()
    if len(found) > 1:
        raise refused("S175", field="register_number", known=listed([one.code for one in found]))
    return found[0] if found else None


def _one_at_a_time(work: Work) -> None:
    """Two who record the same workplace at once stand in line: names have no constraint to stop them."""
    work.session.execute(select(DataKey.id).where(DataKey.purpose == "lookup").with_for_update())


def _visits_reach(work: Work, row: Workplace) -> bool:
    allowed = work.permissions.allowed(work.actor, "visits.read")
    condition = exists().where(SiteVisit.workplace_id == row.id)
    if allowed.sites is not None:
        condition = condition.where(SiteVisit.site_id.in_(sorted(allowed.sites)))
    return bool(work.session.scalar(select(condition)))
