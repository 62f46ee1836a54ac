"""The tables that are shown: counts with their totals, and None where a count is kept back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from indicators.models import Text
from screening.clock import day_in_kuwait
from screening.interviews import DEFAULT_RULE_SET
from screening.phrases import say_both
from screening.sentences import as_text
from screening.statistics.counting import (
    NOT_NOTED,
    Counted,
    count_interviews,
    count_outcomes,
    count_referrals,
)
from screening.statistics.limits import statistics_limits
from screening.statistics.periods import Period, complete_periods
from screening.statistics.suppression import Total, choose_hidden
from screening.work import Service, Work

ALL: Final = "all"
_ENTRY_MODE: Final = "entry_mode"

Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What a row or a column counts."""

    id: str
    label: Text


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by row and column; None is kept back. The last row is the total, and so is the last of several
    columns."""

    id: str
    title: Text
    by: Text
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: tuple[tuple[int | None, ...], ...]

    @property
    def kept_back(self) -> int:
        """How many counts are not shown."""
        return sum(cell is None for row in self.cells for cell in row)

    @property
    def empty(self) -> bool:
        """Whether there was nothing to count."""
        return all(cell == 0 for row in self.cells for cell in row)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What somebody may see: of which sites (None: all), of which periods, from which number on."""

    sites: frozenset[str] | None
    periods: tuple[Period, ...]
    least_shown: int
    tables: tuple[Table, ...]


def read_statistics(work: Work, service: Service) -> Statistics:
    """Count what the actor may see: the sites where the role is held, taken together, or all of them.

    There is no choice of sites, periods or anything else: what is kept back in one view could be worked out
    from the difference with another.
    """
    sites = work.permissions.require(work.actor, "statistics.read").sites
    limits = statistics_limits()
    periods = complete_periods(work.now, limits.months_in_period.value, limits.periods.value)
    words = _Words(service, work.now)
    least = limits.least_shown.value
    tables = (
        *_by_period_and_mode("interviews", count_interviews(work, sites, periods), periods, words, least),
        *_outcomes(count_outcomes(work, sites, periods), periods, words, least),
        *_referrals(count_referrals(work, sites, periods), periods, words, least),
    )
    work.record("statistics.read", "statistics", ALL, kept_back=sum(one.kept_back for one in tables))
    return Statistics(sites, periods, least, tables)


class _Words:
    """What rows and columns are called by the content of today."""

    def __init__(self, service: Service, now: datetime) -> None:
        program = service.engines.program_for(DEFAULT_RULE_SET, None, day_in_kuwait(now)).data
        question = service.engines.catalogue().questions[_ENTRY_MODE]
        self.modes = {option.id: option.text for option in question.options}
        self.modes[NOT_NOTED] = say_both("statistics.not_noted")
        labels = {item["id"]: item["label"] for item in program["conclusions"] if item["kind"] == "outcome"}
        below: Mapping[str, Any] = program["below"]
        self.outcomes = {step: as_text(labels[f"outcome.{step}"]) for step in program["ladder"]}
        self.outcomes |= {step: as_text(label) for step, label in below.items()}
        self.routes = {name: as_text(route["label"]) for name, route in program["routes"].items()}

    def headings(self, known: Mapping[str, Text], counted: Iterable[str]) -> tuple[Heading, ...]:
        """Every known heading, and those that only earlier content knew."""
        unknown = sorted(set(counted) - set(known))
        return (
            *(Heading(id, label) for id, label in known.items()),
            *(Heading(id, Text(en=id, ar=id)) for id in unknown),
        )


def period_label(period: Period) -> Heading:
    """A period as the heading of a row."""
    return Heading(period.id, Text(en=period.id, ar=period.id))


def _by_period_and_mode(
    subject: str, counted: Counted, periods: Sequence[Period], words: _Words, least: int
) -> tuple[Table, Table]:
    whens = tuple(period_label(one) for one in periods)
    modes = words.headings(words.modes, (key[-1] for key in counted))
    sums = _sum(counted, lambda key: [("when", key[0]), ("mode", key[-1]), (ALL,)])
    counts = _counts(sums, [("when", whens), ("mode", modes)])
    totals = [_total((ALL,), "when", whens), _total((ALL,), "mode", modes)]
    hidden = choose_hidden(counts, totals, least)
    return (
        _list(subject, "period", "when", whens, counts, hidden),
        _list(subject, "entry_mode", "mode", modes, counts, hidden),
    )


