"""What is recommended: referrals with their reasons, and services with how old the knowledge of them is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal

from indicators.dates import days_before
from rules.models import Contact, Service
from screening.evidence import EvidenceReader
from screening.phrases import say_both
from screening.result_models import ContactNote, Reason, Recommendation, ServiceOffer
from screening.sentences import as_text_or_none

URGENCIES: Final = ("now", "today", "soon", "when_ready")
MONTHS_A_CONTACT_IS_FRESH: Final = 12

Eligibility = Literal["met", "not_known", "not_met"]
_ELIGIBILITY: Final[Mapping[str, Eligibility]] = {
    "established": "met",
    "undetermined": "not_known",
    "not_established": "not_met",
}


def recommend(reader: EvidenceReader, services: Mapping[str, Service]) -> tuple[Recommendation, ...]:
    """Return the recommended referrals, the most urgent first."""
    found = [
        _recommendation(reader, item, services)
        for item in reader.of_kind("route")
        if reader.status(item["id"]) == "established"
    ]
    return tuple(sorted(found, key=lambda one: (URGENCIES.index(one.urgency), one.route)))


def _recommendation(
    reader: EvidenceReader, item: Mapping[str, Any], services: Mapping[str, Service]
) -> Recommendation:
    name = item["id"].partition(".")[2]
    route = reader.sentences.data["routes"][name]
    reasons = tuple(sorted(_reasons(reader, item["id"]), key=lambda one: URGENCIES.index(one.urgency)))
    return Recommendation(
        route=name,
        label=reader.sentences.label(item["id"]),
        urgency=reasons[0].urgency,
        consent=route["consent"],
        consent_sentence=say_both(f"consent.{route['consent']}"),
        consent_note=as_text_or_none(route["consent_note"]),
        why=reasons,
        support=reader.reasons.support(item["id"]),
        send=as_text_or_none(route["send"]),
        never_send=as_text_or_none(route["never_send"]),
        services=tuple(_offers(reader, name, route["services"], services)),
        sources=reader.sentences.cite(route["sources"]),
    )


def _reasons(reader: EvidenceReader, conclusion: str) -> Iterator[Reason]:
    for fired in reader.fired(conclusion):
        _, rule = reader.rules[fired.rule]
        yield Reason(urgency=rule["urgency"], findings=reader.chain(fired.because), **dict(fired))


def _offers(
    reader: EvidenceReader, route: str, names: list[str], services: Mapping[str, Service]
) -> Iterator[ServiceOffer]:
    for name in names:
        # A service may have left the directory since the revision was published.
        service = services.get(name)
        if service is None:
            continue
        conclusion = f"service.{route}.{name}"
        eligibility: Eligibility = "met"
        waits_for: tuple[str, ...] = ()
        if conclusion in reader.evaluation.statuses:
            eligibility = _ELIGIBILITY[reader.status(conclusion)]
            if eligibility == "not_known":
                waits_for = reader.reasons.waits_for(conclusion)
        yield ServiceOffer(
            service=name,
            name=service.name,
            what_it_does=service.what_it_does,
            who_can_be_sent=service.who_can_be_sent,
            how=service.how,
            cautions=service.cautions,
            eligibility=eligibility,
            waits_for=waits_for,
            last_confirmed=str(service.last_confirmed),
            contacts=tuple(note_contact(one, reader.evaluation.as_of) for one in service.contacts),
        )


def note_contact(contact: Contact, as_of: date) -> ContactNote:
    """Return a contact with a warning where it was not confirmed in the last twelve months."""
    confirmed = None if contact.last_confirmed is None else str(contact.last_confirmed)
    warning = None
    if confirmed is None:
        warning = say_both("contact.never")
    elif date.fromisoformat(confirmed) < days_before(as_of, "months", MONTHS_A_CONTACT_IS_FRESH):
        warning = say_both("contact.older", date=confirmed, as_of=as_of.isoformat())
    return ContactNote(
        kind=contact.kind,
        value=contact.value,
        last_confirmed=confirmed,
        confidence=contact.confidence,
        older_than_12_months=warning is not None,
        warning=warning,
    )
