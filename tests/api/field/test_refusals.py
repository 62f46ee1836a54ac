"""What is malformed is refused by throwing: never a result that the service would not give."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from rules.program import Program
from tests.api.field.evaluators import Call, run_jobs
from tests.api.field.expectations import compare_with_reference, differences, job_of, without_problem
from tests.api.field.wide_programs import wide_program, wide_request
from tests.rules.small_programs import question, small_program

Json = dict[str, Any]

CHOICES = ["first", "second", "é", "none_of_these"]
QUESTIONS = {
    "said": question("yes_no"),
    "one": question("one_choice", options=CHOICES),
    "some": question("several_choices", options=CHOICES, exclusive="none_of_these"),
    "any": question("several_choices", options=CHOICES),
    "number": {**question("whole_number"), "least": 0, "most": 40},
    "range": {**question("number_range"), "least": -5, "most": 40},
    "free": question("whole_number"),
    "day": question("date"),
    "words": question("free_text"),
}
TESTS = {
    "t1": ("said", "is", "yes"),
    "t2": ("one", "is_not", "first"),
    "t3": ("some", "includes", "second"),
    "t4": ("any", "includes_any_of", ["first", "é"]),
    "t5": ("number", "is", 3),
    "t6": ("range", "at_most", 3),
    "t7": ("free", "more_than", 2**53 - 1),
    "t8": ("day", "before", "2024-02-29"),
    "t9": ("day", "at_least_ago", {"months": 2}),
}

ODDITIES: list[Any] = [
    *(None, True, False, 0, -0.5, 1, -1, -5, -6, 3, 40, 41, 1.5, 1e300, 2**53 - 1, 2**53, -(2**53), 10**30),
    *(
        "yes",
        "no",
        "Yes",
        "true",
        "",
        " ",
        "first",
        "First",
        "first ",
        "none_of_these",
        "1",
        "constructor",
        "__proto__",
    ),
    *("not_known", "declined", "not_asked", "not_relevant", "value", "é", "e\u0301"),
    *([], ["first"], ["second", "first"], ["first", "first"], ["none_of_these"], ["first", "none_of_these"]),
    *(["e\u0301", "é"], ["yes"], ["declined"], [None], [["first"]], [1], [{}], ["toString"]),
    *({}, {"state": "declined"}, {"state": "not_asked"}, {"state": "value"}, {"state": "not_relevant"}),
    *(
        {"state": None},
        {"state": ["declined"]},
        {"state": "declined", "value": "yes"},
        {"states": "declined"},
    ),
    *(
        {"state": "declined", "complete": True},
        {"state": "declined", "complete": False},
        {"State": "declined"},
    ),
    *({"value": None}, {"value": "yes"}, {"value": 3}, {"value": "first"}, {"value": {"value": "yes"}}),
    *(
        {"value": "yes", "complete": True},
        {"value": 3, "complete": False},
        {"complete": True},
        {"value": "2024"},
    ),
    *(
        {"value": [], "complete": True},
        {"value": [], "complete": False},
        {"value": ["first"], "complete": False},
    ),
    *(
        {"value": ["first"], "complete": None},
        {"value": ["first"], "complete": "yes"},
        {"value": ["first"], "note": 1},
    ),
    *({"value": ["none_of_these"]}, {"value": ["none_of_these"], "complete": True}, {"__proto__": 1}),
    *(
        {"from": 1},
        {"to": 1},
        {"from": None},
        {"from": None, "to": None},
        {"from": None, "to": 3},
        {"from": 2, "to": 1},
    ),
    *(
        {"from": 2, "to": 2},
        {"from": "2"},
        {"from": 1.5},
        {"from": 1, "until": 2},
        {"from": 1, "value": 2},
        {"from": -6},
    ),
    *(
        {"to": 41},
        {"from": True},
        {"value": {"from": 1}},
        {"value": {"from": 1, "complete": True}},
        {"value": {}},
    ),
    *(
        "2024",
        "2024-02",
        "2024-02-29",
        "2023-02-29",
        "2100-02-29",
        "2000-02-29",
        "2024-13",
        "2024-00",
        "2024-1",
    ),
    *(
        "2024-01-00",
        "2024-01-32",
        "2024-02-29 ",
        " 2024",
        "٢٠٢٤",
        "2024-02-٢٩",
        "1899",
        "1900",
        "2199-12-31",
        "2200",
    ),
    *(
        "20240229",
        "2024-02-29T00:00",
        "2024/02",
        "2024-2-9",
        "2024-",
        "2024-02-",
        "+024",
        "-2024",
        "2024-02-2",
        "24",
    ),
    *("a" * 20_000, "a" * 20_001, "𝒜" * 20_000, "𝒜" * 20_001, "e\u0301" * 20_000, "\n", "\t a", "\r\n"),
    *(
        "a\u0000",
        "a\u0007",
        "a\u000b",
        "a\u007f",
        "a\u0085",
        "a\u2028",
        "a\u2029",
        "\ufeffa",
        "a\ufffe",
        "a\ufdd0",
    ),
    *(
        "\u00a0",
        "\u3000",
        "\u200f",
        "a\u200f",
        "\ud800",
        "a\udc00",
        "\udc00\ud800",
        "a\U0001fffe",
        "\u180e",
        "\u200b",
    ),
]
REQUESTS: list[Json] = [
    *({"answers": {name: oddity}} for name in QUESTIONS for oddity in ODDITIES),
    *({"answers": oddity} for oddity in ODDITIES),
    {"answers": {"nobody": "yes"}},
    {"answers": {"constructor": "yes"}},
    {"answers": {"said": "yes", "sa\u0131d": "yes"}},
    {"answers": {"said": "yes", "one": "third"}},
]


def every_type() -> Program:
    core = ["said", "words", "day"]
    findings = {name: ["test", name] for name in TESTS}
    return small_program(
        QUESTIONS, TESTS, findings, core=core, outcomes={"other_concern": ["ref", "finding.t1"]}
    )


def test_an_answer_is_accepted_where_the_service_accepts_it_and_nowhere_else(call: Call) -> None:
    requests = [{**one, "instrument": "intake", "asOf": "2026-11-01"} for one in REQUESTS]
    compared = compare_with_reference(every_type(), requests)
    refused = sum("refused" in one for one in compared.wanted)
    assert min(refused, len(requests) - refused) > 80
    assert differences(call, [compared]) == []


@pytest.mark.parametrize(
    "part",
    [
        *({"instrument": wrong} for wrong in ("", "Intake", None, 1, ["intake"], "constructor", "__proto__")),
        *(
            {"asOf": wrong}
            for wrong in ("", "2026-11", "2026-02-29", "1899-12-31", None, 20261101, "2026-11-01T00:00")
        ),
        {"answers": {"words": "a", "w\u00f6rds": "b"}},
    ],
    ids=repr,
)
def test_a_request_is_refused(call: Call, part: Json) -> None:
    request = {"answers": {}, "instrument": "intake", "asOf": "2026-11-01", **part}
    (outcome,) = run_jobs(call, [job_of(every_type(), [request])])
    assert [without_problem(one) for one in outcome["cases"]] == [{"refused": True}]


def test_a_problem_never_repeats_what_was_said(call: Call) -> None:
    said = {
        "one": "secret",
        "words": "secret\u0007",
        "day": "secret",
        "some": ["secret"],
        "number": 987654321,
    }
    requests = [
        {"answers": {name: one}, "instrument": "intake", "asOf": "2026-11-01"} for name, one in said.items()
    ]
    requests.append({"answers": {"secret": "yes"}, "instrument": "intake", "asOf": "2026-11-01"})
    (outcome,) = run_jobs(call, [job_of(every_type(), requests)])
    assert all(one["refused"] for one in outcome["cases"])
    assert not any("secret" in one["problem"] or "987" in one["problem"] for one in outcome["cases"])


def test_values_that_no_json_holds_are_refused(call: Call) -> None:
    job = job_of(every_type(), [{"answers": {}, "instrument": "intake", "asOf": "2026-11-01"}])
    assert call("acceptedOddities", json.dumps([job])) == []


def test_a_program_is_read_from_its_own_text_alone(call: Call) -> None:
    program = every_type()
    job = job_of(program, [])
    text = program.to_json()
    other = Program.from_data({**program.data, "rule_set": "other"})
    others = {
        "the digest of another": {**job, "digest": other.digest},
        "no digest": {**job, "digest": None},
        "a changed text": {**job, "program": text.replace('"yes"', '"no"', 1)},
        "a space": _with_own_digest(text + " "),
        "another order": _with_own_digest(
            json.dumps(dict(reversed(json.loads(text).items())), separators=(",", ":"))
        ),
        "a name twice": _with_own_digest(text.replace('"distress":1', '"distress":1,"distress":1', 1)),
        "a decimal": _with_own_digest(text.replace('"distress":1', '"distress":1.0', 1)),
        "half a character": _with_own_digest(text.replace("Invented.", "\\ud800", 1)),
        "an escape": _with_own_digest(text.replace("Invented.", "\\u0049nvented.", 1)),
        "no JSON": _with_own_digest("{"),
        "no mapping": _with_own_digest("[]"),
        "a wrong revision": {**job, "revision": "7"},
        "a negative revision": {**job, "revision": -1},
    }
    outcomes = run_jobs(call, [job, *others.values()])
    assert outcomes[0] == {"cases": []}
    assert {
        name: one.get("refused") for name, one in zip(others, outcomes[1:], strict=True)
    } == dict.fromkeys(others, True)


def _with_own_digest(text: str) -> Json:
    from hashlib import sha256

    return {
        "program": text,
        "digest": f"sha256:{sha256(text.encode()).hexdigest()}",
        "revision": None,
        "cases": [],
    }


def test_a_broken_program_is_refused_or_means_what_the_reference_makes_of_it(call: Call) -> None:
    jobs, wanted = [], []
    for seed in range(400):
        random = Random(f"broken {seed}")
        program = wide_program(random)
        data = json.loads(program.to_json())
        place = break_one_place(random, data)
        broken = Program.from_data(data)
        requests = [wide_request(random, program.data) for _ in range(4)]
        jobs.append(job_of(broken, requests))
        try:
            wanted.append((place, compare_with_reference(broken, requests).wanted))
        except Exception as error:  # noqa: BLE001 the reference was never meant to be given such programs
            wanted.append((place, [{"crashed": repr(error)}] * len(requests)))
    outcomes = run_jobs(call, jobs)
    refused = 0
    for number, ((place, want), outcome) in enumerate(zip(wanted, outcomes, strict=True)):
        if "cases" not in outcome:
            assert outcome["refused"], f"{number}: {place}: {outcome['problem']}"
            refused += 1
            continue
        got = [without_problem(one) for one in outcome["cases"]]
        assert got == want, f"{number}: {place}"
    assert refused > 150
    assert len(jobs) - refused > 50


def break_one_place(random: Random, data: Json) -> str:
    """Change one thing that an evaluator reads; returns what was done and where."""
    holder, key, path = random.choice(list(places(data, ())))
    held = holder[key]
    ways = ["replace", "replace", "remove", "rename" if isinstance(holder, dict) else "repeat"]
    way = random.choice(ways)
    if way == "replace":
        others = [
            None,
            True,
            0,
            1,
            -1,
            7,
            "",
            "x",
            "yes",
            "2026-11-01",
            [],
            {},
            ["test", "t0000"],
            [held],
            str(held),
        ]
        holder[key] = random.choice([one for one in others if one != held])
    elif way == "repeat":
        holder.insert(key, copy.deepcopy(held))
    else:
        del holder[key]
        if way == "rename":
            holder[f"{key}s"] = held
    return f"{way} {'/'.join(map(str, path))}"


def places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, Any, tuple[Any, ...]]]:
    """Everything in a program but its texts: what holds it, under which key or at which place."""
    texts = (
        "title",
        "label",
        "rationale",
        "sources",
        "text",
        "option_texts",
        "below",
        "topic",
        "about",
        "locator",
    )
    unread = (
        "answered_by",
        "unit",
        "distress",
        "because",
        "source",
        "confidence",
        "purpose",
        "sections",
        "basis",
    )
    items = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, one in list(items):
        if key not in texts and (key not in unread or "parameters" in path):
            yield value, key, (*path, key)
            yield from places(one, (*path, key))
