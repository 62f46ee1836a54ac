"""Accounts, for administrators; and the colleagues that one can hand over to."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.people import (
    AccountChange,
    AccountMade,
    AccountShown,
    ColleagueShown,
    LinkShown,
    MembershipShown,
    NewAccount,
    ResetAsked,
    SubjectGiven,
)
from api.bodies.reading import RecordId, reads
from api.paging import Page, Pages, page
from api.problems import problem_responses
from api.repetitions import Created, Repeatable
from api.signing_in import sign_ins_of
from api.versions import SeenVersion, answer
from screening.people import accounts, links
from screening.people.accounts import Names, Place
from screening.people.links import Link, write_link
from screening.people.settings import SignInSettings
from screening.refusals import refused
from screening.storage.slices import take
from screening.storage.tables.people import Account
from screening.storage.versions import require_seen
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["accounts"])

RoleInPath = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]
RoleAsked = Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$")]
SiteAsked = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
_ONE = problem_responses(401, 403, 404, 409, 422, 503)


@router.get("/accounts", summary="Accounts, newest first", responses=problem_responses(401, 403, 422, 503))
def list_accounts(
    pages: Pages,
    caller: Caller = requires("accounts.read"),
    status: Literal["invited", "active", "locked", "closed"] | None = None,
    kind: Literal["person", "service"] | None = None,
    role: RoleAsked = None,
    site: SiteAsked = None,
) -> Page[AccountShown]:
    """List accounts, filtered by status, kind, role and site."""
    with caller.work() as work:
        found = accounts.list_accounts(work, pages, status=status, kind=kind, role=role, site_id=site)
        return page(found, lambda account: _show(work, account))


@router.post(
    "/accounts",
    summary="Make an account, or invite a person",
    status_code=201,
    response_model=AccountMade,
    responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
)
def create_account(
    request: Request,
    repetition: Repeatable,
    caller: Caller = requires("accounts.write"),
    body: NewAccount = reads(NewAccount),
) -> JSONResponse:
    """Make an account; for a person the answer holds the link to give, shown this once."""
    settings = sign_ins_of(request).settings

    def create(work: Work) -> Created:
        names = Names(body.sign_in_name, body.display_name)
        places = [Place(one.role, one.site) for one in body.memberships]
        account = accounts.make_account(work, body.kind, names, places, body.language)
        link = None
        if body.kind == "person":
            link = _show_link(settings, links.invite(work, account, settings.invitation_lifetime))
        return Created(
            AccountMade(account=_show(work, account), link=link),
            version=account.version,
            location=f"/api/v1/accounts/{account.id}",
            secret=link is not None,
        )

    return repetition.once(caller, create)


@router.get("/accounts/{id}", summary="One account", response_model=AccountShown, responses=_ONE)
def show_account(id: RecordId, caller: Caller = requires("accounts.read")) -> JSONResponse:
    """Show an account."""
    with caller.work() as work:
        account = accounts.read_account(work, id)
        return answer(_show(work, account), version=account.version)


@router.patch(
    "/accounts/{id}",
    summary="Rename, lock, unlock or close an account",
    response_model=AccountShown,
    responses=problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
)
def change_account(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("accounts.write"),
    body: AccountChange = reads(AccountChange),
) -> JSONResponse:
    """Change an account; locking and closing end its sessions at once. Not the own one, not the last one."""
    with caller.work() as work:
        account = accounts.find_account(work, id, to_change=True)
        require_seen(account, seen)
        if body.display_name is not None:
            accounts.rename(work, account, body.display_name)
        if body.language is not None:
            accounts.speak(work, account, body.language)
        if body.status is not None:
            change = {"active": accounts.unlock, "locked": accounts.lock, "closed": accounts.close}
            change[body.status](work, account)
        return answer(_show(work, account), version=account.version)


@router.put(
    "/accounts/{id}/memberships/{role}",
    summary="Give a role at every site",
    response_model=AccountShown,
    responses=_ONE,
)
def grant_everywhere(
    id: RecordId, role: RoleInPath, caller: Caller = requires("accounts.write")
) -> JSONResponse:
    """Give a role at every site; the account is signed out, so that it begins with what it may now do."""
    return _grant(caller, id, Place(role))


@router.put(
    "/accounts/{id}/memberships/{role}/{site}",
    summary="Give a role at a site",
    response_model=AccountShown,
    responses=_ONE,
)
def grant_at_site(
    id: RecordId, role: RoleInPath, site: RecordId, caller: Caller = requires("accounts.write")
) -> JSONResponse:
    """Give a role at a site; the account is signed out."""
    return _grant(caller, id, Place(role, site))


@router.delete(
    "/accounts/{id}/memberships/{role}",
    summary="Take a role at every site away",
    response_model=AccountShown,
    responses=_ONE,
)
def withdraw_everywhere(
    id: RecordId, role: RoleInPath, caller: Caller = requires("accounts.write")
) -> JSONResponse:
    """Take a role away that was given for every site; the account is signed out."""
    return _withdraw(caller, id, Place(role))


@router.delete(
    "/accounts/{id}/memberships/{role}/{site}",
    summary="Take a role at a site away",
    response_model=AccountShown,
    responses=_ONE,
)
def withdraw_at_site(
    id: RecordId, role: RoleInPath, site: RecordId, caller: Caller = requires("accounts.write")
) -> JSONResponse:
    """Take a role away that was given for a site; the account is signed out."""
    return _withdraw(caller, id, Place(role, site))


@router.post(
    "/accounts/{id}/reset",
    summary="Make a link for a new password",
    response_model=LinkShown,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
def reset_account(
    request: Request,
    id: RecordId,
    caller: Caller = requires("accounts.write"),
    body: ResetAsked = reads(ResetAsked),
) -> JSONResponse:
    """Take the password away, and the second factor if asked, and make the link for new ones."""
    settings = sign_ins_of(request).settings
    with caller.work() as work:
        account = accounts.find_account(work, id, to_change=True)
        link = links.reset(work, account, settings.invitation_lifetime, second_factor=body.second_factor)
        return answer(_show_link(settings, link))


@router.put(
    "/accounts/{id}/connection",
    summary="Connect an account with an organisation",
    response_model=AccountShown,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
def connect_account(
    request: Request,
    id: RecordId,
    caller: Caller = requires("accounts.write"),
    body: SubjectGiven = reads(SubjectGiven),
) -> JSONResponse:
    """Say who the account is at the identity provider; only then can one sign in through it."""
    return _connect(request, caller, id, body.subject)


@router.delete(
    "/accounts/{id}/connection",
    summary="Disconnect an account from its organisation",
    response_model=AccountShown,
    responses=_ONE,
)
def disconnect_account(
    request: Request, id: RecordId, caller: Caller = requires("accounts.write")
) -> JSONResponse:
    """Take the connection with the identity provider away."""
    return _connect(request, caller, id, None)


@router.get(
    "/colleagues", summary="Whom one can hand over to", responses=problem_responses(401, 403, 422, 503)
)
def list_colleagues(
    pages: Pages,
    caller: Caller = requires("colleagues.read"),
    role: RoleAsked = None,
    site: SiteAsked = None,
) -> Page[ColleagueShown]:
    """List the active people at the own sites, by name and role only."""
    with caller.work(writes=False) as work:
        statement = accounts.select_colleagues(work, () if role is None else (role,), site)
        found = take(work.session, statement, pages, [Account.created_at, Account.id], newest_first=False)
        return page(found, lambda account: _show_colleague(work, account))


def _grant(caller: Caller, account_id: str, place: Place) -> JSONResponse:
    with caller.work() as work:
        account = accounts.find_account(work, account_id, to_change=True)
        accounts.grant(work, account, place)
        return answer(_show(work, account), version=account.version)


def _withdraw(caller: Caller, account_id: str, place: Place) -> JSONResponse:
    with caller.work() as work:
        account = accounts.find_account(work, account_id, to_change=True)
        accounts.withdraw(work, account, place)
        return answer(_show(work, account), version=account.version)


def _connect(request: Request, caller: Caller, account_id: str, subject: str | None) -> JSONResponse:
    issuer = sign_ins_of(request).settings.oidc_issuer
    if issuer is None:
        raise refused("S144")
    with caller.work() as work:
        account = accounts.find_account(work, account_id, to_change=True)
        accounts.connect(work, account, issuer, subject)
        return answer(_show(work, account), version=account.version)


def _show(work: Work, account: Account) -> AccountShown:
    names = accounts.open_names(work, account)
    return AccountShown.model_validate(
        {
            "id": account.id,
            "kind": account.kind,
            "status": account.status,
            "sign_in_name": names.sign_in,
            "display_name": names.display,
            "language": account.language,
            "memberships": tuple(
                MembershipShown(role=place.role, site=place.site_id)
                for place in accounts.places_of(work.session, account.id)
            ),
            "second_factor": account.totp_confirmed_at is not None,
            "connected": account.oidc_lookup is not None,
            "created_at": account.created_at,
            "closed_at": account.closed_at,
            "version": account.version,
        }
    )


def _show_colleague(work: Work, account: Account) -> ColleagueShown:
    roles = dict.fromkeys(place.role for place in accounts.places_of(work.session, account.id))
    return ColleagueShown(
        id=account.id, display_name=accounts.open_names(work, account).display, roles=tuple(roles)
    )


def _show_link(settings: SignInSettings, link: Link) -> LinkShown:
    return LinkShown(address=write_link(settings, link), token=link.token, expires_at=link.expires_at)
