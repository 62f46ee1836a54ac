"""Rules by module and kind, each as a sentence with its sources."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from rules.models import AnyFindingOf, AnyIndicator, OutcomeLine, Recommendation
from screening.phrases import list_together, say_both
from screening.reference.libraries import Kind, Library, PlacedRule, page_of_rules, say_rule_group
from screening.reference.sheets import Page, Sheet


def rule_pages(library: Library) -> Iterator[Page]:
    """Yield one page for each group of rules of each module."""
    for (module, group, part), rules in library.rule_groups.items():
        title = say_both(
            "reference.title.rules" if part == 1 else "reference.title.rules.part",
            module=library.label("module", module),
            group=say_rule_group(group),
            part=part,
        )
        yield Page(page_of_rules(module, group, part), title, partial(_write_rules, rules))
    if library.retired:
        yield Page("rules/retired.md", say_both("reference.title.retired"), _write_retired)


def write_rule(sheet: Sheet, one: PlacedRule, level: int = 2) -> None:
    """Write a rule: what it concludes, when, why, and what it stands on."""
    rule = one.rule
    sheet.heading(level, rule.id, rule.id)
    sheet.paragraph(
        sheet.say(
            f"describe.rule.{one.kind}",
            rule=rule.id,
            label=sheet.labelled(one.kind, one.concludes),
        )
    )
    match rule.when:
        case AnyFindingOf():
            kinds = list_together(say_both(f"class.{kind}") for kind in rule.when.any_finding_of)
            sheet.item(sheet.say("reference.any_finding_of", kinds=kinds))
        case AnyIndicator():
            sheet.item(sheet.say("reference.any_indicator"))
        case _:
            sheet.tree(rule.when)
    sheet.paragraph(sheet.say("describe.why", rationale=rule.rationale))
    if isinstance(rule, Recommendation):
        sheet.item(sheet.say("describe.urgency", urgency=say_both(f"urgency.{rule.urgency}")))
    if isinstance(rule, OutcomeLine):
        sheet.item(sheet.say(f"basis.{rule.basis}"))
        if rule.human_review:
            sheet.item(sheet.say("human_review"))
    for citation in rule.sources:
        sheet.cite(citation)


def _write_rules(rules: tuple[PlacedRule, ...], sheet: Sheet) -> None:
    named: list[tuple[str, Kind, str]] = [(one.rule.id, one.kind, one.concludes) for one in rules]
    sheet.table(
        ("rule", "concludes", "confidence_best"),
        (
            (
                sheet.link("rule", rule),
                sheet.labelled(kind, concludes),
                sheet.say(f"confidence.{sheet.library.best_confidence(sheet.library.rules[rule].rule)}"),
            )
            for rule, kind, concludes in named
        ),
    )
    for one in rules:
        write_rule(sheet, one)


def _write_retired(sheet: Sheet) -> None:
    for rule in sheet.library.retired:
        sheet.heading(2, rule.id, rule.id)
        sheet.item(sheet.say("reference.retired_in", revision=rule.retired_in or 0))
        if rule.retired_because is not None:
            sheet.item(sheet.say("describe.why", rationale=rule.retired_because))
