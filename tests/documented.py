"""During every test: each answer of the interface has a status that its description names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from api.requests import Surroundings

Seen = tuple[str, str, str]

# What tests provoke on purpose: a failure that nobody foresaw, and a sender who went away.
_UNFORESEEN: Final = frozenset({"499", "500"})


# The statuses of every operation, from the first application of the run: the routes are the same in all.
_DESCRIBED: Final[dict[tuple[str, str], frozenset[str]]] = {}


def undocumented(app: FastAPI, seen: set[Seen]) -> list[str]:
    """What was answered by an operation whose description does not name that status, as lines."""
    if not _DESCRIBED:
        for path, operations in app.openapi()["paths"].items():
            for method, operation in operations.items():
                _DESCRIBED[path, method.upper()] = frozenset(operation["responses"]) | _UNFORESEEN
    return sorted(
        f"{method} {path} answered {status}, and its description does not say so"
        for path, method, status in seen
        if status not in _DESCRIBED.get((path, method), {status})
    )


@pytest.fixture(autouse=True)
def _every_status_is_documented(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    seen: set[Seen] = set()
    apps: list[FastAPI] = []
    serve = Surroundings.__call__

    async def watch(self: Surroundings, scope: Scope, receive: Receive, send: Send) -> None:
        status = ""

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        await serve(self, scope, receive, note)
        path = getattr(scope.get("route"), "path", None)
        if status and isinstance(path, str):
            apps[:] = apps or [scope["app"]]
            seen.add((path, "GET" if scope["method"] == "HEAD" else scope["method"], status))

    monkeypatch.setattr(Surroundings, "__call__", watch)
    yield
    if seen:
        wrong = undocumented(apps[0], seen)
        assert not wrong, wrong
