"""Saving answers, then saying what they come to: the save is committed first and nothing can undo it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from indicators.errors import AnswersError, ContentError, Fault, fault
from screening.engines import Engines, Rules
from screening.people.access import SYSTEM, Actor
from screening.refusals import refused
from screening.sittings.answers import AnswerWriter, GivenAnswer, Outcome, SavedAnswer
from screening.sittings.live import work_out
from screening.sittings.models import LiveResult
from screening.sittings.programs import rules_of
from screening.sittings.reaching import find_interview
from screening.sittings.snapshots import Look, look_at
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Service, Work

# Finds what is to be saved in the transaction that saves it, where nobody else saves meanwhile.
FindGiven = Callable[[Interview, Case], Sequence[GivenAnswer]]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of each answer, and what all answers come to now.

    `live` is None where that could not be worked out, with the reason in `live_fault`: the answers are saved.
    """

    outcomes: tuple[Outcome, ...]
    version: int
    last_seq: int
    live: LiveResult | None
    live_fault: Fault | None


def save_answers(
    service: Service,
    actor: Actor,
    interview_id: str,
    given: Sequence[GivenAnswer],
    *,
    request_id: str | None = None,
    live: bool = True,
) -> Saved:
    """Save answers, each with an outcome of its own, in one transaction; then work out the result so far.

    Raises `Refused` when the interview cannot be reached. Once this returns, what has a `seq` is there.
    """
    # The program may have to be loaded; nobody is to wait for that behind a lock.
    rules = pinned_rules(service, actor, interview_id, "interviews.write")
    with service.work(actor, request_id) as work:
        outcomes, version, seq = save_within(work, interview_id, rules, lambda *_: given)
    found, problem = _live_after(service, actor, interview_id, outcomes) if live else (None, None)
    return Saved(outcomes, version, seq, found, problem)


def save_within(
    work: Work, interview_id: str, rules: Rules, find: FindGiven
) -> tuple[tuple[Outcome, ...], int, int]:
    """Save answers in a transaction; return what became of each, the version and the last number.

    `rules` are those of `pinned_rules`. Raises `Refused` when the interview cannot be reached.
    """
    interview, case = find_interview(work, interview_id, "interviews.write", lock=True)
    writer = AnswerWriter(work, interview, case, rules)
    outcomes = writer.save(find(interview, case))
    return outcomes, interview.version, writer.seq


def read_live(
    service: Service, actor: Actor, interview_id: str, *, request_id: str | None = None
) -> LiveResult:
    """The result so far; the look is audited. Raises `Refused` with S266 if it cannot be worked out."""
    pinned_rules(service, actor, interview_id, "cases.read")
    with service.work(actor, request_id) as work:
        interview, case = find_interview(work, interview_id, "cases.read")
        look = look_at(work, service.engines, interview, case)
        record_live_read(work, interview)
    try:
        return work_out(look.sitting, look.earlier)
    except Exception as error:
        _log_failure(error)
        raise refused("S266") from error


def record_live_read(work: Work, interview: Interview) -> None:
    """Audit that somebody was shown the result so far."""
    work.record(
        "interview.live_read",
        "interview",
        interview.id,
        case_id=interview.case_id,
        site_id=interview.site_id,
    )


def try_to_look(
    work: Work,
    engines: Engines,
    interview: Interview,
    case: Case,
    current: Mapping[str, SavedAnswer],
    corrected: Sequence[int] = (),
) -> Look | None:
    """What `look_at` gives, or None after a failure, which is logged: it keeps nobody from the answers."""
    try:
        return look_at(work, engines, interview, case, current=current, corrected=corrected)
    except Exception as error:  # noqa: BLE001 - a page with the answers and without a result is worth more than none
        _log_failure(error)
        return None


def try_to_work_out(look: Look) -> LiveResult | None:
    """The result so far, or None after a failure, which is logged: it keeps nobody from the answers."""
    try:
        return work_out(look.sitting, look.earlier, look.before)
    except Exception as error:  # noqa: BLE001 - as above
        _log_failure(error)
        return None


def pinned_rules(service: Service, actor: Actor, interview_id: str, permission: str) -> Rules:
    """The rules an interview is held by, loaded outside of any transaction that writes.

    Raises `Refused` with S121 or S150; who reaches the interview is decided where it is read.
    """
    if actor != SYSTEM:
        service.permissions.require(actor, permission)
    with service.database.reading() as session:
        interview = session.get(Interview, interview_id)
        if interview is None:
            raise refused("S150")
        return rules_of(session, service.engines, interview.digest, interview.revision)


def _live_after(
    service: Service, actor: Actor, interview_id: str, outcomes: Sequence[Outcome]
) -> tuple[LiveResult | None, Fault | None]:
    corrected = corrections(outcomes)
    try:
        with service.work(actor, writes=False) as work:
            # Who saved has just been let in.
            interview = work.session.get_one(Interview, interview_id)
            case = work.session.get_one(Case, interview.case_id)
            look = look_at(work, service.engines, interview, case, corrected=corrected)
        return work_out(look.sitting, look.earlier, look.before), None
    except Exception as error:  # noqa: BLE001 - the answers are saved: nothing here may make anybody doubt that
        _log_failure(error)
        return None, fault("S260")


def corrections(outcomes: Iterable[Outcome]) -> list[int]:
    """The numbers of the answers that replaced others."""
    return [one.seq for one in outcomes if one.replaced is not None and one.seq is not None]


def _log_failure(error: Exception) -> None:
    codes = [one.code for one in error.faults] if isinstance(error, AnswersError | ContentError) else []
    structlog.get_logger().error("live_result_failed", kind=type(error).__name__, codes=codes)
