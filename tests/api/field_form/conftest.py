"""A service in a process of its own, and a telephone: a browser whose profile outlives both."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from playwright.sync_api import (
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Page,
    Response,
    Route,
    sync_playwright,
)
from sqlalchemy import func, select

from benchmarks.servers import free_port
from screening.engines import Engines
from screening.installations import attach, open_installation
from screening.people.sessions import SessionRules, open_session
from screening.people.settings import SignInSettings
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.field import FieldRecord
from screening.storage.tables.interviews import Interview
from screening.storage.tables.sites import SiteVisit, Workplace
from screening.work import Service
from tests.browsers import CHROMIUM, FLAGS
from tests.services import MASTER_KEY, World, make_world, storage_settings

COOKIE = "screening-on-this-machine"
PASSPHRASE = "violet lantern on the quay"
COUNTED = (SiteVisit, Workplace, Case, Interview, StoredAssessment, FieldRecord)
# Seconds; on a machine that does much else a service needs long to start.
_PATIENCE = 100


@dataclass
class Office:
    """The service on an embedded database; `start` and `stop` are those of a process."""

    folder: Path
    port: int
    service: Service
    world: World
    process: subprocess.Popen[bytes] | None = None
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self, **settings: str) -> None:
        """Start it, with more settings than it has by itself; nothing happens where it runs so already."""
        if self.process is not None and settings == self.settings:
            return
        self.stop()
        self.settings = settings
        env = {
            "PATH": os.environ["PATH"],
            "SCREENING_DATABASE_URL": f"sqlite:///{self.folder / 'database.sqlite3'}",
            "SCREENING_MASTER_KEY": MASTER_KEY,
            "SCREENING_PORT": str(self.port),
            "SCREENING_WORKERS": "1",
            "SCREENING_DATA": str(self.folder),
            **settings,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "api"], env=env, stdout=log, stderr=log)
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/health", timeout=5).close()  # noqa: S310
                return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()[-2000:]
                assert time.monotonic() < until, "the service did not start"
                time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process = None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def cookie(self, who: str = "inspector") -> Any:
        """The cookie of somebody who has signed in."""
        settings = SignInSettings()
        rules = SessionRules(settings.session_idle, settings.session_length)
        with self.service.work(self.world[who]) as work:
            opened = open_session(work, self.world[who].account_id, "signed_in", rules, "127.0.0.1")
        return {"name": COOKIE, "value": opened.token, "url": self.address}

    def counts(self) -> dict[str, int]:
        """How many there are of what a record becomes."""
        with self.service.database.reading() as session:
            return {
                one.__name__: int(session.scalar(select(func.count()).select_from(one)) or 0)
                for one in COUNTED
            }

    def came(self, before: dict[str, int]) -> dict[str, int]:
        """How many more there are than before."""
        return {name: now - before[name] for name, now in self.counts().items()}


@pytest.fixture(scope="session")
def shared_office(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, kuwait_engines: Engines
) -> Iterator[Office]:
    """One service for all tests: each counts what came by itself."""
    if CHROMIUM is None:
        pytest.skip("no Chromium found: install it (on Debian: apt-get install chromium) or set CHROMIUM")
    folder = tmp_path_factory.mktemp("office")
    shutil.copy(sqlite_template, folder / "database.sqlite3")
    # The process serves; this one only looks, and signs people in. The lock is the serving one's.
    opened = open_installation(storage_settings(f"sqlite:///{folder / 'database.sqlite3'}"), kuwait_engines)
    world = make_world(opened)
    opened.close()
    looking = attach(storage_settings(f"sqlite:///{folder / 'database.sqlite3'}"), kuwait_engines)
    found = Office(folder, free_port(), looking, World(looking, world.site_a, world.site_b, world.people))
    yield found
    found.stop()
    looking.close()


@pytest.fixture
def office(shared_office: Office) -> Office:
    """The service, running as it is by itself, whatever the test before did to it."""
    shared_office.start()
    return shared_office


# Of a module and not of the session: while Playwright runs, nothing else in this thread may use asyncio.
@pytest.fixture(scope="module")
def chromium() -> Iterator[BrowserType]:
    with sync_playwright() as playwright:
        yield playwright.chromium


@dataclass
class Telephone:
    """A browser with a profile on disk. It can be closed and opened again."""

    office: Office
    profile: Path
    chromium: BrowserType
    breaches: list[str] = field(default_factory=list)

    @contextmanager
    def open(
        self,
        *,
        signed_in: str | None = None,
        routes: Mapping[str, Callable[[Route], Any]] = MappingProxyType({}),
        **options: Any,
    ) -> Iterator[Page]:
        """Open it at the form; a breach of the policy or a failure of a script fails the test.

        `routes` holds from the first page on: what the worker of the form has kept goes past every later one.
        """
        context = self.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=[*FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"],
            base_url=self.office.address,
            **{"locale": "en", "viewport": {"width": 390, "height": 800}, **options},
        )
        self._listen(context)
        context.set_default_timeout(30_000)
        if signed_in is not None:
            context.add_cookies([self.office.cookie(signed_in)])
        for address, answer in routes.items():
            context.route(address, answer)
        page = context.new_page()
        page.goto("/field")
        yield page
        context.close()
        assert not self.breaches, self.breaches

    def _listen(self, context: BrowserContext) -> None:
        def hear(message: ConsoleMessage) -> None:
            if "Content Security Policy" in message.text or "TrustedScript" in message.text:
                self.breaches.append(message.text)

        def look(response: Response) -> None:
            if response.status == 404 or response.status >= 500:
                self.breaches.append(f"{response.status} {response.url}")

        context.on("console", hear)
        context.on("response", look)
        context.on("weberror", lambda error: self.breaches.append(str(error.error)))


@pytest.fixture
def telephone(office: Office, tmp_path: Path, chromium: BrowserType) -> Telephone:
    """The telephone of an inspector."""
    return Telephone(office, tmp_path / "profile", chromium)
