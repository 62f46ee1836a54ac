"""The head of the chain: its last entry, exported and kept out of reach of who can write the database."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from screening.keys.vaults import Vault
from screening.refusals import refused
from screening.storage.tables.audit import AuditEntry

KIND: Final = "screening-audit-head"
_HASH: Final = re.compile(r"[0-9a-f]{64}\Z")
_LONGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Head:
    """One entry of the chain by number and hash, and when it was written."""

    seq: int
    hash: str
    at: str


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with the day of its export, signed with a key of the installation.

    The signature says that this installation gave it out, and nothing of the chain itself.
    """

    head: Head
    exported_at: str
    signature: str

    def to_data(self) -> dict[str, Any]:
        """The file that is kept."""
        return {
            "kind": KIND,
            "seq": self.head.seq,
            "hash": self.head.hash,
            "at": self.head.at,
            "exported_at": self.exported_at,
            "signature": self.signature,
        }


def find_head(session: Session) -> Head | None:
    """The last entry there is; None for an empty chain."""
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return None if last is None else Head(last.seq, last.hash, last.at)


def sign(session: Session, vault: Vault, head: Head, now: datetime) -> SignedHead:
    """A head for export."""
    exported_at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return SignedHead(head, exported_at, _signature(session, vault, head, exported_at))


def is_ours(session: Session, vault: Vault, signed: SignedHead) -> bool:
    """Whether this installation signed the head."""
    expected = _signature(session, vault, signed.head, signed.exported_at)
    return hmac.compare_digest(expected, signed.signature)


def read_head(written: str | bytes, name: str) -> SignedHead:
    """The head in an exported file; raises `Refused` with S200 for any other text."""
    try:
        found: dict[str, Any] = json.loads(written[:_LONGEST])
        texts = [found[name] for name in ("hash", "at", "exported_at", "signature")]
        seq = found["seq"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise refused("S200", value=name) from error
    if not all(isinstance(one, str) and one.isascii() and len(one) <= 64 for one in texts):
        raise refused("S200", value=name)
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1 or not _HASH.match(texts[0]):
        raise refused("S200", value=name)
    return SignedHead(Head(seq, texts[0], texts[1]), texts[2], texts[3])


def _signature(session: Session, vault: Vault, head: Head, exported_at: str) -> str:
    return vault.lookup(session, KIND, json.dumps([head.seq, head.hash, head.at, exported_at]))
