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
from screening.sittings.answers import GivenAnswer, hash_client_key, open_answer, open_note
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
    kept = _read_kept(work, interview, [one.question for one in drafts])
    found = []

    def says(row: AnswerRevision | None, answer: Answer, note: str | None) -> bool:
        # A question may have been answered often: only what is compared is opened.
        return row is not None and (open_answer(work, case, row, forms), open_note(work, case, row)) == (
            answer,
            note,
        )

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
        given = draft.answer
        had_note = seen is not None and seen.note is not None
        if given is None and (draft.note is not None or had_note):
            # A note alone leaves the answer as it was, written or taken out.
            given = NOT_ASKED if seen is None else open_answer(work, case, seen, forms)
        if given is None or says(seen, given, draft.note):
            continue
        if newest is not seen and says(newest, given, draft.note):
            continue
        found.append(GivenAnswer(draft.question, write_answer(given), key, follows, draft.note))
    return found


def _read_kept(work: Work, interview: Interview, questions: list[str]) -> dict[str, list[AnswerRevision]]:
    query = (
        select(AnswerRevision)
        .where(AnswerRevision.interview_id == interview.id, AnswerRevision.question.in_(questions))
        .order_by(AnswerRevision.seq)
    )
    found: dict[str, list[AnswerRevision]] = {}
    for row in work.session.scalars(query):
        found.setdefault(row.question, []).append(row)
    return found
