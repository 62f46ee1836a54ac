"""One connection to a service: signing in, tokens, versions, repetitions, problems."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeVar
from urllib.parse import quote

import httpx2
import pyotp
from pydantic import BaseModel, TypeAdapter

from screening.client.problems import NoAnswer, ServiceProblem, UnknownVersion
from screening.clock import Clock, utc_now

Model = TypeVar("Model")
Item = TypeVar("Item")

_PREFIX: Final = "/api/v1"
_SAFE: Final = frozenset({"GET", "HEAD"})
# Answers that say: not now. Nothing was done then.
_LATER: Final = frozenset({429, 503})
_LONGEST_WAIT: Final = 60


class PageOf(Protocol[Item]):
    """A page of a list."""

    @property
    def items(self) -> list[Item]:
        """Its entries."""

    @property
    def next_cursor(self) -> str | None:
        """Where the next one begins."""


class Connection:
    """Speaks to one service as one account; not to be shared between threads.

    - With `token` it sends a bearer token; otherwise `sign_in` opens a session and keeps its cookie and its
      token against forged requests.
    - The `ETag` of what was read or made is kept by address, and sent as `If-Match` when that is changed.
    - What creates something carries an `Idempotency-Key`, and answers have a client key. So they are sent
      again, like every read, when nobody answered or the service was busy: at most `retries` times.
    - A problem document is raised as `ServiceProblem`.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        language: str = "en",
        retries: int = 3,
        http: httpx2.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Clock = utc_now,
    ) -> None:
        self._http = http if http is not None else httpx2.Client(base_url=address, timeout=60)
        self._headers = {"Accept-Language": language}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._retries = retries
        self._sleep = sleep
        self._clock = clock
        self._csrf: str | None = None
        self._versions: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the session on the service stays until it is signed out or ends."""
        self._http.close()

    def open_session(self, name: str, password: str, second_factor: str | None = None) -> tuple[str, ...]:
        """Sign in with both steps; return the recovery codes if this was the first time: they are shown once.

        `second_factor` is the secret of the authenticator app; an account that has none yet is given one by
        the service, and it is used here.
        """
        first = self._exchange("POST", f"{_PREFIX}/sign-in", body={"name": name, "password": password})
        return self.finish_session(first, second_factor)

    def finish_session(self, first: Mapping[str, Any], second_factor: str | None) -> tuple[str, ...]:
        """The second step, after the answer to a first one; the same for links that were accepted."""
        enrolment = first.get("enrolment")
        secret = enrolment["secret"] if enrolment else second_factor
        if secret is None:
            raise ValueError("the account has a second factor, and its secret was not given")
        code = pyotp.TOTP(secret).at(self._clock())
        done = self._exchange("POST", f"{_PREFIX}/sign-in/second-factor", body={"code": code})
        return tuple(done.get("recovery_codes") or ())

    def every(self, list_page: Callable[..., PageOf[Item]], *path: str, **filters: Any) -> Iterator[Item]:
        """Every entry of a list, page after page: `client.every(client.list_cases, status="open")`."""
        cursor: str | None = None
        while True:
            shown = list_page(*path, cursor=cursor, **filters)
            yield from shown.items
            cursor = shown.next_cursor
            if cursor is None:
                return

    def version_of(self, address: str) -> int | None:
        """The version of what was last read or made at an address such as `/api/v1/cases/…`."""
        tag = self._versions.get(address)
        return None if tag is None else int(tag.strip('W/"'))

    def call(
        self,
        method: str,
        template: str,
        answer: Any,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: BaseModel | Mapping[str, Any] | None = None,
        seen: int | None = None,
        changes: bool = False,
        key: str | None = None,
        creates: bool = False,
    ) -> Any:
        """One operation of the interface; the methods of `Client` are made of this."""
        address = template.format(**{name: quote(text, safe="") for name, text in (path or {}).items()})
        headers: dict[str, str] = {}
        if changes:
            headers["If-Match"] = f'"{seen}"' if seen is not None else self._seen(method, address)
        if creates:
            headers["Idempotency-Key"] = key if key is not None else uuid.uuid4().hex
        content: str | None
        if isinstance(body, BaseModel):
            content = body.model_dump_json(exclude_unset=True, by_alias=True)
        else:
            content = None if body is None else json.dumps(body)
        # What carries a client key is done once, however often it is sent.
        once = method in _SAFE or creates or getattr(body, "client_key", None) is not None
        response = self._send(method, address, headers, query, content, once=once)
        if answer is None or response.status_code == 204:
            return None
        if answer is str:
            return response.text
        return TypeAdapter(answer).validate_json(response.content)

    def _seen(self, method: str, address: str) -> str:
        # What is posted below a record happens to that record: the version is the record's.
        record = address.rpartition("/")[0] if method == "POST" else address
        if record not in self._versions:
            raise UnknownVersion(record)
        return self._versions[record]

    def _exchange(self, method: str, address: str, body: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self._send(method, address, {}, None, json.dumps(body)).json()
        return found

    def _send(
        self,
        method: str,
        address: str,
        headers: dict[str, str],
        query: Mapping[str, Any] | None,
        content: str | None,
        *,
        once: bool = False,
    ) -> httpx2.Response:
        sent = self._headers | headers
        if content is not None:
            sent["Content-Type"] = "application/json"
        if method not in _SAFE and self._csrf is not None and "Authorization" not in sent:
            sent["X-CSRF-Token"] = self._csrf
        parameters = {name: _write(value) for name, value in (query or {}).items() if value is not None}
        for attempt in range(self._retries + 1):
            last = attempt == self._retries
            try:
                response = self._http.request(
                    method, address, params=parameters or None, headers=sent, content=content
                )
            except httpx2.HTTPError as error:
                if last or not once:
                    raise NoAnswer(f"{method} {address}: {type(error).__name__}") from error
                self._sleep(2**attempt / 4)
                continue
            wait = _retry_after(response)
            if response.status_code in _LATER and once and not last and wait <= _LONGEST_WAIT:
                self._sleep(wait or 2**attempt / 4)
                continue
            return self._learn(method, address, response)
        raise NoAnswer(f"{method} {address}")

    def _learn(self, method: str, address: str, response: httpx2.Response) -> httpx2.Response:
        """Keep what the answer says about versions and the session; raise what is wrong."""
        if response.status_code >= 400:
            raise _problem(method, address, response)
        tag = response.headers.get("etag")
        if tag is not None:
            record = address.rpartition("/")[0] if method == "POST" else address
            self._versions[response.headers.get("location", record)] = tag
        elif method == "DELETE":
            self._versions.pop(address, None)
        kind = response.headers.get("content-type", "")
        if response.content and kind.startswith("application/json"):
            document = response.json()
            if isinstance(document, dict) and isinstance(document.get("csrf_token"), str):
                self._csrf = document["csrf_token"]
        return response


def _problem(method: str, address: str, response: httpx2.Response) -> Exception:
    try:
        document = response.json()
    except ValueError:
        document = None
    if not isinstance(document, dict) or "code" not in document:
        # Something on the way answered, and not the service.
        return NoAnswer(f"{method} {address}: {response.status_code}")
    return ServiceProblem(response.status_code, document, _retry_after(response) or None)


def _retry_after(response: httpx2.Response) -> int:
    text = response.headers.get("retry-after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if isinstance(value, date) else str(value)
