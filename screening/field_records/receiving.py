"""A sealed record becomes a case and an interview in the inspector's visit; sent twice it is taken once.

What the service comes to is the record. It evaluates by the program that the device had; a digest that
differs from the device's is kept and raised as an incident.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from rules.results import canonical_result, result_digest
from screening.cases.cases import hash_client_key
from screening.cases.visits import create_visit
from screening.cases.workplaces import find_or_create
from screening.cases.writing import fold_number
from screening.clock import day_in_kuwait
from screening.engines import Rules
from screening.field_records.contents import Told, VisitTold, read_told
from screening.field_records.policies import field_policies
from screening.field_records.sealing import SealedRecord, open_sealed
from screening.people.access import Actor
from screening.refusals import Refused, refused
from screening.sittings.answers import last_seq, read_current, values_of
from screening.sittings.finishing import finish_interview, show_assessment
from screening.sittings.interviews import NewInterview, begin_interview
from screening.sittings.models import FinalAssessment
from screening.sittings.programs import rules_of
from screening.sittings.reaching import assessment_of, find_interview
from screening.storage.tables.cases import Case
from screening.storage.tables.field import FieldRecord
from screening.storage.tables.sites import SiteVisit, Workplace
from screening.work import Service, Work

_TABLE: Final = "field_records"
# The program of the device is not here any more; its results cannot be compared.
_UNKNOWN: Final = "program_unknown"
_DIFFERS: Final = "result_differs"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a record: once a device has this, it may forget the record.

    `waits` says that a person has to look before there is a final assessment.
    """

    id: str
    case_number: str
    repeated: bool
    differs: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class _Device:
    """What the device said about its own result."""

    as_of: date
    program: str
    digest: str
    # Whether the interview is held by the program that the device had.
    same_program: bool


def receive_record(
    service: Service, actor: Actor, record: SealedRecord, *, request_id: str | None = None
) -> Receipt:
    """Take a record: its answers are stored once this returns, and evaluated here.

    Raises `Refused` with S290 to S294 for what cannot be opened or is not this account's, with the codes of
    visits and interviews where those refuse, and `AnswersError` for answers that the rules do not know.
    Cut off at any point it can be sent again: what was done is not done twice.
    """
    repeated = _is_known(service, actor, record)
    if not repeated:
        _take(service, actor, record, request_id)
    with service.work(actor, writes=False) as work:
        row = work.session.get_one(FieldRecord, record.id)
        case = work.session.get_one(Case, row.case_id)
        # An erased case stays erased, whatever a device still holds.
        done = row.state == "finished" or case.status == "erased"
        receipt = Receipt(row.id, case.number, repeated, bool(row.differs), row.state == "waiting")
    return receipt if done else _finish(service, actor, record.id, repeated, request_id)


def _is_known(service: Service, actor: Actor, record: SealedRecord) -> bool:
    with service.work(actor, writes=False) as work:
        work.permissions.require(actor, "visits.write")
        row = work.session.get(FieldRecord, record.id)
        if row is None:
            return False
        if row.account_id != actor.account_id:
            raise refused("S293")
        case = work.session.get_one(Case, row.case_id)
        if case.status != "erased" and row.request_hash != _hash(work, case, record):
            raise refused("S294")
        return True


def _take(service: Service, actor: Actor, record: SealedRecord, request_id: str | None) -> None:
    with service.work(actor, writes=False) as work:
        told = read_told(open_sealed(work, record))
    if told.account != actor.account_id:
        raise refused("S293")
    if told.id != record.id:
        raise refused("S290")
    rules, same_program = _rules_for(service, told)
    device = _Device(told.as_of, told.program, told.result_digest, same_program)
    with service.work(actor, request_id) as work:
        visit = _find_or_create_visit(work, told.visit)
        new = NewInterview(
            told.instrument,
            site_id=told.visit.site,
            visit_id=visit.id,
            language=told.language,
            client_key=_key(told.id),
            answers=told.answers,
        )
        interview, case = begin_interview(work, rules, new)
        row = FieldRecord(
            id=told.id,
            key_id=record.key,
            account_id=actor.account_id,
            case_id=case.id,
            interview_id=interview.id,
            state="received",
            position=told.position,
            finished_at=told.finished_at,
            received_at=work.now,
            request_hash=_hash(work, case, record),
        )
        row.device_result = work.seal(case, _TABLE, "device_result", row.id, _write(device))
        try:
            with work.session.begin_nested():
                work.session.add(row)
                work.session.flush()
        except IntegrityError:
            # The same record twice at once: the other has begun it, and both go on with that one.
            if work.session.get(FieldRecord, told.id, populate_existing=True) is None:
                raise
            return
        work.record(
            "field_record.receive",
            "field_record",
            row.id,
            case_id=case.id,
            site_id=case.site_id,
            interview=interview.id,
            visit=visit.id,
        )


