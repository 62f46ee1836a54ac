"""The evaluator of `api/static/field/`, as shipped or with a planted fault, in a browser or in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.browsers import OpenPage, serve

HERE = Path(__file__).parent
SHIPPED = HERE.parents[2] / "api" / "static" / "field"
NODE = shutil.which("node")

# As strict as a page can be: no script but its own files, no text that becomes one.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = "<!doctype html><html lang=en><title>Evaluator</title><link rel=icon href=data:,></html>"

Call = Callable[..., Any]


class Fault(NamedTuple):
    """One text of one file, and what stands there instead."""

    file: str
    written: str
    planted: str


def copy_modules(folder: Path, fault: Fault | None = None) -> Path:
    """The evaluator and the harness in a folder of their own, with the fault if one is given."""
    folder.mkdir()
    for path in SHIPPED.glob("*.js"):
        shutil.copy(path, folder)
    for name in ("harness.js", "main.mjs"):
        shutil.copy(HERE / name, folder)
    # Older releases of Node take a .js file for a module only where a package says so.
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    if fault is not None:
        path = folder / fault.file
        text = path.read_text(encoding="utf-8")
        assert text.count(fault.written) == 1, f"{fault.file} has not exactly one {fault.written!r}"
        path.write_text(text.replace(fault.written, fault.planted), encoding="utf-8")
    return folder


@contextmanager
def in_node(folder: Path) -> Iterator[Call]:
    """Calls functions of the harness in one Node process."""
    assert NODE is not None
    with subprocess.Popen(
        [NODE, str(folder / "main.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        given, returned = process.stdin, process.stdout

        def call(name: str, *arguments: Any) -> Any:
            given.write(json.dumps([name, arguments]) + "\n")
            given.flush()
            line = returned.readline()
            assert line, "Node ended"
            return json.loads(line)

        yield call
        given.close()


@contextmanager
def in_chromium(folder: Path, open_page: OpenPage) -> Iterator[Call]:
    """Calls functions of the harness in a page with the strict policy."""
    with serve(_pages_of(folder)) as address:
        page = open_page(base_url=address)
        page.goto("/")

        def call(name: str, *arguments: Any) -> Any:
            script = "async ([name, given]) => (await import('/modules/harness.js'))[name](...given)"
            return json.loads(page.evaluate(script, [name, list(arguments)]))

        yield call


def _pages_of(folder: Path) -> ASGIApp:
    async def show(request: object) -> HTMLResponse:
        return HTMLResponse(PAGE)

    return Starlette(
        routes=[Route("/", show), Mount("/modules", StaticFiles(directory=folder))],
        middleware=[Middleware(_WithPolicy)],
    )


class _WithPolicy:
    """Adds the policy to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        await self.app(scope, receive, send_with_policy)


def run_jobs(call: Call, jobs: Sequence[Mapping[str, Any]], at_once: int = 50) -> list[Any]:
    """What came out of every job, a few jobs at a time."""
    found: list[Any] = []
    for start in range(0, len(jobs), at_once):
        found += call("run", json.dumps(jobs[start : start + at_once]))
    return found
