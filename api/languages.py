"""Which of the two languages a reader asked for."""

from __future__ import annotations

from screening.phrases import Language

DEFAULT: Language = "en"


def choose_language(accept_language: str | None) -> Language:
    """The language of an `Accept-Language` header that we speak: by weight, by order, or English."""
    best: tuple[float, int, Language] | None = None
    for order, part in enumerate((accept_language or "").split(",")[:20]):
        tag, _, rest = part.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        weight = _weight(rest)
        if weight <= 0:
            continue
        spoken: Language | None = "ar" if primary == "ar" else "en" if primary in ("en", "*") else None
        if spoken is not None and (best is None or (-weight, order) < best[:2]):
            best = (-weight, order, spoken)
    return best[2] if best is not None else DEFAULT


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(float(value), 1.0)
    except ValueError:
        return 0.0
