"""What has to fit together: options and bounds within a question, and every name that content uses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from indicators.answers import NAMES_OF_STATES
from indicators.catalogue import Catalogue, Kind
from indicators.conditions import Condition, tests_of
from indicators.errors import Fault, fault, listed, nearest
from indicators.models import Instrument, Question, Source
from indicators.nodes import Node
from indicators.possibility import can_hold
from indicators.tests import check_test

_CHOICES: Final = ("one_choice", "several_choices")
_NUMBERS: Final = ("whole_number", "number_range")
# Keys that only some types of questions have.
_KEYS_OF_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "options": _CHOICES,
    "exclusive": ("several_choices",),
    "unit": _NUMBERS,
    "least": _NUMBERS,
    "most": _NUMBERS,
}
Nodes: TypeAlias = Mapping[tuple[str, str], Node]
Conditions: TypeAlias = Mapping[tuple[str, str], Condition]


def check_source(source: Source, node: Node) -> list[Fault]:
    """Return what does not fit within a source."""
    first, last = source.in_force_from, source.in_force_to
    if isinstance(first, date) and last is not None and last < first:
        return [node.fault("C035", at="in_force_to", first=first.isoformat(), last=last.isoformat())]
    return []


def check_question(question: Question, node: Node) -> list[Fault]:
    """Return what does not fit within a question: options, exclusive option, unit and bounds."""
    faults = [
        node.fault("C031", at=key, key=key, type=question.type)
        for key, types in _KEYS_OF_TYPES.items()
        if question.type not in types and key in node.entries and node.entries[key].value is not None
    ]
    if question.type not in _CHOICES:
        if question.least is not None and question.most is not None and question.least > question.most:
            faults.append(node.fault("C034", at="least", least=question.least, most=question.most))
        return faults
    options = [option.id for option in question.options]
    if len(options) < 2:
        faults.append(node.fault("C030", at="options", question=question.id))
    for at, option in enumerate(options):
        if option in options[:at]:
            faults.append(node.follow(("options", at)).fault("C032", option=option))
        if option in NAMES_OF_STATES:
            faults.append(node.follow(("options", at)).fault("C036", option=option))
    if question.exclusive is not None and question.exclusive not in options:
        near = nearest(question.exclusive, options)
        faults.append(node.fault("C033", at="exclusive", option=question.exclusive, nearest=near))
    return faults


def check_catalogue(
    catalogue: Catalogue, conditions: Conditions, named: Collection[str] | None, nodes: Nodes
) -> list[Fault]:
    """Return every name that leads nowhere, every circle, and every question that could never be asked.

    `conditions` are those that could be read, by question and key, also of questions with faults elsewhere.
    `named` are the ids of all questions that are defined, also of those that have faults; None if not all are
    known, and then no name is said to lead nowhere.
    """
    return _Checks(catalogue, conditions, named, nodes).check()


class _Checks:
    def __init__(
        self, catalogue: Catalogue, conditions: Conditions, named: Collection[str] | None, nodes: Nodes
    ) -> None:
        self.catalogue = catalogue
        self.conditions = conditions
        self.forms = catalogue.question_forms()
        self.named = named
        self.nodes = nodes
        self.faults: list[Fault] = []

    def check(self) -> list[Fault]:
        for (question, key), condition in self.conditions.items():
            self._check_condition(question, key, condition)
        self._check_circles("applies_when")
        self._check_circles("ask_when")
        for instrument in self.catalogue.instruments.values():
            self._check_instrument(instrument)
        return self.faults

    def _check_condition(self, question: str, key: str, condition: Condition) -> None:
        faults: list[Fault] = []
        clear = True
        for test in tests_of(condition):
            if self.named is not None and test.question not in self.named:
                near = nearest(test.question, self.named)
                found = fault("C080", question=test.question, nearest=near)
                faults.append(found if test.place is None else found.at(*test.place))
            elif test.question in self.catalogue.questions:
                faults += check_test(test, self.catalogue.questions[test.question])
            else:
                clear = False
        if clear and not faults and not can_hold(condition, self.forms):
            faults.append(self._at("question", question, key, "C083", key=key, question=question))
        self.faults += faults

    def _check_circles(self, key: str) -> None:
        needs = {
            name: sorted({test.question for test in tests_of(condition)})
            for (name, where), condition in sorted(self.conditions.items(), key=lambda one: one[0])
            if where == key
        }
        reported: set[str] = set()
        for name in needs:
            circle = _find_circle(name, needs)
            if circle and not reported.intersection(circle):
                reported.update(circle)
                steps = " → ".join([*circle, circle[0]])
                self.faults.append(self._at("question", name, key, "C082", question=name, circle=steps))

    def _check_instrument(self, instrument: Instrument) -> None:
        name = instrument.id
        node = self.nodes["instrument", name]
        asked: dict[str, str] = {}
        seen: set[str] = set()
        if not instrument.sections:
            self.faults.append(node.fault("C014", at="sections", key="sections"))
        for at, section in enumerate(instrument.sections):
            inner = node.follow(("sections", at))
            if section.id in seen:
                self.faults.append(inner.fault("C087", section=section.id))
            seen.add(section.id)
            if not section.questions:
                self.faults.append(inner.fault("C014", at="questions", key="questions"))
            for number, question in enumerate(section.questions):
                item = inner.follow(("questions", number))
                if question in asked:
                    self.faults.append(item.fault("C084", question=question, section=asked[question]))
                elif self.named is not None and question not in self.named:
                    near = nearest(question, self.named)
                    self.faults.append(item.fault("C080", question=question, nearest=near))
                asked.setdefault(question, section.id)
        self._check_core(instrument, node, asked)
        self._check_waiting(instrument, node, asked)

    def _check_core(self, instrument: Instrument, node: Node, asked: Collection[str]) -> None:
        if not instrument.core:
            self.faults.append(node.fault("C014", at="core", key="core"))
        for at, question in enumerate(instrument.core):
            item = node.follow(("core", at))
            found = self.catalogue.questions.get(question)
            if question in instrument.core[:at]:
                self.faults.append(item.fault("C086", question=question))
            elif question not in asked:
                self.faults.append(item.fault("C085", question=question, nearest=nearest(question, asked)))
            elif found is not None and found.type == "free_text":
                self.faults.append(item.fault("C088", question=question))

    def _check_waiting(self, instrument: Instrument, node: Node, asked: Collection[str]) -> None:
        """A question that waits for an answer nobody asks for would never be shown."""
        for at, section in enumerate(instrument.sections):
            for number, name in enumerate(section.questions):
                question = self.catalogue.questions.get(name)
                if question is None or question.ask_when is None:
                    continue
                missing = [
                    test.question for test in tests_of(question.ask_when) if test.question not in asked
                ]
                forms = {key: form for key, form in self.forms.items() if key in asked}
                if missing and not can_hold(question.ask_when, forms):
                    item = node.follow(("sections", at, "questions", number))
                    waits_for = listed(dict.fromkeys(missing)).strip("`")
                    self.faults.append(
                        item.fault("P004", question=name, waits_for=waits_for, instrument=instrument.id)
                    )

    def _at(self, kind: Kind, name: str, at: str, code: str, **slots: Any) -> Fault:
        return self.nodes[kind, name].fault(code, at=at, **slots)


def _find_circle(start: str, needs: Mapping[str, list[str]]) -> list[str]:
    """Return the names of a circle that begins and ends at `start`, or an empty list."""
    pending = [[start]]
    visited: set[str] = set()
    while pending:
        path = pending.pop()
        for following in needs.get(path[-1], ()):
            if following == start:
                return path
            if following not in visited:
                visited.add(following)
                pending.append([*path, following])
    return []
