"""Both executors on every assessment: they agree, or the result is right all the same and says why."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.answers import Answer, read_answers
from indicators.forms import forms_of
from rules import evaluation
from rules.evaluation import Engine, Evaluation
from rules.executors import durable_worker, levels, reference
from rules.executors.durable import engine_pool, worker_command
from rules.executors.worker_pools import WorkerPool
from rules.program import Program
from tests.rules.executors.attacks import ask_under_attack, is_served_again, limit_for
from tests.rules.oracle import statuses_of, trace_of
from tests.rules.random_programs import AS_OF, programs, random_answers, random_data, random_program

DAY = date.fromisoformat(AS_OF)
FAKE = str(Path(__file__).with_name("executors") / "fake_worker.py")


def read(program: Program, raw: dict[str, Any]) -> dict[str, Answer]:
    return read_answers(forms_of(program.data["questions"]), raw)


def evaluate(engine: Engine, raw: dict[str, Any]) -> Evaluation:
    return engine.evaluate(read(engine.program, raw), DAY, "intake")


def without_check(one: Evaluation) -> Evaluation:
    """The evaluation as it would be had the engine not been asked."""
    return replace(one, engine_check="not_run", engine_outcome=None, incidents=(), needs_human=False)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = engine_pool(workers=1, time_limit=10)
    yield pool
    pool.close()


@given(program=programs(), seed=st.integers(0, 2**32))
@settings(deadline=None)
def test_engine_and_reference_agree_on_random_programs(pool: WorkerPool, program: Program, seed: int) -> None:
    random = Random(seed)
    engine = Engine(program, pool=pool)
    for _ in range(3):
        found = evaluate(engine, random_answers(random, program.data))
        assert found.engine_check == "agrees"
        assert found.incidents == ()
        assert found.engine_outcome == found.reference_outcome == found.outcome
        # And both with the naive meaning, given what the answers say of the tests.
        known = statuses_of(program.data, found.truths)
        assert found.statuses == {item["id"]: known[item["id"]] for item in program.data["conclusions"]}
        assert list(found.trace) == trace_of(program.data, known)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_the_order_of_answers_and_of_rules_changes_nothing(pool: WorkerPool, seed: int) -> None:
    random = Random(seed)
    data = random_data(random, layers=2, width=3)
    raw = random_answers(random, data)
    program = Program.from_data(data)
    shuffled = {
        **data,
        "conclusions": [
            {**item, "rules": random.sample(item["rules"], len(item["rules"]))} if "rules" in item else item
            for item in data["conclusions"]
        ],
    }
    one = evaluate(Engine(program, pool=pool), raw)
    other = evaluate(
        Engine(Program(shuffled, "sha256:shuffled" + str(seed)), pool=pool),
        dict(random.sample(list(raw.items()), len(raw))),
    )
    assert (one.statuses, one.trace, one.outcome) == (other.statuses, other.trace, other.outcome)


def signs_program(*, circumstance: bool = False) -> Program:
    """One indicator from one question, one urgent need, one step, and a core of two questions."""
    random = Random(0)
    data = random_data(random, layers=1, width=2)
    question = {
        **data["questions"]["q0"],
        "type": "yes_no",
        "options": [],
        "exclusive": None,
        "applies_when": None,
    }
    text = {"en": "Invented.", "ar": "نص مخترع."}

    def told(name: str) -> list[Any]:
        return ["test", name]

    def rule(name: str, when: list[Any]) -> dict[str, Any]:
        return {"id": name, "when": when, "rationale": text, "sources": []}

    return Program.from_data(
        {
            **data,
            "questions": {
                "papers": question,
                "danger": question,
                "working": question,
                "paid": {**question, "applies_when": told("t-working")},
                "hours": {**question, "type": "whole_number"},
                "kind_of_work": data["questions"]["kind_of_work"] | {"applies_when": None},
            },
            "tests": {
                f"t-{name}": {"question": name, "op": "is", "value": "yes", "parameter": None}
                for name in ("papers", "danger", "working", "paid")
            }
            | {"t-hours": {"question": "hours", "op": "more_than", "value": None, "parameter": "limit"}},
            "parameters": {
                "limit": {
                    "unit": "hours",
                    "selector": "kind_of_work",
                    "label": text,
                    "values": [
                        {"for": ["domestic"], "from": "2015-01-01", "by": None, "to": None, "because": None}
                        | {"value": 12, "source": "s", "locator": "l", "confidence": "own_design"}
                    ],
                }
            },
            "conclusions": [
                {
                    "id": "indicator.papers",
                    "kind": "indicator",
                    "element": "means",
                    "circumstance": circumstance,
                    "label": text,
                    "rules": [rule("I-1", told("t-papers")), rule("I-2", told("t-hours"))],
                },
                {
                    "id": "finding.danger",
                    "kind": "finding",
                    "class": "need",
                    "element": None,
                    "need": "danger",
                    "level": "now",
                    "label": text,
                    "rules": [rule("F-1", told("t-danger"))],
                },
                {
                    "id": "outcome.other_concern",
                    "kind": "outcome",
                    "label": text,
                    "rules": [rule("O-1", ["all", [["ref", "indicator.papers"], told("t-paid")]])],
                },
            ],
            "ladder": ["other_concern"],
            "instruments": {
                "intake": {"title": text, "purpose": text, "sections": [], "core": ["working", "paid"]}
            },
        }
    )


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        ({}, "not_enough_known"),
        ({"working": "yes", "paid": "no"}, "nothing_indicated_so_far"),
        # A core question that cannot apply is settled; one that is declined is not.
        ({"working": "no"}, "nothing_indicated_so_far"),
        ({"working": "yes", "paid": {"state": "declined"}}, "not_enough_known"),
        ({"working": "yes", "paid": {"state": "not_known"}}, "not_enough_known"),
        ({"working": {"state": "declined"}, "paid": "no"}, "not_enough_known"),
        ({"working": "yes", "paid": "no", "papers": "yes"}, "not_enough_known"),
        ({"working": "yes", "paid": "no", "danger": "yes"}, "not_enough_known"),
        ({"working": "yes", "paid": "yes", "papers": "yes"}, "other_concern"),
    ],
)
def test_the_outcome_of_answers(pool: WorkerPool, raw: dict[str, Any], outcome: str) -> None:
    assert evaluate(Engine(signs_program(), pool=pool), raw).outcome == outcome


def test_a_circumstance_alone_does_not_keep_a_result_from_being_low(pool: WorkerPool) -> None:
    found = evaluate(
        Engine(signs_program(circumstance=True), pool=pool), {"working": "yes", "paid": "no", "papers": "yes"}
    )
    assert found.statuses["indicator.papers"] == 2
    assert found.outcome == "nothing_indicated_so_far"


def test_an_evaluation_says_what_it_was_made_of(pool: WorkerPool) -> None:
    program = signs_program()
    raw = {"working": "no", "paid": "yes", "papers": "yes", "hours": 14, "kind_of_work": "office"}
    found = evaluate(Engine(program, pool=pool), raw)
    assert (found.digest, found.rule_set, found.revision) == (program.digest, "random", None)
    assert (found.instrument, found.as_of, found.answers) == ("intake", DAY, read(program, raw))
    assert found.relevance["paid"] == 0
    assert (found.contradicted, found.disputed) == (("paid",), ("t-paid",))
    assert found.missing_parameters == ("limit",)
    assert found.established == {"indicator.papers", "outcome.other_concern"}
    assert found.trace == (("I-1", ("t-papers",)), ("O-1", ("indicator.papers", "t-paid")))


def test_open_answers_leave_higher_steps_open(pool: WorkerPool) -> None:
    found = evaluate(Engine(signs_program(), pool=pool), {"papers": "yes"})
    assert found.may_still_become == ("other_concern",)
    assert "outcome.other_concern" in found.undetermined


def test_an_unknown_instrument_is_an_error(pool: WorkerPool) -> None:
    with pytest.raises(KeyError):
        Engine(signs_program(), pool=pool).evaluate({}, DAY, "outtake")


def test_without_check_no_process_is_started_and_the_result_says_so() -> None:
    with Engine(signs_program(), check=False) as engine:
        found = evaluate(engine, {"papers": "yes"})
        assert engine.executor is None
    assert (found.engine_check, found.engine_outcome, found.incidents) == ("not_run", None, ())


# What goes wrong in the worker.

SPOILED = signs_program()
RAW = {"working": "yes", "paid": "yes", "papers": "yes"}


def spoiled(fault: str, every: int = 1) -> Engine:
    _, _, _, script, _, *folders = worker_command()
    command = [sys.executable, FAKE, script, folders[0], fault, str(every)]
    # The limit is waited for where the worker says nothing; where it does, it shall not come first.
    silent = fault in {"hangs", "stopped"}
    return Engine(SPOILED, workers=1, time_limit=0.5 if silent else 30, command=command)


def right() -> Evaluation:
    with Engine(SPOILED, check=False) as engine:
        return evaluate(engine, RAW)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("killed", "crashed"),
        ("hangs", "hung"),
        ("stopped", "hung"),
        ("garbage", "erred"),
        ("a circle", "erred"),
    ],
)
def test_without_an_answer_of_the_engine_the_reference_stands_and_is_flagged(fault: str, kind: str) -> None:
    with spoiled(fault) as engine:
        found = evaluate(engine, RAW)
    assert found.engine_check == "unavailable"
    assert found.engine_outcome is None
    assert not found.needs_human
    assert [(one.kind, one.digest) for one in found.incidents] == [(kind, SPOILED.digest)]
    assert without_check(found) == right()


@pytest.mark.parametrize("fault", ["one too many", "one too few", "another trace"])
def test_a_difference_is_told_to_a_person_and_the_worker_replaced(fault: str) -> None:
    with spoiled(fault) as engine:
        found = evaluate(engine, RAW)
        assert engine.executor is not None
        assert engine.executor.pool.pids() == []
    assert found.engine_check == "differs"
    assert found.needs_human
    assert [one.kind for one in found.incidents] == ["differs"]
    assert without_check(found) == right()


def test_of_two_different_outcomes_the_higher_is_shown_and_both_are_kept() -> None:
    # The engine forgets the outcome: the reference's is the higher.
    with spoiled("one too few") as engine:
        found = evaluate(engine, RAW)
    assert (found.outcome, found.reference_outcome) == ("other_concern", "other_concern")
    assert found.engine_outcome == "not_enough_known"
    # The engine invents an indicator: its own is the higher.
    low = {"working": "yes", "paid": "no"}
    with spoiled("one too many") as engine:
        found = evaluate(engine, low)
    assert (found.outcome, found.reference_outcome) == ("not_enough_known", "nothing_indicated_so_far")
    assert found.engine_outcome == "not_enough_known"


def test_an_incident_holds_nothing_of_the_case() -> None:
    for fault in ("one too many", "one too few", "another trace", "garbage", "killed"):
        with spoiled(fault) as engine:
            (incident,) = evaluate(engine, RAW).incidents
        told = incident.detail
        for word in (*SPOILED.data["questions"], "indicator", "finding", "outcome", "I-1", "t-", "yes"):
            assert word not in told


@pytest.mark.parametrize("fault", ["killed", "stopped", "garbage", "one too few", "unknown rule"])
def test_under_load_from_eight_threads_every_caller_gets_the_right_result(fault: str) -> None:
    expected = right()
    _, _, _, script, _, *folders = worker_command()
    command = [sys.executable, FAKE, script, folders[0], fault, "7"]
    answers = read(SPOILED, RAW)
    with (
        Engine(SPOILED, workers=2, time_limit=1 if fault == "stopped" else 30, command=command) as engine,
        ThreadPoolExecutor(8) as threads,
    ):
        found = list(threads.map(lambda _: engine.evaluate(answers, DAY, "intake"), range(60)))
    checks = Counter(one.engine_check for one in found)
    wrong = "differs" if fault == "one too few" else "unavailable"
    assert checks["agrees"] > 0
    assert checks[wrong] > 0
    assert set(checks) <= {"agrees", "unavailable", "differs"}
    for one in found:
        assert without_check(one) == expected
        assert bool(one.incidents) == (one.engine_check != "agrees")


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSTOP"])
def test_workers_killed_or_stopped_under_load_change_no_result(name: str) -> None:
    expected = right()
    answers = read(SPOILED, RAW)
    with Engine(SPOILED, workers=2, time_limit=limit_for(name)) as engine:
        assert engine.executor is not None
        pool = engine.executor.pool

        def ask() -> Evaluation:
            return engine.evaluate(answers, DAY, "intake")

        found = ask_under_attack(pool, name, ask)
        assert is_served_again(pool, ask, lambda one: one.engine_check == "agrees")
    assert {one.engine_check for one in found} == {"agrees", "unavailable"}
    for one in found:
        assert without_check(one) == expected


# A mistake in either executor does not stay hidden.


def cases_until_found(pool: WorkerPool, limit: int = 1000) -> int:
    """How many random cases it takes until the two executors differ."""
    for seed in range(limit):
        random = Random(seed)
        engine = Engine(random_program(random), pool=pool)
        if evaluate(engine, random_answers(random, engine.program.data)).engine_check == "differs":
            return seed + 1
    return limit


def test_nothing_is_found_where_nothing_is_planted(pool: WorkerPool) -> None:
    assert cases_until_found(pool, 300) == 300


def test_a_branch_lost_by_the_plan_is_found(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    right_one = levels._Planner._antecedents

    def lose_the_last(planner: Any, expression: Any) -> tuple[str, ...]:
        parts = right_one(planner, expression)
        return parts[:-1] if len(parts) > 3 else parts

    monkeypatch.setattr(levels._Planner, "_antecedents", lose_the_last)
    assert cases_until_found(pool) < 1000


def test_a_count_too_low_in_the_plan_is_found(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    right_form = levels._count_form

    def one_less(count: Any) -> Any:
        form = right_form(count)
        if form.get("need", 0) > 2:
            form["need"] -= 1
        return form

    monkeypatch.setattr(levels, "_count_form", one_less)
    assert cases_until_found(pool) < 1000


def test_a_level_too_early_in_the_plan_is_found(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    right_form = levels.Plan.worker_form

    def without_the_last_level(plan: Any) -> Any:
        form = right_form(plan)
        form["levels"] = form["levels"][:6]
        return form

    monkeypatch.setattr(levels.Plan, "worker_form", without_the_last_level)
    assert cases_until_found(pool) < 1000


def test_a_status_wrong_in_the_reference_is_found(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    right_statuses = reference.Reference.statuses

    def forget_a_finding(one: Any, truths: Any) -> Any:
        found = right_statuses(one, truths)
        established = [name for name, status in found.items() if status == 2 and name.startswith("finding")]
        if len(established) > 5:
            found[established[5]] = 1
        return found

    monkeypatch.setattr(evaluation.Reference, "statuses", forget_a_finding)
    assert cases_until_found(pool) < 1000


def test_a_child_missing_in_the_reference_s_trace_is_found(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    right_trace = reference.Reference.trace

    def lose_a_child(one: Any, truths: Any) -> Any:
        return tuple(
            firing._replace(children=firing.children[:-1]) if len(firing.children) > 4 else firing
            for firing in right_trace(one, truths)
        )

    monkeypatch.setattr(evaluation.Reference, "trace", lose_a_child)
    assert cases_until_found(pool) < 1000


def test_a_combination_read_wrongly_by_the_worker_is_found(tmp_path: Path) -> None:
    """The mistake is planted in a copy of the worker's own file."""
    source = Path(durable_worker.__file__).read_text(encoding="utf-8")
    planted = source.replace('found["weak"] >= weak\n', 'found["weak"] > weak\n')
    assert planted != source
    copy = tmp_path / "durable_worker.py"
    copy.write_text(planted, encoding="utf-8")
    command = [str(copy) if part.endswith("durable_worker.py") else part for part in worker_command()]
    pool = engine_pool(workers=1, time_limit=10, command=command)
    assert cases_until_found(pool) < 1000
    pool.close()
