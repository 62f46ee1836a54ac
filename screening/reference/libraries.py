"""Everything the pages are made from, with the way from each thing to those that name it and to its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from indicators.catalogue import Catalogue
from indicators.conditions import All, AnyOf, AtLeast, Condition, Reference, Test, references_of, tests_of
from indicators.content import load_catalogue
from indicators.errors import ContentError
from indicators.models import Citation, Confidence, Text
from rules.models import (
    Finding,
    FindingDefinition,
    ListedIndicator,
    Module,
    Observation,
    Parameter,
    Recommendation,
    Route,
    Rule,
    RuleSet,
    Service,
)
from rules.program import Program, compile_program
from rules.rule_sets import load_rule_set
from screening.phrases import say_both
from screening.sentences import Sentences

# Longer pages are slow to open where people read them.
MOST_RULES_ON_A_PAGE: Final = 40

Kind = Literal[
    "rule",
    "indicator",
    "finding",
    "dimension",
    "outcome",
    "parameter",
    "question",
    "instrument",
    "source",
    "route",
    "service",
    "module",
    "fault",
]


@dataclass(frozen=True, slots=True)
class Location:
    """The page a thing stands on, and its place there; none where it is the whole page."""

    page: str
    anchor: str


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule with the module it belongs to (none for a line of the ladder) and what it concludes."""

    rule: Rule
    module: str | None
    group: str
    kind: Kind
    concludes: str


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """An indicator's place in a dimension."""

    entry: str
    dimension: str
    listed: ListedIndicator


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation, and what it stands under."""

    kind: Kind
    id: str
    citation: Citation


class Library:
    """One rule set with its catalogue and directory; `as_of` is the day contacts are judged by."""

    def __init__(self, catalogue: Catalogue, rule_set: RuleSet, as_of: date | None = None) -> None:
        self.catalogue = catalogue
        self.rule_set = rule_set
        self.as_of = as_of or rule_set.head.cases_as_of
        self.program: Program = compile_program(rule_set, catalogue)
        self.sentences = Sentences(self.program.data, catalogue.locators)
        routes = sorted(rule_set.routes, key=lambda one: one.route)
        services = sorted(rule_set.services, key=lambda one: one.id)
        parameters = sorted(rule_set.parameters, key=lambda one: one.parameter)
        self.routes: Mapping[str, Route] = {one.route: one for one in routes}
        self.services: Mapping[str, Service] = {one.id: one for one in services}
        self.parameters: Mapping[str, Parameter] = {one.parameter: one for one in parameters}
        self.modules: Mapping[str, Module] = {item.module: item for item in rule_set.modules}

    @cached_property
    def rules(self) -> Mapping[str, PlacedRule]:
        """Every rule in force, by id."""
        found = {one.rule.id: one for one in self._all_rules() if one.rule.retired_in is None}
        return dict(sorted(found.items()))

    @cached_property
    def rule_groups(self) -> Mapping[tuple[str, str, int], tuple[PlacedRule, ...]]:
        """The rules of each module by group, a long group in parts that are counted from 1."""
        groups: dict[tuple[str, str], list[PlacedRule]] = defaultdict(list)
        for one in self.rules.values():
            if one.module is not None:
                groups[one.module, one.group].append(one)
        return {
            (module, group, 1 + start // MOST_RULES_ON_A_PAGE): tuple(
                rules[start : start + MOST_RULES_ON_A_PAGE]
            )
            for (module, group), rules in sorted(groups.items())
            for start in range(0, len(rules), MOST_RULES_ON_A_PAGE)
        }

    @cached_property
    def rule_pages(self) -> Mapping[str, str]:
        """The page of each rule of a module."""
        return {
            one.rule.id: page_of_rules(module, group, part)
            for (module, group, part), rules in self.rule_groups.items()
            for one in rules
        }

    @cached_property
    def retired(self) -> tuple[Rule, ...]:
        """Every rule that keeps its place and is no longer used."""
        return tuple(one.rule for one in self._all_rules() if one.rule.retired_in is not None)

    @cached_property
    def findings(self) -> Mapping[str, tuple[str, FindingDefinition]]:
        """Every finding with its module."""
        return {
            finding.id: (module.module, finding)
            for module in self.rule_set.modules
            for finding in module.findings
        }

    @cached_property
    def listed(self) -> Mapping[str, tuple[ListedPlace, ...]]:
        """Where each indicator is counted, and how strongly."""
        found: dict[str, list[ListedPlace]] = defaultdict(list)
        for module in self.rule_set.modules:
            for name, dimension in module.dimensions.items():
                for entry, listed in dimension.indicators.items():
                    found[listed.indicator].append(ListedPlace(entry, f"{module.module}.{name}", listed))
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def concluded_by(self) -> Mapping[tuple[Kind, str], tuple[str, ...]]:
        """The rules that conclude each thing."""
        found: dict[tuple[Kind, str], list[str]] = defaultdict(list)
        for name, one in self.rules.items():
            found[one.kind, one.concludes].append(name)
        return {thing: tuple(names) for thing, names in found.items()}

    @cached_property
    def used_by(self) -> Mapping[tuple[Kind, str], tuple[str, ...]]:
        """The rules whose condition names each conclusion, question or parameter."""
        found: dict[tuple[Kind, str], set[str]] = defaultdict(set)
        for name, one in self.rules.items():
            for thing in self._named_in(one.rule.when):
                found[thing].add(name)
        return {thing: tuple(sorted(names)) for thing, names in found.items()}

    @cached_property
    def entries_reading(self) -> Mapping[str, tuple[str, ...]]:
        """The entries of dimensions that count only with an answer to each question."""
        found: dict[str, set[str]] = defaultdict(set)
        for places in self.listed.values():
            for place in places:
                if place.listed.only_with is not None:
                    for test in tests_of(place.listed.only_with):
                        found[test.question].add(place.dimension)
        return {name: tuple(sorted(dimensions)) for name, dimensions in found.items()}

    @cached_property
    def routes_reading(self) -> Mapping[str, tuple[str, ...]]:
        """The routes that ask each question to choose a service."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, route in self.routes.items():
            for service in route.services:
                if service.eligible_when is not None:
                    for test in tests_of(service.eligible_when):
                        found[test.question].add(name)
        return {name: tuple(sorted(routes)) for name, routes in found.items()}

    @cached_property
    def opened_by(self) -> Mapping[str, tuple[str, ...]]:
        """The questions that each question opens or closes."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, question in self.catalogue.questions.items():
            for condition in (question.applies_when, question.ask_when):
                if condition is not None:
                    for test in tests_of(condition):
                        found[test.question].add(name)
        return {name: tuple(sorted(names)) for name, names in found.items()}

    @cached_property
    def instruments_asking(self) -> Mapping[str, tuple[str, ...]]:
        """The instruments in which each question is asked."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, instrument in self.catalogue.instruments.items():
            for question in instrument.questions:
                found[question].append(name)
        return {name: tuple(names) for name, names in found.items()}

    @cached_property
    def citations(self) -> tuple[Cited, ...]:
        """Every citation there is: of rules, dated values, routes, services and modules."""
        return tuple(self._citations())

    def questions_no_rule_reads(self) -> tuple[str, ...]:
        """Questions that neither a rule nor an entry of a list reads."""
        return tuple(
            name
            for name in self.catalogue.questions
            if ("question", name) not in self.used_by and name not in self.entries_reading
        )

    def best_confidence(self, rule: Rule) -> Confidence:
        """How well the best-known source of a rule is known."""
        order: tuple[Confidence, ...] = ("verified_text", "secondary", "unverified", "own_design")
        return min((one.confidence for one in rule.sources), key=order.index)

    def label(self, kind: Kind, name: str) -> Text:
        """What a thing is called."""
        if kind in ("indicator", "finding", "dimension", "outcome", "route"):
            known = self.sentences.conclusions.get(f"{kind}.{name}")
            if known is not None:
                return self.sentences.label(f"{kind}.{name}")
        if kind == "indicator":
            return self.catalogue.indicators[name].label
        if kind == "source":
            return self.catalogue.sources[name].title
        if kind == "question":
            return self.catalogue.questions[name].text
        if kind == "instrument":
            return self.catalogue.instruments[name].title
        if kind == "parameter":
            return self.parameters[name].label
        if kind == "service":
            return self.services[name].name
        if kind == "route":
            return self.routes[name].label
        if kind == "module":
            return self.modules[name].title
        return Text(en=name, ar=name)

    def locate(self, kind: Kind, name: str) -> Location:
        """Return the page and the place of a thing."""
        return Location(self._page(kind, name), "" if kind in ("instrument", "module") else name)

    def _page(self, kind: Kind, name: str) -> str:
        match kind:
            case "rule":
                one = self.rules[name]
                return "outcomes.md" if one.module is None else self.rule_pages[name]
            case "indicator":
                return f"indicators/{self.catalogue.indicators[name].element}.md"
            case "finding":
                return f"findings/{self.findings[name][0]}.md"
            case "dimension":
                return f"dimensions/{name.partition('.')[0]}.md"
            case "question":
                return f"questions/{self.catalogue.questions[name].topic}.md"
            case "instrument":
                return f"instruments/{name}.md"
            case "source":
                return f"sources/{self.catalogue.sources[name].kind}.md"
            case "service":
                return "directory.md"
            case "module":
                return "README.md"
            case "fault":
                return "errors.md"
            case _:
                return f"{kind}s.md"

    def _all_rules(self) -> Iterator[PlacedRule]:
        for module in self.rule_set.modules:
            for rule in (*module.observations, *module.finding_rules, *module.recommendations):
                yield self._placed(rule, module.module)
        for step in self.rule_set.ladder.ladder:
            for line in step.lines:
                yield PlacedRule(line, None, "outcomes", "outcome", step.outcome)

    def _placed(self, rule: Rule, module: str) -> PlacedRule:
        match rule:
            case Observation():
                element = self.catalogue.indicators[rule.observes].element
                return PlacedRule(rule, module, element, "indicator", rule.observes)
            case Finding():
                return PlacedRule(rule, module, "findings", "finding", rule.finds)
            case Recommendation():
                return PlacedRule(rule, module, "recommendations", "route", rule.recommends)
            case _:
                raise TypeError(type(rule).__name__)

    def _named_in(self, when: object) -> Iterator[tuple[Kind, str]]:
        if not isinstance(when, Test | Reference | All | AnyOf | AtLeast):
            return
        condition: Condition = when
        for reference in references_of(condition):
            yield reference.kind, reference.id
        for test in tests_of(condition):
            yield "question", test.question
            if test.parameter is not None:
                yield "parameter", test.parameter
                selector = self.parameters[test.parameter].selector
                if selector is not None:
                    yield "question", selector

    def _citations(self) -> Iterator[Cited]:
        for name, one in self.rules.items():
            yield from (Cited("rule", name, citation) for citation in one.rule.sources)
        for name, parameter in self.parameters.items():
            for line in parameter.values:
                citation = Citation(source=line.source, locator=line.locator, confidence=line.confidence)
                yield Cited("parameter", name, citation)
        for name, route in self.routes.items():
            yield from (Cited("route", name, citation) for citation in route.sources)
        for name, service in self.services.items():
            yield from (Cited("service", name, citation) for citation in service.sources)
        for name, module in self.modules.items():
            yield from (Cited("module", name, citation) for citation in module.sources)


def open_library(rule_set: str = "kuwait", root: Path | None = None, as_of: date | None = None) -> Library:
    """Return the library of a rule set as it stands; raises `ContentError` with every load fault."""
    catalogue, faults = load_catalogue(root)
    rules, more = load_rule_set(rule_set, root, catalogue)
    stopping = [item for item in (*faults, *more) if item.severity == "load"]
    if stopping or rules is None:
        raise ContentError(stopping)
    return Library(catalogue, rules, as_of)


def page_of_rules(module: str, group: str, part: int) -> str:
    """Return the page of a part of a group of rules."""
    return f"rules/{module}/{group}.md" if part == 1 else f"rules/{module}/{group}-{part}.md"


def say_rule_group(group: str) -> Text:
    """What a group of rules of a module is called: observations of an element, findings, recommendations."""
    if group in ("findings", "recommendations"):
        return say_both(f"reference.group.{group}")
    return say_both("reference.group.observations", element=say_both(f"element.{group}"))
