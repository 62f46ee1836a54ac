"""One transaction on behalf of one actor: its records, its keys, its permissions and its audit entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from screening.audit.chains import Event, append
from screening.clock import Clock, utc_now
from screening.engines import Engines
from screening.keys.vaults import Place, Vault
from screening.people.access import Actor, Permissions
from screening.refusals import refused
from screening.storage.databases import Database
from screening.storage.tables.cases import Case, CaseAccess
from screening.storage.tables.people import BreakGlass

Result = TypeVar("Result")


@dataclass
class Work:
    """What domain functions take: nothing is done outside of it, and everything it records is audited.

    Audit entries and changes are committed together when the block of `Service.work` ends, or not at all.
    """

    session: Session
    actor: Actor
    now: datetime
    vault: Vault
    permissions: Permissions
    request_id: str | None = None
    events: list[Event] = field(default_factory=list)
    # Called after the commit, outside the transaction: for what must not happen if it is rolled back.
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def record(
        self,
        action: str,
        object_kind: str,
        object_id: str,
        *,
        case_id: str | None = None,
        site_id: str | None = None,
        **detail: Any,
    ) -> None:
        """Note an audit entry; `detail` takes ids, codes and counts only."""
        self.events.append(Event(action, object_kind, object_id, case_id, site_id, detail))

    def require_case(self, case_id: str, permission: str) -> Case:
        """The case, if the actor may do this to it; otherwise `Refused` with S150, as if it did not exist.

        A refusal is audited in a transaction of its own by the service's edge, because this one is undone.
        """
        self.permissions.require(self.actor, permission)
        case = self.session.get(Case, case_id)
        if case is None or not self.reaches(case, permission):
            raise refused("S150")
        return case

    def reaches(self, case: Case, permission: str) -> bool:
        """Whether the actor may do this to a case."""
        found = self.session.scalar(
            select(true()).where(Case.id == case.id).where(self.case_filter(permission))
        )
        return bool(found)

    def case_filter(self, permission: str) -> ColumnElement[bool]:
        """The condition on `Case` that keeps only what the actor may do this to; for lists."""
        allowed = self.permissions.allowed(self.actor, permission)
        whole = true() if allowed.sites is None else _in(allowed.sites)
        own_site = true() if allowed.own_sites is None else _in(allowed.own_sites)
        account = self.actor.account_id
        own = exists().where(
            CaseAccess.case_id == Case.id, CaseAccess.account_id == account, CaseAccess.ended_at.is_(None)
        )
        # Emergency access gives what the roles give to own cases, and nothing that they do not.
        broken = exists().where(
            BreakGlass.case_id == Case.id, BreakGlass.account_id == account, BreakGlass.until > self.now
        )
        emergency = true() if allowed.anywhere else false()
        return or_(whole, and_(own_site, own), and_(emergency, broken))

    def require_site(self, site_id: str, permission: str) -> None:
        """Raise `Refused` with S122 unless the actor may do this to every record of a site."""
        allowed = self.permissions.require(self.actor, permission)
        if not allowed.whole_site(site_id):
            raise refused("S122")

    def seal(self, case: Case, table: str, column: str, row: str, text: str) -> bytes:
        """A text sealed under the key of a case."""
        return self.vault.seal(self.session, case.data_key_id, Place(table, column, row), text)

    def open(self, case: Case, table: str, column: str, row: str, sealed: bytes) -> str:
        """A text that was sealed under the key of a case; `Refused` with S103 once that was destroyed."""
        return self.vault.open(self.session, case.data_key_id, Place(table, column, row), sealed)

    def digest(self, case: Case, kind: str, text: str) -> str:
        """A keyed hash of what belongs to a case, under its own key, so that erasure takes it along."""
        return self.vault.digest(self.session, case.data_key_id, kind, text)

    def seal_system(self, table: str, column: str, row: str, text: str) -> bytes:
        """A text of no case, sealed under the system key."""
        key = self.vault.system_key(self.session)
        return self.vault.seal(self.session, key, Place(table, column, row), text)

    def open_system(self, table: str, column: str, row: str, sealed: bytes) -> str:
        """A text that was sealed under the system key."""
        key = self.vault.system_key(self.session)
        return self.vault.open(self.session, key, Place(table, column, row), sealed)


class Service:
    """What a running service holds; one a process."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        engines: Engines,
        permissions: Permissions,
        clock: Clock = utc_now,
    ) -> None:
        self.database = database
        self.vault = vault
        self.engines = engines
        self.permissions = permissions
        self.clock = clock
        # Told after each commit what was audited by it: whoever counts.
        self.watchers: list[Callable[[Sequence[Event]], None]] = []

    @contextmanager
    def work(self, actor: Actor, request_id: str | None = None, *, writes: bool = True) -> Iterator[Work]:
        """A transaction; with `writes=False` nothing can be changed and nothing be audited."""
        opened = self.database.writing if writes else self.database.reading
        with opened() as session:
            work = Work(session, actor, self.clock(), self.vault, self.permissions, request_id)
            yield work
            if work.events:
                if not writes:
                    raise RuntimeError("a transaction that only reads cannot be audited")
                session.flush()
                append(
                    session,
                    work.events,
                    actor=actor.account_id,
                    actor_kind=actor.kind,
                    now=work.now,
                    request_id=request_id,
                )
        for watch in self.watchers:
            watch(work.events)
        for call in work.afterwards:
            call()

    def close(self) -> None:
        """Close the database; engines are closed by whoever made them."""
        self.database.close()


def _in(sites: frozenset[str]) -> ColumnElement[bool]:
    return Case.site_id.in_(sorted(sites)) if sites else false()
