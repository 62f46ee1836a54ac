"""A device as the service sees it: what it seals, written a second time, in Python."""

from __future__ import annotations

import base64
import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from indicators.answers import read_answers
from rules.results import canonical_result, result_digest
from screening.clock import day_in_kuwait
from screening.engines import Rules
from screening.field_records.sealing import SealedRecord, SealingKey, current_key
from screening.people.access import Actor
from screening.sittings.programs import store_program
from tests.services import World

# Made up: papers and pay are kept, nobody may leave, and somebody threatens.
CLEAR = {
    "age_group": "adult_settled",
    "heard_alone": "yes",
    "documents_holder": "employer",
    "documents_returned_on_request": "no",
    "free_to_leave_place": "not_allowed",
    "pay_late_or_kept": "kept_back_so_that_i_stay",
    "threats_made": ["violence"],
    "danger_now": {"state": "declined"},
}


def random_id() -> str:
    return uuid.uuid4().hex


def seal(text: bytes, key: SealingKey, id: str) -> SealedRecord:
    """Seal a text as devices do."""
    own = ec.generate_private_key(ec.SECP256R1())
    public = base64.b64decode(key.public)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public))
    ephemeral = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    bound = f"field_records\x1f{key.id}\x1f{id}".encode()
    secret = HKDF(algorithm=SHA256(), length=32, salt=ephemeral + public, info=bound).derive(shared)
    nonce = os.urandom(12)
    return SealedRecord(id, key.id, ephemeral, nonce, AESGCM(secret).encrypt(nonce, text, bound))


@dataclass
class Device:
    """The telephone of an inspector of site A, with its bundle."""

    world: World
    who: str = "inspector"
    visit: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        service = self.world.service
        self.rules: Rules = service.engines.rules_for("kuwait", None, self.today())
        with service.work(self.actor) as work:
            store_program(work.session, self.rules.program, work.now)
            self.key = current_key(work)
        self.visit = {
            "id": random_id(),
            "site": self.world.site_a,
            "workplace_kind": "company",
            "number_kind": "register",
            "number": "CR 4471-09",
        } | self.visit

    @property
    def actor(self) -> Actor:
        return self.world[self.who]

    def today(self) -> date:
        return day_in_kuwait(self.world.service.clock())

    def told(self, answers: dict[str, Any], position: int = 1, **more: Any) -> dict[str, Any]:
        """What a finished screening says."""
        program = self.rules.program
        as_of = date.fromisoformat(more.get("as_of", self.today().isoformat()))
        engine = self.rules.engine
        found = engine.evaluate(read_answers(self.rules.forms, answers), as_of, "inspection")
        return {
            "form": 1,
            "id": random_id(),
            "account": self.actor.account_id,
            "visit": self.visit,
            "position": position,
            "language": "ar",
            "instrument": "inspection",
            "rule_set": program.rule_set,
            "program": program.digest,
            "revision": program.revision,
            "as_of": as_of.isoformat(),
            "finished_at": "2026-11-01T05:00:00Z",
            "answers": answers,
            "result_digest": result_digest(canonical_result(engine.reference, found)),
        } | more

    def seal(self, told: dict[str, Any]) -> SealedRecord:
        return seal(json.dumps(told).encode().ljust(4096), self.key, told["id"])
