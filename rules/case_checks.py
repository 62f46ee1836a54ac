"""The cases that ship with a rule set: each is run, and each rule needs one that fires it and a near miss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indicators.answers import Answer, read_answers
from indicators.catalogue import Catalogue
from indicators.errors import AnswersError, Fault, Words, fault, message_words, nearest
from indicators.truth import FALSE, TRUE, UNKNOWN
from rules.evaluation import Engine, Evaluation
from rules.models import Case, Module, RuleSet
from rules.program import Program
from rules.structure_checks import questions_in, questions_read, rules_of

STATUS_WORDS = {"established": TRUE, "undetermined": UNKNOWN, "not_established": FALSE}


def check_cases(rule_set: RuleSet, catalogue: Catalogue, program: Program) -> list[Fault]:
    """Cases that come out differently, and rules that no case fires or no near miss passes."""
    engine = Engine(program, check=False)
    known_rules = {rule["id"] for _, rule in rules_of(program)}
    conclusions = {item["id"] for item in program.data["conclusions"]}
    found: list[Fault] = []
    fired: set[str] = set()
    nearly: set[str] = set()
    read = _questions_by_rule(program)
    for module, number, case in _cases(rule_set):
        file, line = rule_set.place("case", f"{module.module}:{number}")
        unknown = _unknown_names(case, known_rules, conclusions, program)
        found += [problem.at(file, line) for problem in unknown]
        try:
            answers = read_answers(catalogue.questions, case.answers)
        except AnswersError as error:
            found += [
                fault("R051", file=file, line=line, case=_name(case), problem=message_words(problem))
                for problem in error.faults
            ]
            fired.update(case.expect.fires)
            nearly.update(case.expect.silent)
            continue
        if unknown:
            # What the case was meant to show is not reported as missing on top.
            fired.update(case.expect.fires)
            nearly.update(case.expect.silent)
            continue
        evaluation = engine.evaluate(
            answers,
            case.as_of or rule_set.head.cases_as_of,
            case.instrument or _first_instrument(program),
        )
        firing = {firing.rule for firing in evaluation.trace}
        found += [
            fault("P012", file=file, line=line, case=_name(case), expected=expected, got=got)
            for expected, got in _differences(case, evaluation, program, firing)
        ]
        fired.update(firing & set(case.expect.fires))
        given = _given(answers)
        nearly.update(rule for rule in case.expect.silent if rule not in firing and read[rule] & given)
    for name in sorted(read.keys() - fired):
        found.append(_about_rule("P010", rule_set, name))
    for name in sorted(read.keys() - nearly):
        found.append(_about_rule("P011", rule_set, name))
    return found


def _cases(rule_set: RuleSet) -> Iterator[tuple[Module, int, Case]]:
    for module in rule_set.modules:
        for number, case in enumerate(module.cases):
            yield module, number, case


def _name(case: Case) -> Words:
    return Words(en=case.name.say("en"), ar=case.name.say("ar"))


def _first_instrument(program: Program) -> str:
    return "intake" if "intake" in program.data["instruments"] else min(program.data["instruments"])


def _given(answers: dict[str, Answer]) -> set[str]:
    return {name for name, answer in answers.items() if answer.state == "value"}


def _questions_by_rule(program: Program) -> dict[str, set[str]]:
    of_conclusions = questions_read(program)
    tests = program.data["tests"]
    return {
        rule["id"]: questions_in(rule["when"], tests, of_conclusions)
        for conclusion, rule in rules_of(program)
        if conclusion["kind"] != "eligibility"
    }


def _about_rule(code: str, rule_set: RuleSet, name: str) -> Fault:
    file, line = rule_set.place("rule", name)
    return fault(code, file=file, line=line, rule=name)


def _unknown_names(case: Case, rules: set[str], conclusions: set[str], program: Program) -> list[Fault]:
    expect = case.expect
    groups: list[tuple[Iterable[str], set[str]]] = [
        ((*expect.fires, *expect.silent), rules),
        ((*expect.established, *expect.undetermined, *expect.not_established), conclusions),
        ((*expect.routes, *expect.no_routes), set(program.data["routes"])),
        ((case.instrument,) if case.instrument else (), set(program.data["instruments"])),
        (
            (expect.outcome,) if expect.outcome else (),
            {*program.data["ladder"], *program.data["below"]},
        ),
        (expect.urgent, {str(item["need"]) for item in program.data["conclusions"] if item.get("need")}),
    ]
    return [
        fault("R050", case=_name(case), name=name, nearest=nearest(name, known))
        for names, known in groups
        for name in names
        if name not in known
    ]


def _differences(
    case: Case, evaluation: Evaluation, program: Program, firing: set[str]
) -> Iterator[tuple[str, str]]:
    """What the case expects and what came out, for every expectation that is not met."""
    expect = case.expect
    words = {number: word for word, number in STATUS_WORDS.items()}
    for rule in expect.fires:
        if rule not in firing:
            yield f"fires {rule}", "silent"
    for rule in expect.silent:
        if rule in firing:
            yield f"silent {rule}", "fires"
    for word, number in STATUS_WORDS.items():
        for name in getattr(expect, word):
            status = evaluation.statuses[name]
            if status != number:
                yield f"{word} {name}", words[status]
    if expect.outcome is not None and expect.outcome != evaluation.outcome:
        yield f"outcome {expect.outcome}", evaluation.outcome
    routes = {name for name in program.data["routes"] if evaluation.statuses[f"route.{name}"] == TRUE}
    for name in expect.routes:
        if name not in routes:
            yield f"routes {name}", ", ".join(sorted(routes)) or "-"
    for name in expect.no_routes:
        if name in routes:
            yield f"no_routes {name}", ", ".join(sorted(routes)) or "-"
    now = {
        item["need"]
        for item in program.data["conclusions"]
        if item["kind"] == "finding"
        and item["class"] == "need"
        and item["level"] == "now"
        and evaluation.statuses[item["id"]] == TRUE
    }
    for name in expect.urgent:
        if name not in now:
            yield f"urgent {name}", ", ".join(sorted(now)) or "-"
