"""Accounts and what they may do where; administrators change them, and nobody changes his own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from indicators.errors import listed, nearest
from screening.people.access import Grant
from screening.people.sessions import end_sessions
from screening.phrases import Language
from screening.refusals import refused
from screening.storage.slices import Asked, Slice, take
from screening.storage.tables.people import ROLES, Account, ApiToken, Invitation, Membership
from screening.storage.tables.sites import Site
from screening.storage.types import new_id
from screening.work import Work

Kind = Literal["person", "service"]
SERVICE_ROLE: Final = "service"
ADMINISTRATOR: Final = "administrator"
LONGEST_NAME: Final = 100
_TABLE: Final = "accounts"


@dataclass(frozen=True, slots=True)
class Place:
    """A role at a site, or at every site."""

    role: str
    site_id: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What an account is called: how it signs in, and how others see it."""

    sign_in: str
    display: str


def make_account(
    work: Work, kind: Kind, names: Names, places: Iterable[Place], language: Language = "en"
) -> Account:
    """Make an account: a person's is `invited` until its link is accepted, a system's is active at once.

    Raises `Refused` with S135 for a sign-in name that is taken, S147 for one that cannot be used, S134 and
    S141 for roles and sites.
    """
    sign_in, display = check_name(names.sign_in, "sign_in_name"), check_name(names.display, "display_name")
    lookup = name_lookup(work, sign_in)
    if work.session.scalars(select(Account.id).where(Account.sign_in_lookup == lookup)).first():
        raise refused("S135", field="sign_in_name")
    id = new_id()
    account = Account(
        id=id,
        kind=kind,
        status="invited" if kind == "person" else "active",
        sign_in_lookup=lookup,
        sign_in_name=work.seal_system(_TABLE, "sign_in_name", id, sign_in),
        display_name=work.seal_system(_TABLE, "display_name", id, display),
        language=language,
        created_at=work.now,
        created_by=_actor_account(work),
    )
    work.session.add(account)
    work.session.flush()
    work.record("account.create", "account", id, kind=kind)
    for place in dict.fromkeys(places):
        _add(work, account, place)
    return account


def find_account(work: Work, account_id: str, *, to_change: bool = False) -> Account:
    """Return an account; raises `Refused` with S136 if there is none of this id."""
    statement = select(Account).where(Account.id == account_id)
    account = work.session.scalars(statement.with_for_update() if to_change else statement).first()
    if account is None:
        raise refused("S136")
    return account


def find_by_name(work: Work, name: str) -> Account | None:
    """Return the account of a sign-in name, if somebody has it."""
    lookup = name_lookup(work, name)
    return work.session.scalars(select(Account).where(Account.sign_in_lookup == lookup)).first()


def select_accounts(
    *, status: str | None = None, kind: str | None = None, role: str | None = None, site_id: str | None = None
) -> Select[Account]:
    """Return the statement that lists accounts, filtered; a role at every site is also one at each."""
    statement = select(Account)
    if status is not None:
        statement = statement.where(Account.status == status)
    if kind is not None:
        statement = statement.where(Account.kind == kind)
    if role is not None or site_id is not None:
        held: list[ColumnElement[bool]] = [Membership.account_id == Account.id]
        if role is not None:
            held.append(Membership.role == role)
        if site_id is not None:
            held.append(or_(Membership.site_id == site_id, Membership.site_id.is_(None)))
        statement = statement.where(exists().where(*held))
    return statement


def list_accounts(
    work: Work,
    asked: Asked,
    *,
    status: str | None = None,
    kind: str | None = None,
    role: str | None = None,
    site_id: str | None = None,
) -> Slice[Account]:
    """Return accounts, newest first, filtered as by `select_accounts`; that somebody looked is on record."""
    statement = select_accounts(status=status, kind=kind, role=role, site_id=site_id)
    found = take(work.session, statement, asked, [Account.created_at, Account.id])
    work.record("account.list", "account", "list", count=len(found.items))
    return found


def read_account(work: Work, account_id: str) -> Account:
    """Return one account, to look at; that somebody looked is on record. Raises `Refused` with S136."""
    account = find_account(work, account_id)
    work.record("account.read", "account", account.id)
    return account


def open_names(work: Work, account: Account) -> Names:
    """Return what an account is called."""
    return Names(
        work.open_system(_TABLE, "sign_in_name", account.id, account.sign_in_name),
        work.open_system(_TABLE, "display_name", account.id, account.display_name),
    )


