"""Interviews, results and referrals as rows to be counted; nothing of them can be opened."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case, Consent
from screening.storage.tables.interviews import Interview, StoredProgram
from screening.storage.tables.referrals import Referral
from screening.work import Service
from tests.services import World

_NUMBERS = count(1)
_DIGEST = "sha256:" + "0" * 64


def add_counted(
    service: Service,
    world: World,
    at: datetime,
    times: int,
    *,
    site: str | None = None,
    mode: str | None = "came_alone",
    outcome: str | None = None,
    route: str | None = None,
    statistics: str | None = None,
) -> None:
    """Add so many interviews, each of its own case, with a result and a referral where these are named."""
    with service.database.writing() as session:
        if session.get(StoredProgram, _DIGEST) is None:
            session.add(
                StoredProgram(digest=_DIGEST, rule_set="kuwait", revision=None, body=b"", stored_at=at)
            )
            session.flush()
        for _ in range(times):
            _add_one(service, session, world, at, site or world.site_a, mode, outcome, route, statistics)


def _add_one(
    service: Service,
    session: Session,
    world: World,
    at: datetime,
    site: str,
    mode: str | None,
    outcome: str | None,
    route: str | None,
    statistics: str | None,
) -> None:
    by, number = world["interviewer"].account_id, next(_NUMBERS)
    key = service.vault.make_case_key(session, at)
    case = Case(number=f"K-{number:09}", site_id=site, data_key_id=key, created_by=by, created_at=at)
    session.add(case)
    session.flush()
    interview = Interview(
        case_id=case.id,
        site_id=site,
        instrument="intake",
        rule_set="kuwait",
        revision=None,
        digest=_DIGEST,
        entry_mode=mode,
        created_by=by,
        held_by=by,
        created_at=at,
    )
    session.add(interview)
    session.flush()
    if statistics is not None:
        session.add(
            Consent(
                case_id=case.id, seq=1, purpose="statistics", state=statistics, how="spoken", by=by, at=at
            )
        )
    result = None
    if outcome is not None:
        result = StoredAssessment(
            interview_id=interview.id,
            case_id=case.id,
            site_id=site,
            number=1,
            rule_set="kuwait",
            revision=None,
            digest=_DIGEST,
            as_of=at.date(),
            last_seq=1,
            result_digest=b"",
            outcome=outcome,
            reference_outcome=outcome,
            engine_outcome=outcome,
            engine_check="agrees",
            body=b"",
            by=by,
            at=at,
        )
        session.add(result)
        session.flush()
    if route is not None:
        session.add(
            Referral(
                number=f"R-{number:09}",
                case_id=case.id,
                site_id=site,
                assessment_id=None if result is None else result.id,
                route=route,
                service="own_service",
                urgency="soon",
                created_by=by,
                created_at=at,
            )
        )
