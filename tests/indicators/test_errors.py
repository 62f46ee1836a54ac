"""The catalogue of faults: complete, in both languages, used, and safe to print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indicators.errors import (
    AnswersError,
    ContentError,
    FaultDefinition,
    Words,
    advice,
    fault,
    fault_definitions,
    in_order,
    listed,
    message,
    message_words,
    nearest,
    placeholders,
    render,
)
from indicators.yaml_reading import read_yaml

ROOT = Path(__file__).parents[2]
PACKAGES = ("indicators", "rules", "screening", "api")
CODE = re.compile(r"\b[YCARPSH][0-9]{3}\b")
QUOTED_CODE = re.compile(r"""["']([YCARPSH][0-9]{3})["']""")
ARABIC = re.compile("[\u0621-\u064a]")
DEFINITIONS = list(fault_definitions().values())


def codes_in_python() -> set[str]:
    """Every code that stands in quotes somewhere in the four packages."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {code for path in paths for code in QUOTED_CODE.findall(path.read_text(encoding="utf-8"))}


def codes_in_tests() -> set[str]:
    """Every code that a test, a table of a test, a broken file or a feature speaks of."""
    found: set[str] = set()
    for folder in ("tests", "features"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in {".py", ".yaml", ".yml", ".feature", ".json"}:
                found.update(CODE.findall(path.read_bytes().decode("utf-8", "replace")))
    return found


def test_every_code_that_python_uses_is_in_the_catalogue() -> None:
    assert codes_in_python() - fault_definitions().keys() == set()


def test_every_code_of_the_catalogue_is_used() -> None:
    assert fault_definitions().keys() - codes_in_python() == set()


def test_every_code_of_the_catalogue_is_in_a_test() -> None:
    assert fault_definitions().keys() - codes_in_tests() == set()


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda one: one.code)
def test_both_languages_say_the_same_with_the_same_slots(definition: FaultDefinition) -> None:
    assert definition.severity in ("load", "publication", "request")
    for texts in (definition.message, definition.advice, definition.nearest or {"en": "", "ar": "ا"}):
        assert set(texts) == {"en", "ar"}
        assert placeholders(texts["en"]) == placeholders(texts["ar"])
        assert ARABIC.search(texts["ar"])
        assert not ARABIC.search(texts["en"])
    assert definition.message["en"][0] == definition.message["en"][0].lower()
    assert not definition.message["en"].endswith(".")
    if definition.nearest is not None:
        assert placeholders(definition.nearest["en"]) == {"nearest"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "indicators/faults").glob("*.yaml")), ids=lambda path: path.name
)
def test_the_catalogue_is_strict_yaml(path: Path) -> None:
    for entry in read_yaml(path.read_bytes(), path.name).items:
        assert entry.entries.keys() <= {"code", "severity", "message", "advice", "nearest"}
        assert entry.entries["code"].value in fault_definitions()


def test_a_line_names_place_code_words_and_the_nearest_id() -> None:
    one = fault("C080", file="a/b.yaml", line=2, question="document_holder", nearest="documents_holder")
    assert (
        render(one) == "a/b.yaml:2: C080 unknown question `document_holder`; did you mean `documents_holder`?"
    )
    assert (
        render(one, "ar")
        == "a/b.yaml:2: C080 سؤال غير معروف `document_holder`؛ هل المقصود `documents_holder`؟"
    )
    assert advice(one).startswith("Use the id of a question of the bank")


def test_without_a_near_id_nothing_is_suggested() -> None:
    assert (
        message(fault("C080", question="zzz", nearest=nearest("zzz", ["alpha"]))) == "unknown question `zzz`"
    )


@pytest.mark.parametrize(
    ("place", "start"),
    [
        ({"file": "x.yaml", "line": 3}, "x.yaml:3: C014 "),
        ({"file": "x.yaml"}, "x.yaml: C014 "),
        ({"field": "answers.locked_in"}, "answers.locked_in: C014 "),
        ({"line": 7, "field": "answers.locked_in"}, "7: answers.locked_in: C014 "),
        ({}, "C014 "),
    ],
)
def test_a_line_begins_with_the_place_that_is_known(place: dict[str, str | int], start: str) -> None:
    assert render(fault("C014", key="core").at(None, None), "en").startswith("C014 ")
    made = fault("C014", key="core", **place)
    assert render(made).startswith(start)


def test_what_people_wrote_cannot_forge_a_line_or_turn_it_around() -> None:
    line = render(fault("A021", value="yes\nrules.yaml:1: C001 \u202eforged\x1b[31m", question="q"))
    assert "\n" not in line
    assert "\u202e" not in line
    assert "\x1b" not in line
    assert "\\u000a" in line


def test_what_people_wrote_is_cut_and_never_a_format() -> None:
    assert len(render(fault("A021", value="x" * 10_000, question="q"))) < 300
    assert "{choices}" in render(fault("A021", value="{choices}", question="q"))


def test_an_error_carries_and_prints_all_faults() -> None:
    faults = [fault("C014", key="core"), fault("C014", key="sections")]
    for error in (ContentError(faults), AnswersError(faults)):
        assert error.faults == tuple(faults)
        assert str(error) == "C014 `core` is empty\nC014 `sections` is empty"


def test_faults_are_put_in_the_order_of_mending_once_each() -> None:
    late, early = fault("C014", file="b", line=1, key="x"), fault("C014", file="a", line=9, key="x")
    assert in_order([late, early, late, fault("C014", file="a", line=2, key="x")]) == [
        fault("C014", file="a", line=2, key="x"),
        early,
        late,
    ]


def test_a_fault_can_be_kept_in_a_set() -> None:
    assert len({fault("C014", key="a"), fault("C014", key="a")}) == 1


@pytest.mark.parametrize(
    ("word", "expected"),
    [("polise", "police"), ("famly", "family"), ("شرطه", "شرطة"), ("q", None), ("", None)],
)
def test_the_nearest_word_is_near(word: str, expected: str | None) -> None:
    assert nearest(word, ["police", "family", "شرطة"]) == expected


def test_a_long_list_is_cut() -> None:
    assert listed(["a", "b"]) == "`a`, `b`"
    assert listed([str(number) for number in range(20)]).endswith("`15`, …")


def test_a_code_nobody_defined_is_a_mistake_in_the_program() -> None:
    with pytest.raises(KeyError):
        render(fault("C999"))


def test_a_slot_in_two_languages_is_said_in_the_readers() -> None:
    inner = message_words(fault("C080", question="zzz"))
    one = fault("R051", case=Words(en="Hit\nhard", ar="ضربة"), problem=inner)
    assert message(one) == "an answer of the case `Hit\\u000ahard` cannot be read: unknown question `zzz`"
    assert message(one, "ar") == "تعذّرت قراءة إجابة من الحالة `ضربة`: سؤال غير معروف `zzz`"
    assert in_order([one, one]) == [one]
