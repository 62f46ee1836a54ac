"""Any change, deletion, insertion, exchange or cut of the audit chain is found, at its first entry."""

from __future__ import annotations

import json
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from screening.audit.chains import FIRST, entry_hash
from screening.audit.heads import Head, find_head, is_ours, read_head, sign
from screening.audit.verification import (
    COLUMNS,
    MOST_FAULTS,
    canonical,
    read_entries,
    read_json_mapping,
    verify_entries,
    write_entry,
)
from screening.installations import open_installation
from screening.people.access import Actor
from screening.refusals import Refused
from screening.storage.tables.audit import AuditEntry
from screening.work import Service
from tests.screening.audit.chains import codes, drop_guards, tamper, verified, write_chain
from tests.services import HandClock, World, storage_settings

LENGTH = 12

OTHER_VALUES = {
    "at": "2026-11-01T06:00:00.000001Z",
    "actor": "ffffffffffffffffffffffffffffffff",
    "actor_kind": "system",
    "action": "case.erase",
    "object_kind": "account",
    "object_id": "somebody-else",
    "case_id": "ffffffffffffffffffffffffffffffff",
    "site_id": "ffffffffffffffffffffffffffffffff",
    "request_id": "another",
    "detail": '{"count": 999}',
    "previous": "a" * 64,
    "hash": "b" * 64,
}


@pytest.fixture
def chained(service: Service, world: World) -> Service:
    write_chain(service, world["interviewer"], LENGTH)
    return service


def kept_head(service: Service) -> Head:
    with service.database.reading() as session:
        found = find_head(session)
    assert found is not None
    return found


def test_untouched_chain_is_whole(chained: Service) -> None:
    found = verified(chained, kept_head(chained))
    assert found.intact
    assert found.entries == LENGTH
    assert found.head is not None
    assert found.head.seq == LENGTH


def test_empty_chain_is_whole_and_has_no_head(service: Service, world: World) -> None:
    found = verified(service)
    assert found.intact
    assert found.head is None


def test_every_column_is_tampered_with_here() -> None:
    assert set(COLUMNS) == {column.name for column in AuditEntry.__table__.columns}
    assert set(OTHER_VALUES) | {"seq"} == set(COLUMNS)


@pytest.mark.parametrize("column", sorted(OTHER_VALUES))
def test_change_of_any_column_is_found(chained: Service, column: str) -> None:
    for seq in (1, 7, LENGTH):
        value = OTHER_VALUES[column]
        with chained.database.reading() as session:
            before = session.execute(
                text(f"SELECT {column} FROM audit_entries WHERE seq = :seq"), {"seq": seq}
            ).scalar_one()
        statement = f"UPDATE audit_entries SET {column} = :value WHERE seq = :seq"
        tamper(chained, statement, value=value, seq=seq)
        found = verified(chained)
        assert not found.intact
        assert found.findings[0].seq == seq
        assert found.findings[0].fault.code in ("S201", "S203")
        old = json.dumps(before) if isinstance(before, dict) else before
        tamper(chained, statement, value=old, seq=seq)
        assert verified(chained).intact, "the test puts back what it changed"


@pytest.mark.parametrize("column", ["case_id", "site_id", "request_id"])
def test_what_is_taken_out_of_an_entry_is_found(chained: Service, column: str) -> None:
    tamper(chained, f"UPDATE audit_entries SET {column} = NULL WHERE seq = 5")
    assert codes(verified(chained)) == [(5, "S201")]


@pytest.mark.parametrize("detail", ["not JSON", '"text"', '{"count": 5, "count": 4}', "[]", "{}", "null"])
def test_detail_of_any_other_kind_is_found(chained: Service, detail: str) -> None:
    if detail == "not JSON" and not chained.database.is_sqlite:
        pytest.skip("PostgreSQL keeps it out")
    tamper(chained, "UPDATE audit_entries SET detail = :detail WHERE seq = 5", detail=detail)
    assert codes(verified(chained)) == [(5, "S201")]


def test_a_key_written_twice_is_found_though_readers_see_the_old_value(chained: Service) -> None:
    with chained.database.reading() as session:
        before = session.get_one(AuditEntry, 5).detail
    doubled = json.dumps({"count": 999})[:-1] + ", " + json.dumps(before)[1:]
    tamper(chained, "UPDATE audit_entries SET detail = :detail WHERE seq = 5", detail=doubled)
    assert codes(verified(chained)) == [(5, "S201")]


