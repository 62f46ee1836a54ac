"""Which counts of linked tables are kept back, so that no small one can be read or worked out.

A small count is kept back itself. Because rows and columns add up, others have to be kept back with it: so
many that whoever adds and subtracts all that is shown can still not exclude that the small count is as large
as one that would be shown. That is proved for each by another table that would look exactly the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Total(Generic[Key]):
    """A count that is the sum of others; everybody knows that it is."""

    whole: Key
    parts: tuple[Key, ...]


def choose_hidden(counts: Mapping[Key, int], totals: Sequence[Total[Key]], least: int) -> frozenset[Key]:
    """Return the counts that are not shown: the small ones, and what would give them away.

    Zeros are shown: they stand for nobody. Whoever reads the tables knows therefore that what is not shown is
    at least one, and no more. The same counts always give the same choice.
    """
    order = {key: at for at, key in enumerate(counts)}
    small = [key for key, count in counts.items() if 0 < count < least]
    hidden = set(small)
    while True:
        moves = _moves(counts, totals, hidden, order)
        exposed = [key for key in small if not _could_be_large(key, counts, moves, least)]
        if not exposed:
            return frozenset(hidden)
        more = {_choose_next(key, counts, totals, hidden, order, least) for key in exposed}
        hidden |= {key for key in more if key is not None}


def _could_be_large(
    key: Key, counts: Mapping[Key, int], moves: Iterable[Mapping[Key, int]], least: int
) -> bool:
    """Whether another table that looks the same has a count here that would not be small."""
    missing = least - counts[key]
    for move in moves:
        step = move.get(key, 0)
        if not step:
            continue
        sign = 1 if step > 0 else -1
        times = -(-missing // abs(step))
        if all(counts[other] + sign * times * by >= 1 for other, by in move.items()):
            return True
    return False


def _choose_next(
    key: Key,
    counts: Mapping[Key, int],
    totals: Sequence[Total[Key]],
    hidden: set[Key],
    order: Mapping[Key, int],
    least: int,
) -> Key | None:
    """The shown count to keep back next; None if there is none left near this one.

    A hidden count that is alone in a sum can be worked out, so those sums come first; and first the counts
    that leave no new sum with one hidden count alone, that are large enough to take up the difference, that
    are no totals, and of these the smallest.
    """
    members = [(total.whole, *total.parts) for total in totals]
    near, touched = {key}, [False] * len(members)
    grown = True
    while grown:
        grown = False
        for at, keys in enumerate(members):
            if not touched[at] and not near.isdisjoint(keys):
                touched[at] = grown = True
                near.update(one for one in keys if one in hidden)
    of_it = [at for at in range(len(members)) if touched[at]]
    alone = [at for at in of_it if sum(one in hidden for one in members[at]) == 1]
    for sums in (alone, of_it):
        found = [
            (
                sum(one in keys and hidden.isdisjoint(keys) for keys in members),
                counts[one] <= least,
                one == members[at][0],
                counts[one],
                order[one],
                one,
            )
            for at in sums
            for one in members[at]
            if one not in hidden and counts[one] > 0
        ]
        if found:
            return min(found, key=lambda item: item[:5])[5]
    return None


def _moves(
    counts: Mapping[Key, int],
    totals: Sequence[Total[Key]],
    hidden: set[Key],
    order: Mapping[Key, int],
) -> list[dict[Key, int]]:
    """Changes of hidden counts that leave every shown count and every sum as it is: a basis of all of them.

    The sums are solved for the largest counts, because these can take up most.
    """
    columns = sorted(hidden, key=lambda key: (-counts[key], order[key]))
    rows: list[dict[Key, Fraction]] = []
    for total in totals:
        row: dict[Key, Fraction] = {key: Fraction(1) for key in total.parts if key in hidden}
        if total.whole in hidden:
            row[total.whole] = Fraction(-1)
        if row:
            rows.append(row)
    solved: dict[Key, dict[Key, Fraction]] = {}
    for column in columns:
        at = next((number for number, row in enumerate(rows) if column in row), None)
        if at is None:
            continue
        pivot = rows.pop(at)
        by = pivot[column]
        pivot = {key: value / by for key, value in pivot.items()}
        rows = [row for row in (_without(row, column, pivot) for row in rows) if row]
        solved = {key: _without(row, column, pivot) for key, row in solved.items()}
        solved[column] = pivot
    moves = []
    for free in columns:
        if free in solved:
            continue
        move = {free: Fraction(1)}
        for key, row in solved.items():
            if free in row:
                move[key] = -row[free]
        scale = 1
        for value in move.values():
            scale = scale * value.denominator
        moves.append({key: int(value * scale) for key, value in move.items()})
    return moves


def _without(row: dict[Key, Fraction], column: Key, pivot: Mapping[Key, Fraction]) -> dict[Key, Fraction]:
    by = row.get(column)
    if not by:
        return row
    found = dict(row)
    for key, value in pivot.items():
        changed = found.get(key, Fraction(0)) - by * value
        if changed:
            found[key] = changed
        else:
            found.pop(key, None)
    return found
