"""Consents, workplaces, visits, export, erasure and retention, on both databases."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, select, text

from screening.cases import (
    cases,
    consents,
    erasure,
    exports,
    holds,
    identities,
    retention,
    visits,
    workplaces,
)
from screening.cases.reaching import belongs, tables_of_a_case
from screening.keys.vaults import Place
from screening.people.access import SYSTEM
from screening.referral_stages import load_duty_to_report
from screening.refusals import Refused
from screening.storage.slices import Asked
from screening.storage.tables import Base
from screening.storage.tables.cases import Case, Identity
from screening.storage.tables.interviews import AnswerRevision, Interview, StoredProgram
from screening.storage.tables.keys import DataKey
from screening.storage.tables.operations import IdempotentRequest
from screening.storage.tables.people import SignInAttempt
from screening.storage.tables.sites import SiteVisit, Workplace
from screening.storage.types import new_id
from tests.screening.cases.test_cases import SERVICES, actions, codes, open_case, refused_in, write
from tests.services import HandClock, World


def agree(world: World, case_id: str, purpose: str, state: str, **more: Any) -> str:
    with world.service.work(world["interviewer"]) as work:
        how = more.pop("how", "spoken")
        row = consents.record_consent(
            work, case_id, purpose=purpose, state=state, how=how, services=SERVICES, **more
        )
        return row.id


def test_consent_is_asked_per_purpose_and_recipient_and_the_newest_counts(world: World) -> None:
    case_id = open_case(world)
    agree(world, case_id, "referral", "given", recipient="own_service", note="After a night's rest.")
    agree(world, case_id, "referral", "refused", recipient="embassy", how="through_interpreter")
    agree(world, case_id, "interview", "given")
    agree(world, case_id, "referral", "withdrawn", recipient="own_service")
    agree(world, case_id, "referral", "given", recipient="own_service")
    with world.service.work(world["interviewer"]) as work:
        case, found = consents.list_consents(work, case_id)
        assert [row.seq for row in found] == [1, 2, 3, 4, 5]
        assert [row.seq for row in consents.current_consents(found)] == [2, 3, 5]
        given = consents.consent_for(work, case, "referral", "own_service")
        assert consents.is_given(given)
        assert not consents.is_refused(given)
        embassy = consents.consent_for(work, case, "referral", "embassy")
        assert consents.is_refused(embassy)
        assert consents.consent_for(work, case, "record") is None
        assert not consents.is_refused(None)
        assert not consents.is_given(None)
        assert found[0].note is not None
        assert b"night" not in found[0].note
    detail = "consent.record"
    assert actions(world, case_id).count(detail) == 5


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"purpose": "marriage"}, "S159"),
        ({"state": "maybe"}, "S159"),
        ({"how": "shouted"}, "S159"),
        ({"purpose": "referral"}, "S171"),
        ({"recipient": "embassy"}, "S171"),
        ({"purpose": "referral", "recipient": "embasy"}, "S172"),
        ({"state": "withdrawn"}, "S271"),
        ({"interview_id": "0" * 32}, "S179"),
    ],
)
def test_a_consent_that_says_nothing_is_refused(world: World, what: dict[str, Any], code: str) -> None:
    case_id = open_case(world)
    given = {"purpose": "record", "state": "given", **what}
    assert codes(lambda: agree(world, case_id, **given)) == [code]


def test_a_yes_can_be_taken_back_after_the_case_was_closed(world: World) -> None:
    case_id = open_case(world)
    agree(world, case_id, "statistics", "given")
    with world.service.work(world["interviewer"]) as work:
        cases.close_case(work, case_id, reason="help_given")
    agree(world, case_id, "statistics", "withdrawn")


def test_exceptions_hold_only_where_the_route_the_facts_and_the_setting_say_so(world: World) -> None:
    duty = load_duty_to_report(world.service.engines.catalogue().sources)
    reported = duty.model_copy(update={"value": "planned_crimes"})
    facts: list[consents.Fact] = ["child", "danger", "duty_to_report"]

    def found(rule: Any, route: str, known: Any = facts, setting: Any = duty) -> list[str]:
        return [item.id for item in consents.exceptions_for(rule, route, known, setting)]

    assert found("required", "embassy", setting=reported) == []
    assert found("required", "anti_trafficking") == []
    assert found("required_unless_child", "anti_trafficking", setting=reported) == ["child", "duty_to_report"]
    assert found("required_unless_child", "anti_trafficking", []) == []
    assert found("required_unless_danger", "emergency") == ["imminent_danger"]
    assert found("required_unless_danger", "emergency", ["child"]) == []
    assert found("explain_duty", "child_protection") == ["child"]
    sources = world.service.engines.catalogue().sources
    routes = world.service.engines.program_for("kuwait", None, date(2026, 11, 1)).data["routes"]
    for item in consents.consent_exceptions():
        assert {citation.source for citation in item.sources} <= set(sources)
        assert set(item.routes or ()) <= set(routes)
        assert set(item.duty or ()) <= {choice.id for choice in duty.values}


def find(world: World, who: str = "interviewer", **what: Any) -> tuple[Workplace, bool]:
    with world.service.work(world[who]) as work:
        return workplaces.find_or_create(work, **{"kind": "company", **what})


def test_a_workplace_is_found_by_number_or_name_however_it_is_written(world: World) -> None:
    first, made = find(world, name="شركة الأمانة للتنظيف", register_number="12-345/6")
    assert made
    assert find(world, "inspector", name="شركة الامانه للتنظيف")[0].id == first.id
    assert find(world, "inspector", register_number="١٢٣٤٥٦")[0].id == first.id
    other, made = find(world, name="شركة الأمانة للتنظيف", register_number="999")
    assert made
    assert other.id != first.id
    assert codes(lambda: find(world, name="شركة الأمانة للتنظيف")) == ["S175"]
    assert find(world, kind="household", name="شركة الأمانة للتنظيف")[1]
    for nothing in ({}, {"name": " "}, {"register_number": "--"}):
        assert codes(lambda what=nothing: find(world, **what)) == ["S176"]
    assert first.name is not None
    assert "شركة".encode() not in first.name


def test_cases_of_a_workplace_are_shown_within_reach_and_its_name_to_those_who_work_with_it(
    world: World,
) -> None:
    place, _ = find(world, "inspector", name="Blue Door Cleaning")
    mine, theirs = open_case(world), open_case(world, "colleague")
    at_b = open_case(world, "interviewer_b", world.site_b)
    for who, case_id in (("interviewer", mine), ("colleague", theirs), ("interviewer_b", at_b)):
        for _ in range(2):
            with world.service.work(world[who]) as work:
                workplaces.link_workplace(work, case_id, place.id)
    expected = {
        "interviewer": ({mine}, True),
        "supervisor": ({mine, theirs}, True),
        "interviewer_b": ({at_b}, True),
        "inspector": (set(), True),
    }
    for who, (reached, named) in expected.items():
        with world.service.work(world[who]) as work:
            found = workplaces.read_workplace(work, place.id)
            assert {case.id for case in found.cases} == reached
            assert (found.name == "Blue Door Cleaning") is named
    with world.service.work(world["interviewer"]) as work:
        workplaces.unlink_workplace(work, mine, place.id)
    with world.service.work(world["interviewer"]) as work:
        found = workplaces.read_workplace(work, place.id)
        assert (found.name, found.cases) == (None, ())
        assert workplaces.list_workplaces(work, Asked()).items[0].code == place.code
    again = refused_in(world, "interviewer", lambda work: workplaces.unlink_workplace(work, mine, place.id))
    assert again == ["S150"]


def add_interview(world: World, case_id: str, who: str, visit_id: str | None = None) -> str:
    """An interview straight in the table: holding one is another package's matter."""
    today = date(2026, 11, 1)
    program = world.service.engines.program_for("kuwait", None, today)
    with world.service.work(world[who]) as work:
        if work.session.get(StoredProgram, program.digest) is None:
            import zlib

            work.session.add(
                StoredProgram(
                    digest=program.digest,
                    rule_set="kuwait",
                    revision=program.revision,
                    body=zlib.compress(program.to_json().encode()),
                    stored_at=work.now,
                )
            )
            work.session.flush()
        case = work.session.get_one(Case, case_id)
        interview = Interview(
            id=new_id(),
            case_id=case.id,
            site_id=case.site_id,
            visit_id=visit_id,
            instrument="intake",
            rule_set="kuwait",
            digest=program.digest,
            created_by=work.actor.account_id,
            held_by=work.actor.account_id,
            created_at=work.now,
        )
        work.session.add(interview)
        work.session.flush()
        answer = AnswerRevision(
            id=new_id(),
            interview_id=interview.id,
            seq=1,
            question="locked_in",
            client_key="k",
            request_hash=work.digest(case, "answers.request_hash", "locked_in yes"),
            by=work.actor.account_id,
            at=work.now,
        )
        answer.answer = work.seal(case, "answers", "answer", answer.id, '"yes"')
        answer.note = work.seal(case, "answers", "note", answer.id, "The key hung on a nail outside.")
        work.session.add(answer)
        return interview.id


