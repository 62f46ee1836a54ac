"""Links that work once: for the first administrator, for who is invited, and for a new password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import select

from indicators.errors import Fault
from screening.people.accounts import (
    ADMINISTRATOR,
    LONGEST_NAME,
    Names,
    Place,
    check_name,
    find_account,
    has_administrator,
    make_account,
    open_names,
    revoke_links,
)
from screening.people.attempts import CONFIRMATION, SECOND_FACTOR, Guess, clear
from screening.people.one_time_texts import hash_token, new_token
from screening.people.passwords import check_password
from screening.people.second_factors import make_secret
from screening.people.sessions import end_sessions
from screening.people.settings import SignInSettings
from screening.refusals import Refused, refused
from screening.storage.tables.people import Account, Invitation, Membership, RecoveryCode, SignInSession
from screening.storage.types import new_id
from screening.work import Work

LinkKind = Literal["first_administrator", "invitation", "password_reset"]
# The same as in the pages: people keep these addresses for days.
_PAGES: Final[dict[LinkKind, str]] = {
    "first_administrator": "first-administrator",
    "invitation": "invitation",
    "password_reset": "new-password",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was just made: its secret is shown once."""

    kind: LinkKind
    token: str
    expires_at: datetime


def write_link(settings: SignInSettings, link: Link) -> str:
    """Return the address that a link leads to; the pages answer it, and `POST /api/v1/invitations/accept`."""
    return f"{settings.public_address}/{_PAGES[link.kind]}?token={link.token}"


def make_first_link(work: Work, lifetime: timedelta) -> Link:
    """Make the link for the first administrator; those before it stop working.

    Raises `Refused` with S143 as soon as there is an administrator.
    """
    if has_administrator(work.session):
        raise refused("S143")
    for before in work.session.scalars(
        select(Invitation).where(Invitation.kind == "first_administrator", Invitation.used_at.is_(None))
    ):
        before.used_at = work.now
    link = _make(work, "first_administrator", None, lifetime)
    work.record("link.first_administrator", "account", "none")
    return link


def first_link(work: Work, lifetime: timedelta) -> Link | None:
    """For the start of the service: the first link while there is no administrator, None afterwards.

    A start never takes back a link that is still valid, or a second process would spoil that of the first.
    """
    if has_administrator(work.session):
        return None
    open_one = work.session.scalars(
        select(Invitation.id)
        .where(Invitation.kind == "first_administrator", Invitation.used_at.is_(None))
        .where(Invitation.expires_at > work.now)
    ).first()
    return None if open_one is not None else make_first_link(work, lifetime)


def invite(work: Work, account: Account, lifetime: timedelta) -> Link:
    """Make the link by which an invited person sets a password; earlier ones stop working."""
    if account.kind != "person":
        raise refused("S140")
    if account.status != "invited":
        raise refused("S137", value=account.status)
    revoke_links(work, account)
    work.record("link.invitation", "account", account.id)
    return _make(work, "invitation", account, lifetime)


def reset(work: Work, account: Account, lifetime: timedelta, *, second_factor: bool) -> Link:
    """Take away the password, and the second factor if asked, and make the link for new ones.

    Sessions end now. Nobody resets himself: whoever can sign in changes a password instead. Who has never
    accepted the invitation gets another one.
    """
    if account.kind != "person":
        raise refused("S140")
    if account.id == work.actor.account_id:
        raise refused("S132")
    if account.status == "invited" and account.password_changed_at is None:
        return invite(work, account, lifetime)
    if account.status not in ("active", "invited"):
        raise refused("S137", value=account.status)
    account.password_hash = None
    if second_factor:
        make_secret(work, account)
        account.status = "invited"
        for code in work.session.scalars(select(RecoveryCode).where(RecoveryCode.account_id == account.id)):
            work.session.delete(code)
    clear(work, [Guess(SECOND_FACTOR, account.id), Guess(CONFIRMATION, account.id)])
    end_sessions(work, account.id, "reset")
    revoke_links(work, account)
    account.version += 1
    work.record("account.reset", "account", account.id, second_factor=second_factor)
    return _make(work, "password_reset", account, lifetime)


