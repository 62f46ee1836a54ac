"""Interviews for tests: begun by a person of the world, with answers saved one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from screening.clock import day_in_kuwait
from screening.engines import Rules
from screening.sittings.answers import GivenAnswer, Outcome
from screening.sittings.finishing import finish_interview
from screening.sittings.interviews import NewInterview, begin_interview
from screening.sittings.models import FinalAssessment
from screening.sittings.saving import Saved, save_answers
from screening.storage.tables.interviews import Interview
from tests.services import World

# Made up: a domestic worker whose papers and pay are kept, who is locked in and threatened.
CLEAR_ACCOUNT: dict[str, Any] = {
    "age_group": "adult_settled",
    "kind_of_work": "domestic_work",
    "documents_holder": "employer",
    "documents_returned_on_request": "no",
    "locked_in": "yes",
    "free_to_leave_place": "not_allowed",
    "pay_late_or_kept": "kept_back_so_that_i_stay",
    "daily_hours": 16,
}


@dataclass
class Desk:
    """What one test does with interviews, in the name of somebody of the world."""

    world: World
    numbers: Iterator[int]

    def rules(self) -> Rules:
        service = self.world.service
        return service.engines.rules_for("kuwait", None, self.today())

    def today(self) -> date:
        return day_in_kuwait(self.world.service.clock())

    def begin(self, who: str = "interviewer", instrument: str = "intake", **more: Any) -> str:
        """The id of a new interview, in a new case at site A unless told otherwise."""
        if "case_id" not in more:
            more.setdefault("site_id", self.world.site_a)
        with self.world.service.work(self.world[who]) as work:
            interview, _ = begin_interview(work, self.rules(), NewInterview(instrument, **more))
            return interview.id

    def case_of(self, interview: str) -> str:
        with self.world.service.database.reading() as session:
            return session.get_one(Interview, interview).case_id

    def version_of(self, interview: str) -> int:
        with self.world.service.database.reading() as session:
            return session.get_one(Interview, interview).version

    def save(self, interview: str, question: str, answer: object, **more: Any) -> Saved:
        """Save one answer; the outcome says what became of it."""
        who = more.pop("who", "interviewer")
        key = more.pop("client_key", None) or f"key-{next(self.numbers)}"
        live = more.pop("live", True)
        given = GivenAnswer(question, answer, key, **more)
        return save_answers(self.world.service, self.world[who], interview, [given], live=live)

    def outcome(self, interview: str, question: str, answer: object, **more: Any) -> Outcome:
        return self.save(interview, question, answer, live=False, **more).outcomes[0]

    def save_all(self, interview: str, answers: dict[str, Any], who: str = "interviewer") -> int:
        """Save several first answers; return the number of the last."""
        given = [GivenAnswer(name, one, f"key-{next(self.numbers)}") for name, one in answers.items()]
        saved = save_answers(self.world.service, self.world[who], interview, given, live=False)
        assert not [one for one in saved.outcomes if one.faults], saved.outcomes
        return saved.last_seq

    def finish(self, interview: str, seen_seq: int, who: str = "interviewer") -> FinalAssessment:
        return finish_interview(self.world.service, self.world[who], interview, seen_seq=seen_seq)
