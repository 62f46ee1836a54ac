"""Interviews for the tests of the desk, held by forms alone."""

from __future__ import annotations

import re
from typing import Any

from httpx2 import Response

from tests.api.desk.conftest import Visitor


def begin(visitor: Visitor, instrument: str = "intake", **fields: str) -> str:
    """Begin an interview in a new case; return its address."""
    shown = visitor.open("/interviews/new")
    done = visitor.send("/interviews/new", shown, case="new", instrument=instrument, **fields)
    assert done.status_code == 303, done.text
    address = str(done.headers["location"])
    return address[: address.index("/sections/")]


def answer(visitor: Visitor, home: str, question: str, **fields: Any) -> Response:
    """Open a question, fill it in and send it; return what comes back."""
    address = f"{home}/questions/{question}"
    named = {name.replace("__", "."): value for name, value in fields.items()}
    return visitor.send(address, visitor.open(address), **named)


def save(visitor: Visitor, home: str, question: str, value: str, **fields: Any) -> None:
    """Save an answer of one word."""
    done = answer(visitor, home, question, **{question: value, **fields})
    assert done.status_code == 303, done.text


def kept_value(shown: Response, question: str) -> str | None:
    """The choice of a question that a page shows as made."""
    found = re.search(rf'name="{question}" value="(\w+)" checked', shown.text)
    return found[1] if found else None
