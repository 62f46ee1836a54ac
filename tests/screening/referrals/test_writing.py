"""A referral rests on a yes to one service, or on an exception of the law; nothing else makes one leave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from screening.cases.consents import record_consent
from screening.referral_stages import load_duty_to_report, load_referral_mechanism
from screening.referrals.events import load_referral_book
from screening.referrals.proposals import propose
from screening.referrals.queues import count_queues, queue_names, read_queue
from screening.referrals.referrals import (
    Guidance,
    NewReferral,
    ReferralSeen,
    happen,
    list_referrals,
    read_referral,
    write_referral,
)
from screening.referrals.stages import enter_stage, read_stages
from screening.refusals import Refused
from screening.storage.slices import Asked
from screening.storage.tables.cases import Case
from tests.services import HandClock, World
from tests.sittings import CLEAR_ACCOUNT, Desk


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, count(1))


@pytest.fixture
def guidance(world: World) -> Guidance:
    engines = world.service.engines
    return Guidance(engines, load_referral_book(), load_duty_to_report(engines.catalogue().sources))


class Office:
    """What one test does with referrals, in the name of the interviewer unless told otherwise."""

    def __init__(self, world: World, desk: Desk, guidance: Guidance) -> None:
        self.world, self.desk, self.guidance = world, desk, guidance

    def finished_case(self, **more: Any) -> str:
        interview = self.desk.begin()
        last = self.desk.save_all(interview, {**CLEAR_ACCOUNT, **more})
        self.desk.finish(interview, last)
        return self.desk.case_of(interview)

    def consent(self, case: str, service: str, state: str = "given") -> None:
        with self.world.service.work(self.world["interviewer"]) as work:
            record_consent(
                work,
                case,
                purpose="referral",
                state=state,
                how=None,
                services={service: None},
                recipient=service,
            )

    def write(
        self, case: str, route: str, service: str, who: str = "interviewer", **more: Any
    ) -> ReferralSeen:
        with self.world.service.work(self.world[who]) as work:
            return write_referral(work, NewReferral(case, route, service, **more), self.guidance)

    def happen(self, referral: str, event: str, who: str = "interviewer", **more: Any) -> ReferralSeen:
        with self.world.service.work(self.world[who]) as work:
            seen = happen(work, referral, event, self.guidance, **more)
        assert isinstance(seen, ReferralSeen)
        return seen


@pytest.fixture
def office(world: World, desk: Desk, guidance: Guidance) -> Iterator[Office]:
    return Office(world, desk, guidance)


def refusal(call: Any, *args: Any, **named: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **named)
    return caught.value.faults[0].code


def test_nothing_is_written_without_a_yes_to_this_one_service(office: Office) -> None:
    case = office.finished_case()
    assert refusal(office.write, case, "shelter", "pam_shelter_women") == "S182"
    office.consent(case, "pam_shelter_men")
    assert refusal(office.write, case, "shelter", "pam_shelter_women") == "S182"
    office.consent(case, "pam_shelter_women")
    seen = office.write(case, "shelter", "pam_shelter_women", message="needs a bed tonight")
    assert seen.referral.status == "created"
    assert seen.referral.consent_id is not None
    assert seen.message == "needs a bed tonight"
    assert [event.event for event in seen.events] == ["created"]
    assert seen.allowed == ("printed", "sent", "cancelled")


def test_a_no_is_respected_even_where_no_yes_is_needed(office: Office) -> None:
    case = office.finished_case()
    route, service = "information_and_way_back", "own_service"
    office.consent(case, service, "refused")
    assert refusal(office.write, case, route, service, because="she asked again") == "S182"


def test_a_yes_taken_back_stops_what_was_written_but_not_sent(office: Office) -> None:
    case = office.finished_case()
    office.consent(case, "pam_shelter_women")
    written = office.write(case, "shelter", "pam_shelter_women")
    office.consent(case, "pam_shelter_women", "withdrawn")
    assert refusal(office.happen, written.referral.id, "sent", how="telephone") == "S182"
    with office.world.service.work(office.world["supervisor"]) as work:
        waiting = read_queue(work, "consent_withdrawn", Asked())
    assert [item.id for item in waiting.items] == [written.referral.id]
    done = office.happen(written.referral.id, "cancelled", reason="consent_withdrawn")
    assert done.referral.status == "cancelled"


def test_an_exception_holds_only_with_its_facts(office: Office) -> None:
    case = office.finished_case()
    route, service = "emergency", "emergency_services"
    assert refusal(office.write, case, route, service, because="b") == "S182"
    assert refusal(office.write, case, route, service, because="b", exception="imminent_danger") == "S183"
    seen = office.write(
        case, route, service, because="unconscious", exception="imminent_danger", stated=("danger",)
    )
    assert seen.referral.exception == "imminent_danger"
    assert refusal(office.write, case, "anti_trafficking", "x", because="b", exception="duty_to_report") in {
        "S180",
        "S185",
    }


def test_danger_in_an_unfinished_interview_can_be_referred_at_once(office: Office) -> None:
    interview = office.desk.begin()
    case = office.desk.case_of(interview)
    assert refusal(office.write, case, "emergency", "emergency_services") == "S184"
    seen = office.write(
        case,
        "emergency",
        "emergency_services",
        because="bleeding",
        exception="imminent_danger",
        stated=("danger",),
    )
    assert seen.referral.assessment_id is None


def test_a_child_is_referred_without_a_yes_because_an_assessment_shows_it(office: Office) -> None:
    case = office.finished_case(age_group="child")
    seen = office.write(case, "child_protection", "child_line_147", exception="child")
    assert seen.referral.urgency in {"now", "today"}
    assert seen.referral.due_at is not None


def test_a_later_assessment_takes_no_proposal_away(office: Office, world: World, clock: HandClock) -> None:
    case = office.finished_case()
    with world.service.work(world["interviewer"]) as work:
        first = {item.route for item in propose(work, work.session.get_one(Case, case))}
    assert "shelter" in first
    clock.move(days=1)
    # A second, nearly empty interview recommends much less by itself.
    again = office.desk.begin(case_id=case)
    office.desk.finish(again, office.desk.save_all(again, {"kind_of_work": "domestic_work"}))
    with world.service.work(world["interviewer"]) as work:
        second = {item.route: item for item in propose(work, work.session.get_one(Case, case))}
    assert first <= set(second)
    assert not second["shelter"].in_newest


def test_the_way_of_a_referral(office: Office, clock: HandClock, world: World) -> None:
    case = office.finished_case()
    office.consent(case, "pam_shelter_women")
    id = office.write(case, "shelter", "pam_shelter_women").referral.id
    assert refusal(office.happen, id, "accepted", "supervisor") == "S181"
    assert refusal(office.happen, id, "sent") == "S186"
    sent = office.happen(id, "sent", how="accompanied", seen=1)
    assert (sent.referral.status, sent.referral.version) == ("sent", 2)
    assert refusal(office.happen, id, "accepted", seen=1) == "S232"
    clock.move(days=4)
    with world.service.work(world["supervisor"]) as work:
        assert [item.id for item in read_queue(work, "referrals_overdue", Asked()).items] == [id]
    declined = office.happen(id, "declined", reason="no_place", note="full until Sunday")
    assert declined.events[-1].note == "full until Sunday"
    assert declined.referral.due_at is not None
    closed = office.happen(id, "closed", reason="other_service_found")
    assert closed.allowed == ("followed_up",)
    with world.service.work(world["supervisor"]) as work:
        assert not read_queue(work, "referrals_overdue", Asked()).items


def test_others_see_nothing(office: Office) -> None:
    case = office.finished_case()
    office.consent(case, "pam_shelter_women")
    id = office.write(case, "shelter", "pam_shelter_women").referral.id
    for stranger in ("interviewer_b", "supervisor_b", "colleague"):
        with office.world.service.work(office.world[stranger]) as work:
            assert refusal(read_referral, work, id, office.guidance.book) == "S150"
            assert not list_referrals(work, Asked()).items
    with office.world.service.work(office.world["administrator"]) as work:
        assert refusal(read_referral, work, id, office.guidance.book) == "S121"


def test_the_same_key_writes_once(office: Office) -> None:
    case = office.finished_case()
    office.consent(case, "pam_shelter_women")
    first = office.write(case, "shelter", "pam_shelter_women", client_key="k")
    second = office.write(case, "shelter", "pam_shelter_women", client_key="k")
    assert first.referral.id == second.referral.id
    other = office.finished_case()
    assert refusal(office.write, other, "shelter", "pam_shelter_women", client_key="k") == "S190"


def test_only_named_parts_of_the_identity_go_along(office: Office) -> None:
    case = office.finished_case()
    office.consent(case, "pam_shelter_women")
    assert refusal(office.write, case, "shelter", "pam_shelter_women", share=("document_lookup",)) == "S186"
    seen = office.write(case, "shelter", "pam_shelter_women", share=("languages",))
    assert seen.share == ("languages",)


def test_what_is_written_is_sealed(office: Office, world: World) -> None:
    case = office.finished_case()
    office.consent(case, "pam_shelter_women")
    office.write(case, "shelter", "pam_shelter_women", message="MARKER-MESSAGE")
    from screening.storage.tables.referrals import Referral

    with world.service.database.reading() as session:
        row = session.scalars(select(Referral)).one()
        assert b"MARKER" not in (row.content or b"")
        assert "MARKER" not in json.dumps(
            {column.name: str(getattr(row, column.name)) for column in Referral.__table__.columns}
        )


def test_stages_have_limits_and_the_overdue_are_listed(
    office: Office, clock: HandClock, world: World
) -> None:
    mechanism = load_referral_mechanism(world.service.engines.catalogue().sources)
    case = office.finished_case()
    with world.service.work(world["interviewer"]) as work:
        enter_stage(work, case, "first_contact", mechanism)
    clock.move(days=2)
    with world.service.work(world["supervisor"]) as work:
        assert [item.what for item in read_queue(work, "stages_overdue", Asked()).items] == ["first_contact"]
    with world.service.work(world["interviewer"]) as work:
        enter_stage(work, case, "screening", mechanism)
        enter_stage(work, case, "screening", mechanism)
        stages = read_stages(work, case, mechanism)
        assert [(one.stage.id, one.left_at is None) for one in stages] == [
            ("first_contact", False),
            ("screening", True),
        ]
        assert refusal(enter_stage, work, case, "screning", mechanism) == "S180"


def test_every_list_can_be_read_in_slices(office: Office, world: World) -> None:
    for _ in range(3):
        office.finished_case()
    with world.service.work(world["supervisor"]) as work:
        counts = count_queues(work)
        assert set(counts) == set(queue_names())
        assert counts["undecided"] == counts["not_referred"] == 3
        found, after = [], None
        while True:
            part = read_queue(work, "undecided", Asked(limit=1, after=after))
            found += [item.id for item in part.items]
            after = part.following
            if after is None:
                break
        assert len(set(found)) == 3
        assert refusal(read_queue, work, "undecded", Asked()) == "S189"
