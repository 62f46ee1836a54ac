"""The questions of an interview as its own program has them, with the guidance that the bank gives today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from fastapi import Request

from indicators.answers import NOT_ASKED, Answer
from indicators.catalogue import Catalogue
from indicators.conditions import Condition, Test, tests_of
from indicators.conditions_json import read_expression
from indicators.models import Option, Question, Text
from indicators.truth import FALSE, TRUE, decide, evaluate, relevances
from rules.program import Program
from screening.engines import Engines
from screening.sentences import as_text

_DISTRESS: Final = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Bank:
    """Every question of one program, and when each comes up."""

    questions: Mapping[str, Question]
    applies_when: Mapping[str, Condition | None]
    ask_when: Mapping[str, Condition | None]

    def places(self, answers: Mapping[str, Answer], as_of: date) -> dict[str, str]:
        """For every question whether to ask it now: `ask`, `later`, or `not_relevant`.

        `later` waits for another answer and is no answer itself. What somebody does not know or declines to
        say closes nothing: what depends on it is asked.
        """
        relevant = relevances(self.applies_when, answers, as_of)

        def truth_of(test: Test) -> int:
            answer = answers.get(test.question, NOT_ASKED)
            return decide(test, answer, relevant.get(test.question, TRUE), as_of)[0]

        found = {}
        for name in self.questions:
            if relevant.get(name, TRUE) == FALSE:
                found[name] = "not_relevant"
            elif name in answers:
                found[name] = "ask"
            else:
                found[name] = self._when(name, truth_of, answers)
        return found

    def _when(self, name: str, truth_of: Any, answers: Mapping[str, Answer]) -> str:
        for condition in (self.applies_when[name], self.ask_when[name]):
            if condition is None:
                continue
            truth = evaluate(condition, truth_of)
            if truth == FALSE:
                return "later"
            if truth != TRUE and not any(test.question in answers for test in tests_of(condition)):
                return "later"
        return "ask"


def bank_of(request: Request, engines: Engines, program: Program) -> Bank:
    """The questions of a program, made once and kept with the application."""
    banks: dict[str, Bank] | None = getattr(request.app.state, "desk_banks", None)
    if banks is None:
        banks = request.app.state.desk_banks = {}
    if program.digest not in banks:
        banks[program.digest] = _make(program, engines.catalogue())
    return banks[program.digest]


def _make(program: Program, catalogue: Catalogue) -> Bank:
    data = program.data
    known = data["questions"]
    tests = data["tests"]

    def read(expression: Any) -> Condition | None:
        return None if expression is None else read_expression(expression, tests)

    return Bank(
        questions={name: _question(name, one, catalogue.questions.get(name)) for name, one in known.items()},
        applies_when={name: read(one["applies_when"]) for name, one in known.items()},
        # No part of the meaning, and so not of the program: the order of the screen is today's.
        ask_when={
            name: catalogue.questions[name].ask_when if name in catalogue.questions else None
            for name in known
        },
    )


def _question(name: str, item: Mapping[str, Any], today: Question | None) -> Question:
    """The question with the words of the program: an interview is held in the words it was begun with."""
    text = as_text(item["text"])
    return Question.model_construct(
        id=name,
        type=item["type"],
        topic=item["topic"],
        about=item["about"],
        answered_by=item["answered_by"],
        text=text,
        why=today.why if today is not None else text,
        guidance=today.guidance if today is not None else None,
        distress=cast(Any, _DISTRESS[item["distress"] - 1]),
        options=tuple(
            Option.model_construct(id=option, text=_option(item, option)) for option in item["options"]
        ),
        exclusive=item["exclusive"],
        unit=item["unit"],
        least=item["least"],
        most=item["most"],
        applies_when=None,
        ask_when=None,
    )


def _option(item: Mapping[str, Any], option: str) -> Text:
    return as_text(item["option_texts"][option])
