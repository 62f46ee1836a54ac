"""One case as its pages show it, read in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import Request
from sqlalchemy import func, select

from api.bodies.cases import ConsentShown, show_consent
from api.bodies.referrals import ReferralRow
from api.desk.people import names_of
from api.referral_words import ReferralWords
from indicators.models import Text
from screening.cases import cases, consents, identities, workplaces
from screening.cases.words import label_of
from screening.engines import Engines
from screening.referral_stages import ReferralMechanism
from screening.referrals.proposals import rules_of_case
from screening.referrals.referrals import Guidance, list_referrals
from screening.referrals.stages import StageOfCase, read_stages
from screening.sittings.interviews import InterviewFilters, list_interviews
from screening.sittings.live import outcome_label
from screening.sittings.models import InterviewShown
from screening.sittings.programs import rules_of
from screening.sittings.showing import show_interview
from screening.storage.slices import MOST, Asked
from screening.storage.tables.assessments import Decision, StoredAssessment
from screening.storage.tables.cases import Case, CaseEvent
from screening.storage.tables.people import BreakGlass
from screening.storage.tables.sites import Site, Workplace
from screening.work import Work

# What somebody may do with a case decides which links its page has.
MAY: Final = (
    "cases.close",
    "cases.assign",
    "cases.update",
    "cases.export",
    "identity.read",
    "identity.write",
    "consents.write",
    "interviews.write",
    "referrals.read",
    "referrals.write",
    "stages.write",
)
_REASONS: Final = {
    "closed": "closing_reasons",
    "reopened": "reopening_reasons",
    "held": "hold_reasons",
    "erased": "erasure_reasons",
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result in a list: what it came to, and how many people have decided beside it."""

    id: str
    at: datetime
    label: Text
    decisions: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened to the case as a whole."""

    event: str
    reason: Text | None
    note: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """Everything that the page of a case shows, read in one transaction."""

    case: Case
    site: Text
    may: frozenset[str]
    interviews: tuple[InterviewShown, ...]
    results: tuple[ResultRow, ...]
    referrals: tuple[ReferralRow, ...]
    current_consents: tuple[ConsentShown, ...]
    services: dict[str, Text]
    stages: tuple[StageOfCase, ...]
    workplaces: tuple[Workplace, ...]
    linked: tuple[Case, ...]
    events: tuple[EventRow, ...]
    names: dict[str, str]
    emergency_until: datetime | None


def may_of(work: Work, case: Case) -> frozenset[str]:
    """Which of `MAY` the actor may do with a case."""
    return frozenset(name for name in MAY if work.reaches(case, name))


def mechanism_of(request: Request) -> ReferralMechanism:
    """The stages of the referral mechanism, as the application holds them."""
    found: ReferralMechanism = request.app.state.mechanism
    return found


def site_name(site: Site) -> Text:
    """What a site is called."""
    return Text(en=site.name_en, ar=site.name_ar)


def site_of(work: Work, case: Case) -> Text:
    """What the site of a case is called."""
    return site_name(work.session.get_one(Site, case.site_id))


def see_case(work: Work, case: Case, guidance: Guidance, mechanism: ReferralMechanism) -> CaseSeen:
    """Everything that the page of a case shows, but not who the person is; each look is audited."""
    may = may_of(work, case)
    everything = Asked(MOST)
    held = list_interviews(work, everything, InterviewFilters(case_id=case.id))
    rules = rules_of_case(work, case, guidance.engines)
    referrals: tuple[ReferralRow, ...] = ()
    stages: tuple[StageOfCase, ...] = ()
    if "referrals.read" in may:
        words = ReferralWords(guidance)
        rows = list_referrals(work, everything, case_id=case.id).items
        referrals = tuple(words.show_row(row, rules, work.now) for row in rows)
        stages = read_stages(work, case.id, mechanism)
    _, said = consents.list_consents(work, case.id)
    current = tuple(show_consent(work, case, row) for row in consents.current_consents(said))
    results = _results(work, guidance.engines, case)
    events = tuple(_event(work, case, event) for event in cases.list_events(work, case))
    people = [case.created_by, *(one.held_by for one, _ in held.items), *(one.by for one in events)]
    return CaseSeen(
        case=case,
        site=site_of(work, case),
        may=may,
        interviews=tuple(show_interview(work, one, case) for one, case in held.items),
        results=results,
        referrals=referrals,
        current_consents=current,
        services={name: one.name for name, one in rules.services.items()},
        stages=stages,
        workplaces=tuple(workplaces.workplaces_of(work, case.id)),
        linked=tuple(identities.linked_cases(work, case)),
        events=events,
        names=dict(names_of(work, people)),
        emergency_until=_emergency(work, case),
    )


def _event(work: Work, case: Case, row: CaseEvent) -> EventRow:
    words = _REASONS.get(row.event)
    reason = None if row.reason is None or words is None else label_of(words, row.reason)
    note = None if row.note is None else work.open(case, "case_events", "note", row.id, row.note)
    return EventRow(row.event, reason, note, row.by, row.at)


def _results(work: Work, engines: Engines, case: Case) -> tuple[ResultRow, ...]:
    decided = (
        select(Decision.assessment_id, func.count().label("count"))
        .where(Decision.case_id == case.id)
        .group_by(Decision.assessment_id)
        .subquery()
    )
    query = (
        select(StoredAssessment, func.coalesce(decided.c.count, 0))
        .outerjoin(decided, decided.c.assessment_id == StoredAssessment.id)
        .where(StoredAssessment.case_id == case.id)
        .order_by(StoredAssessment.at.desc(), StoredAssessment.id)
    )
    return tuple(
        ResultRow(
            row.id,
            row.at,
            outcome_label(rules_of(work.session, engines, row.digest, row.revision), row.outcome),
            count,
        )
        for row, count in work.session.execute(query)
    )


def _emergency(work: Work, case: Case) -> datetime | None:
    """Until when the actor may open the case because of an emergency, if that is so now."""
    return work.session.scalar(
        select(func.max(BreakGlass.until)).where(
            BreakGlass.case_id == case.id,
            BreakGlass.account_id == work.actor.account_id,
            BreakGlass.until > work.now,
        )
    )
