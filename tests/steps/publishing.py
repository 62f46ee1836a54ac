"""Publishing the rules, and the data that people set beside them."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from indicators.content import load_catalogue
from indicators.errors import ContentError, Fault, render
from rules.program import Program
from rules.revisions import draft_program, publish, published
from screening.referral_stages import (
    DutyToReport,
    ReferralMechanism,
    load_duty_to_report,
    load_referral_mechanism,
)
from tests.steps.cells import Table, column

IN_FORCE = date(2026, 12, 1)


@dataclass
class Desk:
    """What a reviewer has in hand during one scenario."""

    folder: Path
    program: Program | None = None
    refused: tuple[Fault, ...] = ()
    mechanism: ReferralMechanism | None = None
    copy: Path | None = None
    duty: DutyToReport | None = None


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(folder=tmp_path / "revisions")


@when("the rules are published with the approval of")
def publish_rules(desk: Desk, datatable: Table) -> None:
    desk.program = draft_program()
    try:
        publish(desk.program, [], desk.folder, in_force_from=IN_FORCE, approved_by=column(datatable))
    except ContentError as error:
        desk.refused = error.faults


@then(parsers.re(r"publishing is refused with (?P<code>\w+), in both languages"))
def check_refusal(desk: Desk, code: str) -> None:
    assert [item.code for item in desk.refused] == [code]
    assert render(desk.refused[0], "en") != render(desk.refused[0], "ar")


@then("no revision exists")
def check_no_revision(desk: Desk) -> None:
    assert published("kuwait", desk.folder) == []


@then("revision 1 holds the program of the draft and its digest")
def check_revision(desk: Desk) -> None:
    assert desk.program is not None
    assert desk.refused == ()
    (revision,) = published("kuwait", desk.folder)
    assert (revision.number, revision.program.digest) == (1, desk.program.digest)
    assert revision.program.to_json() == desk.program.to_json()


@then(parsers.re(r"an edit of the revision's file is noticed with (?P<code>\w+)"))
def check_edit_is_noticed(desk: Desk, code: str) -> None:
    path = desk.folder / "1.json"
    edited, count = re.subn(
        r'"circumstance":true', '"circumstance":false', path.read_text(encoding="utf-8"), count=1
    )
    assert count == 1
    path.write_text(edited, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        published("kuwait", desk.folder)
    assert [item.code for item in caught.value.faults] == [code]


@given(parsers.re(r"a copy of the referral mechanism in which the first stage has (?P<days>\d+) days"))
def copy_mechanism(desk: Desk, tmp_path: Path, days: str) -> None:
    desk.copy = tmp_path / "mechanism"
    shutil.copytree(str(files("screening") / "referral_mechanism"), desk.copy)
    path = desk.copy / "stages.yaml"
    text, count = re.subn(
        r"time_limit_days: \S+", f"time_limit_days: {days}", path.read_text(encoding="utf-8"), count=1
    )
    assert count == 1
    path.write_text(text, encoding="utf-8")


@when("the referral mechanism is read")
@when("the copy is read")
def read_mechanism(desk: Desk) -> None:
    desk.mechanism = load_referral_mechanism(load_catalogue()[0].sources, desk.copy)


@then(
    parsers.re(r"it has (?P<count>\d+) stages, each with an owner, an input and an output in both languages")
)
def check_stages(desk: Desk, count: str) -> None:
    assert desk.mechanism is not None
    assert len(desk.mechanism.stages) == int(count)
    for stage in desk.mechanism.stages:
        for text in (stage.working_title, stage.owner, stage.input, stage.output):
            assert text.en
            assert text.ar
            assert text.en != text.ar


@then("its titles are marked as working titles")
def check_titles(desk: Desk) -> None:
    assert desk.mechanism is not None
    assert desk.mechanism.titles_are == "working"


@then(parsers.re(r"the first stage has (?P<days>\d+) days"))
def check_days(desk: Desk, days: str) -> None:
    assert desk.mechanism is not None
    assert desk.mechanism.stages[0].time_limit_days == int(days)


@when("the duty to report is read")
def read_duty(desk: Desk) -> None:
    desk.duty = load_duty_to_report(load_catalogue()[0].sources)


@then("each of its values says in both languages what happens and what the person is told before")
def check_duty(desk: Desk) -> None:
    assert desk.duty is not None
    assert len(desk.duty.values) >= 2
    assert desk.duty.chosen in desk.duty.values
    for choice in desk.duty.values:
        for text in (choice.what_happens, choice.said_before):
            assert text.en
            assert text.ar
