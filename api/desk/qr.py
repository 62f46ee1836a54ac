"""A QR code as the data of one SVG path: no markup, no script, no picture from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import segno

_BORDER = 4


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A square of `size` modules with its border, and the path of the dark ones."""

    size: int
    path: str


def draw_qr(text: str) -> QrPicture:
    """The QR code of a text."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    parts: list[str] = []
    for number, row in enumerate(rows):
        column = 0
        while column < len(row):
            length = 0
            while column + length < len(row) and row[column + length]:
                length += 1
            if length:
                parts.append(f"M{column + _BORDER} {number + _BORDER}h{length}v1h-{length}z")
            column += max(1, length)
    return QrPicture(len(rows) + 2 * _BORDER, "".join(parts))
