"""Erasing a case by destroying its key: what was sealed under it can never be read again.

Pseudonymous rows stay for counts and for the audit chain. What leads from them to a person or to an employer
goes: identity, lookups, links with other cases and with workplaces, the visit of an interview, clients' keys.
"""

from __future__ import annotations

from typing import Final

import structlog
from sqlalchemy import Engine, Table, delete, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from screening.cases.cases import add_event, find_case, read_number, require_not_erased
from screening.cases.reaching import belongs, sealed_columns, tables_of_a_case
from screening.cases.words import require_word
from screening.refusals import refused
from screening.storage.tables import APPEND_ONLY, Base
from screening.storage.tables.cases import Case, CaseLink, CaseWorkplace, Identity
from screening.storage.tables.interviews import Interview
from screening.storage.tables.operations import IdempotentRequest
from screening.storage.tables.sites import SiteVisit, Workplace
from screening.work import Work

_LOCK_WAIT: Final = "2s"


def erase_case(work: Work, case_id: str, *, number: str, reason: str) -> Case:
    """Erase a case whose number was typed again to confirm it.

    Raises `Refused` with S154 if it was erased already, S173 for another number, S174 while it is held.
    """
    case = find_case(work, case_id, "cases.erase", lock=True)
    require_not_erased(case)
    require_word("erasure_reasons", reason, "reason")
    if read_number(number) != case.number:
        raise refused("S173", field="number")
    erase_found(work, case, reason)
    return case


def is_held(work: Work, case: Case) -> bool:
    """Whether somebody asked that a case be kept, and until a day that has not come."""
    return case.held_until is not None and case.held_until > work.now


def erase_found(work: Work, case: Case, reason: str) -> None:
    """Erase a case that the caller has found, locked and checked; `Refused` with S174 while it is held."""
    if is_held(work, case):
        raise refused("S174")
    session = work.session
    session.execute(delete(Identity).where(Identity.case_id == case.id))
    session.execute(
        delete(CaseLink).where((CaseLink.case_id == case.id) | (CaseLink.other_case_id == case.id))
    )
    session.execute(delete(IdempotentRequest).where(IdempotentRequest.data_key_id == case.data_key_id))
    _leave_workplaces(work, case)
    _leave_visits(work, case)
    for name in tables_of_a_case():
        if name not in APPEND_ONLY:
            _empty(work, Base.metadata.tables[name], case)
    case.client_key = None
    case.held_until = None
    case.held_because = None
    case.status = "erased"
    case.erased_at = work.now
    case.version += 1
    session.flush()
    add_event(work, case, "erased", reason=reason)
    work.vault.destroy(session, case.data_key_id, work.now)
    session.flush()
    work.record("case.erase", "case", case.id, case_id=case.id, site_id=case.site_id, reason=reason)
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine

    def scrub_later() -> None:
        scrub(engine)

    work.afterwards.append(scrub_later)


def scrub(engine: Engine) -> bool:
    """Take what was just overwritten out of the files of the database; return whether that could be done.

    SQLite keeps old pages in its write-ahead log until that is emptied. PostgreSQL keeps old versions of a
    row in the file until the table is written anew. Where others are busy it is left for the next time: each
    erasure and every retention run does it again. Backups and archived logs are not reached from here.
    """
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if engine.dialect.name == "sqlite":
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                done = busy is not None and busy[0] == 0
            else:
                connection.execute(text(f"SET lock_timeout = '{_LOCK_WAIT}'"))
                for table in ("data_keys", "identities", "idempotent_requests", "field_keys"):
                    connection.execute(text(f"VACUUM FULL {table}"))
                connection.execute(text("RESET lock_timeout"))
                done = True
    except SQLAlchemyError:
        done = False
    if not done:
        structlog.get_logger().warning("erased_pages_remain")
    return done


def _leave_workplaces(work: Work, case: Case) -> None:
    linked = select(CaseWorkplace.workplace_id).where(CaseWorkplace.case_id == case.id)
    work.session.execute(
        update(Workplace)
        .where(Workplace.id.in_(linked))
        .values(erased_cases=Workplace.erased_cases + 1)
        .execution_options(synchronize_session=False)
    )
    work.session.execute(delete(CaseWorkplace).where(CaseWorkplace.case_id == case.id))


def _leave_visits(work: Work, case: Case) -> None:
    visits = work.session.execute(
        select(Interview.visit_id, func.count())
        .where(Interview.case_id == case.id, Interview.visit_id.is_not(None))
        .group_by(Interview.visit_id)
    ).all()
    work.session.execute(
        update(Interview)
        .where(Interview.case_id == case.id)
        .values(visit_id=None)
        .execution_options(synchronize_session=False)
    )
    for visit_id, count in visits:
        visit = work.session.get_one(SiteVisit, visit_id, with_for_update=True)
        visit.erased_interviews += count
        left = work.session.scalar(
            select(func.count()).select_from(Interview).where(Interview.visit_id == visit_id)
        )
        if not left:
            # A note on a visit to one worker is a note on that worker.
            visit.note = None
    work.session.flush()


def _empty(work: Work, table: Table, case: Case) -> None:
    """Empty what is sealed and what clients made up in rows that may be changed; ciphertext serves nobody."""
    emptied = {
        name: None if table.c[name].nullable else b""
        for name in (*sealed_columns(table), *(("client_key",) if "client_key" in table.c else ()))
    }
    if emptied:
        work.session.execute(update(table).where(belongs(table, case.id)).values(**emptied))
