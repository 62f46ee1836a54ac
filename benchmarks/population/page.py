"""The page for reviewers: what was invented, what came out, and what it does not say."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.population.behind import write_behind, write_choices, write_nothing_else
from benchmarks.population.measuring import INDICATED, POSSIBLE, Measuring, Tally, top
from benchmarks.population.people import FOLDER, LABELS, LEVELS, ORDINARY
from benchmarks.population.shares import INSTRUMENTS, Results, joined, weighted
from benchmarks.population.tables import write_table


def write_lines(measuring: Measuring, results: Results, count: int) -> Iterator[str]:
    """The whole page, line by line."""
    population = measuring.population
    people = count * len(population.groups)
    yield "# An invented population of ordinary workers"
    yield ""
    yield "Written by `python -m benchmarks.population --write`. **Every figure here is synthetic.** The"
    yield "people are invented, and so is most of what they answer; the figures say how the rules treat this"
    yield "population, not how often the screening would be wrong in the field. Only labelled real cases"
    yield "could tell that."
    yield ""
    yield f"{people:,} workers ({count:,} of each group, seed {population.seed}) were drawn at each of"
    yield "three levels of hardship and put through every instrument. The same person meets more hardship"
    yield "at a higher level."
    yield f"Rules: draft with the digest `{measuring.engine.program.digest[:19]}…`, as of 1 November 2026."
    yield ""
    yield "## What comes out at central rates"
    yield ""
    yield "Shares in percent of the people of a row. *Plain*: no force, threat, deceit or grave condition in"
    yield "the life, only common troubles. *Ordinary*: these and the badly treated. *All*: with those a"
    yield "trained reader would not call ordinary. The target, under 1 % `trafficking_indicated`, is for"
    yield "ordinary people."
    yield ""
    yield from _central(results, measuring)
    yield from write_behind(results, measuring, count)
    yield from write_nothing_else(results, measuring)
    yield "## Low, central and high rates"
    yield ""
    yield "`trafficking_indicated` / `trafficking_possible`, percent of ordinary people, in all groups by"
    yield "their number in Kuwait; in brackets the plain alone."
    yield ""
    yield from _levels(results, measuring)
    yield "## Who was left out by the label"
    yield ""
    yield from _labels(results, measuring)
    yield "## Which rules are behind it"
    yield ""
    yield "Observations of answers that the step rests on, in percent of the ordinary people at that step,"
    yield "central rates, all groups together."
    yield ""
    yield from _rules(results, measuring)
    yield from write_choices(results, measuring, count)
    yield from (FOLDER / "how_to_read.md").read_text(encoding="utf-8").splitlines()


def _central(results: Results, measuring: Measuring) -> Iterator[str]:
    header = [
        "instrument, group",
        "people",
        "indicated",
        "possible, strong basis",
        "possible, ordinary basis",
        "indicated, plain",
        "possible strong, plain",
        "possible ordinary, plain",
        "indicated, all",
    ]
    rows = []
    for instrument in INSTRUMENTS:
        for group, item in measuring.population.groups.items():
            found = results["central", group, instrument]
            ordinary, plain = joined(found, ORDINARY), joined(found, ["plain"])
            rows.append(
                [
                    f"{instrument}, {item['label'].lower()}",
                    f"{ordinary.people:,}",
                    *_shares(ordinary),
                    *_shares(plain),
                    f"{joined(found, LABELS).percent(INDICATED):.1f}",
                ]
            )
        ordinary_, plain_ = (
            weighted(results, measuring, "central", instrument, labels) for labels in (ORDINARY, ["plain"])
        )
        every = weighted(results, measuring, "central", instrument, LABELS)
        rows.append(
            [
                f"**{instrument}, all by number**",
                "",
                *(f"**{one:.1f}**" for one in (*ordinary_, *plain_)),
                f"**{every[0]:.1f}**",
            ]
        )
    yield from write_table(header, rows)


def _shares(tally: Tally) -> list[str]:
    shares = (tally.percent(INDICATED), tally.basis_percent("strong"), tally.basis_percent("ordinary"))
    return [f"{one:.1f}" for one in shares]


def _levels(results: Results, measuring: Measuring) -> Iterator[str]:
    rows = []
    for instrument in INSTRUMENTS:
        row = [instrument]
        for level in LEVELS:
            one, strong, other = weighted(results, measuring, level, instrument, ORDINARY)
            a, b, c = weighted(results, measuring, level, instrument, ["plain"])
            row.append(f"{one:.1f} / {strong + other:.1f} ({a:.1f} / {b + c:.1f})")
        rows.append(row)
    yield from write_table(["instrument", *LEVELS], rows)


def _labels(results: Results, measuring: Measuring) -> Iterator[str]:
    said = measuring.population.labels["labels"]
    for label in LABELS:
        yield f"- *{label}*: {said[label]}."
    yield ""
    yield "The label looks at the facts of a life, not at answers, and counts only severe conditions. Its"
    yield "author had read the rules, and the parting into *plain* and *mistreated* came after the first run:"
    yield "a label by somebody who has seen neither would be stronger. Percent of each group:"
    yield ""
    rows = []
    for level in LEVELS:
        for group, item in measuring.population.groups.items():
            found = results[level, group, INSTRUMENTS[0]]
            everybody = joined(found, LABELS).people
            shares = [f"{100 * found.get(label, Tally()).people / everybody:.1f}" for label in LABELS]
            rows.append([f"{level}, {item['label'].lower()}", *shares])
    yield from write_table(["", *LABELS], rows)


def _rules(results: Results, measuring: Measuring) -> Iterator[str]:
    rationale = {
        rule["id"]: rule["rationale"]["en"]
        for conclusion in measuring.engine.program.data["conclusions"]
        for rule in conclusion.get("rules", ())
        if conclusion["kind"] == "indicator"
    }
    for step in (INDICATED, POSSIBLE):
        for instrument in INSTRUMENTS[:3]:
            total = Tally()
            for group in measuring.population.groups:
                total.add(joined(results["central", group, instrument], ORDINARY))
            reached = total.outcomes[step]
            if not reached:
                continue
            lines = ", ".join(f"{name} {share:.0f}" for name, share in top(total.lines[step], reached, 6))
            yield f"`{step}` at {instrument}, {reached} people; lines: {lines}."
            yield ""
            shares = top(total.rules[step], reached)
            yield from write_table(
                ["rule", "percent"],
                [[f"`{name}` {rationale[name]}", f"{share:.0f}"] for name, share in shares],
            )
