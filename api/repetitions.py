"""`Idempotency-Key`: a request that creates something can be sent again, and is done once.

    @router.post("/cases", status_code=201, responses=problem_responses(…))
    def open_case(
        repetition: Repeatable, caller: Caller = requires("cases.create"), body: NewCase = reads(NewCase)
    ) -> JSONResponse:
        def create(work: Work) -> Created:
            case = cases.open_case(work, body.site)
            return Created(show(case), version=case.version, location=f"/api/v1/cases/{case.id}", case=case)

        return repetition.once(caller, create)

The same key, address and body again within a day, by the same account, gives the first answer again with
`Idempotency-Replayed: true`, also to somebody who sends both at once: the second waits for the first. What is
kept for that is written in the transaction that creates, so a crash leaves both or neither. A refusal is
not kept: nothing was done, and sending it again tries again. Without the header nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import delete, select, text

from api.access import Caller
from api.bodies.reading import Raw, RawBody
from api.problems import refuse
from api.versions import etag
from screening.keys.vaults import Place
from screening.refusals import refused
from screening.storage.tables.cases import Case
from screening.storage.tables.operations import IdempotentRequest
from screening.work import Work

KEPT: Final = timedelta(hours=24)
LONGEST: Final = 128
REPLAYED: Final = "Idempotency-Replayed"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}\Z")
# As many forgotten at once as keeps a request short.
_FORGOTTEN: Final = 50


@dataclass(frozen=True, slots=True)
class Created:
    """What a request made, and how it is answered.

    `case` is the case it is about: what is kept can then no longer be read once the case is erased. With
    `secret` the answer is shown once and never kept; a repetition gets S235.
    """

    shown: BaseModel
    status: int = 201
    version: int | None = None
    location: str | None = None
    case: Case | None = None
    secret: bool = False

    def headers(self) -> dict[str, str]:
        """The headers that tell the version and the address."""
        found = {} if self.version is None else {"ETag": etag(self.version)}
        if self.location is not None:
            found["Location"] = self.location
        return found


@dataclass(frozen=True, slots=True)
class Repetition:
    """A request that may be one that was answered before."""

    key: str | None
    method: str
    address: str
    raw: Raw

    def once(self, caller: Caller, create: Callable[[Work], Created]) -> JSONResponse:
        """The answer of `create`, which runs in one transaction, or the one it gave before.

        Raises `RequestRefused` with S234 for a key of another form.
        """
        if self.key is not None and not _KEY.match(self.key):
            raise refuse("S234", field="Idempotency-Key", limit=LONGEST)
        with caller.work() as work:
            if self.key is None:
                made = create(work)
                return JSONResponse(made.shown.model_dump(mode="json"), made.status, made.headers())
            id = self._id(work)
            if work.session.get_bind().dialect.name == "postgresql":
                # Two with one key stand in line here; SQLite has had them stand in line since they began.
                lock = int(id[:15], 16)
                work.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
            earlier = work.session.get(IdempotentRequest, id)
            if earlier is not None and earlier.at > work.now - KEPT:
                return self._repeat(work, earlier)
            if earlier is not None:
                work.session.delete(earlier)
                work.session.flush()
            made = create(work)
            body = made.shown.model_dump(mode="json")
            self._keep(work, id, made, body)
            return JSONResponse(body, made.status, made.headers())

    def _id(self, work: Work) -> str:
        parts = (work.actor.account_id, self.method, self.address, self.key or "")
        # Keyed: clients put what they like into a key. Hashed before: a lookup does not tell `a` from `A`.
        text = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
        return work.vault.lookup(work.session, "repetition", text)

    def _digest(self) -> str:
        return hashlib.sha256(self.raw.read()).hexdigest()

    def _keep(self, work: Work, id: str, made: Created, body: Any) -> None:
        key = work.vault.system_key(work.session) if made.case is None else made.case.data_key_id
        answer: dict[str, Any] = {"request": self._digest()}
        if not made.secret:
            answer |= {"status": made.status, "headers": made.headers(), "body": body}
        sealed = work.vault.seal(work.session, key, _place(id), json.dumps(answer))
        work.session.add(IdempotentRequest(id=id, data_key_id=key, answer=sealed, at=work.now))
        _forget(work)

    def _repeat(self, work: Work, earlier: IdempotentRequest) -> JSONResponse:
        opened = work.vault.open(work.session, earlier.data_key_id, _place(earlier.id), earlier.answer)
        answer = json.loads(opened)
        if answer["request"] != self._digest():
            raise refused("S233", field="Idempotency-Key")
        if "status" not in answer:
            raise refused("S235", field="Idempotency-Key")
        work.record("request.repeat", "request", earlier.id)
        return JSONResponse(answer["body"], answer["status"], answer["headers"] | {REPLAYED: "true"})


def read_repetition(
    request: Request,
    raw: RawBody,
    idempotency_key: Annotated[
        str | None,
        Header(description="a random text; the same request with the same key is done once"),
    ] = None,
) -> Repetition:
    """What tells one request from another."""
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Repetition(idempotency_key, request.method, address, raw)


Repeatable = Annotated[Repetition, Depends(read_repetition)]


def _place(id: str) -> Place:
    return Place("idempotent_requests", "answer", id)


def _forget(work: Work) -> None:
    """Delete what is older than a day, some of it: whoever else is at it is not waited for."""
    old = (
        select(IdempotentRequest.id)
        .where(IdempotentRequest.at <= work.now - KEPT)
        .order_by(IdempotentRequest.at)
        .limit(_FORGOTTEN)
        .with_for_update(skip_locked=True)
    )
    ids = work.session.scalars(old).all()
    if ids:
        work.session.execute(delete(IdempotentRequest).where(IdempotentRequest.id.in_(ids)))
