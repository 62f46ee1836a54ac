"""Gaps of the screening itself: what was never asked, what was left out, where nothing was ever found.

Counts of finished interviews and nothing else: small ones are not told (`smallest_count` of the policies),
nor are those that leave only a few others over. Who did not want to be counted is not among them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from indicators.catalogue import Catalogue
from indicators.models import Text
from screening.cases.policies import policies
from screening.sittings.finishing import open_body
from screening.statistics.counting import may_be_counted
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.storage.tables.sites import Site
from screening.work import Work

PERMISSION: Final = "statistics.read"
# What a finished interview can come to if it found somebody for whom more is to be done.
_FOUND: Final = frozenset({"trafficking_indicated", "trafficking_possible", "other_concern"})
_PUT: Final = frozenset({"value", "not_known", "declined"})


@dataclass(frozen=True, slots=True)
class Told:
    """A count as it may be told: the number, or that it is below the threshold or close to all of them."""

    count: int | None
    of: int
    # `exact`, `few` (fewer than the threshold, perhaps none), `nearly_all`.
    kind: str


@dataclass(frozen=True, slots=True)
class QuestionGap:
    """A question of an instrument and in how many interviews it was not asked where it applied."""

    question: str
    text: Text
    core: bool
    never: Told


@dataclass(frozen=True, slots=True)
class SectionGap:
    """A section and in how many interviews none of its questions was asked where one applied."""

    title: Text
    skipped: Told


@dataclass(frozen=True, slots=True)
class InstrumentGaps:
    """The gaps of one instrument; nothing is told of it below the threshold."""

    instrument: str
    title: Text
    interviews: int
    questions: tuple[QuestionGap, ...]
    sections: tuple[SectionGap, ...]


@dataclass(frozen=True, slots=True)
class SiteGap:
    """A site and in how many of its interviews anything was found."""

    name: Text
    interviews: int
    found: Told

    @property
    def never_found(self) -> bool:
        """Whether none of so many interviews found anything: worth asking why."""
        return self.found.kind == "exact" and self.found.count == 0


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps within the actor's reach; `too_few` says that something was left out to protect people."""

    days: int
    threshold: int
    interviews: int
    capped: bool
    instruments: tuple[InstrumentGaps, ...]
    sites: tuple[SiteGap, ...]
    too_few: bool


@dataclass(slots=True)
class _Counted:
    """What was counted of one instrument, before anything is held back."""

    interviews: int = 0
    applied: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    section_applied: Counter[int] = field(default_factory=Counter)
    section_asked: Counter[int] = field(default_factory=Counter)


def find_gaps(work: Work, catalogue: Catalogue) -> Gaps:
    """Count the gaps of the newest finished interviews of the sites within reach; the look is audited."""
    allowed = work.permissions.require(work.actor, PERMISSION)
    limits = policies()
    since = work.now - timedelta(days=limits.gap_days.value)
    query = (
        select(StoredAssessment, Case, Interview.instrument)
        .join(Case, Case.id == StoredAssessment.case_id)
        .join(Interview, Interview.id == StoredAssessment.interview_id)
        .where(StoredAssessment.at >= since, Case.status != "erased", may_be_counted(Case.id))
        .order_by(StoredAssessment.at.desc(), StoredAssessment.id)
        .limit(limits.gap_interviews.value + 1)
    )
    if allowed.sites is not None:
        query = query.where(StoredAssessment.site_id.in_(sorted(allowed.sites)))
    rows = work.session.execute(query).all()
    capped = len(rows) > limits.gap_interviews.value
    counted: dict[str, _Counted] = {}
    at_site: Counter[str] = Counter()
    found_at: Counter[str] = Counter()
    for assessment, case, instrument in rows[: limits.gap_interviews.value]:
        body = json.loads(open_body(work, case, assessment))
        _count(counted.setdefault(instrument, _Counted()), body, instrument, catalogue)
        at_site[assessment.site_id] += 1
        found_at[assessment.site_id] += assessment.outcome in _FOUND
    work.record("gaps.read", "statistics", "gaps", count=sum(at_site.values()))
    least = limits.smallest_count.value
    instruments = tuple(
        _tell_instrument(name, one, least, catalogue)
        for name, one in sorted(counted.items())
        if one.interviews >= least and name in catalogue.instruments
    )
    sites = {site.id: site for site in work.session.scalars(select(Site).order_by(Site.code))}
    told_sites = tuple(
        SiteGap(
            Text(en=site.name_en, ar=site.name_ar),
            at_site[id],
            tell(found_at[id], at_site[id], least, all_too=False),
        )
        for id, site in sites.items()
        if at_site[id] >= least
    )
    held_back = any(count < least for count in at_site.values()) or any(
        one.interviews < least for one in counted.values()
    )
    shown = sum(one.interviews for one in told_sites)
    return Gaps(limits.gap_days.value, least, shown, capped, instruments, told_sites, held_back)


def tell(count: int, of: int, least: int, *, all_too: bool = True) -> Told:
    """A count of `of` as it may be told.

    None is told. What is below the threshold, or leaves fewer than the threshold over, could point at a
    person; and so would all, where the count is of what was found: without `all_too` it is not told.
    """
    if count == 0 or (count == of and all_too):
        return Told(count, of, "exact")
    if count < least:
        return Told(None, of, "few")
    if of - count < least:
        return Told(None, of, "nearly_all")
    return Told(count, of, "exact")


def _count(counted: _Counted, body: Mapping[str, Any], instrument: str, catalogue: Catalogue) -> None:
    counted.interviews += 1
    states = {answer["question"]: answer["state"] for answer in body["answers"] if answer["in_instrument"]}
    for question, state in states.items():
        if state != "not_relevant":
            counted.applied[question] += 1
            counted.asked[question] += state in _PUT
    known = catalogue.instruments.get(instrument)
    for number, section in enumerate(known.sections if known is not None else ()):
        here = [
            states[name] for name in section.questions if states.get(name, "not_relevant") != "not_relevant"
        ]
        if here:
            counted.section_applied[number] += 1
            counted.section_asked[number] += any(state in _PUT for state in here)


def _tell_instrument(name: str, counted: _Counted, least: int, catalogue: Catalogue) -> InstrumentGaps:
    instrument = catalogue.instruments[name]
    return InstrumentGaps(
        name,
        instrument.title,
        counted.interviews,
        tuple(_order(_tell_questions(counted, least, catalogue, frozenset(instrument.core)))),
        tuple(
            SectionGap(section.title, tell(applied - counted.section_asked[number], applied, least))
            for number, section in enumerate(instrument.sections)
            if (applied := counted.section_applied[number]) >= least
        ),
    )


def _tell_questions(
    counted: _Counted, least: int, catalogue: Catalogue, core: frozenset[str]
) -> Iterable[QuestionGap]:
    for question, applied in counted.applied.items():
        if applied >= least and question in catalogue.questions:
            never = tell(applied - counted.asked[question], applied, least)
            if never.count != 0 and never.kind != "few":
                text = catalogue.questions[question].text
                yield QuestionGap(question, text, question in core, never)


def _order(gaps: Iterable[QuestionGap]) -> list[QuestionGap]:
    """Those of the core first, then those that are left out most often."""
    return sorted(gaps, key=lambda one: (not one.core, -_weight(one.never), one.question))


def _weight(told: Told) -> float:
    count = told.of if told.count is None else told.count
    return count / told.of if told.of else 0.0
