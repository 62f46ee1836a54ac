"""Signing in, step by step: name and password, then the second factor; and confirming who is there.

Each step is one transaction or several, because a password takes long to verify and a failure has to be kept:
what is refused here was counted and audited before. A name that nobody has is answered like a wrong password,
after the same work.
"""

from __future__ import annotations

import base64
import binascii
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from screening.people import attempts, links, second_factors, sessions
from screening.people.access import SYSTEM, Actor
from screening.people.accounts import Names, find_account, find_by_name, grants_of, name_lookup, open_names
from screening.people.attempts import Guess
from screening.people.passwords import Hasher, check_password
from screening.people.sessions import Opened, SessionRules, Step
from screening.people.settings import SignInSettings
from screening.refusals import Refused, refused
from screening.storage.tables.people import Account, SignInSession
from screening.work import Service, Work

_USABLE: Final = ("active", "invited")
_PENDING_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class From:
    """Where a request came from: its address, and its number in the log."""

    address: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs; shown until its first code was given."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class FirstStep:
    """The password was right: a session that can do nothing but the second step."""

    session: Opened
    enrolment: Enrolment | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Signed in. Recovery codes are new and shown once, after the second factor was set up."""

    session: Opened
    recovery_codes: tuple[str, ...] = ()
    recovery_codes_left: int = second_factors.RECOVERY_CODES


@dataclass(frozen=True, slots=True)
class Pending:
    """A new second factor before its first code; `sealed` comes back with that code."""

    enrolment: Enrolment
    sealed: str


@dataclass(frozen=True, slots=True)
class Held:
    """A session that a browser holds, and whose it is."""

    id: str
    account_id: str
    step: Step
    csrf_token: str
    expires_at: datetime
    last_seen_at: datetime
    actor: Actor


class SignIns:
    """The doors of one service."""

    def __init__(self, service: Service, settings: SignInSettings, hasher: Hasher | None = None) -> None:
        self.service = service
        self.settings = settings
        self.rules = SessionRules(settings.session_idle, settings.session_length)
        self._hasher = hasher if hasher is not None else Hasher()

    # Who is there

    def find(self, token: str) -> Held | None:
        """Return the session of a cookie if it has not ended, and note that it was used."""
        with self.service.work(SYSTEM, writes=False) as work:
            row = sessions.find_session(work.session, token, work.now, self.rules)
            account = None if row is None else work.session.get(Account, row.account_id)
            if row is None or account is None or account.status not in _USABLE:
                return None
            # Before the second step somebody may do nothing at all.
            grants = grants_of(work.session, account.id) if row.step == "signed_in" else frozenset()
            held = _hold(row, Actor(account.id, "person", grants, session_id=row.id))
            stale = work.now - row.last_seen_at >= sessions.SEEN_EVERY
        if stale:
            with self.service.work(SYSTEM) as work:
                sessions.see(work, held.id)
        return held

    # Signing in

    def begin(self, name: str, password: str, origin: From) -> FirstStep:
        """The first step. Raises `Refused` with S123 if there were too many attempts, S124 if it is wrong."""
        with self._guessing(SYSTEM, origin) as work:
            account = find_by_name(work, name)
            counted = attempts.begin(work, self._guesses(work, name, account, origin))
            account_id = None if account is None else account.id
            kept = None
            if account is not None and account.kind == "person" and account.status in _USABLE:
                kept = account.password_hash
        verified = self._hasher.verify(kept, password)
        if not verified.right or account_id is None:
            self._fail("sign_in.failed", account_id, origin)
            raise refused("S124")
        actor = Actor(account_id, "person", frozenset())
        with self._work(actor, origin) as work:
            account = find_account(work, account_id, to_change=True)
            if account.status not in _USABLE or account.password_hash != kept:
                # Locked, closed or given another password while this one was being verified.
                raise refused("S124")
            if verified.new_hash is not None:
                account.password_hash = verified.new_hash
            attempts.forgive(work, counted, all_of=counted.guesses[:1])
            return self._first_step(work, account, origin, how="password")

    def begin_by_subject(
        self, account_lookup: str, origin: From, *, second_factor_done: bool
    ) -> FirstStep | SignedIn:
        """The first step of whom an identity provider vouches for; S145 if no account is connected."""
        with self._work(SYSTEM, origin) as work:
            found = work.session.scalars(select(Account).where(Account.oidc_lookup == account_lookup)).first()
            account_id = found.id if found is not None and found.status in _USABLE else None
        if account_id is None:
            self._fail("sign_in.failed", None, origin)
            raise refused("S145")
        with self._work(Actor(account_id, "person", frozenset()), origin) as work:
            account = find_account(work, account_id, to_change=True)
            if account.status not in _USABLE:
                raise refused("S145")
            if second_factor_done and account.status == "active":
                work.record("sign_in", "account", account.id, how="organisation")
                return self._signed_in(work, account, origin)
            if account.totp_secret is None:
                second_factors.make_secret(work, account)
            return self._first_step(work, account, origin, how="organisation")

    def use_code(self, token: str, code: str, origin: From) -> SignedIn:
        """The second step by a code of the app; the first code ever given confirms the app.

        Raises `Refused` with S120 without the first step, S123 after too many wrong codes, S125 for a
        wrong one.
        """
        return self._second_step(token, code, origin, recovery=False)

    def use_recovery_code(self, token: str, code: str, origin: From) -> SignedIn:
        """The second step by a recovery code; raises as `use_code` does."""
        return self._second_step(token, code, origin, recovery=True)

    def sign_out(self, held: Held, origin: From) -> None:
        """End a session now."""
        with self._work(held.actor, origin) as work:
            sessions.end_session(work, held.id, held.account_id, "signed_out")
            work.record("sign_out", "account", held.account_id)

    def enrolment(self, held: Held) -> Enrolment | None:
        """What an authenticator app needs, as long as the session waits for its first code."""
        with self.service.work(SYSTEM, writes=False) as work:
            account = find_account(work, held.account_id)
            return _enrol(work, account) if held.step == "second_factor" else None

    # Links

    def accept(self, token: str, password: str, names: Names | None, origin: From) -> FirstStep:
        """Accept an invitation, the first link or a reset: set a password, and go on to the second step.

        Raises `Refused` with S128 for the link, S129 and S130 for the password, S135 and S147 for names.
        """
        guess = Guess(attempts.LINK, origin.address)
        wrong: Refused | None = None
        with self._guessing(SYSTEM, origin) as work:
            counted = attempts.begin(work, [guess])
            try:
                links.check_new_password(work, links.find_link(work, token), password, names)
                attempts.forgive(work, counted)
            except Refused as error:
                wrong = error
                if error.faults[0].code == "S128":
                    work.record("link.refused", "account", "unknown")
                else:
                    attempts.forgive(work, counted)
        if wrong is not None:
            raise wrong
        password_hash = self._hasher.hash(password)
        with self._work(SYSTEM, origin) as work:
            account = links.accept(work, token, password_hash, names)
            return self._first_step(work, account, origin, how="link")

    # What somebody changes of his own, and confirms

    def confirm(self, actor: Actor, password: str, code: str | None, origin: From) -> None:
        """Whether it is still the same person: the password, and a fresh or a recovery code where asked for.

        Raises `Refused` with S131 if not, S123 after too many; both are audited.
        """
        guess = Guess(attempts.CONFIRMATION, actor.account_id)
        with self._guessing(actor, origin) as work:
            counted = attempts.begin(work, [guess])
            kept = find_account(work, actor.account_id).password_hash
        right = self._hasher.verify(kept, password).right
        with self._work(actor, origin) as work:
            account = find_account(work, actor.account_id, to_change=True)
            right = right and account.password_hash == kept and account.status in _USABLE
            if right and code is not None:
                right = second_factors.use_code(work, account, code) or second_factors.use_recovery_code(
                    work, account, code
                )
            if right:
                attempts.forgive(work, counted, all_of=[guess])
            else:
                work.record("account.not_confirmed", "account", actor.account_id)
        if not right:
            raise refused("S131")

    def change_password(self, actor: Actor, present: str, new: str, origin: From) -> Opened:
        """Change the own password; every session ends and this browser gets a new one."""
        with self.service.work(actor, writes=False) as work:
            called = open_names(work, find_account(work, actor.account_id))
        check_password(new, (called.sign_in, called.display), field="new_password")
        self.confirm(actor, present, None, origin)
        password_hash = self._hasher.hash(new)
        with self._work(actor, origin) as work:
            account = find_account(work, actor.account_id, to_change=True)
            account.password_hash, account.password_changed_at = password_hash, work.now
            work.record("account.password", "account", account.id)
            return self._begin_anew(work, account, "password_changed", origin)

    def begin_second_factor(self, actor: Actor, password: str, code: str, origin: From) -> Pending:
        """Begin to change the own second factor; the present one stays until the new one gave a code."""
        self.confirm(actor, password, code, origin)
        with self.service.work(actor, writes=False) as work:
            account = find_account(work, actor.account_id)
            secret = second_factors.new_secret()
            text = json.dumps({"secret": secret, "until": (work.now + _PENDING_FOR).isoformat()})
            sealed = work.seal_system("accounts", "totp_pending", account.id, text)
            shown = second_factors.write_address(secret, open_names(work, account).sign_in)
        return Pending(Enrolment(secret, shown), base64.urlsafe_b64encode(sealed).decode())

    def show_pending(self, actor: Actor, sealed: str) -> Pending:
        """A second factor that was begun, once more; `Refused` with S128 if too long ago or another's."""
        with self.service.work(actor, writes=False) as work:
            account = find_account(work, actor.account_id)
            secret = _open_pending(work, account, sealed)
            shown = second_factors.write_address(secret, open_names(work, account).sign_in)
        return Pending(Enrolment(secret, shown), sealed)

    def finish_second_factor(self, actor: Actor, sealed: str, code: str, origin: From) -> SignedIn:
        """Put the new second factor in the place of the present one; recovery codes are new as well.

        Raises `Refused` with S125 if the code is wrong, S128 if the beginning is too long ago or another's.
        """
        with self._guessing(actor, origin) as work:
            account = find_account(work, actor.account_id, to_change=True)
            secret = _open_pending(work, account, sealed)
            counted = attempts.begin(work, [Guess(attempts.CONFIRMATION, account.id)])
            step = second_factors.find_step(secret, code, work.now, None)
            if step is not None:
                attempts.forgive(work, counted)
                second_factors.keep_secret(work, account, secret, step)
                codes = second_factors.make_recovery_codes(work, account)
                work.record("account.second_factor", "account", account.id)
                return SignedIn(
                    self._begin_anew(work, account, "second_factor_changed", origin), tuple(codes)
                )
            work.record("account.not_confirmed", "account", account.id)
        raise refused("S125", field="code")

    def renew_recovery_codes(self, actor: Actor, password: str, code: str, origin: From) -> list[str]:
        """New recovery codes, shown once; those before no longer work."""
        self.confirm(actor, password, code, origin)
        with self._work(actor, origin) as work:
            account = find_account(work, actor.account_id, to_change=True)
            work.record("account.recovery_codes", "account", account.id)
            return second_factors.make_recovery_codes(work, account)

    # Parts

    def _work(self, actor: Actor, origin: From) -> AbstractContextManager[Work]:
        return self.service.work(actor, origin.request_id)

    def _guessing(self, actor: Actor, origin: From) -> AbstractContextManager[Work]:
        attempts.catch_up(self.service)
        return self._work(actor, origin)

    def _guesses(self, work: Work, name: str, account: Account | None, origin: From) -> list[Guess]:
        who = name_lookup(work, name)
        found = [
            Guess(attempts.NAME_AT_ADDRESS, f"{who}@{origin.address}"),
            Guess(attempts.ADDRESS, origin.address),
        ]
        if account is None or not sessions.is_known_address(work, account.id, origin.address):
            found.append(Guess(attempts.NAME, who))
        return found

    def _fail(self, action: str, account_id: str | None, origin: From) -> None:
        with self._work(SYSTEM, origin) as work:
            work.record(action, "account", account_id or "unknown")

    def _first_step(self, work: Work, account: Account, origin: From, *, how: str) -> FirstStep:
        opened = sessions.open_session(work, account.id, "second_factor", self.rules, origin.address)
        work.record("sign_in.first_step", "account", account.id, how=how)
        return FirstStep(opened, _enrol(work, account))

    def _second_step(self, token: str, code: str, origin: From, *, recovery: bool) -> SignedIn:
        held = self.find(token)
        if held is None or held.step != "second_factor":
            raise refused("S120")
        with self._guessing(held.actor, origin) as work:
            account = find_account(work, held.account_id, to_change=True)
            if account.status not in _USABLE:
                raise refused("S120")
            guess = Guess(attempts.SECOND_FACTOR, account.id)
            counted = attempts.begin(work, [guess])
            first_time = account.totp_confirmed_at is None
            if recovery:
                right = not first_time and second_factors.use_recovery_code(work, account, code)
            else:
                right = second_factors.use_code(work, account, code)
            if right:
                attempts.forgive(work, counted, all_of=[guess])
                sessions.end_session(work, held.id, account.id, "second_step_done")
                codes: list[str] = []
                if first_time:
                    account.totp_confirmed_at, account.status = work.now, "active"
                    account.version += 1
                    codes = second_factors.make_recovery_codes(work, account)
                    work.record("account.second_factor", "account", account.id)
                work.record("sign_in", "account", account.id, how="recovery_code" if recovery else "code")
                return self._signed_in(work, account, origin, tuple(codes))
            work.record("sign_in.second_step_failed", "account", account.id)
        raise refused("S125", field="code")

    def _signed_in(self, work: Work, account: Account, origin: From, codes: tuple[str, ...] = ()) -> SignedIn:
        opened = sessions.open_session(work, account.id, "signed_in", self.rules, origin.address)
        return SignedIn(opened, codes, second_factors.count_recovery_codes(work, account))

    def _begin_anew(self, work: Work, account: Account, because: str, origin: From) -> Opened:
        account.version += 1
        sessions.end_sessions(work, account.id, because)
        return sessions.open_session(work, account.id, "signed_in", self.rules, origin.address)


def _hold(row: SignInSession, actor: Actor) -> Held:
    step: Step = "signed_in" if row.step == "signed_in" else "second_factor"
    return Held(row.id, row.account_id, step, row.csrf_token, row.expires_at, row.last_seen_at, actor)


def _enrol(work: Work, account: Account) -> Enrolment | None:
    if account.totp_confirmed_at is not None or account.totp_secret is None:
        return None
    secret = second_factors.open_secret(work, account)
    return Enrolment(secret, second_factors.write_address(secret, open_names(work, account).sign_in))


def _open_pending(work: Work, account: Account, sealed: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(sealed.encode("ascii"))
        found = json.loads(work.open_system("accounts", "totp_pending", account.id, raw))
        fresh = work.now < datetime.fromisoformat(found["until"]) <= work.now + _PENDING_FOR
    except (binascii.Error, ValueError, Refused) as error:
        raise refused("S128", field="pending") from error
    if not fresh:
        raise refused("S128", field="pending")
    return str(found["secret"])
