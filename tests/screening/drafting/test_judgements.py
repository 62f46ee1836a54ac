"""What is said of a draft: faults with place and advice, sentences before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.content import load_catalogue
from indicators.errors import Fault
from rules.checks import check
from rules.program import Program
from screening.drafting.differences import find_differences
from screening.drafting.judgements import LoadedDraft, judge, say_fault
from screening.drafting.overlays import content_paths, read_content, write_tree
from screening.drafting.workshops import Workshop
from screening.engines import Engines
from screening.refusals import Refused

PATH = "rules/sets/kuwait/law_91/observations.yaml"
RULE = "L91-M-04c"


@pytest.fixture(scope="module")
def shipped(kuwait_engines: Engines) -> Program:
    rule_set = kuwait_engines.rule_set("kuwait")
    return kuwait_engines.program_for("kuwait", "draft", rule_set.head.cases_as_of)


def changed(find: str, put: str, path: str = PATH) -> dict[str, str]:
    """A draft in which one piece of one file is another."""
    text = read_content(path)
    assert text.count(find) == 1, find
    return {path: text.replace(find, put)}


def test_the_tree_of_a_draft_is_the_shipped_one_but_for_what_was_changed(tmp_path: Path) -> None:
    write_tree(tmp_path, {PATH: "[]\n"})
    assert content_paths(tmp_path) == content_paths()
    assert read_content(PATH, tmp_path) == "[]\n"
    others = [path for path in content_paths() if path != PATH]
    assert all(read_content(path, tmp_path) == read_content(path) for path in others)
    assert not any("revisions" in path or not path.endswith(".yaml") for path in others)
    catalogue, _ = load_catalogue(tmp_path)
    assert catalogue.questions.keys() == load_catalogue()[0].questions.keys()


def test_an_unchanged_draft_is_the_shipped_program_word_for_word(shipped: Program) -> None:
    with LoadedDraft({}, "kuwait") as draft:
        assert draft.program is not None
        assert draft.program.digest == shipped.digest
        folder = draft.root
    assert not folder.exists()
    assert find_differences(shipped.data, shipped.data) == ()


def test_a_mistyped_name_is_told_with_its_line_and_what_to_do(shipped: Program) -> None:
    found = Workshop().judge(
        changed(
            "{question: exits_locked_seen, is: locked_from_outside}", "{question: exits_lockd_seen, is: x}"
        ),
        "kuwait",
        shipped,
    )
    assert not found.can_load
    assert not found.can_publish
    assert not found.differences
    (fault,) = found.faults
    text = read_content(PATH)
    line = text[: text.index("exits_locked_seen")].count("\n") + 1
    assert (fault.code, fault.severity, fault.file, fault.line) == ("R011", "load", PATH, line)
    assert "`exits_locked_seen`" in fault.message.en
    assert "`exits_locked_seen`" in fault.message.ar
    assert fault.message.en != fault.message.ar
    assert fault.advice.en
    assert fault.advice.ar


def test_what_would_stay_in_the_draft_is_told_beside_its_file(shipped: Program) -> None:
    path = "rules/directory/authorities.yaml"
    found = judge({path: read_content(path) + "# more\n"}, "kuwait", shipped)
    (fault,) = found.faults
    assert (fault.code, fault.file) == ("S218", path)
    assert found.can_load
    assert not found.can_publish
    assert judge({path: read_content(path)}, "kuwait", shipped).can_publish


def test_a_rule_that_reads_otherwise_is_told_before_and_after(shipped: Program) -> None:
    found = judge(changed("is: locked_from_outside}", "is: guarded}"), "kuwait", shipped)
    assert found.can_load
    assert {one.id for one in found.differences} == {RULE}
    (rule,) = found.differences
    gone = [one.ar for one in rule.before if one not in rule.after]
    new = [one.ar for one in rule.after if one not in rule.before]
    assert len(gone) == len(new) == 1
    # The cases that the rule had to hold in now come out differently, and that keeps it from being published.
    assert not found.can_publish
    assert "P012" in {one.code for one in found.faults}


def test_a_rule_that_is_taken_out_is_told_as_gone(shipped: Program) -> None:
    text = read_content(PATH)
    start = text.index(f"- id: {RULE}\n")
    end = text.index("\n- id: ", start + 1) + 1
    with LoadedDraft({PATH: text[:start] + text[end:]}, "kuwait") as draft:
        # What names it elsewhere stops the load; what it said is told by the program all the same.
        faults = check(draft.root)
        program = draft.program
    assert faults
    assert program is not None
    gone = [one for one in find_differences(shipped.data, program.data) if one.id == RULE]
    assert gone[0].before
    assert not gone[0].after


def test_every_kind_of_text_is_told(shipped: Program) -> None:
    asked = 'en: "Who has your passport or your other papers now?"'
    found = judge(changed(asked, "en: Who?", "indicators/questions/documents.yaml"), "kuwait", shipped)
    assert found.can_load, found.faults
    # The question itself, and every rule whose sentence quotes it.
    assert {"question", "rule"} <= {one.kind for one in found.differences}


def test_a_workshop_stops_what_takes_too_long_and_is_free_again(shipped: Program) -> None:
    hurried = Workshop(longest=0.01)
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            hurried.judge({}, "kuwait", shipped)
        assert caught.value.faults[0].code == "S224"


def test_a_process_that_ends_without_an_answer_is_said_to_have_failed(shipped: Program) -> None:
    with pytest.raises(Refused) as caught:
        Workshop().judge({}, "kuwait", Program.from_data({}))
    assert caught.value.faults[0].code == "S225"


def test_a_fault_has_its_words_in_both_languages() -> None:
    said = say_fault(Fault("C001", {"folder": "indicators/sources"}))
    assert "indicators/sources" in said.message.en
    assert "indicators/sources" in said.message.ar
