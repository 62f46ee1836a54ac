"""From a draft to a revision: two people, a day, one file that is never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.program import Program
from screening.drafting.drafts import drop_draft, make_draft, read_draft, save_file
from screening.drafting.judgements import Judgement
from screening.drafting.overlays import read_content
from screening.drafting.publishing import (
    approve,
    ask_for_approval,
    publish_draft,
    require_publishable,
    send_back,
    withdraw,
)
from screening.engines import Engines
from screening.people.access import Actor, Grant
from screening.refusals import Refused
from tests.services import World

PATH = "rules/sets/kuwait/law_91/observations.yaml"
TODAY = date(2026, 11, 1)
LATER = date(2026, 12, 1)


@pytest.fixture(scope="module")
def shipped(kuwait_engines: Engines) -> Program:
    return kuwait_engines.program_for("kuwait", "draft", TODAY)


def otherwise(shipped: Program, **parts: object) -> Program:
    """Another program of the same rule set."""
    return Program.from_data({**shipped.data, "title": {"en": "Another", "ar": "أخرى"}, **parts})


@pytest.fixture
def draft(world: World) -> str:
    with world.service.work(world["reviewer"]) as work:
        made = make_draft(work, "Work in summer")
        save_file(work, made, PATH, read_content(PATH) + "# more\n", 0)
    return made


class Steps:
    """The steps of one draft, each with the version that was seen last."""

    def __init__(self, world: World, id: str) -> None:
        self.world = world
        self.id = id

    @property
    def status(self) -> str:
        with self.world.service.work(self.world["reviewer"], writes=False) as work:
            return read_draft(work, self.id).status

    def seen(self) -> int:
        with self.world.service.work(self.world["reviewer"], writes=False) as work:
            return read_draft(work, self.id).version

    def ask(self, program: Program, day: date = LATER) -> None:
        seen = self.seen()
        with self.world.service.work(self.world["reviewer"]) as work:
            ask_for_approval(work, self.id, program, seen=seen, in_force_from=day, today=TODAY)

    def approve(self, actor: Actor | None = None, seen: int | None = None) -> None:
        seen = self.seen() if seen is None else seen
        with self.world.service.work(actor or self.world["approver"]) as work:
            approve(work, self.id, seen=seen)

    def agree_on(self, program: Program) -> Program:
        """One asks and another approves; the same program again."""
        self.ask(program)
        self.approve()
        return program

    def publish(self, program: Program, folder: Path | None, today: date = TODAY) -> int:
        seen = self.seen()
        with self.world.service.work(self.world["reviewer"]) as work:
            return publish_draft(work, self.id, program, folder, seen=seen, today=today)


@pytest.fixture
def steps(world: World, draft: str) -> Steps:
    return Steps(world, draft)


def code_of(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.faults[0].code


def test_two_people_one_day_one_file(steps: Steps, shipped: Program, tmp_path: Path) -> None:
    program = otherwise(shipped)
    steps.ask(program)
    assert steps.status == "in_review"
    steps.approve()
    assert steps.status == "approved"
    assert steps.publish(program, tmp_path) == 1
    assert steps.status == "published"
    body = json.loads((tmp_path / "kuwait" / "1.json").read_text("utf-8"))
    assert body["digest"] == program.digest
    assert body["in_force_from"] == "2026-12-01"
    assert sorted(body["approved_by"]) == ["Approver", "Reviewer"]
    with pytest.raises(Refused) as caught:
        steps.publish(program, tmp_path)
    assert code_of(caught) == "S216"


def test_nobody_approves_what_he_wrote_or_asked_for(steps: Steps, shipped: Program) -> None:
    world = steps.world
    both = replace(world["reviewer"], grants=world["reviewer"].grants | {Grant("approver", world.site_a)})
    steps.ask(otherwise(shipped))
    with pytest.raises(Refused) as caught:
        steps.approve(both)
    assert code_of(caught) == "S214"
    seen = steps.seen()
    with world.service.work(world["reviewer"]) as work:
        withdraw(work, steps.id, seen=seen)
    with world.service.work(world["approver"]) as work:
        save_file(work, steps.id, PATH, "- written by who approves\n", 1)
    steps.ask(otherwise(shipped))
    with pytest.raises(Refused) as caught:
        steps.approve()
    assert code_of(caught) == "S214"
    assert steps.status == "in_review"


def test_what_waits_for_approval_is_changed_by_nobody(steps: Steps, shipped: Program) -> None:
    world = steps.world
    steps.ask(otherwise(shipped))
    for change in (
        lambda work: save_file(work, steps.id, PATH, "late", 1),
        lambda work: drop_draft(work, steps.id),
    ):
        with pytest.raises(Refused) as caught, world.service.work(world["reviewer"]) as work:
            change(work)
        assert code_of(caught) == "S223"


def test_a_draft_that_was_sent_back_says_why_and_can_be_asked_for_again(
    steps: Steps, shipped: Program
) -> None:
    world = steps.world
    steps.ask(otherwise(shipped))
    seen = steps.seen()
    with world.service.work(world["approver"]) as work:
        send_back(work, steps.id, "The article is another one.", seen=seen)
    with world.service.work(world["reviewer"], writes=False) as work:
        found = read_draft(work, steps.id)
    assert (found.status, found.reason) == ("open", "The article is another one.")
    assert found.decided_by == world["approver"].account_id
    steps.agree_on(otherwise(shipped))


def test_steps_out_of_turn_and_of_an_old_page_are_refused(
    steps: Steps, shipped: Program, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as caught:
        steps.approve()
    assert code_of(caught) == "S216"
    with pytest.raises(Refused) as caught:
        steps.ask(otherwise(shipped), date(2026, 10, 31))
    assert code_of(caught) == "S219"
    seen = steps.seen()
    steps.ask(otherwise(shipped))
    with pytest.raises(Refused) as caught:
        steps.approve(seen=seen)
    assert code_of(caught) == "S232"
    with pytest.raises(Refused) as caught:
        steps.publish(otherwise(shipped), tmp_path)
    assert code_of(caught) == "S216"
    assert not (tmp_path / "kuwait").exists()


def test_only_what_was_approved_is_published_in_a_folder_that_is_there_on_a_day_to_come(
    steps: Steps, shipped: Program, tmp_path: Path
) -> None:
    program = steps.agree_on(otherwise(shipped))
    (tmp_path / "a file").write_text("no folder")
    late = date(2026, 12, 2)
    attempts: list[tuple[str, Program, Path | None, date]] = [
        ("S212", program, None, TODAY),
        ("S213", program, tmp_path / "a file", TODAY),
        ("S217", shipped, tmp_path, TODAY),
        ("S219", program, tmp_path, late),
    ]
    for code, what, folder, today in attempts:
        with pytest.raises(Refused) as caught:
            steps.publish(what, folder, today)
        assert code_of(caught) == code
    assert steps.status == "approved"
    assert not (tmp_path / "kuwait").exists() or not list((tmp_path / "kuwait").iterdir())


def test_a_publication_whose_transaction_was_lost_is_not_made_twice(
    steps: Steps, shipped: Program, tmp_path: Path
) -> None:
    program = steps.agree_on(otherwise(shipped))
    seen = steps.seen()
    world = steps.world
    with world.service.work(world["reviewer"]) as work:
        publish_draft(work, steps.id, program, tmp_path, seen=seen, today=TODAY)
        work.session.rollback()
        work.events.clear()
    assert steps.status == "approved"
    assert steps.publish(program, tmp_path) == 1
    assert [path.name for path in (tmp_path / "kuwait").iterdir()] == ["1.json"]


def test_the_next_draft_begins_with_what_was_published(
    steps: Steps, shipped: Program, tmp_path: Path
) -> None:
    program = steps.agree_on(otherwise(shipped))
    steps.publish(program, tmp_path)
    with steps.world.service.work(steps.world["reviewer"]) as work:
        following = read_draft(work, make_draft(work, "The next"))
    assert following.texts == {PATH: read_content(PATH) + "# more\n"}
    assert following.status == "open"


DIRECTORY = "rules/directory/authorities.yaml"


@pytest.mark.parametrize(
    "path", [DIRECTORY, "indicators/questions/documents.yaml", "indicators/instruments/inspection.yaml"]
)
def test_what_comes_with_the_system_is_not_published_beside_it(path: str, shipped: Program) -> None:
    rules = otherwise(shipped)
    judged = Judgement(digest=rules.digest, against=shipped.digest, faults=(), differences=())
    with pytest.raises(Refused) as caught:
        require_publishable(judged, rules, {PATH: "[]", path: read_content(path) + "# more\n"})
    (fault,) = caught.value.faults
    assert (fault.code, fault.slots) == ("S218", {"what": path})
    # Given its own words again, nothing is lost.
    assert require_publishable(judged, rules, {PATH: "[]", path: read_content(path)}) is rules


def test_what_is_wrong_or_was_judged_otherwise_is_not_published(shipped: Program) -> None:
    rules = otherwise(shipped)
    for digest, program in ((rules.digest, None), (shipped.digest, rules), (None, rules)):
        judged = Judgement(digest=digest, against=shipped.digest, faults=(), differences=())
        with pytest.raises(Refused) as caught:
            require_publishable(judged, program, {})
        assert code_of(caught) == "S215"


def test_the_same_rules_with_another_day_are_no_lost_publication(
    steps: Steps, shipped: Program, tmp_path: Path
) -> None:
    program = steps.agree_on(otherwise(shipped))
    steps.publish(program, tmp_path)
    with steps.world.service.work(steps.world["reviewer"]) as work:
        again = Steps(steps.world, make_draft(work, "Earlier, please"))
    again.ask(program, TODAY)
    again.approve()
    with pytest.raises(Refused) as caught:
        again.publish(program, tmp_path)
    assert code_of(caught) == "P091"
    assert again.status == "approved"


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engines, Path]]:
    folder = tmp_path_factory.mktemp("revisions")
    with Engines(revisions=folder) as engines:
        yield engines, folder


def test_the_service_goes_by_what_is_in_force_on_the_day_without_a_restart(
    reading: tuple[Engines, Path], steps: Steps, shipped: Program
) -> None:
    engines, folder = reading
    program = otherwise(shipped)
    if not engines.revisions("kuwait"):
        assert engines.program_for("kuwait", None, LATER).digest == shipped.digest
        steps.agree_on(program)
        steps.publish(program, folder)
    assert engines.program_for("kuwait", None, date(2026, 11, 30)).digest == shipped.digest
    in_force = engines.program_for("kuwait", None, LATER)
    assert (in_force.digest, in_force.revision) == (program.digest, 1)
    assert engines.program_for("kuwait", 1, TODAY).digest == program.digest
