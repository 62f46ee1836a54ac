"""Referrals over HTTP: every route, every code, and what another system gets to see."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI

from api.examples import example_ids, operation_examples
from screening.people.access import Actor, Grant
from tests.api.referrals.conftest import API, WOMEN, Counter, code_of
from tests.services import HandClock, World

EMERGENCY = {"route": "emergency", "service": "emergency_services", "because": "bleeding"}


def test_the_way_of_a_referral(counter: Counter, clock: HandClock) -> None:
    case = counter.case()
    proposals = counter["interviewer"].get(f"{API}/cases/{case}/proposals").json()
    shelter = next(one for one in proposals["items"] if one["recommendation"]["route"] == "shelter")
    assert (shelter["in_newest"], shelter["can_be_written"], shelter["referrals"]) == (True, True, [])
    assert code_of(counter.write(case)) == (422, "S182")
    counter.agree(case)
    made = counter.write(case, message="needs a bed tonight", headers={"Idempotency-Key": "a"})
    assert made.headers["etag"] == '"1"'
    shown = made.json()
    address = made.headers["location"]
    assert (
        counter.write(case, message="needs a bed tonight", headers={"Idempotency-Key": "a"}).json() == shown
    )
    assert counter["interviewer"].get(address).json() == shown
    assert shown["status"]["label"]["ar"] == "اتُّفق عليها وكُتبت"
    assert (shown["exception"], shown["to_be_explained"]) == (None, False)
    assert shown["directory"]["id"] == WOMEN
    assert [one["id"] for one in shown["next_steps"]] == ["printed", "sent", "cancelled"]
    proposals = counter["interviewer"].get(f"{API}/cases/{case}/proposals").json()
    shelter = next(one for one in proposals["items"] if one["recommendation"]["route"] == "shelter")
    assert (shelter["agreed_services"], shelter["referrals"]) == ([WOMEN], [shown["id"]])

    sent = counter.record(shown["id"], "sent", how="accompanied", seen=1)
    assert (sent.headers["etag"], sent.json()["status"]["id"]) == ('"2"', "sent")
    clock.move(days=4)
    overdue = counter["supervisor"].get(f"{API}/queues/referrals_overdue").json()
    assert [one["id"] for one in overdue["items"]] == [shown["id"]]
    assert counter["interviewer"].get(address).json()["overdue"] is True
    declined = counter.record(shown["id"], "declined", reason="no_place", note="full until Sunday").json()
    assert declined["events"][-1]["note"] == "full until Sunday"
    assert declined["due_at"] is not None
    closed = counter.record(shown["id"], "closed", reason="other_service_found").json()
    assert [one["id"] for one in closed["next_steps"]] == ["followed_up"]


def test_a_list_is_filtered_and_read_in_pages(counter: Counter) -> None:
    case = counter.case()
    first = counter.written(case)
    second = counter.sent(case=case)
    client = counter["interviewer"]
    found, cursor = [], None
    while True:
        parameters = {"limit": 1, **({} if cursor is None else {"cursor": cursor})}
        page = client.get(f"{API}/referrals", params=parameters).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert set(found) == {first["id"], second["id"]}
    assert len(found) == 2

    def ids(who: str = "interviewer", **filters: str) -> set[str]:
        answer = counter[who].get(f"{API}/referrals", params=filters)
        assert answer.status_code == 200, answer.text
        return {one["id"] for one in answer.json()["items"]}

    assert ids(status="sent") == {second["id"]}
    assert ids(service="iom_kuwait") == set()
    assert ids(site=counter.world.site_a, case=case, service=WOMEN) == {first["id"], second["id"]}
    assert ids("supervisor_b") == set()
    assert "message" not in json.dumps(client.get(f"{API}/referrals").json())
    assert code_of(client.get(f"{API}/referrals", params={"cursor": "x"})) == (422, "S230")
    assert code_of(client.get(f"{API}/referrals", params={"colour": "x"})) == (422, "S027")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"route": "sheltr"}, (422, "S180")),
        ({"service": "iom_kuwait"}, (422, "S185")),
        ({"share": ["document_lookup"]}, (422, "S186")),
        ({"share": ["notes"]}, (422, "S186")),
        ({"service": "pam_shelter_men"}, (422, "S182")),
        ({"service": "pam_shelter_men", "exception": "imminent_danger", "stated": ["danger"]}, (422, "S183")),
        ({"service": "pam_shelter_men", "exception": "no_such"}, (422, "S183")),
        ({"route": "visa_trade_report", "service": "legal_advice_kshr"}, (422, "S184")),
        ({"route": "visa_trade_report", "service": "legal_advice_kshr", "because": " "}, (422, "S184")),
        ({"route": "embassy", "service": "embassy", "because": "she asked"}, (422, "S192")),
        ({"case": "0" * 32}, (404, "S150")),
        ({"stated": ["hunger"]}, (422, "S240")),
        ({"nobody": 1}, (422, "S238")),
    ],
)
def test_what_cannot_be_written(counter: Counter, body: dict[str, Any], expected: tuple[int, str]) -> None:
    case = counter.case()
    counter.agree(case)
    assert code_of(counter.write(**{"case": case, **body})) == expected


def test_a_nameless_exception_takes_no_name(counter: Counter, app: FastAPI) -> None:
    case = counter.case()
    body = {
        "route": "anti_trafficking",
        "service": "public_prosecution",
        "exception": "duty_to_report",
        "stated": ["duty_to_report"],
    }

    def set_duty(value: str) -> None:
        held = app.state.guidance
        app.state.guidance = replace(held, duty=held.duty.model_copy(update={"value": value}))

    # Until lawyers have answered there is no such exception.
    assert code_of(counter.write(case, **body)) == (422, "S183")
    set_duty("planned_crimes")
    assert code_of(counter.write(case, **body, share=["full_name"])) == (422, "S193")
    shown = counter.write(case, **body).json()
    assert shown["exception_of_the_law"]["nameless"] is True
    # What lawyers take back before it left does not leave.
    set_duty("ask_a_lawyer")
    assert code_of(counter.record(shown["id"], "sent", how="letter")) == (422, "S183")


def test_an_exception_is_explained_and_stays_on_the_list_until_it_was_told(counter: Counter) -> None:
    case = counter.case()
    shown = counter.write(case, **EMERGENCY, exception="imminent_danger", stated=["danger"]).json()
    assert shown["exception"]["label"]["ar"]
    assert shown["exception_of_the_law"]["explanation"]["en"]
    assert shown["to_be_explained"] is True
    supervisor = counter["supervisor"]
    assert supervisor.get(f"{API}/queues").json()["items"]["to_be_explained"] == 1
    told = counter.record(shown["id"], "explained").json()
    assert (told["to_be_explained"], told["version"]) == (False, shown["version"])
    assert supervisor.get(f"{API}/queues").json()["items"]["to_be_explained"] == 0
    beforehand = counter.write(
        case, **EMERGENCY, exception="imminent_danger", stated=["danger"], explained=True
    ).json()
    assert [one["event"]["id"] for one in beforehand["events"]] == ["created", "explained"]
    # With a yes there is nothing to explain, and no exception is written down.
    counter.agree(case)
    agreed = counter.write(case, exception="imminent_danger").json()
    assert agreed["exception"] is None
    assert code_of(counter.record(agreed["id"], "explained")) == (409, "S181")


@pytest.mark.parametrize(
    ("event", "more", "expected"),
    [
        ("sent", {}, (422, "S186")),
        ("sent", {"how": "pigeon"}, (422, "S186")),
        ("sent", {"how": "letter", "reason": "other"}, (422, "S186")),
        ("snet", {}, (422, "S180")),
        ("accepted", {}, (409, "S181")),
        ("sent", {"how": "letter", "seen": 7}, (412, "S232")),
        ("sent", {"how": "letter", "due_at": "2020-01-01T00:00:00Z"}, (422, "S191")),
        ("sent", {"how": "letter", "due_at": "2028-01-01T00:00:00Z"}, (422, "S191")),
        ("sent", {"how": "letter", "due_at": "2026-11-02T00:00:00"}, (422, "S239")),
        ("cancelled", {"reason": "other", "due_at": "2026-11-02T00:00:00Z"}, (422, "S191")),
    ],
)
def test_what_cannot_happen(
    counter: Counter, event: str, more: dict[str, Any], expected: tuple[int, str]
) -> None:
    shown = counter.written()
    assert code_of(counter.record(shown["id"], event, **more)) == expected
    again = counter["interviewer"].get(f"{API}/referrals/{shown['id']}").json()
    assert (again["version"], len(again["events"])) == (1, 1)


def test_a_version_must_be_said(counter: Counter) -> None:
    shown = counter.written()
    address = f"{API}/referrals/{shown['id']}/events"
    answer = counter["interviewer"].post(address, json={"event": "sent", "how": "letter"})
    assert code_of(answer) == (428, "S231")


def test_the_next_step_is_expected_when_somebody_said(counter: Counter) -> None:
    shown = counter.written()
    sent = counter.record(shown["id"], "sent", how="letter", due_at="2026-11-09T08:00:00+03:00").json()
    assert sent["due_at"] == "2026-11-09T05:00:00Z"


def test_a_key_writes_one_referral(counter: Counter) -> None:
    case, other = counter.case(), counter.case()
    counter.agree(case)
    counter.agree(other)
    first = counter.write(case, client_key="k-1")
    assert counter.write(case, client_key="k-1").json()["id"] == first.json()["id"]
    assert code_of(counter.write(other, client_key="k-1")) == (409, "S190")


def test_a_yes_taken_back_stops_it(counter: Counter) -> None:
    shown = counter.written()
    counter.agree(shown["case"], state="withdrawn")
    assert code_of(counter.record(shown["id"], "sent", how="letter")) == (422, "S182")
    assert code_of(counter["interviewer"].get(f"{API}/referrals/{shown['id']}/form")) == (422, "S182")
    waiting = counter["supervisor"].get(f"{API}/queues/consent_withdrawn").json()["items"]
    assert [one["id"] for one in waiting] == [shown["id"]]
    # Said again, it may leave after all, and waits no longer.
    counter.agree(shown["case"])
    assert counter["supervisor"].get(f"{API}/queues/consent_withdrawn").json()["items"] == []
    assert counter.record(shown["id"], "sent", how="letter").status_code == 200


def test_a_no_after_the_case_was_closed_is_still_seen(counter: Counter) -> None:
    sent = counter.sent()
    closing = {"status": "closed", "reason": "help_given"}
    version = counter["supervisor"].get(f"{API}/cases/{sent['case']}").headers["etag"]
    closed = counter["supervisor"].patch(
        f"{API}/cases/{sent['case']}", json=closing, headers={"If-Match": version}
    )
    assert closed.status_code == 200, closed.text
    assert code_of(counter.write(sent["case"])) == (422, "S153")
    counter.agree(sent["case"], state="withdrawn")
    waiting = counter["supervisor"].get(f"{API}/queues/consent_withdrawn").json()["items"]
    assert [one["id"] for one in waiting] == [sent["id"]]
    # What comes late is written down as well.
    late = counter.record(sent["id"], "accepted")
    assert late.json()["status"]["id"] == "accepted"


def test_a_no_stops_what_needs_no_yes(counter: Counter) -> None:
    case = counter.case()
    body = {"route": "information_and_way_back", "service": "own_service", "because": "she asked"}
    shown = counter.write(case, **body).json()
    assert shown["consent"] is None
    counter.agree(case, "own_service", "refused")
    assert code_of(counter.record(shown["id"], "sent", how="letter")) == (422, "S182")
    assert code_of(counter.write(case, **body)) == (422, "S182")


def test_an_embassy_hears_only_while_no_fear_is_known(counter: Counter, clock: HandClock) -> None:
    calm = {
        "age_group": "adult_settled",
        "has_nationality": "yes",
        "fear_of_return": "no",
        "wish_to_return": "yes_soon",
    }
    case = counter.case(calm)
    counter.agree(case, "embassy")
    made = counter.write(case, route="embassy", service="embassy")
    assert made.status_code == 201, made.text
    # Later she speaks of fear: what was recommended once opens nothing any more, and what was written stays.
    clock.move(days=1)
    counter.again(
        case, age_group="adult_settled", has_nationality="yes", fear_of_return={"state": "not_known"}
    )
    proposals = counter["interviewer"].get(f"{API}/cases/{case}/proposals").json()["items"]
    embassy = next(one for one in proposals if one["recommendation"]["route"] == "embassy")
    assert (embassy["in_newest"], embassy["can_be_written"]) == (False, False)
    assert code_of(counter.write(case, route="embassy", service="embassy")) == (422, "S192")
    assert code_of(counter.record(made.json()["id"], "sent", how="telephone")) == (422, "S192")


def test_an_answer_after_a_reminder_is_an_answer(counter: Counter) -> None:
    sent = counter.sent()
    counter.record(sent["id"], "followed_up", reason="person_not_reached")
    assert counter.record(sent["id"], "accepted").json()["status"]["id"] == "accepted"


def test_help_that_comes_after_the_end_is_written_down(counter: Counter) -> None:
    sent = counter.sent()
    counter.record(sent["id"], "declined", reason="no_place")
    counter.record(sent["id"], "closed", reason="other")
    late = counter.record(sent["id"], "followed_up", reason="help_arrived")
    assert late.json()["status"]["id"] == "followed_up"


# Another system


@pytest.fixture
def answering(world: World) -> str:
    """A token of the receiving system, which may answer and nothing else."""
    held = world.people["service"]
    world.people["answering"] = Actor(
        held.account_id,
        "service",
        frozenset({Grant("service", world.site_a)}),
        frozenset({"referrals.answer"}),
    )
    world.people["answering_b"] = Actor(
        held.account_id,
        "service",
        frozenset({Grant("service", world.site_b)}),
        frozenset({"referrals.answer"}),
    )
    return "answering"


def test_another_system_answers_and_reads_nothing(counter: Counter, answering: str) -> None:
    sent = counter.sent(message="MARKER her story", because="MARKER why")
    counter.record(sent["id"], "printed", note="MARKER note")
    answer = counter.record(sent["id"], "accepted", answering, note="a bed from noon", seen=2)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"3"'
    found = answer.json()
    assert set(found) == {"id", "number", "service", "status", "due_at", "version", "next_steps"}
    assert found["status"]["id"] == "accepted"
    assert [one["id"] for one in found["next_steps"]] == ["declined"]
    for hidden in ("MARKER", sent["case"], sent["case_number"]):
        assert hidden not in answer.text
    note = counter["interviewer"].get(f"{API}/referrals/{sent['id']}").json()["events"][-1]
    assert (note["event"]["id"], note["note"]) == ("accepted", "a bed from noon")

    client = counter[answering]
    assert code_of(client.get(f"{API}/referrals/{sent['id']}")) == (403, "S121")
    assert code_of(client.get(f"{API}/referrals")) == (403, "S121")
    assert code_of(client.get(f"{API}/referrals/{sent['id']}/form")) == (403, "S121")
    assert code_of(client.get(f"{API}/cases/{sent['case']}/proposals")) == (403, "S121")
    assert code_of(counter.record(sent["id"], "followed_up", answering, reason="no_help")) == (403, "S121")
    assert code_of(counter.record(sent["id"], "declined", "answering_b", reason="no_place", seen=3)) == (
        404,
        "S150",
    )


def test_an_inspector_answers_for_own_cases_only(counter: Counter) -> None:
    sent = counter.sent()
    assert code_of(counter.record(sent["id"], "accepted", "inspector")) == (404, "S150")
    assert code_of(counter.record(sent["id"], "accepted", "auditor")) == (403, "S121")
    assert code_of(counter.record(sent["id"], "accepted", "nobody")) == (401, "S120")


# Warnings


def test_notes_are_warned_about(counter: Counter) -> None:
    shown = counter.written(message="She lied about her boyfriend.")
    warnings = {one["id"]: one for one in shown["warnings"]}
    assert set(warnings) == {"judging_words", "consensual_sexual_conduct"}
    assert all(one["says"]["ar"] and one["label"]["en"] for one in warnings.values())
    other = counter.written(counter.case())
    assert other["warnings"] == []
    noted = counter.record(other["id"], "printed", note="She lied.").json()
    assert [one["id"] for one in noted["warnings"]] == ["judging_words"]


# Reach and erasure


def test_what_is_out_of_reach_is_not_there(counter: Counter) -> None:
    shown = counter.written()
    address = f"{API}/referrals/{shown['id']}"
    for stranger in ("colleague", "supervisor_b", "interviewer_b"):
        for path in (address, f"{address}/form", f"{API}/cases/{shown['case']}/proposals"):
            assert code_of(counter[stranger].get(path)) == (404, "S150")
        assert code_of(counter.record(shown["id"], "sent", stranger, how="letter")) == (404, "S150")
        assert code_of(counter.write(shown["case"], stranger)) == (404, "S150")
    assert code_of(counter["administrator"].get(address)) == (403, "S121")
    assert code_of(counter["interviewer"].get(f"{API}/referrals/{'0' * 32}")) == (404, "S150")
    assert code_of(counter["interviewer"].get(f"{API}/referrals/RF-7Q4M")) == (404, "S022")


def test_nothing_is_left_to_read_after_erasure(counter: Counter) -> None:
    shown = counter.written(message="MARKER")
    erasing = {"number": shown["case_number"], "reason": "person_asked"}
    done = counter["supervisor"].post(f"{API}/cases/{shown['case']}/erase", json=erasing)
    assert done.status_code == 200, done.text
    address = f"{API}/referrals/{shown['id']}"
    assert code_of(counter["supervisor"].get(address)) == (410, "S154")
    assert code_of(counter.record(shown["id"], "sent", "supervisor", seen=1, how="letter")) == (410, "S154")
    assert code_of(counter["supervisor"].get(f"{address}/form")) == (410, "S154")


# Stages and lists


def test_stages_over_http(counter: Counter, clock: HandClock) -> None:
    case = counter.case()
    address = f"{API}/cases/{case}/stages"
    client = counter["interviewer"]
    empty = client.get(address).json()
    assert (empty["titles_are"], len(empty["mechanism"]), empty["items"]) == ("working", 6, [])
    assert client.post(address, json={"stage": "first_contact"}).status_code == 201
    clock.move(days=2)
    assert client.get(address).json()["items"][0]["overdue"] is True
    assert counter["supervisor"].get(f"{API}/queues").json()["items"]["stages_overdue"] == 1
    moved = client.post(address, json={"stage": "screening"}).json()
    assert [one["stage"]["id"] for one in moved["items"]] == ["first_contact", "screening"]
    assert code_of(client.post(address, json={"stage": "sreening"})) == (422, "S180")
    assert code_of(counter["inspector"].post(address, json={"stage": "screening"})) == (403, "S121")
    assert code_of(counter["colleague"].get(address)) == (404, "S150")


def test_lists_over_http(counter: Counter) -> None:
    for _ in range(2):
        counter.case()
    counts = counter["supervisor"].get(f"{API}/queues").json()["items"]
    assert (counts["undecided"], counts["not_referred"]) == (2, 2)
    first = counter["supervisor"].get(f"{API}/queues/undecided", params={"limit": 1}).json()
    second = (
        counter["supervisor"]
        .get(f"{API}/queues/undecided", params={"limit": 1, "cursor": first["next_cursor"]})
        .json()
    )
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert second["next_cursor"] is None
    b = {"site": counter.world.site_b}
    assert counter["supervisor"].get(f"{API}/queues/undecided", params=b).json()["items"] == []
    assert counter["supervisor_b"].get(f"{API}/queues").json()["items"]["undecided"] == 0
    assert code_of(counter["supervisor"].get(f"{API}/queues/undecded")) == (404, "S189")
    assert code_of(counter["supervisor"].get(f"{API}/queues/undecided", params={"cursor": "W10"})) == (
        422,
        "S230",
    )
    assert code_of(counter["auditor"].get(f"{API}/queues")) == (403, "S121")


def test_a_referral_taken_back_does_not_count_as_referred(counter: Counter) -> None:
    shown = counter.written()
    queue = f"{API}/queues/not_referred"
    assert counter["supervisor"].get(queue).json()["items"] == []
    counter.record(shown["id"], "cancelled", reason="written_by_mistake")
    assert len(counter["supervisor"].get(queue).json()["items"]) == 1


# Examples


def test_every_example_is_taken(counter: Counter) -> None:
    examples = operation_examples()
    case = counter.case()
    counter.agree(case, "own_service")
    ids = example_ids()

    def filled(body: Any) -> Any:
        text = json.dumps(body).replace(ids["case"], case).replace(ids["site"], counter.world.site_a)
        return json.loads(text)

    for example in examples["write_new_referral"].values():
        answer = counter["interviewer"].post(f"{API}/referrals", json=filled(example["value"]))
        assert answer.status_code == 201, answer.text
    before = {"sent": "written", "accepted": "sent", "declined": "sent", "help_that_came_late": "sent"}
    assert set(before) == set(examples["record_referral_event"])
    for name, example in examples["record_referral_event"].items():
        referral = getattr(counter, before[name])()
        answer = counter.record(referral["id"], **filled(example["value"]))
        assert answer.status_code == 200, answer.text
    for example in examples["enter_case_stage"].values():
        assert (
            counter["interviewer"].post(f"{API}/cases/{case}/stages", json=example["value"]).status_code
            == 201
        )
