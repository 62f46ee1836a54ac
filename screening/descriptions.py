"""Rules, conclusions, dated values and sources as sentences; questions of an instrument as a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from indicators.catalogue import Catalogue
from indicators.conditions_json import write_condition
from indicators.models import Text
from rules.program import references_in, tests_in
from screening.phrases import list_ids, say_both
from screening.result_models import CitedSource, Part
from screening.sentences import Line, Sentences, as_text

DescribedKind = Literal[
    "rule", "indicator", "dimension", "finding", "outcome", "route", "parameter", "source"
]


class DescribedLine(Part):
    """One line; `depth` says how far it is set in."""

    depth: int
    text: Text


class Description(Part):
    """One thing of a program, told to people who do not program."""

    id: str
    kind: DescribedKind
    concludes: str | None
    label: Text
    lines: tuple[DescribedLine, ...]
    rationale: Text | None
    sources: tuple[CitedSource, ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule's row in the list of all rules."""

    id: str
    kind: str
    concludes: str
    label: Text


def describe(sentences: Sentences, id: str) -> Description | None:
    """Return what stands under an id, or None. A conclusion may be named with or without its kind."""
    for item in sentences.data["conclusions"]:
        for rule in item.get("rules", ()):
            if rule["id"] == id and item["kind"] != "eligibility":
                return _describe_rule(sentences, item, rule)
    for prefix in ("", "indicator.", "finding.", "dimension.", "outcome.", "route."):
        found = sentences.conclusions.get(prefix + id)
        if found is not None and found["kind"] != "eligibility":
            return _describe_conclusion(sentences, found)
    for item in sentences.data["conclusions"]:
        if any(entry["id"] == id for entry in item.get("entries", ())):
            return _describe_conclusion(sentences, item)
    if id in sentences.parameters:
        return _describe_parameter(sentences, id)
    if id in sentences.sources:
        return _describe_source(sentences, id)
    return None


def known_ids(sentences: Sentences) -> frozenset[str]:
    """Return every id that `describe` knows."""
    found: set[str] = {*sentences.parameters, *sentences.sources}
    for item in sentences.data["conclusions"]:
        if item["kind"] == "eligibility":
            continue
        found |= {item["id"], item["id"].partition(".")[2]}
        found.update(rule["id"] for rule in item.get("rules", ()))
        found.update(entry["id"] for entry in item.get("entries", ()))
    return frozenset(found)


def list_rules(sentences: Sentences) -> list[ListedRule]:
    """Return every rule in force: observations, findings, recommendations, then the lines of the result."""
    order = {"indicator": 0, "finding": 1, "route": 2, "outcome": 3}
    rows = [
        (order[item["kind"]], ListedRule(rule["id"], item["kind"], item["id"], sentences.label(item["id"])))
        for item in sentences.data["conclusions"]
        if item["kind"] in order
        for rule in item["rules"]
    ]
    return [row for _, row in sorted(rows, key=lambda one: (one[0], one[1].id))]


def list_questions(catalogue: Catalogue, instrument: str) -> list[dict[str, Any]]:
    """Return an instrument's questions in the order of the screen; conditions as in the content files."""
    chosen = catalogue.instruments[instrument]
    core = set(chosen.core)
    found = []
    for section in chosen.sections:
        for id in section.questions:
            question = catalogue.questions[id]
            found.append(
                {
                    "id": id,
                    "section": section.id,
                    "type": question.type,
                    "options": [option.id for option in question.options],
                    "core": id in core,
                    "applies_when": _written(question.applies_when),
                    "ask_when": _written(question.ask_when),
                }
            )
    return found


def _written(condition: Any) -> dict[str, Any] | None:
    return None if condition is None else write_condition(condition)


def _lines(lines: Iterable[Line]) -> tuple[DescribedLine, ...]:
    return tuple(DescribedLine(depth=line.depth, text=line.text) for line in lines)


