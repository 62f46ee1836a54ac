"""What people decide beside a result, which is never edited; nobody is declared not to be a victim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from sqlalchemy import select

from indicators.errors import listed, nearest
from screening.cases.cases import require_open
from screening.engines import Engines, Rules
from screening.phrases import say_both
from screening.refusals import refused
from screening.result_models import OutcomeName
from screening.sittings.live import outcome_label
from screening.sittings.models import DecisionShown, DecisionsShown, Direction, Stance
from screening.sittings.programs import rules_of
from screening.sittings.reaching import find_assessment
from screening.sittings.words import label_of, require_word
from screening.storage.tables.assessments import Decision, StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.types import new_id
from screening.work import Work

_TABLE: Final = "decisions"


def decide(
    work: Work,
    engines: Engines,
    assessment_id: str,
    *,
    stance: str,
    outcome: str | None = None,
    reason: str | None = None,
) -> tuple[DecisionShown, Case]:
    """Record that somebody agrees with a result, or differs from it with a reason; never edits the result.

    Raises `Refused` with S256 for another stance, S251 without a reason, S252 for an unknown outcome, S253
    and S254 for one that contradicts the stance.
    """
    row, case = find_assessment(work, assessment_id, "assessments.decide")
    require_open(case)
    require_word("decision_stances", stance, "stance")
    rules = rules_of(work.session, engines, row.digest, row.revision)
    has_reason = reason is not None and bool(reason.strip())
    if stance == "agree" and outcome is not None:
        raise refused("S253", field="outcome")
    if stance == "differ" and not has_reason:
        raise refused("S251", field="reason")
    if outcome is not None:
        _check_outcome(rules, row, outcome)
    decision = Decision(
        id=new_id(),
        assessment_id=row.id,
        case_id=case.id,
        stance=stance,
        outcome=outcome,
        by=work.actor.account_id,
        at=work.now,
    )
    if reason is not None and has_reason:
        decision.reason = work.seal(case, _TABLE, "reason", decision.id, reason)
    work.session.add(decision)
    work.session.flush()
    shown = _show(work, case, row, decision, rules)
    work.record(
        "assessment.decide",
        "decision",
        decision.id,
        case_id=case.id,
        site_id=row.site_id,
        assessment=row.id,
        stance=stance,
        direction=shown.direction,
    )
    return shown, case


def list_decisions(work: Work, engines: Engines, assessment_id: str) -> DecisionsShown:
    """Every decision beside a result, oldest first; the look is audited."""
    row, case = find_assessment(work, assessment_id, "cases.read")
    rules = rules_of(work.session, engines, row.digest, row.revision)
    query = select(Decision).where(Decision.assessment_id == row.id).order_by(Decision.at, Decision.id)
    found = work.session.scalars(query).all()
    work.record(
        "assessment.decisions_read",
        "assessment",
        row.id,
        case_id=case.id,
        site_id=row.site_id,
        count=len(found),
    )
    return DecisionsShown(
        assessment=row.id, decisions=tuple(_show(work, case, row, one, rules) for one in found)
    )


def _check_outcome(rules: Rules, row: StoredAssessment, outcome: str) -> None:
    known = _outcomes(rules)
    if outcome not in known:
        near = nearest(outcome, known)
        raise refused("S252", field="outcome", value=outcome, nearest=near, known=listed(known))
    if outcome == row.outcome:
        raise refused("S254", field="outcome")


def _outcomes(rules: Rules) -> Sequence[str]:
    """Every outcome of a program, the highest first."""
    data = rules.program.data
    return [*data["ladder"], *data["below"]]


def _show(work: Work, case: Case, row: StoredAssessment, decision: Decision, rules: Rules) -> DecisionShown:
    direction = _direction(rules, row.outcome, decision.outcome)
    reason = None
    if decision.reason is not None:
        reason = work.open(case, _TABLE, "reason", decision.id, decision.reason)
    return DecisionShown(
        id=decision.id,
        stance=cast(Stance, decision.stance),
        stance_label=label_of("decision_stances", decision.stance),
        outcome=cast(OutcomeName | None, decision.outcome),
        outcome_label=None if decision.outcome is None else outcome_label(rules, decision.outcome),
        direction=direction,
        reason=reason,
        by=decision.by,
        at=decision.at,
        notice=say_both("sitting.lower_decision") if direction == "lower" else None,
    )


def _direction(rules: Rules, result: str, own: str | None) -> Direction:
    if own is None or own == result:
        return "same"
    order = _outcomes(rules)
    return "higher" if order.index(own) < order.index(result) else "lower"
