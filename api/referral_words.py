"""Referrals as people read them: every id of the content with its label in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from fastapi import Request

from api.bodies.cases import ConsentExceptionShown, show_exception, show_warnings
from api.bodies.referrals import (
    Labelled,
    ReferralAnswered,
    ReferralRow,
    ReferralShown,
    ReferralStep,
    ServiceShown,
    Step,
)
from indicators.models import Text
from screening.cases.consents import consent_exceptions
from screening.clock import day_in_kuwait
from screening.engines import Rules
from screening.offers import note_contact
from screening.referrals.referrals import Answered, Guidance, ReferralSeen, overdue_by
from screening.sentences import as_text_or_none
from screening.storage.tables.referrals import Referral


def guidance_of(request: Request) -> Guidance:
    """What people have configured for referrals, as the application holds it."""
    return cast(Guidance, request.app.state.guidance)


class ReferralWords:
    """Shows referrals with the words of the book, the rules and the directory."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        book = guidance.book
        self._statuses = {item.id: item.label for item in book.statuses}
        self._urgencies = {item.id: item.label for item in book.urgencies}
        self._reasons = {item.id: item.label for item in book.reasons}
        self._ways = {item.id: item.label for item in book.ways}
        self._events = {item.id: item.label for item in (*book.statuses, *book.events)}

    def show_row(self, row: Referral, rules: Rules, now: datetime) -> ReferralRow:
        """A referral as lists show it."""
        return ReferralRow(
            id=row.id,
            number=row.number,
            case=row.case_id,
            site=row.site_id,
            route=_labelled(row.route, {row.route: _route_label(rules, row.route)}),
            service=_labelled(row.service, {name: one.name for name, one in rules.services.items()}),
            urgency=_labelled(row.urgency, self._urgencies),
            status=_labelled(row.status, self._statuses),
            exception=None if row.exception is None else _labelled(row.exception, _exception_labels()),
            due_at=row.due_at,
            overdue=overdue_by(row, now) is not None,
            created_at=row.created_at,
            created_by=row.created_by,
            version=row.version,
        )

    def show(self, seen: ReferralSeen, rules: Rules, now: datetime) -> ReferralShown:
        """A referral with everything about it, by the rules of its case."""
        row = seen.referral
        route = rules.program.data["routes"].get(row.route, {})
        notes = [seen.message, seen.because, *(step.note for step in seen.events)]
        return ReferralShown(
            **dict(self.show_row(row, rules, now)),
            case_number=seen.case.number,
            assessment=row.assessment_id,
            consent=row.consent_id,
            exception_of_the_law=self._exception(row.exception),
            to_be_explained=seen.to_be_explained,
            because=seen.because,
            message=seen.message,
            share=list(seen.share),
            send=as_text_or_none(route.get("send")),
            never_send=as_text_or_none(route.get("never_send")),
            consent_note=as_text_or_none(route.get("consent_note")),
            sources=list(rules.sentences.cite(route.get("sources", []))),
            directory=_directory_entry(rules, row.service, now),
            events=[
                ReferralStep(
                    seq=step.seq,
                    event=_labelled(step.event, self._events),
                    reason=None if step.reason is None else _labelled(step.reason, self._reasons),
                    how=None if step.how is None else _labelled(step.how, self._ways),
                    note=step.note,
                    by=step.by,
                    at=step.at,
                )
                for step in seen.events
            ],
            next_steps=self._next_steps(seen.allowed),
            warnings=show_warnings(*notes),
        )

    def show_answered(self, answered: Answered, rules: Rules) -> ReferralAnswered:
        """Where a referral stands, for who may answer it and not read it."""
        row = answered.referral
        return ReferralAnswered(
            id=row.id,
            number=row.number,
            service=_labelled(row.service, {name: one.name for name, one in rules.services.items()}),
            status=_labelled(row.status, self._statuses),
            due_at=row.due_at,
            version=row.version,
            next_steps=self._next_steps(answered.allowed),
        )

    def _exception(self, id: str | None) -> ConsentExceptionShown | None:
        catalogue = self._guidance.engines.catalogue()
        return next((show_exception(item, catalogue) for item in consent_exceptions() if item.id == id), None)

    def _next_steps(self, allowed: Iterable[str]) -> list[Step]:
        events = {event.id: event for event in self._guidance.book.events}
        return [
            Step(
                id=name,
                label=events[name].label,
                reasons=[_labelled(word, self._reasons) for word in events[name].reasons],
                how=[_labelled(word, self._ways) for word in events[name].how],
            )
            for name in allowed
        ]


def _directory_entry(rules: Rules, service: str, now: datetime) -> ServiceShown | None:
    entry = rules.services.get(service)
    if entry is None:
        return None
    return ServiceShown(
        id=entry.id,
        name=entry.name,
        how=entry.how,
        cautions=entry.cautions,
        last_confirmed=str(entry.last_confirmed),
        contacts=[note_contact(contact, day_in_kuwait(now)) for contact in entry.contacts],
    )


def _exception_labels() -> Mapping[str, Text]:
    return {item.id: item.label for item in consent_exceptions()}


def _route_label(rules: Rules, route: str) -> Text:
    conclusion = f"route.{route}"
    known = conclusion in rules.sentences.conclusions
    return rules.sentences.label(conclusion) if known else Text(en=route, ar=route)


def _labelled(id: str, labels: Mapping[str, Text]) -> Labelled:
    # What has left the content since it was written down is shown by its id.
    return Labelled(id=id, label=labels.get(id, Text(en=id, ar=id)))
