"""The meaning of a program once more, naively and slowly: a third opinion beside the two executors.

It takes the truth of the tests as given and shares no code with what it judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FALSE, UNKNOWN, TRUE = 0, 1, 2


def statuses_of(data: Mapping[str, Any], truths: Mapping[str, int]) -> dict[str, int]:
    """The status of every conclusion, with the tests' truths beside them."""
    known = dict(truths)
    for conclusion in data["conclusions"]:
        if conclusion["kind"] == "dimension":
            options = [
                _combination(conclusion, combination, known) for combination in conclusion["combinations"]
            ]
        else:
            options = [truth_of(rule["when"], known) for rule in conclusion["rules"]]
        known[conclusion["id"]] = max(options, default=FALSE)
    return known


def trace_of(data: Mapping[str, Any], known: Mapping[str, int]) -> list[tuple[str, tuple[str, ...]]]:
    """The sorted firings, from statuses as `statuses_of` gives them."""
    firings = []
    for conclusion in data["conclusions"]:
        if conclusion["kind"] == "dimension":
            true = [entry["id"] for entry in conclusion["entries"] if truth_of(entry["when"], known) == TRUE]
            for combination in conclusion["combinations"]:
                if _combination(conclusion, combination, known) == TRUE:
                    title = conclusion["id"].removeprefix("dimension.") + "/" + combination["id"]
                    firings.append((title, tuple(sorted(true))))
        else:
            firings += [
                (rule["id"], tuple(sorted(set(_leaves(rule["when"], known)))))
                for rule in conclusion["rules"]
                if truth_of(rule["when"], known) == TRUE
            ]
    return sorted(firings)


def truth_of(expression: Any, known: Mapping[str, int]) -> int:
    """Kleene's truth of one expression."""
    if expression[0] in ("test", "ref"):
        return known[expression[1]]
    parts = [truth_of(part, known) for part in expression[-1]]
    needed = {"all": len(parts), "any": 1}.get(expression[0], expression[1])
    return _counted(parts, needed)


def _counted(truths: list[int], needed: int) -> int:
    if truths.count(TRUE) >= needed:
        return TRUE
    return FALSE if len(truths) - truths.count(FALSE) < needed else UNKNOWN


def _combination(
    dimension: Mapping[str, Any], combination: Mapping[str, Any], known: Mapping[str, int]
) -> int:
    truths: dict[str, list[int]] = {"strong": [], "medium": [], "weak": []}
    for entry in dimension["entries"]:
        truths[entry["strength"]].append(truth_of(entry["when"], known))
    either = combination["medium_or_weak"]
    # Different entries for each count: what already serves as medium or weak does not serve again.
    return min(
        *(_counted(truths[strength], combination[strength]) for strength in truths),
        _counted(
            truths["medium"] + truths["weak"],
            combination["medium"] + combination["weak"] + either if either else 0,
        ),
    )


def _leaves(expression: Any, known: Mapping[str, int]) -> list[str]:
    if expression[0] in ("test", "ref"):
        return [expression[1]]
    return [leaf for part in expression[-1] if truth_of(part, known) == TRUE for leaf in _leaves(part, known)]
