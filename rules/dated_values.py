"""The values of a dated parameter on a day, read from its form in the canonical program."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any


def value_lines(parameter: Mapping[str, Any], as_of: date, option: str | None) -> list[Mapping[str, Any]]:
    """The lines in force on `as_of` for one option of the selector (None: a parameter without one)."""
    day = as_of.isoformat()
    found = []
    for line in parameter["values"]:
        if line["for"] and option not in line["for"]:
            continue
        # `from: null` means the first day is not known, only that the value was in force by `by`.
        begins = line["from"] if line["from"] is not None else line["by"]
        if begins is not None and day < begins:
            continue
        if line["to"] is not None and day > line["to"]:
            continue
        found.append(line)
    return found


def values_in_force(
    parameter: Mapping[str, Any], as_of: date, options: Collection[str] | None = None
) -> frozenset[int] | None:
    """Every value that could apply on `as_of`, or None if for some option no value is known.

    `options` are the selector's options that are still possible; it is not read for a parameter without a
    selector. Of several lines in force for one option, the one that begins last holds.
    """
    if parameter["selector"] is None:
        possible: Collection[str | None] = (None,)
    else:
        possible = options or ()
        if not possible:
            return None
    values: set[int] = set()
    for option in possible:
        lines = value_lines(parameter, as_of, option)
        if not lines:
            return None
        values.add(max(lines, key=lambda line: line["from"] or line["by"] or "")["value"])
    return frozenset(values)
