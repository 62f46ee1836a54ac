"""How long what is kept: rules as data, a plan that only says what would go, and the run that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, cast

from pydantic import Field
from sqlalchemy import ColumnElement, and_, delete, exists, func, inspect, or_, select
from sqlalchemy.orm import aliased

from indicators.errors import ContentError
from indicators.fields import Id
from indicators.models import Confidence, Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.cases.erasure import erase_found, is_held, scrub
from screening.field_records.sealing import destroy_keys, is_old_key
from screening.people.access import SYSTEM, Actor
from screening.storage.tables.base import Base
from screening.storage.tables.cases import Case, Consent, Identity
from screening.storage.tables.field import FieldKey
from screening.storage.tables.operations import IdempotentRequest
from screening.storage.tables.people import Invitation, SignInAttempt, SignInSession
from screening.storage.tables.referrals import Delivery
from screening.work import Service, Work

_FILE: Final = "screening/cases/retention.yaml"

CaseKind = Literal["closed_case", "closed_case_identity", "refused_record_identity"]
RowKind = Literal[
    "session",
    "sign_in_attempt",
    "invitation",
    "idempotent_request",
    "delivery",
    "field_key",
]


class RetentionRule(Content):
    """One rule: what goes, how long after, and why."""

    id: Id
    kind: CaseKind | RowKind
    after_days: Annotated[int, Field(ge=1)]
    label: Text
    because: Text
    confidence: Confidence


class _Rules(Content):
    rules: SomeOf[RetentionRule]


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case that a rule is about; `held` ones are left alone."""

    id: str
    number: str
    due_at: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule would take or took: cases by number, other rows by count."""

    rule: RetentionRule
    cases: tuple[DueCase, ...]
    count: int


@cache
def retention_rules() -> tuple[RetentionRule, ...]:
    """Every rule; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "cases" / "retention.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(_Rules, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return found.rules


def plan_retention(work: Work) -> tuple[Due, ...]:
    """What each rule would take now; nothing is changed. The system itself may always ask."""
    _require(work)
    plan = tuple(_find(work, rule) for rule in retention_rules())
    work.record("retention.plan", "retention", "plan", counts={due.rule.id: due.count for due in plan})
    return plan


def run_retention(service: Service, actor: Actor, request_id: str | None = None) -> tuple[Due, ...]:
    """Do what `plan_retention` says; return what was done.

    Each case goes in a transaction of its own: a run that is cut off is simply run again. A case that was
    reopened or held meanwhile is left alone.
    """
    with service.work(actor, request_id) as work:
        plan = plan_retention(work)
    done = []
    for due in plan:
        if due.rule.kind in _ROWS:
            with service.work(actor, request_id) as work:
                count = _delete_rows(work, due.rule)
                if count:
                    work.record("retention.delete", "retention", due.rule.id, count=count)
            done.append(Due(due.rule, (), count))
            continue
        gone = []
        for case in due.cases:
            with service.work(actor, request_id) as work:
                if _take_case(work, due.rule, case.id):
                    gone.append(case)
        done.append(Due(due.rule, tuple(gone), len(gone)))
    # Whatever was busy when something was erased is tidied now.
    scrub(service.database.engine)
    return tuple(done)


def _require(work: Work) -> None:
    if work.actor != SYSTEM:
        work.permissions.require(work.actor, "retention.run")


def _find(work: Work, rule: RetentionRule) -> Due:
    before = work.now - timedelta(days=rule.after_days)
    if rule.kind in _ROWS:
        table, old = _ROWS[rule.kind]
        count = work.session.scalar(select(func.count()).select_from(table).where(old(before))) or 0
        return Due(rule, (), count)
    since, condition = _CASES[rule.kind]()
    query = select(Case, since).where(condition, since <= before).order_by(since, Case.number)
    cases = tuple(
        DueCase(case.id, case.number, at + timedelta(days=rule.after_days), is_held(work, case))
        for case, at in work.session.execute(query)
    )
    return Due(rule, cases, sum(not case.held for case in cases))


def _take_case(work: Work, rule: RetentionRule, case_id: str) -> bool:
    before = work.now - timedelta(days=rule.after_days)
    since, condition = _CASES[rule.kind]()
    query = select(Case).where(Case.id == case_id, condition, since <= before)
    case = work.session.scalars(query.with_for_update(of=Case)).first()
    if case is None or is_held(work, case):
        return False
    if rule.kind == "closed_case":
        erase_found(work, case, "retention_ended")
        return True
    work.session.execute(delete(Identity).where(Identity.case_id == case.id))
    work.record("identity.delete", "identity", case.id, case_id=case.id, site_id=case.site_id, rule=rule.id)
    return True


def _delete_rows(work: Work, rule: RetentionRule) -> int:
    if rule.kind == "field_key":
        # The row stays: records name it.
        return destroy_keys(work, work.now - timedelta(days=rule.after_days))
    table, old = _ROWS[rule.kind]
    key = next(iter(inspect(table).primary_key))
    before = work.now - timedelta(days=rule.after_days)
    ids = work.session.scalars(select(key).where(old(before))).all()
    if ids:
        work.session.execute(delete(table).where(old(before)))
    return len(ids)


_CLOSED_AT: Final = cast(ColumnElement[Any], Case.closed_at)


def _closed() -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    return _CLOSED_AT, Case.status == "closed"


def _closed_with_identity() -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    return _CLOSED_AT, and_(Case.status == "closed", exists().where(Identity.case_id == Case.id))


def _refused_record() -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    later = aliased(Consent)
    newest = (
        select(Consent.at)
        .where(Consent.case_id == Case.id, Consent.purpose == "record", Consent.state != "given")
        .where(~exists().where(later.case_id == Case.id, later.purpose == "record", later.seq > Consent.seq))
        .correlate(Case)
        .scalar_subquery()
    )
    return newest, and_(Case.status != "erased", exists().where(Identity.case_id == Case.id))


_CASES: Final[Mapping[str, Callable[[], tuple[ColumnElement[Any], ColumnElement[bool]]]]] = MappingProxyType(
    {
        "closed_case": _closed,
        "closed_case_identity": _closed_with_identity,
        "refused_record_identity": _refused_record,
    }
)
_ROWS: Final[Mapping[str, tuple[type[Base], Callable[[datetime], ColumnElement[bool]]]]] = MappingProxyType(
    {
        "session": (
            SignInSession,
            lambda before: or_(SignInSession.ended_at <= before, SignInSession.expires_at <= before),
        ),
        "sign_in_attempt": (SignInAttempt, lambda before: SignInAttempt.at <= before),
        "invitation": (
            Invitation,
            lambda before: or_(Invitation.used_at <= before, Invitation.expires_at <= before),
        ),
        "idempotent_request": (IdempotentRequest, lambda before: IdempotentRequest.at <= before),
        "delivery": (Delivery, lambda before: Delivery.done_at <= before),
        "field_key": (FieldKey, is_old_key),
    }
)
ROW_KINDS: Final[Sequence[str]] = tuple(_ROWS)
