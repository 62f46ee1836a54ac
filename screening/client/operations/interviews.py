"""Operations: interviews. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from screening.client.connections import Connection
from screening.client.models.interviews import (
    Abandonment,
    AnswerSaved,
    AnswersSaved,
    Finish,
    NewAnswer,
    NewAnswers,
    NewInterviewBody,
    PageInterviewShown,
    PassingOn,
    Pause,
    Resume,
    SittingWordShown,
)
from screening.sittings.models import (
    AnswerHistory,
    AnswersShown,
    ContradictionsShown,
    FinalAssessment,
    HandOverShown,
    InterviewShown,
    LastTime,
    LiveResult,
)


class InterviewsOperations(Connection):
    """The operations on interviews."""

    def list_interviews(
        self,
        *,
        status: Literal["open", "paused", "finished", "abandoned"] | None = None,
        holder: str | None = None,
        mine: bool | None = None,
        case: str | None = None,
        site: str | None = None,
        visit: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageInterviewShown:
        """Interviews within reach."""
        answered: PageInterviewShown = self.call(
            "GET",
            "/api/v1/interviews",
            PageInterviewShown,
            query={
                "status": status,
                "holder": holder,
                "mine": mine,
                "case": case,
                "site": site,
                "visit": visit,
                "limit": limit,
                "cursor": cursor,
            },
        )
        return answered

    def create_interview(self, body: NewInterviewBody, *, key: str | None = None) -> InterviewShown:
        """Begin an interview."""
        answered: InterviewShown = self.call(
            "POST", "/api/v1/interviews", InterviewShown, body=body, key=key, creates=True
        )
        return answered

    def list_interview_words(self) -> dict[str, list[SittingWordShown]]:
        """The reasons to choose from."""
        answered: dict[str, list[SittingWordShown]] = self.call(
            "GET", "/api/v1/interview-words", dict[str, list[SittingWordShown]]
        )
        return answered

    def read_interview(self, id: str) -> InterviewShown:
        """One interview."""
        answered: InterviewShown = self.call(
            "GET", "/api/v1/interviews/{id}", InterviewShown, path={"id": id}
        )
        return answered

    def list_interview_answers(self, id: str) -> AnswersShown:
        """The answers that count."""
        answered: AnswersShown = self.call(
            "GET", "/api/v1/interviews/{id}/answers", AnswersShown, path={"id": id}
        )
        return answered

    def save_answer(self, id: str, body: NewAnswer, *, live: bool | None = None) -> AnswerSaved:
        """Save one answer."""
        answered: AnswerSaved = self.call(
            "POST",
            "/api/v1/interviews/{id}/answers",
            AnswerSaved,
            path={"id": id},
            query={"live": live},
            body=body,
        )
        return answered

    def read_answer_history(self, id: str, question: str) -> AnswerHistory:
        """Every answer to one question."""
        answered: AnswerHistory = self.call(
            "GET",
            "/api/v1/interviews/{id}/answers/{question}",
            AnswerHistory,
            path={"id": id, "question": question},
        )
        return answered

    def save_several_answers(self, id: str, body: NewAnswers, *, live: bool | None = None) -> AnswersSaved:
        """Save several answers."""
        answered: AnswersSaved = self.call(
            "POST",
            "/api/v1/interviews/{id}/answers/batch",
            AnswersSaved,
            path={"id": id},
            query={"live": live},
            body=body,
        )
        return answered

    def read_live_result(self, id: str) -> LiveResult:
        """What the answers so far come to."""
        answered: LiveResult = self.call("GET", "/api/v1/interviews/{id}/live", LiveResult, path={"id": id})
        return answered

    def list_contradictions(self, id: str) -> ContradictionsShown:
        """Answers that do not fit together."""
        answered: ContradictionsShown = self.call(
            "GET", "/api/v1/interviews/{id}/contradictions", ContradictionsShown, path={"id": id}
        )
        return answered

    def read_last_time(self, id: str) -> LastTime:
        """What the interview before left open."""
        answered: LastTime = self.call("GET", "/api/v1/interviews/{id}/last-time", LastTime, path={"id": id})
        return answered

    def list_interview_hand_overs(self, id: str) -> dict[str, list[HandOverShown]]:
        """How it was passed on."""
        answered: dict[str, list[HandOverShown]] = self.call(
            "GET", "/api/v1/interviews/{id}/hand-overs", dict[str, list[HandOverShown]], path={"id": id}
        )
        return answered

    def pause_interview(self, id: str, body: Pause, *, seen: int | None = None) -> InterviewShown:
        """Stop for now."""
        answered: InterviewShown = self.call(
            "POST",
            "/api/v1/interviews/{id}/pause",
            InterviewShown,
            path={"id": id},
            body=body,
            seen=seen,
            changes=True,
        )
        return answered

    def resume_interview(self, id: str, body: Resume, *, seen: int | None = None) -> InterviewShown:
        """Go on."""
        answered: InterviewShown = self.call(
            "POST",
            "/api/v1/interviews/{id}/resume",
            InterviewShown,
            path={"id": id},
            body=body,
            seen=seen,
            changes=True,
        )
        return answered

    def hand_over_interview(self, id: str, body: PassingOn, *, seen: int | None = None) -> InterviewShown:
        """Hand over to a colleague."""
        answered: InterviewShown = self.call(
            "POST",
            "/api/v1/interviews/{id}/hand-over",
            InterviewShown,
            path={"id": id},
            body=body,
            seen=seen,
            changes=True,
        )
        return answered

    def abandon_interview(self, id: str, body: Abandonment, *, seen: int | None = None) -> InterviewShown:
        """End without a result."""
        answered: InterviewShown = self.call(
            "POST",
            "/api/v1/interviews/{id}/abandon",
            InterviewShown,
            path={"id": id},
            body=body,
            seen=seen,
            changes=True,
        )
        return answered

    def finish_interview(self, id: str, body: Finish) -> FinalAssessment:
        """Finish with a final assessment."""
        answered: FinalAssessment = self.call(
            "POST", "/api/v1/interviews/{id}/finish", FinalAssessment, path={"id": id}, body=body
        )
        return answered