def begin_visit(world: World, who: str = "inspector", **more: Any) -> SiteVisit:
    with world.service.work(world[who]) as work:
        return visits.create_visit(work, more.pop("site", world.site_a), **more)


def test_a_visit_shows_the_own_interviews_and_of_the_others_only_numbers(world: World) -> None:
    place, _ = find(world, "inspector", name="Blue Door Cleaning")
    visit = begin_visit(world, workplace_id=place.id, note="Ten beds, one tap.", client_key="v1")
    assert begin_visit(world, workplace_id=place.id, client_key="v1").id == visit.id
    assert codes(lambda: begin_visit(world, client_key="v1")) == ["S152"]
    assert codes(lambda: begin_visit(world, site=world.site_b)) == ["S122"]
    assert codes(lambda: begin_visit(world, "interviewer")) == ["S121"]
    mine = add_interview(world, open_case(world, "inspector"), "inspector", visit.id)
    for _ in range(2):
        add_interview(world, open_case(world), "interviewer", visit.id)
    with world.service.work(world["inspector"]) as work:
        _, note, summary = visits.read_visit(work, visit.id)
        assert note == "Ten beds, one tap."
        assert [one.id for one in summary.interviews] == [mine]
        assert (summary.others, summary.other_outcomes) == (2, None)
    with world.service.work(world["supervisor"]) as work:
        assert len(visits.read_visit(work, visit.id)[2].interviews) == 3
    assert refused_in(world, "supervisor_b", lambda work: visits.read_visit(work, visit.id)) == ["S150"]
    with world.service.work(world["inspector"]) as work:
        assert visits.require_open_visit(work, visit.id, world.site_a).id == visit.id
    with world.service.work(world["inspector"]) as work:
        assert visits.close_visit(work, visit.id, seen=1).status == "closed"
    assert refused_in(
        world, "inspector", lambda work: visits.require_open_visit(work, visit.id, world.site_a)
    ) == ["S177"]
    assert refused_in(world, "inspector", lambda work: visits.close_visit(work, visit.id)) == ["S177"]
    with world.service.work(world["inspector"]) as work:
        assert visits.list_visits(work, Asked(), status="open").items == []
        assert [one.id for one in visits.list_visits(work, Asked(), site_id=world.site_a).items] == [visit.id]


