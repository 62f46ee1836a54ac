"""Who the person is: kept apart from the answers, each field sealed, every look audited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from indicators.dates import read_day
from screening.cases.cases import find_case, require_not_erased
from screening.cases.consents import consent_for, is_refused
from screening.cases.policies import policies
from screening.cases.writing import fold_number, read_digits
from screening.clock import day_in_kuwait
from screening.refusals import refused
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case, CaseLink, Identity
from screening.storage.versions import require_seen
from screening.work import Work

FIELDS: Final = (
    "full_name",
    "other_names",
    "birth_date",
    "nationality",
    "languages",
    "document_number",
    "telephone",
    "safe_contact",
    "address",
    "notes",
)
_WITH_DIGITS: Final = frozenset({"birth_date", "document_number", "telephone"})
_FOR_CONTACT: Final = frozenset({"telephone", "safe_contact"})
_YEAR_OR_MONTH: Final = re.compile(r"(\d{4})(?:-(\d{2}))?\Z", re.ASCII)
_CHECKED: Final = "identity.document_checked"


@dataclass(frozen=True, slots=True)
class IdentityRead:
    """The fields in clear; `version` is 0 while nothing was ever recorded."""

    case_id: str
    values: Mapping[str, str | None]
    version: int
    updated_at: datetime | None
    updated_by: str | None


@dataclass(frozen=True, slots=True)
class Matches:
    """Other cases with the same document number.

    `cases` are those the actor may open anyway. `elsewhere` says that there are others, and nothing more
    about them; it is None if the account has looked for too many numbers today.
    """

    cases: tuple[Case, ...]
    elsewhere: bool | None


def read_identity(work: Work, case_id: str) -> IdentityRead:
    """Who the person is; audited apart from the case, as `identity.read`."""
    case = find_case(work, case_id, "identity.read")
    require_not_erased(case)
    row = work.session.get(Identity, case.id)
    values = _open(work, case, row)
    work.record(
        "identity.read",
        "identity",
        case.id,
        case_id=case.id,
        site_id=case.site_id,
        fields=[name for name, value in values.items() if value is not None],
    )
    return _show(case, row, values)


def write_identity(
    work: Work, case_id: str, changes: Mapping[str, str | None], *, seen: int
) -> tuple[IdentityRead, Matches | None]:
    """Change the fields named in `changes` (None empties one) and leave the others as they are.

    `seen` is the version that was read, 0 for none. With a new document number the second value says whether
    there are other cases of it. Raises `Refused` with S232 for an older version, S170 for a date of birth
    that cannot be, S278 if the person said no to a record, S279 if the person wants no contact.
    """
    case = find_case(work, case_id, "identity.write", lock=True)
    require_not_erased(case)
    _respect(work, case, changes)
    row = work.session.get(Identity, case.id, with_for_update=True, populate_existing=True)
    if row is None:
        row = Identity(case_id=case.id, version=0)
    require_seen(row, seen)
    for name, value in changes.items():
        text = _read(name, value, work.now)
        sealed = None if text is None else work.seal(case, "identities", name, case.id, text)
        setattr(row, name, sealed)
        if name == "document_number":
            row.document_lookup = None if text is None else _lookup(work, text)
    row.updated_by = work.actor.account_id
    row.updated_at = work.now
    row.version += 1
    work.session.add(row)
    work.session.flush()
    work.record(
        "identity.write",
        "identity",
        case.id,
        case_id=case.id,
        site_id=case.site_id,
        fields=sorted(changes),
        version=row.version,
    )
    matches = find_matches(work, case, row) if changes.get("document_number") else None
    return _show(case, row, _open(work, case, row)), matches


def read_matches(work: Work, case_id: str) -> Matches:
    """Other cases with the same document number, for a supervisor who may link them."""
    case = find_case(work, case_id, "cases.assign")
    require_not_erased(case)
    row = work.session.get(Identity, case.id)
    return find_matches(work, case, row) if row is not None else Matches((), False)


def find_matches(work: Work, case: Case, row: Identity) -> Matches:
    """Other cases with the document number of this identity.

    Whoever types numbers into cases could otherwise find out who has been here: so an unreachable case is
    only a yes or no, each look is audited, and after so many a day there is no answer.
    """
    if row.document_lookup is None:
        return Matches((), False)
    looked = _looks_today(work)
    others = (
        select(Case)
        .join(Identity, Identity.case_id == Case.id)
        .where(Identity.document_lookup == row.document_lookup, Case.id != case.id)
    )
    reached = tuple(work.session.scalars(others.where(work.case_filter("cases.read")).order_by(Case.number)))
    count = work.session.scalar(select(func.count()).select_from(others.subquery())) or 0
    work.record(
        _CHECKED,
        "identity",
        case.id,
        case_id=case.id,
        site_id=case.site_id,
        cases=[other.id for other in reached],
        elsewhere=count > len(reached),
    )
    too_many = looked >= policies().document_checks_a_day.value
    return Matches(reached, None if too_many else count > len(reached))


def link_cases(work: Work, case_id: str, other_id: str) -> CaseLink:
    """Say that two cases are one person's; both must be within reach of the supervisor."""
    if case_id == other_id:
        raise refused("S273", field="case")
    first, second = sorted((case_id, other_id))
    cases = [find_case(work, id, "cases.assign", lock=True) for id in (first, second)]
    for case in cases:
        require_not_erased(case)
    query = select(CaseLink).where(CaseLink.case_id == first, CaseLink.other_case_id == second)
    found = work.session.scalars(query).first()
    if found is not None:
        return found
    link = CaseLink(
        case_id=first,
        other_case_id=second,
        kind="same_person",
        created_by=work.actor.account_id,
        created_at=work.now,
    )
    work.session.add(link)
    work.session.flush()
    for case in cases:
        work.record(
            "case.link", "case_link", link.id, case_id=case.id, site_id=case.site_id, cases=[first, second]
        )
    return link


