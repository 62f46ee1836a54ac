"""What a device takes along: the instrument, the program that is in force, and the key to seal to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from api.access import Caller
from indicators.models import Text
from screening.clock import day_in_kuwait
from screening.field_records.contents import INSTRUMENT
from screening.field_records.sealing import current_key
from screening.interviews import DEFAULT_RULE_SET
from screening.refusals import refused
from screening.sittings.programs import store_program
from screening.storage.tables.sites import Site


def make_bundle(caller: Caller) -> dict[str, Any]:
    """The bundle for an account: everything but the text of the program, which has an address of its own.

    The program is stored under its digest at once, so that records which come much later find it.
    """
    service = caller.service
    engines = service.engines
    program = engines.program_for(DEFAULT_RULE_SET, None, day_in_kuwait(service.clock()))
    bank = engines.catalogue().questions
    names = [
        name
        for section in program.data["instruments"][INSTRUMENT]["sections"]
        for name in section["questions"]
    ]
    with caller.work() as work:
        allowed = work.permissions.require(caller.actor, "visits.write")
        statement = select(Site).where(Site.active).order_by(Site.code)
        if allowed.sites is not None:
            statement = statement.where(Site.id.in_(sorted(allowed.sites)))
        sites = work.session.scalars(statement).all()
        if not sites:
            raise refused("S151")
        store_program(work.session, program, work.now)
        key = current_key(work)
        work.record("field_form.bundle", "program", program.digest)
        return {
            # A device whose clock starts anew goes by no day before this one.
            "at": work.now.isoformat(),
            "account": caller.actor.account_id,
            "sites": [{"id": one.id, "name": {"en": one.name_en, "ar": one.name_ar}} for one in sites],
            "rule_set": program.rule_set,
            "instrument": INSTRUMENT,
            "program": {"digest": program.digest, "revision": program.revision},
            "key": {"id": key.id, "public": key.public},
            # What the program does not hold, because no rule reads it.
            "questions": {
                name: {
                    "answered_by": bank[name].answered_by,
                    "guidance": _pair(bank[name].guidance),
                }
                for name in names
                if name in bank
            },
        }


def _pair(text: Text | None) -> dict[str, str] | None:
    return None if text is None else text.model_dump(mode="json")
