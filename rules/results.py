"""The canonical result of an evaluation: the same bytes for the same answers, program and day, for ever.

It holds ids, statuses and answers that were read, and no text. What people are shown, what would change it,
what to ask next, contacts and the state of the engine check stand beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

from indicators.answers import write_answer
from indicators.truth import FALSE, TRUE, UNKNOWN
from rules.evaluation import Evaluation
from rules.executors.reference import Reference
from rules.outcomes import Ladder
from rules.support import find_supports

STATUS_NAMES: Mapping[int, str] = {
    TRUE: "established",
    UNKNOWN: "undetermined",
    FALSE: "not_established",
}
# Most pressing first.
URGENCIES = ("now", "today", "soon", "when_ready")
NEED_LEVELS = ("now", "ask_now")


def canonical_result(
    reference: Reference, evaluation: Evaluation, supports: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """The result as plain JSON data; `supports` are those of `find_supports`, if they are at hand.

    It is the reference evaluator's whatever the engine said, so that every executor has the same.
    """
    if supports is None:
        supports = find_supports(reference, evaluation)
    data = reference.program.data
    answers = _answers_read(reference, evaluation)
    return {
        "semantics": data["semantics"],
        "rule_set": evaluation.rule_set,
        "revision": "draft" if evaluation.revision is None else evaluation.revision,
        "digest": evaluation.digest,
        "instrument": evaluation.instrument,
        "as_of": evaluation.as_of.isoformat(),
        "answers": answers,
        "contradicted": sorted(set(evaluation.contradicted) & answers.keys()),
        "missing_parameters": sorted(evaluation.missing_parameters),
        "outcome": evaluation.reference_outcome,
        "may_still_become": list(_may_still_become(reference, evaluation)),
        "urgent": _urgent(data, evaluation),
        "routes": _routes(data, evaluation),
        "statuses": {name: STATUS_NAMES[status] for name, status in evaluation.statuses.items()},
        "supports": {name: list(questions) for name, questions in supports.items()},
    }


def canonical_bytes(result: Mapping[str, Any]) -> bytes:
    """The RFC 8785 form of a canonical result."""
    return rfc8785.dumps(dict(result))


def result_digest(result: Mapping[str, Any]) -> str:
    """`sha256:` and the hash of the canonical bytes."""
    return "sha256:" + hashlib.sha256(canonical_bytes(result)).hexdigest()


def _answers_read(reference: Reference, evaluation: Evaluation) -> dict[str, Any]:
    """The answers that a test, a dated value or the core of the instrument reads; never a free text."""
    data = reference.program.data
    read = {name for name, tests in reference.questions.items() if tests.start < tests.stop}
    read |= {test.selector for test in reference.parameter_tests if test.selector is not None}
    read |= set(data["instruments"][evaluation.instrument]["core"])
    found = {}
    for name, answer in evaluation.answers.items():
        if name not in read or answer.state == "not_asked":
            continue
        is_text = data["questions"][name]["type"] == "free_text"
        found[name] = {"state": answer.state} if is_text else write_answer(answer)
    return found


def _may_still_become(reference: Reference, evaluation: Evaluation) -> tuple[str, ...]:
    if evaluation.outcome == evaluation.reference_outcome:
        return evaluation.may_still_become
    ladder = Ladder.of(reference.program.data)
    return ladder.may_still_become(evaluation.undetermined, evaluation.reference_outcome)


def _urgent(data: Mapping[str, Any], evaluation: Evaluation) -> dict[str, list[str]]:
    """The needs that are shown, each at its most pressing level."""
    shown: dict[str, set[str]] = {level: set() for level in NEED_LEVELS}
    for item in data["conclusions"]:
        if item["kind"] == "finding" and item["need"] and evaluation.statuses[item["id"]] == TRUE:
            shown[item["level"]].add(item["need"])
    shown["ask_now"] -= shown["now"]
    return {level: sorted(needs) for level, needs in shown.items()}


def _routes(data: Mapping[str, Any], evaluation: Evaluation) -> dict[str, str]:
    """The recommended routes, each with the most pressing urgency of the rules that recommend it."""
    fired = {firing.rule for firing in evaluation.trace}
    routes = {}
    for item in data["conclusions"]:
        if item["kind"] == "route" and evaluation.statuses[item["id"]] == TRUE:
            urgencies = [rule["urgency"] for rule in item["rules"] if rule["id"] in fired]
            routes[item["id"].removeprefix("route.")] = min(urgencies, key=URGENCIES.index)
    return routes
