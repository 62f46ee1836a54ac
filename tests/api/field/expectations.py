"""What the reference makes of requests, in the form in which the browser evaluator's tests say it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any, NamedTuple

from indicators.answers import read_answers
from indicators.errors import AnswersError
from indicators.forms import QuestionForm, forms_of
from rules.evaluation import Engine
from rules.program import Program
from rules.results import canonical_bytes, canonical_result, result_digest
from tests.api.field.evaluators import Call, run_jobs
from tests.api.field.wide_programs import wide_program, wide_request

Json = dict[str, Any]
RELEVANCE = {0: "cannot_apply", 1: "unknown", 2: "applies"}
ANSWERS_A_PROGRAM = 5


class Compared(NamedTuple):
    """A job for the browser evaluator and, for each of its cases, what must come out."""

    job: Json
    wanted: list[Json]


def compare_with_reference(program: Program, requests: Sequence[Mapping[str, Any]]) -> Compared:
    """The job of these requests, with the reference's results; a request that is refused has `refused`."""
    engine = Engine(program, check=False)
    forms = forms_of(program.data["questions"])
    wanted = [_wanted(engine, forms, request) for request in requests]
    return Compared(job_of(program, requests), wanted)


def job_of(program: Program, requests: Sequence[Mapping[str, Any]]) -> Json:
    """The job of a program and requests to it."""
    return {
        "program": program.to_json(),
        "digest": program.digest,
        "revision": program.revision,
        "cases": list(requests),
    }


def random_comparisons(seeds: range) -> Iterator[Compared]:
    """Random programs, one a seed, with a few random interviews each."""
    for seed in seeds:
        random = Random(f"browser evaluator {seed}")
        program = wide_program(random)
        yield compare_with_reference(
            program, [wide_request(random, program.data) for _ in range(ANSWERS_A_PROGRAM)]
        )


def differences(call: Call, compared: Sequence[Compared]) -> list[str]:
    """Every case in which the browser evaluator says otherwise, with what differs."""
    found = []
    outcomes = run_jobs(call, [one.job for one in compared])
    for number, ((job, wanted), outcome) in enumerate(zip(compared, outcomes, strict=True)):
        if "cases" not in outcome:
            found.append(f"program {number}: {outcome['problem']}")
            continue
        for at, (want, got) in enumerate(zip(wanted, outcome["cases"], strict=True)):
            if want != without_problem(got):
                found.append(
                    f"program {number}, case {at}: {_first_difference(want, got)} {job['cases'][at]}"
                )
    return found


def without_problem(got: Mapping[str, Any]) -> Json:
    """An outcome without the words of a refusal."""
    return {key: value for key, value in got.items() if key != "problem"}


def _wanted(engine: Engine, forms: Mapping[str, QuestionForm], request: Mapping[str, Any]) -> Json:
    try:
        answers = read_answers(forms, request["answers"])
    except AnswersError:
        return {"refused": True}
    if request["instrument"] not in engine.program.data["instruments"]:
        return {"refused": True}
    evaluation = engine.evaluate(answers, date.fromisoformat(request["asOf"]), request["instrument"])
    result = canonical_result(engine.reference, evaluation)
    return {
        "written": canonical_bytes(result).decode(),
        "digest": result_digest(result),
        "firings": [[firing.rule, list(firing.children)] for firing in evaluation.trace],
        "relevance": {name: RELEVANCE[one] for name, one in evaluation.relevance.items()},
        "disputed": sorted(evaluation.disputed),
    }


def _first_difference(want: Mapping[str, Any], got: Mapping[str, Any]) -> str:
    if "written" in want and "written" in got and want["written"] != got["written"]:
        one, other = json.loads(want["written"]), json.loads(got["written"])
        keys = [key for key in one if one[key] != other.get(key)]
        return "; ".join(f"{key}: {one[key]} is {other.get(key)}" for key in keys)[:600]
    keys = [key for key in {**want, **got} if want.get(key) != got.get(key)]
    return "; ".join(f"{key}: {want.get(key)} is {got.get(key)}" for key in keys)[:600]