@pytest.mark.parametrize("seq", range(1, LENGTH))
def test_deletion_of_any_entry_is_found(chained: Service, seq: int) -> None:
    tamper(chained, "DELETE FROM audit_entries WHERE seq = :seq", seq=seq)
    assert codes(verified(chained)) == [(seq, "S202")]


def test_deletion_that_is_covered_by_new_numbers_is_found(chained: Service) -> None:
    tamper(
        chained,
        "DELETE FROM audit_entries WHERE seq = 5",
        *(f"UPDATE audit_entries SET seq = {seq - 1} WHERE seq = {seq}" for seq in range(6, LENGTH + 1)),
    )
    found = verified(chained)
    assert found.findings[0].seq == 5


@pytest.mark.parametrize("cut", [1, 4, LENGTH])
def test_cut_tail_is_found_against_a_kept_head(chained: Service, cut: int) -> None:
    head = kept_head(chained)
    tamper(chained, "DELETE FROM audit_entries WHERE seq > :last", last=LENGTH - cut)
    assert verified(chained).intact, "nothing in the chain itself can tell"
    assert codes(verified(chained, head)) == [(LENGTH - cut + 1, "S204")]


def test_chain_written_anew_is_found_against_a_kept_head(chained: Service) -> None:
    head = kept_head(chained)
    previous = FIRST
    with chained.database.reading() as session:
        entries = [session.get_one(AuditEntry, seq) for seq in range(1, LENGTH + 1)]
        session.expunge_all()
    for entry in entries:
        if entry.seq == 3:
            entry.action = "case.nothing"
        entry.previous = previous
        entry.hash = previous = entry_hash(entry)
    for entry in entries:
        tamper(
            chained,
            "UPDATE audit_entries SET action = :action, previous = :previous, hash = :hash WHERE seq = :seq",
            action=entry.action,
            previous=entry.previous,
            hash=entry.hash,
            seq=entry.seq,
        )
    assert verified(chained).intact, "whoever can write everything anew fools the chain itself"
    assert codes(verified(chained, head)) == [(LENGTH, "S205")]


@pytest.mark.parametrize("seq", [-5, 0, LENGTH + 3])
def test_inserted_entry_is_found(chained: Service, seq: int) -> None:
    columns = ", ".join(name for name in COLUMNS if name not in ("seq", "hash"))
    tamper(
        chained,
        f"INSERT INTO audit_entries (seq, hash, {columns}) "
        f"SELECT {seq}, '{'c' * 64}', {columns} FROM audit_entries WHERE seq = 2",
    )
    found = verified(chained)
    assert found.findings[0].seq == (LENGTH + 1 if seq > LENGTH else seq)


def test_entry_that_was_exchanged_for_a_consistent_one_is_found_at_the_next(chained: Service) -> None:
    with chained.database.reading() as session:
        entry = session.get_one(AuditEntry, 5)
        session.expunge(entry)
    entry.actor = "somebody-else"
    tamper(
        chained,
        "UPDATE audit_entries SET actor = :actor, hash = :hash WHERE seq = 5",
        actor=entry.actor,
        hash=entry_hash(entry),
    )
    assert codes(verified(chained)) == [(6, "S203")]


def test_exchange_of_two_entries_is_found(chained: Service) -> None:
    tamper(
        chained,
        "UPDATE audit_entries SET seq = 1000 WHERE seq = 4",
        "UPDATE audit_entries SET seq = 4 WHERE seq = 8",
        "UPDATE audit_entries SET seq = 8 WHERE seq = 1000",
    )
    assert verified(chained).findings[0].seq == 4


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
def test_database_itself_refuses_changes(chained: Service, statement: str) -> None:
    with pytest.raises(Exception, match="only added to"):
        tamper(chained, statement, guarded=True)
    assert verified(chained).intact


def test_dropped_guards_are_found(chained: Service) -> None:
    drop_guards(chained)
    found = verified(chained)
    assert codes(found) == [(0, "S208")]
    assert found.entries == LENGTH


def test_every_changed_entry_is_named_up_to_the_most(chained: Service, world: World) -> None:
    write_chain(chained, world["interviewer"], MOST_FAULTS)
    tamper(chained, "UPDATE audit_entries SET action = 'x'")
    found = verified(chained)
    assert [seq for seq, _ in codes(found)] == list(range(1, MOST_FAULTS + 1))
    assert found.entries == LENGTH + MOST_FAULTS


def test_tampered_end_does_not_stop_the_next_entry(chained: Service, world: World) -> None:
    tamper(chained, "UPDATE audit_entries SET at = 'yesterday' WHERE seq = :seq", seq=LENGTH)
    write_chain(chained, world["interviewer"], 1)
    assert codes(verified(chained)) == [(LENGTH, "S201")]