def rename(work: Work, account: Account, display: str) -> None:
    """Change how others see an account."""
    text = check_name(display, "display_name")
    account.display_name = work.seal_system(_TABLE, "display_name", account.id, text)
    _changed(work, account, "account.rename")


def speak(work: Work, account: Account, language: Language) -> None:
    """Change the language an account reads."""
    account.language = language
    _changed(work, account, "account.language", language=language)


def connect(work: Work, account: Account, issuer: str, subject: str | None) -> None:
    """Connect an account with its subject at an identity provider, or take the connection away.

    Raises `Refused` with S140 for an account of a system, S135 for a subject that another account has.
    """
    _not_oneself(work, account)
    if account.kind != "person":
        raise refused("S140")
    found = None if subject is None else subject_lookup(work, issuer, subject)
    if found is not None:
        taken = select(Account.id).where(Account.oidc_lookup == found, Account.id != account.id)
        if work.session.scalars(taken).first():
            raise refused("S135", field="subject")
    account.oidc_lookup = found
    end_sessions(work, account.id, "account_changed")
    _changed(work, account, "account.connect", connected=found is not None)


def lock(work: Work, account: Account) -> None:
    """Keep an account out until it is unlocked; its sessions end now."""
    _not_oneself(work, account)
    _require_status(account, "active", "invited")
    _keep_an_administrator(work, account)
    account.status = "locked"
    end_sessions(work, account.id, "locked")
    _changed(work, account, "account.lock")


def unlock(work: Work, account: Account) -> None:
    """Let a locked account in again: as it was, or still invited if it was never finished."""
    _not_oneself(work, account)
    _require_status(account, "locked")
    finished = account.kind == "service" or account.totp_confirmed_at is not None
    account.status = "active" if finished else "invited"
    _changed(work, account, "account.unlock")


def close(work: Work, account: Account) -> None:
    """End an account for good: nobody signs in with it again, and its record stays for the audit."""
    _not_oneself(work, account)
    _require_status(account, "active", "invited", "locked")
    _keep_an_administrator(work, account)
    account.status, account.closed_at = "closed", work.now
    account.password_hash = account.totp_secret = account.oidc_lookup = None
    end_sessions(work, account.id, "closed")
    revoke_links(work, account)
    for token in work.session.scalars(
        select(ApiToken).where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
    ):
        token.revoked_at = work.now
    _changed(work, account, "account.close")


def grant(work: Work, account: Account, place: Place) -> bool:
    """Give a role; whether it is new. Sessions of the account end, so that it begins with what it may now do.

    Raises `Refused` with S132 for one's own account, S134 and S141 for roles and sites that cannot be given.
    """
    _not_oneself(work, account)
    _require_status(account, "active", "invited", "locked")
    if place in places_of(work.session, account.id):
        return False
    _add(work, account, place)
    end_sessions(work, account.id, "roles_changed")
    account.version += 1
    return True


def withdraw(work: Work, account: Account, place: Place) -> None:
    """Take a role away; sessions of the account end. Raises `Refused` with S132, S133 or S136."""
    _not_oneself(work, account)
    if place not in places_of(work.session, account.id):
        raise refused("S136")
    if place.role == ADMINISTRATOR:
        _keep_an_administrator(work, account, but_loses=place)
    work.session.execute(
        delete(Membership).where(
            Membership.account_id == account.id,
            Membership.role == place.role,
            Membership.site_id.is_(None) if place.site_id is None else Membership.site_id == place.site_id,
        )
    )
    end_sessions(work, account.id, "roles_changed")
    account.version += 1
    work.record("account.withdraw", "account", account.id, site_id=place.site_id, role=place.role)


def places_of(session: Session, account_id: str) -> list[Place]:
    """Return the roles of an account with their sites."""
    rows = session.scalars(
        select(Membership)
        .where(Membership.account_id == account_id)
        .order_by(Membership.granted_at, Membership.id)
    )
    return [Place(row.role, row.site_id) for row in rows]


def grants_of(session: Session, account_id: str) -> frozenset[Grant]:
    """Return what an actor of this account may build on."""
    return frozenset(Grant(place.role, place.site_id) for place in places_of(session, account_id))


def has_administrator(session: Session) -> bool:
    """Whether somebody can administer: active, with a second factor."""
    return session.scalars(select(Account.id).where(_administers()).limit(1)).first() is not None


