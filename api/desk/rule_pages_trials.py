"""A draft tried on what was heard before: who would no longer be referred, and what else differs."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking
from api.desk.rule_pages_drafts import judgement_of, program_in_force, workshop_of
from api.desk.viewing import opens
from api.pages.fields import FieldFault
from api.pages.rendering import page
from indicators.models import Text
from rules.program import Program
from screening.drafting.drafts import Draft, read_draft
from screening.drafting.trials import (
    MOST,
    ShippedChange,
    Trial,
    count_trial,
    read_earlier,
    read_shipped,
    shipped_changes,
)
from screening.phrases import say_both
from screening.refusals import Refused, refused
from screening.sentences import as_text

router = APIRouter(include_in_schema=False)


@router.get("/rules/drafts/{id}/try")
def ask_to_try(request: Request, id: RecordId, caller: Caller = opens("rules.read")) -> Response:
    """Say what trying a draft does, and that it takes a while."""
    with looking(caller) as work:
        draft = read_draft(work, id)
    return _show(request, caller, draft)


@router.post("/rules/drafts/{id}/try")
def try_draft(request: Request, id: RecordId, caller: Caller = opens("rules.read")) -> Response:
    """Try a draft on the stored and on the shipped interviews, in a process of its own."""
    with looking(caller) as work:
        draft = read_draft(work, id)
        earlier = read_earlier(work, caller.service.engines, draft)
    before = program_in_force(request, caller, draft)
    shipped = read_shipped(draft.rule_set)
    try:
        found = workshop_of(request).compare(
            draft.texts, draft.rule_set, before, [*earlier.interviews, *shipped]
        )
        if found is None:
            raise refused("S226")
    except Refused as error:
        fault = FieldFault("trial", "trial", error.faults[0])
        return _show(request, caller, draft, faults=(fault,))
    with caller.work() as work:
        trial = count_trial(work, earlier, found, draft)
    return _show(request, caller, draft, trial=trial, shipped=shipped_changes(found), among=len(shipped))


def _show(
    request: Request,
    caller: Caller,
    draft: Draft,
    *,
    faults: tuple[FieldFault, ...] = (),
    trial: Trial | None = None,
    shipped: tuple[ShippedChange, ...] = (),
    among: int = 0,
) -> Response:
    judged, failed = judgement_of(request, caller, draft) if trial is not None else (None, None)
    return page(
        request,
        "desk/rules/trial.html",
        status_code=422 if faults else 200,
        draft=draft,
        faults=faults if failed is None else (*faults, failed),
        trial=trial,
        shipped=shipped,
        among=among,
        judged=judged,
        labels=_labels(program_in_force(request, caller, draft)),
        most=MOST,
        seconds=int(workshop_of(request).longest),
    )


def _labels(program: Program) -> Mapping[str, Text]:
    """What outcomes and routes are called; what a draft adds is shown by its id."""
    data = program.data
    found = {
        item["id"].partition(".")[2]: as_text(item["label"])
        for item in data["conclusions"]
        if "label" in item
    }
    found |= {id: as_text(route["label"]) for id, route in data["routes"].items()}
    found |= {step: as_text(label) for step, label in data["below"].items()}
    return found | {"cannot_be_read": say_both("rulebook.cannot_be_read")}
