"""The guard refuses whatever durable_rules is known to get wrong, and nothing that the plan needs."""

from __future__ import annotations

from typing import Any

import pytest

from rules.executors.guard import (
    MAX_CHILDREN,
    MAX_PARTS,
    MAX_RULES,
    MAX_USES,
    Refusal,
    engine_hash,
    refuse_collisions,
    refuse_fact,
    refuse_rules,
)
from rules.executors.levels import engine_fact, engine_rules


def one_rule(*tests: Any) -> dict[str, Any]:
    """A rule set of one rule whose antecedents have these tests."""
    return {"r0": {"all": [{f"x{place}": test} for place, test in enumerate(tests)]}}


def kinds(refusals: list[Refusal]) -> set[str]:
    return {refusal.kind for refusal in refusals}


def test_what_the_plan_writes_is_accepted() -> None:
    assert refuse_rules(engine_rules({"r0000/0": ("t0042", "t0033"), "r0000/1": ("c0001",)})) == []
    assert refuse_fact(engine_fact("t0042")) == []


OUTSIDE_THE_GRAMMAR: dict[str, Any] = {
    "no antecedent": {"r0": {"all": []}},
    "no all": {"r0": {"any": [{"x0": {"b": 1}}]}},
    "a priority": {"r0": {"all": [{"x0": {"b": 1}}], "pri": 1}},
    "thirteen antecedents": one_rule(*({"c": f"t{number}"} for number in range(MAX_PARTS + 1))),
    "the same alias twice": {"r0": {"all": [{"x0": {"b": 1}}, {"x0": {"b": 2}}]}},
    "an antecedent with two names": {"r0": {"all": [{"x0": {"b": 1}, "x1": {"b": 2}}]}},
    "an alias with a meaning": {"r0": {"all": [{"x0$not": {"b": 1}}]}},
    "an empty and": one_rule({"$and": []}),
    "an and that is no list": one_rule({"$and": {"b": 1}}),
    "two keys in one test": one_rule({"b": 1, "c": "t0"}),
    "two keys in one test of an and": one_rule({"$and": [{"b": 1, "c": "t0"}]}),
    "no test": one_rule({}),
    "a test that is a text": one_rule("b"),
    "true": one_rule({"b": True}),
    "null": one_rule({"b": None}),
    "a float": one_rule({"b": 1e-05}),
    "a number too great": one_rule({"b": 2**53}),
    "an empty text": one_rule({"c": ""}),
    "a long text": one_rule({"c": "t" * 1001}),
    "a text with a NUL": one_rule({"c": "t\x000"}),
    "a join": one_rule({"c": "t0"}, {"c": {"x0": "c"}}),
    "an operator": one_rule({"$gte": {"b": 1}}),
    "an or": one_rule({"$or": [{"b": 1}, {"b": 2}]}),
    "a negation": one_rule({"$nex": {"b": 1}}),
    "an and in an and": one_rule({"$and": [{"$and": [{"b": 1}]}]}),
    "a test on the id": one_rule({"id": "t0"}),
    "a test on the state": one_rule({"sid": "0"}),
    "a rule that is a list": {"r0": [{"x0": {"b": 1}}]},
}


@pytest.mark.parametrize("rules", OUTSIDE_THE_GRAMMAR.values(), ids=list(OUTSIDE_THE_GRAMMAR))
def test_rules_outside_the_grammar_are_refused(rules: dict[str, Any]) -> None:
    assert kinds(refuse_rules(rules)) == {"grammar"}


@pytest.mark.parametrize(
    "fact",
    [
        {},
        {"b": 1},
        {"id": 1},
        {"id": "t0", "b": True},
        {"id": "t0", "b": None},
        {"id": "t0", "b": 0.5},
        {"id": "t0", "b": ["t0"]},
        {"id": "t0", "$s": 1},
        {"id": "", "b": 1},
        {"id": "t0", **{f"f{number}": number for number in range(32)}},
    ],
)
def test_facts_outside_the_grammar_are_refused(fact: dict[str, Any]) -> None:
    assert kinds(refuse_fact(fact)) == {"grammar"}


def test_an_identifier_may_end_200_antecedents_and_no_more() -> None:
    rules = {f"r{number}/0": ("t0000", f"t{number + 1:04d}") for number in range(MAX_USES)}
    assert refuse_rules(engine_rules(rules)) == []
    rules["r9999/0"] = ("t0000",)
    assert refuse_rules(engine_rules(rules)) == [Refusal("uses", "t0000", MAX_USES + 1)]


def test_a_parent_may_have_400_tests_and_no_more() -> None:
    def bare(number: int) -> dict[str, Any]:
        return {f"r{place}": {"all": [{"x0": {"c": f"t{place:04d}"}}]} for place in range(number)}

    assert refuse_rules(bare(MAX_CHILDREN)) == []
    assert kinds(refuse_rules(bare(MAX_CHILDREN + 1))) == {"children"}
    # The same number of tests in buckets is far from the limit.
    assert refuse_rules(engine_rules({f"r{n}/0": (f"t{n:04d}",) for n in range(3 * MAX_CHILDREN)})) == []


def test_a_level_may_have_4000_rules_and_no_more() -> None:
    rules = {f"r{number}/0": (f"t{number:04d}",) for number in range(MAX_RULES)}
    assert refuse_rules(engine_rules(rules)) == []
    rules["r9999/0"] = ("t0000",)
    assert refuse_rules(engine_rules(rules)) == [Refusal("rules", "", MAX_RULES + 1)]


def colliding_pair() -> tuple[str, str]:
    """Two short texts with one hash, found by looking: 32 bits run out soon."""
    seen: dict[int, str] = {}
    for number in range(200_000):
        text = f"{number:x}"
        other = seen.setdefault(engine_hash(text), text)
        if other != text:
            return other, text
    raise AssertionError("no collision among 200,000 texts")


def test_texts_with_one_hash_are_refused() -> None:
    one, other = colliding_pair()
    assert engine_hash(one) == engine_hash(other)
    assert kinds(refuse_collisions([one, "t0001", other])) == {"collision"}
    fields = {"r0": {"all": [{"x0": {"$and": [{one: 1}, {other: 1}]}}]}}
    assert kinds(refuse_rules(fields)) == {"collision"}


def test_the_hash_is_the_engine_s_own() -> None:
    # The engine's source writes these two out as numbers.
    assert engine_hash("id") == 926444256
    assert engine_hash("sid") == 3593476751


def test_no_identifier_the_plan_can_make_collides() -> None:
    every = [f"{letter}{number:04d}" for letter in "tcn" for number in range(10_000)]
    assert refuse_collisions([*every, "sid-0", "$pulse", "open"]) == []
