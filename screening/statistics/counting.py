"""Counting in the database: clear columns only; no key is opened and no case is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from screening.statistics.periods import Period
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Consent
from screening.storage.tables.interviews import Interview
from screening.storage.tables.referrals import Referral
from screening.work import Work

# What stands for an entry mode that nobody noted.
NOT_NOTED = "not_noted"

Counted = Counter[tuple[str, ...]]


def count_interviews(work: Work, sites: frozenset[str] | None, periods: Sequence[Period]) -> Counted:
    """Interviews by the period in which they were begun, and by entry mode."""
    statement = (
        select(Interview.entry_mode, func.count())
        .where(may_be_counted(Interview.case_id))
        .group_by(Interview.entry_mode)
    )
    return _count(work, statement, Interview.created_at, Interview.site_id, sites, periods)


def count_outcomes(work: Work, sites: frozenset[str] | None, periods: Sequence[Period]) -> Counted:
    """Results by period, outcome and entry mode."""
    statement = (
        select(StoredAssessment.outcome, Interview.entry_mode, func.count())
        .join(Interview, Interview.id == StoredAssessment.interview_id)
        .where(StoredAssessment.number == 1, may_be_counted(StoredAssessment.case_id))
        .group_by(StoredAssessment.outcome, Interview.entry_mode)
    )
    return _count(work, statement, StoredAssessment.at, StoredAssessment.site_id, sites, periods)


def count_referrals(work: Work, sites: frozenset[str] | None, periods: Sequence[Period]) -> Counted:
    """Referrals by the period in which they were written, by route and entry mode."""
    statement = (
        select(Referral.route, Interview.entry_mode, func.count())
        .outerjoin(StoredAssessment, StoredAssessment.id == Referral.assessment_id)
        .outerjoin(Interview, Interview.id == StoredAssessment.interview_id)
        .where(may_be_counted(Referral.case_id))
        .group_by(Referral.route, Interview.entry_mode)
    )
    return _count(work, statement, Referral.created_at, Referral.site_id, sites, periods)


def may_be_counted(case_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The condition that keeps only cases that may be counted: who refused, or took that back, is not."""
    said, later = aliased(Consent), aliased(Consent)
    newer = exists().where(later.case_id == said.case_id, later.purpose == "statistics", later.seq > said.seq)
    refused = exists().where(
        and_(said.case_id == case_id, said.purpose == "statistics", said.state != "given", ~newer)
    )
    return ~refused


def _count(
    work: Work,
    statement: Select[*tuple[Any, ...]],
    at: InstrumentedAttribute[Any],
    site_id: InstrumentedAttribute[str],
    sites: frozenset[str] | None,
    periods: Sequence[Period],
) -> Counted:
    if sites is not None:
        statement = statement.where(site_id.in_(sorted(sites)))
    found: Counted = Counter()
    for period in periods:
        rows = work.session.execute(statement.where(at >= period.begins_at, at < period.ends_at))
        for *keys, count in rows:
            found[(period.id, *(NOT_NOTED if key is None else str(key) for key in keys))] += count
    return found
