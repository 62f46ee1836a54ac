"""The plan: flat branches at the right level, counts beside them, and every limit a fault in plain words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from indicators.errors import ContentError, message
from rules.executors import levels
from rules.executors.levels import Count, Plan, find_faults, plan
from rules.program import Program
from tests.rules.random_programs import programs

Json = dict[str, Any]


def told(number: int) -> list[Any]:
    return ["test", f"t{number:04d}"]


def ref(name: str) -> list[Any]:
    return ["ref", f"finding.{name}"]


def finding(name: str, *conditions: list[Any]) -> Json:
    rules = [{"id": f"{name}-{place}", "when": when} for place, when in enumerate(conditions)]
    return {"id": f"finding.{name}", "kind": "finding", "rules": rules}


def program(*conclusions: Json, tests: int = 500) -> Program:
    return Program.from_data(
        {
            "tests": {f"t{number:04d}": {"question": f"q{number}"} for number in range(tests)},
            "conclusions": list(conclusions),
        }
    )


def branches(found: Plan) -> list[dict[str, set[str]]]:
    """The branches of every level, in the program's names where they have one."""
    return [
        {
            name: {found.names.get(part, part).removeprefix("finding.") for part in parts}
            for name, parts in level.branches.items()
        }
        for level in found.levels
    ]


def codes(*conclusions: Json) -> list[str]:
    return [fault.code for fault in find_faults(program(*conclusions))]


def test_an_any_is_one_engine_rule_a_branch_and_an_all_is_written_out_in_its_branch() -> None:
    when = ["any", [told(1), ["all", [told(2), told(3)]], ["any", [told(4), told(1)]]]]
    assert branches(plan(program(finding("a", when)))) == [
        {},
        {"r0000/0": {"t0001"}, "r0000/1": {"t0002", "t0003"}, "r0000/2": {"t0004"}},
    ]


def test_what_is_nested_deeper_is_a_helper_one_level_below() -> None:
    either = ["any", [told(2), told(3)]]
    found = plan(program(finding("a", ["all", [told(1), either]]), finding("b", ["all", [either, told(4)]])))
    assert branches(found) == [
        {},
        {"n0000/0": {"t0002"}, "n0000/1": {"t0003"}},
        {"r0000/0": {"t0001", "n0000"}, "r0001/0": {"t0004", "n0000"}},
    ]


def test_a_conclusion_is_read_a_level_after_its_highest_rule() -> None:
    found = plan(
        program(
            finding("low", told(1)),
            finding("mixed", told(2), ["all", [ref("low"), told(3)]]),
            finding("high", ref("mixed")),
        )
    )
    assert branches(found) == [
        {},
        {"r0000/0": {"t0001"}, "r0001/0": {"t0002"}},
        {"r0002/0": {"low", "t0003"}},
        {"r0003/0": {"mixed"}},
    ]


def test_counts_add_no_level() -> None:
    found = plan(
        program(
            finding("two", ["at_least", 2, [told(1), told(2), told(3)]]),
            finding("again", ["at_least", 1, [ref("two"), told(4)]]),
            finding("high", ["all", [ref("again"), told(5)]]),
        )
    )
    assert found.levels[0].counts == (
        Count("r0000", ("t0000", "t0001", "t0002"), 2),
        Count("r0001", ("c0000", "t0003"), 1),
    )
    assert branches(found) == [{}, {"r0002/0": {"again", "t0005"}}]


def test_a_wide_all_reads_its_lower_parts_through_helpers_and_is_not_higher_for_it() -> None:
    found = plan(
        program(
            finding("low", told(0)), finding("wide", ["all", [ref("low"), *(told(n) for n in range(1, 30))]])
        )
    )
    assert [set(level) for level in branches(found)] == [
        set(),
        {"r0000/0", "n0000/0", "n0001/0"},
        {"r0001/0"},
    ]
    assert all(len(parts) <= 12 for level in found.levels for parts in level.branches.values())
    read = branches(found)
    wide = read[2]["r0001/0"] | read[1]["n0000/0"] | read[1]["n0001/0"]
    assert wide - {"n0000", "n0001"} == {"low", *(f"t{n:04d}" for n in range(1, 30))}


