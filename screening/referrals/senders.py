"""Sending signed messages over HTTP, now and then in the background while the service runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx2
import structlog

from screening.referrals.webhooks import Sender, deliver_due
from screening.refusals import Refused
from screening.work import Service

_SECONDS: Final = 10.0
_BETWEEN_ROUNDS: Final = 15.0


@contextmanager
def http_sender() -> Iterator[Sender]:
    """A sender that follows no redirect and waits at most ten seconds; its failures are `OSError`."""
    with httpx2.Client(timeout=_SECONDS, follow_redirects=False) as client:

        def send(url: str, body: bytes, headers: dict[str, str]) -> int:
            try:
                return client.post(url, content=body, headers=headers).status_code
            except httpx2.HTTPError as error:
                raise OSError("nobody answered") from error

        yield send


class BackgroundDelivery:
    """Delivers what is due every few seconds until it is stopped; one a process is enough."""

    def __init__(
        self, service: Service, allowed_hosts: frozenset[str], seconds: float = _BETWEEN_ROUNDS
    ) -> None:
        self._service = service
        self._allowed_hosts = allowed_hosts
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, unless it has begun already."""
        if self._thread is None:
            self._stop = threading.Event()
            self._thread = threading.Thread(
                target=self._run, args=(self._stop,), name="deliveries", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End after the message that is being sent; what is left is sent at the next start."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_SECONDS + 1)
            self._thread = None

    def _run(self, stop: threading.Event) -> None:
        log = structlog.get_logger()
        with http_sender() as send:
            while not stop.wait(self._seconds):
                try:
                    taken = deliver_due(self._service, send, self._allowed_hosts)
                except Refused as error:
                    # The database is busy or away: the next round tries again.
                    log.warning("deliveries_waiting", codes=[fault.code for fault in error.faults])
                else:
                    if taken:
                        log.info("deliveries", count=taken)
