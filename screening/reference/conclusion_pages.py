"""What rules conclude: indicators, findings, dimensions and the steps of the result."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, get_args

from indicators.models import Element, Indicator
from rules.models import Dimension, Module
from screening.phrases import say_both
from screening.reference.libraries import Kind, Library
from screening.reference.rule_pages import write_rule
from screening.reference.sheets import Page, Sheet, code

STEPS_BELOW: Final = ("not_enough_known", "nothing_indicated_so_far")


def conclusion_pages(library: Library) -> Iterator[Page]:
    """Yield indicators by element, findings and dimensions by module, and the ladder."""
    for element in get_args(Element):
        chosen = [one for one in library.catalogue.indicators.values() if one.element == element]
        if chosen:
            title = say_both("reference.title.indicators", element=say_both(f"element.{element}"))
            yield Page(f"indicators/{element}.md", title, partial(_write_indicators, chosen))
    for module in library.rule_set.modules:
        if module.findings:
            title = say_both("reference.title.findings", module=module.title)
            yield Page(f"findings/{module.module}.md", title, partial(_write_findings, module))
        if module.dimensions:
            title = say_both("reference.title.dimensions", module=module.title)
            yield Page(f"dimensions/{module.module}.md", title, partial(_write_dimensions, module))
    yield Page("outcomes.md", say_both("reference.title.outcomes"), _write_outcomes)


def _write_indicators(indicators: list[Indicator], sheet: Sheet) -> None:
    for indicator in indicators:
        sheet.heading(2, sheet.text(indicator.label), indicator.id)
        sheet.field("id", code(indicator.id))
        sheet.field("element", say_both(f"element.{indicator.element}"))
        if indicator.circumstance:
            sheet.item(sheet.say("describe.circumstance"))
        sheet.item(sheet.say("describe.not_this", text=indicator.not_this))
        if indicator.ilo11:
            numbers = sheet.say("reference.comma").join(str(number) for number in indicator.ilo11)
            sheet.field("ilo11", numbers)
        _write_rules_of(sheet, "observed_by", "indicator", indicator.id)
        for place in sheet.library.listed.get(indicator.id, ()):
            line = sheet.say(
                "reference.listed",
                entry=code(place.entry),
                dimension=sheet.link("dimension", place.dimension),
                strength=say_both(f"strength.{place.listed.strength}"),
                confidence=say_both(f"confidence.{place.listed.confidence}"),
            )
            sheet.item(line)
        _write_users(sheet, "indicator", indicator.id)


def _write_findings(module: Module, sheet: Sheet) -> None:
    for finding in module.findings:
        sheet.heading(2, sheet.text(finding.label), finding.id)
        sheet.field("id", code(finding.id))
        sheet.field("class", say_both(f"class.{finding.kind}"))
        if finding.element is not None:
            sheet.field("element", say_both(f"element.{finding.element}"))
        if finding.need is not None:
            sheet.field("need", code(finding.need))
        if finding.level is not None:
            sheet.item(sheet.say("describe.need", level=say_both(f"describe.level.{finding.level}")))
        _write_rules_of(sheet, "found_by", "finding", finding.id)
        _write_users(sheet, "finding", finding.id)


def _write_dimensions(module: Module, sheet: Sheet) -> None:
    for citation in module.sources:
        sheet.cite(citation)
    for name, dimension in module.dimensions.items():
        _write_dimension(sheet, f"{module.module}.{name}", dimension)


def _write_dimension(sheet: Sheet, name: str, dimension: Dimension) -> None:
    sheet.heading(2, sheet.text(dimension.label), name)
    sheet.field("id", code(name))
    sheet.item(sheet.say("describe.dimension", label=dimension.label))
    for combination in dimension.established_if_any:
        for line in sheet.library.sentences.combination(combination.model_dump(), 1):
            sheet.item(sheet.text(line.text), line.depth)
    _write_users(sheet, "dimension", name)
    sheet.table(
        ("entry", "indicator", "strength", "confidence"),
        (
            (
                code(entry),
                sheet.labelled("indicator", listed.indicator),
                sheet.say(f"strength.{listed.strength}"),
                sheet.say(f"confidence.{listed.confidence}"),
            )
            for entry, listed in dimension.indicators.items()
        ),
    )
    for entry, listed in dimension.indicators.items():
        if listed.only_with is not None:
            sheet.item(sheet.say("describe.entry.only_with", entry=code(entry)))
            sheet.tree(listed.only_with, 1)
        if listed.distinct_because is not None:
            sheet.item(sheet.say("reference.distinct", entry=code(entry), reason=listed.distinct_because))


def _write_outcomes(sheet: Sheet) -> None:
    ladder = sheet.library.rule_set.ladder
    for step in ladder.ladder:
        sheet.heading(2, sheet.text(step.label), step.outcome)
        sheet.field("id", code(step.outcome))
        sheet.item(sheet.say(f"outcome.{step.outcome}.meaning"))
        for line in step.lines:
            if line.id in sheet.library.rules:
                write_rule(sheet, sheet.library.rules[line.id], 3)
    for name in STEPS_BELOW:
        sheet.heading(2, sheet.text(getattr(ladder.below, name).label), name)
        sheet.field("id", code(name))
        sheet.item(sheet.say(f"outcome.{name}.meaning"))


def _write_rules_of(sheet: Sheet, field: str, kind: Kind, name: str) -> None:
    found = sheet.library.concluded_by.get((kind, name), ())
    sheet.field(field, sheet.links("rule", found))


def _write_users(sheet: Sheet, kind: Kind, name: str) -> None:
    users = sheet.library.used_by.get((kind, name), ())
    if users:
        sheet.item(sheet.say("describe.used_by", ids=sheet.links("rule", users)))
