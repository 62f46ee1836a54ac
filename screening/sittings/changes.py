"""What somebody changed in a form that was open for a while: against what it showed, and what stands now.

A form sends every question it shows. Whoever left one alone has changed nothing, whatever others saved
meanwhile; and whoever gives the answer that stands already has nothing to save.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from indicators.answers import NOT_ASKED, Answer, write_answer
from indicators.forms import QuestionForm
from screening.sittings.answers import GivenAnswer, hash_client_key, open_answer
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import AnswerRevision, Interview
from screening.work import Work


@dataclass(frozen=True, slots=True)
class Draft:
    """One question of a form as it came back: the answer (None: nothing chosen), the note, what was shown."""

    question: str
    answer: Answer | None
    note: str | None
    follows_seq: int | None


@dataclass(frozen=True, slots=True)
class _Kept:
    seq: int
    follows_seq: int | None
    client_key: str
    answer: Answer
    note: str | None


def find_changes(
    work: Work,
    interview: Interview,
    case: Case,
    forms: Mapping[str, QuestionForm],
    drafts: list[Draft],
    nonce: str,
) -> list[GivenAnswer]:
    """The answers of a form that are to be saved, in its order.

    `nonce` marks one showing of the form. What that showing has saved already, while its answer was still on
    the way or got lost, is its own: it goes on from there, and does not meet itself as somebody else.
    """
    kept = _read_kept(work, interview, case, forms, [one.question for one in drafts])
    found = []
    for draft in drafts:
        revisions = kept.get(draft.question, [])
        seen = next((one for one in revisions if one.seq == draft.follows_seq), None)
        follows = draft.follows_seq
        while True:
            key = work.digest(case, "answers.form", f"{nonce} {draft.question} {follows}")
            hidden = hash_client_key(work, case, key)
            own = next(
                (one for one in revisions if one.follows_seq == follows and one.client_key == hidden), None
            )
            if own is None:
                break
            seen, follows = own, own.seq
        newest = revisions[-1] if revisions else None
        given = _given(draft, seen)
        if given is None or _says(seen, given, draft.note) or _says(newest, given, draft.note):
            continue
        found.append(GivenAnswer(draft.question, write_answer(given), key, follows, draft.note))
    return found


def _given(draft: Draft, seen: _Kept | None) -> Answer | None:
    """The answer that a draft stands for; a note alone leaves the answer as it was."""
    if draft.answer is not None:
        return draft.answer
    if draft.note is None:
        return None
    return NOT_ASKED if seen is None else seen.answer


def _says(kept: _Kept | None, answer: Answer, note: str | None) -> bool:
    return kept is not None and (kept.answer, kept.note) == (answer, note)


def _read_kept(
    work: Work, interview: Interview, case: Case, forms: Mapping[str, QuestionForm], questions: list[str]
) -> dict[str, list[_Kept]]:
    query = (
        select(AnswerRevision)
        .where(AnswerRevision.interview_id == interview.id, AnswerRevision.question.in_(questions))
        .order_by(AnswerRevision.seq)
    )
    found: dict[str, list[_Kept]] = {}
    for row in work.session.scalars(query):
        note = None if row.note is None else work.open(case, "answers", "note", row.id, row.note)
        answer = open_answer(work, case, row, forms)
        found.setdefault(row.question, []).append(
            _Kept(row.seq, row.follows_seq, row.client_key, answer, note)
        )
    return found