def linked_cases(work: Work, case: Case) -> tuple[Case, ...]:
    """The cases linked with this one that the actor may open."""
    query = (
        select(Case)
        .join(CaseLink, (CaseLink.case_id == Case.id) | (CaseLink.other_case_id == Case.id))
        .where((CaseLink.case_id == case.id) | (CaseLink.other_case_id == case.id), Case.id != case.id)
        .where(work.case_filter("cases.read"))
        .order_by(Case.number)
    )
    return tuple(work.session.scalars(query))


def _looks_today(work: Work) -> int:
    since = (work.now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    query = (
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.actor == work.actor.account_id, AuditEntry.action == _CHECKED, AuditEntry.at > since
        )
    )
    return work.session.scalar(query) or 0


def _lookup(work: Work, number: str) -> str:
    return work.vault.lookup(work.session, "document", fold_number(number))


def _respect(work: Work, case: Case, changes: Mapping[str, str | None]) -> None:
    """What the person said no to is not written down; emptying a field is always possible."""
    kept = {name for name, value in changes.items() if value is not None}
    if kept and is_refused(consent_for(work, case, "record")):
        raise refused("S278")
    if kept & _FOR_CONTACT and is_refused(consent_for(work, case, "contact")):
        raise refused("S279", field=min(kept & _FOR_CONTACT))


def _read(name: str, value: str | None, now: datetime) -> str | None:
    if value is None or not value.strip():
        return None
    text = value.strip()
    if name in _WITH_DIGITS:
        text = read_digits(text)
    return _read_birth_date(text, day_in_kuwait(now)) if name == "birth_date" else text


def _read_birth_date(text: str, today: date) -> str:
    text = text.replace("/", "-")
    partial = _YEAR_OR_MONTH.match(text)
    begin = read_day(f"{partial[1]}-{partial[2] or '01'}-01" if partial else text)
    if begin is None or begin > today or begin.year < today.year - policies().oldest_person_years.value:
        raise refused("S170", field="birth_date")
    return text


def _open(work: Work, case: Case, row: Identity | None) -> dict[str, str | None]:
    sealed = {name: None if row is None else getattr(row, name) for name in FIELDS}
    return {
        name: None if value is None else work.open(case, "identities", name, case.id, value)
        for name, value in sealed.items()
    }


def _show(case: Case, row: Identity | None, values: Mapping[str, str | None]) -> IdentityRead:
    if row is None:
        return IdentityRead(case.id, values, 0, None, None)
    return IdentityRead(case.id, values, row.version, row.updated_at, row.updated_by)
