"""The second step of signing in: a code of an authenticator app (TOTP), or a recovery code."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import delete, func, select

from screening.storage.tables.people import Account, RecoveryCode
from screening.work import Work

STEP_SECONDS: Final = 30
# One step before and one after: a telephone's clock is not ours, and typing takes time.
_STEPS_AROUND: Final = 1
ISSUER: Final = "Screening"
RECOVERY_CODES: Final = 10
# Without letters that are misread on paper; 12 of 30 letters are 58 bits.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 3
_GROUP: Final = 4
_TABLE: Final = "accounts"
_COLUMN: Final = "totp_secret"


def new_secret() -> str:
    """Return a new secret of 160 bits."""
    return pyotp.random_base32(32)


def make_secret(work: Work, account: Account) -> None:
    """Give an account a new secret, not yet confirmed; the one before is gone."""
    account.totp_secret = work.seal_system(_TABLE, _COLUMN, account.id, new_secret())
    account.totp_confirmed_at = None
    account.totp_last_step = None


def keep_secret(work: Work, account: Account, secret: str, step: int) -> None:
    """Give an account a secret whose code of this step was just shown."""
    account.totp_secret = work.seal_system(_TABLE, _COLUMN, account.id, secret)
    account.totp_confirmed_at = work.now
    account.totp_last_step = step


def open_secret(work: Work, account: Account) -> str:
    """Return the secret of an account that has one."""
    if account.totp_secret is None:
        raise ValueError("the account has no second factor")
    return work.open_system(_TABLE, _COLUMN, account.id, account.totp_secret)


def write_address(secret: str, name: str) -> str:
    """Return the `otpauth:` address that an authenticator app reads, from a picture or by touch."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def use_code(work: Work, account: Account, code: str) -> bool:
    """Whether a code of the app is right now; it is then used up, and so are those before it."""
    step = find_step(open_secret(work, account), code, work.now, account.totp_last_step)
    if step is None:
        return False
    account.totp_last_step = step
    return True


def find_step(secret: str, code: str, now: datetime, last: int | None) -> int | None:
    """Return the time step of a code that is right now and not used up, or None."""
    digits = "".join(letter for letter in code if not letter.isspace())
    current = int(now.timestamp()) // STEP_SECONDS
    # A last step beyond every clock's tolerance was written while the clock stood wrong: it says nothing now.
    used = -1 if last is None or last > current + _STEPS_AROUND else last
    totp = pyotp.TOTP(secret)
    found = None
    for step in range(current - _STEPS_AROUND, current + _STEPS_AROUND + 1):
        expected = totp.generate_otp(step).encode()
        if hmac.compare_digest(expected, _plain_digits(digits)) and step > used:
            found = step
    return found


def make_recovery_codes(work: Work, account: Account) -> list[str]:
    """Return new recovery codes, to be shown once; those before no longer work."""
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]
    for code in codes:
        work.session.add(
            RecoveryCode(account_id=account.id, code_hash=_hash(work, account, code), created_at=work.now)
        )
    return codes


def use_recovery_code(work: Work, account: Account, code: str) -> bool:
    """Whether a recovery code is right; it is then used up."""
    found = work.session.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
        .where(RecoveryCode.code_hash == _hash(work, account, code))
        .with_for_update()
    ).first()
    if found is None:
        return False
    found.used_at = work.now
    return True


def count_recovery_codes(work: Work, account: Account) -> int:
    """Return how many recovery codes are left."""
    unused = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return work.session.scalar(unused) or 0


def _hash(work: Work, account: Account, code: str) -> str:
    typed = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    return work.vault.lookup(work.session, "recovery_code", f"{account.id}:{typed}")


def _plain_digits(text: str) -> bytes:
    """The digits as the app shows them, also if they were typed on an Arabic keyboard."""
    return "".join(str(int(letter)) if letter.isdecimal() else "x" for letter in text).encode()
