"""Chains to verify, and hands that reach past the guards of a database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import text

from screening.audit.verification import Verification, verify
from screening.people.access import Actor
from screening.work import Service

MARKS = ("case.read", "interview.answer", "referral.create")


def write_chain(service: Service, actor: Actor, count: int) -> None:
    """Append that many entries, several a transaction, as requests do."""
    written = 0
    while written < count:
        with service.work(actor, f"request-{written}") as work:
            for _ in range(min(3, count - written)):
                work.record(
                    MARKS[written % 3],
                    "case",
                    f"{written:032x}",
                    case_id=f"{written % 4:032x}",
                    site_id=f"{written % 2:032x}",
                    count=written,
                    codes=["S160", "ما"],
                )
                written += 1


def tamper(service: Service, *statements: str, guarded: bool = False, **values: Any) -> None:
    """Run statements by hand, with the guards taken away before and put back after."""
    with service.database.writing() as session:
        taken = [] if guarded else _take_guards(service, session)
        for statement in statements:
            session.execute(text(statement), values)
        for guard in taken:
            session.execute(text(guard))


def drop_guards(service: Service) -> None:
    """Take the guards away for good."""
    with service.database.writing() as session:
        _take_guards(service, session)


def verified(service: Service, head: Any = None) -> Verification:
    """Verify the chain of a service."""
    with service.database.reading() as session:
        return verify(session, head)


def codes(found: Verification) -> list[tuple[int, str]]:
    """What was found, as pairs of entry and code."""
    return [(one.seq, one.fault.code) for one in found.findings]


def _take_guards(service: Service, session: Any) -> Iterable[str]:
    if service.database.is_sqlite:
        rows = session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'")
        ).all()
        for name, _ in rows:
            session.execute(text(f"DROP TRIGGER {name}"))
        return [sql for _, sql in rows]
    session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    return ["ALTER TABLE audit_entries ENABLE TRIGGER USER"]
