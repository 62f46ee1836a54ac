"""A rule, an indicator, a finding, a dimension, a route, a value and a source can be read by people."""

from __future__ import annotations

import pytest

from indicators.models import Text
from screening.descriptions import (
    describe,
    known_ids,
    list_questions,
    list_rules,
    source_line,
    used_by_line,
)
from screening.engines import Engines
from screening.phrases import FIRST_STRONG_ISOLATE, LANGUAGES, POP_ISOLATE
from screening.sentences import Sentences
from tests.screening.samples import TODAY


@pytest.fixture(scope="module")
def sentences(engines: Engines) -> Sentences:
    return Sentences(engines.program_for("kuwait", "draft", TODAY).data)


def test_everything_that_has_an_id_can_be_shown_in_both_languages(sentences: Sentences) -> None:
    ids = known_ids(sentences)
    assert {"WK-01a", "OUT-TI-01", "WK-EX-02", "daily_hours_limit", "labour_law", "route.care", "care"} <= ids
    for id in ids:
        found = describe(sentences, id)
        assert found is not None, id
        for lang in LANGUAGES:
            assert all(line.text.say(lang).strip() for line in found.lines), id
            assert used_by_line(found).say(lang)
    assert describe(sentences, "WK-01") is None


def test_a_rule_reads_as_a_sentence_with_its_sources_and_values(sentences: Sentences) -> None:
    found = describe(sentences, "WK-01a")
    assert found is not None
    text = "\n".join(line.text.en for line in found.lines)
    assert text.startswith("Rule WK-01a concludes the indicator “Hours beyond the limit” when:")
    assert "is more than the value in force of “Longest working day”" in text
    assert "12 (hours), from 2015-07-26" in text
    assert [source.locator for source in found.sources] == ["article 22"]
    assert "تستنتج القاعدة" in found.lines[0].text.ar


def test_a_place_in_a_source_is_said_in_both_languages(sentences: Sentences) -> None:
    found = describe(sentences, "WK-01a")
    assert found is not None
    said = f"المادة {FIRST_STRONG_ISOLATE}22{POP_ISOLATE}"
    assert [source.locator_text for source in found.sources] == [Text(en="article 22", ar=said)]
    assert said in source_line(found.sources[0]).ar
    assert "article" not in source_line(found.sources[0]).ar
    values = "\n".join(line.text.ar for line in found.lines)
    assert said in values
    assert "article" not in values


def test_a_place_without_arabic_wording_is_shown_as_it_is_written(sentences: Sentences) -> None:
    assert sentences.locator("page nine") == Text(en="page nine", ar="page nine")


def test_places_beyond_the_program_are_said_where_they_are_given(sentences: Sentences) -> None:
    more = Sentences(sentences.data, {"page nine": Text(en="page nine", ar="الصفحة التاسعة")})
    assert more.locator("page nine").ar == "الصفحة التاسعة"
    assert more.locator("article 22") == sentences.locator("article 22")


def test_a_nested_condition_keeps_its_shape(sentences: Sentences) -> None:
    found = describe(sentences, "WK-F-01")
    assert found is not None
    assert [line.depth for line in found.lines][:5] == [0, 1, 2, 3, 3]


def test_a_dimension_shows_its_combinations_and_when_a_circumstance_counts(sentences: Sentences) -> None:
    for id in ("workplace.exploitation", "dimension.workplace.exploitation", "WK-EX-02"):
        found = describe(sentences, id)
        assert found is not None
        text = "\n".join(line.text.en for line in found.lines)
        assert "At least 2 medium indicators." in text
        assert "Entry WK-EX-02 counts only when:" in text


def test_what_uses_a_value_or_an_indicator_is_named(sentences: Sentences) -> None:
    limit = describe(sentences, "daily_hours_limit")
    assert limit is not None
    assert limit.used_by == ("WK-01a",)
    hours = describe(sentences, "long_hours")
    assert hours is not None
    assert set(hours.used_by) >= {"WK-F-02", "WK-F-06", "WK-EX-01", "OUT-OC-02"}
    assert "OUT-OC-02" in used_by_line(hours).en


def test_every_rule_is_listed_once_observations_first(sentences: Sentences) -> None:
    rows = list_rules(sentences)
    assert len({row.id for row in rows}) == len(rows) == 23
    assert [row.kind for row in rows] == sorted(
        (row.kind for row in rows), key=["indicator", "finding", "route", "outcome"].index
    )


def test_questions_are_listed_in_the_order_of_the_screen_with_conditions_as_written(engines: Engines) -> None:
    rows = list_questions(engines.catalogue(), "short")
    assert all(
        list(row) == ["id", "section", "type", "options", "core", "applies_when", "ask_when"] for row in rows
    )
    by_id = {row["id"]: row for row in rows}
    assert [row["id"] for row in rows][:3] == ["consent_to_talk", "danger_now", "kind_of_work"]
    assert by_id["locked_in_by"]["applies_when"] == {"question": "locked_in", "is": "yes"}
    assert by_id["locked_in_by"]["options"] == ["employer", "relative", "nobody"]
    assert [id for id, row in by_id.items() if row["core"]] == ["danger_now", "locked_in"]
    assert by_id["daily_hours"]["options"] == []
    assert by_id["daily_hours"]["ask_when"] is None
