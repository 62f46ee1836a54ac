"""Cases, identity, consent and privacy, as the people of one site and of another meet them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when
from sqlalchemy import select

from screening.cases import (
    access,
    break_glass,
    cases,
    consents,
    erasure,
    exports,
    holds,
    identities,
    notes,
    retention,
    workplaces,
)
from screening.cases.policies import policies
from screening.engines import Engines
from screening.installations import open_installation
from screening.keys.vaults import Place
from screening.refusals import Refused
from screening.storage.slices import Asked
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from screening.work import Work
from tests.services import HandClock, World, make_world, storage_settings

SERVICES = {"own_service": None, "embassy": None}
NAME, DOCUMENT = "Rosa Invented", "P-123456"
_PLACE = Place("identities", "full_name", "0" * 32)


@dataclass
class Matter:
    """One case, and what somebody was last told of it."""

    world: World
    clock: HandClock
    id: str = ""
    other: str = ""
    workplace: str = ""
    codes: list[str] = field(default_factory=list)
    told: Any = None

    def act(self, who: str, call: Callable[[Work], Any]) -> None:
        """Do something as somebody; a refusal is kept and not raised."""
        self.codes, self.told = [], None
        try:
            with self.world.service.work(self.world[who]) as work:
                self.told = call(work)
        except Refused as error:
            self.codes = [fault.code for fault in error.faults]

    @property
    def case(self) -> Case:
        """The case as it is now."""
        with self.world.service.database.reading() as session:
            case = session.get_one(Case, self.id)
            session.expunge(case)
        return case


@pytest.fixture
def matter(tmp_path: Path, kuwait_engines: Engines, log: io.StringIO) -> Iterator[Matter]:
    """Two sites with their people on an embedded database."""
    clock = HandClock()
    settings = storage_settings(f"sqlite:///{tmp_path / 'records.sqlite3'}")
    service = open_installation(settings, kuwait_engines, clock)
    yield Matter(make_world(service), clock)
    service.close()


@given("a case of the interviewer")
def open_case(matter: Matter) -> None:
    matter.act("interviewer", lambda work: cases.create_case(work, matter.world.site_a))
    matter.id = matter.told.id


@given("a case of the interviewer with an identity")
def open_case_with_identity(matter: Matter) -> None:
    open_case(matter)
    fields = {"full_name": NAME, "document_number": DOCUMENT}
    matter.act("interviewer", lambda work: identities.write_identity(work, matter.id, fields, seen=0))
    agree(matter, "record", "given")


@given("a closed case of six years ago")
def close_long_ago(matter: Matter) -> None:
    open_case_with_identity(matter)
    close(matter, "person_left")
    matter.clock.move(days=6 * 366)


@given("a case of the colleague at the same workplace")
def open_second_case(matter: Matter) -> None:
    def place(work: Work) -> Any:
        return workplaces.find_or_create(work, kind="household", name="House of the lilac door")[0]

    matter.act("interviewer", place)
    matter.workplace = matter.told.id
    matter.act("interviewer", lambda work: workplaces.link_workplace(work, matter.id, matter.workplace))
    matter.act("colleague", lambda work: cases.create_case(work, matter.world.site_a))
    matter.other = matter.told.id
    matter.act("colleague", lambda work: workplaces.link_workplace(work, matter.other, matter.workplace))


def agree(matter: Matter, purpose: str, state: str, recipient: str | None = None) -> None:
    def record(work: Work) -> Any:
        return consents.record_consent(
            work,
            matter.id,
            purpose=purpose,
            state=state,
            how="spoken",
            services=SERVICES,
            recipient=recipient,
        )

    matter.act("interviewer", record)


def close(matter: Matter, reason: str, note: str | None = None) -> None:
    matter.act("interviewer", lambda work: cases.close_case(work, matter.id, reason=reason, note=note))


@given(parsers.re(r"the person says no to the purpose (?P<purpose>\w+)"))
def refuse_purpose(matter: Matter, purpose: str) -> None:
    agree(matter, purpose, "refused")


@when(parsers.re(r"the person says yes to a referral to (?P<service>\w+)"))
def agree_to_referral(matter: Matter, service: str) -> None:
    agree(matter, "referral", "given", service)


@when(parsers.re(r"the person takes back the yes to (?P<service>\w+)"))
def take_back(matter: Matter, service: str) -> None:
    agree(matter, "referral", "withdrawn", service)


@then(parsers.re(r"there is (?P<what>a yes for|no yes for|no word on) (?P<service>\w+)"))
def check_consent(matter: Matter, what: str, service: str) -> None:
    with matter.world.service.work(matter.world["interviewer"]) as work:
        found = consents.consent_for(work, matter.case, "referral", service)
    assert consents.is_given(found) is (what == "a yes for")
    assert (found is None) is (what == "no word on")


@when(parsers.re(r"the (?P<who>\w+) asks who the person is"))
def read_identity(matter: Matter, who: str) -> None:
    matter.act(who, lambda work: identities.read_identity(work, matter.id))


@when("the interviewer writes down a name")
def write_name(matter: Matter) -> None:
    fields = {"full_name": NAME}
    matter.act("interviewer", lambda work: identities.write_identity(work, matter.id, fields, seen=0))


@then("it is as if the case did not exist")
def check_unknown(matter: Matter) -> None:
    assert matter.codes == ["S150"]


@then("the name is shown")
def check_name(matter: Matter) -> None:
    assert matter.told.values["full_name"] == NAME


@then("the audit chain names the look at the identity")
def check_look(matter: Matter) -> None:
    with matter.world.service.database.reading() as session:
        query = select(AuditEntry.action, AuditEntry.actor).where(AuditEntry.case_id == matter.id)
        last = session.execute(query.order_by(AuditEntry.seq.desc())).first()
    assert last == ("identity.read", matter.world["interviewer"].account_id)


@when("somebody at another site records the same document")
def record_same_document(matter: Matter) -> None:
    def record(work: Work) -> Any:
        case = cases.create_case(work, matter.world.site_b)
        fields = {"document_number": DOCUMENT.lower()}
        return identities.write_identity(work, case.id, fields, seen=0)[1]

    matter.act("interviewer_b", record)


@then("they learn only that there is another case")
def check_match(matter: Matter) -> None:
    assert matter.told == identities.Matches((), True)


@then(parsers.re(r"it is refused with the code (?P<code>S\d+)"))
def check_code(matter: Matter, code: str) -> None:
    assert matter.codes == [code]


@when("the supervisor gives it to the colleague")
def give(matter: Matter) -> None:
    to = matter.world["colleague"].account_id
    matter.act("supervisor", lambda work: access.assign_case(work, matter.id, to))


@when("the supervisor ends the access of the colleague")
def take(matter: Matter) -> None:
    to = matter.world["colleague"].account_id
    matter.act("supervisor", lambda work: access.end_access(work, matter.id, to))


@when("the colleague opens it in an emergency")
def break_in(matter: Matter) -> None:
    reason = "The clinic asks for her medicines."
    matter.act("colleague", lambda work: break_glass.open_in_emergency(work, matter.id, reason))


@then("the colleague reads the case")
def check_reach(matter: Matter) -> None:
    matter.act("colleague", lambda work: cases.read_case(work, matter.id))
    assert matter.codes == []


@then("for the colleague it is as if the case did not exist")
def check_no_reach(matter: Matter) -> None:
    matter.act("colleague", lambda work: cases.read_case(work, matter.id))
    assert matter.codes == ["S150"]


@then("after an hour the colleague reads it no more")
def check_end_of_emergency(matter: Matter) -> None:
    assert policies().break_glass_minutes.value == 60
    matter.clock.move(hours=1)
    check_no_reach(matter)


@then("the auditor sees who opened it and why")
def check_alert(matter: Matter) -> None:
    matter.act("auditor", lambda work: break_glass.list_break_glass(work, Asked(), reviewed=False))
    (seen,) = matter.told.items
    assert seen.row.account_id == matter.world["colleague"].account_id
    assert seen.reason == "The clinic asks for her medicines."


@given("the supervisor holds it")
def hold(matter: Matter) -> None:
    until = date(2026, 11, 1) + timedelta(days=30)
    matter.act("supervisor", lambda work: holds.hold_case(work, matter.id, until=until, reason="court"))


@when(parsers.re(r"the supervisor erases it and types (?P<what>its|another) number"))
def erase(matter: Matter, what: str) -> None:
    with matter.world.service.work(matter.world["interviewer"]) as work:
        assert identities.read_identity(work, matter.id).values["full_name"] == NAME
    number = matter.case.number if what == "its" else "KW-2222-2222"
    matter.act(
        "supervisor",
        lambda work: erasure.erase_case(work, matter.id, number=number, reason="person_asked"),
    )


@then("nothing of it can be opened")
def check_erased(matter: Matter) -> None:
    case = matter.case
    matter.act("interviewer", lambda work: work.vault.seal(work.session, case.data_key_id, _PLACE, "x"))
    assert matter.codes == ["S103"]
    matter.act("supervisor", lambda work: exports.export_case(work, matter.id))
    assert matter.codes == ["S154"]


@then("its number stays for counts and for the audit chain")
def check_number(matter: Matter) -> None:
    assert matter.case.status == "erased"
    with matter.world.service.database.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.case_id == matter.id)
        assert {"case.create", "case.erase"} <= set(session.scalars(query))


@then(parsers.re(r"the case is (?P<status>open|closed)"))
def check_status(matter: Matter, status: str) -> None:
    assert matter.case.status == status


@when("the administrator asks what the retention rules would take")
def plan(matter: Matter) -> None:
    matter.act("administrator", retention.plan_retention)


@then("the case is named with its rule")
def check_plan(matter: Matter) -> None:
    named = {due.rule.id: [case.number for case in due.cases] for due in matter.told}
    assert named["closed_cases"] == [matter.case.number]


@when("the supervisor exports the record with the identity")
def export(matter: Matter) -> None:
    def collect(work: Work) -> Any:
        return json.loads("".join(exports.export_case(work, matter.id, identity=True)))

    matter.act("supervisor", collect)


@then("it has the name, the consents and who looked at it")
def check_export(matter: Matter) -> None:
    parts = {part["part"]: part["rows"] for part in matter.told["parts"]}
    assert parts["identities"][0]["full_name"] == NAME
    assert [row["purpose"] for row in parts["consents"]] == ["record"]
    assert matter.told["looked_at"][0]["name"] == "Interviewer"


@then("the parts have titles in both languages")
def check_titles(matter: Matter) -> None:
    assert all(part["title"]["en"] and part["title"]["ar"] for part in matter.told["parts"])


@when(parsers.re(r"the interviewer closes it because of (?P<reason>\w+)"))
def close_because(matter: Matter, reason: str) -> None:
    close(matter, reason)


@when(parsers.re(r"the interviewer reopens it because of (?P<reason>\w+)"))
def reopen(matter: Matter, reason: str) -> None:
    matter.act("interviewer", lambda work: cases.reopen_case(work, matter.id, reason=reason))


@when(parsers.re(r"the interviewer closes it with the note (?P<note>.+)"))
def close_with_note(matter: Matter, note: str) -> None:
    close(matter, "other", note)
    matter.told = notes.warn_about(note)


@then(parsers.re(r"the warning is (?P<warning>\w+)"))
def check_warning(matter: Matter, warning: str) -> None:
    assert list(matter.told) == ([] if warning == "none" else [warning])


@when(parsers.re(r"the (?P<who>\w+) looks at the workplace"))
def look_at_workplace(matter: Matter, who: str) -> None:
    matter.act(who, lambda work: workplaces.read_workplace(work, matter.workplace))


@then("only the own case is shown")
def check_own(matter: Matter) -> None:
    assert [case.id for case in matter.told.cases] == [matter.id]


@then("both cases are shown by their numbers")
def check_both(matter: Matter) -> None:
    assert {case.id for case in matter.told.cases} == {matter.id, matter.other}
