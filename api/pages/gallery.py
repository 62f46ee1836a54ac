"""All components on one page, with questions of the bank: for those who write pages, and for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.fields import FieldFault, Fields, fill_fields
from api.pages.forms import Posted, read_form, read_posted
from api.pages.preferences import preferences_of
from api.pages.rendering import page
from api.pages.viewers import SessionEnd, Viewer
from api.problems import refuse
from indicators.answers import read_answer, write_answer
from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.models import Question

# One question of each type and of each weight, from the bank.
SHOWN: Final = (
    "locked_in",
    "documents_asked",
    "documents_holder",
    "who_is_present",
    "months_unpaid",
    "monthly_pay_kd",
    "absence_report_on",
    "own_account",
    "sexual_violence",
)
_LARGEST_KIB: Final = 64
_A_MOMENT: Final = datetime(2026, 11, 22, 6, 45, tzinfo=UTC)


def gallery_routes() -> APIRouter:
    """`/gallery` and the pages below it."""
    router = APIRouter()

    @router.get("/gallery")
    async def show_components(request: Request) -> Response:
        _sign_in(request)
        return page(request, "gallery/components.html", moment=_A_MOMENT, **_samples())

    @router.get("/gallery/questions")
    async def show_questions(request: Request) -> Response:
        questions = [_catalogue().questions[name] for name in SHOWN]
        return page(request, "gallery/section.html", questions=questions, fields={}, faults=())

    @router.post("/gallery/questions")
    async def read_questions(request: Request) -> Response:
        fields = await read_form(request, _LARGEST_KIB)
        lang = preferences_of(request).language
        questions = [_catalogue().questions[name] for name in SHOWN]
        posted = [read_posted(question, fields, lang) for question in questions]
        faults = [one for item in posted for one in item.faults]
        return page(
            request,
            "gallery/section.html",
            status_code=422 if faults else 200,
            questions=questions,
            fields=fields,
            faults=faults,
        )

    @router.get("/gallery/questions/{name}")
    async def show_question(request: Request, name: str) -> Response:
        _sign_in(request)
        return _show(request, _question(name), {}, Posted(None))

    @router.post("/gallery/questions/{name}")
    async def read_question(request: Request, name: str) -> Response:
        _sign_in(request)
        question = _question(name)
        fields = await read_form(request, _LARGEST_KIB)
        return _show(
            request, question, fields, read_posted(question, fields, preferences_of(request).language)
        )

    @router.get("/gallery/first")
    async def show_first(request: Request) -> Response:
        return page(request, "gallery/first.html", faults=())

    @router.get("/gallery/practice")
    async def show_practice(request: Request) -> Response:
        request.state.marking = "practice"
        return page(request, "gallery/first.html", faults=())

    @router.get("/gallery/session")
    async def show_session(request: Request, seconds: int = 122, warn: int = 120) -> Response:
        _sign_in(request, SessionEnd(seconds, warn, "/gallery/keep", "/gallery/first"))
        question = _catalogue().questions["own_account"]
        return _show(request, question, {}, Posted(None))

    @router.post("/gallery/keep")
    async def keep(request: Request) -> Response:
        return Response(status_code=204, headers={"Cache-Control": "no-store"})

    @router.get("/gallery/failing")
    async def fail(request: Request) -> Response:
        raise RuntimeError("the gallery shows what a failure that nobody foresaw looks like")

    return router


def _sign_in(request: Request, session: SessionEnd | None = None) -> None:
    """An invented person, so that the places for one can be seen."""
    request.state.viewer = Viewer("Huda Al-Sample", "huda", "/gallery/first", session=session)
    request.state.csrf_token = "0" * 64


def _show(request: Request, question: Question, fields: Fields, posted: Posted) -> Response:
    return page(
        request,
        "gallery/question.html",
        status_code=422 if posted.faults else 200,
        question_shown=question,
        fields=fields,
        faults=posted.faults,
        read=None if posted.answer is None else write_answer(posted.answer),
    )


def _samples() -> dict[str, Any]:
    """Answers of each kind as they are shown again, and a form with a mistake in every field."""
    questions = _catalogue().questions
    lang_free = {
        "locked_in": {"state": "declined"},
        "who_is_present": ["another_worker", "agent"],
        "monthly_pay_kd": {"from": 12, "to": 16},
        "absence_report_on": "2025-03",
    }
    filled = {
        name: fill_fields(questions[name], read_answer(questions[name], raw))
        for name, raw in lang_free.items()
    }
    wrong: dict[str, list[str]] = {
        "months_unpaid": ["written"],
        "months_unpaid.number": ["٣ أشهر"],
        "absence_report_on": ["written"],
        "absence_report_on.day": ["31"],
        "absence_report_on.month": ["2"],
        "absence_report_on.year": ["2025"],
        "locked_in": ["no", "declined"],
    }
    faults: list[FieldFault] = []
    for name in ("months_unpaid", "absence_report_on", "locked_in"):
        faults.extend(read_posted(questions[name], wrong, "en").faults)
    return {"questions": questions, "filled": filled, "wrong": wrong, "faults": faults}


def _question(name: str) -> Question:
    found = _catalogue().questions.get(name)
    if found is None:
        raise refuse("S022")
    return found


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()[0]
