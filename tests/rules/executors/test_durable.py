"""The engine comes to the conclusions and the trace of the naive meaning, for ever and in any process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.executors.durable import DurableExecutor, EngineAnswer, engine_pool, worker_command
from rules.executors.worker_pools import WorkerPool
from rules.program import Program
from tests.rules.oracle import TRUE, statuses_of, trace_of
from tests.rules.random_programs import programs, random_program


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = engine_pool(workers=1, time_limit=10)
    yield pool
    pool.close()


def random_truths(random: Random, program: Program) -> dict[str, int]:
    known = random.random()
    weights = ((1 - known) / 2, (1 - known) / 2, known)
    return {test: random.choices((0, 1, 2), weights)[0] for test in program.data["tests"]}


def expect(program: Program, truths: dict[str, int]) -> tuple[set[str], list[tuple[str, tuple[str, ...]]]]:
    known = statuses_of(program.data, truths)
    established = {item["id"] for item in program.data["conclusions"] if known[item["id"]] == TRUE}
    return established, trace_of(program.data, known)


def true_in(truths: dict[str, int]) -> list[str]:
    return [test for test, truth in truths.items() if truth == TRUE]


def rss(pid: int) -> int:
    """The memory a process holds, in kB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


@given(program=programs(), seed=st.integers(0, 2**32))
@settings(deadline=None)
def test_the_engine_agrees_with_the_meaning(pool: WorkerPool, program: Program, seed: int) -> None:
    random = Random(seed)
    executor = DurableExecutor(program, pool=pool)
    for _ in range(3):
        truths = random_truths(random, program)
        answer = executor.evaluate(true_in(truths))
        assert isinstance(answer, EngineAnswer)
        assert (set(answer.established), list(answer.trace)) == expect(program, truths)


def test_long_chains_of_many_levels_agree(pool: WorkerPool) -> None:
    deepest = 0
    for seed in range(300):
        random = Random(seed)
        program = random_program(random, layers=8, width=6)
        executor = DurableExecutor(program, pool=pool)
        deepest = max(deepest, len(executor.plan.levels))
        truths = random_truths(random, program)
        answer = executor.evaluate(true_in(truths))
        assert isinstance(answer, EngineAnswer)
        assert (set(answer.established), list(answer.trace)) == expect(program, truths)
    assert deepest > 12


def test_a_program_at_the_limits_agrees(pool: WorkerPool) -> None:
    """200 uses of one identifier, twelve antecedents, 2,000 rules: all at once, and all in one level."""
    random = Random(1)
    conditions = [["all", [["test", "t0000"], ["test", f"t{n:04d}"]]] for n in range(1, 201)]
    for _ in range(1800):
        parts = random.sample(range(1, 3000), 12)
        conditions.append(["all", [["test", f"t{part:04d}"] for part in parts]])
    conclusions = [
        {"id": f"finding.f{n}", "kind": "finding", "rules": [{"id": f"F-{n}", "when": condition}]}
        for n, condition in enumerate(conditions)
    ]
    tests = {f"t{n:04d}": {"question": "q"} for n in range(3000)}
    program = Program({"tests": tests, "conclusions": conclusions}, "sha256:limits")
    executor = DurableExecutor(program, pool=pool)
    assert len(executor.plan.levels) == 2
    for share in (1.0, 0.9, 0.2, 0.0):
        truths = {test: 2 if random.random() < share else 0 for test in tests}
        answer = executor.evaluate(true_in(truths))
        assert isinstance(answer, EngineAnswer)
        assert (set(answer.established), list(answer.trace)) == expect(program, truths)


def test_memory_is_flat_over_ten_thousand_evaluations() -> None:
    random = Random(7)
    program = random_program(random, layers=3, width=4)
    cases = [true_in(random_truths(random, program)) for _ in range(100)]
    with DurableExecutor(program, workers=1, time_limit=10) as executor:
        for case in cases * 10:
            executor.evaluate(case)
        (pid,) = executor.pool.pids()
        before = rss(pid)
        for case in cases * 100:
            executor.evaluate(case)
        assert executor.pool.pids() == [pid]
        assert rss(pid) - before < 1024


def test_memory_is_flat_over_a_thousand_programs() -> None:
    pool = engine_pool(workers=1, time_limit=10)
    seen = []
    for seed in range(1000):
        random = Random(seed % 50)
        program = random_program(random)
        # Another digest each time, so that each is loaded anew and pushes an older one out.
        executor = DurableExecutor(Program(program.data, f"sha256:{seed}"), pool=pool)
        assert isinstance(executor.evaluate(program.data["tests"]), EngineAnswer)
        seen.append(rss(pool.pids()[0]))
    assert seen[-1] - max(seen[:250]) < 2048
    assert len(pool.pids()) == 1
    pool.close()


def test_a_program_that_was_pushed_out_is_loaded_again(pool: WorkerPool) -> None:
    executors = [DurableExecutor(random_program(Random(seed)), pool=pool) for seed in range(20)]
    for _ in range(2):
        for executor in executors:
            assert isinstance(executor.evaluate([]), EngineAnswer)


def test_the_engine_says_of_a_branch_just_what_the_plan_expects() -> None:
    """Otherwise every firing would be sent as a pair: right, but slow, and nobody would notice."""
    for seed in range(20):
        with DurableExecutor(random_program(Random(seed)), workers=1, time_limit=10) as executor:
            executor.evaluate([])
            request = {"id": 1, "program": executor.plan.digest, "true": sorted(executor.plan.tests.values())}
            with executor.pool.worker() as worker:
                reply = worker.ask(json.dumps(request).encode() + b"\n", 10)
            counts = {count.node for level in executor.plan.levels for count in level.counts}
            pairs = {one[0].partition("/")[0] for one in reply["fired"] if not isinstance(one, str)}
            assert pairs <= counts
            assert any(isinstance(one, str) for one in reply["fired"])


