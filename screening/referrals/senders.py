"""Sending signed messages over HTTP, now and then in the background while the service runs."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from functools import cache
from typing import Final

import structlog

from screening.referrals.addresses import Place, find_addresses, find_public, read_address
from screening.referrals.webhooks import Sender, deliver_due
from screening.refusals import Refused
from screening.work import Service

_SECONDS: Final = 10.0
_SECONDS_IN_ALL: Final = 20.0
_BETWEEN_ROUNDS: Final = 15.0


def http_sender(allowed_hosts: frozenset[str] = frozenset()) -> Sender:
    """A sender that calls the very address it has checked, and reads nothing but the status of the answer.

    A name can lead elsewhere a moment after it was looked up: so it is looked up once, every number it stands
    for is checked, and one of them is called. No redirect is followed, no proxy of the environment used, and
    after twenty seconds it is over. Failures are `OSError` and `ValueError`.
    """

    @cache
    def trusted() -> ssl.SSLContext:
        # Reading every authority that the machine trusts takes a tenth of a second: not at a start.
        return ssl.create_default_context()

    def send(url: str, body: bytes, headers: dict[str, str]) -> int:
        place = read_address(url)
        held: socket.socket = _connect(place, allowed_hosts)
        if place.secure:
            held = trusted().wrap_socket(held, server_hostname=place.host, do_handshake_on_connect=False)
        connection = http.client.HTTPConnection(place.host, place.port, timeout=_SECONDS)
        connection.sock = held
        # Somebody who answers letter by letter must not hold up the others.
        over = threading.Event()
        clock = threading.Timer(_SECONDS_IN_ALL, _cut, (held, over))
        clock.daemon = True
        clock.start()
        try:
            if isinstance(held, ssl.SSLSocket):
                held.do_handshake()
            connection.request("POST", place.target, body, {**headers, "Connection": "close"})
            status = connection.getresponse().status
        except http.client.HTTPException as error:
            raise OSError("no answer that can be read") from error
        finally:
            clock.cancel()
            connection.close()
        if over.is_set():
            # Half an answer looks like a whole one.
            raise OSError("no answer in time")
        return status

    return send


def _connect(place: Place, allowed_hosts: frozenset[str]) -> socket.socket:
    if place.named(allowed_hosts):
        found = find_addresses(place.host, place.port)
    elif place.secure:
        found = find_public(place.host, place.port)
    else:
        raise ValueError("not encrypted")
    failure: OSError | None = None
    for address in found:
        try:
            return socket.create_connection((address, place.port), _SECONDS)
        except OSError as error:
            failure = error
    raise failure or OSError("nobody answered")


def _cut(held: socket.socket, over: threading.Event) -> None:
    over.set()
    try:
        socket.socket.shutdown(held, socket.SHUT_RDWR)
    except OSError:
        # It has ended by itself.
        return


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
            self._thread.join(_SECONDS_IN_ALL + 1)
            self._thread = None

    def _run(self, stop: threading.Event) -> None:
        log = structlog.get_logger()
        send = http_sender(self._allowed_hosts)
        while not stop.wait(self._seconds):
            try:
                done = deliver_due(self._service, send, self._allowed_hosts, stop.is_set)
            except Refused as error:
                # The database is busy or away: the next round tries again.
                log.warning("deliveries_waiting", codes=[fault.code for fault in error.faults])
            else:
                if done.tried:
                    log.info("deliveries", tried=done.tried, delivered=done.delivered)
