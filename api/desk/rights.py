"""The rights card: what the person may know and keep, to read together and to print."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Caller
from api.desk.viewing import opens
from api.pages.rendering import page
from api.papers import PaperLanguage, languages_of, paper
from api.routes.shared import rules_in_force
from screening.clock import day_in_kuwait
from screening.papers.rights_cards import Number, RightsCard, load_rights_card, numbers_on, print_card

router = APIRouter(include_in_schema=False)


@router.get("/rights")
def show_rights(request: Request, caller: Caller = opens("self.manage")) -> Response:
    """The card on the screen, with how well each part of it is known."""
    card, numbers = _load(caller)
    return page(request, "desk/referrals/rights.html", card=card, numbers=numbers)


@router.get("/rights/card")
def print_rights(
    request: Request, lang: PaperLanguage = "both", caller: Caller = opens("self.manage")
) -> Response:
    """The card as PDF; its name tells nobody what it is."""
    card, numbers = _load(caller)
    return paper(print_card(card, numbers, languages_of(lang)), f"card-{lang}.pdf")


def _load(caller: Caller) -> tuple[RightsCard, tuple[Number, ...]]:
    engines = caller.service.engines
    services = rules_in_force(engines).services
    card = load_rights_card(engines.catalogue().sources, services)
    return card, numbers_on(card, services, day_in_kuwait(caller.service.clock()))
