"""From trees to models: codes and places for every way of being wrong, and no wording of a library."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from indicators.conditions import Reference, Test
from indicators.errors import Fault, render
from indicators.fields import ConditionField, Day, DayOrUnknown, DottedId, Id, Said
from indicators.models import Citation, Content, Question, Source, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml


class Leaf(Content):
    name: Id
    text: Text | None = None


class Tree(Content):
    path: DottedId = "a.b"
    leaves: Annotated[tuple[Leaf, ...], Field(strict=False, min_length=1)] = (Leaf(name="one"),)
    named: dict[str, Leaf] = Field(default_factory=dict)
    count: Annotated[int, Field(ge=1)] = 1
    ratio: Any = None
    when: ConditionField | None = None
    day: Day | None = None
    since: DayOrUnknown = "unknown"
    said: Said = "x"
    flag: bool = False


def check(text: str, model: type[BaseModel] = Tree, **given: Any) -> tuple[Any, list[str]]:
    node, reading = parse_yaml(text, "f.yaml")
    assert node is not None
    faults: list[Fault] = []
    found = validate(model, node, faults, **given)
    return found, [render(one) for one in [*reading, *faults]]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[]", ["f.yaml:1: C024 keys and values are expected here"]),
        ("path: A.b", ["f.yaml:1: C010 `A.b` does not have the form of an id"]),
        ("path: a..b", ["f.yaml:1: C010 `a..b` does not have the form of an id"]),
        ("leaves: []", ["f.yaml:1: C014 `leaves` is empty"]),
        ("leaves: {}", ["f.yaml:1: C023 `leaves` must be a list"]),
        ("named: []", ["f.yaml:1: C024 keys and values are expected here"]),
        ("count: 0", ["f.yaml:1: C015 0 is out of bounds for `count`"]),
        ("count: '1'", ["f.yaml:1: C021 `count` must be a whole number"]),
        ("count: true", ["f.yaml:1: C021 `count` must be a whole number"]),
        ("flag: 1", ["f.yaml:1: C022 `flag` must be `true` or `false`"]),
        ("said: ' '", ["f.yaml:1: C011 the text is empty"]),
        ("said: 3", ["f.yaml:1: C020 `said` must be a text"]),
        ("day: 2026-02-29", ["f.yaml:1: C013 `2026-02-29` is not a date of the calendar"]),
        ("day: 2026", ["f.yaml:1: C013 `2026` is not a date of the calendar"]),
        ("day: unknown", ["f.yaml:1: C013 `unknown` is not a date of the calendar"]),
        ("since: never", ["f.yaml:1: C013 `never` is not a date of the calendar"]),
        ("when: {question: q, is: yes}", ["f.yaml:1: C040 a condition is expected here"]),
        ("lefs: []", ["f.yaml:1: C004 unknown key `lefs`; did you mean `leaves`?"]),
        (
            "leaves:\n  - nmae: x\n  - name: y\n    text: {en: Yes}\nnamed:\n  a: {name: B, size: 3}\n",
            [
                "f.yaml:4: P001 `text` has no text in the language `ar`",
                "f.yaml:2: C004 unknown key `nmae`; did you mean `name`?",
                "f.yaml:6: C010 `B` does not have the form of an id",
                "f.yaml:6: C004 unknown key `size`",
            ],
        ),
        (
            "named:\n  a: {name: b, text: {en: '', ar: ''}}",
            ["f.yaml:2: C012 the text is given in neither language"],
        ),
        (
            "leaves:\n  - {name: 1.5, nam: 2}",
            ["f.yaml:2: Y012 `1.5` is not a whole number", "f.yaml:2: C004 unknown key `nam`"],
        ),
    ],
)
def test_every_mistake_has_code_and_place(text: str, lines: list[str]) -> None:
    found, rendered = check(text)
    assert rendered == lines
    assert (found is None) == any(" C" in line or " Y" in line for line in lines)


def test_what_no_code_is_made_for_still_has_one() -> None:
    class Odd(Content):
        number: complex

    assert check("number: x", Odd)[1] == ["f.yaml:1: C029 what stands for `number` cannot be used"]


def test_values_read_apart_stand_in_the_place_of_what_is_written() -> None:
    condition = Test("q", "is", "yes")
    found, lines = check("when: {question: q, is: yes}", when=condition)
    assert lines == []
    assert found.when == condition
    assert found.model_dump(mode="json")["when"] == {"question": "q", "is": "yes"}
    assert check("path: a", when=Reference("finding", "f"))[0].when == Reference("finding", "f")


def test_a_draft_without_a_translation_loads_and_says_the_other_language() -> None:
    for written in ("{en: Only this}", "{en: Only this, ar: null}", "{en: Only this, ar: ''}"):
        found, lines = check(f"name: x\ntext: {written}", Leaf)
        assert lines == ["f.yaml:2: P001 `text` has no text in the language `ar`"]
        assert found.text.say("ar") == found.text.say("en") == "Only this"
    found, lines = check("name: x\ntext: {en: Papers, ar: أوراق}", Leaf)
    assert lines == []
    assert (found.text.say("en"), found.text.say("ar")) == ("Papers", "أوراق")


@pytest.mark.parametrize(
    "text", ["{en: '112', ar: '112'}", "{en: 24 hours, ar: 24 ساعة}", "{en: IOM, ar: IOM منظمة}"]
)
def test_numbers_and_names_are_no_language(text: str) -> None:
    assert check(f"name: x\ntext: {text}", Leaf)[1] == []


def test_one_language_in_the_place_of_the_other_is_a_publication_fault() -> None:
    found, lines = check("name: x\ntext: {en: أوراق, ar: Papers}", Leaf)
    assert [line.split(" ")[1] for line in lines] == ["P002", "P002"]
    assert found is not None


def test_models_are_frozen_and_closed() -> None:
    text = Text(en="a", ar="ب")
    with pytest.raises(ValidationError):
        text.en = "b"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Text(en="a", ar="ب", fr="c")  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        Citation(source="law", locator="1", confidence="sure")  # type: ignore[arg-type]


def test_a_source_keeps_its_days() -> None:
    found, lines = check(
        'id: law\ntitle: {en: Law, ar: قانون}\nkind: statute\nissued: "2013-03-10"\nin_force_from: unknown\n'
        'confidence: secondary\nlast_checked: "2026-11-01"\naddress: null\nin_force_to: null\n',
        Source,
    )
    assert lines == []
    assert (found.issued, found.in_force_from, found.in_force_to) == (date(2013, 3, 10), "unknown", None)
    assert found.model_dump(mode="json")["issued"] == "2013-03-10"


def test_no_wording_of_pydantic_reaches_a_reader() -> None:
    node, _ = parse_yaml("id: 3\ntype: [x]\ntopic: {}\ntext: 1\noptions: 3\nleast: x\nextra: 1\n", "f.yaml")
    faults: list[Fault] = []
    assert node is not None
    assert validate(Question, node, faults) is None
    text = " ".join(render(one, lang) for one in faults for lang in ("en", "ar"))  # type: ignore[arg-type]
    for word in ("Input should", "valid string", "Field required", "pydantic", "permitted"):
        assert word not in text
