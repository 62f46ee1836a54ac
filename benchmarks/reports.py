"""The page that a run writes: tables, targets, and the machine they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers import version_of
from benchmarks.timing import Timings

PACKAGES = ("durable_rules", "zen-engine", "panzi-json-logic", "clipspy", "PyYAML", "pydantic")


@dataclass(frozen=True)
class Table:
    """Rows of text under a heading; all but the first column are figures."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def lines(self) -> Iterator[str]:
        """The table in Markdown."""
        yield _row(self.header)
        yield _row(["---", *["---:"] * (len(self.header) - 1)])
        yield from (_row(row) for row in self.rows)


@dataclass(frozen=True)
class Target:
    """Something that was promised, and what came out."""

    promise: str
    measured: str
    met: bool


@dataclass
class Section:
    """One subject of the page."""

    title: str
    parts: list[str | Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The section in Markdown."""
        yield f"## {self.title}"
        for part in self.parts:
            yield ""
            yield from part.lines() if isinstance(part, Table) else [part]
        yield ""


def timings_table(title: str, timings: dict[str, Timings], peer: str) -> Table:
    """Every contestant as a ratio to the peer's median and in milliseconds."""
    rows = [
        [name, f"{one.p50 / timings[peer].p50:.2f}", milliseconds(one.p50), milliseconds(one.p99)]
        for name, one in timings.items()
    ]
    return Table([title, f"p50, {peer} = 1", "p50 ms", "p99 ms"], rows)


def milliseconds(time: float) -> str:
    """Three significant digits or so."""
    return f"{time:.3f}" if time < 1 else f"{time:.2f}" if time < 100 else f"{time:.0f}"


def write_page(path: Path, sections: Sequence[Section], load: tuple[float, float]) -> None:
    """Write the page anew; nothing on it is written by hand. `load` is the machine's, before and after."""
    targets = [target for section in sections for target in section.targets]
    rows = [[one.promise, one.measured, "met" if one.met else "**missed**"] for one in targets]
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; every figure is of that one run. Ratios carry over to other machines,",
        "milliseconds do not. What is compared took turns, round by round, after two rounds not counted.",
        "Python's garbage collector was on for everybody, as it is in use, and ran before each turn.",
        "",
        *_machine(load),
        "",
        "## Targets",
        "",
        *Table(["target", "measured", ""], rows).lines(),
        "",
    ]
    for section in sections:
        lines += section.lines()
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _machine(load: tuple[float, float]) -> Iterator[str]:
    versions = ", ".join(f"{name} {version_of(name) or 'not installed'}" for name in PACKAGES)
    yield f"- {datetime.now(UTC).date().isoformat()}, Python {platform.python_version()}, {versions}"
    yield (
        f"- {platform.system()} on {platform.machine()}, {_processor()}, {os.cpu_count()} cores; "
        f"load of the machine {load[0]:.1f} at the start, {load[1]:.1f} at the end (1 to 2 of it our own)"
    )


def _processor() -> str:
    try:
        lines: Iterable[str] = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "processor unknown"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
