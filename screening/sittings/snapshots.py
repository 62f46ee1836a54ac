"""What an evaluation needs of an interview, read in one transaction, so that it can run outside of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from indicators.answers import Answer
from screening.clock import day_in_kuwait
from screening.engines import Engines, Rules
from screening.sittings.answers import SavedAnswer, read_before, read_current, values_of
from screening.sittings.programs import rules_of
from screening.sittings.reaching import assessment_of
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Work

# Who follows whom cannot be a circle; this only bounds how far back anybody looks.
MOST_FOLLOWED = 20


@dataclass(frozen=True, slots=True)
class Result:
    """A final result, as far as others beside it need it."""

    id: str
    outcome: str
    as_of: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """One interview as it stood at `seq`: its rules and the answers that counted. No record of a database."""

    interview: str
    instrument: str
    case_number: str
    rules: Rules
    current: Mapping[str, SavedAnswer]
    seq: int
    as_of: date
    result: Result | None

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers for an evaluation."""
        return values_of(self.current)


@dataclass(frozen=True, slots=True)
class Look:
    """What the result so far of an interview is worked out from, once the transaction has ended.

    `before` are the answers before a correction, if there was one.
    """

    sitting: Sitting
    earlier: tuple[Sitting, ...]
    before: Mapping[str, Answer] | None


def look_at(
    work: Work,
    engines: Engines,
    interview: Interview,
    case: Case,
    *,
    current: Mapping[str, SavedAnswer] | None = None,
    corrected: Sequence[int] = (),
) -> Look:
    """An interview with those that it follows; `corrected` are the numbers of answers that replaced others.

    `current` are its present answers, if they were read in this transaction already.
    """
    sitting = read_sitting(work, engines, interview, case, current=current)
    before = None
    if corrected:
        forms = sitting.rules.forms
        then = read_before(work, case, interview.id, forms, sitting.current, min(corrected) - 1)
        before = values_of(then)
    return Look(sitting, read_followed(work, engines, interview, case), before)


def read_sitting(
    work: Work,
    engines: Engines,
    interview: Interview,
    case: Case,
    up_to: int | None = None,
    current: Mapping[str, SavedAnswer] | None = None,
) -> Sitting:
    """One interview as it stands now, or stood at a number; evaluated as of today in Kuwait."""
    rules = rules_of(work.session, engines, interview.digest, interview.revision)
    if current is None:
        current = read_current(work, case, interview.id, rules.forms, up_to)
    final = assessment_of(work, interview.id) if interview.status == "finished" else None
    return Sitting(
        interview=interview.id,
        instrument=interview.instrument,
        case_number=case.number,
        rules=rules,
        current=current,
        seq=max((one.seq for one in current.values()), default=0),
        as_of=day_in_kuwait(work.now),
        result=None if final is None else Result(final.id, final.outcome, final.as_of, final.at),
    )


def read_followed(work: Work, engines: Engines, interview: Interview, case: Case) -> tuple[Sitting, ...]:
    """The interviews that this one follows, nearest first."""
    return tuple(read_sitting(work, engines, one, case) for one in followed(work, interview))


def followed(work: Work, interview: Interview) -> Iterator[Interview]:
    """The interviews before this one, nearest first."""
    current: Interview | None = interview
    for _ in range(MOST_FOLLOWED):
        if current is None or current.follows_id is None:
            return
        current = work.session.get(Interview, current.follows_id)
        if current is not None:
            yield current