def _describe_rule(sentences: Sentences, item: Mapping[str, Any], rule: Mapping[str, Any]) -> Description:
    return Description(
        id=rule["id"],
        kind="rule",
        concludes=item["id"],
        label=sentences.label(item["id"]),
        lines=_lines(_rule_lines(sentences, item, rule)),
        rationale=as_text(rule["rationale"]),
        sources=sentences.cite(rule["sources"]),
        used_by=(),
    )


def _rule_lines(sentences: Sentences, item: Mapping[str, Any], rule: Mapping[str, Any]) -> Iterator[Line]:
    label = sentences.label(item["id"])
    yield Line(0, say_both(f"describe.rule.{item['kind']}", rule=rule["id"], label=label))
    yield from sentences.condition(rule["when"], 1)
    for test in sorted(set(tests_in(rule["when"]))):
        parameter = sentences.tests[test]["parameter"]
        if parameter is not None:
            yield from _parameter_lines(sentences, parameter, 0)
    if "urgency" in rule:
        yield Line(0, say_both("describe.urgency", urgency=say_both(f"urgency.{rule['urgency']}")))
    if "basis" in rule:
        yield Line(0, say_both(f"basis.{rule['basis']}"))
    if rule.get("human_review"):
        yield Line(0, say_both("human_review"))


def _describe_conclusion(sentences: Sentences, item: Mapping[str, Any]) -> Description:
    route = sentences.data["routes"].get(item["id"].partition(".")[2], {})
    cited = route.get("sources", ()) if item["kind"] == "route" else item.get("sources", ())
    return Description(
        id=item["id"],
        kind=item["kind"],
        concludes=None,
        label=as_text(item["label"]),
        lines=_lines(_conclusion_lines(sentences, item, route)),
        rationale=None,
        sources=sentences.cite(cited),
        used_by=_users_of(sentences, item["id"]),
    )


def _conclusion_lines(
    sentences: Sentences, item: Mapping[str, Any], route: Mapping[str, Any]
) -> Iterator[Line]:
    kind = item["kind"]
    yield Line(0, say_both(f"describe.{kind}", label=as_text(item["label"])))
    if kind == "indicator":
        yield Line(0, say_both("describe.element", element=say_both(f"element.{item['element']}")))
        if item["not_this"] is not None:
            yield Line(0, say_both("describe.not_this", text=as_text(item["not_this"])))
        if item["circumstance"]:
            yield Line(0, say_both("describe.circumstance"))
    if kind == "finding":
        name = f"element.{item['element']}" if item["element"] else f"class.{item['class']}"
        yield Line(0, say_both("describe.element", element=say_both(name)))
        if item["level"] is not None:
            yield Line(0, say_both("describe.need", level=say_both(f"describe.level.{item['level']}")))
    if kind == "dimension":
        yield from _dimension_lines(sentences, item)
    if kind == "route":
        yield Line(0, say_both("recommendation.consent", text=say_both(f"consent.{item['consent']}")))
        for key, phrase in (("send", "recommendation.send"), ("never_send", "recommendation.never_send")):
            if route.get(key) is not None:
                yield Line(0, say_both(phrase, text=as_text(route[key])))
    for rule in item.get("rules", ()):
        yield from _rule_lines(sentences, item, rule)
        yield Line(1, say_both("describe.why", rationale=as_text(rule["rationale"])))
        for source in sentences.cite(rule["sources"]):
            yield Line(1, source_line(source))
    if not item.get("rules") and kind != "dimension":
        yield Line(0, say_both("line.no_rules"))


def _dimension_lines(sentences: Sentences, item: Mapping[str, Any]) -> Iterator[Line]:
    for combination in item["combinations"]:
        yield from sentences.combination(combination, 1)
    yield Line(0, say_both("describe.dimension.list"))
    for entry in item["entries"]:
        yield Line(
            1,
            say_both(
                "describe.entry",
                entry=entry["id"],
                strength=say_both(f"strength.{entry['strength']}"),
                confidence=say_both(f"confidence.{entry['confidence']}"),
                label=sentences.entry_label(entry["id"]),
            ),
        )
        if entry["when"][0] != "ref":
            yield Line(2, say_both("describe.entry.only_with", entry=entry["id"]))
            yield from sentences.condition(entry["when"], 3)


