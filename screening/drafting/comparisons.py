"""The same answers by two programs: what each comes to, and above all who would no longer be referred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from indicators.answers import Answer, read_answer
from indicators.errors import AnswersError
from indicators.forms import forms_of
from rules.evaluation import Engine, Evaluation
from rules.program import Program
from screening.result_models import Part


class Held(Part):
    """Answers that were given once, under a key of the caller's own."""

    key: str
    instrument: str
    as_of: date
    answers: dict[str, Any]


class Result(Part):
    """What a program comes to: the outcome, the routes it recommends, and the needs that cannot wait."""

    outcome: str
    routes: tuple[str, ...]
    urgent: tuple[str, ...]


class Compared(Part):
    """What two programs come to; `after` is None where the second can no longer read the interview."""

    key: str
    before: Result
    after: Result | None

    @property
    def lost(self) -> tuple[str, ...]:
        """The routes that are no longer recommended."""
        kept = () if self.after is None else self.after.routes
        return tuple(route for route in self.before.routes if route not in kept)

    @property
    def gained(self) -> tuple[str, ...]:
        """The routes that are recommended now and were not before."""
        return (
            () if self.after is None else tuple(r for r in self.after.routes if r not in self.before.routes)
        )

    @property
    def differs(self) -> bool:
        """Whether anything that a person is told comes out differently."""
        return self.before != self.after


def compare(before: Program, after: Program, interviews: Iterable[Held]) -> list[Compared]:
    """Evaluate every interview by both programs, as of its own day, by the reference."""
    was, now = _Reader(before), _Reader(after)
    found = []
    for one in interviews:
        first = was.read(one)
        if first is not None:
            found.append(Compared(key=one.key, before=first, after=now.read(one)))
    return found


class _Reader:
    def __init__(self, program: Program) -> None:
        self._data: Mapping[str, Any] = program.data
        self._engine = Engine(program, check=False)
        self._forms = forms_of(program.data["questions"])

    def read(self, held: Held) -> Result | None:
        if held.instrument not in self._data["instruments"]:
            return None
        answers = self._answers(held.answers)
        return self._result(self._engine.evaluate(answers, held.as_of, held.instrument))

    def _answers(self, given: Mapping[str, Any]) -> dict[str, Answer]:
        found = {}
        for question, raw in given.items():
            form = self._forms.get(question)
            if form is None:
                continue
            try:
                answer = read_answer(form, raw)
            except AnswersError:
                # An option that this program no longer has: what was said counts for nothing in it.
                continue
            if answer.state != "not_asked":
                found[question] = answer
        return found

    def _result(self, evaluation: Evaluation) -> Result:
        established = evaluation.established
        return Result(
            outcome=evaluation.outcome,
            routes=tuple(route for route in sorted(self._data["routes"]) if f"route.{route}" in established),
            urgent=tuple(
                sorted(
                    item["need"]
                    for item in self._data["conclusions"]
                    if item["kind"] == "finding"
                    and item["class"] == "need"
                    and item["level"] == "now"
                    and item["id"] in established
                )
            ),
        )
