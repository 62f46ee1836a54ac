"""What is kept back cannot be worked out: proved by trying every table that would look the same."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.statistics.suppression import Total, choose_hidden

Key = tuple[str, ...]
LEAST = 3


def cross(cells: list[list[int]]) -> tuple[dict[Key, int], list[Total[Key]]]:
    """A table with the totals of its rows and columns."""
    rows, columns = range(len(cells)), range(len(cells[0]))
    counts: dict[Key, int] = {(str(r), str(c)): cells[r][c] for r in rows for c in columns}
    totals = []
    for r in rows:
        counts[(str(r), "all")] = sum(cells[r])
        totals.append(Total((str(r), "all"), tuple((str(r), str(c)) for c in columns)))
    for c in columns:
        counts[("all", str(c))] = sum(cells[r][c] for r in rows)
        totals.append(Total(("all", str(c)), tuple((str(r), str(c)) for r in rows)))
    counts[("all", "all")] = sum(map(sum, cells))
    totals.append(Total(("all", "all"), tuple((str(r), "all") for r in rows)))
    totals.append(Total(("all", "all"), tuple(("all", str(c)) for c in columns)))
    return counts, totals


def largest_possible(cells: list[list[int]], hidden: frozenset[Key], most: int) -> dict[Key, int]:
    """For every hidden count the largest that some table has which shows the same, by trying all of them."""
    shown, _ = cross(cells)
    rows, columns = range(len(cells)), range(len(cells[0]))

    def rows_like(r: int) -> list[tuple[int, ...]]:
        choices = [range(1, most + 1) if (str(r), str(c)) in hidden else (cells[r][c],) for c in columns]
        total = None if (str(r), "all") in hidden else shown[str(r), "all"]
        return [row for row in product(*choices) if total is None or sum(row) == total]

    found: dict[Key, int] = {}
    for other in product(*(rows_like(r) for r in rows)):
        sums = [sum(row[c] for row in other) for c in columns]
        if any(sums[c] != shown["all", str(c)] for c in columns if ("all", str(c)) not in hidden):
            continue
        if ("all", "all") not in hidden and sum(sums) != shown["all", "all"]:
            continue
        counts, _ = cross([list(row) for row in other])
        for key in hidden:
            found[key] = max(found.get(key, 0), counts[key])
    return found


def small_tables(rows: int, columns: int) -> st.SearchStrategy[list[list[int]]]:
    cell = st.integers(min_value=0, max_value=4)
    return st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=rows, max_size=rows)


@settings(max_examples=40)
@given(small_tables(2, 3))
def test_no_small_count_can_be_told_from_a_large_one(cells: list[list[int]]) -> None:
    counts, totals = cross(cells)
    hidden = choose_hidden(counts, totals, LEAST)
    possible = largest_possible(cells, hidden, 6)
    for key, count in counts.items():
        if 0 < count < LEAST:
            assert key in hidden
            assert possible[key] >= LEAST, (cells, key, sorted(hidden))


@settings(max_examples=50)
@given(small_tables(4, 5))
def test_zeros_are_shown_and_nothing_is_kept_back_without_need(cells: list[list[int]]) -> None:
    counts, totals = cross(cells)
    hidden = choose_hidden(counts, totals, LEAST)
    assert not any(counts[key] == 0 for key in hidden)
    if not any(0 < count < LEAST for count in counts.values()):
        assert not hidden
    assert hidden == choose_hidden(counts, totals, LEAST)


def test_one_small_count_takes_three_others_along() -> None:
    counts, totals = cross([[9, 20, 1], [8, 7, 30], [11, 12, 40]])
    hidden = choose_hidden(counts, totals, 5)
    assert ("0", "2") in hidden
    assert len(hidden) == 4
    assert not any("all" in key for key in hidden)


def test_two_that_add_up_to_too_little_are_not_enough() -> None:
    """1 and 1 of a total of 2: both are known to be 1, so the total goes too."""
    counts: dict[Key, int] = {("a",): 1, ("b",): 1, ("c",): 0, ("all",): 2}
    totals = [Total(("all",), (("a",), ("b",), ("c",)))]
    assert choose_hidden(counts, totals, 5) == {("a",), ("b",), ("all",)}


def test_a_total_that_two_tables_share_ties_them_together() -> None:
    counts: dict[Key, int] = {
        ("when", "1"): 2,
        ("when", "2"): 20,
        ("when", "3"): 30,
        ("mode", "a"): 22,
        ("mode", "b"): 30,
        ("all",): 52,
    }
    by_time = Total(("all",), (("when", "1"), ("when", "2"), ("when", "3")))
    by_mode = Total(("all",), (("mode", "a"), ("mode", "b")))
    hidden = choose_hidden(counts, [by_time, by_mode], 5)
    # The total stays: another part of the same table is kept back, and the other table gives nothing away.
    assert hidden == {("when", "1"), ("when", "2")}


@pytest.mark.parametrize("forgotten", ["complement", "bounds"])
def test_the_search_would_notice_a_weaker_choice(forgotten: str) -> None:
    """What the two usual mistakes keep back is not enough, and trying all tables says so."""
    cells = [[1, 4, 5], [4, 4, 4]] if forgotten == "complement" else [[1, 1, 5], [1, 1, 4]]
    small = frozenset(key for key, count in cross(cells)[0].items() if 0 < count < LEAST)
    if forgotten == "bounds":
        # Two in each row and column, and still 1 + 1 = 2.
        small = small - {("0", "all"), ("1", "all"), ("all", "0"), ("all", "1")}
    possible = largest_possible(cells, small, 7)
    assert any(possible[key] < LEAST for key in small)
