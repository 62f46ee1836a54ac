"""Everything wrong with a content tree, all at once: what stops loading and what stops publication."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.errors import Fault, in_order
from rules.case_checks import check_cases
from rules.executors.levels import find_faults
from rules.locator_checks import check_locators
from rules.models import RuleSet
from rules.program import DependencyCycle, Program, compile_program
from rules.rule_sets import load_rule_set, rule_set_names
from rules.sound_parts import take_sound_part
from rules.structure_checks import check_conditions, check_structure


def check(root: Path | None = None) -> list[Fault]:
    """Every fault of the tree at `root` (the shipped content if None), in the order of its files and lines.

    Where something cannot be loaded, the rest is still compiled and looked through for conditions that
    exclude each other and lists that are too short. Evidence that counts twice, cases, reach and what has
    no rule are judged only on a rule set that loads whole: on a part of it they would be false alarms.
    """
    return look_through(root)[0]


def look_through(root: Path | None = None) -> tuple[list[Fault], Mapping[str, Program]]:
    """What `check` returns, and the program of each rule set; no programs if anything stops the load."""
    programs: dict[str, Program] = {}
    catalogue, found = load_catalogue(root)
    rule_sets: list[RuleSet] = []
    for name in rule_set_names(root):
        rule_set, faults = load_rule_set(name, root, catalogue)
        found = [*found, *faults]
        if rule_set is None:
            continue
        if any(item.severity == "load" for item in found):
            found += _check_what_loads(rule_set, catalogue)
            continue
        rule_sets.append(rule_set)
        program = programs[name] = compile_program(rule_set, catalogue)
        found += find_faults(program)
        found += check_structure(rule_set, catalogue, program)
        found += check_cases(rule_set, catalogue, program)
    if not any(item.severity == "load" for item in found):
        return in_order([*found, *check_locators(rule_sets, catalogue)]), programs
    return in_order(found), {}


def _check_what_loads(rule_set: RuleSet, catalogue: Catalogue) -> list[Fault]:
    try:
        program = compile_program(take_sound_part(rule_set, catalogue), catalogue)
    except DependencyCycle:
        # The circle has its own fault; there is no order in which to look at the rest.
        return []
    return check_conditions(rule_set, program, whole=False)
