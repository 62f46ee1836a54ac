"""The parts of a program as sentences in both languages: tests, conditions, conclusions, parameters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from indicators.catalogue import Catalogue
from indicators.conditions import All, AnyOf, AtLeast, Condition, Reference, Test
from indicators.conditions_json import write_test
from indicators.models import Citation, Text
from rules.dated_values import value_lines
from screening.phrases import isolate_numbers, knows, list_either, list_together, say_both
from screening.result_models import CitedSource, ParameterValue

# Both kinds of number are compared alike, so they share their sentences.
_SPOKEN_TYPES: Final[Mapping[str, str]] = {"whole_number": "number", "number_range": "number"}
_NOTHING: Final = Text(en="—", ar="—")
# What a program without a rule would say.
_NO_DATA: Final[Mapping[str, Any]] = MappingProxyType(
    {"questions": {}, "tests": {}, "parameters": {}, "conclusions": (), "sources": {}, "locators": {}}
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of something written out; `depth` says how far it is set in."""

    depth: int
    text: Text


class Sentences:
    """Says what stands in one program's data; keeps what it said once, and nothing depends on a case."""

    def __init__(self, data: Mapping[str, Any], locators: Mapping[str, Text] | None = None) -> None:
        """Take a program's data; `locators` are places in sources beyond it, as the directory cites them."""
        self.data = data
        self.locators: Mapping[str, Text] = {
            **(locators or {}),
            **{key: as_text(pair) for key, pair in data["locators"].items()},
        }
        self.questions: Mapping[str, Any] = data["questions"]
        self.tests: Mapping[str, Any] = data["tests"]
        self.parameters: Mapping[str, Any] = data["parameters"]
        self.conclusions: Mapping[str, Any] = {item["id"]: item for item in data["conclusions"]}
        self.sources: Mapping[str, Any] = data["sources"]
        self.entries: Mapping[str, Any] = {
            entry["id"]: entry for item in data["conclusions"] for entry in item.get("entries", ())
        }
        self.rules: Mapping[str, tuple[str, Mapping[str, Any]]] = {
            rule["id"]: (item["id"], rule) for item in data["conclusions"] for rule in item.get("rules", ())
        }
        self._test_sentences: dict[str, Text] = {}
        self._questions: dict[str, Text] = {}
        self._missing_answers: dict[tuple[str, str], Text] = {}
        self._labels: dict[str, Text] = {}
        self._citations: dict[tuple[str, str, str], CitedSource] = {}

    def question(self, question: str) -> Text:
        """Return the spoken wording of a question, or its id where this program has none."""
        if question not in self._questions:
            known = self.questions.get(question)
            text = as_text(known["text"]) if known else Text(en=question, ar=question)
            self._questions[question] = text
        return self._questions[question]

    def option(self, question: str, option: str) -> Text:
        """Return the wording of an option of a question."""
        texts = self.questions.get(question, {}).get("option_texts", {})
        return as_text(texts[option]) if option in texts else Text(en=option, ar=option)

    def missing_answer(self, question: str, state: str) -> Text:
        """Return the sentence of a question without an answer; `state` says why there is none."""
        if (question, state) not in self._missing_answers:
            said = say_both(f"answer.{state}", question=self.question(question))
            self._missing_answers[question, state] = said
        return self._missing_answers[question, state]

    def answered_by(self, question: str) -> str:
        """Return who answers a question: `person` or `interviewer`."""
        return str(self.questions.get(question, {}).get("answered_by", "person"))

    def label(self, conclusion: str) -> Text:
        """Return how a conclusion is called."""
        if conclusion not in self._labels:
            item = self.conclusions[conclusion]
            if "label" in item:
                self._labels[conclusion] = as_text(item["label"])
            else:
                self._labels[conclusion] = Text(en=conclusion, ar=conclusion)
        return self._labels[conclusion]

    def test(self, test: str) -> Text:
        """Return what a test compares with what."""
        if test not in self._test_sentences:
            self._test_sentences[test] = self.say_test(self.tests[test])
        return self._test_sentences[test]

    def condition(self, expression: Sequence[Any], depth: int = 0) -> Iterator[Line]:
        """Yield the lines of a condition, from the outside in."""
        kind = expression[0]
        if kind == "test":
            yield Line(depth, self.test(expression[1]))
        elif kind == "ref":
            conclusion = expression[1]
            phrase = f"condition.{self.conclusions[conclusion]['kind']}"
            name = conclusion.partition(".")[2]
            yield Line(depth, say_both(phrase, label=self.label(conclusion), id=name))
        else:
            if kind == "at_least":
                yield Line(depth, say_both("condition.at_least", count=expression[1]))
            else:
                yield Line(depth, say_both(f"condition.{kind}"))
            for part in expression[-1]:
                yield from self.condition(part, depth + 1)

    def written_condition(self, condition: Condition, depth: int = 0) -> Iterator[Line]:
        """Yield the lines of a condition that stands in a content file and not in a program."""
        match condition:
            case Test():
                yield Line(depth, self.say_test(write_test(condition)))
            case Reference():
                yield from self.condition(["ref", f"{condition.kind}.{condition.id}"], depth)
            case AtLeast():
                yield Line(depth, say_both("condition.at_least", count=condition.count))
            case All():
                yield Line(depth, say_both("condition.all"))
            case AnyOf():
                yield Line(depth, say_both("condition.any"))
        if isinstance(condition, All | AnyOf | AtLeast):
            for part in condition.parts:
                yield from self.written_condition(part, depth + 1)

    def combination(self, combination: Mapping[str, Any], depth: int = 0) -> Iterator[Line]:
        """Yield the lines of one combination of a dimension."""
        yield Line(depth, say_both("combination.heading", combination=combination["id"]))
        for strength in ("strong", "medium", "weak", "medium_or_weak"):
            if combination[strength]:
                yield Line(depth + 1, say_both(f"combination.{strength}", count=combination[strength]))

    def entry_label(self, entry: str) -> Text:
        """Return the label of the indicator that an entry of a dimension counts."""
        expression = self.entries[entry]["when"]
        while expression[0] != "ref":
            # An entry with `only_with` is an `all` in which the indicator is one reference among the parts.
            found = [part for part in expression[-1] if part[0] == "ref" and part[1].startswith("indicator.")]
            expression = found[0] if found else expression[-1][0]
            if expression[0] == "test":
                return self.test(expression[1])
        return self.label(expression[1])

    def cite(self, sources: Iterable[Mapping[str, Any]]) -> tuple[CitedSource, ...]:
        """Return citations with the titles of their sources."""
        return tuple(self._cite(item["source"], item["locator"], item["confidence"]) for item in sources)

    def locator(self, locator: str) -> Text:
        """Return a place in a source; a draft may not have its Arabic wording yet."""
        known = self.locators.get(locator)
        return Text(en=locator, ar=isolate_numbers(locator if known is None else known.say("ar")))

    def parameter_values(
        self, parameter: str, as_of: date, options: Sequence[str] | None
    ) -> list[ParameterValue]:
        """Return what a parameter is worth on a day, for each option of its selector still possible."""
        known = self.parameters[parameter]
        if known["selector"] is None:
            line = _latest(value_lines(known, as_of, None))
            return [self._parameter_value(parameter, as_of, line, ())]
        by_line: dict[str, tuple[Mapping[str, Any] | None, list[str]]] = {}
        for option in options or ():
            line = _latest(value_lines(known, as_of, option))
            by_line.setdefault(json.dumps(line, sort_keys=True), (line, []))[1].append(option)
        return [self._parameter_value(parameter, as_of, line, among) for line, among in by_line.values()]

    def _parameter_value(
        self, parameter: str, as_of: date, line: Mapping[str, Any] | None, options: Sequence[str]
    ) -> ParameterValue:
        known = self.parameters[parameter]
        slots: dict[str, Any] = {"parameter": as_text(known["label"]), "as_of": as_of.isoformat()}
        variant = ""
        if options:
            slots["options"] = list_together(self.option(known["selector"], option) for option in options)
            variant = ".option"
        if line is None:
            sentence = say_both(f"parameter.unknown{variant}", **slots)
        else:
            slots |= {"value": line["value"], "unit": say_unit(known["unit"])}
            sentence = say_both(f"parameter.value{variant}", **slots)
        return ParameterValue(
            parameter=parameter,
            label=slots["parameter"],
            options=tuple(options),
            sentence=sentence,
            value=None if line is None else line["value"],
            source=None if line is None else self._cite(line["source"], line["locator"], line["confidence"]),
        )

    def parameter_lines(self, parameter: str) -> Iterator[Line]:
        """Yield every dated value of a parameter."""
        known = self.parameters[parameter]
        for line in sorted(known["values"], key=lambda item: (item["for"], item["from"] or item["by"] or "")):
            begins: Any = line["from"]
            if begins is None:
                begins = say_both("parameter.from_unknown", by=line["by"] or "—")
            slots: dict[str, Any] = {
                "value": line["value"],
                "unit": say_unit(known["unit"]),
                "from": begins,
                "to": line["to"] or say_both("parameter.open_end"),
                "source": as_text(self.sources[line["source"]]["title"]),
                "locator": self.locator(line["locator"]),
                "confidence": say_both(f"confidence.{line['confidence']}"),
            }
            if line["for"]:
                options = list_either(self.option(known["selector"], option) for option in line["for"])
                yield Line(0, say_both("parameter.line.option", options=options, **slots))
            else:
                yield Line(0, say_both("parameter.line", **slots))

    def _cite(self, source: str, locator: str, confidence: Any) -> CitedSource:
        key = (source, locator, confidence)
        if key not in self._citations:
            known = self.sources.get(source, {})
            self._citations[key] = CitedSource(
                source=source,
                title=as_text(known["title"]) if known else Text(en=source, ar=source),
                locator=locator,
                locator_text=self.locator(locator),
                confidence=confidence,
                address=known.get("address"),
            )
        return self._citations[key]

    def say_test(self, test: Mapping[str, Any]) -> Text:
        """Return what a test in the form of a program compares with what."""
        question, value = test["question"], test["value"]
        type_ = self.questions[question]["type"]
        phrase = f"test.{test['op']}.{_SPOKEN_TYPES.get(type_, type_)}"
        slots: dict[str, Any] = {"question": self.question(question)}
        if test["parameter"] is not None:
            label = as_text(self.parameters[test["parameter"]]["label"])
            return say_both(f"{phrase}.parameter", parameter=label, **slots)
        if test["op"] in ("at_least_ago", "less_than_ago"):
            ((unit, count),) = value.items()
            return say_both(f"{phrase}.{unit}", count=count, **slots)
        if type_ == "yes_no":
            slots["value"] = say_both(f"value.{value}")
        elif type_ == "date":
            slots["date"] = value
        elif type_ in _SPOKEN_TYPES:
            slots["number"] = value
        elif isinstance(value, str):
            slots["value"] = self.option(question, value)
        else:
            slots["values"] = list_either(self.option(question, option) for option in value)
        return say_both(phrase, **slots)


