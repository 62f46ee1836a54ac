"""Tokens of other systems: shown once, with scopes, an end, and a way to revoke them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from indicators.errors import listed, nearest
from screening.clock import day_in_kuwait
from screening.people.access import Actor, Permissions
from screening.people.accounts import check_name, find_account, grants_of
from screening.people.one_time_texts import API_TOKEN_PREFIX, hash_token, new_token
from screening.refusals import refused
from screening.storage.tables.people import Account, ApiToken
from screening.storage.types import new_id
from screening.work import Work

LONGEST_DAYS: Final = 365
# Being used is written down this often at most.
SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was just made; its text is known here and to whoever is given it, nowhere else."""

    row: ApiToken
    token: str


def issue(work: Work, account_id: str, label: str, scopes: Iterable[str], expires_at: datetime) -> Issued:
    """Make a token for an account of another system.

    Raises `Refused` with S136 and S140 for the account, S138 for a scope that its roles do not give, S139 for
    an end that is past or more than a year away, S147 for a label.
    """
    account = find_account(work, account_id)
    if account.kind != "service":
        raise refused("S140", field="account")
    if account.status != "active":
        raise refused("S137", field="account", value=account.status)
    if not work.now < expires_at <= work.now + timedelta(days=LONGEST_DAYS):
        raise refused("S139", field="expires_at", most=LONGEST_DAYS)
    row = ApiToken(
        id=new_id(),
        account_id=account.id,
        label=check_name(label, "label"),
        scopes=_check_scopes(work, account, scopes),
        created_by=work.actor.account_id,
        created_at=work.now,
        expires_at=expires_at,
    )
    token = new_token(API_TOKEN_PREFIX)
    row.token_hash = hash_token(token)
    work.session.add(row)
    work.session.flush()
    work.record("token.issue", "token", row.id, account=account.id, scopes=list(row.scopes))
    return Issued(row, token)


def revoke(work: Work, token_id: str) -> ApiToken:
    """End a token now; raises `Refused` with S136 if there is none, or it was revoked before."""
    row = work.session.get(ApiToken, token_id)
    if row is None or row.revoked_at is not None:
        raise refused("S136")
    row.revoked_at = work.now
    work.record("token.revoke", "token", row.id, account=row.account_id)
    return row


def select_tokens(account_id: str | None = None) -> Select[ApiToken]:
    """Return the statement that lists tokens, also those that ended."""
    statement = select(ApiToken)
    return statement if account_id is None else statement.where(ApiToken.account_id == account_id)


def find_token(session: Session, token: str, now: datetime) -> ApiToken | None:
    """Return a token that is valid now. One used later than now is not: the clock went back too far."""
    if not token.startswith(API_TOKEN_PREFIX):
        return None
    row = session.scalars(select(ApiToken).where(ApiToken.token_hash == hash_token(token))).first()
    if row is None or row.revoked_at is not None:
        return None
    return row if max(now, row.last_used_at or now) < row.expires_at else None


def actor_of(session: Session, row: ApiToken) -> Actor | None:
    """Return the actor of a token: what its account may do now, and of that only the scopes."""
    account = session.get(Account, row.account_id)
    if account is None or account.status != "active" or account.kind != "service":
        return None
    return Actor(
        account.id,
        "service",
        grants_of(session, account.id),
        scopes=frozenset(row.scopes),
        token_id=row.id,
    )


def is_worth_noting(row: ApiToken, now: datetime) -> bool:
    """Whether the use of a token is to be written down now."""
    return row.last_used_at is None or now - row.last_used_at >= SEEN_EVERY


def see(work: Work, token_id: str) -> None:
    """Note that a token was used; its first use of a day is audited."""
    before = work.session.scalar(select(ApiToken.last_used_at).where(ApiToken.id == token_id))
    changed = work.session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id)
        .where((ApiToken.last_used_at == before) if before is not None else ApiToken.last_used_at.is_(None))
        .values(last_used_at=work.now if before is None else max(before, work.now))
        .returning(ApiToken.id)
    ).first()
    # Of several uses at the same moment one is noted.
    if changed is not None and (before is None or day_in_kuwait(before) < day_in_kuwait(work.now)):
        work.record("token.use", "token", token_id)


def scopes_for(permissions: Permissions, work: Work, account: Account) -> list[str]:
    """Return every scope that a token of an account could have: what its roles give."""
    actor = Actor(account.id, "service", grants_of(work.session, account.id))
    return [name for name in permissions.permissions if permissions.allowed(actor, name).anywhere]


def _check_scopes(work: Work, account: Account, scopes: Iterable[str]) -> list[str]:
    fit = scopes_for(work.permissions, work, account)
    found = list(dict.fromkeys(scopes))
    for scope in found or [""]:
        if scope not in fit:
            raise refused("S138", field="scopes", value=scope, nearest=nearest(scope, fit), known=listed(fit))
    return sorted(found)
