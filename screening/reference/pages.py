"""The whole reference, as a mapping from paths to texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Final, get_args

from indicators.models import Confidence
from screening.phrases import LANGUAGES, say_both
from screening.reference.card_pages import card_pages
from screening.reference.conclusion_pages import conclusion_pages
from screening.reference.count_pages import count_pages
from screening.reference.examples import Examples
from screening.reference.fault_pages import fault_pages
from screening.reference.libraries import Library
from screening.reference.question_pages import question_pages
from screening.reference.referral_pages import referral_pages
from screening.reference.rule_pages import rule_pages
from screening.reference.sheets import CONTENTS, Page, Sheet, code
from screening.reference.source_pages import source_pages
from screening.reference.value_pages import value_pages

# The order of the list of contents; a page belongs to the part of its folder, or to the one that names it.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "rules": ("rules/", "outcomes.md"),
    "conclusions": ("findings/", "indicators/", "dimensions/"),
    "values": ("parameters.md",),
    "questions": ("instruments/", "questions/", "cards/"),
    "sources": ("by-article.md", "by-source.md", "without-verified-text.md", "sources/"),
    "referrals": ("routes.md", "directory.md"),
    "counts": ("counts.md",),
    "faults": ("errors.md", "broken-content.md", "broken-requests.md"),
}


def generate(library: Library, examples: Examples) -> dict[str, str]:
    """Return every page by its path below the folder of the reference, the same for the same content."""
    pages = [
        *rule_pages(library),
        *conclusion_pages(library),
        *value_pages(library),
        *question_pages(library),
        *card_pages(library),
        *source_pages(library),
        *referral_pages(library),
        *count_pages(library),
        *fault_pages(examples),
    ]
    contents = Page(CONTENTS, say_both("reference.title.contents"), partial(_write_contents, pages))
    found: dict[str, str] = {}
    for page in (*pages, contents):
        for lang in LANGUAGES[:1] if page.shared else LANGUAGES:
            sheet = Sheet(library, page.path, lang, shared=page.shared)
            page.write(sheet)
            found[sheet.path] = sheet.render(page.title)
    return dict(sorted(found.items()))


def _write_contents(pages: list[Page], sheet: Sheet) -> None:
    sheet.paragraph(sheet.say("reference.contents.intro"))
    sheet.field("rule_set", code(sheet.library.program.rule_set))
    sheet.field("digest", code(sheet.library.program.digest))
    by_part: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        by_part[_part_of(page)].append(page)
    for part, chosen in by_part.items():
        sheet.heading(2, sheet.say(f"reference.part.{part}"))
        places = PARTS[part]
        for page in sorted(chosen, key=lambda one: _place_in(places, one)):
            sheet.item(sheet.page_link(page.path, sheet.text(page.title), shared=page.shared))
    sheet.heading(2, sheet.say("reference.part.confidence"))
    sheet.table(
        ("confidence", "meaning"),
        (
            (sheet.say(f"confidence.{confidence}"), sheet.say(f"reference.confidence.{confidence}"))
            for confidence in get_args(Confidence)
        ),
    )


def _part_of(page: Page) -> str:
    return next(part for part, places in PARTS.items() if any(page.path.startswith(one) for one in places))


def _place_in(places: tuple[str, ...], page: Page) -> int:
    return next(at for at, one in enumerate(places) if page.path.startswith(one))
