"""Interviews: begun by an instrument and a pinned program, listed, read, paused, resumed, ended early."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from indicators.answers import read_answers
from indicators.errors import listed, nearest
from screening.cases.cases import create_case, hash_client_key, require_open
from screening.cases.visits import require_open_visit
from screening.engines import Rules
from screening.phrases import Language
from screening.refusals import refused
from screening.sittings.answers import AnswerWriter, GivenAnswer
from screening.sittings.programs import store_program
from screening.sittings.reaching import find_case, find_interview, require_status
from screening.sittings.words import require_word
from screening.storage.slices import Asked, Slice, take
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.storage.types import new_id
from screening.storage.versions import require_seen
from screening.work import Work

# The client keys of answers that come along when an interview is begun.
_FIRST: Final = "begin."


@dataclass(frozen=True, slots=True)
class NewInterview:
    """What an interview is begun with: an existing case, or the site for a new one."""

    instrument: str
    case_id: str | None = None
    site_id: str | None = None
    visit_id: str | None = None
    language: Language = "en"
    follows_id: str | None = None
    follows_because: str | None = None
    client_key: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InterviewFilters:
    """Which interviews a list shows; what is None does not matter."""

    status: str | None = None
    held_by: str | None = None
    case_id: str | None = None
    site_id: str | None = None
    visit_id: str | None = None


def begin_interview(work: Work, rules: Rules, new: NewInterview) -> tuple[Interview, Case]:
    """Begin an interview held by these rules for ever; the same client key again gives the same interview.

    Raises `AnswersError` with every fault of the answers that come along: nothing is begun then. `Refused`
    with S004 for an unknown instrument, S258 without exactly one of case and site, S165 for a follow-up of
    another case, S150 or S177 for a visit elsewhere or closed, S161 for a key used for something else.
    """
    work.permissions.require(work.actor, "interviews.write")
    earlier = _find_by_key(work, new.client_key)
    if earlier is not None:
        return _again(work, earlier, rules, new)
    instruments = rules.program.data["instruments"]
    if new.instrument not in instruments:
        near = nearest(new.instrument, instruments)
        raise refused(
            "S004", field="instrument", value=new.instrument, nearest=near, known=listed(sorted(instruments))
        )
    read_answers(rules.forms, new.answers)
    case = _case_for(work, new)
    require_open(case)
    _check_follow_up(work, case, new)
    if new.visit_id is not None:
        require_open_visit(work, new.visit_id, case.site_id)
    store_program(work.session, rules.program, work.now)
    interview = Interview(
        id=new_id(),
        case_id=case.id,
        site_id=case.site_id,
        visit_id=new.visit_id,
        instrument=new.instrument,
        rule_set=rules.program.rule_set,
        revision=rules.program.revision,
        digest=rules.program.digest,
        status="open",
        language=new.language,
        follows_id=new.follows_id,
        follows_because=new.follows_because,
        client_key=hash_client_key(work, new.client_key),
        request_hash=_hash(work, case, rules, new),
        created_by=work.actor.account_id,
        held_by=work.actor.account_id,
        created_at=work.now,
        version=1,
    )
    try:
        with work.session.begin_nested():
            work.session.add(interview)
            work.session.flush()
    except IntegrityError:
        # Two requests with one key meet here: one of them finds what the other began.
        earlier = _find_by_key(work, new.client_key)
        if earlier is None:
            raise
        return _again(work, earlier, rules, new)
    _record(work, interview, "interview.create", instrument=new.instrument, digest=interview.digest)
    given = [GivenAnswer(name, answer, f"{_FIRST}{name}") for name, answer in sorted(new.answers.items())]
    AnswerWriter(work, interview, case, rules).save(given)
    return interview, case


def read_interview(work: Work, interview_id: str) -> tuple[Interview, Case]:
    """One interview; the look is audited."""
    interview, case = find_interview(work, interview_id, "cases.read")
    _record(work, interview, "interview.read")
    return interview, case


def list_interviews(work: Work, asked: Asked, filters: InterviewFilters) -> Slice[tuple[Interview, Case]]:
    """The interviews within reach, newest first."""
    work.permissions.require(work.actor, "cases.read")
    wanted: tuple[tuple[ColumnElement[str] | ColumnElement[str | None], str | None], ...] = (
        (Interview.status.expression, filters.status),
        (Interview.held_by.expression, filters.held_by),
        (Interview.case_id.expression, filters.case_id),
        (Interview.site_id.expression, filters.site_id),
        (Interview.visit_id.expression, filters.visit_id),
    )
    query = (
        select(Interview)
        .join(Case, Case.id == Interview.case_id)
        .where(work.case_filter("cases.read"), *(column == value for column, value in wanted if value))
    )
    found = take(work.session, query, asked, [Interview.created_at, Interview.id])
    ids = {one.case_id for one in found.items}
    cases = {one.id: one for one in work.session.scalars(select(Case).where(Case.id.in_(ids)))}
    pairs = [(one, cases[one.case_id]) for one in found.items]
    work.record(
        "interview.list",
        "interview",
        "list",
        site_id=filters.site_id,
        count=len(pairs),
        cases=sorted(cases),
    )
    return Slice(pairs, found.following)


def pause_interview(
    work: Work, interview_id: str, *, seen: int, because: str, resume_after: datetime | None = None
) -> tuple[Interview, Case]:
    """Stop for now, until a time if one is given; raises `Refused` with S232, S256, S261 or S264."""
    interview, case = _change(work, interview_id, seen)
    require_status(interview, "open")
    require_word("pause_reasons", because, "because")
    if resume_after is not None and resume_after <= work.now:
        raise refused("S264", field="resume_after")
    interview.status = "paused"
    interview.paused_at = work.now
    interview.paused_because = because
    interview.resume_after = resume_after
    interview.version += 1
    _record(work, interview, "interview.pause", because=because)
    return interview, case


def resume_interview(
    work: Work, interview_id: str, *, seen: int, early: bool = False
) -> tuple[Interview, Case]:
    """Go on; before the rest is over only with `early`, because the person asks for it (S166 otherwise)."""
    interview, case = _change(work, interview_id, seen)
    require_status(interview, "paused")
    resting = interview.resume_after is not None and work.now < interview.resume_after
    if resting and not early:
        until = interview.resume_after
        raise refused("S166", until=f"{until:%Y-%m-%dT%H:%M}Z" if until is not None else "")
    interview.status = "open"
    interview.resume_after = None
    interview.version += 1
    _record(work, interview, "interview.resume", early=resting)
    return interview, case


def abandon_interview(
    work: Work, interview_id: str, *, seen: int, because: str, note: str | None, indicated: bool
) -> tuple[Interview, Case]:
    """End an interview without a result. Its answers stay readable.

    `indicated` says whether the answers so far come to anything: then it is refused with S255, because what a
    person told must not end in nothing. Only answers under the wrong case may be left so.
    """
    interview, case = _change(work, interview_id, seen)
    require_status(interview, "open", "paused")
    require_word("abandon_reasons", because, "because", note)
    if indicated and because != "wrong_case":
        raise refused("S255")
    interview.status = "abandoned"
    interview.abandoned_at = work.now
    interview.abandoned_because = because
    if note is not None and note.strip():
        sealed = work.seal(case, "interviews", "abandoned_note", interview.id, note)
        interview.abandoned_note = sealed
    interview.version += 1
    _record(work, interview, "interview.abandon", because=because)
    return interview, case


def _change(work: Work, interview_id: str, seen: int) -> tuple[Interview, Case]:
    interview, case = find_interview(work, interview_id, "interviews.write", lock=True)
    require_seen(interview, seen)
    return interview, case


def _case_for(work: Work, new: NewInterview) -> Case:
    if new.case_id is not None and new.site_id is None:
        return find_case(work, new.case_id, "interviews.write")
    if new.case_id is None and new.site_id is not None:
        return create_case(work, new.site_id, client_key=new.client_key)
    raise refused("S258", field="case")


def _check_follow_up(work: Work, case: Case, new: NewInterview) -> None:
    if new.follows_id is None and new.follows_because is None:
        return
    if new.follows_id is None or new.follows_because is None:
        raise refused("S165", field="follows")
    require_word("follow_reasons", new.follows_because, "because")
    before = work.session.get(Interview, new.follows_id)
    if before is None or before.case_id != case.id:
        raise refused("S165", field="follows")


def _find_by_key(work: Work, client_key: str | None) -> Interview | None:
    if client_key is None:
        return None
    query = select(Interview).where(
        Interview.created_by == work.actor.account_id,
        Interview.client_key == hash_client_key(work, client_key),
    )
    return work.session.scalars(query).first()


def _again(work: Work, earlier: Interview, rules: Rules, new: NewInterview) -> tuple[Interview, Case]:
    interview, case = find_interview(work, earlier.id, "interviews.write")
    if interview.request_hash != _hash(work, case, rules, new):
        raise refused("S161", field="client_key")
    _record(work, interview, "interview.read")
    return interview, case


def _hash(work: Work, case: Case, rules: Rules, new: NewInterview) -> str:
    # Not the revision: the same request may be repeated on the day another one comes into force.
    parts = (
        rules.program.rule_set,
        new.instrument,
        new.case_id,
        new.site_id,
        new.visit_id,
        new.language,
        new.follows_id,
        new.follows_because,
        new.answers,
    )
    return work.digest(case, "interviews.request_hash", json.dumps(parts, sort_keys=True, default=str))


def _record(work: Work, interview: Interview, action: str, **detail: str | bool) -> None:
    work.record(
        action, "interview", interview.id, case_id=interview.case_id, site_id=interview.site_id, **detail
    )
