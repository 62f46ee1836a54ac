"""From a checked rule set to the canonical program: closed JSON with a digest, in dependency order.

The form is described in `docs/developers/architecture.md`. The order of lines in content files never
changes it.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import rfc8785
from pydantic import BaseModel

from indicators.catalogue import Catalogue
from indicators.conditions import All, AnyOf, AtLeast, Condition, Reference, Test, references_of, tests_of
from indicators.conditions_json import write_test
from indicators.models import Citation, Question, Text
from rules.models import AnyFindingOf, AnyIndicator, FindingKind, Parameter, Rule, RuleSet

SEMANTICS = 1
DISTRESS = {"low": 1, "medium": 2, "high": 3}

Json = dict[str, Any]
AnyRule = TypeVar("AnyRule", bound=Rule)


@dataclass(frozen=True)
class Program:
    """An executable rule set: its JSON form, its digest, and the number it was published under, if it was."""

    data: Mapping[str, Any]
    digest: str
    revision: int | None = None

    @property
    def rule_set(self) -> str:
        """The id of the rule set."""
        return str(self.data["rule_set"])

    @property
    def revision_label(self) -> str:
        """The number of the published revision, or `draft`."""
        return "draft" if self.revision is None else str(self.revision)

    def to_json(self) -> str:
        """The canonical JSON text, the same for the same content for ever."""
        return self._canonical

    @cached_property
    def _canonical(self) -> str:
        # Written for every installation that holds its first interview, and for every field form.
        return rfc8785.dumps(dict(self.data)).decode()

    @classmethod
    def from_data(cls, data: Mapping[str, Any], revision: int | None = None) -> Program:
        """The program of this JSON form, with its digest computed."""
        return cls(data=data, digest=digest_of(data), revision=revision)

    @classmethod
    def from_json(cls, text: str, revision: int | None = None) -> Program:
        """The program written by `to_json`."""
        return cls.from_data(json.loads(text), revision)


def digest_of(data: Mapping[str, Any]) -> str:
    """`sha256:` and the hash of the RFC 8785 form."""
    return "sha256:" + hashlib.sha256(rfc8785.dumps(dict(data))).hexdigest()


class DependencyCycle(ValueError):
    """Conclusions that need each other; the checks name them before a program is ever compiled."""


def compile_program(rule_set: RuleSet, catalogue: Catalogue) -> Program:
    """The canonical program of a rule set without load faults."""
    return _Compiler(rule_set, catalogue).compile()


def question_order(catalogue: Catalogue) -> list[Question]:
    """Every question of the bank, by id."""
    return [catalogue.questions[key] for key in sorted(catalogue.questions)]


class _Compiler:
    def __init__(self, rule_set: RuleSet, catalogue: Catalogue) -> None:
        self.rule_set = rule_set
        self.catalogue = catalogue
        self.kinds: dict[str, FindingKind] = {
            finding.id: finding.kind for module in rule_set.modules for finding in module.findings
        }
        self.test_ids = self._number_tests()
        self.cited: set[str] = set()
        self.locators: set[str] = set()

    def compile(self) -> Program:
        conclusions = self._conclusions()
        parameters = self._parameters()
        routes = {route.route: self._route(route) for route in self.rule_set.routes}
        head = self.rule_set.head
        data: Json = {
            "semantics": SEMANTICS,
            "rule_set": head.rule_set,
            "title": _plain(head.title),
            "questions": {
                question.id: self._question(question) for question in question_order(self.catalogue)
            },
            "tests": {number: json.loads(form) for form, number in self.test_ids.items()},
            "parameters": parameters,
            "conclusions": _in_dependency_order(conclusions),
            "ladder": [step.outcome for step in self.rule_set.ladder.ladder],
            "below": {
                name: _plain(getattr(self.rule_set.ladder.below, name).label)
                for name in ("not_enough_known", "nothing_indicated_so_far")
            },
            "routes": routes,
            "instruments": {
                key: _instrument(value) for key, value in sorted(self.catalogue.instruments.items())
            },
        }
        data["sources"] = {
            key: _plain(self.catalogue.sources[key])
            for key in sorted(self.cited)
            if key in self.catalogue.sources
        }
        data["locators"] = {
            key: {"en": known.en, "ar": known.ar}
            for key, known in sorted(self.catalogue.locators.items())
            if key in self.locators
        }
        return Program.from_data(data)

    def _number_tests(self) -> dict[str, str]:
        forms: set[str] = set()
        for condition in self._all_conditions():
            forms.update(json.dumps(write_test(test), sort_keys=True) for test in tests_of(condition))
        return {form: f"t{number:04d}" for number, form in enumerate(sorted(forms), start=1)}

    def _all_conditions(self) -> Iterable[Condition]:
        for rule in self.rule_set.rules():
            if not isinstance(rule.when, AnyFindingOf | AnyIndicator):
                yield rule.when
        for module in self.rule_set.modules:
            for dimension in module.dimensions.values():
                yield from (item.only_with for item in dimension.indicators.values() if item.only_with)
        for route in self.rule_set.routes:
            yield from (service.eligible_when for service in route.services if service.eligible_when)
        for question in self.catalogue.questions.values():
            if question.applies_when is not None:
                yield question.applies_when

    def _expression(self, condition: Condition | AnyFindingOf | AnyIndicator) -> list[Any]:
        match condition:
            case Test():
                return ["test", self.test_ids[json.dumps(write_test(condition), sort_keys=True)]]
            case Reference():
                return ["ref", f"{condition.kind}.{condition.id}"]
            case All():
                return _joined("all", [self._expression(part) for part in condition.parts])
            case AnyOf():
                return _joined("any", [self._expression(part) for part in condition.parts])
            case AtLeast():
                parts = _sorted_parts([self._expression(part) for part in condition.parts])
                return ["at_least", condition.count, parts]
            case AnyFindingOf():
                wanted = set(condition.any_finding_of)
                found = sorted(self._defined_findings(lambda kind: kind in wanted))
                return _joined("any", [["ref", f"finding.{name}"] for name in found])
            case AnyIndicator():
                return _joined("any", [["ref", f"indicator.{name}"] for name in self._counting_indicators()])
        raise TypeError(f"not a condition: {condition!r}")

    def _defined_findings(self, wanted: Callable[[FindingKind], bool]) -> list[str]:
        return [name for name, kind in self.kinds.items() if wanted(kind)]

    def _counting_indicators(self) -> list[str]:
        observed = {rule.observes for module in self.rule_set.modules for rule in module.observations}
        return sorted(name for name in observed if not self.catalogue.indicators[name].circumstance)

    def _citations(self, citations: Iterable[Citation]) -> list[Json]:
        found = [_plain(citation) for citation in citations]
        self.cited.update(item["source"] for item in found)
        self.locators.update(item["locator"] for item in found)
        return found

    def _rule(self, rule: Rule, **more: Any) -> Json:
        return {
            "id": rule.id,
            "when": self._expression(rule.when),
            "rationale": _plain(rule.rationale),
            "sources": self._citations(rule.sources),
            **more,
        }

    def _conclusions(self) -> list[Json]:
        found: list[Json] = []
        by_target: dict[str, list[Json]] = {}
        for module in self.rule_set.modules:
            for seen in _in_force(module.observations):
                by_target.setdefault(f"indicator.{seen.observes}", []).append(self._rule(seen))
            for concluded in _in_force(module.finding_rules):
                by_target.setdefault(f"finding.{concluded.finds}", []).append(self._rule(concluded))
            for advised in _in_force(module.recommendations):
                rule = self._rule(advised, urgency=advised.urgency)
                by_target.setdefault(f"route.{advised.recommends}", []).append(rule)
        for name in sorted(self._used_indicators()):
            found.append(self._indicator(name, by_target.get(f"indicator.{name}", [])))
        for module in self.rule_set.modules:
            for name in module.dimensions:
                found.append(self._dimension(module.module, name))
            for finding in module.findings:
                found.append(
                    {
                        "id": f"finding.{finding.id}",
                        "kind": "finding",
                        "finding": finding.id,
                        "module": module.module,
                        "class": finding.kind,
                        "element": finding.element,
                        "need": finding.need,
                        "level": finding.level,
                        "label": _plain(finding.label),
                        "rules": _by_id(by_target.get(f"finding.{finding.id}", [])),
                    }
                )
        for step in self.rule_set.ladder.ladder:
            lines = [
                self._rule(line, basis=line.basis, human_review=line.human_review)
                for line in _in_force(step.lines)
            ]
            found.append(
                {
                    "id": f"outcome.{step.outcome}",
                    "kind": "outcome",
                    "label": _plain(step.label),
                    "rules": _by_id(lines),
                }
            )
        for route in self.rule_set.routes:
            found.append(
                {
                    "id": f"route.{route.route}",
                    "kind": "route",
                    "label": _plain(route.label),
                    "consent": route.consent,
                    "rules": _by_id(by_target.get(f"route.{route.route}", [])),
                }
            )
            for service in route.services:
                if service.eligible_when is not None:
                    found.append(
                        {
                            "id": f"service.{route.route}.{service.service}",
                            "kind": "eligibility",
                            "rules": [
                                {
                                    "id": f"{route.route}.{service.service}",
                                    "when": self._expression(service.eligible_when),
                                    "sources": [],
                                }
                            ],
                        }
                    )
        return found

    def _used_indicators(self) -> set[str]:
        used = {rule.observes for module in self.rule_set.modules for rule in module.observations}
        for module in self.rule_set.modules:
            for dimension in module.dimensions.values():
                used.update(item.indicator for item in dimension.indicators.values())
        for rule in self.rule_set.rules():
            if not isinstance(rule.when, AnyFindingOf | AnyIndicator):
                used.update(ref.id for ref in references_of(rule.when) if ref.kind == "indicator")
        return used

    def _indicator(self, name: str, rules: list[Json]) -> Json:
        indicator = self.catalogue.indicators[name]
        return {
            "id": f"indicator.{name}",
            "kind": "indicator",
            "element": indicator.element,
            "circumstance": indicator.circumstance,
            "label": _plain(indicator.label),
            "not_this": _plain(indicator.not_this),
            "ilo11": sorted(indicator.ilo11),
            "rules": _by_id(rules),
        }

    def _dimension(self, module: str, name: str) -> Json:
        dimension = next(item for item in self.rule_set.modules if item.module == module).dimensions[name]
        entries = []
        for code, item in sorted(dimension.indicators.items()):
            when: list[Any] = ["ref", f"indicator.{item.indicator}"]
            if item.only_with is not None:
                when = _joined("all", [when, self._expression(item.only_with)])
            entries.append(
                {"id": code, "strength": item.strength, "confidence": item.confidence, "when": when}
            )
        owner = next(item for item in self.rule_set.modules if item.module == module)
        return {
            "id": f"dimension.{module}.{name}",
            "kind": "dimension",
            "module": module,
            "label": _plain(dimension.label),
            "entries": entries,
            "combinations": sorted(
                (_plain(item) for item in dimension.established_if_any), key=lambda c: str(c["id"])
            ),
            "sources": self._citations(owner.sources),
        }

    def _parameters(self) -> Json:
        return {
            item.parameter: self._parameter(item)
            for item in sorted(self.rule_set.parameters, key=lambda item: item.parameter)
        }

    def _parameter(self, parameter: Parameter) -> Json:
        lines = []
        for line in parameter.values:
            self.cited.add(line.source)
            self.locators.add(line.locator)
            lines.append(
                {
                    "for": sorted(line.for_options),
                    "from": None if line.effective_from == "unknown" else line.effective_from.isoformat(),
                    "by": line.effective_by.isoformat() if line.effective_by else None,
                    "to": line.effective_to.isoformat() if line.effective_to else None,
                    "because": _plain(line.because) if line.because else None,
                    "value": line.value,
                    "source": line.source,
                    "locator": line.locator,
                    "confidence": line.confidence,
                }
            )
        return {
            "unit": parameter.unit,
            "selector": parameter.selector,
            "label": _plain(parameter.label),
            "values": sorted(lines, key=lambda line: json.dumps(line, sort_keys=True)),
        }

    def _route(self, route: Any) -> Json:
        return {
            "label": _plain(route.label),
            "consent": route.consent,
            "consent_note": _plain(route.consent_note) if route.consent_note else None,
            "send": _plain(route.send) if route.send else None,
            "never_send": _plain(route.never_send) if route.never_send else None,
            "services": sorted(service.service for service in route.services),
            "sources": self._citations(route.sources),
        }

    def _question(self, question: Question) -> Json:
        return {
            "type": question.type,
            "topic": question.topic,
            "about": question.about,
            "answered_by": question.answered_by,
            "options": [option.id for option in question.options],
            "exclusive": question.exclusive,
            "unit": question.unit,
            "least": question.least,
            "most": question.most,
            "distress": DISTRESS[question.distress],
            "applies_when": None
            if question.applies_when is None
            else self._expression(question.applies_when),
            "text": _plain(question.text),
            "option_texts": {option.id: _plain(option.text) for option in question.options},
        }


def references_in(expression: Sequence[Any]) -> Iterable[str]:
    """The ids of the conclusions that a program's expression reads."""
    if expression[0] == "ref":
        yield expression[1]
    elif expression[0] != "test":
        for part in expression[-1]:
            yield from references_in(part)


