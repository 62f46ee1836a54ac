"""Places in sources: whatever is cited can be said in Arabic, and no pair is kept that nothing cites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indicators.catalogue import Catalogue
from indicators.errors import Fault, fault, nearest
from rules.models import RuleSet

Place = tuple[str | None, int | None]


def check_locators(rule_sets: Sequence[RuleSet], catalogue: Catalogue) -> list[Fault]:
    """Return every cited locator without a pair, and every pair that none of the rule sets cites.

    All rule sets of a tree are judged together: they share the pairs.
    """
    cited: set[str] = set()
    found: list[Fault] = []
    for rule_set in rule_sets:
        for locator, (file, line) in _cited(rule_set):
            cited.add(locator)
            if locator not in catalogue.locators:
                near = nearest(locator, catalogue.locators)
                found.append(fault("P040", file=file, line=line, locator=locator, nearest=near))
    for locator in catalogue.locators:
        if locator not in cited:
            file, line = catalogue.place("locator", locator)
            found.append(fault("P041", file=file, line=line, locator=locator))
    return found


def _cited(rule_set: RuleSet) -> Iterator[tuple[str, Place]]:
    """Each locator with the place of what cites it, retired rules too: they stay readable."""
    for module in rule_set.modules:
        place = rule_set.place("module", module.module)
        yield from ((citation.locator, place) for citation in module.sources)
        for rule in (*module.observations, *module.finding_rules, *module.recommendations):
            place = rule_set.place("rule", rule.id)
            yield from ((citation.locator, place) for citation in rule.sources)
    for step in rule_set.ladder.ladder:
        for line in step.lines:
            place = rule_set.place("rule", line.id)
            yield from ((citation.locator, place) for citation in line.sources)
    for route in rule_set.routes:
        place = rule_set.place("route", route.route)
        yield from ((citation.locator, place) for citation in route.sources)
    for parameter in rule_set.parameters:
        place = rule_set.place("parameter", parameter.parameter)
        yield from ((value.locator, place) for value in parameter.values)
    for service in rule_set.services:
        place = rule_set.place("service", service.id)
        yield from ((citation.locator, place) for citation in service.sources)
