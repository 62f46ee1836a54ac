"""Accounts: who there is, inviting, roles at sites, locking and closing, and a link for a new password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking, require_filled, require_sure, status_of
from api.desk.forms import faults_of, read_version, require_chosen, written
from api.desk.people import sites_by_id
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.preferences import preferences_of
from api.pages.rendering import page
from api.paging import Pages, write_cursor
from api.signing_in import sign_ins_of
from screening.people import accounts, links
from screening.people.accounts import SERVICE_ROLE, Names, Place
from screening.people.links import Link, write_link
from screening.refusals import Refused
from screening.storage.tables.people import ACCOUNT_STATUSES, ApiToken, Membership
from screening.storage.versions import require_seen
from screening.work import Work

router = APIRouter(include_in_schema=False)

Status = Literal["", "invited", "active", "locked", "closed"]
_CHANGES: Final = {"active": accounts.unlock, "locked": accounts.lock, "closed": accounts.close}
_DONE: Final = frozenset({"name", "given", "taken", "active", "locked", "closed", "connected"})
# In a form, the site that stands for every site.
EVERYWHERE: Final = "everywhere"


@router.get("/administration/accounts")
def show_accounts(
    request: Request,
    pages: Pages,
    caller: Caller = opens("accounts.read"),
    status: Status = "",
    kind: Literal["", "person", "service"] = "",
    role: str = "",
    site: str = "",
) -> Response:
    """Accounts, newest first, filtered."""
    with caller.work() as work:
        sites = sites_by_id(work)
        found = accounts.list_accounts(
            work,
            pages,
            status=status or None,
            kind=kind or None,
            role=role if role in work.permissions.roles else None,
            site_id=site if site in sites else None,
        )
        held = _places_of(work, [account.id for account in found.items])
        rows = [(account, accounts.open_names(work, account), held[account.id]) for account in found.items]
    return page(
        request,
        "desk/administration/accounts.html",
        rows=rows,
        sites=sites,
        roles=caller.service.permissions.roles,
        asked={"status": [status], "kind": [kind], "role": [role], "site": [site]},
        filtered=bool(status or kind or role or site),
        following=write_cursor(found.following),
    )


@router.get("/administration/accounts/new")
def ask_for_account(request: Request, caller: Caller = opens("accounts.write")) -> Response:
    """The form for a new account."""
    return _show_new(request, caller, {"kind": ["person"], "language": [preferences_of(request).language]})


@router.post("/administration/accounts/new")
def add_account(request: Request, fields: Posted, caller: Caller = opens("accounts.write")) -> Response:
    """Make an account; for a person the link to give is shown this once."""
    kind: accounts.Kind = "service" if first(fields, "kind") == "service" else "person"
    faults = (
        *require_filled(fields, "sign_in_name", "display_name"),
        *(require_chosen(fields, "role", "site") if kind == "person" else require_chosen(fields, "site")),
    )
    if faults:
        return _show_new(request, caller, fields, faults)
    settings = sign_ins_of(request).settings
    names = Names(written(fields, "sign_in_name") or "", written(fields, "display_name") or "")
    role = SERVICE_ROLE if kind == "service" else first(fields, "role")
    try:
        with caller.work() as work:
            account = accounts.make_account(
                work,
                kind,
                names,
                [_place(role, first(fields, "site"))],
                "ar" if first(fields, "language") == "ar" else "en",
            )
            account_id = account.id
            link = None
            if kind == "person":
                link = links.invite(work, account, settings.invitation_lifetime)
    except Refused as error:
        shown = faults_of(error, "sign_in_name", "display_name", "role", "site", site_id="site")
        return _show_new(request, caller, fields, shown)
    if link is None:
        return RedirectResponse(f"/administration/tokens/new?account={account_id}", 303)
    return _show_link(request, link, account_id, names.display)


@router.get("/administration/accounts/{id}")
def show_one_account(
    request: Request, id: RecordId, done: str = "", caller: Caller = opens("accounts.read")
) -> Response:
    """One account: what it may do where, and everything that can be done about it."""
    return _show_account(request, caller, id, done=done if done in _DONE else "")


@router.post("/administration/accounts/{id}/name")
def rename_account(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("accounts.write")
) -> Response:
    """Change how others see an account."""
    if faults := require_filled(fields, "display_name"):
        return _show_account(request, caller, id, fields, faults)
    try:
        with caller.work() as work:
            account = accounts.find_account(work, id, to_change=True)
            require_seen(account, read_version(fields))
            accounts.rename(work, account, written(fields, "display_name") or "")
    except Refused as error:
        return _show_account(request, caller, id, fields, faults_of(error, "display_name"))
    return _done(id, "name")


@router.post("/administration/accounts/{id}/roles")
def give_role(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("accounts.write")
) -> Response:
    """Give a role at a site or everywhere, or take one away; the account is signed out."""
    if taken := first(fields, "take"):
        role, _, site = taken.partition("@")
        with caller.work() as work:
            account = accounts.find_account(work, id, to_change=True)
            accounts.withdraw(work, account, _place(role, site))
        return _done(id, "taken")
    if faults := require_chosen(fields, "role", "site"):
        return _show_account(request, caller, id, fields, faults)
    try:
        with caller.work() as work:
            account = accounts.find_account(work, id, to_change=True)
            accounts.grant(work, account, _place(first(fields, "role"), first(fields, "site")))
    except Refused as error:
        return _show_account(request, caller, id, fields, faults_of(error, "role", "site", site_id="site"))
    return _done(id, "given")


@router.get("/administration/accounts/{id}/status")
def ask_for_status(
    request: Request,
    id: RecordId,
    to: Literal["active", "locked", "closed"],
    caller: Caller = opens("accounts.write"),
) -> Response:
    """Ask before an account is locked, unlocked or closed."""
    return _show_status(request, caller, id, to)


@router.post("/administration/accounts/{id}/status")
def change_status(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("accounts.write")
) -> Response:
    """Lock, unlock or close an account; locking and closing end its sessions at once."""
    to = first(fields, "to")
    if to not in _CHANGES:
        return RedirectResponse(f"/administration/accounts/{id}", 303)
    if to == "closed" and (faults := require_sure(fields)):
        return _show_status(request, caller, id, to, faults)
    try:
        with caller.work() as work:
            account = accounts.find_account(work, id, to_change=True)
            require_seen(account, read_version(fields))
            _CHANGES[to](work, account)
    except Refused as error:
        return _show_status(request, caller, id, to, faults_of(error, "sure"))
    return _done(id, to)


@router.get("/administration/accounts/{id}/reset")
def ask_for_reset(request: Request, id: RecordId, caller: Caller = opens("accounts.write")) -> Response:
    """Ask before a password is taken away."""
    return _show_reset(request, caller, id)


@router.post("/administration/accounts/{id}/reset")
def make_reset_link(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("accounts.write")
) -> Response:
    """Take the password away, and the second factor if asked; the link for new ones is shown this once."""
    if faults := require_chosen(fields, "second_factor"):
        return _show_reset(request, caller, id, faults)
    settings = sign_ins_of(request).settings
    try:
        with caller.work() as work:
            account = accounts.find_account(work, id, to_change=True)
            both = first(fields, "second_factor") == "yes"
            link = links.reset(work, account, settings.invitation_lifetime, second_factor=both)
            name = accounts.open_names(work, account).display
    except Refused as error:
        return _show_reset(request, caller, id, faults_of(error, "second_factor"))
    return _show_link(request, link, id, name)


@router.post("/administration/accounts/{id}/connection")
def connect_with_organisation(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("accounts.write")
) -> Response:
    """Say who the account is at the identity provider, or take the connection away with an empty field."""
    issuer = sign_ins_of(request).settings.oidc_issuer
    try:
        with caller.work() as work:
            account = accounts.find_account(work, id, to_change=True)
            if issuer is not None:
                accounts.connect(work, account, issuer, written(fields, "subject"))
    except Refused as error:
        return _show_account(request, caller, id, fields, faults_of(error, "subject"))
    return _done(id, "connected")


def _place(role: str, site: str) -> Place:
    return Place(role, None if site == EVERYWHERE else site)


def _places_of(work: Work, ids: Sequence[str]) -> dict[str, list[Place]]:
    """The roles of several accounts in one query."""
    found: dict[str, list[Place]] = {id: [] for id in ids}
    rows = work.session.scalars(
        select(Membership)
        .where(Membership.account_id.in_(ids))
        .order_by(Membership.granted_at, Membership.id)
    )
    for row in rows:
        found[row.account_id].append(Place(row.role, row.site_id))
    return found


def _show_new(
    request: Request, caller: Caller, fields: Fields, faults: tuple[FieldFault, ...] = ()
) -> Response:
    with looking(caller) as work:
        sites = sites_by_id(work)
    return page(
        request,
        "desk/administration/account_new.html",
        status_code=status_of(faults),
        fields=fields,
        faults=faults,
        sites=[site for site in sites.values() if site.active],
        roles=caller.service.permissions.roles,
        service_role=SERVICE_ROLE,
        hours=sign_ins_of(request).settings.invitation_hours,
    )


def _show_account(
    request: Request,
    caller: Caller,
    id: str,
    fields: Fields | None = None,
    faults: tuple[FieldFault, ...] = (),
    done: str = "",
) -> Response:
    with caller.work() as work:
        account = accounts.read_account(work, id)
        names = accounts.open_names(work, account)
        places = accounts.places_of(work.session, id)
        sites = sites_by_id(work)
        tokens = work.session.scalars(
            select(ApiToken).where(ApiToken.account_id == id).order_by(ApiToken.created_at.desc())
        ).all()
        now = work.now
    return page(
        request,
        "desk/administration/account.html",
        status_code=status_of(faults),
        account=account,
        names=names,
        places=places,
        sites=sites,
        tokens=tokens,
        now=now,
        roles=caller.service.permissions.roles,
        fit=[
            role
            for role in caller.service.permissions.roles.values()
            if (role.id == SERVICE_ROLE) == (account.kind == "service")
        ],
        own=account.id == caller.actor.account_id,
        statuses=ACCOUNT_STATUSES,
        organisation=sign_ins_of(request).settings.oidc_issuer,
        fields=fields if fields is not None else {"display_name": [names.display]},
        faults=faults,
        done=done,
    )


def _show_status(
    request: Request, caller: Caller, id: str, to: str, faults: tuple[FieldFault, ...] = ()
) -> Response:
    return _confirm(request, caller, id, "account_status", faults, to=to)


def _show_reset(request: Request, caller: Caller, id: str, faults: tuple[FieldFault, ...] = ()) -> Response:
    return _confirm(request, caller, id, "account_reset", faults)


def _confirm(
    request: Request, caller: Caller, id: str, template: str, faults: tuple[FieldFault, ...], **more: Any
) -> Response:
    with caller.work() as work:
        account = accounts.read_account(work, id)
        names = accounts.open_names(work, account)
    return page(
        request,
        f"desk/administration/{template}.html",
        status_code=status_of(faults),
        account=account,
        names=names,
        faults=faults,
        **more,
    )


def _show_link(request: Request, link: Link, account_id: str, name: str) -> Response:
    settings = sign_ins_of(request).settings
    return page(
        request,
        "desk/administration/link.html",
        address=write_link(settings, link),
        until=link.expires_at,
        invitation=link.kind == "invitation",
        account_id=account_id,
        name=name,
    )


def _done(id: str, what: str) -> Response:
    return RedirectResponse(f"/administration/accounts/{id}?done={what}", 303)
