"""Practice with invented people: what a learner did stands in the address of the page, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.desk.viewing import opens
from api.pages.fields import FieldFault
from api.pages.rendering import page
from api.problems import refuse
from api.routes.shared import engines_of
from indicators.errors import fault
from indicators.models import Instrument, Question, Text
from indicators.truth import FALSE
from screening.answer_sentences import say_value
from screening.clock import day_in_kuwait
from screening.practice.feedback import (
    LADDER,
    Concluded,
    give_feedback,
    outcome_choices,
    route_choices,
)
from screening.practice.people import OWN_ACCOUNT, Sitter, find_sitter, hear, practice_contents


def mark_practice(request: Request) -> None:
    """Set every page here apart from real work, also the page of a problem."""
    request.state.marking = "practice"


router = APIRouter(include_in_schema=False, dependencies=[Depends(mark_practice)])

SitterId = Annotated[str, Path(pattern=r"^IN-[0-9]{2}$")]
Asked = Annotated[str, Query(pattern=r"^[a-z0-9_.]{0,8000}$")]
_MOST_CHOSEN: Final = 60


@router.get("/practice")
def show_people(request: Request, caller: Caller = opens("interviews.write")) -> Response:
    """Who there is to practise with; nothing of what they have to tell."""
    contents = practice_contents()
    instruments = engines_of(request).catalogue().instruments
    people = []
    for person in contents.people:
        sitter = _find(request, caller, person.interview)
        people.append((person, instruments[sitter.instrument].title))
    return page(
        request,
        "desk/practice/people.html",
        levels=[
            (level, [(number, *one) for number, one in enumerate(people, 1) if one[0].level == level.id])
            for level in contents.levels
        ],
    )


@router.get("/practice/{id}")
def talk(
    request: Request,
    id: SitterId,
    asked: Asked = "",
    ask: Annotated[str, Query(max_length=80)] = "",
    caller: Caller = opens("interviews.write"),
) -> Response:
    """Ask question by question; what was asked, and what the person said, is on the page."""
    sitter = _find(request, caller, id)
    instrument = _instrument(request, sitter)
    so_far = _read_asked(asked, instrument)
    if ask:
        more = [*(one for one in so_far if one != ask), ask] if ask in instrument.questions else so_far
        return RedirectResponse(f"/practice/{id}?asked={'.'.join(more)}", 303)
    told = _tell(request, sitter, so_far)
    questions = engines_of(request).catalogue().questions
    return page(
        request,
        "desk/practice/talk.html",
        sitter=sitter,
        instrument=instrument,
        asked=".".join(so_far),
        told=told,
        sections=[
            (section, [questions[one] for one in section.questions if one not in so_far])
            for section in instrument.sections
        ],
    )


@router.get("/practice/{id}/conclude")
def ask_to_conclude(
    request: Request, id: SitterId, asked: Asked = "", caller: Caller = opens("interviews.write")
) -> Response:
    """The form in which a learner says what it comes to, what cannot wait, and where to."""
    return _show_conclude(request, _find(request, caller, id), asked, {})


@router.get("/practice/{id}/feedback")
def show_feedback(
    request: Request,
    id: SitterId,
    asked: Asked = "",
    outcome: str = "",
    need: Annotated[list[str] | None, Query(max_length=_MOST_CHOSEN)] = None,
    route: Annotated[list[str] | None, Query(max_length=_MOST_CHOSEN)] = None,
    caller: Caller = opens("interviews.write"),
) -> Response:
    """What was heard, what was there to hear, and why."""
    sitter = _find(request, caller, id)
    needs, routes = need or [], route or []
    if outcome not in LADDER:
        beside = FieldFault("outcome", "outcome", fault("A095", field="outcome"))
        return _show_conclude(request, sitter, asked, {"need": needs, "route": routes}, (beside,))
    instrument = _instrument(request, sitter)
    so_far = _read_asked(asked, instrument)
    catalogue = engines_of(request).catalogue()
    concluded = Concluded(outcome, frozenset(needs), frozenset(routes))
    return page(
        request,
        "desk/practice/feedback.html",
        sitter=sitter,
        feedback=give_feedback(sitter, so_far, concluded, catalogue),
        asked=".".join(so_far),
    )


def _find(request: Request, caller: Caller, id: str) -> Sitter:
    found = find_sitter(engines_of(request), id, _today(caller))
    if found is None:
        raise refuse("S022")
    return found


def _today(caller: Caller) -> date:
    return day_in_kuwait(caller.service.clock())


def _instrument(request: Request, sitter: Sitter) -> Instrument:
    return engines_of(request).catalogue().instruments[sitter.instrument]


def _read_asked(asked: str, instrument: Instrument) -> list[str]:
    """The questions of an address, in order, each once; what the instrument does not ask is passed over."""
    known = set(instrument.questions)
    return list(dict.fromkeys(one for one in asked.split(".") if one in known))


@dataclass(frozen=True, slots=True)
class _Told:
    """One question that was asked, and what came of it."""

    question: Question
    state: str
    said: Text | None


def _tell(request: Request, sitter: Sitter, asked: Sequence[str]) -> list[_Told]:
    """What the person said, the newest first."""
    questions = engines_of(request).catalogue().questions
    answers = {one: hear(sitter, questions[one]) for one in asked if one != OWN_ACCOUNT}
    relevance = sitter.rules.engine.reference.decide_tests(answers, sitter.as_of).relevance
    told = []
    for one in reversed(asked):
        question = questions[one]
        if one == OWN_ACCOUNT:
            told.append(_Told(question, "value", sitter.person.own_words))
            continue
        answer = answers[one]
        if answer.state != "value":
            state = "not_relevant" if relevance.get(one) == FALSE else answer.state
            told.append(_Told(question, state, None))
        else:
            told.append(_Told(question, "value", say_value(sitter.rules.sentences, one, answer.value)))
    return told


def _show_conclude(
    request: Request,
    sitter: Sitter,
    asked: str,
    fields: dict[str, list[str]],
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    so_far = _read_asked(asked, _instrument(request, sitter))
    return page(
        request,
        "desk/practice/conclude.html",
        status_code=422 if faults else 200,
        sitter=sitter,
        asked=".".join(so_far),
        count=len(so_far),
        outcomes=outcome_choices(sitter),
        needs=practice_contents().needs,
        routes=route_choices(sitter),
        fields=fields,
        faults=faults,
    )
