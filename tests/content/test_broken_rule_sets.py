"""Every break of a rule set that we know of, and the exact lines the check prints for it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from indicators.errors import Fault, advice, fault_definitions, render
from indicators.yaml_reading import read_yaml
from rules.checks import check

HERE = Path(__file__).parent
SMALL_TREE = HERE.parent / "rules" / "small_tree"
BREAKS: list[dict[str, Any]] = read_yaml((HERE / "broken_rule_sets.yaml").read_bytes()).plain()


def test_the_small_tree_itself_has_no_fault() -> None:
    assert check(SMALL_TREE) == []


@pytest.mark.parametrize("broken", BREAKS, ids=[item["name"] for item in BREAKS])
def test_break_gives_exactly_these_lines(broken: dict[str, Any], tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(SMALL_TREE, tree)
    path = tree / broken["file"]
    if "find" in broken:
        text = path.read_text(encoding="utf-8")
        assert broken["find"] in text
        path.write_text(text.replace(broken["find"], broken["put"], 1), encoding="utf-8")
    else:
        path.unlink()
    found = check(tree)
    assert [render(item) for item in found] == broken["expect"]
    code = broken["name"].partition("_")[0]
    assert code in {item.code for item in found}
    for item in found:
        assert render(item, "ar") != render(item, "en")
        for lang in ("en", "ar"):
            assert "{" not in advice(item, lang)


def test_faults_of_several_files_are_reported_together(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(SMALL_TREE, tree)
    for name, find, put in (
        ("indicators/questions/questions.yaml", "distress: low", "distress: lowish"),
        ("rules/sets/small/workplace/recommendations.yaml", "urgency: soon", "urgency: sooon"),
        ("rules/sets/small/workplace/findings.yaml", "{indicator: confined}", "{indicator: confinned}"),
    ):
        path = tree / name
        path.write_text(path.read_text(encoding="utf-8").replace(find, put, 1), encoding="utf-8")
    codes = {item.code for item in check(tree)}
    assert {"C005", "R012"} <= codes
    assert len([item for item in check(tree) if item.code == "C005"]) == 2


def test_a_name_that_is_not_there_hides_no_condition_that_can_never_hold(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(SMALL_TREE, tree)
    for name, find, put in (
        ("findings.yaml", "{indicator: long_hours}", "{indicator: long_hour}"),
        (
            "observations.yaml",
            "{question: locked_in_by, includes: employer}",
            "{question: locked_in, is: no}",
        ),
        ("module.yaml", "[{id: a, strong: 1}, {id: b, medium: 2}]", "[{id: a, strong: 2}]"),
    ):
        path = tree / "rules" / "sets" / "small" / "workplace" / name
        text = path.read_text(encoding="utf-8")
        assert find in text
        path.write_text(text.replace(find, put, 1), encoding="utf-8")
    assert [item.code for item in check(tree)] == ["R012", "R042", "R040"]


def break_cases(tree: Path, find: str, put: str) -> list[Fault]:
    shutil.copytree(SMALL_TREE, tree)
    path = tree / "rules" / "sets" / "small" / "workplace" / "cases.yaml"
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, put, 1), encoding="utf-8")
    return check(tree)


def test_a_case_is_named_in_the_language_of_the_reader(tmp_path: Path) -> None:
    english, arabic = "Short hours, doors open, no debt, safe", "ساعات قليلة وأبواب مفتوحة ولا دَين، وفي أمان"
    (one,) = break_cases(tmp_path / "outcome", "nothing_indicated_so_far", "not_enough_known")
    assert f"the case `{english}` expects" in render(one)
    assert f"الحالة `{arabic}` ما يلي" in render(one, "ar")
    (one,) = break_cases(tmp_path / "answer", "daily_hours: 8,", "daily_hours: eight,")
    assert "`eight` is no answer to `daily_hours`" in render(one)
    assert f"`{arabic}`: `eight` ليست إجابة" in render(one, "ar")


def test_a_case_that_lacks_its_arabic_runs_and_is_named_in_english(tmp_path: Path) -> None:
    other, missing = break_cases(
        tmp_path / "tree",
        ', ar: "ساعات قليلة وأبواب مفتوحة ولا دَين، وفي أمان"}\n',
        "}\n  instrument: intak\n",
    )
    assert (missing.code, missing.severity, other.code) == ("P001", "publication", "R050")
    assert "`Short hours, doors open, no debt, safe`" in render(other, "ar")


def test_the_name_of_a_case_as_a_bare_text_stops_the_load(tmp_path: Path) -> None:
    found = break_cases(
        tmp_path / "tree",
        '{en: "Short hours, doors open, no debt, safe", ar: "ساعات قليلة وأبواب مفتوحة ولا دَين، وفي أمان"}',
        "Short hours",
    )
    assert [render(one) for one in found] == [
        "rules/sets/small/workplace/cases.yaml:8: C024 keys and values are expected here"
    ]
    assert found[0].severity == "load"


def test_every_rule_and_publication_code_has_a_break() -> None:
    shown = {item["name"].partition("_")[0] for item in BREAKS}
    codes = {code for code in fault_definitions() if code[0] in "RP" and not code.startswith("R9")}
    # Naming an unknown set, and publishing itself, are shown where they happen.
    elsewhere = {"R002", "P002", "P004", "P090", "P091", "P092", "P093", "P094"}
    assert codes - elsewhere - shown == set()
