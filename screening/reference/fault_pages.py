"""Every fault by its code, and tables of what is broken with the exact lines it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from indicators.errors import FaultDefinition, fault_definitions
from screening.phrases import say_both
from screening.reference.examples import Example, Examples
from screening.reference.sheets import Page, Sheet, code, escape


def fault_pages(examples: Examples) -> Iterator[Page]:
    """Yield the catalogue of faults and the two pages of examples."""
    yield Page("errors.md", say_both("reference.title.errors"), partial(_write_errors, examples))
    yield Page(
        "broken-content.md", say_both("reference.title.broken_content"), partial(_write_content, examples)
    )
    yield Page(
        "broken-requests.md", say_both("reference.title.broken_requests"), partial(_write_requests, examples)
    )


def _write_errors(examples: Examples, sheet: Sheet) -> None:
    sheet.paragraph(sheet.say("reference.errors.intro"))
    for definition in fault_definitions().values():
        sheet.heading(2, definition.code, definition.code)
        sheet.field("message", escape(_message(definition, sheet)))
        sheet.field("severity", say_both(f"reference.severity.{definition.severity}"))
        sheet.field("advice", escape(definition.advice[sheet.lang]))
        _write_example(examples, definition.code, sheet)


def _message(definition: FaultDefinition, sheet: Sheet) -> str:
    more = "" if definition.nearest is None else definition.nearest[sheet.lang]
    return definition.message[sheet.lang] + more


def _write_example(examples: Examples, fault: str, sheet: Sheet) -> None:
    links = [
        f"[{sheet.say(f'reference.title.{title}')}]({page}#{fault})"
        for page, title, codes in (
            ("broken-content.md", "broken_content", examples.content_codes),
            ("broken-requests.md", "broken_requests", examples.request_codes),
        )
        if fault in codes
    ]
    if not links and fault in examples.tests_naming:
        test = examples.tests_naming[fault]
        links.append(f"[{code(test.rpartition('/')[2])}]({sheet.outside(test)})")
    if links:
        sheet.field("example", sheet.say("reference.comma").join(links))


def _write_content(examples: Examples, sheet: Sheet) -> None:
    sheet.paragraph(sheet.say("reference.broken.intro"))
    seen: set[str] = set()
    sheet.heading(2, sheet.say("reference.broken.files"))
    sheet.table(
        ("at", "mistake", "file", "lines_given"),
        (
            (
                str(at),
                f"{_anchors(one, seen)}{escape(one.name)}",
                f"[{code(one.file.rpartition('/')[2])}]({sheet.outside(one.file)})",
                _lines(one),
            )
            for at, one in enumerate(examples.files, start=1)
        ),
    )
    sheet.heading(2, sheet.say("reference.broken.rule_sets"))
    sheet.table(
        ("at", "mistake", "file", "before", "after", "lines_given"),
        (
            (
                str(at),
                f"{_anchors(one, seen)}{escape(one.name)}",
                code(one.place),
                sheet.say("reference.removed") if one.before is None else _shown(one.before),
                _shown(one.written or ""),
                _lines(one),
            )
            for at, one in enumerate(examples.rule_sets, start=1)
        ),
    )


def _write_requests(examples: Examples, sheet: Sheet) -> None:
    sheet.paragraph(sheet.say("reference.broken.intro"))
    seen: set[str] = set()
    sheet.heading(2, sheet.say("reference.broken.requests"))
    sheet.table(
        ("at", "mistake", "request", "sent", "status", "lines_given"),
        (
            (
                str(at),
                f"{_anchors(one, seen)}{escape(one.name)}",
                code(one.place),
                _shown(one.written or ""),
                "" if one.status is None else str(one.status),
                _lines(one),
            )
            for at, one in enumerate(examples.requests, start=1)
        ),
    )
    sheet.heading(2, sheet.say("reference.broken.answers"))
    sheet.table(
        ("at", "mistake", "sent", "lines_given"),
        (
            (str(at), f"{_anchors(one, seen)}{escape(one.name)}", _shown(one.written or ""), _lines(one))
            for at, one in enumerate(examples.answers, start=1)
        ),
    )


def _anchors(example: Example, seen: set[str]) -> str:
    """Places for links from the catalogue: each code at the first example that gives it."""
    new: Sequence[str] = [one for one in example.codes if one not in seen]
    seen.update(new)
    return "".join(f'<a id="{one}"></a>' for one in new)


def _lines(example: Example) -> str:
    return "<br>".join(escape(line) for line in example.lines)


def _shown(text: str) -> str:
    return "<br>".join(code(line) for line in text.split("\n"))
