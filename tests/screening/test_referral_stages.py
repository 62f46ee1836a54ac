"""The referral mechanism and the duty-to-report setting: what ships, and how a wrong file is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from indicators.content import load_catalogue
from indicators.errors import ContentError, render
from indicators.models import Source
from screening.referral_stages import (
    DUTY_FILE,
    STAGES_FILE,
    DutyToReport,
    ReferralMechanism,
    load_duty_to_report,
    load_referral_mechanism,
)


@cache
def sources() -> dict[str, Source]:
    catalogue, _ = load_catalogue()
    return dict(catalogue.sources)


def shipped(name: str) -> str:
    return (files("screening") / "referral_mechanism" / name).read_text(encoding="utf-8")


def faults_of(name: str, text: str, folder: Path) -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    load: Callable[[dict[str, Source], Path], ReferralMechanism | DutyToReport] = (
        load_referral_mechanism if name == STAGES_FILE else load_duty_to_report
    )
    with pytest.raises(ContentError) as caught:
        load(sources(), folder)
    return [render(item, "en") for item in caught.value.faults]


def test_six_stages_ship_and_none_poses_as_official() -> None:
    mechanism = load_referral_mechanism(sources())
    assert len(mechanism.stages) == 6
    assert mechanism.titles_are == "working"
    assert len({stage.id for stage in mechanism.stages}) == 6
    for stage in mechanism.stages:
        for text in (stage.working_title, stage.owner, stage.input, stage.output):
            assert text.en, stage.id
            assert text.ar, stage.id


def test_a_time_limit_is_ours_wherever_one_is_set() -> None:
    """No law read sets a limit: a stage with one cites the project's own design beside its other sources."""
    limited = [
        stage for stage in load_referral_mechanism(sources()).stages if stage.time_limit_days is not None
    ]
    assert limited
    for stage in limited:
        assert "own_design" in {citation.confidence for citation in stage.sources}, stage.id


def test_the_duty_waits_for_a_lawyer_and_is_explained_in_both_languages() -> None:
    duty = load_duty_to_report(sources())
    assert duty.chosen.id == "ask_a_lawyer"
    assert duty.awaiting is not None
    assert {citation.source for citation in duty.sources} >= {"law_91_2013", "law_21_2015"}
    for item in duty.values:
        assert item.said_before.en, item.id
        assert item.said_before.ar, item.id


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (STAGES_FILE, "    time_limit_days: 1\n", "    time_limit_days: soon\n", "C021"),
        (STAGES_FILE, "    time_limit_days: 1\n", "    time_limit_days: -1\n", "C015"),
        (STAGES_FILE, "    time_limit_days: 1\n", "    days: 1\n", "C004"),
        (STAGES_FILE, "  - id: screening\n", "  - id: first_contact\n", "C008"),
        (STAGES_FILE, "source: press_referral_mechanism", "source: press_referral_mechanisms", "R016"),
        (STAGES_FILE, "ar: الاتصال الأول والسلامة", 'ar: ""', "P001"),
        (STAGES_FILE, "titles_are: working", "titles_are: certain", "C005"),
        (DUTY_FILE, "value: ask_a_lawyer", "value: ask_lawyer", "C005"),
        (DUTY_FILE, "source: law_21_2015", "source: law_21_2051", "R016"),
        (DUTY_FILE, "  - id: planned_crimes", "  - id: ask_a_lawyer", "C008"),
        (DUTY_FILE, "setting: duty_to_report\n", "setting: duty_to_report\nsetting: duty\n", "Y010"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    name: str, old: str, new: str, code: str, tmp_path: Path
) -> None:
    text = shipped(name)
    assert old in text
    found = faults_of(name, text.replace(old, new, 1), tmp_path)
    assert any(
        f" {code} " in line and line.startswith(f"screening/referral_mechanism/{name}:") for line in found
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        load_referral_mechanism(sources(), tmp_path)
    assert "stages.yaml" in render(caught.value.faults[0], "en")
