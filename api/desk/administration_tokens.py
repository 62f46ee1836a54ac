"""Tokens of other systems: what each may do, until when, and ending it; its text is shown once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking, require_filled, status_of
from api.desk.forms import faults_of, require_chosen, written
from api.desk.people import names_of
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from api.paging import Pages, write_cursor
from screening.people import accounts, api_tokens
from screening.refusals import Refused, refused
from screening.storage.slices import take
from screening.storage.tables.people import Account, ApiToken

router = APIRouter(include_in_schema=False)

# How long a token may work, in days; a year is the longest.
_DAYS: Final = ("30", "90", "180", str(api_tokens.LONGEST_DAYS))


@router.get("/administration/tokens")
def show_tokens(
    request: Request, pages: Pages, done: str = "", caller: Caller = opens("tokens.write")
) -> Response:
    """Tokens, newest first, also those that ended."""
    with looking(caller) as work:
        found = take(work.session, api_tokens.select_tokens(), pages, [ApiToken.created_at, ApiToken.id])
        names = dict(names_of(work, [row.account_id for row in found.items]))
        now = work.now
        systems = work.session.scalar(select(Account.id).where(Account.kind == "service").limit(1))
    return page(
        request,
        "desk/administration/tokens.html",
        rows=found.items,
        names=names,
        permissions=caller.service.permissions.permissions,
        now=now,
        systems=systems is not None,
        following=write_cursor(found.following),
        done=done == "revoked",
    )


@router.get("/administration/tokens/new")
def ask_for_token(request: Request, account: str = "", caller: Caller = opens("tokens.write")) -> Response:
    """Choose the system, then what its token may do."""
    return _show_new(request, caller, account, {})


@router.post("/administration/tokens/new")
def issue_new_token(request: Request, fields: Posted, caller: Caller = opens("tokens.write")) -> Response:
    """Issue a token; its text is on this page and nowhere else."""
    account = first(fields, "account")
    faults = (*require_filled(fields, "label"), *require_chosen(fields, "scopes", "days"))
    if faults or first(fields, "days") not in _DAYS:
        return _show_new(request, caller, account, fields, faults or require_chosen({}, "days"))
    try:
        with caller.work() as work:
            issued = api_tokens.issue(
                work,
                account,
                written(fields, "label") or "",
                [scope for scope in fields["scopes"] if scope],
                work.now + timedelta(days=int(first(fields, "days"))),
            )
            name = names_of(work, [account])[account]
            label, until = issued.row.label, issued.row.expires_at
    except Refused as error:
        shown = faults_of(error, "label", "scopes", "days", expires_at="days")
        return _show_new(request, caller, account, fields, shown)
    return page(
        request,
        "desk/administration/token_issued.html",
        token=issued.token,
        label=label,
        until=until,
        name=name,
    )


@router.get("/administration/tokens/{id}/revoke")
def ask_to_revoke(request: Request, id: RecordId, caller: Caller = opens("tokens.write")) -> Response:
    """Ask before a token ends."""
    with looking(caller) as work:
        row = work.session.get(ApiToken, id)
        if row is None or row.revoked_at is not None:
            raise refused("S136")
        name = names_of(work, [row.account_id])[row.account_id]
    return page(request, "desk/administration/token_revoke.html", row=row, name=name)


@router.post("/administration/tokens/{id}/revoke")
def revoke_one_token(id: RecordId, caller: Caller = opens("tokens.write")) -> Response:
    """End a token now."""
    with caller.work() as work:
        api_tokens.revoke(work, id)
    return RedirectResponse("/administration/tokens?done=revoked", 303)


def _show_new(
    request: Request, caller: Caller, account_id: str, fields: Fields, faults: tuple[FieldFault, ...] = ()
) -> Response:
    with looking(caller) as work:
        rows = work.session.scalars(
            accounts.select_accounts(status="active", kind="service").order_by(Account.created_at)
        ).all()
        chosen = next((row for row in rows if row.id == account_id), None)
        systems = [(row.id, accounts.open_names(work, row).display) for row in rows]
        fit = [] if chosen is None else api_tokens.scopes_for(work.permissions, work, chosen)
        now = work.now
    return page(
        request,
        "desk/administration/token_new.html",
        status_code=status_of(faults),
        systems=systems,
        chosen=None if chosen is None else chosen.id,
        scopes=[caller.service.permissions.permissions[scope] for scope in fit],
        days=[(one, now + timedelta(days=int(one))) for one in _DAYS],
        fields=fields,
        faults=faults,
    )
