"""Cases, access and identity, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from screening.cases import access, break_glass, cases, identities
from screening.cases.consents import record_consent
from screening.cases.policies import policies
from screening.cases.writing import read_digits
from screening.refusals import Refused
from screening.storage.slices import Asked
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case, Identity
from screening.storage.tables.sites import Site
from tests.services import HandClock, World

SERVICES = {"own_service": None, "embassy": None}


def codes(call: Callable[[], Any]) -> list[str]:
    """The codes with which a call is refused."""
    with pytest.raises(Refused) as caught:
        call()
    return [fault.code for fault in caught.value.faults]


def refused_in(world: World, who: str, call: Callable[[Any], Any]) -> list[str]:
    """The codes with which a call in a transaction of its own is refused."""

    def run() -> None:
        with world.service.work(world[who]) as work:
            call(work)

    return codes(run)


def open_case(world: World, who: str = "interviewer", site: str | None = None) -> str:
    with world.service.work(world[who]) as work:
        return cases.create_case(work, site or world.site_a).id


def actions(world: World, case_id: str) -> list[str]:
    with world.service.database.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.case_id == case_id).order_by(AuditEntry.seq)
        return list(session.scalars(query))


def test_a_case_belongs_to_who_opened_it_and_to_the_supervisor_of_its_site(world: World) -> None:
    case_id = open_case(world)
    for who in ("interviewer", "supervisor"):
        with world.service.work(world[who]) as work:
            assert cases.read_case(work, case_id).id == case_id
            assert [case.id for case in cases.list_cases(work, Asked()).items] == [case_id]
    for who in ("colleague", "inspector", "interviewer_b", "supervisor_b", "service"):
        assert refused_in(world, who, lambda work: cases.read_case(work, case_id)) == ["S150"]
        with world.service.work(world[who]) as work:
            assert cases.list_cases(work, Asked()).items == []
    for who in ("reviewer", "approver", "administrator", "auditor"):
        assert refused_in(world, who, lambda work: cases.read_case(work, case_id)) == ["S121"]
    assert actions(world, case_id) == ["case.create", "case.read", "case.read"]


def test_a_case_is_found_by_its_number_however_it_was_typed(world: World) -> None:
    case_id = open_case(world)
    arabic = str.maketrans("23456789", "٢٣٤٥٦٧٨٩")
    with world.service.work(world["interviewer"], writes=False) as work:
        number = work.session.get_one(Case, case_id).number
        for typed in (number, f" {number.lower()} ", number.translate(arabic), number.replace("-", "–")):
            found = cases.find_by_number(work, typed, "cases.read")
            assert found is not None, typed
            assert found.id == case_id
        assert cases.find_by_number(work, "", "cases.read") is None
    with world.service.work(world["interviewer_b"], writes=False) as work:
        assert cases.find_by_number(work, number, "cases.read") is None
        assert cases.id_of_number(work, number.lower()) == case_id


def test_nobody_opens_a_case_at_a_site_out_of_reach(world: World) -> None:
    assert refused_in(world, "interviewer", lambda work: cases.create_case(work, world.site_b)) == ["S122"]


def test_the_same_key_is_the_same_case(world: World) -> None:
    with world.service.work(world["interviewer"]) as work:
        first = cases.create_case(work, world.site_a, client_key="phone-1")
        again = cases.create_case(work, world.site_a, client_key="phone-1")
        other = cases.create_case(work, world.site_a, client_key="phone-2")
    with world.service.work(world["colleague"]) as work:
        colleagues = cases.create_case(work, world.site_a, client_key="phone-1")
    assert first.id == again.id
    assert len({first.id, other.id, colleagues.id}) == 3
    assert "phone-1" not in (first.client_key or "")
    assert actions(world, first.id) == ["case.create"]


def test_a_case_is_closed_by_a_person_with_a_reason_and_reopened(world: World) -> None:
    case_id = open_case(world)

    def close(work: Any, reason: str, note: str | None = None, seen: int | None = None) -> Case:
        return cases.close_case(work, case_id, reason=reason, note=note, seen=seen)

    assert refused_in(world, "interviewer", lambda work: close(work, "low_result")) == ["S159"]
    assert refused_in(world, "interviewer", lambda work: close(work, "other")) == ["S155"]
    assert refused_in(world, "interviewer", lambda work: close(work, "help_given", seen=7)) == ["S232"]
    with world.service.work(world["interviewer"]) as work:
        assert close(work, "other", "She went to her sister.", seen=1).version == 2
    assert refused_in(world, "interviewer", lambda work: close(work, "help_given")) == ["S153"]
    with world.service.work(world["supervisor"]) as work:
        cases.reopen_case(work, case_id, reason="person_returned")
    assert refused_in(
        world, "supervisor", lambda work: cases.reopen_case(work, case_id, reason="person_returned")
    ) == ["S156"]
    with world.service.work(world["supervisor"]) as work:
        case = cases.find_case(work, case_id, "cases.read")
        events = cases.list_events(work, case)
        assert [(event.seq, event.event, event.reason) for event in events] == [
            (1, "closed", "other"),
            (2, "reopened", "person_returned"),
        ]
        note = events[0].note
        assert note is not None
        assert b"sister" not in note
        assert work.open(case, "case_events", "note", events[0].id, note) == "She went to her sister."


def test_a_case_is_given_to_a_colleague_of_the_site_and_taken_back(world: World) -> None:
    case_id, colleague = open_case(world), world["colleague"].account_id
    for stranger in (world["interviewer_b"].account_id, world["auditor"].account_id, "0" * 32):
        assert refused_in(
            world, "supervisor", lambda work, to=stranger: access.assign_case(work, case_id, to)
        ) == ["S157"]
    assert refused_in(world, "interviewer", lambda work: access.assign_case(work, case_id, colleague)) == [
        "S121"
    ]
    for _ in range(2):
        with world.service.work(world["supervisor"]) as work:
            access.assign_case(work, case_id, colleague)
    with world.service.work(world["colleague"]) as work:
        cases.read_case(work, case_id)
    with world.service.work(world["supervisor"]) as work:
        reasons = {row.because for row in access.list_access(work, case_id)}
        assert reasons == {"created", "assigned"}
    with world.service.work(world["supervisor"]) as work:
        access.end_access(work, case_id, colleague)
    assert refused_in(world, "colleague", lambda work: cases.read_case(work, case_id)) == ["S150"]
    assert refused_in(world, "supervisor", lambda work: access.end_access(work, case_id, colleague)) == [
        "S158"
    ]


def write(world: World, case_id: str, who: str = "interviewer", seen: int = 0, **fields: Any) -> Any:
    with world.service.work(world[who]) as work:
        return identities.write_identity(work, case_id, fields, seen=seen)


def test_identity_is_sealed_partly_changed_and_audited_apart(world: World) -> None:
    case_id = open_case(world)
    write(world, case_id, full_name="ماريا سانتوس", document_number="P١٢٣٤٥٦", birth_date="١٩٩٩-٠٥")
    found, _ = write(world, case_id, seen=1, full_name=None, telephone="+965 ٥٥٥٠ ١٢٣٤")
    assert found.values["full_name"] is None
    assert found.values["document_number"] == "P123456"
    assert found.values["birth_date"] == "1999-05"
    assert found.values["telephone"] == "+965 5550 1234"
    assert found.version == 2
    assert codes(lambda: write(world, case_id, seen=1, notes="late")) == ["S232"]
    assert codes(lambda: write(world, open_case(world), seen=3, notes="early")) == ["S232"]
    with world.service.work(world["interviewer"]) as work:
        identities.read_identity(work, case_id)
    assert actions(world, case_id)[-1] == "identity.read"
    with world.service.database.reading() as session:
        row = session.get_one(Identity, case_id)
        assert b"P123456" not in row.document_number
        details = session.scalars(select(AuditEntry.detail).where(AuditEntry.case_id == case_id)).all()
        assert "P123456" not in json.dumps(details)
    for who in ("colleague", "service"):
        expected = ["S121"] if who == "service" else ["S150"]
        assert refused_in(world, who, lambda work: identities.read_identity(work, case_id)) == expected


WRONG_BIRTH_DATES = (
    "2026-11-02",
    "2027",
    "1999-13",
    "1999-02-30",
    "1880-01-01",
    "05/1999",
    "yesterday",
    "1901",
)
RIGHT_BIRTH_DATES = ("2026-11-01", "1999", "1999-12", "1999/05/20", "٢٠٠٨-٠١-٠٢", "۲۰۰۸")


def test_a_date_of_birth_may_be_known_in_part_and_must_be_possible(world: World) -> None:
    case_id = open_case(world)
    for wrong in WRONG_BIRTH_DATES:
        assert codes(lambda text=wrong: write(world, case_id, birth_date=text)) == ["S170"], wrong
    for seen, right in enumerate(RIGHT_BIRTH_DATES):
        found, _ = write(world, case_id, seen=seen, birth_date=right)
        assert found.values["birth_date"] == read_digits(right).replace("/", "-")


def test_another_case_of_the_same_document_is_noticed_and_not_revealed(world: World) -> None:
    mine = open_case(world)
    write(world, mine, document_number="ab-123 456")
    at_b = open_case(world, "interviewer_b", world.site_b)
    _, matches = write(world, at_b, "interviewer_b", document_number="AB١٢٣٤٥٦")
    assert matches.cases == ()
    assert matches.elsewhere is True
    second = open_case(world)
    _, matches = write(world, second, document_number="AB123456")
    assert [case.id for case in matches.cases] == [mine]
    assert matches.elsewhere is True
    _, matches = write(world, second, seen=1, document_number="another")
    assert (matches.cases, matches.elsewhere) == ((), False)
    # What the audit keeps of the look names nothing that was out of reach.
    with world.service.database.reading() as session:
        query = select(AuditEntry.detail).where(AuditEntry.action == "identity.document_checked")
        details = list(session.scalars(query))
    assert [detail["elsewhere"] for detail in details] == [False, True, True, False]
    assert at_b not in json.dumps(details)


def test_who_types_many_numbers_is_no_longer_told_whether_they_are_known(
    world: World, clock: HandClock
) -> None:
    write(world, open_case(world, "interviewer_b", world.site_b), "interviewer_b", document_number="X1")
    case_id = open_case(world)
    for number in range(policies().document_checks_a_day.value):
        _, matches = write(world, case_id, seen=number, document_number="X1")
        assert matches.elsewhere is True
    seen = policies().document_checks_a_day.value
    _, matches = write(world, case_id, seen=seen, document_number="X1")
    assert matches.elsewhere is None
    clock.move(days=1, minutes=1)
    _, matches = write(world, case_id, seen=seen + 1, document_number="X1")
    assert matches.elsewhere is True


def test_a_supervisor_links_two_cases_of_one_person(world: World) -> None:
    first, second = open_case(world), open_case(world, "colleague")
    at_b = open_case(world, "interviewer_b", world.site_b)

    def link(work: Any, one: str, other: str) -> Any:
        return identities.link_cases(work, one, other)

    assert refused_in(world, "interviewer", lambda work: link(work, first, second)) == ["S121"]
    assert refused_in(world, "supervisor", lambda work: link(work, first, first)) == ["S273"]
    assert refused_in(world, "supervisor", lambda work: link(work, first, at_b)) == ["S150"]
    with world.service.work(world["supervisor"]) as work:
        assert link(work, first, second).id == link(work, second, first).id
        case = cases.find_case(work, first, "cases.read")
        assert [other.id for other in identities.linked_cases(work, case)] == [second]
    with world.service.work(world["interviewer"]) as work:
        # The linked case is a colleague's: not even its number is shown.
        assert identities.linked_cases(work, cases.find_case(work, first, "cases.read")) == ()


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_identity_is_not_recorded_against_a_no(world: World, state: str) -> None:
    case_id = open_case(world)
    with world.service.work(world["interviewer"]) as work:
        for purpose in ("record", "contact"):
            if state == "withdrawn":
                record_consent(work, case_id, purpose=purpose, state="given", how="spoken", services=SERVICES)
        record_consent(work, case_id, purpose="contact", state=state, how="spoken", services=SERVICES)
    assert codes(lambda: write(world, case_id, telephone="55501234")) == ["S279"]
    write(world, case_id, full_name="Maria", telephone=None)
    with world.service.work(world["interviewer"]) as work:
        record_consent(work, case_id, purpose="record", state=state, how="spoken", services=SERVICES)
    assert codes(lambda: write(world, case_id, seen=1, nationality="Philippines")) == ["S278"]
    found, _ = write(world, case_id, seen=1, full_name=None)
    assert found.values["full_name"] is None


def test_emergency_access_opens_for_a_time_and_is_reviewed_by_others(world: World, clock: HandClock) -> None:
    case_id = open_case(world)

    def take(work: Any, target: str = case_id) -> Any:
        return break_glass.open_in_emergency(work, target, "She collapsed; her medicine is in the record.")

    assert refused_in(world, "interviewer", take) == ["S178"]
    assert refused_in(world, "interviewer_b", take) == ["S150"]
    assert refused_in(world, "auditor", take) == ["S121"]
    with world.service.work(world["colleague"]) as work:
        row = take(work)
        assert b"medicine" not in row.reason
    with world.service.work(world["colleague"]) as work:
        cases.read_case(work, case_id)
        identities.read_identity(work, case_id)
    # Roles still decide what may be done.
    assert refused_in(world, "colleague", lambda work: access.list_access(work, case_id)) == ["S121"]
    clock.move(minutes=policies().break_glass_minutes.value)
    assert refused_in(world, "colleague", lambda work: cases.read_case(work, case_id)) == ["S150"]

    with world.service.work(world["auditor"]) as work:
        (seen,) = break_glass.list_break_glass(work, Asked(), reviewed=False).items
        assert seen.reason == "She collapsed; her medicine is in the record."
    with world.service.work(world["supervisor_b"]) as work:
        assert break_glass.list_break_glass(work, Asked()).items == []

    def review(work: Any, word: str = "justified") -> Any:
        return break_glass.review_break_glass(work, row.id, review=word, note="Checked with the nurse.")

    assert refused_in(world, "supervisor_b", review) == ["S150"]
    assert refused_in(world, "colleague", review) == ["S121"]
    assert refused_in(world, "supervisor", lambda work: review(work, "fine")) == ["S159"]
    with world.service.work(world["supervisor"]) as work:
        assert review(work).review_note == "Checked with the nurse."
    assert refused_in(world, "auditor", review) == ["S275"]
    with world.service.work(world["supervisor"]) as work:
        assert break_glass.list_break_glass(work, Asked(), reviewed=False).items == []


def test_nobody_reviews_their_own_emergency_access(world: World) -> None:
    at_b = open_case(world, "interviewer_b", world.site_b)
    with world.service.work(world["supervisor"]) as work:
        row = break_glass.open_in_emergency(work, at_b, "Her colleague cannot be reached.")
    # The supervisor of A does not review at B; one of both sites would still not review her own.
    actor = world["supervisor"]
    everywhere = type(actor)(
        actor.account_id, "person", frozenset({type(next(iter(actor.grants)))("supervisor", None)})
    )

    def review() -> None:
        with world.service.work(everywhere) as work:
            break_glass.review_break_glass(work, row.id, review="justified")

    assert codes(review) == ["S274"]


def test_a_site_that_is_out_of_use_takes_no_new_cases(world: World) -> None:
    with world.service.database.writing() as session:
        session.get_one(Site, world.site_a).active = False
    assert refused_in(world, "interviewer", lambda work: cases.create_case(work, world.site_a)) == ["S151"]
