"""Random interviews: a program, answers to it, and a source of randomness for what a test changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import strategies as st

from indicators.answers import Answer, read_answers
from indicators.forms import forms_of
from rules.evaluation import Engine, Evaluation
from rules.executors.reference import Reference, TestTruths
from rules.program import Program
from tests.rules.random_programs import random_answers, random_program

AS_OF = date(2026, 11, 1)


class Interview(NamedTuple):
    """What a property is about."""

    program: Program
    answers: dict[str, Answer]
    random: Random

    @property
    def reference(self) -> Reference:
        return Reference(self.program)

    def evaluated(self) -> Evaluation:
        return evaluate(self.program, self.answers)


@st.composite
def interviews(draw: st.DrawFn) -> Interview:
    """Small and large programs, hardly and fully answered interviews."""
    seed = draw(st.integers(0, 2**32))
    return seeded(seed, draw(st.integers(1, 4)), draw(st.integers(1, 5)))


def seeded(seed: int, layers: int = 4, width: int = 5) -> Interview:
    """The random interview of this number."""
    random = Random(seed)
    program = random_program(random, layers=layers, width=width)
    return Interview(program, read(program, random_answers(random, program.data)), random)


def read(program: Program, raw: Mapping[str, Any]) -> dict[str, Answer]:
    """Answers as a file has them."""
    return read_answers(forms_of(program.data["questions"]), raw)


def forget_the_last_answer(planted: pytest.MonkeyPatch) -> None:
    """Plant a fault that makes the order of answers matter."""
    whole = Reference.decide_tests

    def forgetful(self: Reference, answers: Mapping[str, Answer], as_of: date) -> TestTruths:
        return whole(self, dict(list(answers.items())[:-1]), as_of)

    planted.setattr(Reference, "decide_tests", forgetful)


def evaluate(program: Program, answers: Mapping[str, Answer], as_of: date = AS_OF) -> Evaluation:
    """An evaluation without the engine, for the instrument `intake`."""
    return Engine(program, check=False).evaluate(answers, as_of, "intake")
