"""What of a rule set with load faults can still be compiled, to find its other faults in the same run."""

from __future__ import annotations

from indicators.catalogue import Catalogue
from indicators.conditions import Condition, references_of, tests_of
from indicators.tests import check_test
from rules.models import (
    AnyFindingOf,
    AnyIndicator,
    Dimension,
    Finding,
    Module,
    Observation,
    OutcomeLine,
    Parameter,
    Recommendation,
    Rule,
    RuleSet,
)


def take_sound_part(rule_set: RuleSet, catalogue: Catalogue) -> RuleSet:
    """The rules, list entries, routes and parameters that can be compiled; for checks, never to be run."""
    return _Sieve(rule_set, catalogue).sift()


class _Sieve:
    def __init__(self, rule_set: RuleSet, catalogue: Catalogue) -> None:
        self.rule_set = rule_set
        self.catalogue = catalogue
        self.parameters = {item.parameter for item in rule_set.parameters if self._selector_is_known(item)}
        self.findings = {finding.id for module in rule_set.modules for finding in module.findings}
        self.dimensions = {
            f"{module.module}.{name}" for module in rule_set.modules for name in module.dimensions
        }
        self.routes = {route.route for route in rule_set.routes}

    def sift(self) -> RuleSet:
        ladder = self.rule_set.ladder
        steps = tuple(
            step.model_copy(update={"lines": tuple(line for line in step.lines if self._keeps(line))})
            for step in ladder.ladder
        )
        routes = tuple(
            route.model_copy(
                update={
                    "services": tuple(
                        one
                        for one in route.services
                        if one.eligible_when is None or (self._is_sound(one.eligible_when))
                    )
                }
            )
            for route in self.rule_set.routes
        )
        return self.rule_set.model_copy(
            update={
                "modules": tuple(self._module(module) for module in self.rule_set.modules),
                "ladder": ladder.model_copy(update={"ladder": steps}),
                "routes": routes,
                "parameters": tuple(
                    item for item in self.rule_set.parameters if (item.parameter in self.parameters)
                ),
            }
        )

    def _selector_is_known(self, parameter: Parameter) -> bool:
        return parameter.selector is None or parameter.selector in self.catalogue.questions

    def _module(self, module: Module) -> Module:
        return module.model_copy(
            update={
                "observations": tuple(rule for rule in module.observations if self._keeps(rule)),
                "finding_rules": tuple(rule for rule in module.finding_rules if self._keeps(rule)),
                "recommendations": tuple(rule for rule in module.recommendations if self._keeps(rule)),
                "dimensions": {name: self._dimension(one) for name, one in module.dimensions.items()},
            }
        )

    def _dimension(self, dimension: Dimension) -> Dimension:
        kept = {
            code: item
            for code, item in dimension.indicators.items()
            if (
                item.indicator in self.catalogue.indicators
                and (item.only_with is None or self._is_sound(item.only_with))
            )
        }
        return dimension.model_copy(update={"indicators": kept})

    def _keeps(self, rule: Rule) -> bool:
        match rule:
            case Observation():
                target = rule.observes in self.catalogue.indicators
            case Finding():
                target = rule.finds in self.findings
            case Recommendation():
                target = rule.recommends in self.routes
            case _:
                target = isinstance(rule, OutcomeLine)
        when = rule.when
        return target and (isinstance(when, AnyFindingOf | AnyIndicator) or self._is_sound(when))

    def _is_sound(self, condition: Condition) -> bool:
        for test in tests_of(condition):
            question = self.catalogue.questions.get(test.question)
            if question is None or check_test(test, question):
                return False
            if test.parameter is not None and test.parameter not in self.parameters:
                return False
        known = {
            "indicator": self.catalogue.indicators,
            "finding": self.findings,
            "dimension": self.dimensions,
        }
        return all(reference.id in known[reference.kind] for reference in references_of(condition))