def fill(world: World) -> str:
    """A case with something in as many tables as this package can fill by itself."""
    case_id = open_case(world)
    write(
        world, case_id, full_name="Rosa Invented", document_number="Z99-888", notes="Likes the window seat."
    )
    agree(world, case_id, "record", "given", note="She asked twice who reads it.")
    visit = begin_visit(world, note="One worker only.")
    add_interview(world, case_id, "interviewer", visit.id)
    place, _ = find(world, name="The Lilac House", kind="household")
    with world.service.work(world["interviewer"]) as work:
        workplaces.link_workplace(work, case_id, place.id)
        cases.close_case(work, case_id, reason="other", note="She flew to her cousin.")
    with world.service.work(world["interviewer"]) as work:
        cases.reopen_case(work, case_id, reason="person_returned")
    with world.service.work(world["supervisor"]) as work:
        identities.link_cases(work, case_id, open_case_within(work, world.site_a))
    return case_id


def open_case_within(work: Any, site: str) -> str:
    return cases.create_case(work, site).id


def export(world: World, case_id: str, who: str = "supervisor", **more: Any) -> Any:
    with world.service.work(world[who]) as work:
        pieces = exports.export_case(work, case_id, **more)
    return json.loads("".join(pieces))


def test_an_export_has_every_table_of_a_case_in_clear(world: World) -> None:
    case_id = fill(world)
    record = export(world, case_id, identity=True)
    parts = {part["part"]: part for part in record["parts"]}
    assert set(parts) == {"cases", *tables_of_a_case()}
    assert parts["identities"]["rows"][0]["full_name"] == "Rosa Invented"
    answer = parts["answers"]["rows"][0]
    assert (answer["answer"], answer["note"]) == ("yes", "The key hung on a nail outside.")
    assert "request_hash" not in answer
    assert parts["consents"]["rows"][0]["note"] == "She asked twice who reads it."
    assert parts["case_events"]["rows"][0]["note"] == "She flew to her cousin."
    assert record["texts"]["questions"]["locked_in"]["text"]["ar"]
    assert record["texts"]["consents"]["record"]["ar"]
    assert [entry["action"] for entry in record["looked_at"]][:2] == ["case.create", "identity.write"]
    assert record["looked_at"][0]["name"] == "Interviewer"
    assert actions(world, case_id)[-1] == "case.export"


