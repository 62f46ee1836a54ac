"""Beginning an interview: by which questions, for whom, where; the first section then comes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.desk.forms import faults_of, require_chosen
from api.desk.interview_saving import new_nonce
from api.desk.people import sites_by_id
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.preferences import preferences_of
from api.pages.rendering import page
from indicators.errors import fault
from indicators.models import Text
from screening.cases.cases import find_by_number
from screening.cases.visits import list_visits
from screening.clock import day_in_kuwait
from screening.interviews import DEFAULT_RULE_SET
from screening.refusals import Refused
from screening.sittings.interviews import NewInterview, begin_interview
from screening.sittings.reaching import find_interview
from screening.sittings.words import sitting_words
from screening.storage.slices import MOST, Asked

router = APIRouter(include_in_schema=False)

# The questions that stand first for a role that has most use for them.
_USUAL: Final = {"inspector": "inspection"}


@dataclass(frozen=True, slots=True)
class _CaseChosen:
    id: str
    number: str
    site: str


@dataclass(frozen=True, slots=True)
class _Choice:
    """What somebody can choose from: sites, open visits, and the case or interview it is about already."""

    sites: tuple[tuple[str, Text], ...]
    visits: tuple[tuple[str, str], ...]
    case: _CaseChosen | None
    follows: str | None


@router.get("/interviews/new")
def ask_to_begin(
    request: Request,
    case: str | None = None,
    visit: str | None = None,
    follows: str | None = None,
    caller: Caller = opens("interviews.write"),
) -> Response:
    """The form that begins an interview, in a new case or in one there is."""
    given: dict[str, list[str]] = {"visit": [visit or ""]}
    choice = _read_choice(caller, case, follows)
    if len(choice.sites) == 1:
        given["site"] = [choice.sites[0][0]]
    return _show(request, caller, choice, given, ())


@router.post("/interviews/new")
def begin(request: Request, fields: Posted, caller: Caller = opens("interviews.write")) -> Response:
    """Begin an interview, held for ever by the rules in force today."""
    choice = _read_choice(caller, first(fields, "in_case") or None, first(fields, "follows") or None)
    faults = _missing(choice, fields)
    if faults:
        return _show(request, caller, choice, fields, faults)
    today = day_in_kuwait(caller.service.clock())
    rules = caller.service.engines.rules_for(DEFAULT_RULE_SET, None, today)
    case_id = None if choice.case is None else choice.case.id
    if case_id is None and first(fields, "case") == "existing":
        with caller.work(writes=False) as work:
            case = find_by_number(work, first(fields, "case_number"), "interviews.write")
            case_id = None if case is None else case.id
        if case_id is None:
            caller.note_denial("S150")
            return _show(request, caller, choice, fields, (_wrong("case_number", "S150"),))
    new = NewInterview(
        instrument=first(fields, "instrument"),
        case_id=case_id,
        site_id=first(fields, "site") if case_id is None else None,
        visit_id=first(fields, "visit") or None,
        language=preferences_of(request).language,
        follows_id=choice.follows,
        follows_because=first(fields, "because") or None,
        client_key=first(fields, "nonce") or None,
    )
    try:
        with caller.work() as work:
            interview, _ = begin_interview(work, rules, new)
            id, opening = interview.id, rules.program.data["instruments"][interview.instrument]["sections"]
    except Refused as error:
        shown = faults_of(
            error, "instrument", "site", "visit", "because", follows="because", case="case_number"
        )
        return _show(request, caller, choice, fields, shown)
    return RedirectResponse(f"/interviews/{id}/sections/{opening[0]['id']}", 303)


def _read_choice(caller: Caller, case_id: str | None, follows: str | None) -> _Choice:
    permissions = caller.service.permissions
    with caller.work(writes=False) as work:
        allowed = permissions.allowed(caller.actor, "cases.create")
        sites = tuple(
            (site.id, Text(en=site.name_en, ar=site.name_ar))
            for site in sites_by_id(work).values()
            if site.active and allowed.whole_site(site.id)
        )
        case = None
        if follows is not None:
            _, case = find_interview(work, follows, "interviews.write")
        elif case_id is not None:
            case = work.require_case(case_id, "interviews.write")
        chosen = None if case is None else _CaseChosen(case.id, case.number, case.site_id)
    visits: tuple[tuple[str, str], ...] = ()
    if permissions.allowed(caller.actor, "visits.write").anywhere:
        with caller.work() as work:
            found = list_visits(work, Asked(MOST), status="open")
            visits = tuple(
                (one.id, one.number) for one in found.items if chosen is None or one.site_id == chosen.site
            )
    return _Choice(sites, visits, chosen, follows)


def _missing(choice: _Choice, fields: Fields) -> tuple[FieldFault, ...]:
    names = ["instrument"]
    if choice.follows is not None:
        names.append("because")
    if choice.case is None:
        names.insert(0, "case")
    found = list(require_chosen(fields, *names))
    if choice.case is None:
        if first(fields, "case") == "existing" and not first(fields, "case_number").strip():
            found.append(_wrong("case_number", "A083"))
        if first(fields, "case") == "new" and first(fields, "site") not in {id for id, _ in choice.sites}:
            found.append(_wrong("site", "A080"))
    return tuple(found)


def _wrong(field: str, code: str) -> FieldFault:
    return FieldFault(field, field, fault(code, field=field))


def _show(
    request: Request, caller: Caller, choice: _Choice, fields: Fields, faults: tuple[FieldFault, ...]
) -> Response:
    today = day_in_kuwait(caller.service.clock())
    program = caller.service.engines.program_for(DEFAULT_RULE_SET, None, today)
    catalogue = caller.service.engines.catalogue()
    known = [one for one in catalogue.instruments.values() if one.id in program.data["instruments"]]
    # The fullest first; for who visits workplaces the one that was made for that.
    usual = {_USUAL[role] for role in caller.actor.roles if role in _USUAL}
    known.sort(key=lambda one: (one.id not in usual, -len(one.questions), one.id))
    return page(
        request,
        "desk/interviews/new.html",
        status_code=422 if faults else 200,
        choice=choice,
        fields={name: list(values) for name, values in fields.items()},
        faults=faults,
        nonce=first(fields, "nonce") or new_nonce(),
        instruments=known,
        reasons=[(word.id, word.label) for word in sitting_words()["follow_reasons"].values()],
    )
