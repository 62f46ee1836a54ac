"""The answers of an interview: read as they were saved, and saved as revisions that are never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from indicators.answers import Answer, read_answer, read_answers, write_answer
from indicators.errors import AnswersError, Fault, fault
from indicators.forms import QuestionForm
from screening.answer_sentences import describe_answer
from screening.engines import Rules
from screening.sittings.models import (
    AnswerConflict,
    AnswerHistory,
    AnswerRevisionShown,
    AnswerShown,
    AnswersShown,
    UnsavedAnswer,
)
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import AnswerRevision, Interview
from screening.storage.types import new_id
from screening.work import Work

# The question whose answer lists of interviews are filtered by.
ENTRY_MODE: Final = "entry_mode"
_TABLE: Final = "answers"
_REFUSED_WHILE: Final[Mapping[str, str]] = {"finished": "S162", "paused": "S163", "abandoned": "S164"}


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer that somebody wants to save; `follows_seq` is the revision of the question that he saw."""

    question: str
    answer: object
    client_key: str
    follows_seq: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer: saved or saved before (`seq`), in conflict, or refused (`faults`).

    `replaced` is the number of the revision that a newly saved one follows.
    """

    client_key: str
    question: str
    seq: int | None = None
    repeated: bool = False
    replaced: int | None = None
    faults: tuple[Fault, ...] = ()
    conflict: AnswerConflict | None = None


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """One revision as it was read back; it outlives the transaction that read it."""

    seq: int
    by: str
    at: datetime
    answer: Answer
    # None also where notes were not read.
    note: str | None = None


def read_current(
    work: Work, case: Case, interview_id: str, forms: Mapping[str, QuestionForm], up_to: int | None = None
) -> dict[str, SavedAnswer]:
    """The answer that counts for every question that was touched, by question; `up_to` a number if given."""
    return {
        row.question: SavedAnswer(row.seq, row.by, row.at, open_answer(work, case, row, forms))
        for row, _ in _newest(work, interview_id, up_to=up_to)
    }


def read_before(
    work: Work,
    case: Case,
    interview_id: str,
    forms: Mapping[str, QuestionForm],
    current: Mapping[str, SavedAnswer],
    up_to: int,
) -> dict[str, SavedAnswer]:
    """What `read_current` gave at a number, of which only what has changed since is read."""
    found = {name: one for name, one in current.items() if one.seq <= up_to}
    for row, _ in _newest(work, interview_id, up_to=up_to, questions=sorted(current.keys() - found.keys())):
        found[row.question] = SavedAnswer(row.seq, row.by, row.at, open_answer(work, case, row, forms))
    return found


def read_with_notes(
    work: Work, interview: Interview, case: Case, rules: Rules, *, after_saving: bool = False
) -> dict[str, SavedAnswer]:
    """What `read_current` gives, with the notes; the look is audited as that of `list_answers` is.

    Who has just saved an answer is shown what became of it: one act with the saving, and audited as that.
    """
    found = {
        row.question: SavedAnswer(
            row.seq, row.by, row.at, open_answer(work, case, row, rules.forms), open_note(work, case, row)
        )
        for row, _ in _newest(work, interview.id)
    }
    if not after_saving:
        _record_read(work, interview, case, "interview.answers_read", count=len(found))
    return found


def values_of(current: Mapping[str, SavedAnswer]) -> dict[str, Answer]:
    """The answers for an evaluation; what was taken back counts as not asked."""
    return {name: one.answer for name, one in current.items() if one.answer.state != "not_asked"}


def open_answer(work: Work, case: Case, row: AnswerRevision, forms: Mapping[str, QuestionForm]) -> Answer:
    """One saved answer; raises `Refused` with S103 once the case was erased."""
    plain = json.loads(work.open(case, _TABLE, "answer", row.id, row.answer))
    return read_answer(forms[row.question], plain)


def open_note(work: Work, case: Case, row: AnswerRevision) -> str | None:
    """The note beside one saved answer; raises `Refused` with S103 once the case was erased."""
    return None if row.note is None else work.open(case, _TABLE, "note", row.id, row.note)


def hash_client_key(work: Work, case: Case, client_key: str) -> str:
    """What is kept of the key of an answer: a client may put anything into its keys, even a name."""
    return work.digest(case, "answers.client_key", client_key)


def last_seq(work: Work, interview_id: str) -> int:
    """The number of the last saved answer; 0 before the first."""
    query = select(func.max(AnswerRevision.seq)).where(AnswerRevision.interview_id == interview_id)
    return work.session.scalar(query) or 0


def list_answers(work: Work, interview: Interview, case: Case, rules: Rules) -> AnswersShown:
    """Every question that was touched, with the answer that counts; the look is audited."""
    shown = tuple(
        AnswerShown(
            question=row.question,
            text=rules.sentences.question(row.question),
            earlier=saved - 1,
            **_revision(work, case, row, rules),
        )
        for row, saved in _newest(work, interview.id)
    )
    _record_read(work, interview, case, "interview.answers_read", count=len(shown))
    return AnswersShown(
        interview=interview.id,
        version=interview.version,
        last_seq=max((one.seq for one in shown), default=0),
        answers=shown,
    )


def read_history(work: Work, interview: Interview, case: Case, rules: Rules, question: str) -> AnswerHistory:
    """Everything saved for one question, oldest first; `AnswersError` with A002 for an unknown one."""
    if question not in rules.forms:
        # The reader of answers names the nearest question; there is nothing else to read.
        read_answers(rules.forms, {question: ""}, "question")
    query = select(AnswerRevision).where(
        AnswerRevision.interview_id == interview.id, AnswerRevision.question == question
    )
    rows = work.session.scalars(query.order_by(AnswerRevision.seq)).all()
    _record_read(work, interview, case, "interview.history_read", question=question, count=len(rows))
    return AnswerHistory(
        interview=interview.id,
        question=question,
        text=rules.sentences.question(question),
        revisions=tuple(_show_revision(work, case, row, rules) for row in rows),
    )


class AnswerWriter:
    """Saves answers to one interview, whose row the transaction holds."""

    def __init__(self, work: Work, interview: Interview, case: Case, rules: Rules) -> None:
        self.work = work
        self.interview = interview
        self.case = case
        self.rules = rules
        self.seq = last_seq(work, interview.id)

    def save(self, given: Sequence[GivenAnswer]) -> tuple[Outcome, ...]:
        """Save what can be saved, in order; each answer has its own outcome and none disturbs another.

        Raises nothing for a wrong answer: its outcome says what is wrong. What was saved before under the
        same client key is not saved again, also when the interview has ended since.
        """
        outcomes = tuple(self._save(one) for one in given)
        saved = [one for one in outcomes if one.seq is not None and not one.repeated]
        if saved:
            self.work.session.flush()
            self._record(
                "interview.answer",
                questions=[one.question for one in saved],
                seqs=[one.seq for one in saved],
                corrections=sum(one.replaced is not None for one in saved),
            )
        conflicts = [one for one in outcomes if one.conflict is not None]
        if conflicts:
            # The answer of the other was shown: that is a look at it.
            self._record("interview.answer_conflict", questions=[one.question for one in conflicts])
        return outcomes

    def _save(self, given: GivenAnswer) -> Outcome:
        content = self._hash(given)
        earlier = self._saved_before(given.client_key)
        if earlier is not None:
            if earlier.request_hash == content and earlier.question == given.question:
                return Outcome(given.client_key, given.question, earlier.seq, repeated=True)
            return self._refuse(given, [fault("S161", field="client_key")])
        code = "S153" if self.case.status == "closed" else _REFUSED_WHILE.get(self.interview.status)
        if code is not None:
            return self._refuse(given, [fault(code)])
        try:
            # A question missing there and an answer that is wrong have the same reader.
            answer = read_answers(self.rules.forms, {given.question: given.answer})[given.question]
        except AnswersError as error:
            return self._refuse(given, error.faults)
        newest = self._newest(given.question)
        if (newest.seq if newest is not None else None) != given.follows_seq:
            return self._conflict(given, newest, answer)
        row = self._add(given, answer, content)
        return Outcome(
            given.client_key, given.question, row.seq, replaced=None if newest is None else newest.seq
        )

    def _add(self, given: GivenAnswer, answer: Answer, content: str) -> AnswerRevision:
        work, case = self.work, self.case
        self.seq += 1
        row = AnswerRevision(
            id=new_id(),
            interview_id=self.interview.id,
            seq=self.seq,
            question=given.question,
            follows_seq=given.follows_seq,
            client_key=self._hash_key(given.client_key),
            request_hash=content,
            by=work.actor.account_id,
            at=work.now,
        )
        row.answer = work.seal(case, _TABLE, "answer", row.id, json.dumps(write_answer(answer)))
        row.note = None if given.note is None else work.seal(case, _TABLE, "note", row.id, given.note)
        work.session.add(row)
        work.session.flush()
        self.interview.version += 1
        if given.question == ENTRY_MODE:
            self.interview.entry_mode = str(answer.value) if answer.state == "value" else None
        return row

    def _conflict(self, given: GivenAnswer, newest: AnswerRevision | None, answer: Answer) -> Outcome:
        shown = None if newest is None else _show_revision(self.work, self.case, newest, self.rules)
        sent = UnsavedAnswer(answer=write_answer(answer), note=given.note, follows_seq=given.follows_seq)
        return Outcome(
            given.client_key,
            given.question,
            faults=(fault("S160", field=f"answers.{given.question}"),),
            conflict=AnswerConflict(question=given.question, saved=shown, sent=sent),
        )

    def _refuse(self, given: GivenAnswer, faults: Iterable[Fault]) -> Outcome:
        return Outcome(given.client_key, given.question, faults=tuple(faults))

    def _saved_before(self, client_key: str) -> AnswerRevision | None:
        query = select(AnswerRevision).where(
            AnswerRevision.interview_id == self.interview.id,
            AnswerRevision.client_key == self._hash_key(client_key),
        )
        return self.work.session.scalars(query).first()

    def _newest(self, question: str) -> AnswerRevision | None:
        query = select(AnswerRevision).where(
            AnswerRevision.interview_id == self.interview.id, AnswerRevision.question == question
        )
        return self.work.session.scalars(query.order_by(AnswerRevision.seq.desc()).limit(1)).first()

    def _hash_key(self, client_key: str) -> str:
        return hash_client_key(self.work, self.case, client_key)

    def _hash(self, given: GivenAnswer) -> str:
        text = json.dumps([given.question, given.answer, given.note], sort_keys=True, default=str)
        return self.work.digest(self.case, "answers.request_hash", text)

    def _record(self, action: str, **detail: Any) -> None:
        interview = self.interview
        self.work.record(
            action, "interview", interview.id, case_id=interview.case_id, site_id=interview.site_id, **detail
        )


def _newest(
    work: Work, interview_id: str, *, up_to: int | None = None, questions: Sequence[str] | None = None
) -> Sequence[tuple[AnswerRevision, int]]:
    """The last revision of every question and how many there are of it, in the order of the names.

    The database finds them: a long interview has many revisions, and this is read with every saved answer.
    """
    of_interview = AnswerRevision.interview_id == interview_id
    numbers = select(func.max(AnswerRevision.seq).label("seq"), func.count().label("saved")).where(
        of_interview
    )
    if up_to is not None:
        numbers = numbers.where(AnswerRevision.seq <= up_to)
    if questions is not None:
        numbers = numbers.where(AnswerRevision.question.in_(questions))
    newest = numbers.group_by(AnswerRevision.question).subquery()
    query = select(AnswerRevision, newest.c.saved).join(newest, AnswerRevision.seq == newest.c.seq)
    found = work.session.execute(query.where(of_interview)).all()
    # Databases sort by their own rules; names sort the same everywhere.
    return sorted(((row, saved) for row, saved in found), key=lambda one: one[0].question)


def _show_revision(work: Work, case: Case, row: AnswerRevision, rules: Rules) -> AnswerRevisionShown:
    return AnswerRevisionShown(**_revision(work, case, row, rules))


def _revision(work: Work, case: Case, row: AnswerRevision, rules: Rules) -> dict[str, Any]:
    answer = open_answer(work, case, row, rules.forms)
    return {
        "seq": row.seq,
        "follows_seq": row.follows_seq,
        "state": answer.state,
        "answer": write_answer(answer),
        "note": open_note(work, case, row),
        "sentence": describe_answer(rules.sentences, row.question, answer, relevant=True).sentence,
        "by": row.by,
        "at": row.at,
    }


def _record_read(work: Work, interview: Interview, case: Case, action: str, **detail: Any) -> None:
    work.record(action, "interview", interview.id, case_id=case.id, site_id=interview.site_id, **detail)
