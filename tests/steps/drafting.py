"""A reviewer at a draft of the rules, with the functions that the pages call."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from indicators.errors import Fault, render
from rules.program import Program
from screening.drafting.comparisons import compare
from screening.drafting.drafts import Draft, make_draft, read_draft, save_file
from screening.drafting.judgements import Judgement, LoadedDraft, judge
from screening.drafting.overlays import read_content
from screening.drafting.publishing import approve, ask_for_approval, publish_draft
from screening.drafting.trials import read_shipped, shipped_changes
from screening.engines import Engines
from screening.installations import open_installation
from screening.people.access import Actor, Grant
from screening.refusals import Refused
from tests.services import BEGIN, HandClock, World, make_world, storage_settings

RULES = "rules/sets/kuwait/law_91/observations.yaml"
REFERRALS = "rules/sets/kuwait/referral/recommendations.yaml"
REASON = "The inspector sees exits locked so that people cannot get out."
OTHER_REASON = "Exits are locked, and the inspector has seen it."


@dataclass
class Review:
    """A draft, and what came of the last step."""

    world: World
    folder: Path
    shipped: Program
    id: str = ""
    judged: Judgement | None = None
    program: Program | None = None
    refused: tuple[Fault, ...] = ()
    line: int = 0
    wrote: str = field(default="")

    def draft(self) -> Draft:
        with self.world.service.work(self.world["reviewer"], writes=False) as work:
            return read_draft(work, self.id)

    def write(self, path: str, text: str, *, who: Actor | None = None, seen: int = 0) -> None:
        with self.world.service.work(who or self.world["reviewer"]) as work:
            save_file(work, self.id, path, text, seen)
        self.wrote = text


@pytest.fixture
def review(sqlite_template: Path, kuwait_engines: Engines, tmp_path: Path) -> Iterator[Review]:
    file = tmp_path / "review" / "screening.sqlite3"
    file.parent.mkdir()
    shutil.copy(sqlite_template, file)
    service = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, HandClock())
    shipped = kuwait_engines.program_for("kuwait", "draft", BEGIN.date())
    yield Review(make_world(service), tmp_path / "revisions", shipped)
    service.close()


@given("a reviewer has begun a draft of the rules")
def begin(review: Review) -> None:
    with review.world.service.work(review.world["reviewer"]) as work:
        review.id = make_draft(work, "A change")


@given(parsers.parse("the reviewer has said another reason for the rule {rule}"))
def say_another_reason(review: Review, rule: str) -> None:
    text = read_content(RULES)
    assert text.index(f"- id: {rule}\n") < text.index(REASON)
    review.write(RULES, text.replace(REASON, OTHER_REASON))


@when(parsers.parse("the reviewer writes {wrong} for {right} in the rule {rule}"))
def mistype(review: Review, wrong: str, right: str, rule: str) -> None:
    text = read_content(RULES)
    at = text.index(right, text.index(f"- id: {rule}\n"))
    review.line = text[:at].count("\n") + 1
    review.write(RULES, text[:at] + wrong + text[at + len(right) :])


@then(parsers.parse("the draft is told to have {code} at the line of that rule, in both languages"))
def check_fault(review: Review, code: str) -> None:
    found = judge(review.draft().texts, "kuwait", review.shipped)
    (fault,) = found.faults
    assert (fault.code, fault.file, fault.line) == (code, RULES, review.line)
    assert fault.message.en != fault.message.ar
    assert fault.advice.en
    assert fault.advice.ar


@then("what the reviewer wrote is kept as it was written")
def check_kept(review: Review) -> None:
    assert review.draft().texts == {RULES: review.wrote}


@when("a colleague who has not seen that saves the same file")
def save_unseen(review: Review) -> None:
    with pytest.raises(Refused) as caught, review.world.service.work(review.world["approver"]) as work:
        save_file(work, review.id, RULES, "another text\n", 0)
    review.refused = caught.value.faults


@then(parsers.parse("the save is refused with {code}, and the reviewer's text stands"))
def check_text_stands(review: Review, code: str) -> None:
    assert [one.code for one in review.refused] == [code]
    assert review.draft().texts == {RULES: review.wrote}


@when(parsers.parse("the reviewer sends to {there} whoever was sent to {route}"))
def send_elsewhere(review: Review, there: str, route: str) -> None:
    text = read_content(REFERRALS)
    assert f"recommends: {route}\n" in text
    review.write(REFERRALS, text.replace(f"recommends: {route}\n", f"recommends: {there}\n"))
    texts = review.draft().texts
    review.judged = judge(texts, "kuwait", review.shipped)
    with LoadedDraft(texts, "kuwait") as draft:
        review.program = draft.program


@then(parsers.parse("the draft reads differently in every rule that led to {route}"))
def check_differences(review: Review, route: str) -> None:
    (led,) = [one for one in review.shipped.data["conclusions"] if one["id"] == f"route.{route}"]
    assert review.judged is not None
    told = {one.id for one in review.judged.differences}
    assert {rule["id"] for rule in led["rules"]} <= told


@then(parsers.parse("interviews that come with the system are named that would no longer be sent to {route}"))
def check_lost(review: Review, route: str) -> None:
    assert review.program is not None
    changes = shipped_changes(compare(review.shipped, review.program, read_shipped("kuwait")))
    lost = [one for one in changes if route in one.compared.lost]
    assert lost
    # Who loses a referral comes before everything else that is different.
    assert [bool(one.compared.lost) for one in changes] == sorted(
        (bool(one.compared.lost) for one in changes), reverse=True
    )
    assert all(one.title.en and one.title.ar for one in lost)


@when(parsers.parse("the reviewer asks for approval from {day} on"))
def ask(review: Review, day: str) -> None:
    draft = review.draft()
    with LoadedDraft(draft.texts, "kuwait") as loaded:
        assert loaded.program is not None
        review.program = loaded.program
    with review.world.service.work(review.world["reviewer"]) as work:
        ask_for_approval(
            work,
            review.id,
            review.program,
            seen=draft.version,
            in_force_from=date.fromisoformat(day),
            today=BEGIN.date(),
        )


def _approve(review: Review, who: Actor) -> None:
    seen = review.draft().version
    with review.world.service.work(who) as work:
        approve(work, review.id, seen=seen)


@when("the reviewer, who may approve as well, approves")
def approve_alone(review: Review) -> None:
    reviewer = review.world["reviewer"]
    both = replace(reviewer, grants=reviewer.grants | {Grant("approver", review.world.site_a)})
    with pytest.raises(Refused) as caught:
        _approve(review, both)
    review.refused = caught.value.faults


@when("the approver approves")
def approve_as_another(review: Review) -> None:
    _approve(review, review.world["approver"])


@then(parsers.parse("the approval is refused with {code}, in both languages"))
def check_approval_refused(review: Review, code: str) -> None:
    assert [one.code for one in review.refused] == [code]
    assert render(review.refused[0], "en") != render(review.refused[0], "ar")
    assert review.draft().status == "in_review"


@when("the reviewer publishes")
def publish(review: Review) -> None:
    seen = review.draft().version
    assert review.program is not None
    with review.world.service.work(review.world["reviewer"]) as work:
        publish_draft(work, review.id, review.program, review.folder, seen=seen, today=BEGIN.date())


@then(parsers.parse("interviews on {day} are read by the rules as they came with the system"))
def check_before(review: Review, day: str) -> None:
    with Engines(revisions=review.folder) as engines:
        assert engines.program_for("kuwait", None, date.fromisoformat(day)).digest == review.shipped.digest


@then(parsers.parse("interviews on {day} are read by revision {number:d}, with the other reason"))
def check_after(review: Review, day: str, number: int) -> None:
    with Engines(revisions=review.folder) as engines:
        found = engines.program_for("kuwait", None, date.fromisoformat(day))
    assert found.revision == number
    assert OTHER_REASON in found.to_json()
    assert REASON not in found.to_json()