def test_what_can_never_be_true_has_no_branch() -> None:
    never = ["any", []]
    too_many = ["at_least", 3, [told(1), told(2)]]
    found = plan(
        program(
            finding("a"),
            finding("b", never, too_many, ["all", [told(1), never]]),
            finding("c", ["any", [never, told(2)]], ["at_least", 2, [never, told(1), told(2)]]),
            finding("d", ref("a")),
        )
    )
    assert branches(found) == [{}, {"r0003/0": {"t0002"}, "r0005/0": {"a"}}]
    assert [(count.node, len(count.members)) for count in found.levels[0].counts] == [("r0004", 2)]


@given(programs())
def test_every_plan_is_flat_and_reads_only_what_stands_below(random: Program) -> None:
    found = plan(random)
    nodes = {name.partition("/")[0] for level in found.levels for name in level.branches}
    nodes |= {count.node for level in found.levels for count in level.counts}
    # A conclusion is settled when every rule of it that can fire is.
    open_rules = {node: {rule for rule in nodes if found.concludes.get(rule) == node} for node in found.names}
    settled = set(found.tests.values()) | {node for node, rules in open_rules.items() if not rules} - nodes

    def settle(node: str) -> None:
        settled.add(node)
        target = found.concludes.get(node, node)
        open_rules.get(target, set()).discard(node)
        if not open_rules.get(target):
            settled.add(target)

    for level in found.levels:
        for parts in level.branches.values():
            assert 1 <= len(parts) <= 12
            assert settled.issuperset(parts)
        for name in level.branches:
            settle(name.partition("/")[0])
        for count in level.counts:
            assert settled.issuperset(count.members)
            settle(count.node)
    assert settled.issuperset(nodes)


@given(programs())
def test_no_word_of_the_content_reaches_the_worker(random: Program) -> None:
    form = json.dumps(plan(random).worker_form(), ensure_ascii=False)
    assert form.isascii()
    signs = {ord(sign): " " for sign in '"{}[]:,/$'}
    words = {word for word in form.translate(signs).split() if not word.isdigit()}
    plain = {word for word in words if not (word[0] in "tcnrx" and word[1:].isdigit())}
    assert plain <= {
        *("concludes", "levels", "sections", "rules", "facts", "choices", "counts"),
        *("all", "any", "and", "b", "c", "id"),
        *("node", "members", "need", "strengths", "combinations", "strong", "medium", "weak"),
    }


@given(programs())
def test_sections_are_small_and_hold_every_branch_once(random: Program) -> None:
    for level in plan(random).levels:
        sections = level.sections()
        held = [(name, parts) for section in sections for name, parts in section.branches.items()]
        held += [
            (name, (part,))
            for section in sections
            for branches in section.choices.values()
            for part, name in branches.items()
        ]
        assert sorted(held) == sorted(level.branches.items())
        for section in sections:
            assert 1 <= len(section.rules()) <= levels.SECTION_RULES
            assert sum(map(len, section.branches.values())) <= levels.SECTION_ANTECEDENTS