def revoke_links(work: Work, account: Account) -> None:
    """Make every open link of an account worthless."""
    for link in work.session.scalars(
        select(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
    ):
        link.used_at = work.now


def select_colleagues(work: Work, roles: Sequence[str] = (), site_id: str | None = None) -> Select[Account]:
    """Return the statement that lists the active people at the actor's sites, apart from himself.

    Raises `Refused` with S122 for a site where he does not work.
    """
    allowed = work.permissions.require(work.actor, "colleagues.read")
    at: list[ColumnElement[bool]] = [Membership.account_id == Account.id]
    if roles:
        at.append(Membership.role.in_(roles))
    if site_id is not None:
        work.require_site(site_id, "colleagues.read")
        at.append(or_(Membership.site_id == site_id, Membership.site_id.is_(None)))
    elif allowed.sites is not None:
        at.append(or_(Membership.site_id.in_(sorted(allowed.sites)), Membership.site_id.is_(None)))
    return (
        select(Account)
        .where(Account.kind == "person", Account.status == "active", Account.id != work.actor.account_id)
        .where(exists().where(*at))
    )


def name_lookup(work: Work, name: str) -> str:
    """Return the keyed hash by which a sign-in name is found."""
    return work.vault.lookup(work.session, "sign_in", name)


def subject_lookup(work: Work, issuer: str, subject: str) -> str:
    """Return the keyed hash by which a subject of an identity provider is found; case and spaces count."""
    return work.vault.lookup(work.session, "subject", f"{issuer}\x1f{subject.encode().hex()}")


def check_name(text: str, field: str) -> str:
    """Return a name without spaces around it; raises `Refused` with S147 if it cannot be one."""
    name = unicodedata.normalize("NFC", text).strip()
    # The zero-width non-joiner and joiner belong to names in Persian, Urdu, Nepali, Sinhala and Malayalam.
    visible = all(letter in " \u200c\u200d" or unicodedata.category(letter)[0] not in "CZ" for letter in name)
    if not 1 <= len(name) <= LONGEST_NAME or not visible or not any(map(str.isalnum, name)):
        raise refused("S147", field=field, most=LONGEST_NAME)
    return name


def _add(work: Work, account: Account, place: Place) -> None:
    _check_role(account, place.role)
    if place.site_id is not None:
        site = work.session.get(Site, place.site_id)
        if site is None or not site.active:
            raise refused("S141", field="site_id")
    work.session.add(
        Membership(
            id=new_id(),
            account_id=account.id,
            role=place.role,
            site_id=place.site_id,
            granted_by=_actor_account(work),
            granted_at=work.now,
        )
    )
    work.session.flush()
    work.record("account.grant", "account", account.id, site_id=place.site_id, role=place.role)


def _check_role(account: Account, role: str) -> None:
    fit = [one for one in ROLES if (one == SERVICE_ROLE) == (account.kind == "service")]
    if role not in fit:
        raise refused("S134", field="role", value=role, nearest=nearest(role, fit), known=listed(fit))


def _not_oneself(work: Work, account: Account) -> None:
    if work.actor.account_id == account.id:
        raise refused("S132")


def _require_status(account: Account, *statuses: str) -> None:
    if account.status not in statuses:
        raise refused("S137", value=account.status)


def _administers() -> ColumnElement[bool]:
    held = exists().where(Membership.account_id == Account.id, Membership.role == ADMINISTRATOR)
    usable = Account.totp_confirmed_at.is_not(None)
    return (Account.kind == "person") & (Account.status == "active") & usable & held


def _keep_an_administrator(work: Work, account: Account, but_loses: Place | None = None) -> None:
    """Raise S133 if nobody could administer afterwards."""
    # Every administrator's row is taken, always in the same order: two who remove one another stand in line.
    statement = select(Account.id).where(_administers()).order_by(Account.id)
    work.session.scalars(statement.with_for_update(of=Account)).all()
    # Read again: only a new statement sees what those before us in the line have done.
    usable = set(work.session.scalars(statement))
    if account.id not in usable:
        return
    if but_loses is not None:
        left = [one for one in places_of(work.session, account.id) if one != but_loses]
        if any(one.role == ADMINISTRATOR for one in left):
            return
    if usable == {account.id}:
        raise refused("S133")


def _changed(work: Work, account: Account, action: str, **detail: Any) -> None:
    account.version += 1
    work.record(action, "account", account.id, **detail)


def _actor_account(work: Work) -> str | None:
    """The account of who acts; the system has none."""
    return None if work.actor.kind == "system" else work.actor.account_id