def test_an_export_has_no_identity_unless_asked_and_is_for_supervisors(world: World) -> None:
    case_id = fill(world)
    record = export(world, case_id)
    assert "identities" not in {part["part"] for part in record["parts"]}
    assert "Rosa" not in json.dumps(record)
    assert codes(lambda: export(world, case_id, "interviewer")) == ["S121"]
    assert codes(lambda: export(world, case_id, "supervisor_b")) == ["S150"]


def erase(world: World, case_id: str, who: str = "supervisor", number: str | None = None) -> Case:
    with world.service.work(world[who]) as work:
        wanted = number or work.session.get_one(Case, case_id).number
        return erasure.erase_case(work, case_id, number=wanted, reason="person_asked")


def hold(world: World, case_id: str, days: int = 30) -> Case:
    with world.service.work(world["supervisor"]) as work:
        until = (work.now + timedelta(days=days)).date()
        return holds.hold_case(work, case_id, until=until, reason="court", note="File 12 of the court.")


def test_erasure_needs_the_number_and_no_hold(world: World, clock: HandClock) -> None:
    case_id = open_case(world)
    assert codes(lambda: erase(world, case_id, number="KW-2222-2222")) == ["S173"]
    assert codes(lambda: erase(world, case_id, "interviewer")) == ["S121"]
    assert codes(lambda: erase(world, case_id, "supervisor_b")) == ["S150"]
    for days in (-1, 0, 20_000):
        assert codes(lambda far=days: hold(world, case_id, far)) == ["S270"]
    hold(world, case_id)
    assert codes(lambda: erase(world, case_id)) == ["S174"]
    with world.service.work(world["supervisor"]) as work:
        holds.release_case(work, case_id)
    assert refused_in(world, "supervisor", lambda work: holds.release_case(work, case_id)) == ["S272"]
    hold(world, case_id, 1)
    clock.move(days=2)
    assert erase(world, case_id).status == "erased"
    assert codes(lambda: erase(world, case_id)) == ["S154"]
    assert codes(lambda: hold(world, case_id)) == ["S154"]
    assert codes(lambda: export(world, case_id)) == ["S154"]
    assert codes(lambda: write(world, case_id, full_name="X")) == ["S154"]


def sealed_values(world: World, case_id: str) -> list[tuple[str, str, str, bytes]]:
    found = []
    with world.service.database.reading() as session:
        for name in ("cases", *tables_of_a_case()):
            table = Base.metadata.tables[name]
            key = next(iter(table.primary_key.columns)).name
            for row in session.execute(select(table).where(belongs(table, case_id))).mappings():
                for column in table.columns:
                    if isinstance(column.type, LargeBinary) and row[column.name]:
                        found.append((name, column.name, row[key], row[column.name]))
    return found


def test_after_erasure_nothing_can_be_opened(world: World) -> None:
    case_id = fill(world)
    with world.service.database.writing() as session:
        key_id = session.get_one(Case, case_id).data_key_id
        kept = Place("idempotent_requests", "answer", "0" * 64)
        session.add(
            IdempotentRequest(
                id="0" * 64,
                data_key_id=key_id,
                answer=world.service.vault.seal(session, key_id, kept, "{}"),
                at=world.service.clock(),
            )
        )
    before = sealed_values(world, case_id)
    assert {table for table, *_ in before} >= {"identities", "answers", "consents", "case_events"}
    erase(world, case_id)
    # What was copied beforehand cannot be opened, and neither can what is left.
    for table, column, row, sealed in before + sealed_values(world, case_id):
        with world.service.database.reading() as session:
            place = Place(table, column, row)
            assert codes(lambda s=session, p=place, v=sealed: world.service.vault.open(s, key_id, p, v)) == [
                "S103"
            ], place
    with world.service.database.reading() as session:
        assert session.get(Identity, case_id) is None
        assert session.get(IdempotentRequest, "0" * 64) is None
        assert session.scalars(select(Interview.visit_id).where(Interview.case_id == case_id)).all() == [None]
        visit = session.scalars(select(SiteVisit)).one()
        assert (visit.erased_interviews, visit.note) == (1, None)
        assert session.scalars(select(Workplace.erased_cases)).all() == [1]
        assert session.get_one(DataKey, key_id).wrapped is None
        case = session.get_one(Case, case_id)
        assert (case.status, case.held_because, case.client_key) == ("erased", None, None)
        for name in ("case_links", "case_workplaces"):
            table = Base.metadata.tables[name]
            assert session.execute(select(table).where(belongs(table, case_id))).all() == []
    assert actions(world, case_id)[-1] == "case.erase"
    with world.service.work(world["interviewer"]) as work:
        # The number stays, for counts and for the audit chain.
        assert cases.read_case(work, case_id).status == "erased"
        assert consents.list_consents(work, case_id)[1]


