"""The rights card: what everybody may know, without a sign-in."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api.access import public
from api.papers import PaperLanguage, languages_of, paper
from api.problems import problem_responses
from api.routes.shared import engines_of, rules_in_force
from screening.clock import today_in_kuwait
from screening.papers.rights_cards import Number, RightsCard, load_rights_card, numbers_on, print_card

router = APIRouter(prefix="/api/v1", tags=["rights"], dependencies=[public()])


class RightsShown(BaseModel):
    """The card, with whom to call and how old the knowledge of each number is."""

    card: RightsCard
    numbers: list[Number]


@router.get("/rights-card", summary="What a person may know and keep", responses=problem_responses(429))
def show_rights_card(request: Request) -> RightsShown:
    """Show the card in both languages, each right with where it comes from and how well that is known."""
    card, numbers = _card(request, today_in_kuwait())
    return RightsShown(card=card, numbers=list(numbers))


@router.get(
    "/rights-card/print",
    summary="The rights card on paper",
    response_class=Response,
    responses={
        200: {"description": "The card, tagged for readers of screens.", "content": {"application/pdf": {}}},
        **problem_responses(422, 429),
    },
)
def print_rights_card(request: Request, lang: PaperLanguage = "both") -> Response:
    """The card in one language or in both, a page each."""
    card, numbers = _card(request, today_in_kuwait())
    return paper(print_card(card, numbers, languages_of(lang)), f"rights-{lang}.pdf")


def _card(request: Request, as_of: date) -> tuple[RightsCard, tuple[Number, ...]]:
    engines = engines_of(request)
    services = rules_in_force(engines).services
    card = load_rights_card(engines.catalogue().sources, services)
    return card, numbers_on(card, services, as_of)
