"""A service in a process of its own, and a telephone: a browser whose profile outlives both."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from screening.engines import Engines
from screening.installations import attach, open_installation
from screening.people.sessions import SessionRules, open_session
from screening.people.settings import SignInSettings
from screening.work import Service
from tests.browsers import CHROMIUM, FLAGS
from tests.services import MASTER_KEY, World, make_world, storage_settings

COOKIE = "screening-on-this-machine"
PASSPHRASE = "violet lantern on the quay"
# Seconds; on a machine that does much else a service needs long to start.
_PATIENCE = 240
# A passphrase is stretched and ten screenings are evaluated while a test looks on.
expect.set_options(timeout=20_000)


@dataclass
class Office:
    """The service on an embedded database; `start` and `stop` are those of a process."""

    folder: Path
    port: int
    service: Service
    world: World
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        env = {
            "PATH": os.environ["PATH"],
            "SCREENING_DATABASE_URL": f"sqlite:///{self.folder / 'database.sqlite3'}",
            "SCREENING_MASTER_KEY": MASTER_KEY,
            "SCREENING_PORT": str(self.port),
            "SCREENING_WORKERS": "1",
            "SCREENING_DATA": str(self.folder),
        }
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "api"], env=env, stdout=log, stderr=log)
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/health", timeout=2).close()  # noqa: S310
                return
            except OSError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < until, "the service did not start"
                time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
            self.process = None

    def cookie(self, who: str = "inspector") -> dict[str, Any]:
        """The cookie of somebody who has signed in."""
        settings = SignInSettings()
        rules = SessionRules(settings.session_idle, settings.session_length)
        with self.service.work(self.world[who]) as work:
            opened = open_session(work, self.world[who].account_id, "signed_in", rules, "127.0.0.1")
        return {"name": COOKIE, "value": opened.token, "url": self.address}


@pytest.fixture
def office(tmp_path: Path, sqlite_template: Path, kuwait_engines: Engines) -> Iterator[Office]:
    """A service that is not started yet."""
    if CHROMIUM is None:
        pytest.skip("no Chromium found: install it (on Debian: apt-get install chromium) or set CHROMIUM")
    folder = tmp_path / "office"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "database.sqlite3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The process serves; this one only looks, and signs people in. The lock is the serving one's.
    opened = open_installation(storage_settings(f"sqlite:///{folder / 'database.sqlite3'}"), kuwait_engines)
    world = make_world(opened)
    opened.close()
    looking = attach(storage_settings(f"sqlite:///{folder / 'database.sqlite3'}"), kuwait_engines)
    found = Office(folder, port, looking, World(looking, world.site_a, world.site_b, world.people))
    yield found
    found.stop()
    looking.close()


@dataclass
class Telephone:
    """A browser with a profile on disk. It can be closed and opened again."""

    office: Office
    profile: Path
    breaches: list[str] = field(default_factory=list)

    @contextmanager
    def open(self, *, signed_in: str | None = None, **options: Any) -> Iterator[Page]:
        """Open it at the form; a breach of the policy or a failure of a script fails the test."""
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                self.profile,
                executable_path=CHROMIUM,
                args=[*FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"],
                base_url=self.office.address,
                **{"locale": "en", "viewport": {"width": 390, "height": 800}, **options},
            )
            self._listen(context)
            context.set_default_timeout(_PATIENCE * 1000)
            if signed_in is not None:
                context.add_cookies([self.office.cookie(signed_in)])  # type: ignore[list-item]
            page = context.new_page()
            page.goto("/field")
            yield page
            context.close()
        assert not self.breaches, self.breaches

    def _listen(self, context: BrowserContext) -> None:
        def hear(message: ConsoleMessage) -> None:
            if "Content Security Policy" in message.text or "TrustedScript" in message.text:
                self.breaches.append(message.text)

        context.on("console", hear)
        context.on("weberror", lambda error: self.breaches.append(str(error.error)))


@pytest.fixture
def telephone(office: Office, tmp_path: Path) -> Telephone:
    """The telephone of an inspector."""
    return Telephone(office, tmp_path / "profile")
