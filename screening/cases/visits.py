"""Visits of inspectors to workplaces: they group the interviews of several workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from screening.cases.cases import hash_client_key
from screening.cases.policies import policies
from screening.refusals import refused
from screening.storage.slices import Asked, Slice, take
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.storage.tables.sites import Site, SiteVisit, Workplace
from screening.storage.types import new_id, new_number
from screening.storage.versions import require_seen
from screening.work import Work

_PREFIX: Final = "VS"


@dataclass(frozen=True, slots=True)
class VisitInterview:
    """An interview of a visit that the actor may read, with the outcome of its last assessment."""

    id: str
    case_id: str
    case_number: str
    status: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class VisitSummary:
    """What came of a visit: the interviews within reach, and of the others counts that point at nobody.

    `other_outcomes` is None where so few stand behind a count that somebody could be recognised.
    """

    interviews: tuple[VisitInterview, ...]
    others: int
    other_outcomes: Mapping[str, int] | None


def create_visit(
    work: Work,
    site_id: str,
    *,
    workplace_id: str | None = None,
    note: str | None = None,
    client_key: str | None = None,
) -> SiteVisit:
    """Begin a visit; the same `client_key` of the same account gives the same visit again."""
    work.require_site(site_id, "visits.write")
    site = work.session.get(Site, site_id)
    if site is None or not site.active:
        raise refused("S151")
    if workplace_id is not None and work.session.get(Workplace, workplace_id) is None:
        raise refused("S150", field="workplace")
    found = _find_by_key(work, client_key) or _add(work, site_id, workplace_id, note, client_key)
    if found.site_id != site_id or found.workplace_id != workplace_id:
        raise refused("S152", field="client_key")
    return found


def find_visit(work: Work, visit_id: str, permission: str, *, lock: bool = False) -> SiteVisit:
    """The visit, if the actor may do this at its site; otherwise `Refused` with S150."""
    allowed = work.permissions.require(work.actor, permission)
    visit = work.session.get(SiteVisit, visit_id)
    if visit is None or not allowed.whole_site(visit.site_id):
        raise refused("S150")
    if lock:
        work.session.refresh(visit, with_for_update=True)
    return visit


def require_open_visit(work: Work, visit_id: str, site_id: str) -> SiteVisit:
    """The visit that an interview at a site is added to; `Refused` with S177 once it is closed."""
    visit = find_visit(work, visit_id, "visits.write")
    if visit.site_id != site_id:
        raise refused("S150", field="visit")
    if visit.status != "open":
        raise refused("S177", field="visit")
    return visit


def read_visit(work: Work, visit_id: str) -> tuple[SiteVisit, str | None, VisitSummary]:
    """The visit, its note, and what came of it so far."""
    visit = find_visit(work, visit_id, "visits.read")
    note = None
    if visit.note is not None:
        note = work.open_system("site_visits", "note", visit.id, visit.note)
    summary = _summarise(work, visit)
    work.record(
        "visit.read",
        "visit",
        visit.id,
        site_id=visit.site_id,
        cases=sorted({interview.case_id for interview in summary.interviews}),
    )
    return visit, note, summary


def list_visits(
    work: Work, asked: Asked, *, site_id: str | None = None, status: str | None = None
) -> Slice[SiteVisit]:
    """The visits of the sites within reach, newest first."""
    allowed = work.permissions.require(work.actor, "visits.read")
    statement = select(SiteVisit)
    if allowed.sites is not None:
        statement = statement.where(SiteVisit.site_id.in_(sorted(allowed.sites)))
    if site_id is not None:
        statement = statement.where(SiteVisit.site_id == site_id)
    if status is not None:
        statement = statement.where(SiteVisit.status == status)
    found = take(work.session, statement, asked, [SiteVisit.started_at, SiteVisit.id])
    work.record("visit.list", "visit", "list", site_id=site_id, count=len(found.items))
    return found


def close_visit(work: Work, visit_id: str, *, seen: int | None = None) -> SiteVisit:
    """Close a visit: no further interview joins it; those it has go on."""
    visit = find_visit(work, visit_id, "visits.write", lock=True)
    if seen is not None:
        require_seen(visit, seen)
    if visit.status != "open":
        raise refused("S177")
    visit.status = "closed"
    visit.closed_at = work.now
    visit.version += 1
    work.session.flush()
    work.record("visit.close", "visit", visit.id, site_id=visit.site_id)
    return visit


def _find_by_key(work: Work, client_key: str | None) -> SiteVisit | None:
    if client_key is None:
        return None
    query = select(SiteVisit).where(
        SiteVisit.created_by == work.actor.account_id,
        SiteVisit.client_key == hash_client_key(work, client_key),
    )
    return work.session.scalars(query).first()


def _add(
    work: Work, site_id: str, workplace_id: str | None, note: str | None, client_key: str | None
) -> SiteVisit:
    visit = SiteVisit(
        id=new_id(),
        number=new_number(_PREFIX),
        site_id=site_id,
        workplace_id=workplace_id,
        status="open",
        created_by=work.actor.account_id,
        started_at=work.now,
        client_key=hash_client_key(work, client_key),
        erased_interviews=0,
        version=1,
    )
    if note and note.strip():
        visit.note = work.seal_system("site_visits", "note", visit.id, note)
    try:
        # Two requests with one key meet here: one of them finds what the other made.
        with work.session.begin_nested():
            work.session.add(visit)
            work.session.flush()
    except IntegrityError:
        found = _find_by_key(work, client_key)
        if found is None:
            raise
        return found
    work.record("visit.create", "visit", visit.id, site_id=site_id, workplace=workplace_id)
    return visit


def _summarise(work: Work, visit: SiteVisit) -> VisitSummary:
    newest = (
        select(StoredAssessment.interview_id, func.max(StoredAssessment.number).label("number"))
        .group_by(StoredAssessment.interview_id)
        .subquery()
    )
    query = (
        select(Interview, Case.number, StoredAssessment.outcome)
        .join(Case, Case.id == Interview.case_id)
        .outerjoin(newest, newest.c.interview_id == Interview.id)
        .outerjoin(
            StoredAssessment,
            (StoredAssessment.interview_id == Interview.id) & (StoredAssessment.number == newest.c.number),
        )
        .where(Interview.visit_id == visit.id)
    )
    mine = work.session.execute(
        query.where(work.case_filter("cases.read")).order_by(Interview.created_at, Interview.id)
    ).all()
    shown = tuple(
        VisitInterview(interview.id, interview.case_id, number, interview.status, outcome)
        for interview, number, outcome in mine
    )
    reached = {interview.id for interview in shown}
    others = [
        outcome or "" for interview, _, outcome in work.session.execute(query) if interview.id not in reached
    ]
    counts = Counter(outcome for outcome in others if outcome)
    open_ones = len(others) - sum(counts.values())
    least = policies().smallest_count.value
    # One small cell could be found by taking the others from the sum: then none is shown.
    safe = bool(others) and all(
        count >= least for count in (*counts.values(), *([open_ones] if open_ones else []))
    )
    return VisitSummary(
        shown, len(others) + visit.erased_interviews, dict(sorted(counts.items())) if safe else None
    )
