"""What there is of everything, counted from the content; what no rule reads and no instrument can reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from indicators.models import Confidence, Element
from rules.models import Strength
from screening.phrases import say_both
from screening.reference.libraries import Library
from screening.reference.sheets import Page, Sheet
from screening.reference.source_pages import articles_of

RULE_KINDS: Final = ("indicator", "finding", "route", "outcome")


def count_pages(library: Library) -> Iterator[Page]:
    """Yield the page of counts."""
    yield Page("counts.md", say_both("reference.title.counts"), _write)


def reachable(library: Library, instrument: str) -> frozenset[str]:
    """Return the rules that some answers to an instrument's questions could make true, read generously."""
    asked = set(library.catalogue.instruments[instrument].questions)
    tests = library.program.data["tests"]
    reached: set[str] = set()
    rules: set[str] = set()
    # Conclusions stand in dependency order, so one pass is enough.
    for item in library.program.data["conclusions"]:
        fired = [
            rule["id"] for rule in item.get("rules", ()) if _may_hold(rule["when"], tests, asked, reached)
        ]
        rules.update(fired)
        counted = Counter(
            entry["strength"]
            for entry in item.get("entries", ())
            if _may_hold(entry["when"], tests, asked, reached)
        )
        if fired or any(_is_met(one, counted) for one in item.get("combinations", ())):
            reached.add(item["id"])
    return frozenset(rules)


def _may_hold(
    expression: Sequence[Any], tests: Mapping[str, Any], asked: Collection[str], reached: Collection[str]
) -> bool:
    match expression[0]:
        case "test":
            return str(tests[expression[1]]["question"]) in asked
        case "ref":
            return str(expression[1]) in reached
    parts = [_may_hold(part, tests, asked, reached) for part in expression[-1]]
    match expression[0]:
        case "all":
            return all(parts)
        case "any":
            return any(parts)
        case _:
            return sum(parts) >= int(expression[1])


def _is_met(combination: Mapping[str, Any], counted: Mapping[str, int]) -> bool:
    if any(counted.get(strength, 0) < combination[strength] for strength in get_args(Strength)):
        return False
    left: int = sum(counted.get(strength, 0) - combination[strength] for strength in ("medium", "weak"))
    return left >= int(combination["medium_or_weak"])


def _write(sheet: Sheet) -> None:
    _write_totals(sheet)
    _write_indicators(sheet)
    _write_rules(sheet)
    _write_articles(sheet)
    _write_questions(sheet)
    _write_reach(sheet)


def _write_totals(sheet: Sheet) -> None:
    library = sheet.library
    totals = {
        "sources": len(library.catalogue.sources),
        "questions": len(library.catalogue.questions),
        "instruments": len(library.catalogue.instruments),
        "indicators": len(library.catalogue.indicators),
        "findings": len(library.findings),
        "dimensions": sum(len(module.dimensions) for module in library.rule_set.modules),
        "rules": len(library.rules),
        "parameters": len(library.parameters),
        "routes": len(library.routes),
        "services": len(library.services),
        "cases": sum(len(module.cases) for module in library.rule_set.modules),
    }
    sheet.heading(2, sheet.say("reference.count.totals"))
    sheet.table(
        ("what", "number"), ((sheet.say(f"reference.name.{name}"), str(n)) for name, n in totals.items())
    )


