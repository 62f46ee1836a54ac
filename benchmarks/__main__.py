"""Run everything, or the named subjects only, and write the page when everything was run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import assessments, endurance, explanations, loading, pages, service_load, starts, throughput
from benchmarks.reports import Section, write_page

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def main() -> int:
    """0 when every target was met, 1 when one was missed."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument(
        "--quick", action="store_true", help="a tenth of the rounds: for a look, not for the page"
    )
    share = 0.1 if reader.parse_known_args()[0].quick else 1.0

    def rounds(number: int) -> int:
        return max(1, round(number * share))

    subjects: dict[str, Callable[[], Section]] = {
        "assessments": lambda: assessments.measure(rounds(30)),
        "explanations": lambda: explanations.measure(rounds(10)),
        "loading": lambda: loading.measure(rounds(10)),
        "starts": lambda: starts.measure(rounds(10)),
        "throughput": lambda: throughput.measure(rounds(3), rounds(4_000)),
        "service": lambda: service_load.measure(rounds(3), rounds(40)),
        "pages": lambda: pages.measure(rounds(240), rounds(5)),
        "endurance": lambda: endurance.measure(rounds(100_000)),
    }
    reader.add_argument(
        "subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(subjects)}; all if none"
    )
    given = reader.parse_args()
    unknown = sorted(set(given.subjects) - set(subjects))
    if unknown:
        reader.error(f"unknown: {', '.join(unknown)}; there are {', '.join(subjects)}")
    before = os.getloadavg()[0]
    sections = []
    for name in given.subjects or subjects:
        print(f"{name} …", file=sys.stderr, flush=True)
        section = subjects[name]()
        sections.append(section)
        print("\n".join(section.lines()), flush=True)
    targets = [target for section in sections for target in section.targets]
    for target in targets:
        print(f"{'met   ' if target.met else 'MISSED'} {target.promise}: {target.measured}")
    if not given.subjects and not given.quick:
        write_page(PAGE, sections, (before, os.getloadavg()[0]))
        print(f"written: {PAGE.relative_to(PAGE.parent.parent)}")
    return 0 if all(target.met for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
