"""Sealing and opening of single values, each bound to its table, column and row."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from screening.keys.masters import MasterKey, MasterKeys
from screening.refusals import refused
from screening.storage.tables.keys import DataKey
from screening.storage.types import new_id

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_CHECK_TEXT: Final = b"the master key of this database"
_HELD: Final = "data keys in use"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands; it cannot be opened anywhere else."""

    table: str
    column: str
    row: str


class Vault:
    """Seals and opens under the data keys of a database; needs the master key that wraps them.

    Methods take the session of the running transaction. They raise `Refused` with S102 for a value that does
    not belong where it stands (or was changed), and with S103 for a value whose key was destroyed.
    """

    def __init__(self, masters: MasterKeys) -> None:
        self._masters = masters

    def prepare(self, session: Session, now: datetime) -> None:
        """Make the keys of an empty database; on a filled one prove that the master key is the right one.

        Raises `Refused` with S101 when it is not. Nothing is written then.
        """
        if not self.verify(session):
            for purpose in ("check", "system", "lookup"):
                self._make(session, purpose, now)
            session.flush()

    def verify(self, session: Session) -> bool:
        """Prove that the master key is the right one; False if the database has no keys to prove it by.

        Raises `Refused` with S101 when it is not.
        """
        check = session.scalars(select(DataKey).where(DataKey.purpose == "check")).first()
        if check is not None:
            self._unwrap(check)
            return True
        if session.scalars(select(DataKey.id).limit(1)).first() is not None:
            # Somebody took the proof away: without it a wrong key would look like a right one.
            raise refused("S101")
        return False

    def make_case_key(self, session: Session, now: datetime) -> str:
        """Return the id of a new data key for one case."""
        return self._make(session, "case", now).id

    def destroy(self, session: Session, key_id: str, now: datetime) -> None:
        """Destroy a data key: everything sealed under it is unreadable from the commit on."""
        key = self._row(session, key_id)
        key.wrapped = None
        key.destroyed_at = now

    def seal(self, session: Session, key_id: str, place: Place, text: str) -> bytes:
        """Return a text sealed for one place."""
        return self.seal_bytes(session, key_id, place, text.encode())

    def open(self, session: Session, key_id: str, place: Place, sealed: bytes) -> str:
        """Return the text that was sealed for this place."""
        return self.open_bytes(session, key_id, place, sealed).decode()

    def seal_bytes(self, session: Session, key_id: str, place: Place, data: bytes) -> bytes:
        """Return bytes sealed for one place."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        key = self._unwrap(self._row(session, key_id))
        return _FORMAT + nonce + AESGCM(key).encrypt(nonce, data, _binding(key_id, place))

    def open_bytes(self, session: Session, key_id: str, place: Place, sealed: bytes) -> bytes:
        """Return the bytes that were sealed for this place."""
        key = self._unwrap(self._row(session, key_id))
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _FORMAT:
            raise refused("S102", value=f"{place.table}.{place.column}")
        try:
            return AESGCM(key).decrypt(nonce, body, _binding(key_id, place))
        except InvalidTag as error:
            raise refused("S102", value=f"{place.table}.{place.column}") from error

    def system_key(self, session: Session) -> str:
        """Return the id of the key for what belongs to no case."""
        return self._of(session, "system").id

    def lookup(self, session: Session, kind: str, text: str) -> str:
        """Return the keyed hash by which a text is found without being stored: 64 hexadecimal digits.

        Case, width, marks of direction and spaces do not matter.
        """
        key = self._unwrap(self._of(session, "lookup"))
        return hmac.new(key, f"{kind}\x1f{_normal(text)}".encode(), hashlib.sha256).hexdigest()

    def digest(self, session: Session, key_id: str, kind: str, text: str) -> str:
        """Return a keyed hash that only this data key can compute again: destroying the key takes it along.

        For comparing what belongs to a case. A hash under the lookup key would outlive the case, and short
        answers could be guessed from it.
        """
        own = hmac.new(self._unwrap(self._row(session, key_id)), b"digests", hashlib.sha256).digest()
        return hmac.new(own, f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()

    def rewrap(self, session: Session, most: int = 200) -> int:
        """Wrap data keys under the current master key; return how many, at most so many at once.

        Called until it returns 0, each time in a transaction of its own, it may be cut off and begun again
        at any time: what is not wrapped anew yet is still opened by the previous master key.
        """
        current = self._masters.current
        waiting = (
            select(DataKey)
            .where(DataKey.wrapped.is_not(None), DataKey.master_key != current.id)
            .order_by(DataKey.id)
            .limit(most)
            # A key that is being destroyed at this moment must not come back.
            .with_for_update()
        )
        count = 0
        for row in session.scalars(waiting):
            row.wrapped = _wrap(current, row, self._unwrap(row))
            row.master_key = current.id
            count += 1
        return count

    def masters_in_use(self, session: Session) -> dict[str, int]:
        """How many data keys are wrapped under each master key, by its id."""
        rows = session.execute(
            select(DataKey.master_key, func.count())
            .where(DataKey.wrapped.is_not(None))
            .group_by(DataKey.master_key)
            .order_by(DataKey.master_key)
        )
        return {row.master_key: row[1] for row in rows}

    def has_master(self, key_id: str) -> bool:
        """Whether a master key of this id was given."""
        return self._masters.find(key_id) is not None

    @property
    def current_master(self) -> str:
        """The id of the master key that new data keys are wrapped under."""
        return self._masters.current.id

    def _make(self, session: Session, purpose: str, now: datetime) -> DataKey:
        current = self._masters.current
        row = DataKey(id=new_id(), purpose=purpose, master_key=current.id, created_at=now, destroyed_at=None)
        row.wrapped = _wrap(
            current, row, _CHECK_TEXT if purpose == "check" else secrets.token_bytes(_KEY_BYTES)
        )
        session.add(row)
        session.flush()
        return row

    def _row(self, session: Session, key_id: str) -> DataKey:
        # A session holds what it has read only weakly: without this every value would be a query of its own.
        held: dict[str, DataKey] = session.info.setdefault(_HELD, {})
        row = held.get(key_id) or session.get(DataKey, key_id)
        if row is None:
            raise refused("S103")
        held[key_id] = row
        return row

    def _of(self, session: Session, purpose: str) -> DataKey:
        held: dict[str, DataKey] = session.info.setdefault(_HELD, {})
        row = held.get(purpose) or session.scalars(select(DataKey).where(DataKey.purpose == purpose)).first()
        if row is None:
            raise refused("S103")
        held[purpose] = held[row.id] = row
        return row

    def _unwrap(self, row: DataKey) -> bytes:
        if row.wrapped is None:
            raise refused("S103")
        master = self._masters.find(row.master_key)
        if master is None:
            raise refused("S101")
        nonce, body = row.wrapped[1 : 1 + _NONCE_BYTES], row.wrapped[1 + _NONCE_BYTES :]
        try:
            return AESGCM(master.secret).decrypt(nonce, body, _wrapping(row))
        except InvalidTag as error:
            raise refused("S101") from error


def _wrap(master: MasterKey, row: DataKey, key: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(master.secret).encrypt(nonce, key, _wrapping(row))


def _wrapping(row: DataKey) -> bytes:
    return f"data_keys\x1f{row.purpose}\x1f{row.id}".encode()


def _binding(key_id: str, place: Place) -> bytes:
    return "\x1f".join((key_id, place.table, place.column, place.row)).encode()


def _normal(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        letter for letter in folded if not letter.isspace() and unicodedata.category(letter) != "Cf"
    )