def test_all_of_which_one_is_enough_are_one_engine_rule() -> None:
    condition = ["any", [told(1), told(2), ["all", [told(3), told(4)]]]]
    made = plan(program(finding("a", condition), finding("b", told(1))))
    (section,) = made.levels[1].sections()
    assert section.rules() == {
        "r0000/2": {
            "all": [
                {"x0": {"$and": [{"b": 2}, {"c": "t0002"}]}},
                {"x1": {"$and": [{"b": 3}, {"c": "t0003"}]}},
            ]
        },
        "r0000/any": {"all": [{"x0": {"r0000": 1}}]},
        "r0001/any": {"all": [{"x0": {"r0001": 1}}]},
    }
    assert section.choices == {
        "r0000": {"t0000": "r0000/0", "t0001": "r0000/1"},
        "r0001": {"t0000": "r0001/0"},
    }
    assert section.facts() == {
        "t0000": {"id": "t0000", "b": 0, "c": "t0000", "r0000": 1, "r0001": 1},
        "t0001": {"id": "t0001", "b": 1, "c": "t0001", "r0000": 1},
        "t0002": {"id": "t0002", "b": 2, "c": "t0002"},
        "t0003": {"id": "t0003", "b": 3, "c": "t0003"},
    }


def test_an_identifier_used_too_often_is_named_by_its_question() -> None:
    crowd = [finding(f"f{n}", ["all", [told(0), told(n)]]) for n in range(1, 202)]
    (fault,) = find_faults(program(*crowd))
    assert fault.code == "R901"
    assert message(fault, "en") == (
        "`q0` is used 201 times at one level of the engine, and 200 is the most it may be"
    )
    assert "201" in message(fault, "ar")
    assert find_faults(program(*crowd[:200])) == []


def test_a_conclusion_used_too_often_is_named_by_its_id() -> None:
    crowd = [finding(f"f{n}", ["all", [ref("low"), told(n)]]) for n in range(1, 202)]
    (fault,) = find_faults(program(finding("low", told(0)), *crowd))
    assert "`finding.low`" in message(fault, "en")


def test_too_many_rules_at_one_level_are_refused() -> None:
    data = program(tests=4001).data
    crowd = {**data, "conclusions": [finding(f"f{n}", told(n)) for n in range(4001)]}
    assert [fault.code for fault in find_faults(Program(crowd, "sha256:1"))] == ["R902"]


def test_too_many_different_tests_at_one_level_are_refused() -> None:
    number = 31 * 401
    data = program(tests=number).data
    crowd = [
        finding(f"f{n}", ["all", [told(12 * n + part) for part in range(12)]])
        for n in range(number // 12 + 1)
    ]
    data = {
        **data,
        "tests": {f"t{n:04d}": {"question": "q"} for n in range(number + 12)},
        "conclusions": crowd,
    }
    (fault,) = find_faults(Program(data, "sha256:1"))
    assert fault.code == "R903"


def test_identifiers_with_one_hash_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels.guard, "engine_hash", lambda text: len(text))
    assert set(codes(finding("a", ["all", [told(1), told(2)]]))) == {"R904"}


def test_a_plan_outside_the_grammar_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "_engine_test", lambda name: {"$or": [{"c": name}]})
    assert codes(finding("a", ["all", [told(1), told(2)]])) == ["R905"]


@pytest.mark.parametrize("condition", [["all", []], ["at_least", 0, [told(1)]], ["any", [["all", []]]]])
def test_a_condition_that_nothing_said_would_meet_is_refused(condition: list[Any]) -> None:
    assert codes(finding("a", condition)) == ["R906"]


def test_a_combination_of_zeros_is_refused() -> None:
    zeros = {"id": "a", "strong": 0, "medium": 0, "weak": 0, "medium_or_weak": 0}
    entry = {"id": "D-1", "strength": "strong", "when": told(1)}
    dimension = {"id": "dimension.m.d", "kind": "dimension", "entries": [entry], "combinations": [zeros]}
    assert codes(dimension) == ["R906"]


def test_reading_what_is_not_yet_concluded_is_refused() -> None:
    assert codes(finding("a", ref("b")), finding("b", told(1))) == ["R907"]
    assert codes(finding("a", ref("a"))) == ["R907"]


def test_all_faults_come_at_once() -> None:
    with pytest.raises(ContentError) as caught:
        plan(program(finding("a", ["all", []]), finding("b", ref("c")), finding("c", ["at_least", 0, []])))
    assert [fault.code for fault in caught.value.faults] == ["R906", "R907", "R906"]