def _latest(lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Of several lines in force, the one that begins last, as `rules.dated_values` has it."""
    return max(lines, key=lambda line: str(line["from"] or line["by"] or ""), default=None)


def sentences_of(catalogue: Catalogue) -> Sentences:
    """Return the sentences of questions alone, for conditions that no program holds."""
    questions = {
        question.id: {
            "type": question.type,
            "text": question.text.model_dump(),
            "option_texts": {option.id: option.text.model_dump() for option in question.options},
        }
        for question in catalogue.questions.values()
    }
    return Sentences({**_NO_DATA, "questions": questions})


def cite_content(catalogue: Catalogue, citations: Sequence[Citation]) -> tuple[CitedSource, ...]:
    """Return citations of what stands beside every program, such as exceptions of the law, with titles."""
    sources = {
        one.source: catalogue.sources[one.source] for one in citations if one.source in catalogue.sources
    }
    known = Sentences(
        {**_NO_DATA, "sources": {id: source.model_dump(mode="json") for id, source in sources.items()}},
        catalogue.locators,
    )
    return known.cite([one.model_dump(mode="json") for one in citations])


def as_text(pair: Mapping[str, str]) -> Text:
    """Return a pair of a program as a text."""
    return Text(en=pair["en"], ar=pair["ar"])


def as_text_or_none(pair: Mapping[str, str] | None) -> Text | None:
    """Return a pair of a program as a text, or None where there is none."""
    return None if pair is None else as_text(pair)


def say_unit(unit: str) -> Text:
    """Return the name of a unit."""
    return say_both(f"unit.{unit}") if knows(f"unit.{unit}") else say_both("unit.other", unit=unit)
