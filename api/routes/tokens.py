"""Tokens of other systems, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from api.access import Caller, requires
from api.bodies.people import NewToken, TokenIssued, TokenShown
from api.bodies.reading import RecordId, reads
from api.paging import Page, Pages, page
from api.problems import problem_responses
from api.repetitions import Created, Repeatable
from screening.people import api_tokens
from screening.storage.slices import take
from screening.storage.tables.people import ApiToken
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["tokens"])


@router.get("/tokens", summary="Tokens, newest first", responses=problem_responses(401, 403, 422, 503))
def list_tokens(
    pages: Pages,
    caller: Caller = requires("tokens.write"),
    account: Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")] = None,
) -> Page[TokenShown]:
    """List tokens, also those that ended; never their text."""
    with caller.work(writes=False) as work:
        statement = api_tokens.select_tokens(account)
        return page(take(work.session, statement, pages, [ApiToken.created_at, ApiToken.id]), _show)


@router.post(
    "/tokens",
    summary="Issue a token",
    status_code=201,
    response_model=TokenIssued,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
def issue_token(
    repetition: Repeatable,
    caller: Caller = requires("tokens.write"),
    body: NewToken = reads(NewToken),
) -> JSONResponse:
    """Issue a token for an account of another system; its text is in this answer and nowhere else."""

    def create(work: Work) -> Created:
        issued = api_tokens.issue(work, body.account, body.label, body.scopes, body.expires_at)
        return Created(TokenIssued(token=issued.token, record=_show(issued.row)), secret=True)

    return repetition.once(caller, create)


@router.delete(
    "/tokens/{id}",
    summary="Revoke a token",
    status_code=204,
    responses=problem_responses(401, 403, 404, 503),
)
def revoke_token(id: RecordId, caller: Caller = requires("tokens.write")) -> Response:
    """End a token now."""
    with caller.work() as work:
        api_tokens.revoke(work, id)
    return Response(status_code=204)


def _show(row: ApiToken) -> TokenShown:
    return TokenShown(
        id=row.id,
        account=row.account_id,
        label=row.label,
        scopes=tuple(row.scopes),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
