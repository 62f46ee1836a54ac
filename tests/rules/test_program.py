"""The canonical program: one form for one meaning, whatever the order of lines."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from indicators.content import load_catalogue
from indicators.errors import ContentError
from indicators.yaml_reading import read_yaml
from rules.dated_values import values_in_force
from rules.program import DependencyCycle, Program, compile_program
from rules.revisions import draft_program, publish, published, revision_in_force
from rules.rule_sets import load_rule_set, rule_set_names
from rules.satisfiability import Analysis


def compile_tree(root: Path) -> Program:
    catalogue, faults = load_catalogue(root)
    rule_set, more = load_rule_set("small", root, catalogue)
    assert rule_set is not None
    assert [*faults, *more] == []
    return compile_program(rule_set, catalogue)


def rewrite(path: Path, change: object) -> None:
    plain = read_yaml(path.read_text(encoding="utf-8")).plain()
    path.write_text(json.dumps(change(plain), ensure_ascii=False), encoding="utf-8")  # type: ignore[operator]


def test_small_tree_is_found_and_compiles(small_tree: Path) -> None:
    assert rule_set_names(small_tree) == ["small"]
    program = compile_tree(small_tree)
    assert program.rule_set == "small"
    assert program.digest.startswith("sha256:")
    assert program.revision_label == "draft"


def test_conclusions_stand_after_what_they_read(small_tree: Path) -> None:
    program = compile_tree(small_tree)
    order = [item["id"] for item in program.data["conclusions"]]
    assert order.index("indicator.confined") < order.index("finding.means.control")
    assert order.index("finding.means.control") < order.index("outcome.trafficking_possible")
    assert order.index("dimension.workplace.exploitation") < order.index("outcome.trafficking_indicated")


def test_order_of_lines_does_not_change_the_digest(small_tree: Path) -> None:
    before = compile_tree(small_tree)
    module = small_tree / "rules" / "sets" / "small" / "workplace"
    for name in ("observations", "findings", "recommendations"):
        rewrite(module / f"{name}.yaml", lambda plain: plain[::-1])
    questions = small_tree / "indicators" / "questions" / "questions.yaml"
    text = questions.read_text(encoding="utf-8")
    blocks = text.split("- id: ")
    questions.write_text("- id: ".join(["", *blocks[:0:-1]]), encoding="utf-8")
    after = compile_tree(small_tree)
    assert after.digest == before.digest


def test_one_changed_number_changes_the_digest(small_tree: Path) -> None:
    before = compile_tree(small_tree)
    path = small_tree / "rules" / "parameters" / "daily_hours_limit.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 12", "value: 11"), encoding="utf-8")
    assert compile_tree(small_tree).digest != before.digest


def test_program_survives_its_json_form(small_tree: Path) -> None:
    program = compile_tree(small_tree)
    again = Program.from_json(program.to_json())
    assert again == program
    assert again.to_json() == program.to_json()


def test_ladder_shorthands_are_spelled_out(small_tree: Path) -> None:
    program = compile_tree(small_tree)
    other = next(item for item in program.data["conclusions"] if item["id"] == "outcome.other_concern")
    forms = {rule["id"]: rule["when"] for rule in other["rules"]}
    assert forms["OUT-OC-01"] == ["any", [["ref", "finding.danger.now"], ["ref", "finding.hours_breach"]]]
    # The circumstance `debt` is not among the signs.
    assert forms["OUT-OC-02"] == [
        "any",
        [["ref", "indicator.confined"], ["ref", "indicator.danger"], ["ref", "indicator.long_hours"]],
    ]


def test_circle_of_findings_is_refused_by_the_compiler_too(small_tree: Path) -> None:
    path = small_tree / "rules" / "sets" / "small" / "workplace" / "findings.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("{indicator: long_hours}", "{finding: hours_breach}"),
        encoding="utf-8",
    )
    catalogue, _ = load_catalogue(small_tree)
    rule_set, faults = load_rule_set("small", small_tree, catalogue)
    assert [item.code for item in faults] == ["R022"]
    assert rule_set is not None
    with pytest.raises(DependencyCycle, match=r"finding\.hours_breach"):
        compile_program(rule_set, catalogue)


@pytest.mark.parametrize(
    ("day", "options", "expected"),
    [
        (date(2026, 11, 1), ["domestic_work"], {12}),
        (date(2026, 11, 1), ["domestic_work", "private_sector"], {12, 8}),
        (date(2012, 1, 1), ["private_sector"], {8}),
        (date(2012, 1, 1), ["domestic_work"], None),
        (date(2012, 1, 1), ["domestic_work", "private_sector"], None),
        (date(2026, 11, 1), [], None),
    ],
)
def test_values_that_could_apply(
    small_tree: Path, day: date, options: list[str], expected: set[int] | None
) -> None:
    parameter = compile_tree(small_tree).data["parameters"]["daily_hours_limit"]
    found = values_in_force(parameter, day, options)
    assert found == (None if expected is None else frozenset(expected))


def test_value_of_a_later_line_replaces_the_earlier() -> None:
    line = {"for": [], "by": None, "to": None}
    parameter = {
        "selector": None,
        "values": [{**line, "from": "2016-01-01", "value": 60}, {**line, "from": "2022-05-16", "value": 75}],
    }
    assert values_in_force(parameter, date(2022, 5, 15)) == frozenset({60})
    assert values_in_force(parameter, date(2022, 5, 16)) == frozenset({75})
    ended = {"selector": None, "values": [{**line, "from": "2016-01-01", "to": "2020-01-01", "value": 60}]}
    assert values_in_force(ended, date(2020, 1, 1)) == frozenset({60})
    assert values_in_force(ended, date(2020, 1, 2)) is None


def analysis(**tests: tuple[str, str, object]) -> Analysis:
    forms = {
        name: {"question": question, "op": op, "value": value, "parameter": None}
        for name, (question, op, value) in tests.items()
    }
    plain: dict[str, object] = {"options": [], "exclusive": None, "least": None, "most": None}
    questions = {
        "shut": {**plain, "type": "yes_no"},
        "hours": {**plain, "type": "whole_number", "least": 0, "most": 24},
        "left": {**plain, "type": "date"},
        "holder": {**plain, "type": "one_choice", "options": ["self", "boss", "agent"]},
        "who": {**plain, "type": "several_choices", "options": ["boss", "kin", "none"], "exclusive": "none"},
    }
    return Analysis({"tests": forms, "questions": questions, "conclusions": []})


@pytest.mark.parametrize(
    ("one", "other", "possible"),
    [
        (("shut", "is", "yes"), ("shut", "is", "no"), False),
        (("hours", "at_least", 12), ("hours", "less_than", 12), False),
        (("hours", "at_least", 12), ("hours", "at_most", 12), True),
        (("hours", "more_than", 24), ("shut", "is", "yes"), False),
        (("holder", "is", "boss"), ("holder", "is_not", "boss"), False),
        (("holder", "is_one_of", ["boss", "agent"]), ("holder", "is_not", "boss"), True),
        (("who", "includes", "boss"), ("who", "includes", "kin"), True),
        (("who", "includes", "boss"), ("who", "includes", "none"), False),
        (("who", "includes_any_of", ["boss", "kin"]), ("who", "includes", "none"), False),
        (("who", "includes_any_of", ["boss", "none"]), ("who", "includes", "none"), True),
        (("left", "before", "2020-01-01"), ("left", "after", "2020-06-01"), False),
        (("left", "before", "2020-01-03"), ("left", "after", "2020-01-01"), True),
        (("left", "before", "2020-01-02"), ("left", "after", "2020-01-01"), False),
    ],
)
def test_conditions_that_exclude_each_other_are_seen(
    one: tuple[str, str, object], other: tuple[str, str, object], possible: bool
) -> None:
    found = analysis(a=one, b=other)
    assert found.satisfiable(["all", [["test", "a"], ["test", "b"]]]) is possible
    assert found.satisfiable(["any", [["test", "a"], ["test", "b"]]])
    assert found.satisfiable(["at_least", 2, [["test", "a"], ["test", "b"]]]) is possible


@pytest.mark.parametrize(
    ("stronger", "weaker", "implied"),
    [
        (("hours", "at_least", 15), ("hours", "more_than", 12), True),
        (("hours", "more_than", 12), ("hours", "at_least", 15), False),
        (("holder", "is", "boss"), ("holder", "is_one_of", ["boss", "agent"]), True),
        (("holder", "is_one_of", ["boss", "agent"]), ("holder", "is", "boss"), False),
        (("holder", "is_one_of", ["boss", "agent"]), ("holder", "is_not", "self"), True),
        (("who", "includes", "boss"), ("who", "includes_any_of", ["boss", "kin"]), True),
        (
            ("who", "includes_any_of", ["boss", "kin"]),
            ("who", "includes_any_of", ["boss", "kin", "none"]),
            True,
        ),
        (("who", "includes_any_of", ["boss", "kin"]), ("who", "includes_any_of", ["boss", "none"]), False),
        (("left", "before", "2020-01-01"), ("left", "before", "2021-01-01"), True),
        (("left", "before", "2021-01-01"), ("left", "before", "2020-01-01"), False),
        (("left", "at_least_ago", {"months": 2}), ("left", "before", "2020-01-01"), False),
        (("shut", "is", "yes"), ("hours", "at_least", 1), False),
    ],
)
def test_evidence_that_implies_other_evidence_is_seen(
    stronger: tuple[str, str, object], weaker: tuple[str, str, object], implied: bool
) -> None:
    found = analysis(a=stronger, b=weaker)
    assert found.implies(["test", "a"], ["test", "b"]) is implied
    assert found.implies(["all", [["test", "a"], ["test", "b"]]], ["test", "b"]) is True


def test_the_same_dated_test_is_the_same_evidence() -> None:
    found = analysis(a=("left", "at_least_ago", {"months": 2}), b=("shut", "is", "yes"))
    assert found.implies(["all", [["test", "a"], ["test", "b"]]], ["test", "a"])
    assert not found.implies(["test", "b"], ["test", "a"])


def test_publishing_writes_once_and_reads_back(small_tree: Path, tmp_path: Path) -> None:
    program = compile_tree(small_tree)
    folder = tmp_path / "revisions"
    path = publish(program, [], folder, in_force_from=date(2026, 12, 1), approved_by=["first", "second"])
    assert path.name == "1.json"
    (revision,) = published("small", folder)
    assert revision.program.digest == program.digest
    assert revision.program.revision_label == "1"
    assert revision_in_force([revision], date(2026, 11, 30)) is None
    assert revision_in_force([revision], date(2026, 12, 1)) == revision


@pytest.mark.parametrize(
    ("approved_by", "in_force_from", "codes"),
    [
        (["first"], date(2026, 12, 1), ["P090"]),
        (["first", "first"], date(2026, 12, 1), ["P090"]),
        (["first", " First "], date(2026, 12, 1), ["P090"]),
        (["first", "second"], date(2026, 12, 1), ["P091"]),
    ],
)
def test_publishing_is_refused_whole(
    small_tree: Path, tmp_path: Path, approved_by: list[str], in_force_from: date, codes: list[str]
) -> None:
    program = compile_tree(small_tree)
    folder = tmp_path / "revisions"
    if codes == ["P091"]:
        publish(program, [], folder, in_force_from=in_force_from, approved_by=["first", "second"])
    before = sorted(folder.iterdir()) if folder.is_dir() else []
    with pytest.raises(ContentError) as caught:
        publish(program, [], folder, in_force_from=in_force_from, approved_by=approved_by)
    assert [item.code for item in caught.value.faults] == codes
    assert (sorted(folder.iterdir()) if folder.is_dir() else []) == before


def test_an_edited_revision_is_found(small_tree: Path, tmp_path: Path) -> None:
    folder = tmp_path / "revisions"
    path = publish(
        compile_tree(small_tree), [], folder, in_force_from=date(2026, 12, 1), approved_by=["first", "second"]
    )
    path.write_text(path.read_text(encoding="utf-8").replace('"value":12', '"value":14'), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        published("small", folder)
    assert [item.code for item in caught.value.faults] == ["P094"]
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        published("small", folder)
    assert [item.code for item in caught.value.faults] == ["P093"]


def test_draft_of_a_tree_and_of_the_shipped_content(small_tree: Path) -> None:
    assert draft_program("small", small_tree).digest == compile_tree(small_tree).digest
    assert draft_program().rule_set == "kuwait"
