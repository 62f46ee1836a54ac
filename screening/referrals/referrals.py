"""Referrals: written with a yes or an exception of the law, sent, answered, followed up, closed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from indicators.errors import listed, nearest
from screening.cases.cases import find_case, hash_client_key, require_not_erased, require_open
from screening.cases.consents import (
    ConsentException,
    Fact,
    consent_for,
    exceptions_for,
    is_given,
    is_refused,
)
from screening.engines import Engines
from screening.referral_stages import DutyToReport
from screening.referrals.events import EXPLAINED, ReferralBook, ReferralEventKind, due
from screening.referrals.proposals import (
    Proposal,
    RouteToTake,
    find_route,
    known_facts,
    propose,
    rules_of_case,
)
from screening.referrals.webhooks import announce
from screening.refusals import refused
from screening.storage.slices import Asked, Slice, take
from screening.storage.tables.cases import Case, Consent, Identity
from screening.storage.tables.referrals import Referral, ReferralEvent
from screening.storage.types import new_id, new_number
from screening.storage.versions import require_seen
from screening.work import Work

_PREFIX: Final = "RF"
_CLOCKS_DIFFER: Final = timedelta(minutes=5)

# Which parts of the identity may go along, each only if the referral names it. Its notes never do: what a
# service needs to know is written for it.
SHAREABLE: Final = tuple(
    name
    for name in Identity.__table__.columns.keys()  # noqa: SIM118 - a collection of columns, not a mapping
    if name not in ("case_id", "document_lookup", "notes", "updated_by", "updated_at", "version")
)


@dataclass(frozen=True, slots=True)
class Guidance:
    """What people have configured: the rules, words and limits, and the duty to report."""

    engines: Engines
    book: ReferralBook
    duty: DutyToReport


@dataclass(frozen=True, slots=True)
class NewReferral:
    """What a person decided to write."""

    case_id: str
    route: str
    service: str
    message: str | None = None
    # Names of parts of the identity that go along.
    share: tuple[str, ...] = ()
    # The exception of the law that stands in for a yes, and what of it the writer states to be so.
    exception: str | None = None
    stated: tuple[Fact, ...] = ()
    # Whether the person has heard why this is passed on without a yes.
    explained: bool = False
    # Why this route although no final assessment recommends it (yet): needs that cannot wait do not.
    because: str | None = None
    client_key: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of a referral."""

    seq: int
    event: str
    reason: str | None
    how: str | None
    note: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReferralSeen:
    """A referral with what goes along and everything that happened to it."""

    referral: Referral
    case: Case
    message: str | None
    share: tuple[str, ...]
    because: str | None
    events: tuple[Happened, ...]
    # What can happen to it now, of what the actor may record.
    allowed: tuple[str, ...] = field(default=())

    @property
    def to_be_explained(self) -> bool:
        """Whether it rests on an exception of the law that the person has not heard of yet."""
        return self.referral.exception is not None and not any(one.event == EXPLAINED for one in self.events)


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody learns who may answer referrals of a site and not read its cases."""

    referral: Referral
    allowed: tuple[str, ...]


def write_referral(work: Work, new: NewReferral, guidance: Guidance) -> ReferralSeen:
    """Write a referral; nothing leaves by that.

    The same `client_key` of the same account gives the same referral again. Raises `Refused` with S184 for a
    route that nothing recommends and nobody gave a reason for, S185 for a service of another route, S182
    without the person's yes to this one service, S183 for an exception that does not hold, S186 for a part
    of the identity that there is not, S190 for a key of another referral, S192 for a route that only the
    newest final assessment opens, S193 for a name under an exception that takes none, S153 and S154 for a
    closed and an erased case.
    """
    case = find_case(work, new.case_id, "referrals.write", lock=True)
    if earlier := _find_by_key(work, case, new):
        return _seen(work, earlier, case, guidance.book)
    require_open(case)
    proposals = propose(work, case)
    route = find_route(rules_of_case(work, case, guidance.engines), new.route)
    proposal = _recommended(proposals, new, guidance.book)
    if new.service not in route.services:
        raise refused(
            "S185",
            field="service",
            value=new.service,
            nearest=nearest(new.service, route.services),
            known=listed(route.services),
        )
    if unknown := [name for name in new.share if name not in SHAREABLE]:
        raise refused("S186", field="share", key=unknown[0], known=listed(SHAREABLE))
    consent, exception = _consent(work, case, route, new, guidance)
    if exception is not None and exception.nameless and new.share:
        raise refused("S193", field="share", value=exception.id)
    urgency = proposal.urgency if proposal is not None else "when_ready"
    row = Referral(
        id=new_id(),
        number=new_number(_PREFIX),
        case_id=case.id,
        site_id=case.site_id,
        assessment_id=None if proposal is None else proposal.assessment_id,
        route=new.route,
        service=new.service,
        urgency=urgency,
        status="created",
        consent_id=None if consent is None else consent.id,
        exception=None if exception is None else exception.id,
        due_at=guidance.book.leaves_by(urgency, work.now),
        client_key=hash_client_key(work, new.client_key),
        created_by=work.actor.account_id,
        created_at=work.now,
        version=1,
    )
    content = {
        "message": new.message,
        "share": sorted(set(new.share)),
        "because": new.because,
        "stated": sorted(set(new.stated)),
    }
    row.content = work.seal(case, "referrals", "content", row.id, json.dumps(content))
    try:
        with work.session.begin_nested():
            work.session.add(row)
            work.session.flush()
    except IntegrityError as error:
        # Written for another case at this moment, under the same key.
        raise refused("S190", field="client_key") from error
    _add_event(work, row, case, "created", None, None, None)
    if exception is not None and new.explained:
        _add_event(work, row, case, EXPLAINED, None, None, None)
    _record(work, row, "referral.create", service=row.service, route=row.route, exception=row.exception)
    announce(work, "referral.created", site_id=row.site_id, **_ids(row))
    return _seen(work, row, case, guidance.book)


def read_referral(work: Work, referral_id: str, book: ReferralBook) -> ReferralSeen:
    """One referral; the look at it is audited."""
    row, case = _find(work, referral_id, "referrals.read")
    _record(work, row, "referral.read")
    return _seen(work, row, case, book)


def list_referrals(
    work: Work,
    asked: Asked,
    *,
    case_id: str | None = None,
    site_id: str | None = None,
    status: str | None = None,
    service: str | None = None,
) -> Slice[Referral]:
    """The referrals within reach, newest first, without what goes along; audited as one look."""
    work.permissions.require(work.actor, "referrals.read")
    chosen = (
        select(Referral).join(Case, Case.id == Referral.case_id).where(work.case_filter("referrals.read"))
    )
    for column, wanted in (
        (Referral.case_id, case_id),
        (Referral.site_id, site_id),
        (Referral.status, status),
        (Referral.service, service),
    ):
        if wanted is not None:
            chosen = chosen.where(column == wanted)
    found = take(work.session, chosen, asked, [Referral.created_at, Referral.id])
    work.record(
        "referral.list",
        "referral",
        "list",
        site_id=site_id,
        count=len(found.items),
        cases=sorted({row.case_id for row in found.items}),
    )
    return found


def happen(
    work: Work,
    referral_id: str,
    name: str,
    guidance: Guidance,
    *,
    seen: int | None = None,
    reason: str | None = None,
    how: str | None = None,
    note: str | None = None,
    due_at: datetime | None = None,
) -> ReferralSeen | Answered:
    """Record that something happened to a referral; `due_at` is when the next thing is expected, if known.

    Who may record it and not read the referral gets where it stands now, and nothing of the person. What does
    not move the referral (it was printed) leaves its version as it is.

    Raises `Refused` with S180 for an unknown event, S181 for one that cannot be now, S186 without the reason
    or the way that it needs, S191 for a next step in the past, far away or after the end, S182, S183 or S192
    if what the referral rests on is gone before it was sent, S232 if somebody else changed the referral since
    version `seen`, S154 once the case was erased.
    """
    event = guidance.book.event(name)
    row, case = _find(work, referral_id, event.permission, lock=True)
    if seen is not None:
        require_seen(row, seen)
    # What goes on with a referral is recorded after the case was closed as well: help may arrive late.
    _require_possible(guidance.book, row, event)
    _require_word(event.reasons, reason, "reason")
    _require_word(event.how, how, "how")
    _require_time(work, guidance.book, event, due_at)
    if event.needs_consent or _leaves(row, event):
        _require_still_agreed(work, case, row, guidance)
    before = row.status
    if event.to is not None:
        row.status = event.to
        row.due_at = due_at.astimezone(UTC) if due_at is not None else due(event.next_hours, work.now)
        row.version += 1
    _add_event(work, row, case, event.id, reason, how, note)
    _record(work, row, f"referral.{event.id}", before=before, reason=reason, how=how)
    announce(work, f"referral.{event.id}", site_id=row.site_id, **_ids(row))
    if work.permissions.allowed(work.actor, "referrals.read").anywhere and work.reaches(
        case, "referrals.read"
    ):
        return _seen(work, row, case, guidance.book)
    return Answered(row, _allowed(work, guidance.book, row))


def _find(work: Work, referral_id: str, permission: str, *, lock: bool = False) -> tuple[Referral, Case]:
    query = select(Referral).where(Referral.id == referral_id)
    row = work.session.scalars(query.with_for_update() if lock else query).first()
    if row is None:
        work.permissions.require(work.actor, permission)
        raise refused("S150")
    case = work.require_case(row.case_id, permission)
    require_not_erased(case)
    return row, case


def _find_by_key(work: Work, case: Case, new: NewReferral) -> Referral | None:
    if new.client_key is None:
        return None
    found = work.session.scalars(
        select(Referral).where(
            Referral.created_by == work.actor.account_id,
            Referral.client_key == hash_client_key(work, new.client_key),
        )
    ).first()
    same = (case.id, new.route, new.service)
    if found is not None and (found.case_id, found.route, found.service) != same:
        raise refused("S190", field="client_key")
    return found


def _recommended(proposals: Iterable[Proposal], new: NewReferral, book: ReferralBook) -> Proposal | None:
    known = []
    for proposal in proposals:
        if proposal.route == new.route:
            _require_newest(book, new.route, proposal)
            return proposal
        known.append(proposal.route)
    _require_newest(book, new.route, None)
    if not (new.because and new.because.strip()):
        raise refused("S184", field="route", value=new.route, known=listed(known) if known else "–")
    return None


def _require_newest(book: ReferralBook, route: str, proposal: Proposal | None) -> None:
    if route in book.only_if_recommended and (proposal is None or not proposal.in_newest):
        raise refused("S192", field="route", value=route)


def _consent(
    work: Work, case: Case, route: RouteToTake, new: NewReferral, guidance: Guidance
) -> tuple[Consent | None, ConsentException | None]:
    """What the referral rests on: a yes, or an exception of the law; neither where the route needs none."""
    given = consent_for(work, case, "referral", new.service)
    if is_given(given):
        return given, None
    if new.exception is not None:
        return None, _exception(work, case, route, new.exception, new.stated, guidance)
    # Where no yes is needed, nothing about the person goes along; and a no is respected all the same.
    if route.consent == "not_needed" and not is_refused(given) and not new.share and not new.message:
        return None, None
    raise refused("S182", field="service")


def _exception(
    work: Work, case: Case, route: RouteToTake, name: str, stated: Iterable[Fact], guidance: Guidance
) -> ConsentException:
    known = exceptions_for(route.consent, route.id, known_facts(work, case) | set(stated), guidance.duty)
    for item in known:
        if item.id == name:
            return item
    raise refused(
        "S183",
        field="exception",
        value=name,
        known=listed([item.id for item in known]) if known else "–",
    )


def _leaves(row: Referral, event: ReferralEventKind) -> bool:
    """Whether a step makes a referral leave, whatever the words that somebody configured are."""
    return row.status == "created" and event.to not in (None, "created", "cancelled", "closed")


def _require_still_agreed(work: Work, case: Case, row: Referral, guidance: Guidance) -> None:
    if row.route in guidance.book.only_if_recommended:
        found = next((one for one in propose(work, case) if one.route == row.route), None)
        _require_newest(guidance.book, row.route, found)
    said = consent_for(work, case, "referral", row.service)
    if row.exception is not None:
        if not is_given(said):
            route = find_route(rules_of_case(work, case, guidance.engines), row.route)
            stated = _content(work, row, case).get("stated", ())
            _exception(work, case, route, row.exception, stated, guidance)
    elif not is_given(said) if row.consent_id is not None else is_refused(said):
        raise refused("S182", field="service")


def _require_possible(book: ReferralBook, row: Referral, event: ReferralEventKind) -> None:
    known = [item.id for item in book.allowed(row.status, by_exception=row.exception is not None)]
    if event.id not in known:
        raise refused(
            "S181",
            field="event",
            value=row.status,
            key=event.id,
            known=listed(known) if known else "–",
        )


def _require_word(known: Collection[str], given: str | None, key: str) -> None:
    if given is None and not known:
        return
    if given not in known:
        raise refused("S186", field=key, key=key, known=listed(tuple(known)) if known else "–")


def _require_time(work: Work, book: ReferralBook, event: ReferralEventKind, due_at: datetime | None) -> None:
    if due_at is None:
        return
    latest = work.now + timedelta(days=book.longest_days)
    # A clock of another machine may be a little behind: a moment that has just gone is taken.
    if event.next_hours is None or not work.now - _CLOCKS_DIFFER <= due_at <= latest:
        raise refused("S191", field="due_at", limit=book.longest_days)


def _allowed(work: Work, book: ReferralBook, row: Referral) -> tuple[str, ...]:
    return tuple(
        event.id
        for event in book.allowed(row.status, by_exception=row.exception is not None)
        if work.permissions.allowed(work.actor, event.permission).anywhere
    )


def _add_event(
    work: Work,
    row: Referral,
    case: Case,
    event: str,
    reason: str | None,
    how: str | None,
    note: str | None,
) -> None:
    last = work.session.scalar(select(func.max(ReferralEvent.seq)).where(ReferralEvent.referral_id == row.id))
    added = ReferralEvent(
        id=new_id(),
        referral_id=row.id,
        seq=(last or 0) + 1,
        event=event,
        reason=reason,
        how=how,
        note=None,
        by=work.actor.account_id,
        at=work.now,
    )
    if note and note.strip():
        added.note = work.seal(case, "referral_events", "note", added.id, note)
    work.session.add(added)
    work.session.flush()


def _seen(work: Work, row: Referral, case: Case, book: ReferralBook) -> ReferralSeen:
    content = _content(work, row, case)
    events = work.session.scalars(
        select(ReferralEvent).where(ReferralEvent.referral_id == row.id).order_by(ReferralEvent.seq)
    )
    return ReferralSeen(
        referral=row,
        case=case,
        message=content.get("message"),
        share=tuple(content.get("share", ())),
        because=content.get("because"),
        events=tuple(_happened(work, case, event) for event in events),
        allowed=_allowed(work, book, row),
    )


def _content(work: Work, row: Referral, case: Case) -> dict[str, Any]:
    if row.content is None:
        return {}
    content: dict[str, Any] = json.loads(work.open(case, "referrals", "content", row.id, row.content))
    return content


def _happened(work: Work, case: Case, row: ReferralEvent) -> Happened:
    note = None if row.note is None else work.open(case, "referral_events", "note", row.id, row.note)
    return Happened(row.seq, row.event, row.reason, row.how, note, row.by, row.at)


def _ids(row: Referral) -> dict[str, str | int | None]:
    # Which route and why it was declined would say what happened to the person; neither is told.
    return {
        "id": row.id,
        "referral": row.number,
        "service": row.service,
        "status": row.status,
        "version": row.version,
    }


def _record(work: Work, row: Referral, action: str, **detail: str | None) -> None:
    work.record(action, "referral", row.id, case_id=row.case_id, site_id=row.site_id, **detail)


def overdue_by(row: Referral, now: datetime) -> timedelta | None:
    """By how much a referral is late; None if it is not."""
    return now - row.due_at if row.due_at is not None and row.due_at < now else None