def _finish(
    service: Service, actor: Actor, record_id: str, repeated: bool, request_id: str | None
) -> Receipt:
    with service.work(actor, writes=False) as work:
        row = work.session.get_one(FieldRecord, record_id)
        interview, case = find_interview(work, row.interview_id, "assessments.finish")
        device = _read(work.open(case, _TABLE, "device_result", row.id, row.device_result))
        rules = rules_of(work.session, service.engines, interview.digest, interview.revision)
        seq, number, instrument = last_seq(work, interview.id), case.number, interview.instrument
        answers = values_of(read_current(work, case, interview.id, rules.forms, up_to=seq))
        as_of = _day_of(work, device.as_of)
        interview_id = interview.id
    final = _assess(service, actor, interview_id, seq, as_of, request_id)
    if final is not None and final.as_of == device.as_of.isoformat():
        ours = final.result_digest
    else:
        evaluation = rules.engine.evaluate(answers, device.as_of, instrument)
        ours = result_digest(canonical_result(rules.engine.reference, evaluation))
    differs = not device.same_program or ours != device.digest
    with service.work(actor, request_id) as work:
        row = work.session.get_one(FieldRecord, record_id, with_for_update=True)
        first = row.differs is None
        row.differs = differs
        row.state = "waiting" if final is None else "finished"
        if first and differs:
            kind = _DIFFERS if device.same_program else _UNKNOWN
            work.record(
                "field_record.differs",
                "field_record",
                row.id,
                case_id=row.case_id,
                site_id=work.session.get_one(Case, row.case_id).site_id,
                interview=row.interview_id,
                kind=kind,
                program=device.program,
            )
            work.afterwards.append(_log_later(kind, device.program, number))
    return Receipt(record_id, number, repeated, differs, final is None)


def _assess(
    service: Service, actor: Actor, interview_id: str, seq: int, as_of: date, request_id: str | None
) -> FinalAssessment | None:
    """The final assessment; None where a person has to look before there is one."""
    try:
        return finish_interview(
            service, actor, interview_id, seen_seq=seq, as_of=as_of, request_id=request_id
        )
    except Refused as error:
        code = error.faults[0].code
        if code == "S169":
            return None
        # It was finished before an answer reached the device, or somebody went on with it on the desk.
        if code not in ("S250", "S261", "S168", "S153"):
            raise
    with service.work(actor, writes=False) as work:
        found = assessment_of(work, interview_id)
        if found is None:
            return None
        return show_assessment(work, work.session.get_one(Case, found.case_id), found)


def _day_of(work: Work, told: date) -> date:
    """The day of the screening; today where the device's clock cannot be right."""
    today = day_in_kuwait(work.now)
    oldest = today - timedelta(days=field_policies().oldest_days.value)
    return told if oldest <= told <= today else today


def _rules_for(service: Service, told: Told) -> tuple[Rules, bool]:
    """The rules that the device had; those in force where they are unknown here: a screening is not lost."""
    try:
        with service.database.reading() as session:
            return rules_of(session, service.engines, told.program, told.revision), True
    except Refused as error:
        if error.faults[0].code != "S262":
            raise
    return service.engines.rules_for(told.rule_set, None, day_in_kuwait(service.clock())), False


def _find_or_create_visit(work: Work, told: VisitTold) -> SiteVisit:
    # A visit that somebody closed meanwhile takes no more interviews: what comes late has one of its own.
    for key in (_key(told.id), _key(f"{told.id}.late")):
        query = select(SiteVisit).where(
            SiteVisit.created_by == work.actor.account_id,
            SiteVisit.client_key == hash_client_key(work, key),
        )
        found = work.session.scalars(query).first()
        if found is None:
            workplace = _find_workplace(work, told)
            # What leads to no workplace is kept as it was typed.
            note = None if workplace is not None else told.number or None
            return create_visit(work, told.site, workplace_id=workplace, note=note, client_key=key)
        if found.status == "open":
            work.require_site(found.site_id, "visits.write")
            return found
    raise refused("S177", field="visit")


def _find_workplace(work: Work, told: VisitTold) -> str | None:
    if told.number_kind == "code":
        code = told.number.strip().upper()
        return work.session.scalars(select(Workplace.id).where(Workplace.code == code)).first()
    if not fold_number(told.number):
        return None
    found, _ = find_or_create(work, kind=told.workplace_kind, register_number=told.number)
    return found.id


def _hash(work: Work, case: Case, record: SealedRecord) -> str:
    whole = b"\x1f".join((record.key.encode(), record.ephemeral, record.nonce, record.sealed))
    return work.digest(case, "field_records.request_hash", hashlib.sha256(whole).hexdigest())


def _key(id: str) -> str:
    return f"field.{id}"


def _write(device: _Device) -> str:
    return json.dumps(
        {
            "as_of": device.as_of.isoformat(),
            "program": device.program,
            "result_digest": device.digest,
            "same_program": device.same_program,
        }
    )


def _read(text: str) -> _Device:
    found = json.loads(text)
    return _Device(
        date.fromisoformat(found["as_of"]), found["program"], found["result_digest"], found["same_program"]
    )


def _log_later(kind: str, program: str, number: str) -> Callable[[], None]:
    def log() -> None:
        structlog.get_logger().error("field_incident", kind=kind, digest=program, case=number)

    return log
