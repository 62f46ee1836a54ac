"""What the final assessments of a case recommend: a later assessment adds and takes nothing away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from indicators.errors import listed, nearest
from rules.models import Consent as ConsentRule
from screening.cases.consents import Fact
from screening.clock import day_in_kuwait
from screening.engines import Engines, Rules
from screening.interviews import DEFAULT_RULE_SET
from screening.offers import URGENCIES
from screening.refusals import refused
from screening.result_models import Assessment, Recommendation
from screening.sittings.finishing import open_body
from screening.sittings.programs import rules_of
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Work


@dataclass(frozen=True, slots=True)
class Proposal:
    """A route that a final assessment recommends, as the newest one that does recommends it."""

    route: str
    urgency: str
    assessment_id: str
    assessed_at: datetime
    # Whether the newest assessment of the case still recommends it. An older reason is not gone by that.
    in_newest: bool
    recommendation: Recommendation


@dataclass(frozen=True, slots=True)
class RouteToTake:
    """A route as the rules of the case know it: whose yes it needs, and to which services it leads."""

    id: str
    consent: ConsentRule
    services: tuple[str, ...]


def propose(work: Work, case: Case) -> tuple[Proposal, ...]:
    """The recommended routes of a case, the most urgent first; none before an interview was finished."""
    found: dict[str, Proposal] = {}
    for number, (row, assessment) in enumerate(_newest_first(work, case)):
        for one in assessment.recommendations:
            if one.route not in found:
                found[one.route] = Proposal(one.route, one.urgency, row.id, row.at, number == 0, one)
    return tuple(sorted(found.values(), key=lambda item: (URGENCIES.index(item.urgency), item.route)))


def known_facts(work: Work, case: Case) -> frozenset[Fact]:
    """The facts an exception of the law can rest on, as any final assessment of the case shows them.

    Danger counts only if the newest one shows it.
    """
    found: set[Fact] = set()
    for number, (_, assessment) in enumerate(_newest_first(work, case)):
        facts = _facts(assessment)
        found |= facts if number == 0 else facts - {"danger"}
    return frozenset(found)


def _newest_first(work: Work, case: Case) -> Iterable[tuple[StoredAssessment, Assessment]]:
    rows: Sequence[StoredAssessment] = work.session.scalars(
        select(StoredAssessment)
        .where(StoredAssessment.case_id == case.id)
        .order_by(StoredAssessment.at.desc(), StoredAssessment.id)
    ).all()
    for row in rows:
        yield row, Assessment.model_validate_json(open_body(work, case, row))


def rules_of_case(work: Work, case: Case, engines: Engines) -> Rules:
    """The rules that the newest interview of a case is held by, or those in force if it has none."""
    newest = work.session.scalars(
        select(Interview)
        .where(Interview.case_id == case.id)
        .order_by(Interview.created_at.desc(), Interview.id)
        .limit(1)
    ).first()
    if newest is None:
        return engines.rules_for(DEFAULT_RULE_SET, None, day_in_kuwait(work.now))
    return rules_of(work.session, engines, newest.digest, newest.revision)


def find_route(rules: Rules, name: str) -> RouteToTake:
    """A route of these rules; raises `Refused` with S180 naming those there are."""
    routes = rules.program.data["routes"]
    if name not in routes:
        known = sorted(routes)
        raise refused(
            "S180", field="route", key="route", value=name, nearest=nearest(name, known), known=listed(known)
        )
    route = routes[name]
    # A service may have left the directory since these rules were published.
    services = tuple(service for service in route["services"] if service in rules.services)
    return RouteToTake(name, route["consent"], services)


def _facts(assessment: Assessment) -> frozenset[Fact]:
    found: set[Fact] = set()
    for need in assessment.urgent:
        # A child in doubt is a child; danger stands in for a yes only while it lasts.
        if need.need == "child":
            found.add("child")
        elif need.need == "danger" and need.level == "now":
            found.add("danger")
    return frozenset(found)
