"""The rights card: what the person may know and keep, as data for a page and as paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from indicators.errors import ContentError, Fault, nearest
from indicators.fields import Day, Id
from indicators.models import Confidence, Content, Source, Text
from indicators.nodes import Node
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import Service, SomeOf
from screening.offers import note_contact
from screening.papers.printing import print_pdf
from screening.phrases import Language
from screening.result_models import ContactNote

_NAME: Final = "rights.yaml"
_FILE: Final = f"screening/papers/{_NAME}"


class Place(Content):
    """Where a right comes from, named so that the paper gives nobody away, and how well that is known."""

    source: Id
    place: Text
    confidence: Confidence


class Right(Content):
    """One thing that a person may know."""

    id: Id
    heading: Text
    text: Text
    sources: SomeOf[Place]


class WhereFrom(Content):
    """What the marks of confidence mean to somebody who reads the card."""

    verified_text: Text
    secondary: Text
    unverified: Text
    own_design: Text


class RightsCard(Content):
    """A page of rights, with what nobody can promise and whom to call."""

    checked: Day
    title: Text
    lead: Text
    rights: SomeOf[Right]
    no_promise: Right
    numbers: Text
    services: SomeOf[Id]
    not_confirmed: Text
    checked_on: Text
    where_from: WhereFrom


class Number(Content):
    """A service to call."""

    service: Id
    name: Text
    contact: ContactNote


def load_rights_card(
    sources: Mapping[str, Source], services: Mapping[str, Service], folder: Traversable | None = None
) -> RightsCard:
    """The card; raises `ContentError` with every fault of its file, unknown sources among them."""
    where = folder if folder is not None else files("screening") / "papers"
    node, faults = parse_yaml((where / _NAME).read_bytes(), _FILE)
    card = None if node is None else validate(RightsCard, node, faults)
    if node is not None and card is not None:
        faults = [*faults, *_unknown(card, node, sources, services)]
    if card is None or faults:
        raise ContentError(tuple(faults))
    return card


def numbers_on(card: RightsCard, services: Mapping[str, Service], as_of: date) -> tuple[Number, ...]:
    """Whom to call, with how old the knowledge of each number is."""
    return tuple(
        Number(service=name, name=services[name].name, contact=note_contact(contact, as_of))
        for name in card.services
        for contact in services[name].contacts
        if contact.kind == "telephone"
    )


def print_card(card: RightsCard, numbers: Sequence[Number], languages: Sequence[Language]) -> bytes:
    """The card as PDF, a page in each language."""
    return print_pdf("rights_card.typ", [_page(card, numbers, lang) for lang in languages])


def _page(card: RightsCard, numbers: Sequence[Number], lang: Language) -> Mapping[str, Any]:
    def said(text: Text) -> str:
        return str(getattr(text, lang))

    def right(one: Right) -> Mapping[str, Any]:
        return {
            "heading": said(one.heading),
            "text": said(one.text),
            "places": [
                f"{said(place.place)} ({said(getattr(card.where_from, place.confidence))})"
                for place in one.sources
            ],
        }

    return {
        "lang": lang,
        "title": said(card.title),
        "lead": said(card.lead),
        "rights": [right(one) for one in card.rights],
        "no_promise": right(card.no_promise),
        "numbers_heading": said(card.numbers),
        "numbers": [
            {
                "name": said(one.name),
                "value": one.contact.value,
                "warning": said(card.not_confirmed) if one.contact.older_than_12_months else None,
            }
            for one in numbers
        ],
        "checked": said(card.checked_on),
        "checked_day": str(card.checked),
    }


def _unknown(
    card: RightsCard, node: Node, sources: Mapping[str, Source], services: Mapping[str, Service]
) -> list[Fault]:
    found = []
    parts: list[tuple[list[str | int], Right]] = [(["no_promise"], card.no_promise)]
    parts += [(["rights", number], one) for number, one in enumerate(card.rights)]
    for place, right in parts:
        for number, cited in enumerate(right.sources):
            if cited.source not in sources:
                inner = node.follow([*place, "sources", number])
                found.append(inner.fault("R016", name=cited.source, nearest=nearest(cited.source, sources)))
    for name in card.services:
        if name not in services:
            inner = node.follow(["services"])
            found.append(
                inner.fault(
                    "C005",
                    value=name,
                    key="services",
                    choices=", ".join(sorted(services)),
                    nearest=nearest(name, services),
                )
            )
    return found
