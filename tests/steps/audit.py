"""The audit chain, in the words of those who rely on it, and hands that reach into the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from pytest_bdd import given, parsers, then, when
from sqlalchemy import text

from screening.audit.chains import FIRST, entry_hash
from screening.audit.heads import Head, find_head
from screening.audit.verification import Verification, read_entries, verify
from screening.cases import cases
from screening.storage.tables.audit import AuditEntry
from tests.screening.audit.chains import drop_guards, tamper
from tests.steps.cases import Matter


@pytest.fixture
def kept() -> list[Head]:
    """Heads that somebody keeps elsewhere."""
    return []


def _verify(matter: Matter, kept: list[Head]) -> Verification:
    with matter.world.service.database.reading() as session:
        return verify(session, kept[-1] if kept else None)


def _last(matter: Matter) -> AuditEntry:
    with matter.world.service.database.reading() as session:
        head = find_head(session)
        assert head is not None
        entry = session.get_one(AuditEntry, head.seq)
        session.expunge(entry)
    return entry


@when("the interviewer looks at the case")
def look(matter: Matter) -> None:
    matter.act("interviewer", lambda work: cases.read_case(work, matter.id))


@given(parsers.parse("the interviewer looks at the case {times:d} times"))
def look_often(matter: Matter, times: int) -> None:
    for _ in range(times):
        look(matter)


@when("a stranger to the case looks at the case")
def look_as_stranger(matter: Matter) -> None:
    matter.act("interviewer_b", lambda work: cases.read_case(work, matter.id))


@given("the auditor keeps the head of the record")
def keep_head(matter: Matter, kept: list[Head]) -> None:
    with matter.world.service.database.reading() as session:
        head = find_head(session)
    assert head is not None
    kept.append(head)


@when(parsers.parse("the clock of the records goes back by {hours:d} hours"))
def set_clock_back(matter: Matter, hours: int) -> None:
    matter.clock.move(hours=-hours)


def _rewrite(matter: Matter) -> None:
    """What only somebody can do who has the database and knows how entries are hashed."""
    with matter.world.service.database.reading() as session:
        entries = [session.get_one(AuditEntry, one["seq"]) for one in read_entries(session)]
        session.expunge_all()
    previous = FIRST
    tamper(matter.world.service, "DELETE FROM audit_entries")
    for seq, entry in enumerate([*entries[:-2], entries[-1]], start=1):
        entry.seq, entry.previous = seq, previous
        entry.hash = previous = entry_hash(entry)
    with matter.world.service.database.writing() as session:
        for entry in [*entries[:-2], entries[-1]]:
            session.add(
                AuditEntry(
                    **{column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns}
                )
            )


DEEDS: Final[Mapping[str, Callable[[Matter], None]]] = {
    "puts another name into an entry": lambda matter: tamper(
        matter.world.service, "UPDATE audit_entries SET actor = 'somebody' WHERE seq = 2"
    ),
    "takes an entry out": lambda matter: tamper(
        matter.world.service, "DELETE FROM audit_entries WHERE seq = 2"
    ),
    "exchanges two entries": lambda matter: tamper(
        matter.world.service,
        "UPDATE audit_entries SET seq = 900 WHERE seq = 2",
        "UPDATE audit_entries SET seq = 2 WHERE seq = 3",
        "UPDATE audit_entries SET seq = 3 WHERE seq = 900",
    ),
    "cuts off the newest entries": lambda matter: tamper(
        matter.world.service, "DELETE FROM audit_entries WHERE seq > 2"
    ),
    "writes all of it anew without one look": _rewrite,
    "takes the guards of the table away": lambda matter: drop_guards(matter.world.service),
}


@when(parsers.re(r"somebody with the database in hand (?P<deed>.+)"))
def reach_into_database(matter: Matter, deed: str) -> None:
    DEEDS[deed](matter)


@then("the record says that the interviewer looked at the case")
def record_says(matter: Matter) -> None:
    entry = _last(matter)
    assert (entry.action, entry.case_id) == ("case.read", matter.id)
    assert entry.actor == matter.world["interviewer"].account_id


@then("the record is whole")
def record_is_whole(matter: Matter, kept: list[Head]) -> None:
    assert _verify(matter, kept).intact


@then(parsers.parse("the record is broken with the code {code}"))
def record_is_broken(matter: Matter, kept: list[Head], code: str) -> None:
    found = _verify(matter, kept)
    assert code in [one.fault.code for one in found.findings]


@then("the record notes a clock that was set back")
def record_notes_clock(matter: Matter) -> None:
    assert _last(matter).detail["clock_behind"] == 3 * 3600


@then(parsers.parse("nothing of {marker} is in the record"))
def nothing_in_record(matter: Matter, marker: str) -> None:
    with matter.world.service.database.reading() as session:
        rows = session.execute(text("SELECT * FROM audit_entries")).all()
    assert len(rows) >= 2
    assert marker not in str([tuple(row) for row in rows])
