"""Interviews to measure with: the shipped ones, and random ones for the questions of any program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from indicators.answers import Answer, read_answers
from indicators.forms import forms_of
from rules.executors.reference import Reference
from rules.program import Program
from screening.demo_interviews import load_demo_interviews

AS_OF = date(2026, 11, 1)
STATES = ("not_known", "declined", "not_asked")


@dataclass(frozen=True)
class Sitting:
    """The answers of one interview, read, and the request body they came in."""

    instrument: str
    as_of: date
    answers: Mapping[str, Answer]
    body: Mapping[str, Any]


def demo_sittings(program: Program) -> list[Sitting]:
    """The interviews that ship with the product."""
    return [_sitting(program, item.interview) for item in load_demo_interviews()]


def random_sittings(reference: Reference, count: int, seed: int, most: float = 1.0) -> list[Sitting]:
    """Random interviews, in each of which up to a share `most` of the questions has a value.

    Every third of the rest was declined, is not known or was expressly not asked. Nine of ten people do not
    contradict themselves: what cannot apply is left out of their answers.
    """
    random = Random(seed)
    data = reference.program.data
    instruments = sorted(data["instruments"])
    found = []
    for _ in range(count):
        share = random.random() * most
        raw: dict[str, Any] = {}
        for name, question in data["questions"].items():
            if random.random() < share:
                raw[name] = random_answer(random, question)
            elif random.random() < 0.3:
                raw[name] = {"state": random.choice(STATES)}
        body = {"instrument": random.choice(instruments), "as_of": AS_OF.isoformat(), "answers": raw}
        sitting = _sitting(reference.program, body)
        if random.random() < 0.9:
            for name in reference.decide_tests(sitting.answers, sitting.as_of).contradicted:
                del raw[name]
            sitting = _sitting(reference.program, body)
        found.append(sitting)
    return found


def random_answer(random: Random, question: Mapping[str, Any]) -> Any:
    """An answer to this question as a file has it."""
    kind = question["type"]
    if kind == "yes_no":
        return random.choice(["yes", "no"])
    if kind == "one_choice":
        return random.choice(question["options"])
    if kind == "several_choices":
        exclusive = question["exclusive"]
        others = [option for option in question["options"] if option != exclusive]
        if exclusive is not None and random.random() < 0.3:
            return [exclusive]
        listed = random.sample(others, random.randint(1, min(3, len(others))))
        return {"value": listed, "complete": True} if random.random() < 0.5 else listed
    if kind in ("whole_number", "number_range"):
        least = 0 if question["least"] is None else question["least"]
        most = least + 24 if question["most"] is None else question["most"]
        one, other = sorted(random.randint(least, most) for _ in range(2))
        return {"from": one, "to": other} if kind == "number_range" and random.random() < 0.3 else one
    if kind == "date":
        day = AS_OF - timedelta(days=random.randint(0, 2000))
        return day.isoformat()[: random.choice([4, 7, 10, 10])]
    return "invented"


def _sitting(program: Program, body: Mapping[str, Any]) -> Sitting:
    answers = read_answers(forms_of(program.data["questions"]), body["answers"])
    return Sitting(
        body["instrument"], date.fromisoformat(body.get("as_of", AS_OF.isoformat())), answers, body
    )
