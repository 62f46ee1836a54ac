"""What the person agreed to: for one purpose and one recipient at a time, only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from sqlalchemy import func, select

from indicators.errors import ContentError, listed, nearest
from indicators.fields import Id
from indicators.models import Citation, Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import Consent as ConsentRule
from rules.models import SomeOf
from screening.cases.cases import find_case, require_not_erased
from screening.cases.words import require_word
from screening.referral_stages import DutyToReport
from screening.refusals import refused
from screening.storage.tables.cases import Case, Consent
from screening.storage.tables.interviews import Interview
from screening.storage.types import new_id
from screening.work import Work

_FILE: Final = "screening/cases/consent_exceptions.yaml"

Fact = Literal["child", "danger", "duty_to_report"]


class ConsentException(Content):
    """Why something may be passed on without a yes, explained for the file and for the person."""

    id: Id
    label: Text
    consent: SomeOf[ConsentRule]
    routes: SomeOf[Id] | None = None
    facts: SomeOf[Fact]
    duty: SomeOf[Id] | None = None
    # What is told to the person beforehand: then nothing of the identity goes along.
    nameless: bool = False
    explanation: Text
    said_before: Text | None = None
    sources: SomeOf[Citation]


def record_consent(
    work: Work,
    case_id: str,
    *,
    purpose: str,
    state: str,
    how: str | None,
    services: Mapping[str, object],
    recipient: str | None = None,
    interview_id: str | None = None,
    limits_explained: bool = False,
    note: str | None = None,
) -> Consent:
    """Add a yes, a no or a taking back; what was recorded before stays.

    `services` is the directory. Closed cases take consents as well: a yes can be taken back at any time.
    Raises `Refused` with S159 for an unknown word, S171 if recipient and purpose do not go together, S172 for
    a service that is not in the directory, S179 for an interview of another case, S271 for taking back what
    was never given.
    """
    case = find_case(work, case_id, "consents.write", lock=True)
    require_not_erased(case)
    require_word("consent_purposes", purpose, "purpose")
    require_word("consent_states", state, "state")
    if how is not None:
        require_word("consent_ways", how, "how")
    if (purpose == "referral") != (recipient is not None):
        raise refused("S171", field="recipient")
    if recipient is not None and recipient not in services:
        raise refused(
            "S172",
            field="recipient",
            nearest=nearest(recipient, services),
            known=listed(services),
        )
    if interview_id is not None:
        interview = work.session.get(Interview, interview_id)
        if interview is None or interview.case_id != case.id:
            raise refused("S179", field="interview")
    if state == "withdrawn" and not is_given(consent_for(work, case, purpose, recipient)):
        raise refused("S271", field="state")
    last = work.session.scalar(select(func.max(Consent.seq)).where(Consent.case_id == case.id))
    row = Consent(
        id=new_id(),
        case_id=case.id,
        seq=(last or 0) + 1,
        interview_id=interview_id,
        purpose=purpose,
        recipient=recipient,
        state=state,
        how=how,
        limits_explained=limits_explained,
        by=work.actor.account_id,
        at=work.now,
    )
    row.note = work.seal(case, "consents", "note", row.id, note) if note and note.strip() else None
    work.session.add(row)
    work.session.flush()
    work.record(
        "consent.record",
        "consent",
        row.id,
        case_id=case.id,
        site_id=case.site_id,
        purpose=purpose,
        recipient=recipient,
        state=state,
    )
    return row


def consent_for(work: Work, case: Case, purpose: str, recipient: str | None = None) -> Consent | None:
    """The newest word of the person on one purpose and, for a referral, one service; None for never asked.

    A yes to one service says nothing about another.
    """
    query = (
        select(Consent)
        .where(Consent.case_id == case.id, Consent.purpose == purpose)
        .where(Consent.recipient.is_(None) if recipient is None else Consent.recipient == recipient)
        .order_by(Consent.seq.desc())
        .limit(1)
    )
    return work.session.scalars(query).first()


def is_given(consent: Consent | None) -> bool:
    """Whether the person said yes and has not taken it back."""
    return consent is not None and consent.state == "given"


def is_refused(consent: Consent | None) -> bool:
    """Whether the person said no or took a yes back; never having been asked is neither."""
    return consent is not None and consent.state != "given"


def list_consents(work: Work, case_id: str) -> tuple[Case, Sequence[Consent]]:
    """Everything the person said to every purpose, in order."""
    case = find_case(work, case_id, "cases.read")
    found = work.session.scalars(
        select(Consent).where(Consent.case_id == case.id).order_by(Consent.seq)
    ).all()
    work.record("consent.read", "case", case.id, case_id=case.id, site_id=case.site_id, count=len(found))
    return case, found


def current_consents(consents: Sequence[Consent]) -> Sequence[Consent]:
    """The newest of each purpose and recipient, out of all in order."""
    newest = {(consent.purpose, consent.recipient): consent for consent in consents}
    return sorted(newest.values(), key=lambda consent: consent.seq)


def exceptions_for(
    consent: ConsentRule, route: str, facts: Collection[Fact], duty: DutyToReport
) -> tuple[ConsentException, ...]:
    """The exceptions of the law that hold for a route, given what is known; often none.

    `consent` is what the route of the rules asks for, `duty` the setting as lawyers left it. Who uses one
    names it in the referral, and shows the person its explanation. A no is otherwise respected.
    """
    return tuple(
        item
        for item in consent_exceptions()
        if consent in item.consent
        and (item.routes is None or route in item.routes)
        and set(item.facts) <= set(facts)
        and (item.duty is None or duty.value in item.duty)
    )


@cache
def consent_exceptions() -> tuple[ConsentException, ...]:
    """Every exception there is; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "cases" / "consent_exceptions.yaml").read_bytes(), _FILE)
    items = [] if node is None else [validate(ConsentException, item, faults) for item in node.items]
    found = tuple(item for item in items if item is not None)
    if faults or not found:
        raise ContentError(tuple(faults))
    return found