def _describe_parameter(sentences: Sentences, id: str) -> Description:
    known = sentences.parameters[id]
    lines = sorted({(line["source"], line["locator"], line["confidence"]) for line in known["values"]})
    return Description(
        id=id,
        kind="parameter",
        concludes=None,
        label=as_text(known["label"]),
        lines=_lines(_parameter_lines(sentences, id, 0)),
        rationale=None,
        sources=sentences.cite({"source": s, "locator": p, "confidence": c} for s, p, c in lines),
        used_by=tuple(
            sorted(
                rule["id"]
                for item in sentences.data["conclusions"]
                for rule in (*item.get("rules", ()), *item.get("entries", ()))
                if any(sentences.tests[test]["parameter"] == id for test in tests_in(rule["when"]))
            )
        ),
    )


def _parameter_lines(sentences: Sentences, id: str, depth: int) -> Iterator[Line]:
    known = sentences.parameters[id]
    yield Line(depth, say_both("describe.parameter", label=as_text(known["label"])))
    for line in sentences.parameter_lines(id):
        yield Line(depth + 1, line.text)
    if known["selector"] is not None:
        question = sentences.question(known["selector"])
        yield Line(depth + 1, say_both("parameter.chosen_by", question=question))


def _describe_source(sentences: Sentences, id: str) -> Description:
    known = sentences.sources[id]
    title = as_text(known["title"])
    return Description(
        id=id,
        kind="source",
        concludes=None,
        label=title,
        lines=_lines(_source_lines(known, title)),
        rationale=None,
        sources=(),
        used_by=tuple(
            sorted(
                rule["id"]
                for item in sentences.data["conclusions"]
                for rule in item.get("rules", ())
                if any(cited["source"] == id for cited in rule["sources"])
            )
        ),
    )


def _source_lines(known: Mapping[str, Any], title: Text) -> Iterator[Line]:
    yield Line(0, say_both("describe.source", title=title))
    yield Line(0, say_both("describe.source.kind", kind=say_both(f"kind.{known['kind']}")))
    begins: Any = known["in_force_from"]
    if begins in (None, "unknown"):
        begins = say_both("describe.source.unknown_day")
    ends: Any = known["in_force_to"] or say_both("parameter.open_end")
    yield Line(0, say_both("describe.source.in_force", **{"from": begins, "to": ends}))
    confidence = say_both(f"confidence.{known['confidence']}")
    yield Line(0, say_both("describe.source.confidence", confidence=confidence, date=known["last_checked"]))
    if known["address"] is not None:
        yield Line(0, say_both("describe.source.address", address=known["address"]))
    if known["note"] is not None:
        yield Line(0, say_both("describe.source.note", text=as_text(known["note"])))


def source_line(source: CitedSource) -> Text:
    """Return a citation as one line."""
    if source.confidence == "own_design":
        return say_both("line.source.own_design", locator=source.locator_text)
    return say_both(
        "line.source",
        title=source.title,
        locator=source.locator_text,
        confidence=say_both(f"confidence.{source.confidence}"),
    )


def used_by_line(description: Description) -> Text:
    """Return which rules use what is described."""
    if not description.used_by:
        return say_both("describe.unused")
    return say_both("describe.used_by", ids=list_ids(description.used_by))


def _users_of(sentences: Sentences, conclusion: str) -> tuple[str, ...]:
    return tuple(
        sorted(
            rule["id"]
            for item in sentences.data["conclusions"]
            for rule in (*item.get("rules", ()), *item.get("entries", ()))
            if conclusion in set(references_in(rule["when"]))
        )
    )
