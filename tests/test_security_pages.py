"""The pages on security name what exists, judge every requirement once, and leave no element unlooked at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.security_pages import (
    FOLDER,
    missing,
    names_in,
    read_levels,
    read_requirements,
    read_shipped,
    write_page,
)

PAGES = ("threat-model.md", "decisions.md", "asvs.md")
ELEMENTS = (
    "Browser",
    "Service",
    "Database",
    "Keys",
    "Backups",
    "Audit chain",
    "Webhooks",
    "Identity provider",
    "Logs",
    "Field form",
    "Rules",
)
LEVELS = read_levels('V1.1: "12"\nV1.2: "3"')
GOOD = """
V1.1.1: {what: a thing, status: met, evidence: [tests/conftest.py]}
V1.1.2: {what: another thing, status: partly, reason: half of it, needs: the other half}
"""


def lines_of(text: str, element: str) -> list[list[str]]:
    """The rows of the table of one element: letter, threat, control, test, what remains."""
    part = text.split("\n## Line by line\n")[1].split("\n## ")[0]
    section = part.split(f"\n### {element}\n")[1].split("\n### ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def faults_of(text: str) -> list[str]:
    """What is wrong with the threat model: a letter without a line, a line without a control or a test."""
    found = []
    for element in ELEMENTS:
        rows = lines_of(text, element)
        letters = {row[0] for row in rows}
        if letters != set("STRIDE"):
            found.append(f"{element}: {''.join(sorted(set('STRIDE') ^ letters))}")
        for row in rows:
            controls, tests = names_in(row[2]), names_in(row[3])
            if len(row) != 5 or not all(row):
                found.append(f"{element}: {row[0]}: a cell is empty")
            elif not controls or not tests or not all("::test_" in name for name in tests):
                found.append(f"{element}: {row[1]}: no control or no test")
    return found


def test_every_element_has_every_kind_of_threat_with_a_control_and_a_test() -> None:
    text = (FOLDER / "threat-model.md").read_text(encoding="utf-8")
    told = re.findall(r"^### (.+)$", text, flags=re.MULTILINE)
    assert tuple(told) == ELEMENTS
    assert faults_of(text) == []
    row = next(line for line in text.splitlines() if line.startswith("| R |"))
    assert faults_of(text.replace(row, "")) != [], "a letter that is missing would be found"
    bare = re.sub(r"`tests/[^`]+`", "somebody tried", row)
    assert len(faults_of(text.replace(row, bare))) == 1, "a line without a test would be found"


@pytest.mark.parametrize("page", PAGES)
def test_everything_that_is_named_exists(page: str) -> None:
    names = names_in((FOLDER / page).read_text(encoding="utf-8"))
    assert len(names) > 5
    assert missing(names) == []


def test_a_name_of_nothing_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(
        "def test_one() -> None: ...\ndef helper() -> None: ...\nclass test_two: ...\n", encoding="utf-8"
    )
    text = (
        "`tests/test_a.py` `tests/test_a.py::test_one` `tests/test_a.py::test_two` `tests/test_b.py` "
        "`tests/test_b.py::test_one` `screening backup` `sslmode=verify-full`"
    )
    names = names_in(text)
    assert len(names) == 5
    assert missing(names, tmp_path) == [
        "tests/test_a.py::test_two",
        "tests/test_b.py",
        "tests/test_b.py::test_one",
    ]


def test_every_requirement_is_judged_once_and_the_page_is_made_from_that() -> None:
    requirements = read_shipped()
    assert len(requirements) == 253
    assert missing([name for one in requirements for name in one.evidence]) == []
    page = (FOLDER / "asvs.md").read_text(encoding="utf-8")
    assert page == write_page(requirements), "run `python -m tests.security_pages`"


def test_what_is_missing_stands_at_the_top() -> None:
    page = (FOLDER / "asvs.md").read_text(encoding="utf-8")
    top = page.split("\n## V1 ")[0]
    for one in read_shipped():
        stands = f"| {one.id} |" in top
        assert stands == (one.status in ("partly", "not_met")), one.id


def test_levels_are_those_of_the_standard() -> None:
    levels = read_levels((FOLDER / "asvs_levels.yaml").read_text(encoding="utf-8"))
    counts = [list(levels.values()).count(level) for level in (1, 2, 3)]
    assert counts == [70, 183, 92]


def test_a_good_list_is_read() -> None:
    first, second = read_requirements(GOOD, LEVELS)
    assert (first.id, first.level, first.evidence) == ("V1.1.1", 1, ("tests/conftest.py",))
    assert (second.status, second.needs) == ("partly", "the other half")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("V1.1.2:", "V1.1.1:", "stands twice: V1.1.1"),
        ("V1.1.2:", "V1.1.3:", "V1.1.2: not judged"),
        ("V1.1.2:", "V1.2.1:", "V1.2.1: not of level 1 or 2"),
        ("status: met", "status: good", "no status `good`"),
        ("evidence: [tests/conftest.py]", "evidence: []", "met without evidence"),
        ("evidence: [tests/conftest.py]", "needs: nothing", "met without evidence"),
        ("reason: half of it, ", "", "no reason"),
        (", needs: the other half", "", "what it would take"),
        ("status: partly", "status: does_not_apply", "what it would take"),
        (
            "what: a thing",
            "what: one two three four five six seven eight nine ten eleven",
            "more than 10 words",
        ),
        ("what: a thing", "which: a thing", "not known"),
    ],
)
def test_a_list_that_is_not_right_is_refused(before: str, after: str, said: str) -> None:
    assert GOOD.count(before) == 1
    with pytest.raises(ValueError, match=re.escape(said)):
        read_requirements(GOOD.replace(before, after), LEVELS)
