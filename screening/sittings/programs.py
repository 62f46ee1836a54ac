"""Programs that interviews are held by: stored once by digest, so that any result can be reached again."""

from __future__ import annotations

import json
import zlib
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rules.program import Program
from screening.engines import Engines, Rules
from screening.refusals import refused
from screening.storage.tables.interviews import StoredProgram


def store_program(session: Session, program: Program, now: datetime) -> None:
    """Keep a program under its digest; nothing is done if it is there."""
    if session.get(StoredProgram, program.digest) is not None:
        return
    row = StoredProgram(
        digest=program.digest,
        rule_set=program.rule_set,
        revision=program.revision,
        body=zlib.compress(program.to_json().encode(), level=9),
        stored_at=now,
    )
    try:
        # Two that begin the first interviews of a new revision meet here.
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        if session.get(StoredProgram, program.digest) is None:
            raise


def load_program(session: Session, digest: str, revision: int | None) -> Program:
    """The program that was stored under a digest; raises `Refused` with S262 if it is not that any more."""
    row = session.get(StoredProgram, digest)
    if row is None:
        raise refused("S262", value=digest)
    try:
        program = Program.from_data(json.loads(zlib.decompress(row.body)), revision)
    except (zlib.error, ValueError, TypeError, KeyError) as error:
        raise refused("S262", value=digest) from error
    if program.digest != digest:
        raise refused("S262", value=digest)
    return program


def rules_of(session: Session, engines: Engines, digest: str, revision: int | None) -> Rules:
    """The rules that an interview is held by, whatever was published since."""
    return engines.rules_by_digest(digest, revision, lambda: load_program(session, digest, revision))