def files_of(world: World) -> list[Path]:
    """Every file in which the database keeps rows."""
    file = world.service.database.file
    if file is not None:
        return [path for path in file.parent.iterdir() if path.is_file()]
    with world.service.database.reading() as session:
        folder = Path(session.scalar(text("SHOW data_directory")) or "")
        base = session.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return [path for path in (folder / "base" / str(base)).iterdir() if path.is_file()]


def test_the_key_of_an_erased_case_is_in_no_file_of_the_database(world: World) -> None:
    case_id = fill(world)
    with world.service.database.reading() as session:
        wrapped = session.get_one(DataKey, session.get_one(Case, case_id).data_key_id).wrapped
    assert wrapped is not None

    def found() -> list[str]:
        if world.service.database.file is None:
            with world.service.database.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.exec_driver_sql("CHECKPOINT")
        return [path.name for path in files_of(world) if wrapped in path.read_bytes()]

    assert found() != []
    erase(world, case_id)
    assert found() == []


def test_without_scrubbing_the_key_would_still_be_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the test above can see what it looks for."""
    monkeypatch.setattr(erasure, "scrub", lambda _engine: True)
    with pytest.raises(AssertionError):
        test_the_key_of_an_erased_case_is_in_no_file_of_the_database(world)


def test_retention_says_first_and_then_does(world: World, clock: HandClock) -> None:
    closed, held, still_open = fill(world), open_case(world), fill(world)
    for case_id in (closed, held):
        with world.service.work(world["interviewer"]) as work:
            cases.close_case(work, case_id, reason="help_given")
    agree(world, still_open, "record", "withdrawn")
    with world.service.database.writing() as session:
        session.add(SignInAttempt(id=new_id(), who="0" * 64, at=clock()))

    def plan() -> dict[str, retention.Due]:
        with world.service.work(world["administrator"]) as work:
            return {due.rule.id: due for due in retention.plan_retention(work)}

    assert all(due.count == 0 and due.cases == () for due in plan().values())
    clock.move(days=31)
    first = plan()
    assert [case.id for case in first["record_not_agreed"].cases] == [still_open]
    assert first["failed_sign_ins"].count == 1
    assert refused_in(world, "supervisor", retention.plan_retention) == ["S121"]
    clock.move(days=1826 - 31)
    hold(world, held)
    second = plan()["closed_cases"]
    assert {(case.id, case.held) for case in second.cases} == {(closed, False), (held, True)}
    assert second.count == 1
    assert plan() == plan()
    done = {due.rule.id: due for due in retention.run_retention(world.service, SYSTEM)}
    assert [case.id for case in done["closed_cases"].cases] == [closed]
    assert [case.id for case in done["record_not_agreed"].cases] == [still_open]
    assert done["failed_sign_ins"].count == 1
    with world.service.database.reading() as session:
        states = {id: session.get_one(Case, id).status for id in (closed, held, still_open)}
        assert states == {closed: "erased", held: "closed", still_open: "open"}
        assert session.scalars(select(Identity.case_id)).all() == []
        assert session.scalars(select(SignInAttempt)).all() == []
    assert all(due.count == 0 for due in retention.run_retention(world.service, SYSTEM))
    assert codes(lambda: retention.run_retention(world.service, world["supervisor"])) == ["S121"]


def test_every_kind_of_retention_has_a_rule() -> None:
    assert {rule.kind for rule in retention.retention_rules()} == {
        *retention.ROW_KINDS,
        "closed_case",
        "closed_case_identity",
        "refused_record_identity",
    }


def test_a_case_reopened_in_the_meantime_is_left_alone(world: World, clock: HandClock) -> None:
    case_id = fill(world)
    with world.service.work(world["interviewer"]) as work:
        cases.close_case(work, case_id, reason="help_given")
    clock.move(days=2000)
    original = retention.plan_retention

    def plan_then_reopen(work: Any) -> Any:
        found = original(work)
        work.session.get_one(Case, case_id).status = "open"
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retention, "plan_retention", plan_then_reopen)
        done = {due.rule.id: due for due in retention.run_retention(world.service, SYSTEM)}
    assert done["closed_cases"].cases == ()
    with world.service.database.reading() as session:
        assert session.get_one(Case, case_id).status == "open"


def test_refusals_are_of_the_catalogue(world: World) -> None:
    with pytest.raises(Refused), world.service.work(SYSTEM) as work:
        cases.find_case(work, "0" * 32, "cases.read")
