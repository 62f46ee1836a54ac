"""Of the shipped rules every id can be read, and every shipped interview is explained to its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import jsonschema
import pytest

from screening.assessments import assess
from screening.demo_interviews import load_demo_interviews
from screening.descriptions import describe, known_ids, list_questions
from screening.documents import write_document
from screening.drawings import draw
from screening.engines import Engines
from screening.explanations import explain, steps_in
from screening.phrases import LANGUAGES, knows
from screening.result_models import Assessment, result_schema
from screening.sentences import Sentences
from tests.screening.samples import TODAY

ARABIC = re.compile("[\u0621-\u064a]")
SCHEMA = jsonschema.Draft202012Validator(result_schema())
INTERVIEWS = load_demo_interviews()


@pytest.fixture(scope="module")
def shipped() -> Iterator[Engines]:
    with Engines(time_limit=20) as found:
        yield found


@pytest.fixture(scope="module")
def sentences(shipped: Engines) -> Sentences:
    return Sentences(shipped.program_for("kuwait", None, TODAY).data)


@pytest.fixture(scope="module")
def results(shipped: Engines) -> dict[str, Assessment]:
    return {one.id: assess(one.interview, shipped, TODAY) for one in INTERVIEWS}


def test_everything_that_has_an_id_reads_in_both_languages(sentences: Sentences) -> None:
    for id in known_ids(sentences):
        found = describe(sentences, id)
        assert found is not None, id
        for line in found.lines:
            assert line.text.en.strip(), id
            assert ARABIC.search(line.text.ar), id
        assert found.kind != "rule" or found.sources, id


def test_every_place_in_a_source_is_said_in_arabic(results: dict[str, Assessment]) -> None:
    for name, result in results.items():
        assert result.sources, name
        for source in result.sources:
            assert source.locator_text.en == source.locator
            assert ARABIC.search(source.locator_text.ar), source.locator
            assert not re.search("[A-Za-z]", source.locator_text.ar), source.locator
        written = "\n".join(block.text for block in write_document(result, "ar"))
        assert "article" not in written


def test_every_test_of_the_rules_has_its_sentence(sentences: Sentences) -> None:
    assert len(sentences.tests) > 100
    for test in sentences.tests:
        said = sentences.test(test)
        assert "{" not in said.en + said.ar
        assert ARABIC.search(said.ar)


def test_every_unit_has_its_name(sentences: Sentences) -> None:
    units = {one["unit"] for one in sentences.parameters.values()}
    units |= {one["unit"] for one in sentences.questions.values() if one["unit"]}
    assert [unit for unit in sorted(units) if not knows(f"unit.{unit}")] == []


def test_every_instrument_lists_its_questions_once(shipped: Engines) -> None:
    catalogue = shipped.catalogue()
    for instrument in catalogue.instruments:
        rows = list_questions(catalogue, instrument)
        ids = [row["id"] for row in rows]
        assert len(ids) == len(set(ids)) > 10
        assert sum(row["core"] for row in rows) == len(catalogue.instruments[instrument].core)


@pytest.mark.parametrize("id", [one.id for one in INTERVIEWS])
def test_a_shipped_interview_is_explained_to_its_answers(id: str, results: dict[str, Assessment]) -> None:
    result = results[id]
    SCHEMA.validate(result.to_data())
    assert result.engine_check == "agrees"
    explanation = explain(result)
    trees = (*explanation.urgent, *explanation.outcome, *explanation.why)
    told = {step.id for step in steps_in(trees)}
    for item in result.recommendations:
        assert f"route.{item.route}" in told
        assert all(reason.rule in told for reason in item.why)
        assert item.support or all(not reason.because for reason in item.why), item.route
    given = {item.question for item in result.answers if item.state == "value"}
    answered = {step.id for step in steps_in(trees) if step.kind == "answer"}
    assert answered <= given
    assert answered
    for lang in LANGUAGES:
        document = write_document(result, lang)
        assert any(block.text == result.outcome_label.say(lang) for block in document)
        assert draw(result, lang).startswith("flowchart ")


def test_a_low_or_open_result_always_says_how_much_is_unknown(results: dict[str, Assessment]) -> None:
    for id, result in results.items():
        closing = result.unknown_share.sentences[-1].en
        assert "closes nothing" in closing, id
        if result.outcome == "not_enough_known":
            assert result.unknown_share.core_open or result.open_questions, id
        if result.unknown_share.core_open:
            assert result.outcome != "nothing_indicated_so_far", id


def test_every_older_contact_warns(results: dict[str, Assessment]) -> None:
    contacts = [
        contact
        for result in results.values()
        for item in result.recommendations
        for service in item.services
        for contact in service.contacts
    ]
    assert contacts
    for contact in contacts:
        stale = contact.last_confirmed is None or contact.last_confirmed < "2025-11-01"
        assert contact.older_than_12_months == stale == (contact.warning is not None)
