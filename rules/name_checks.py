"""Every name that a rule set uses: does it exist, is it allowed there, does anything go in a circle?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from indicators.catalogue import Catalogue
from indicators.conditions import (
    AGO_UNITS,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Reference,
    Test,
    references_of,
    tests_of,
)
from indicators.errors import Fault, listed, nearest
from indicators.models import Citation
from indicators.tests import check_test
from rules.models import (
    AnyFindingOf,
    AnyIndicator,
    DatedValue,
    Finding,
    Module,
    Observation,
    OutcomeLine,
    Parameter,
    Recommendation,
    Rule,
    RuleSet,
)
from rules.program import SEMANTICS

LADDER = ("trafficking_indicated", "trafficking_possible", "other_concern")
# Consent, residence status and the record's own questions: a result must not depend on them.
NEVER_READ = "administration"
Place = tuple[str | None, int | None]


def check_names(rule_set: RuleSet, catalogue: Catalogue) -> list[Fault]:
    """Every dangling, forbidden or repeated name, every circle, every impossible date."""
    return _Names(rule_set, catalogue).check()


class _Names:
    def __init__(self, rule_set: RuleSet, catalogue: Catalogue) -> None:
        self.rule_set = rule_set
        self.catalogue = catalogue
        self.parameters = {item.parameter: item for item in rule_set.parameters}
        self.findings = {finding.id for module in rule_set.modules for finding in module.findings}
        self.dimensions = {
            f"{module.module}.{name}" for module in rule_set.modules for name in module.dimensions
        }
        self.routes = {route.route for route in rule_set.routes}
        self.services = {service.id for service in rule_set.services}
        self.faults: list[Fault] = []

    def check(self) -> list[Fault]:
        head = self.rule_set.head
        if head.semantics != SEMANTICS:
            self._add(
                "R031",
                (f"rules/sets/{head.rule_set}/rule_set.yaml", 1),
                given=head.semantics,
                known=SEMANTICS,
            )
        if tuple(step.outcome for step in self.rule_set.ladder.ladder) != LADDER:
            self._add("R030", (f"rules/sets/{head.rule_set}/outcomes.yaml", 1))
        for module in self.rule_set.modules:
            self._check_module(module)
        for step in self.rule_set.ladder.ladder:
            for line in step.lines:
                self._check_rule(line)
        for route in self.rule_set.routes:
            place = self.rule_set.place("route", route.route)
            self._known("R018", (service.service for service in route.services), self.services, place)
            self._check_citations(route.sources, place)
            for led_to in route.services:
                if led_to.eligible_when is not None:
                    self._check_condition(led_to.eligible_when, route.route, place, eligibility=True)
        for parameter in self.rule_set.parameters:
            self._check_parameter(parameter)
        for service in self.rule_set.services:
            place = self.rule_set.place("service", service.id)
            self._check_citations(service.sources, place)
            self._known(
                "R016", (c.source for c in service.contacts if c.source), self.catalogue.sources, place
            )
        self._check_circles()
        return self.faults

    def _add(self, code: str, place: Place, **slots: str | int | None) -> None:
        kept = {name: value for name, value in slots.items() if value is not None}
        self.faults.append(Fault(code, kept, file=place[0], line=place[1]))

    def _known(self, code: str, names: Iterable[str], known: Collection[str], place: Place) -> None:
        for name in names:
            if name not in known:
                self._add(code, place, name=name, nearest=nearest(name, known))

    def _check_citations(self, citations: Iterable[Citation], place: Place) -> None:
        self._known("R016", (citation.source for citation in citations), self.catalogue.sources, place)

    def _check_module(self, module: Module) -> None:
        for finding in module.findings:
            needed = {"element": ("element",), "need": ("need", "level")}.get(finding.kind, ())
            given = tuple(key for key in ("element", "need", "level") if getattr(finding, key) is not None)
            if given != needed:
                place = self.rule_set.place("finding", finding.id)
                self._add("R029", place, name=finding.id, kind=finding.kind, needed=", ".join(needed) or "-")
        for name, dimension in module.dimensions.items():
            seen: dict[str, str] = {}
            for code, item in dimension.indicators.items():
                place = self.rule_set.place("entry", code)
                self._known("R012", [item.indicator], self.catalogue.indicators, place)
                indicator = self.catalogue.indicators.get(item.indicator)
                if indicator is not None and indicator.circumstance and item.only_with is None:
                    self._add("R024", place, entry=code, indicator=item.indicator)
                if item.indicator in seen:
                    self._add("R025", place, indicator=item.indicator, entry=code, first=seen[item.indicator])
                seen.setdefault(item.indicator, code)
                if item.only_with is not None:
                    self._check_condition(item.only_with, code, place)
            self._check_citations(module.sources, self.rule_set.place("dimension", f"{module.module}.{name}"))
        for rule in (*module.observations, *module.finding_rules, *module.recommendations):
            self._check_rule(rule)

    def _check_rule(self, rule: Rule) -> None:
        place = self.rule_set.place("rule", rule.id)
        self._check_citations(rule.sources, place)
        if (rule.retired_in is None) != (rule.retired_because is None):
            self._add("R032", place, rule=rule.id)
        match rule:
            case Observation():
                self._known("R012", [rule.observes], self.catalogue.indicators, place)
            case Finding():
                self._known("R014", [rule.finds], self.findings, place)
            case Recommendation():
                self._known("R017", [rule.recommends], self.routes, place)
        if isinstance(rule.when, AnyFindingOf | AnyIndicator):
            return
        if isinstance(rule, Observation) and any(references_of(rule.when)):
            self._add("R020", place, rule=rule.id)
        self._check_condition(rule.when, rule.id, place)
        if isinstance(rule, Finding | Recommendation | OutcomeLine):
            for name in self._lone_circumstances(rule.when):
                self._add("R034", place, rule=rule.id, indicator=name)

    def _check_condition(
        self, condition: Condition, owner: str, place: Place, *, eligibility: bool = False
    ) -> None:
        for test in tests_of(condition):
            where = (test.place.file, test.place.line) if test.place is not None else place
            self._check_one_test(test, owner, where, eligibility=eligibility)
        for reference in references_of(condition):
            where = (reference.place.file, reference.place.line) if reference.place is not None else place
            code, known = {
                "indicator": ("R012", self.catalogue.indicators),
                "dimension": ("R013", self.dimensions),
                "finding": ("R014", self.findings),
            }[reference.kind]
            self._known(code, [reference.id], known, where)

    def _check_one_test(self, test: Test, owner: str, place: Place, *, eligibility: bool) -> None:
        question = self.catalogue.questions.get(test.question)
        if question is None:
            self._known("R011", [test.question], self.catalogue.questions, place)
            return
        if question.about == NEVER_READ and not eligibility:
            self._add("R021", place, rule=owner, question=question.id)
        if question.type == "free_text":
            self._add("R036", place, rule=owner, question=question.id)
            return
        self.faults += [problem.at(*place) for problem in check_test(test, question)]
        if test.parameter is None:
            return
        self._known("R015", [test.parameter], self.parameters, place)
        parameter = self.parameters.get(test.parameter)
        if parameter is None:
            return
        if question.type == "date" and parameter.unit not in AGO_UNITS:
            self._add(
                "R028",
                place,
                question=question.id,
                unit=listed(AGO_UNITS),
                name=test.parameter,
                other=parameter.unit,
            )
        elif question.type != "date" and question.unit is not None and question.unit != parameter.unit:
            self._add(
                "R028",
                place,
                question=question.id,
                unit=question.unit,
                name=test.parameter,
                other=parameter.unit,
            )

    def _lone_circumstances(self, condition: Condition) -> Iterator[str]:
        """Circumstances that can make a condition true without anything beside them."""
        match condition:
            case Reference(kind="indicator"):
                indicator = self.catalogue.indicators.get(condition.id)
                if indicator is not None and indicator.circumstance:
                    yield condition.id
            case AnyOf():
                for part in condition.parts:
                    yield from self._lone_circumstances(part)
            case All() | AtLeast():
                alone = [list(self._lone_circumstances(part)) for part in condition.parts]
                # With one part that is more than a circumstance, the others may be circumstances.
                if all(alone):
                    yield from (name for names in alone for name in names)

    def _check_parameter(self, parameter: Parameter) -> None:
        place = self.rule_set.place("parameter", parameter.parameter)
        options: set[str] = set()
        if parameter.selector is not None:
            self._known("R011", [parameter.selector], self.catalogue.questions, place)
            question = self.catalogue.questions.get(parameter.selector)
            if question is not None:
                options = {option.id for option in question.options}
                if question.type != "one_choice":
                    self._add("R026", place, question=parameter.selector, name=parameter.parameter)
        begins: Counter[tuple[str | None, str]] = Counter()
        for line in parameter.values:
            self._known("R016", [line.source], self.catalogue.sources, place)
            self._check_days(line, place)
            for option in line.for_options:
                if options and option not in options:
                    self._add(
                        "R019", place, name=option, question=parameter.selector, known=listed(sorted(options))
                    )
            for choice in line.for_options or (None,):
                first = line.effective_by if line.effective_from == "unknown" else line.effective_from
                begins[choice, str(first)] += 1
            if line.effective_from == "unknown" and (line.effective_by is None or line.because is None):
                self._add("P030", place, name=parameter.parameter)
        for (choice, _), count in begins.items():
            if count > 1:
                self._add("R027", place, name=parameter.parameter, option=choice or "-")

    def _check_days(self, line: DatedValue, place: Place) -> None:
        first = line.effective_by if line.effective_from == "unknown" else line.effective_from
        if first is not None and line.effective_to is not None and line.effective_to < first:
            self._add("R033", place, value=line.effective_to.isoformat())

    def _check_circles(self) -> None:
        needs: dict[str, set[str]] = {}
        for module in self.rule_set.modules:
            for rule in module.finding_rules:
                if rule.retired_in is None and not isinstance(rule.when, AnyFindingOf | AnyIndicator):
                    read = {item.id for item in references_of(rule.when) if item.kind == "finding"}
                    needs.setdefault(rule.finds, set()).update(read)
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            circle = list(error.args[1])
            self._add("R022", self.rule_set.place("finding", circle[0]), circle=" → ".join(circle))