def test_tests_that_no_rule_reads_and_strange_ones_change_nothing(pool: WorkerPool) -> None:
    executor = DurableExecutor(random_program(Random(3)), pool=pool)
    assert executor.evaluate([]) == executor.evaluate(["t9999", "'; drop", "\x00", "اختبار"])


def test_a_worker_knows_no_environment_and_says_nothing_beside_its_replies() -> None:
    command = worker_command()
    assert command[1:3] == ["-I", "-S"]
    result = subprocess.run(
        command, input=b"", capture_output=True, timeout=100, check=False, env={"PYTHONPATH": "/nowhere"}
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, b'{"ready": true}\n', b"")


@pytest.mark.parametrize(
    "line", ["not JSON", "[]", "{}", '{"load": "x", "plan": {}}', '{"load": "x", "plan": 1}']
)
def test_a_request_that_cannot_be_read_ends_the_worker_without_repeating_it(line: str) -> None:
    result = subprocess.run(
        worker_command(), input=line.encode() + b"\n", capture_output=True, timeout=100, check=False
    )
    assert result.returncode == 1
    _, error = result.stdout.splitlines()
    assert set(json.loads(error)) == {"error"}
    assert json.loads(error)["error"].replace("Error", "").isalpha()


RULE = {"n0/0": {"all": [{"x0": {"$and": [{"c": "t0000"}]}}]}}


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ({"id": "t0000", "c": 1e-05}, r"[a-zA-Z.]+ \d+"),
        ({"id": "open", "c": "t0000"}, "a fact was taken for .*"),
    ],
)
def test_an_engine_error_ends_the_worker_with_a_reason_and_no_content(fact: object, reason: str) -> None:
    plan = {
        "concludes": {},
        "levels": [
            {
                "sections": [{"rules": RULE, "facts": {"t0000": fact}, "choices": {}}],
                "counts": [],
            }
        ],
    }
    requests = [{"load": "d", "plan": plan}, {"id": 1, "program": "d", "true": ["t0000"]}, {"id": 2}]
    lines = b"".join(json.dumps(request).encode() + b"\n" for request in requests)
    result = subprocess.run(worker_command(), input=lines, capture_output=True, timeout=100, check=False)
    assert result.returncode == 1
    *_, loaded, error = [json.loads(line) for line in result.stdout.splitlines()]
    assert loaded == {"loaded": "d"}
    assert re.fullmatch(reason, error["error"])


@pytest.mark.parametrize(
    ("rules", "choices", "told"),
    [
        ({"n0/0": {"all": [{"x0": {"$and": [{"b": 1}, {"c": "t0000"}]}}]}}, {}, ["n0/0", ["t0000"]]),
        ({"n0/any": {"all": [{"x0": {"n0": 1}}]}}, {"n0/any": {"t0000": "n0/0"}}, ["n0/any", ["t0000"]]),
    ],
)
def test_what_the_engine_matches_beside_the_plan_is_told_as_it_is(
    rules: object, choices: object, told: object
) -> None:
    """A firing on another fact than the branch's own is not smoothed over by the worker."""
    facts = {
        "t0000": {"id": "t0000", "b": 1, "d": 2, "c": "t0000", "n0": 1},
        "t0001": {"id": "t0001", "b": 1, "c": "t0000", "n0": 1},
    }
    section = {"rules": rules, "facts": facts, "choices": choices}
    plan = {"concludes": {}, "levels": [{"sections": [section], "counts": []}]}
    requests = [{"load": "d", "plan": plan}, {"id": 1, "program": "d", "true": ["t0001"]}]
    lines = b"".join(json.dumps(request).encode() + b"\n" for request in requests)
    result = subprocess.run(worker_command(), input=lines, capture_output=True, timeout=100, check=False)
    assert json.loads(result.stdout.splitlines()[-1])["fired"] == [told]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_worker_ends_when_its_parent_is_killed() -> None:
    script = textwrap.dedent(
        """
        import os, sys
        from random import Random
        from rules.executors.durable import DurableExecutor
        from tests.rules.random_programs import random_program
        executor = DurableExecutor(random_program(Random(1)), workers=1)
        executor.evaluate([])
        print(executor.pool.pids()[0], flush=True)
        os.kill(os.getpid(), 9)
        """
    )
    root = Path(__file__).resolve().parents[3]
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    worker = int(result.stdout)
    deadline = time.monotonic() + 60
    while is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(worker)


def test_a_forked_copy_starts_workers_of_its_own() -> None:
    program = random_program(Random(5))
    with DurableExecutor(program, workers=1, time_limit=10) as executor:
        expected = executor.evaluate(program.data["tests"])
        mine = executor.pool.pids()
        readable, writable = os.pipe()
        child = os.fork()
        if child == 0:
            answer = executor.evaluate(program.data["tests"])
            ok = answer == expected and executor.pool.pids() != mine
            executor.close()
            os.write(writable, b"yes" if ok else b"no")
            os._exit(0)
        os.close(writable)
        with os.fdopen(readable, "rb") as reply:
            assert reply.read() == b"yes"
        os.waitpid(child, 0)
        assert executor.evaluate(program.data["tests"]) == expected
        assert executor.pool.pids() == mine