def find_link(work: Work, token: str) -> Invitation:
    """Return the link of a token; raises `Refused` with S128 if it is unknown, used, too old or pointless."""
    row = work.session.scalars(
        select(Invitation).where(Invitation.token_hash == hash_token(token)).with_for_update()
    ).first()
    if row is None or row.used_at is not None or not row.created_at <= work.now < row.expires_at:
        raise refused("S128", field="token")
    if row.account_id is not None:
        if find_account(work, row.account_id).status not in ("active", "invited"):
            raise refused("S128", field="token")
    elif has_administrator(work.session):
        raise refused("S128", field="token")
    return row


def check_new_password(work: Work, link: Invitation, password: str, names: Names | None) -> None:
    """Raise `Refused` with everything that is wrong with what who accepts the link has written.

    The first administrator brings his names; for everybody else they are those of the invitation.
    """
    called, faults = names, list[Fault]()
    if link.account_id is not None:
        called = open_names(work, find_account(work, link.account_id))
    elif names is not None:
        for text, field in ((names.sign_in, "sign_in_name"), (names.display, "display_name")):
            try:
                check_name(text, field)
            except Refused as error:
                faults += error.faults
    try:
        check_password(password, () if called is None else (called.sign_in, called.display))
    except Refused as error:
        faults += error.faults
    if faults:
        raise Refused(faults)


def accept(work: Work, token: str, password_hash: str, names: Names | None) -> Account:
    """Use a link up: the account has this password, and a secret for its second factor if it has none yet.

    The first administrator brings his names; for everybody else they are those of the invitation. Raises
    `Refused` with S128 for the link, S147 where names are needed.
    """
    link = find_link(work, token)
    link.used_at = work.now
    if link.account_id is None:
        if names is None:
            raise refused("S147", field="sign_in_name", most=LONGEST_NAME)
        _close_unfinished(work)
        account = make_account(work, "person", names, [Place(ADMINISTRATOR)])
    else:
        account = find_account(work, link.account_id, to_change=True)
    account.password_hash = password_hash
    account.password_changed_at = work.now
    account.version += 1
    if account.totp_confirmed_at is None:
        make_secret(work, account)
    end_sessions(work, account.id, "password_changed")
    work.record("link.accept", "account", account.id, kind=link.kind)
    return account


def _close_unfinished(work: Work) -> None:
    """Whoever took an earlier first link and never set up a second factor is not the administrator."""
    unfinished = select(Account).where(
        Account.status == "invited",
        Account.created_by.is_(None),
        Account.totp_confirmed_at.is_(None),
        Account.id.in_(select(Membership.account_id).where(Membership.role == ADMINISTRATOR)),
        # One that was reset has signed in before; it stays.
        Account.id.not_in(select(SignInSession.account_id).where(SignInSession.step == "signed_in")),
    )
    for account in work.session.scalars(unfinished):
        account.status, account.closed_at, account.password_hash = "closed", work.now, None
        # The name is free again: it was never anybody's.
        account.sign_in_lookup = work.vault.lookup(work.session, "abandoned", account.id)
        end_sessions(work, account.id, "closed")
        work.record("account.close", "account", account.id)


def _make(work: Work, kind: LinkKind, account: Account | None, lifetime: timedelta) -> Link:
    token = new_token()
    expires_at = work.now + lifetime
    work.session.add(
        Invitation(
            id=new_id(),
            kind=kind,
            token_hash=hash_token(token),
            account_id=None if account is None else account.id,
            created_by=None if work.actor.kind == "system" else work.actor.account_id,
            created_at=work.now,
            expires_at=expires_at,
        )
    )
    work.session.flush()
    return Link(kind, token, expires_at)
