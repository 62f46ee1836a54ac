"""Screen the invented population and print the page, or write it for reviewers."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.population.measuring import Measuring
from benchmarks.population.page import write_lines
from benchmarks.population.shares import measure, over_target
from rules.revisions import draft_program

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reviewers" / "population.md"
TARGET = 1.0


def main() -> None:
    """Print the page; with `--write` put it where reviewers read it."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.population", description=__doc__)
    reader.add_argument("--people", type=int, default=2000, help="of each group, at each level")
    reader.add_argument("--write", action="store_true", help=f"write docs/reviewers/{PAGE.name}")
    given = reader.parse_args()
    measuring = Measuring(draft_program())
    results = measure(measuring, given.people)
    page = "\n".join(write_lines(measuring, results, given.people)) + "\n"
    if given.write:
        PAGE.write_text(page, encoding="utf-8")
    else:
        print(page)
    above = over_target(results, measuring, TARGET)
    print(f"at or above {TARGET} % indicated among ordinary people: {', '.join(above) or 'none'}")


if __name__ == "__main__":
    main()
