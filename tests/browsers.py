"""A real browser for the tests of pages and of the field form, and the application served for it.

Chromium is the system's (`CHROMIUM` names another); without one these tests are skipped and say so. Pages are
looked at in `chromium-headless-shell` where there is one: the same program without what draws its windows,
which takes a third less. The field form, which keeps things on the device, is tried in the whole browser.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

_CHROMIUM = os.environ.get("CHROMIUM")
_WHOLE, _SHELL = shutil.which("chromium"), shutil.which("chromium-headless-shell")
CHROMIUM = _CHROMIUM or _WHOLE or _SHELL
CHROMIUM_FOR_PAGES = _CHROMIUM or _SHELL or _WHOLE
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# What is expected of a page is waited for: a busy machine takes its time. Only what fails waits so long.
expect.set_options(timeout=30_000)

OpenPage = Callable[..., Page]


@contextmanager
def serve(app: Any) -> Iterator[str]:
    """Serve an ASGI application on a free port until left; yields its address.

    The address says `localhost`, which browsers trust like https: service workers and WebCrypto work there.
    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server stopped before it had started"
            time.sleep(0.01)
        yield f"http://localhost:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the whole application, started once."""
    # Not above: every run of every test loads this file.
    from api.app import create_app
    from tests.services import fresh_settings

    with serve(create_app(fresh_settings(tmp_path_factory.mktemp("served")))) as address:
        yield address


# Of a module and not of the session: while Playwright runs, nothing else in this thread may use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, headless; the test is skipped where there is none."""
    if CHROMIUM_FOR_PAGES is None:
        pytest.skip("no Chromium found: install it (on Debian: apt-get install chromium) or set CHROMIUM")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM_FOR_PAGES, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a page in a context of its own, with the options of Playwright's `new_context`.

    The test fails in the end on any breach of the content security policy, any error of a script and
    anything else that the browser's console calls an error.
    """
    bad: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        # A page that a test asked for may be an error page: its status is the test's to look at.
        asked_for = message.page is not None and where == message.page.url
        if asked_for and message.text.startswith("Failed to load resource: the server responded"):
            return
        if message.type == "error" or "Content Security Policy" in message.text:
            bad.append(f"{message.text} ({where})")

    with ExitStack() as opened:

        def open_one(**options: Any) -> Page:
            context = browser.new_context(**options)
            opened.callback(context.close)
            context.on("console", hear)
            context.on("weberror", lambda error: bad.append(str(error.error)))
            return context.new_page()

        yield open_one
    assert not bad, bad


@pytest.fixture
def page(open_page: OpenPage, served: str) -> Page:
    """A page whose `goto("/…")` leads to the served application."""
    return open_page(base_url=served)
