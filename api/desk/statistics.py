"""Counts that cannot point at a person, as tables with a bar beside each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access import Caller
from api.desk.people import sites_by_id
from api.desk.viewing import opens
from api.pages.rendering import page
from screening.statistics.limits import statistics_limits
from screening.statistics.tables import ALL, Heading, Table, read_statistics

router = APIRouter(include_in_schema=False)

# A bar is drawn in a space of a hundred by eight.
_WIDTH: Final = 100
KEPT_BACK: Final = "kept_back"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: of which kind, and from where over which length, in hundredths of the longest bar."""

    kind: str
    begin: float
    length: float


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as it is shown; without a bar where its total is kept back."""

    heading: Heading
    cells: tuple[int | None, ...]
    parts: tuple[Part, ...]
    total: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """A table with its bars."""

    table: Table
    rows: tuple[Row, ...]
    kinds: tuple[tuple[str, Heading], ...]

    @property
    def stacked(self) -> bool:
        """Whether the bars have several kinds of parts."""
        return len(self.kinds) > 1


@router.get("/statistics")
def show_statistics_page(request: Request, caller: Caller = opens("statistics.read")) -> Response:
    """What may be counted, for the sites within reach taken together."""
    with caller.work() as work:
        found = read_statistics(work, caller.service)
        sites = sites_by_id(work)
    plots = [draw_bars(table) for table in found.tables]
    return page(
        request,
        "desk/statistics/statistics.html",
        statistics=found,
        months={one.id: one.id.split("/") for one in found.periods},
        sites=None if found.sites is None else [sites[id] for id in sorted(found.sites) if id in sites],
        groups=[
            (name, [one for one in plots if one.table.id.startswith(f"{name}_")])
            for name in ("interviews", "outcomes", "referrals")
        ],
        limit=statistics_limits().least_shown,
        kept_back=sum(one.kept_back for one in found.tables),
        nothing=all(one.empty for one in found.tables),
    )


def draw_bars(table: Table) -> Plot:
    """The bars of a table, all to one scale; what is kept back shows as the rest of a total that is shown."""
    several = len(table.columns) > 1
    columns = table.columns[:-1] if several else table.columns
    kinds = tuple((f"kind-{number + 1}", column) for number, column in enumerate(columns))
    lines = [(row, cells) for row, cells in zip(table.rows, table.cells, strict=True)]
    longest = max((cells[-1] or 0 for row, cells in lines if row.id != ALL), default=0)
    rows = tuple(
        Row(
            row,
            cells,
            () if row.id == ALL else _parts(cells, [kind for kind, _ in kinds], several, longest),
            row.id == ALL,
        )
        for row, cells in lines
    )
    return Plot(table, rows, kinds)


def _parts(
    cells: Sequence[int | None], kinds: Sequence[str], several: bool, longest: int
) -> tuple[Part, ...]:
    total = cells[-1]
    if not total or not longest:
        return ()
    if not several:
        return (Part(kinds[0], 0, round(_WIDTH * total / longest, 2)),)
    shown = [(kind, count) for kind, count in zip(kinds, cells, strict=False) if count]
    rest = total - sum(count for _, count in shown)
    if rest:
        shown.append((KEPT_BACK, rest))
    parts, begin = [], 0.0
    for kind, count in shown:
        length = round(_WIDTH * count / longest, 2)
        parts.append(Part(kind, round(begin, 2), length))
        begin += length
    return tuple(parts)
