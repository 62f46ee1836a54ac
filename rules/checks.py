"""Everything wrong with a content tree, all at once: what stops loading and what stops publication."""

from __future__ import annotations

from pathlib import Path

from indicators.content import load_catalogue
from indicators.errors import Fault, in_order
from rules.case_checks import check_cases
from rules.executors.levels import find_faults
from rules.locator_checks import check_locators
from rules.models import RuleSet
from rules.program import compile_program
from rules.rule_sets import load_rule_set, rule_set_names
from rules.structure_checks import check_structure


def check(root: Path | None = None) -> list[Fault]:
    """Every fault of the tree at `root` (the shipped content if None), in the order of its files and lines.

    Faults that stop a rule set from loading also stop the checks that need it compiled; the rest still runs.
    """
    catalogue, found = load_catalogue(root)
    rule_sets: list[RuleSet] = []
    for name in rule_set_names(root):
        rule_set, faults = load_rule_set(name, root, catalogue)
        found = [*found, *faults]
        if rule_set is None or any(item.severity == "load" for item in found):
            continue
        rule_sets.append(rule_set)
        program = compile_program(rule_set, catalogue)
        found += find_faults(program)
        found += check_structure(rule_set, catalogue, program)
        found += check_cases(rule_set, catalogue, program)
    if not any(item.severity == "load" for item in found):
        found = [*found, *check_locators(rule_sets, catalogue)]
    return in_order(found)
