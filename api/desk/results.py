"""The page of a result, its drawing, and what people decide beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.drawings import draw_reasons, roots_of
from api.desk.forms import LONGEST_NOTE, faults_of, require_chosen, require_short, written
from api.desk.people import names_of
from api.desk.result_views import as_tree, split_bar, view_result
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.preferences import preferences_of
from api.pages.rendering import page
from api.problems import refuse
from indicators.models import Text
from screening.refusals import Refused
from screening.result_models import Assessment
from screening.sittings import decisions
from screening.sittings.finishing import read_assessment
from screening.sittings.live import outcome_label
from screening.sittings.models import DecisionsShown, FinalAssessment
from screening.sittings.programs import rules_of
from screening.sittings.reaching import find_assessment
from screening.sittings.words import sitting_words
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Work

router = APIRouter(include_in_schema=False)

# Below a result stands what may be decided about it; each needs its own permission.
_MAY = ("assessments.decide", "referrals.write", "interviews.write")


@dataclass(frozen=True, slots=True)
class _Read:
    """Everything that was read of one result, after its transaction."""

    final: FinalAssessment
    assessment: Assessment
    decided: DecisionsShown
    case_number: str
    case_open: bool
    follows: str | None
    names: dict[str, str]
    outcomes: tuple[tuple[str, Text], ...]
    may: frozenset[str]


@router.get("/assessments/{id}")
def show_result(request: Request, id: RecordId, caller: Caller = opens("cases.read")) -> Response:
    """The result: what cannot wait, what it came to and why, what is open, and what people decided."""
    return _show(request, _read(caller, id))


@router.get("/assessments/{id}/drawing")
def show_drawing(
    request: Request, id: RecordId, of: str | None = None, caller: Caller = opens("cases.read")
) -> Response:
    """What one conclusion rests on, as a drawing and as a table."""
    read = _read(caller, id)
    lang = preferences_of(request).language
    roots = roots_of(read.assessment)
    if of is not None and of not in roots:
        raise refuse("S022")
    root = of or next(iter(roots), None)
    return page(
        request,
        "desk/results/drawing.html",
        read=read,
        labels=view_result(read.assessment).labels,
        roots=roots,
        root=root,
        drawing=None if root is None else draw_reasons(read.assessment, root, lang),
    )


@router.post("/assessments/{id}/decisions")
def decide(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("assessments.decide")
) -> Response:
    """Agree with the result or differ with a reason; the result stays as it is."""
    stance = first(fields, "stance")
    faults = (*require_chosen(fields, "stance"), *require_short(fields, reason=LONGEST_NOTE))
    if faults:
        return _show(request, _read(caller, id), fields, faults)
    try:
        with caller.work() as work:
            decisions.decide(
                work,
                caller.service.engines,
                id,
                stance=stance,
                # Whoever agrees names no other outcome, whatever stood in the list.
                outcome=first(fields, "outcome") or None if stance == "differ" else None,
                reason=written(fields, "reason"),
            )
    except Refused as error:
        return _show(request, _read(caller, id), fields, faults_of(error, "stance", "outcome", "reason"))
    # No place on the page is named: browsers would take the focus there, away from what says that it is done.
    return RedirectResponse(f"/assessments/{id}?decided=yes", 303)


def _show(
    request: Request, read: _Read, fields: Fields | None = None, faults: tuple[FieldFault, ...] = ()
) -> Response:
    lang = preferences_of(request).language
    view = view_result(read.assessment)
    explanation = view.explanation

    def tree(name: str, levels: int = 0) -> list[dict[str, Any]]:
        return as_tree(getattr(explanation, name), lang, open_levels=levels)

    return page(
        request,
        "desk/results/result.html",
        status_code=422 if faults else 200,
        read=read,
        result=read.assessment,
        view=view,
        tree_of=tree,
        bar_of=split_bar,
        stances=sitting_words()["decision_stances"].values(),
        decided_now=request.query_params.get("decided") == "yes",
        fields=fields or {},
        faults=faults,
    )


def _read(caller: Caller, id: str) -> _Read:
    engines = caller.service.engines
    with caller.work() as work:
        final, text = read_assessment(work, id)
        decided = decisions.list_decisions(work, engines, id)
        row, case = find_assessment(work, id, "cases.read")
        rules = rules_of(work.session, engines, row.digest, row.revision)
        data = rules.program.data
        interview = work.session.get_one(Interview, row.interview_id)
        names = names_of(work, [final.by, *(one.by for one in decided.decisions)])
        return _Read(
            final=final,
            assessment=Assessment.model_validate_json(text),
            decided=decided,
            case_number=case.number,
            case_open=case.status == "open",
            follows=interview.follows_id,
            names=dict(names),
            outcomes=tuple(
                (name, outcome_label(rules, name))
                for name in (*data["ladder"], *data["below"])
                if name != row.outcome
            ),
            may=_allowed(work, case),
        )


def _allowed(work: Work, case: Case) -> frozenset[str]:
    return frozenset(name for name in _MAY if work.reaches(case, name))
