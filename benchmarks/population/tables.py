"""Tables of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def write_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table whose first column is text and whose others are figures."""
    yield "| " + " | ".join(header) + " |"
    yield "|" + "|".join(["---"] + ["---:"] * (len(header) - 1)) + "|"
    yield from ("| " + " | ".join(row) + " |" for row in rows)
    yield ""
