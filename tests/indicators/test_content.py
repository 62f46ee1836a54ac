"""Loading a catalogue: everything by id, every fault of every file, the shipped content without one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indicators.conditions import Test
from indicators.content import FOLDERS, load_catalogue
from indicators.errors import render

BASE_TREE = Path(__file__).parents[1] / "content" / "base_tree"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    copy = tmp_path / "tree"
    shutil.copytree(BASE_TREE, copy)
    return copy


def lines(tree: Path) -> list[str]:
    return [render(one) for one in load_catalogue(tree)[1]]


def test_everything_is_found_by_id_with_its_place(tree: Path) -> None:
    catalogue, faults = load_catalogue(tree)
    assert faults == []
    question = catalogue.questions["daily_hours"]
    assert question.applies_when == Test("working_now", "is", "yes")
    assert question.text.ar.startswith("كم ساعة")
    assert (question.form.least, question.form.most) == (0, 24)
    assert catalogue.indicators["documents_refused"].ilo11 == (7,)
    assert catalogue.instruments["base"].questions[:2] == ("working_now", "documents_holder")
    assert catalogue.locators["article 1"].ar == "المادة 1"
    assert catalogue.place("locator", "article 1") == ("indicators/locators/base.yaml", 1)
    assert catalogue.place("question", "working_now") == ("indicators/questions/base.yaml", 1)
    assert catalogue.place("question", "documents_holder")[1] == 9
    assert catalogue.place("instrument", "base") == ("indicators/instruments/base.yaml", 1)
    assert catalogue.place("indicator", "nobody") == (None, None)


def test_the_order_of_files_and_lines_changes_nothing(tree: Path) -> None:
    before = load_catalogue(tree)[0]
    path = tree / "indicators/questions/base.yaml"
    first, rest = path.read_text(encoding="utf-8").split("- id: documents_holder", 1)
    path.write_text("- id: documents_holder" + rest, encoding="utf-8")
    (tree / "indicators/questions/zz.yaml").write_text(first, encoding="utf-8")
    after = load_catalogue(tree)[0]
    assert after == before
    assert list(after.questions) == list(before.questions) == sorted(before.questions)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_missing_folder_is_a_fault(tree: Path, folder: str) -> None:
    shutil.rmtree(tree / "indicators" / folder)
    assert f"C001 the folder `indicators/{folder}` is missing" in lines(tree)


def test_a_tree_that_is_not_there_says_so(tmp_path: Path) -> None:
    catalogue, faults = load_catalogue(tmp_path / "nowhere")
    assert [one.code for one in faults] == ["C001"] * len(FOLDERS)
    assert catalogue.questions == {}


def test_faults_of_all_files_come_together_in_order(tree: Path) -> None:
    (tree / "indicators/questions/a.yaml").write_text("- id: 1\n- x\n", encoding="utf-8")
    (tree / "indicators/sources/a.yaml").write_text("- id: A\n", encoding="utf-8")
    (tree / "indicators/indicators/a.yaml").write_text("x: &y 1.5\n", encoding="utf-8")
    found = lines(tree)
    assert [line.split(":")[0] for line in found] == sorted(line.split(":")[0] for line in found)
    assert {line.split(":")[0] for line in found} == {
        "indicators/questions/a.yaml",
        "indicators/sources/a.yaml",
        "indicators/indicators/a.yaml",
    }


def test_a_file_of_questions_that_cannot_be_read_makes_no_other_name_wrong(tree: Path) -> None:
    text = (tree / "indicators/questions/base.yaml").read_text(encoding="utf-8")
    (tree / "indicators/questions/base.yaml").write_text(text + "- id: ]\n", encoding="utf-8")
    assert [line.split(" ")[1] for line in lines(tree)] == ["Y001"]


def test_a_question_with_a_fault_of_its_own_is_still_a_name_that_exists(tree: Path) -> None:
    path = tree / "indicators/questions/base.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("type: yes_no", "type: yes_or_no"), encoding="utf-8"
    )
    assert [line.split(" ")[1] for line in lines(tree)] == ["C005"]


def test_hidden_and_cached_files_are_no_content(tree: Path) -> None:
    (tree / "indicators/questions/.DS_Store").write_bytes(b"\x00")
    (tree / "indicators/questions/__pycache__").mkdir()
    assert lines(tree) == []


def test_a_question_may_be_asked_where_one_of_the_questions_it_waits_for_is(tree: Path) -> None:
    path = tree / "indicators/questions/base.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "  ask_when: {question: working_now, is: yes}",
        "  ask_when: {any: [{question: working_now, is: yes}, {question: documents_holder, is: agent}]}",
    )
    path.write_text(text, encoding="utf-8")
    instrument = tree / "indicators/instruments/short.yaml"
    instrument.write_text(
        "instrument: short\ntitle: {en: Short, ar: قصيرة}\npurpose: {en: A visit, ar: زيارة}\nsections:\n"
        "  - {id: one, title: {en: One, ar: واحد}, questions: [documents_holder, exit_keys]}\n"
        "core: [documents_holder]\n",
        encoding="utf-8",
    )
    assert lines(tree) == []


def test_the_shipped_content_has_no_faults() -> None:
    catalogue, faults = load_catalogue()
    assert [render(one) for one in faults] == []
    assert {"intake", "inspection", "complaint", "rescreen"} <= catalogue.instruments.keys()
    for kind in ("questions", "sources", "indicators"):
        assert len(getattr(catalogue, kind)) > 20


def test_the_shipped_content_loads_from_a_folder_as_from_the_package() -> None:
    assert load_catalogue(Path(__file__).parents[2])[0] == load_catalogue()[0]
