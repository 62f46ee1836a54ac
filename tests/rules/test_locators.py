"""Places in sources: compiled with what cites them, one wording for all rule sets, part of the digest."""

from __future__ import annotations

import shutil
from pathlib import Path

from indicators.content import load_catalogue
from indicators.errors import render
from rules.checks import check
from rules.program import Program, compile_program
from rules.rule_sets import load_rule_set


def compile_tree(root: Path) -> Program:
    catalogue, faults = load_catalogue(root)
    rule_set, more = load_rule_set("small", root, catalogue)
    assert rule_set is not None
    assert [*faults, *more] == []
    return compile_program(rule_set, catalogue)


def replace_in(path: Path, find: str, put: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, put), encoding="utf-8")


def test_the_program_says_in_both_languages_what_it_cites(small_tree: Path) -> None:
    locators = compile_tree(small_tree).data["locators"]
    assert locators["article 22"] == {"en": "article 22", "ar": "المادة 22"}
    assert list(locators) == sorted(locators)
    assert {"article 64", "chapter 2", "ladder", "article 31"} <= locators.keys()


def test_what_only_the_directory_cites_stays_outside_the_program(small_tree: Path) -> None:
    before = compile_tree(small_tree)
    directory = small_tree / "rules" / "directory" / "directory.yaml"
    replace_in(directory, "locator: article 31", "locator: page 4")
    pairs = small_tree / "indicators" / "locators" / "more.yaml"
    pairs.write_text("- {en: page 4, ar: الصفحة 4}\n", encoding="utf-8")
    assert check(small_tree) == []
    after = compile_tree(small_tree)
    assert "page 4" not in after.data["locators"]
    assert after.digest == before.digest


def test_another_arabic_wording_is_another_program(small_tree: Path) -> None:
    before = compile_tree(small_tree)
    pairs = small_tree / "indicators" / "locators" / "locators.yaml"
    replace_in(pairs, "المادة 22", "المادة الثانية والعشرون")
    assert compile_tree(small_tree).digest != before.digest


def test_a_review_of_the_wording_changes_no_program(small_tree: Path) -> None:
    before = compile_tree(small_tree)
    pairs = small_tree / "indicators" / "locators" / "locators.yaml"
    replace_in(pairs, "awaiting_review", "reviewed")
    assert compile_tree(small_tree).digest == before.digest


def test_a_draft_without_the_wording_runs_and_is_not_published(small_tree: Path) -> None:
    replace_in(small_tree / "rules" / "sets" / "small" / "outcomes.yaml", "locator: ladder", "locator: steps")
    assert "steps" not in compile_tree(small_tree).data["locators"]
    found = check(small_tree)
    assert {one.code for one in found} == {"P040", "P041"}
    assert {one.severity for one in found} == {"publication"}


def test_a_pair_that_one_of_two_rule_sets_cites_is_cited(small_tree: Path) -> None:
    sets = small_tree / "rules" / "sets"
    shutil.copytree(sets / "small", sets / "other")
    replace_in(sets / "other" / "rule_set.yaml", "rule_set: small", "rule_set: other")
    replace_in(sets / "other" / "outcomes.yaml", "locator: ladder", "locator: needs")
    assert [render(one) for one in check(small_tree)] == []


def test_a_retired_rule_still_needs_its_wording(small_tree: Path) -> None:
    path = small_tree / "rules" / "sets" / "small" / "workplace" / "findings.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + "- id: WK-F-99\n  finds: hours_breach\n  when: {indicator: long_hours}\n"
        "  rationale: {en: Earlier wording., ar: صياغة سابقة.}\n"
        "  sources: [{source: labour_law, locator: the old part, confidence: secondary}]\n"
        "  retired_in: 2\n  retired_because: {en: Said better elsewhere., ar: قيل في موضع آخر.}\n",
        encoding="utf-8",
    )
    line = text.count("\n") + 1
    assert [render(one) for one in check(small_tree) if one.code == "P040"] == [
        f"rules/sets/small/workplace/findings.yaml:{line}: "
        "P040 the locator `the old part` has no Arabic wording"
    ]
