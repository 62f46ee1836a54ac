"""Cases: opened, listed, read, closed by a person with a reason, reopened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError

from screening.cases.words import require_reason
from screening.cases.writing import fold
from screening.people.access import SYSTEM
from screening.refusals import refused
from screening.storage.slices import Asked, Slice, take
from screening.storage.tables.cases import Case, CaseAccess, CaseEvent
from screening.storage.tables.sites import Site
from screening.storage.types import new_id, new_number
from screening.storage.versions import require_seen
from screening.work import Work

_PREFIX: Final = "KW"
# What keyboards and word processors write in the place of a hyphen.
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def create_case(work: Work, site_id: str, *, client_key: str | None = None) -> Case:
    """Open a case with a key of its own at a site; whoever opened it may go on with it.

    The same `client_key` of the same account gives the same case again. Raises `Refused` with S122 for a site
    out of reach, S151 for a closed one, S152 for a key that was used at another site.
    """
    work.require_site(site_id, "cases.create")
    site = work.session.get(Site, site_id)
    if site is None or not site.active:
        raise refused("S151")
    found = _find_by_key(work, client_key)
    if found is None:
        found = _add(work, site_id, client_key)
    if found.site_id != site_id:
        raise refused("S152")
    return found


def find_case(work: Work, case_id: str, permission: str, *, lock: bool = False) -> Case:
    """The case, if the actor may do this to it; with `lock` nobody else changes it until the commit.

    The system itself (retention, the command line of whoever holds the master key) reaches every case.
    Raises `Refused` with S150 for everything else.
    """
    if work.actor == SYSTEM:
        case = work.session.get(Case, case_id)
        if case is None:
            raise refused("S150")
    else:
        case = work.require_case(case_id, permission)
    if lock:
        work.session.refresh(case, with_for_update=True)
    return case


def find_by_number(work: Work, typed: str, permission: str) -> Case | None:
    """The case of a number as people type it, if the actor may do this to it."""
    statement = select(Case).where(Case.number == read_number(typed), work.case_filter(permission))
    return work.session.scalars(statement).first()


def id_of_number(work: Work, typed: str) -> str | None:
    """The id of the case of a number as people type it, whoever may open that case."""
    return work.session.scalar(select(Case.id).where(Case.number == read_number(typed)))


def read_number(typed: str) -> str:
    """The number of a case as it is stored, from small letters, spaces and digits of any script."""
    return fold(typed).upper().replace(" ", "").translate(_DASHES)


def require_open(case: Case) -> None:
    """Raise `Refused` with S153 for a closed case and S154 for an erased one: nothing is added to them."""
    if case.status == "closed":
        raise refused("S153")
    require_not_erased(case)


def require_not_erased(case: Case) -> None:
    """Raise `Refused` with S154 once a case was erased."""
    if case.status == "erased":
        raise refused("S154")


def read_case(work: Work, case_id: str) -> Case:
    """The case; the look at it is audited."""
    case = find_case(work, case_id, "cases.read")
    work.record("case.read", "case", case.id, case_id=case.id, site_id=case.site_id)
    return case


def list_cases(
    work: Work, asked: Asked, *, status: str | None = None, site_id: str | None = None, mine: bool = False
) -> Slice[Case]:
    """The cases within reach, newest first."""
    work.permissions.require(work.actor, "cases.read")
    statement = select(Case).where(work.case_filter("cases.read"))
    if status is not None:
        statement = statement.where(Case.status == status)
    if site_id is not None:
        statement = statement.where(Case.site_id == site_id)
    if mine:
        own = exists().where(
            CaseAccess.case_id == Case.id,
            CaseAccess.account_id == work.actor.account_id,
            CaseAccess.ended_at.is_(None),
        )
        statement = statement.where(own)
    found = take(work.session, statement, asked, [Case.created_at, Case.id])
    ids = [case.id for case in found.items]
    work.record("case.list", "case", "list", site_id=site_id, count=len(ids), cases=ids)
    return found


def close_case(
    work: Work, case_id: str, *, reason: str, note: str | None = None, seen: int | None = None
) -> Case:
    """Close a case: a person does that, with a reason of the content and words of their own if it asks.

    No result closes a case. Raises `Refused` with S153 if it is closed already.
    """
    case = find_case(work, case_id, "cases.close", lock=True)
    _require_seen(case, seen)
    require_open(case)
    require_reason("closing_reasons", reason, note)
    case.status = "closed"
    case.closed_at = work.now
    case.version += 1
    add_event(work, case, "closed", reason=reason, note=note)
    work.record("case.close", "case", case.id, case_id=case.id, site_id=case.site_id, reason=reason)
    return case


def reopen_case(
    work: Work, case_id: str, *, reason: str, note: str | None = None, seen: int | None = None
) -> Case:
    """Open a closed case again; raises `Refused` with S156 if it is open."""
    case = find_case(work, case_id, "cases.close", lock=True)
    _require_seen(case, seen)
    require_not_erased(case)
    if case.status == "open":
        raise refused("S156")
    require_reason("reopening_reasons", reason, note)
    case.status = "open"
    case.closed_at = None
    case.version += 1
    add_event(work, case, "reopened", reason=reason, note=note)
    work.record("case.reopen", "case", case.id, case_id=case.id, site_id=case.site_id, reason=reason)
    return case


def add_event(
    work: Work, case: Case, event: str, *, reason: str | None = None, note: str | None = None
) -> CaseEvent:
    """Write down what happened to a case as a whole; the caller holds its row and audits."""
    last = work.session.scalar(select(func.max(CaseEvent.seq)).where(CaseEvent.case_id == case.id))
    row = CaseEvent(
        id=new_id(),
        case_id=case.id,
        seq=(last or 0) + 1,
        event=event,
        reason=reason,
        by=work.actor.account_id,
        at=work.now,
    )
    row.note = work.seal(case, "case_events", "note", row.id, note) if note and note.strip() else None
    work.session.add(row)
    work.session.flush()
    return row


def list_events(work: Work, case: Case) -> Sequence[CaseEvent]:
    """What happened to a case as a whole, in order."""
    query = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
    return work.session.scalars(query).all()


def hash_client_key(work: Work, client_key: str | None) -> str | None:
    """What is kept of a key that a client made up: it may hold anything, even a name."""
    return None if client_key is None else work.vault.lookup(work.session, "client_key", client_key)


def _require_seen(case: Case, seen: int | None) -> None:
    if seen is not None:
        require_seen(case, seen)


def _find_by_key(work: Work, client_key: str | None) -> Case | None:
    if client_key is None:
        return None
    query = select(Case).where(
        Case.created_by == work.actor.account_id, Case.client_key == hash_client_key(work, client_key)
    )
    return work.session.scalars(query).first()


def _add(work: Work, site_id: str, client_key: str | None) -> Case:
    account = work.actor.account_id
    case = Case(
        id=new_id(),
        number=new_number(_PREFIX),
        site_id=site_id,
        status="open",
        created_by=account,
        created_at=work.now,
        client_key=hash_client_key(work, client_key),
        version=1,
    )
    try:
        # Two requests with one key meet here: one of them finds what the other made.
        with work.session.begin_nested():
            case.data_key_id = work.vault.make_case_key(work.session, work.now)
            work.session.add(case)
            work.session.flush()
    except IntegrityError:
        found = _find_by_key(work, client_key)
        if found is None:
            raise
        return found
    work.session.add(
        CaseAccess(
            id=new_id(),
            case_id=case.id,
            account_id=account,
            because="created",
            granted_by=account,
            granted_at=work.now,
        )
    )
    work.session.flush()
    work.record("case.create", "case", case.id, case_id=case.id, site_id=site_id)
    return case