def _write_indicators(sheet: Sheet) -> None:
    library = sheet.library
    strengths = get_args(Strength)
    sheet.heading(2, sheet.say("reference.count.strengths"))
    rows = []
    for module in library.rule_set.modules:
        every: Counter[str] = Counter()
        for name, dimension in module.dimensions.items():
            counted: Counter[str] = Counter(listed.strength for listed in dimension.indicators.values())
            every.update(counted)
            rows.append((sheet.labelled("dimension", f"{module.module}.{name}"), counted))
        if every:
            rows.append((f"**{sheet.text(module.title)}**", every))
    sheet.table(
        ("list", *strengths, "together"),
        (
            (name, *(str(counted[strength]) for strength in strengths), str(sum(counted.values())))
            for name, counted in rows
        ),
    )
    sheet.heading(2, sheet.say("reference.count.observed"))
    sheet.table(
        ("module", "indicators_observed", "indicators_listed"),
        (
            (
                sheet.text(module.title),
                str(len({rule.observes for rule in module.observations if rule.retired_in is None})),
                str(
                    len(
                        {
                            listed.indicator
                            for dimension in module.dimensions.values()
                            for listed in dimension.indicators.values()
                        }
                    )
                ),
            )
            for module in library.rule_set.modules
        ),
    )
    sheet.heading(2, sheet.say("reference.count.elements"))
    by_element = Counter(one.element for one in library.catalogue.indicators.values())
    circumstances = Counter(one.element for one in library.catalogue.indicators.values() if one.circumstance)
    sheet.table(
        ("element", "indicators", "circumstances"),
        (
            (sheet.say(f"element.{element}"), str(by_element[element]), str(circumstances[element]))
            for element in get_args(Element)
        ),
    )


def _write_rules(sheet: Sheet) -> None:
    library = sheet.library
    sheet.heading(2, sheet.say("reference.count.rules"))
    counted = Counter((one.module, one.kind) for one in library.rules.values())
    names = [(module.module, sheet.text(module.title)) for module in library.rule_set.modules]
    sheet.table(
        ("module", "observations", "finding_rules", "recommendations", "lines_of_the_result"),
        (
            (title, *(str(counted[module, kind]) for kind in RULE_KINDS))
            for module, title in ((*names, (None, sheet.say("reference.title.outcomes"))))
        ),
    )
    sheet.heading(2, sheet.say("reference.count.confidence"))
    best = Counter(library.best_confidence(one.rule) for one in library.rules.values())
    sheet.table(
        ("confidence_best", "rules"),
        (
            (sheet.say(f"confidence.{confidence}"), str(best[confidence]))
            for confidence in get_args(Confidence)
        ),
    )
    sheet.item(sheet.page_link("without-verified-text.md", sheet.say("reference.title.unverified")))


def _write_articles(sheet: Sheet) -> None:
    sheet.heading(2, sheet.say("reference.count.articles"))
    sheet.table(
        ("source", "articles_named", "rules"),
        (
            (
                sheet.labelled("source", source),
                str(len(found)),
                str(len({one.id for cited in found.values() for one in cited if one.kind == "rule"})),
            )
            for source, found in articles_of(sheet.library).items()
        ),
    )
    sheet.item(sheet.page_link("by-article.md", sheet.say("reference.title.by_article")))


def _write_questions(sheet: Sheet) -> None:
    library = sheet.library
    sheet.heading(2, sheet.say("reference.count.unread"))
    sheet.paragraph(sheet.say("reference.count.unread.intro"))
    sheet.table(
        ("question", "about", "opens", "chooses_service"),
        (
            (
                sheet.labelled("question", name),
                sheet.say(f"reference.about.{library.catalogue.questions[name].about}"),
                sheet.links("question", library.opened_by.get(name, ())),
                sheet.links("route", library.routes_reading.get(name, ())),
            )
            for name in library.questions_no_rule_reads()
        ),
    )


def _write_reach(sheet: Sheet) -> None:
    library = sheet.library
    sheet.heading(2, sheet.say("reference.count.reach"))
    reach = {name: reachable(library, name) & library.rules.keys() for name in library.catalogue.instruments}
    sheet.table(
        ("instrument", "questions", "rules_reached", "rules"),
        (
            (
                sheet.labelled("instrument", name),
                str(len(library.catalogue.instruments[name].questions)),
                str(len(found)),
                str(len(library.rules)),
            )
            for name, found in reach.items()
        ),
    )
    beyond = library.rules.keys() - frozenset[str]().union(*reach.values())
    sheet.field("rules_beyond_reach", sheet.links("rule", sorted(beyond)))