def tests_in(expression: Sequence[Any]) -> Iterable[str]:
    """The ids of the tests that a program's expression reads directly."""
    if expression[0] == "test":
        yield expression[1]
    elif expression[0] != "ref":
        for part in expression[-1]:
            yield from tests_in(part)


def conditions_of(conclusion: Mapping[str, Any]) -> list[Any]:
    """The expressions of a conclusion: one a rule, or one an entry of a dimension."""
    return [item["when"] for item in conclusion.get("rules", conclusion.get("entries", []))]


def _in_force(rules: Iterable[AnyRule]) -> list[AnyRule]:
    return [rule for rule in rules if rule.retired_in is None]


def _by_id(rules: list[Json]) -> list[Json]:
    return sorted(rules, key=lambda rule: str(rule["id"]))


def _plain(value: BaseModel | Text) -> Json:
    return value.model_dump(mode="json")


def _instrument(instrument: Any) -> Json:
    return {
        "title": _plain(instrument.title),
        "purpose": _plain(instrument.purpose),
        "sections": [
            {"id": section.id, "title": _plain(section.title), "questions": list(section.questions)}
            for section in instrument.sections
        ],
        "core": list(instrument.core),
    }


def _sorted_parts(parts: list[list[Any]]) -> list[list[Any]]:
    return sorted(parts, key=lambda part: json.dumps(part))


