"""Why, and why not: for every conclusion of an evaluation, which answers alone are enough.

A support is found by leaving answers out one after the other, in the order of the questions' ids, and keeping
an answer only where the conclusion would be lost. All conclusions are done together, each in a variant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from indicators.answers import Answer
from indicators.truth import FALSE, TRUE
from rules.evaluation import Evaluation
from rules.executors import expressions as bits
from rules.executors.reference import Reference
from rules.program import Program, references_in
from rules.trace import Trace
from rules.variants import Variants


def find_supports(reference: Reference, evaluation: Evaluation) -> dict[str, tuple[str, ...]]:
    """For every established conclusion, questions whose answers alone establish it, none of them to spare."""
    answers = _answers_with(reference, evaluation, bits.TRUE)
    # What a value makes true is true whatever else is said: one round is enough.
    return _leave_out(reference, evaluation, answers, TRUE, repeated=False)


def find_refutations(reference: Reference, evaluation: Evaluation) -> dict[str, tuple[str, ...]]:
    """For every conclusion that is not established, questions whose answers alone rule it out, none spare."""
    if not evaluation.contradicted:
        answers = _answers_with(reference, evaluation, bits.FALSE)
        return _leave_out(reference, evaluation, answers, FALSE, repeated=False)
    # Without one side of a contradiction more can be false, so that an answer may turn out spare later.
    return _leave_out(reference, evaluation, _values(reference, evaluation), FALSE, repeated=True)


def evidence_of(program: Program, trace: Trace, conclusion: str) -> Trace:
    """Every firing of a trace that a conclusion stands on, directly or through others."""
    definitions = {item["id"]: item for item in program.data["conclusions"]}
    fired = {firing.rule: firing for firing in trace}
    found = {}
    pending, seen = [conclusion], {conclusion}
    while pending:
        for name, reads in _reasons(definitions[pending.pop()]):
            if name in fired:
                found[name] = fired[name]
                new = (set(fired[name].children) if reads is None else reads) & definitions.keys() - seen
                seen |= new
                pending += new
    return tuple(found[name] for name in sorted(found))


def _reasons(definition: Mapping[str, Any]) -> Iterator[tuple[str, set[str] | None]]:
    """The firings that can establish a conclusion, and what they read where the trace does not say it."""
    if "entries" not in definition:
        yield from ((rule["id"], None) for rule in definition["rules"])
        return
    reads = {ref for entry in definition["entries"] for ref in references_in(entry["when"])}
    title = definition["id"].removeprefix("dimension.")
    yield from ((f"{title}/{one['id']}", reads) for one in definition["combinations"])


def _values(reference: Reference, evaluation: Evaluation) -> dict[str, Answer]:
    """The answers with a value, by the id of their question."""
    return {
        name: answer
        for name, answer in sorted(evaluation.answers.items())
        if answer.state == "value" and name in reference.questions
    }


def _answers_with(reference: Reference, evaluation: Evaluation, wanted: int) -> dict[str, Answer]:
    """The answers that make a test true (or false), and those that choose a dated value."""
    truths = reference.decide_tests(evaluation.answers, evaluation.as_of)
    selectors = {test.selector for test in reference.parameter_tests}
    found = {}
    for name, answer in _values(reference, evaluation).items():
        tests = reference.questions[name]
        if wanted in truths.bits[tests.start : tests.stop] or name in selectors:
            found[name] = answer
    return found


def _leave_out(
    reference: Reference, evaluation: Evaluation, answers: Mapping[str, Answer], status: int, repeated: bool
) -> dict[str, tuple[str, ...]]:
    targets = [name for name, found in evaluation.statuses.items() if found == status]
    variants = Variants(reference, evaluation.as_of, len(targets))
    for question, answer in answers.items():
        variants.give(question, [(answer, variants.every)])
    places = [(reference.layout.conclusions[name], 1 << number) for number, name in enumerate(targets)]
    evaluated: Callable[[], tuple[int, ...]]
    evaluated = variants.true_values if status == TRUE else variants.possible_values
    spare_found = True
    while spare_found:
        spare_found = False
        for question, answer in answers.items():
            given = variants.given[question]
            if not given:
                continue
            variants.give(question, ())
            values = evaluated()
            true = sum(values[at] & variant for at, variant in places)
            needed = given & (~true if status == TRUE else true)
            variants.give(question, [(answer, needed)])
            spare_found |= repeated and needed != given
    return {
        name: tuple(question for question in answers if variants.given[question] >> number & 1)
        for number, name in enumerate(targets)
    }
