"""What the house is compared with: three other engines, and the Python that somebody would write by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

Expression = Sequence[Any]
Data = Mapping[str, Any]


class TwoValued(Protocol):
    """Another engine that was given a program: it knows true and everything else, and keeps no trace."""

    def run(self, true_tests: Sequence[str]) -> Any:
        """Evaluate, from the ids of the true tests; this is what is timed."""

    def established(self, found: Any) -> set[str]:
        """The ids of the conclusions in what `run` returned."""


def conclusion_names(data: Data) -> dict[str, str]:
    """A short name for every conclusion, which any engine accepts as an identifier."""
    return {item["id"]: f"c{number}" for number, item in enumerate(data["conclusions"])}


def counts_of(combination: Mapping[str, Any]) -> dict[tuple[str, ...], int]:
    """How many entries of which strengths a combination of a dimension asks for."""
    found: dict[tuple[str, ...], int] = {
        (strength,): combination[strength] for strength in ("strong", "medium", "weak")
    }
    if combination["medium_or_weak"]:
        either = combination["medium"] + combination["weak"] + combination["medium_or_weak"]
        found["medium", "weak"] = either
    return {strengths: count for strengths, count in found.items() if count}


def version_of(package: str) -> str | None:
    """The version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
