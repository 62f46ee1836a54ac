"""What is recommended to a person, whom she was asked about, and what may stand in for her yes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from indicators.models import Text
from screening.cases.consents import (
    ConsentException,
    Fact,
    consent_for,
    exceptions_for,
    is_given,
    is_refused,
)
from screening.clock import day_in_kuwait
from screening.offers import note_contact
from screening.referrals.proposals import Proposal, find_route, known_facts, propose, rules_of_case
from screening.referrals.referrals import Guidance
from screening.refusals import refused
from screening.result_models import CitedSource, ContactNote, Recommendation
from screening.sentences import as_text_or_none, cite_content
from screening.storage.tables.cases import Case
from screening.storage.tables.referrals import Referral
from screening.work import Work

# Everything that an exception of the law could rest on, so that a page can show what there is to state.
_EVERY_FACT: frozenset[Fact] = frozenset({"child", "danger", "duty_to_report"})


@dataclass(frozen=True, slots=True)
class Said:
    """The person's newest word about one service; neither for one that was never asked about."""

    given: bool
    refused: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """One recommended route with everything that bears on it."""

    proposal: Proposal
    recommendation: Recommendation
    said: Mapping[str, Said]
    exceptions: tuple[ConsentException, ...]
    can_be_written: bool
    referrals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OtherRoute:
    """A route that nothing recommends: it can be taken with a reason."""

    id: str
    label: Text
    services: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class ProposalsSeen:
    """The page of the proposals of a case."""

    case: Case
    proposed: tuple[Proposed, ...]
    others: tuple[OtherRoute, ...]
    questions: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Way:
    """One route to one service of a case: what is told, what goes along, and whose yes there is."""

    case: Case
    route: str
    route_label: Text
    service: str
    service_name: Text
    what_it_does: Text
    who_can_be_sent: Text
    how: Text
    cautions: Text | None
    contacts: tuple[ContactNote, ...]
    consent: str
    consent_note: Text | None
    send: Text | None
    never_send: Text | None
    sources: tuple[CitedSource, ...]
    proposal: Proposal | None
    can_be_written: bool
    said: Said
    exceptions: tuple[ConsentException, ...]
    # By the id of the exception: where the law says so, and how well that is known.
    exception_sources: Mapping[str, tuple[CitedSource, ...]]
    known_facts: frozenset[Fact]

    @property
    def needs_no_yes(self) -> bool:
        """Whether the route asks for no yes, as long as nothing about the person goes along."""
        return self.consent == "not_needed" and not self.said.refused


def see_proposals(work: Work, case: Case, guidance: Guidance) -> ProposalsSeen:
    """What the final assessments of a case recommend, and the other routes there are; audited as one look."""
    rules = rules_of_case(work, case, guidance.engines)
    facts = known_facts(work, case)
    written: dict[str, list[tuple[str, str]]] = {}
    for row in work.session.scalars(select(Referral).where(Referral.case_id == case.id)):
        written.setdefault(row.route, []).append((row.id, row.number))
    proposed = tuple(
        Proposed(
            one,
            one.recommendation,
            {offer.service: said_of(work, case, offer.service) for offer in one.recommendation.services},
            exceptions_for(one.recommendation.consent, one.route, facts, guidance.duty),
            _can_be_written(guidance, one.route, one),
            tuple(written.get(one.route, ())),
        )
        for one in propose(work, case)
    )
    taken = {one.proposal.route for one in proposed}
    work.record("proposal.read", "case", case.id, case_id=case.id, site_id=case.site_id, count=len(proposed))
    return ProposalsSeen(
        case,
        proposed,
        tuple(
            OtherRoute(
                name,
                rules.sentences.label(f"route.{name}"),
                tuple((one, rules.services[one].name) for one in find_route(rules, name).services),
            )
            for name in rules.program.data["routes"]
            if name not in taken and _can_be_written(guidance, name, None)
        ),
        {name: rules.sentences.question(name) for name in rules.sentences.questions},
    )


def find_way(work: Work, case: Case, route: str, service: str, guidance: Guidance) -> Way:
    """One route to one service; raises `Refused` with S150 where there is none such."""
    rules = rules_of_case(work, case, guidance.engines)
    routes = rules.program.data["routes"]
    if route not in routes or service not in find_route(rules, route).services:
        raise refused("S150")
    data, entry = routes[route], rules.services[service]
    proposal = next((one for one in propose(work, case) if one.route == route), None)
    day = day_in_kuwait(work.now)
    exceptions = exceptions_for(data["consent"], route, _EVERY_FACT, guidance.duty)
    return Way(
        case=case,
        route=route,
        route_label=rules.sentences.label(f"route.{route}"),
        service=service,
        service_name=entry.name,
        what_it_does=entry.what_it_does,
        who_can_be_sent=entry.who_can_be_sent,
        how=entry.how,
        cautions=entry.cautions,
        contacts=tuple(note_contact(one, day) for one in entry.contacts),
        consent=data["consent"],
        consent_note=as_text_or_none(data["consent_note"]),
        send=as_text_or_none(data["send"]),
        never_send=as_text_or_none(data["never_send"]),
        sources=rules.sentences.cite(data["sources"]),
        proposal=proposal,
        can_be_written=_can_be_written(guidance, route, proposal),
        said=said_of(work, case, service),
        exceptions=exceptions,
        exception_sources=sources_of(exceptions, guidance),
        known_facts=known_facts(work, case),
    )


def said_of(work: Work, case: Case, service: str) -> Said:
    """What the person said last about one service."""
    found = consent_for(work, case, "referral", service)
    return Said(is_given(found), is_refused(found), None if found is None else found.at)


def sources_of(
    exceptions: Iterable[ConsentException], guidance: Guidance
) -> Mapping[str, tuple[CitedSource, ...]]:
    """Where the law says so, for each exception by its id."""
    catalogue = guidance.engines.catalogue()
    return {one.id: cite_content(catalogue, one.sources) for one in exceptions}


def duty_sources(guidance: Guidance) -> tuple[CitedSource, ...]:
    """What the explanation of the duty to report rests on."""
    return cite_content(guidance.engines.catalogue(), guidance.duty.sources)


def _can_be_written(guidance: Guidance, route: str, proposal: Proposal | None) -> bool:
    newest = proposal is not None and proposal.in_newest
    return newest or route not in guidance.book.only_if_recommended
