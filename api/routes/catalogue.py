"""Instruments with their questions, and sources with their confidence."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.access import public
from api.problems import problem_responses, refuse
from api.routes.shared import EnginesHeld, refuse_parameters
from indicators.errors import listed, nearest
from indicators.models import Source, Text
from screening.descriptions import list_questions

router = APIRouter(prefix="/api/v1", tags=["content"], dependencies=[public()])


class InstrumentEntry(BaseModel):
    """An instrument in the list."""

    id: str
    title: Text
    purpose: Text
    questions: int


class InstrumentList(BaseModel):
    """Every instrument."""

    instruments: tuple[InstrumentEntry, ...]


class OptionShown(BaseModel):
    """An option with its wording."""

    id: str
    text: Text


class QuestionShown(BaseModel):
    """A question as an instrument asks it."""

    id: str
    section: str
    type: str
    options: tuple[str, ...]
    core: bool
    applies_when: dict[str, Any] | None
    ask_when: dict[str, Any] | None
    topic: str
    about: str
    answered_by: str
    distress: str
    text: Text
    why: Text
    guidance: Text | None
    option_texts: tuple[OptionShown, ...]
    exclusive: str | None
    unit: str | None
    least: int | None
    most: int | None


class SectionShown(BaseModel):
    """A section of an instrument."""

    id: str
    title: Text


class InstrumentShown(BaseModel):
    """An instrument with its sections and its questions, in the order of the screen."""

    id: str
    title: Text
    purpose: Text
    sections: tuple[SectionShown, ...]
    core: tuple[str, ...]
    questions: tuple[QuestionShown, ...]


@router.get("/instruments", summary="Every instrument")
def list_instruments(request: Request, engines: EnginesHeld) -> InstrumentList:
    """List the instruments by id."""
    refuse_parameters(request)
    catalogue = engines.catalogue()
    return InstrumentList(
        instruments=tuple(
            InstrumentEntry(id=name, title=item.title, purpose=item.purpose, questions=len(item.questions))
            for name, item in catalogue.instruments.items()
        )
    )


@router.get(
    "/instruments/{id}", summary="One instrument with its questions", responses=problem_responses(404)
)
def show_instrument(request: Request, id: str, engines: EnginesHeld) -> InstrumentShown:
    """Show an instrument with everything needed to ask its questions."""
    refuse_parameters(request)
    catalogue = engines.catalogue()
    instrument = catalogue.instruments.get(id)
    if instrument is None:
        known = sorted(catalogue.instruments)
        raise refuse(
            "S004", status=404, field="id", value=id, nearest=nearest(id, known), known=listed(known)
        )
    rows = {row["id"]: row for row in list_questions(catalogue, id)}
    questions = []
    for name in instrument.questions:
        question = catalogue.questions[name]
        questions.append(
            QuestionShown.model_validate(
                {
                    **question.model_dump(include=set(QuestionShown.model_fields)),
                    **rows[name],
                    "option_texts": tuple(OptionShown(id=one.id, text=one.text) for one in question.options),
                }
            )
        )
    return InstrumentShown(
        id=id,
        title=instrument.title,
        purpose=instrument.purpose,
        sections=tuple(SectionShown(id=one.id, title=one.title) for one in instrument.sections),
        core=instrument.core,
        questions=tuple(questions),
    )


@router.get("/sources/{id}", summary="One source with its confidence", responses=problem_responses(404))
def show_source(request: Request, id: str, engines: EnginesHeld) -> Source:
    """Show a source: what it is, when it was in force, how well it is known."""
    refuse_parameters(request)
    sources = engines.catalogue().sources
    if id not in sources:
        raise refuse("S028", status=404, field="id", value=id, nearest=nearest(id, sources))
    return sources[id]
