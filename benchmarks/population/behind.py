"""The part of the page on who is behind those indicated, and what a reviewer could decide otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.population.measuring import (
    IN_ANSWERS,
    IN_LIFE,
    NOTHING_ELSE,
    ORDINARY_SIGNS,
    POSSIBLE,
    Measuring,
    Tally,
)
from benchmarks.population.people import FOLDER, LEVELS, ORDINARY, Population, read
from benchmarks.population.shares import (
    INSTRUMENTS,
    Count,
    Results,
    averaged,
    indicated,
    measure,
    weighted,
    without_pattern,
)
from benchmarks.population.tables import write_table
from benchmarks.sensitivity import without

# Conditions of the data for which the sources give no figure at all, not even a doubtful one.
NO_FIGURE = ("unprotected", "lent_out")


def write_behind(results: Results, measuring: Measuring, count: int) -> Iterator[str]:
    """Who is indicated at central rates: a whole pattern in the life, in the answers alone, or neither."""

    def share(instrument: str, of: Count) -> float:
        return averaged(results, measuring, "central", instrument, ORDINARY, of)

    def by(behind: str) -> Count:
        return lambda tally: tally.indicated_by[behind]

    lives = share(INSTRUMENTS[0], lambda tally: tally.lives[IN_LIFE])
    yield "## What is behind those indicated"
    yield ""
    yield "The label knows fewer kinds of grave condition than the decision model: not danger, not another"
    yield "job. A second reading of the same lives, by the lists of the decision model (`whole_pattern` in"
    yield f"`labels.yaml`), finds means and purpose, on different facts, in {lives:.1f} % of the ordinary"
    yield "people. It was added after the first runs and moves nobody; it only tells apart. Central rates,"
    yield "all groups by number:"
    yield ""
    rows = []
    for instrument in INSTRUMENTS:
        found = [share(instrument, of) for of in (indicated, by(IN_LIFE), by(IN_ANSWERS), by(ORDINARY_SIGNS))]
        found.append(without_pattern(results, measuring, "central", instrument))
        rows.append([instrument, *(f"{one:.2f}" for one in found)])
    yield from write_table(
        [
            "instrument",
            "indicated, % of ordinary people",
            "the life holds a whole pattern",
            "only the answers tell a strong sign and a purpose",
            "only ordinary signs",
            "indicated, % of ordinary people without a whole pattern",
        ],
        rows,
    )
    yield "*Only the answers tell*: what is said is drawn with some chance beside the life, as people fear"
    yield "and misunderstand; a trained person who heard these answers would refer as well. *Only ordinary"
    yield "signs*: three different ones beside two kinds of condition, or beside one in work that is not"
    yield "freely done; whatever strong sign was told beside them does not carry the result."
    yield ""
    reduced = Measuring(measuring.engine.program, Population(without=NO_FIGURE))
    fewer = measure(reduced, count, ["central"], ["intake"])
    one = averaged(fewer, reduced, "central", "intake", ORDINARY, indicated)
    yield "Two conditions of the data have no figure in any source: dangerous work without protection (3 % in"
    yield "domestic work, 10 % in the private sector) and being let out to others (5 %). Without them the"
    yield f"indicated at intake are {one:.1f} % of ordinary people."
    yield ""


def write_nothing_else(results: Results, measuring: Measuring) -> Iterator[str]:
    """The check of the decision model: people with common troubles and nothing else."""
    yield "## Workers with nothing else"
    yield ""
    yield "The check of the decision model: tied to a sponsor, fee paid, papers kept and had on request,"
    yield "long hours, no day off, late or low pay, and no other condition of the data at all. What comes"
    yield "out as *possible* on a strong basis among them was said by chance beside the life: that pay would"
    yield "be lost by leaving, that they may leave only at a price, that others were hurt."
    yield ""
    rows = []
    for level in LEVELS:
        for instrument in INSTRUMENTS:
            told = Tally()
            for group in measuring.population.groups:
                told.add(results[level, group, instrument][NOTHING_ELSE])
            shares = weighted(results, measuring, level, instrument, [NOTHING_ELSE])
            counts = [f"{told.people:,}", f"{indicated(told):.0f}"]
            rows.append([f"{level}, {instrument}", *counts, *(f"{one:.1f}" for one in shares)])
    yield from write_table(
        [
            "level, instrument",
            "people",
            "indicated, people",
            "indicated, %",
            "possible, strong basis, %",
            "possible, ordinary basis, %",
        ],
        rows,
    )


def write_choices(results: Results, measuring: Measuring, count: int) -> Iterator[str]:
    """What would come out at intake if a part of the decision model were given up."""
    yield "## What a reviewer could decide otherwise"
    yield ""
    yield "Intake at central rates. Each line leaves out the rules named and nothing else. What is gained"
    yield "among ordinary people stands beside what is lost among those whom the label calls exploited"
    yield "(percent of each)."
    yield ""
    rows = [_choice("as it is", (), results, measuring)]
    for choice in read(FOLDER / "choices.yaml")["choices"]:
        changed = Measuring(without(measuring.engine.program, choice["without"]))
        found = measure(changed, count, ["central"], ["intake"])
        rows.append(_choice(choice["says"], choice["without"], found, changed))
    yield from write_table(
        [
            "if",
            "without",
            "ordinary: indicated",
            "ordinary: possible",
            "exploited: indicated",
            "exploited: at least possible",
        ],
        rows,
    )


def _choice(says: str, rules: Sequence[str], results: Results, measuring: Measuring) -> list[str]:
    def share(labels: Sequence[str], of: Count) -> float:
        return averaged(results, measuring, "central", "intake", labels, of)

    def possible(tally: Tally) -> float:
        return tally.outcomes[POSSIBLE]

    found = [share(ORDINARY, indicated), share(ORDINARY, possible), share(["exploited"], indicated)]
    found.append(found[2] + share(["exploited"], possible))
    return [says, ", ".join(f"`{rule}`" for rule in rules), *(f"{one:.1f}" for one in found)]
