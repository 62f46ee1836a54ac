"""Keys that devices seal to: whoever holds the device cannot open what it has finished, only the service can.

A record is sealed with ECDH on P-256 between a key of its own and the service's, HKDF-SHA-256 and
AES-256-GCM; key and record are bound into it, so that it opens under its own id only.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from screening.field_records.policies import field_policies
from screening.refusals import refused
from screening.storage.tables.field import FieldKey
from screening.storage.types import new_id
from screening.work import Work

_TABLE: Final = "field_keys"
_KEY_BYTES: Final = 32
# What stands in the place of a private part that was destroyed.
_DESTROYED: Final = b""


@dataclass(frozen=True, slots=True)
class SealingKey:
    """What a device seals to: the id, and the point of the curve, uncompressed, in base64."""

    id: str
    public: str


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A record as a device sends it: its id, the key it was sealed to, and what only that key opens."""

    id: str
    key: str
    ephemeral: bytes
    nonce: bytes
    sealed: bytes


def current_key(work: Work) -> SealingKey:
    """The key that devices seal to from now on; made here if there is none or it has grown old."""
    newest = select(FieldKey).order_by(FieldKey.created_at.desc(), FieldKey.id).limit(1)
    row = work.session.scalars(newest).first()
    if row is None or row.created_at + timedelta(days=field_policies().key_days.value) <= work.now:
        row = make_key(work)
    return SealingKey(row.id, row.public)


def make_key(work: Work) -> FieldKey:
    """A new key; those before it still open what was sealed to them, until they are destroyed."""
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    row = FieldKey(id=new_id(), public=base64.b64encode(point).decode(), created_at=work.now)
    number = private.private_numbers().private_value
    row.private = work.seal_system(_TABLE, "private", row.id, f"{number:064x}")
    work.session.add(row)
    work.session.flush()
    work.record("field_key.create", "field_key", row.id)
    return row


def is_old_key(before: datetime) -> ColumnElement[bool]:
    """Whether a key was made that long ago and there is a newer one: the newest is never destroyed."""
    newer = aliased(FieldKey)
    return and_(
        FieldKey.created_at <= before,
        FieldKey.private != _DESTROYED,
        exists().where(newer.created_at > FieldKey.created_at),
    )


def destroy_keys(work: Work, before: datetime) -> int:
    """Destroy the private parts of old keys, and say how many.

    Afterwards nobody can open what was sealed to them, whoever holds the database and the master key: neither
    a copy of a record that was taken from a device, nor a record that a device sends only now (S291).
    """
    rows = work.session.scalars(select(FieldKey).where(is_old_key(before)).order_by(FieldKey.id)).all()
    for row in rows:
        row.private = _DESTROYED
        work.record("field_key.destroy", "field_key", row.id)
    work.session.flush()
    return len(rows)


def open_sealed(work: Work, record: SealedRecord) -> bytes:
    """What was sealed.

    Raises `Refused` with S291 for a key that is not or no longer here, S290 if it was changed.
    """
    row = work.session.get(FieldKey, record.key)
    if row is None or row.private == _DESTROYED:
        raise refused("S291")
    number = int(work.open_system(_TABLE, "private", row.id, row.private), 16)
    private = ec.derive_private_key(number, ec.SECP256R1())
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), record.ephemeral)
        shared = private.exchange(ec.ECDH(), theirs)
        bound = bind(record.key, record.id)
        salt = record.ephemeral + base64.b64decode(row.public)
        key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=bound).derive(shared)
        return AESGCM(key).decrypt(record.nonce, record.sealed, bound)
    except (InvalidTag, ValueError) as error:
        raise refused("S290") from error


def bind(key_id: str, record_id: str) -> bytes:
    """What a sealed record is bound to."""
    return f"field_records\x1f{key_id}\x1f{record_id}".encode()