def test_clock_that_was_set_back_is_flagged(chained: Service, world: World, clock: HandClock) -> None:
    clock.move(hours=-3)
    write_chain(chained, world["interviewer"], 1)
    clock.move(hours=3, seconds=5)
    write_chain(chained, world["interviewer"], 1)
    found = verified(chained)
    assert found.intact
    assert found.clock_behind == 1
    with chained.database.reading() as session:
        assert session.get_one(AuditEntry, LENGTH + 1).detail["clock_behind"] == 3 * 3600
        assert "clock_behind" not in session.get_one(AuditEntry, LENGTH + 2).detail


def test_transactions_that_end_in_another_order_are_not_flagged(
    chained: Service, world: World, clock: HandClock
) -> None:
    clock.move(seconds=-20)
    write_chain(chained, world["interviewer"], 1)
    assert verified(chained).clock_behind == 0


def test_head_is_signed_for_this_installation_only(chained: Service) -> None:
    with chained.database.reading() as session:
        head = find_head(session)
        assert head is not None
        signed = sign(session, chained.vault, head, chained.clock())
        again = read_head(json.dumps(signed.to_data()), "head.json")
        assert again == signed
        assert is_ours(session, chained.vault, again)
        for name, value in (("seq", 11), ("hash", "d" * 64), ("exported_at", "2026-12-01T00:00:00Z")):
            changed = read_head(json.dumps(signed.to_data() | {name: value}), "head.json")
            assert not is_ours(session, chained.vault, changed), name


@pytest.mark.parametrize(
    "written",
    ["", "[]", "{}", "null", '{"seq": 1}', "x" * 20_000, '{"seq": true, "hash": 1}'],
)
def test_what_is_no_head_is_refused(written: str) -> None:
    with pytest.raises(Refused) as refused:
        read_head(written, "head.json")
    assert refused.value.faults[0].code == "S200"


def test_export_verifies_like_the_table(chained: Service) -> None:
    with chained.database.reading() as session:
        lines = [write_entry(entry) for entry in read_entries(session)]
    read = [read_json_mapping(line) for line in lines]
    assert verify_entries([one for one in read if one is not None], kept_head(chained)).entries == LENGTH
    changed = [one for one in read if one is not None]
    changed[3] = changed[3] | {"actor": "nobody"}
    assert codes(verify_entries(changed)) == [(4, "S201")]
    assert codes(verify_entries(changed[1:]))[0] == (1, "S202")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=5))
def test_quick_canonical_form_is_the_standard_one(data: dict[str, Any]) -> None:
    try:
        expected = rfc8785.dumps(data)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        expected = b""
    assert canonical(data) == expected


def _append_many(service: Service, actor: Actor, count: int) -> None:
    for at in range(count):
        with service.work(actor, f"{os.getpid()}-{at}") as work:
            work.record("case.read", "case", "0" * 32, count=at)


def _append_in_process(url: str, account: str, threads: int, count: int) -> None:
    """Another process of the same installation; it needs no engine."""
    actor = Actor(account, "person", frozenset())
    service = open_installation(storage_settings(url), None, HandClock())  # type: ignore[arg-type]
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(_append_many, service, actor, count) for _ in range(threads)]:
            done.result()
    service.close()


def test_two_processes_with_eight_threads_leave_no_gap(
    service: Service, world: World, database_url: str
) -> None:
    threads, count = 4, 6
    account = world["interviewer"].account_id
    # Two servers on one SQLite file are refused; two processes on one chain are for PostgreSQL.
    if service.database.is_sqlite:
        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(_append_many, service, world["interviewer"], count) for _ in range(8)]:
                done.result()
    else:
        context = multiprocessing.get_context("spawn")
        arguments = (database_url, account, threads, count)
        processes = [context.Process(target=_append_in_process, args=arguments) for _ in range(2)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(100)
        assert [process.exitcode for process in processes] == [0, 0]
    found = verified(service)
    assert found.intact
    assert found.entries == 8 * count


def test_rolled_back_work_leaves_no_gap(service: Service, world: World) -> None:
    for at in range(6):
        try:
            with service.work(world["interviewer"]) as work:
                work.record("case.read", "case", "0" * 32, count=at)
                if at % 2:
                    raise ValueError("rolled back")
        except ValueError:
            pass
    found = verified(service)
    assert found.intact
    assert found.entries == 3
