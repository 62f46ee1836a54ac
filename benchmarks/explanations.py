"""What a person waits for: the whole result with its reasons, what would change it, and what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.interviews import AS_OF, Sitting, demo_sittings, random_sittings
from benchmarks.reports import Section, Table, Target, milliseconds
from benchmarks.timing import race
from rules.counterfactuals import find_counterfactuals
from rules.next_questions import rank_questions
from screening.assessments import assess, assess_evaluation
from screening.engines import Engines, Rules
from screening.reasons import find_reasons

LIMIT_MS = 50
ALL = "explanation, counterfactuals and next questions"

ABOUT = f"""\
*{ALL.capitalize()}* is everything that follows an evaluation: reasons for and against every conclusion,
what is open, what would change each undetermined step of the ladder, what to ask next, and all of it as
sentences in both languages (`screening.assessments.assess_evaluation`). Its three largest parts stand
below it. *From request to result* is `assess`, with the reading of the body and the checked assessment."""


def measure(rounds: int) -> Section:
    """The draft of the shipped rules on shipped and random interviews."""
    section = Section("Explanation", [ABOUT])
    with Engines() as engines:
        rules = engines.rules_for("kuwait", "draft", AS_OF)
        reference = rules.engine.reference
        workloads = {
            "shipped interviews": demo_sittings(rules.program),
            "random interviews, up to 30 % answered": random_sittings(reference, 60, seed=4, most=0.3),
            "random interviews, up to all answered": random_sittings(reference, 60, seed=5),
        }
        for title, sittings in workloads.items():
            _race(section, engines, rules, title, sittings, rounds)
    return section


def _race(
    section: Section, engines: Engines, rules: Rules, title: str, sittings: Sequence[Sitting], rounds: int
) -> None:
    engine = rules.engine
    reference = engine.reference
    evaluated = [engine.evaluate(one.answers, one.as_of, one.instrument) for one in sittings]

    def counterfactuals(case: int) -> object:
        open_steps = [name for name in evaluated[case].undetermined if name.startswith("outcome.")]
        return [find_counterfactuals(reference, evaluated[case], name) for name in open_steps]

    def checked(case: int) -> object:
        one = sittings[case]
        return engine.evaluate(one.answers, one.as_of, one.instrument)

    runs: dict[str, Callable[[int], object]] = {
        "checked assessment alone": checked,
        ALL: lambda case: assess_evaluation(rules, evaluated[case]),
        "reasons": lambda case: find_reasons(reference, evaluated[case]),
        "counterfactuals": counterfactuals,
        "next questions": lambda case: rank_questions(reference, evaluated[case]),
        "from request to result": lambda case: assess(sittings[case].body, engines, AS_OF),
    }
    timings = race(runs, len(sittings), rounds)
    if any(one.engine_check != "agrees" for one in evaluated):
        raise AssertionError("the engine does not agree, or does not answer")
    peer = timings["checked assessment alone"].p50
    rows = [
        [name, f"{one.p50 / peer:.1f}", milliseconds(one.p50), milliseconds(one.p95), milliseconds(one.p99)]
        for name, one in timings.items()
    ]
    header = [title, "p50, checked assessment = 1", "p50 ms", "p95 ms", "p99 ms"]
    section.parts.append(Table(header, rows))
    p95 = timings[ALL].p95
    promise = f"{ALL} under {LIMIT_MS} ms, p95: {title}"
    section.targets.append(Target(promise, f"{milliseconds(p95)} ms", p95 < LIMIT_MS))