def _joined(operator: str, parts: list[list[Any]]) -> list[Any]:
    """`all` and `any` flattened, without repeats, in one order: the same meaning has one form."""
    flat: list[list[Any]] = []
    for part in parts:
        for piece in part[1] if part[0] == operator else [part]:
            if piece not in flat:
                flat.append(piece)
    if len(flat) == 1:
        return flat[0]
    return [operator, _sorted_parts(flat)]


def _in_dependency_order(conclusions: list[Json]) -> list[Json]:
    by_id = {item["id"]: item for item in conclusions}
    waits_for = {
        key: {ref for when in conditions_of(item) for ref in references_in(when)}
        for key, item in by_id.items()
    }
    readers: dict[str, list[str]] = {key: [] for key in by_id}
    for key, needed in waits_for.items():
        for ref in needed:
            readers[ref].append(key)
    ready = [key for key, needed in waits_for.items() if not needed]
    heapq.heapify(ready)
    ordered: list[Json] = []
    while ready:
        key = heapq.heappop(ready)
        ordered.append(by_id[key])
        for reader in readers[key]:
            waits_for[reader].discard(key)
            if not waits_for[reader]:
                heapq.heappush(ready, reader)
    if len(ordered) < len(by_id):
        raise DependencyCycle(", ".join(sorted(key for key, needed in waits_for.items() if needed)))
    return ordered