def _referrals(
    counted: Counted, periods: Sequence[Period], words: _Words, least: int
) -> tuple[Table, Table, Table]:
    whens = tuple(period_label(one) for one in periods)
    routes = words.headings(words.routes, (key[1] for key in counted))
    modes = words.headings(words.modes, (key[2] for key in counted))
    sums = _sum(counted, lambda key: [("when", key[0]), ("route", key[1]), ("mode", key[2]), (ALL,)])
    counts = _counts(sums, [("when", whens), ("route", routes), ("mode", modes)])
    totals = [_total((ALL,), *one) for one in (("when", whens), ("route", routes), ("mode", modes))]
    hidden = choose_hidden(counts, totals, least)
    return (
        _list("referrals", "period", "when", whens, counts, hidden),
        _list("referrals", "route", "route", routes, counts, hidden),
        _list("referrals", "entry_mode", "mode", modes, counts, hidden),
    )


def _outcomes(counted: Counted, periods: Sequence[Period], words: _Words, least: int) -> tuple[Table, Table]:
    whens = tuple(period_label(one) for one in periods)
    steps = words.headings(words.outcomes, (key[1] for key in counted))
    modes = words.headings(words.modes, (key[2] for key in counted))

    def cells_of(key: Cell) -> list[Cell]:
        when, step, mode = key
        return [
            ("when", when, step),
            ("mode", mode, step),
            ("when", when),
            ("mode", mode),
            ("step", step),
            (ALL,),
        ]

    sums = _sum(counted, cells_of)
    counts = _counts(sums, [("when", whens), ("mode", modes), ("step", steps)])
    totals = [_total((ALL,), *one) for one in (("when", whens), ("mode", modes), ("step", steps))]
    for name, rows in (("when", whens), ("mode", modes)):
        for row in rows:
            parts = tuple((name, row.id, step.id) for step in steps)
            counts |= {part: sums[part] for part in parts}
            totals.append(Total((name, row.id), parts))
        # The sum of a column is the same in both tables, which ties them together.
        totals += [Total(("step", step.id), tuple((name, row.id, step.id) for row in rows)) for step in steps]
    hidden = choose_hidden(counts, totals, least)
    return (
        _cross("outcomes", "period", "when", whens, steps, counts, hidden),
        _cross("outcomes", "entry_mode", "mode", modes, steps, counts, hidden),
    )


def _sum(counted: Counted, cells_of: Any) -> Counter[Cell]:
    sums: Counter[Cell] = Counter()
    for key, count in counted.items():
        for cell in cells_of(key):
            sums[cell] += count
    return sums


def _counts(sums: Counter[Cell], lists: Sequence[tuple[str, Sequence[Heading]]]) -> dict[Cell, int]:
    """Every count that is shown somewhere, zeros among them, in a fixed order."""
    cells: list[Cell] = [(name, one.id) for name, headings in lists for one in headings]
    return {cell: sums[cell] for cell in (*cells, (ALL,))}


def _total(whole: Cell, name: str, headings: Sequence[Heading]) -> Total[Cell]:
    return Total(whole, tuple((name, one.id) for one in headings))


def _list(
    subject: str,
    by: str,
    name: str,
    rows: tuple[Heading, ...],
    counts: Mapping[Cell, int],
    hidden: frozenset[Cell],
) -> Table:
    cells = [(name, row.id) for row in rows] + [(ALL,)]
    return Table(
        id=f"{subject}_by_{by}",
        title=say_both(f"statistics.{subject}_by_{by}"),
        by=say_both(f"statistics.by.{by}"),
        rows=(*rows, _everything()),
        columns=(Heading(subject, say_both(f"statistics.{subject}")),),
        cells=tuple((None if cell in hidden else counts[cell],) for cell in cells),
    )


def _cross(
    subject: str,
    by: str,
    name: str,
    rows: tuple[Heading, ...],
    columns: tuple[Heading, ...],
    counts: Mapping[Cell, int],
    hidden: frozenset[Cell],
) -> Table:
    lines: list[list[Cell]] = [[*((name, row.id, one.id) for one in columns), (name, row.id)] for row in rows]
    lines.append([*(("step", one.id) for one in columns), (ALL,)])
    return Table(
        id=f"{subject}_by_{by}",
        title=say_both(f"statistics.{subject}_by_{by}"),
        by=say_both(f"statistics.by.{by}"),
        rows=(*rows, _everything()),
        columns=(*columns, _everything()),
        cells=tuple(tuple(None if cell in hidden else counts[cell] for cell in line) for line in lines),
    )


def _everything() -> Heading:
    return Heading(ALL, say_both("statistics.all"))
