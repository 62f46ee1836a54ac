"""Dated values: every line there ever was, with its source."""

from __future__ import annotations

from collections.abc import Iterator

from rules.models import DatedValue, Parameter
from screening.phrases import list_either, say_both
from screening.reference.libraries import Library
from screening.reference.sheets import Page, Sheet, code
from screening.sentences import say_unit


def value_pages(library: Library) -> Iterator[Page]:
    """Yield the page of dated values."""
    if library.parameters:
        yield Page("parameters.md", say_both("reference.title.parameters"), _write)


def _write(sheet: Sheet) -> None:
    for name, parameter in sheet.library.parameters.items():
        sheet.heading(2, sheet.text(parameter.label), name)
        sheet.field("id", code(name))
        sheet.field("unit", say_unit(parameter.unit))
        if parameter.selector is not None:
            question = sheet.labelled("question", parameter.selector)
            sheet.item(sheet.say("parameter.chosen_by", question=question))
        users = sheet.library.used_by.get(("parameter", name), ())
        sheet.item(sheet.say("describe.used_by", ids=sheet.links("rule", users)))
        sheet.table(
            ("for", "value", "from", "to", "source", "confidence", "remark"),
            (_row(sheet, parameter, line) for line in parameter.values),
        )


def _row(sheet: Sheet, parameter: Parameter, line: DatedValue) -> tuple[str, ...]:
    chosen = sheet.say("reference.everyone")
    if line.for_options:
        options = list_either(
            sheet.library.sentences.option(parameter.selector or "", option) for option in line.for_options
        )
        chosen = sheet.text(options)
    begins = str(line.effective_from)
    if line.effective_from == "unknown":
        begins = sheet.say("parameter.from_unknown", by=str(line.effective_by or "—"))
    source = sheet.link("source", line.source, sheet.text(sheet.library.label("source", line.source)))
    place = sheet.say("reference.place", source=source, locator=sheet.locator(line.locator))
    return (
        chosen,
        str(line.value),
        begins,
        sheet.say("parameter.open_end") if line.effective_to is None else str(line.effective_to),
        place,
        sheet.say(f"confidence.{line.confidence}"),
        "" if line.because is None else sheet.text(line.because),
    )
