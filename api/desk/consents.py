"""What the person agreed to: for one purpose and one recipient at a time, in the person's words."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.cases import show_consent
from api.bodies.reading import RecordId
from api.desk.case_views import may_of
from api.desk.forms import LONGEST_NOTE, faults_of, require_chosen, require_short, written
from api.desk.people import names_of
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from api.referral_words import guidance_of
from api.routes.shared import rules_in_force
from screening.cases import cases, consents
from screening.cases.words import words_of
from screening.referrals.ways import duty_sources, sources_of
from screening.refusals import Refused

router = APIRouter(include_in_schema=False)

REFERRAL: Final = "referral"


@router.get("/cases/{id}/consents")
def show_consents(request: Request, id: RecordId, caller: Caller = opens("cases.read")) -> Response:
    """What holds now, everything that was said before, and the form for what is said now."""
    return _show(request, caller, id, {})


@router.post("/cases/{id}/consents")
def record_consent(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("consents.write")
) -> Response:
    """Record a yes, a no or a taking back; what was recorded before stays."""
    purpose = first(fields, "purpose")
    faults = (
        *require_chosen(fields, "purpose", "state", "how"),
        *(require_chosen(fields, "recipient") if purpose == REFERRAL else ()),
        *require_short(fields, note=LONGEST_NOTE),
    )
    if faults:
        return _show(request, caller, id, fields, faults)
    try:
        with caller.work() as work:
            consents.record_consent(
                work,
                id,
                purpose=purpose,
                state=first(fields, "state"),
                how=first(fields, "how"),
                services=rules_in_force(caller.service.engines).services,
                # The list of services counts only where the person was asked about one.
                recipient=first(fields, "recipient") if purpose == REFERRAL else None,
                limits_explained=first(fields, "limits") == "yes",
                note=written(fields, "note"),
            )
    except Refused as error:
        beside = faults_of(error, "state", "purpose", "how", "recipient", "note")
        return _show(request, caller, id, fields, beside)
    return RedirectResponse(f"/cases/{id}/consents", 303)


def _show(
    request: Request, caller: Caller, id: str, fields: Fields, faults: tuple[FieldFault, ...] = ()
) -> Response:
    with caller.work() as work:
        case, found = consents.list_consents(work, id)
        cases.require_not_erased(case)
        history = [show_consent(work, case, row) for row in found]
        current = [show_consent(work, case, row) for row in consents.current_consents(found)]
        names = dict(names_of(work, [row.by for row in found]))
        may = may_of(work, case)
    guidance = guidance_of(request)
    return page(
        request,
        "desk/cases/consents.html",
        status_code=422 if faults else 200,
        case=case,
        may=may,
        current=current,
        history=list(reversed(history)),
        names=names,
        services={name: one.name for name, one in rules_in_force(guidance.engines).services.items()},
        purposes=words_of("consent_purposes").values(),
        states=words_of("consent_states").values(),
        ways=words_of("consent_ways").values(),
        duty=guidance.duty,
        duty_sources=duty_sources(guidance),
        exceptions=consents.consent_exceptions(),
        exception_sources=sources_of(consents.consent_exceptions(), guidance),
        fields=fields,
        faults=faults,
    )
