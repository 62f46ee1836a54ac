"""Faults that show only in the compiled program: what can never hold, counts twice, or leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from indicators.catalogue import Catalogue
from indicators.errors import Fault, fault
from rules.models import RuleSet
from rules.program import Program, conditions_of, references_in, tests_in
from rules.satisfiability import Analysis


def check_structure(rule_set: RuleSet, catalogue: Catalogue, program: Program) -> list[Fault]:
    """Every fault of the compiled program's structure, load and publication faults alike."""
    return [
        *check_conditions(rule_set, program),
        *_signs_without_step(rule_set, catalogue, program),
        *_beyond_every_instrument(rule_set, program),
        *_without_rule(rule_set, catalogue, program),
        *_unread_questions(catalogue, program),
    ]


def check_conditions(rule_set: RuleSet, program: Program, *, whole: bool = True) -> list[Fault]:
    """Conditions that exclude each other, evidence that counts twice, lists that are too short.

    Without `whole` the program is a part of the rule set: what it concludes is then taken as possible, and
    evidence is not compared.
    """
    return [
        *_never_true(rule_set, program, whole=whole),
        *(_counted_twice(rule_set, program) if whole else ()),
        *_impossible_combinations(rule_set),
    ]


def rules_of(program: Program) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each conclusion with each of its rules."""
    for conclusion in program.data["conclusions"]:
        for rule in conclusion.get("rules", ()):
            yield conclusion, rule


def questions_read(program: Program) -> dict[str, frozenset[str]]:
    """For every conclusion, the questions on which it rests, directly or through other conclusions."""
    tests = program.data["tests"]
    found: dict[str, frozenset[str]] = {}
    for conclusion in program.data["conclusions"]:
        read: set[str] = set()
        for when in conditions_of(conclusion):
            read |= questions_in(when, tests, found)
        found[conclusion["id"]] = frozenset(read)
    return found


def questions_in(
    when: Sequence[Any], tests: Mapping[str, Any], of_conclusions: Mapping[str, frozenset[str]]
) -> set[str]:
    """The questions on which one condition rests."""
    read = {tests[number]["question"] for number in tests_in(when)}
    for name in references_in(when):
        read |= of_conclusions[name]
    return read


def _never_true(rule_set: RuleSet, program: Program, *, whole: bool) -> list[Fault]:
    analysis = Analysis(program.data, look_into_references=whole)
    found = []
    for conclusion, rule in rules_of(program):
        if conclusion["kind"] == "eligibility":
            continue
        if not analysis.satisfiable(rule["when"]):
            file, line = rule_set.place("rule", rule["id"])
            found.append(fault("R040", file=file, line=line, rule=rule["id"]))
    return found


def _counted_twice(rule_set: RuleSet, program: Program) -> list[Fault]:
    analysis = Analysis(program.data)
    reasons = {
        code
        for module in rule_set.modules
        for dimension in module.dimensions.values()
        for code, item in dimension.indicators.items()
        if item.distinct_because is not None
    }
    found = []
    for conclusion in program.data["conclusions"]:
        if conclusion["kind"] != "dimension":
            continue
        for one, other in permutations(conclusion["entries"], 2):
            if one["id"] in reasons or other["id"] in reasons:
                continue
            if analysis.implies(one["when"], other["when"]):
                file, line = rule_set.place("entry", one["id"])
                found.append(fault("R041", file=file, line=line, entry=one["id"], other=other["id"]))
    return found


def _impossible_combinations(rule_set: RuleSet) -> list[Fault]:
    found = []
    for module in rule_set.modules:
        for name, dimension in module.dimensions.items():
            have = [item.strength for item in dimension.indicators.values()]
            strong, medium, weak = (have.count(strength) for strength in ("strong", "medium", "weak"))
            possible = [
                combination
                for combination in dimension.established_if_any
                if combination.strong <= strong
                and combination.medium <= medium
                and combination.weak <= weak
                and combination.medium + combination.weak + combination.medium_or_weak <= medium + weak
            ]
            if not possible:
                file, line = rule_set.place("dimension", f"{module.module}.{name}")
                found.append(fault("R042", file=file, line=line, dimension=f"{module.module}.{name}"))
    return found


def _signs_without_step(rule_set: RuleSet, catalogue: Catalogue, program: Program) -> list[Fault]:
    """An indicator or an urgent need that, alone, reaches no step: a sign that the result would not show."""
    found = []
    for conclusion in program.data["conclusions"]:
        sign = conclusion["kind"] == "indicator" and not conclusion["circumstance"] and conclusion["rules"]
        need = conclusion["kind"] == "finding" and conclusion["class"] == "need" and conclusion["rules"]
        if not (sign or need):
            continue
        if not _reaches_a_step(program, conclusion["id"]):
            name = conclusion["id"].split(".", 1)[1]
            file, line = rule_set.place("finding", name) if need else catalogue.place("indicator", name)
            found.append(fault("R043", file=file, line=line, sign=name))
    return found


def _reaches_a_step(program: Program, name: str) -> bool:
    """Whether a step is established when this conclusion is and nothing else but what follows from it."""
    holds: dict[str, bool] = {}
    for conclusion in program.data["conclusions"]:
        if conclusion["id"] == name:
            holds[name] = True
        elif conclusion["kind"] == "dimension":
            holds[conclusion["id"]] = False
        else:
            holds[conclusion["id"]] = any(_follows(rule["when"], holds) for rule in conclusion["rules"])
    return any(holds[f"outcome.{step}"] for step in program.data["ladder"])


def _follows(when: Sequence[Any], holds: Mapping[str, bool]) -> bool:
    match when[0]:
        case "test":
            return False
        case "ref":
            return holds[str(when[1])]
        case "all":
            return all(_follows(part, holds) for part in when[1])
        case "any":
            return any(_follows(part, holds) for part in when[1])
        case _:
            return sum(_follows(part, holds) for part in when[2]) >= int(when[1])


def _beyond_every_instrument(rule_set: RuleSet, program: Program) -> list[Fault]:
    """Rules that stay silent even when everything that one instrument asks speaks for them."""
    reachable: set[str] = set()
    for instrument in program.data["instruments"].values():
        asked = {name for section in instrument["sections"] for name in section["questions"]}
        reachable |= _reachable(program, asked)
    found = []
    for conclusion, rule in rules_of(program):
        if conclusion["kind"] != "eligibility" and rule["id"] not in reachable:
            file, line = rule_set.place("rule", rule["id"])
            found.append(fault("P021", file=file, line=line, rule=rule["id"]))
    return found


def _reachable(program: Program, asked: set[str]) -> set[str]:
    tests = program.data["tests"]
    holds: dict[str, bool] = {}
    found: set[str] = set()

    def could(when: Sequence[Any]) -> bool:
        match when[0]:
            case "test":
                return tests[when[1]]["question"] in asked
            case "ref":
                return holds[str(when[1])]
            case "all":
                return all(could(part) for part in when[1])
            case "any":
                return any(could(part) for part in when[1])
            case _:
                return sum(could(part) for part in when[2]) >= int(when[1])

    for conclusion in program.data["conclusions"]:
        if conclusion["kind"] == "dimension":
            holds[conclusion["id"]] = _countable(
                conclusion, [entry for entry in conclusion["entries"] if could(entry["when"])]
            )
            continue
        firing = [rule["id"] for rule in conclusion["rules"] if could(rule["when"])]
        found.update(firing)
        holds[conclusion["id"]] = bool(firing)
    return found


def _countable(dimension: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> bool:
    have = [entry["strength"] for entry in entries]
    strong, medium, weak = (have.count(strength) for strength in ("strong", "medium", "weak"))
    return any(
        strong >= item["strong"]
        and medium >= item["medium"]
        and weak >= item["weak"]
        and medium + weak >= item["medium"] + item["weak"] + item["medium_or_weak"]
        for item in dimension["combinations"]
    )


def _without_rule(rule_set: RuleSet, catalogue: Catalogue, program: Program) -> list[Fault]:
    found = []
    for conclusion in program.data["conclusions"]:
        if conclusion["kind"] in ("dimension", "eligibility") or conclusion["rules"]:
            continue
        kind, name = conclusion["id"].split(".", 1)
        file, line = catalogue.place("indicator", name) if kind == "indicator" else rule_set.place(kind, name)
        found.append(fault("P023", file=file, line=line, kind=kind, name=name))
    compiled = {item["id"] for item in program.data["conclusions"]}
    for name in catalogue.indicators:
        if f"indicator.{name}" not in compiled:
            file, line = catalogue.place("indicator", name)
            found.append(fault("P023", file=file, line=line, kind="indicator", name=name))
    return found


def _unread_questions(catalogue: Catalogue, program: Program) -> list[Fault]:
    read = {test["question"] for test in program.data["tests"].values()}
    read |= {item["selector"] for item in program.data["parameters"].values() if item["selector"]}
    asked = {
        name
        for instrument in program.data["instruments"].values()
        for section in instrument["sections"]
        for name in section["questions"]
    }
    found = []
    for name, question in catalogue.questions.items():
        file, line = catalogue.place("question", name)
        if name not in asked:
            found.append(fault("P020", file=file, line=line, question=name))
        if (
            name not in read
            and question.about not in ("administration", "need")
            and question.type != "free_text"
        ):
            found.append(fault("P022", file=file, line=line, question=name))
    return found
