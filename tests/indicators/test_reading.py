"""The strict readers: the same scalars from YAML and JSON, every place kept, every fault said."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from indicators.errors import AnswersError, ContentError
from indicators.json_reading import parse_answers, parse_json, read_json, read_values
from indicators.scalars import LARGEST
from indicators.yaml_reading import DEEPEST, LARGEST_FILE, parse_yaml, read_yaml

# Text that both formats can hold; what they cannot is in the tables of faults.
TEXT = st.text(st.characters(exclude_categories=["C"], exclude_characters="\u2028\u2029\ufdd0"), max_size=12)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | TEXT
    | st.sampled_from(["yes", "لا", "1", "null"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


class QuotingDumper(yaml.CSafeDumper):
    """Writes every text in quotes: what YAML 1.1 leaves plain can mean something else in 1.2."""


def _quoted(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


QuotingDumper.add_representer(str, _quoted)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("Yes", "Yes"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ('""', ""),
        ('"true"', "true"),
        ("'12'", "12"),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("0", 0),
        ("-0", 0),
        ("9007199254740991", 9007199254740991),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2015-08-01", "2015-08-01"),
        ("1.2.3", "1.2.3"),
        ("١٢", "١٢"),
        ("نعم", "نعم"),
        ("|\n  two\n  lines", "two\nlines\n"),
        (">\n  one\n  line", "one line\n"),
        ("e5", "e5"),
        (".", "."),
        ("-", None),
    ],
)
def test_a_plain_scalar_is_read_as_yaml_1_2_says(written: str, value: object) -> None:
    if written == "-":
        assert read_yaml("a: [x]\n").plain() == {"a": ["x"]}
    else:
        assert read_yaml(f"a: {written}\n").plain() == {"a": value}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1.5", "Y012"),
        ("1.", "Y012"),
        (".5", "Y012"),
        ("1e3", "Y012"),
        ("-1E-3", "Y012"),
        (".inf", "Y012"),
        ("-.INF", "Y012"),
        (".nan", "Y012"),
        (".NaN", "Y012"),
        ("9007199254740992", "Y013"),
        ("-9007199254740992", "Y013"),
        ("1" * 5000, "Y013"),
        ("012", "Y014"),
        ("00", "Y014"),
        ("0o17", "Y014"),
        ("0x1F", "Y014"),
        ("True", "Y015"),
        ("FALSE", "Y015"),
        ("Null", "Y015"),
        ('"\\u0000"', "Y016"),
        ('"\\x07"', "Y016"),
        ('"\\uFFFF"', "Y016"),
        ('"\\u2028"', "Y016"),
        ('"\\ud800"', "Y016"),
    ],
)
def test_a_scalar_that_could_be_misread_is_refused(written: str, code: str) -> None:
    node, faults = parse_yaml(f"a: {written}\nb: 1\n", "f.yaml")
    assert [(one.code, one.line) for one in faults] == [(code, 1)]
    assert node is None or node.entries["a"].broken


@pytest.mark.parametrize("text", ["\r\n", "\tx", "é", "e\u0301", "لاَّ", "🙂", "\u200f", "\u061c"])
def test_letters_signs_and_line_ends_are_text(text: str) -> None:
    assert read_json(json.dumps([text])).items[0].value is not None


def test_what_looks_alike_is_alike() -> None:
    composed, apart = "آ", "ا\u0653"
    assert read_yaml(f"a: {apart}").plain() == {"a": composed}
    assert read_json(json.dumps({apart: 1})).plain() == {composed: 1}
    assert read_values({apart: apart})[0].plain() == {composed: composed}
    assert [one.code for one in parse_yaml(f"{apart}: 1\n{composed}: 2\n")[1]] == ["Y010"]


def test_every_key_and_value_knows_its_place() -> None:
    text = "a:\n  - b: نعم\n    ت: 3\n"
    node = read_yaml(text, "f.yaml")
    inner = node.follow(["a", 0])
    assert (node.line, inner.line, inner.column) == (1, 2, 5)
    assert (inner.entries["ت"].line, inner.entries["ت"].column) == (3, 8)
    assert inner.keys["ت"] == (3, 5)
    same = read_json('{"a":\n  [{"b": "نعم",\n    "ت": 3}]}', "f.json").follow(["a", 0])
    assert (same.line, same.column) == (2, 4)
    assert (same.entries["ت"].line, same.entries["ت"].column) == (3, 10)
    assert same.keys["ت"] == (3, 5)
    assert same.plain() == inner.plain() == {"b": "نعم", "ت": 3}


def test_all_faults_of_a_file_are_found_where_reading_can_go_on() -> None:
    text = "a: 1.5\nb: &x yes\nc: *x\nd: !!str 1\na: 2\n1: x\n<<: {e: 01}\n[k]: 1e3\n? {m: 1}\n: True\n"
    codes = [(one.line, one.code) for one in parse_yaml(text)[1]]
    assert codes == [
        (1, "Y012"), (2, "Y018"), (3, "Y019"), (4, "Y017"), (5, "Y010"), (6, "Y011"), (7, "Y020"),
        (7, "Y014"), (8, "Y011"), (8, "Y012"), (9, "Y011"), (10, "Y015"),
    ]  # fmt: skip


def test_the_first_of_two_equal_keys_stays() -> None:
    assert parse_yaml("a: 1\na: 2\n")[0].plain() == {"a": 1}  # type: ignore[union-attr]
    assert parse_json('{"a": 1, "a": 2}')[0].plain() == {"a": 1}  # type: ignore[union-attr]


@pytest.mark.parametrize("read", [parse_yaml, parse_json])
def test_a_file_that_is_too_large_or_no_text_is_not_read(read: Any) -> None:
    assert [one.code for one in read(b'"' + b"x" * LARGEST_FILE + b'"')[1]] == ["Y004"]
    assert [one.code for one in read('"' + "ي" * (LARGEST_FILE // 2) + '"')[1]] == ["Y004"]
    assert [one.code for one in read('"x"'.encode("utf-16"))[1]] == ["Y002"]
    assert [one.code for one in read(b'\xef\xbb\xbf"x"')[1]] == ["Y002"]
    assert [one.code for one in read('\ufeff"x"')[1]] == ["Y002"]
    assert [(one.code, one.line) for one in read(b'"x\n\xff"')[1]] == [("Y003", 2)]
    assert [(one.code, one.line, one.column) for one in read('"x\ny\u0085"')[1]] == [("Y009", 2, 2)]
    assert [one.code for one in read('"\ud800"')[1]] == ["Y009"]
    assert [one.code for one in read("")[1]] == ["Y007"]


@pytest.mark.parametrize("read", [parse_yaml, parse_json])
def test_nesting_ends_somewhere(read: Any) -> None:
    assert read("[" * DEEPEST + "]" * DEEPEST)[1] == []
    node, faults = read("[" * 100_000)
    assert node is None
    assert [one.code for one in faults] == ["Y005"]


def test_reading_raises_with_all_faults() -> None:
    with pytest.raises(ContentError) as content:
        read_yaml("a: 1.5\nb: 01\n", "f.yaml")
    assert [one.code for one in content.value.faults] == ["Y012", "Y014"]
    with pytest.raises(AnswersError) as answers:
        read_json('{"a": 1.5, "b": NaN}')
    assert [one.code for one in answers.value.faults] == ["Y012", "Y012"]


def test_lines_of_a_file_of_many_texts_are_counted_on() -> None:
    node, faults = parse_json('{"a": 1.5,\n "b": [2]}', "many.jsonl", first_line=41)
    assert node is not None
    assert node.entries["b"].line == 42
    assert [(one.file, one.line) for one in faults] == [("many.jsonl", 41)]
    assert parse_json(b"\xff", "many.jsonl", first_line=41)[1][0].line == 41


def test_faults_of_answers_name_their_field_in_both_formats() -> None:
    for node, faults in (
        parse_json('{"answers": {"a": [1, {"b": 1.5}]}}'),
        parse_answers("answers:\n  a: [1, {b: 1.5}]\n"),
        read_values({"answers": {"a": [1, {"b": 1.5}]}}),
    ):
        assert [(one.code, one.field) for one in faults] == [("Y012", "answers.a.1.b")]
        assert node is not None
        assert node.follow(["answers", "a", 1, "b"]).broken


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.json", '{"a": "yes"}', {"a": "yes"}),
        ("a.yaml", "{a: yes}", {"a": "yes"}),
        ("a.yml", '{"a": yes}', {"a": "yes"}),
        (None, '{"a": "yes"}', {"a": "yes"}),
        (None, "a: yes", {"a": "yes"}),
        (None, "{a: yes}", {"a": "yes"}),
        (None, " {} ", {}),
        (None, b'\n{"a": [1]}', {"a": [1]}),
        (None, "notes: \u202a+965\u202c", {"notes": "\u202a+965\u202c"}),
    ],
)
def test_an_answer_file_is_json_or_yaml_by_name_or_first_signs(
    file: str | None, text: str | bytes, expected: object
) -> None:
    node, faults = parse_answers(text, file)
    assert faults == []
    assert node is not None
    assert node.plain() == expected


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        (1.5, ["Y012"]),
        (float("nan"), ["Y012"]),
        (2**53, ["Y013"]),
        ("\ud800", ["Y016"]),
        ({1: "a"}, ["Y011"]),
        ({"\x07": "a"}, ["Y016"]),
        ({"آ": 1, "ا\u0653": 2}, ["Y010"]),
        ({"a": {True: 1}, "b": object}, ["Y011", "Y035"]),
        (b"bytes", ["Y035"]),
    ],
)
def test_values_in_memory_are_read_as_strictly_as_a_file(value: object, codes: list[str]) -> None:
    assert [one.code for one in read_values({"x": value})[1]] == codes


def test_values_that_hold_themselves_are_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert [one.code for one in read_values(loop)[1]] == ["Y005"]


@given(VALUES)
def test_both_formats_and_memory_give_the_same_tree(value: Any) -> None:
    as_json = json.dumps(value, ensure_ascii=False)
    memory, faults = read_values(value)
    assert faults == []
    assert read_json(as_json).plain() == memory.plain()
    assert read_json(json.dumps(value, indent=1)).plain() == memory.plain()
    as_yaml = yaml.dump({"x": value}, Dumper=QuotingDumper, allow_unicode=True)
    assert parse_yaml(as_yaml, answers=True)[1] == []
    assert read_yaml(as_yaml).plain() == {"x": memory.plain()}


@given(VALUES)
def test_json_is_read_alike_by_the_reader_of_yaml(value: Any) -> None:
    text = json.dumps({"x": value}, ensure_ascii=False)
    node, faults = parse_yaml(text, answers=True)
    assert faults == []
    assert node is not None
    assert node.plain() == read_json(text).plain()


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_nothing_that_is_sent_breaks_a_reader(text: str | bytes) -> None:
    for read in (parse_yaml, parse_json, parse_answers):
        node, faults = read(text)
        assert faults or node is not None
