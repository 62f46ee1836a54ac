"""Cases with finished interviews for the tests of the desk, made by the functions of the service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import select

from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.audit import AuditEntry
from screening.work import Service
from tests.services import World
from tests.sittings import CLEAR_ACCOUNT, Desk

WOMEN = "pam_shelter_women"
# Somebody who is the guest of nobody's power, and of whom little was asked.
LITTLE_KNOWN: dict[str, Any] = {"age_group": "adult_settled", "kind_of_work": "private_sector"}


@dataclass(frozen=True)
class Assessed:
    """A case with its first result."""

    case: str
    interview: str
    assessment: str

    @property
    def page(self) -> str:
        """The address of the case."""
        return f"/cases/{self.case}"

    @property
    def result(self) -> str:
        """The address of the result."""
        return f"/assessments/{self.assessment}"


def assess(
    world: World, answers: dict[str, Any] | None = None, who: str = "interviewer", **more: Any
) -> Assessed:
    """A case with a finished interview: of a clear account unless told otherwise."""
    desk = Desk(world, count(1))
    interview = desk.begin(who, **more)
    given = {**CLEAR_ACCOUNT} if answers is None else answers
    final = desk.finish(interview, desk.save_all(interview, given, who), who)
    return Assessed(desk.case_of(interview), interview, final.id)


def body_of(service: Service, assessment: str) -> bytes:
    """The sealed body of a result, as it is stored."""
    with service.database.reading() as session:
        return session.scalars(select(StoredAssessment.body).where(StoredAssessment.id == assessment)).one()


def looks_at(service: Service, action: str) -> int:
    """How many audit entries there are of one action."""
    with service.database.reading() as session:
        return len(session.scalars(select(AuditEntry.seq).where(AuditEntry.action == action)).all())


def words_of(text: str) -> str:
    """What a page says, without its markup."""
    main = text[text.index("<main") : text.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
