"""The shipped rules and questions as a whole: which exist, who reads them, what a route asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pytest_bdd import parsers, then

from tests.steps import names
from tests.steps.cells import Table, column, split_list
from tests.steps.scenes import Scene


def texts_in(value: Any) -> Iterator[tuple[str, str]]:
    """Yield every pair of texts, English and Arabic, below a value."""
    if isinstance(value, dict):
        if set(value) == {"en", "ar"}:
            yield value["en"], value["ar"]
        else:
            for item in value.values():
                yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def tests_below(expression: Any) -> Iterator[str]:
    """Yield the ids of the tests below a condition of the program."""
    if expression[0] == "test":
        yield expression[1]
    elif expression[0] == "at_least":
        for part in expression[2]:
            yield from tests_below(part)
    elif expression[0] in ("all", "any"):
        for part in expression[1]:
            yield from tests_below(part)


def readers_of(program: Any, question: str) -> set[str]:
    """Return the conclusions whose rules read a question themselves."""
    tests = {id for id, test in program["tests"].items() if test["question"] == question}
    found = set()
    for item in program["conclusions"]:
        parts = [*item.get("rules", []), *item.get("entries", [])]
        if any(tests & set(tests_below(part["when"])) for part in parts):
            found.add(item["id"])
    return found


# The question bank


@then("no question speaks of any of these")
def check_no_question_speaks(scene: Scene, datatable: Table) -> None:
    for id, question in scene.rules.program.data["questions"].items():
        texts = (
            [question["text"], *question["option_texts"].values()]
            if question["option_texts"]
            else [question["text"]]
        )
        for text in texts:
            for words in column(datatable):
                assert not re.search(rf"\b{words}\b", text["en"], re.IGNORECASE), (id, text["en"])


@then(parsers.re(r"the only questions that speak of (?P<words>\w+) are (?P<questions>.+)"))
def check_only_questions(scene: Scene, words: str, questions: str) -> None:
    found = set()
    for id, question in scene.rules.program.data["questions"].items():
        texts = [question["text"], *(question["option_texts"] or {}).values()]
        if any(re.search(rf"\b{words}", text["en"], re.IGNORECASE) for text in texts):
            found.add(id)
    assert sorted(found) == sorted(split_list(questions))


@then("no rule reads any of these questions")
def check_not_read(scene: Scene, datatable: Table) -> None:
    for question in column(datatable):
        id = names.question(scene.rules, question)
        assert readers_of(scene.rules.program.data, id) == set(), id


@then(
    parsers.re(r"the question (?P<question>\w+) is read only by conclusions of service and by (?P<id>[\w.]+)")
)
def check_read_for_services(scene: Scene, question: str, id: str) -> None:
    readers = readers_of(scene.rules.program.data, names.question(scene.rules, question))
    services = {one for one in readers if one.startswith("service.")}
    assert services
    assert readers - services == {id}


@then(
    parsers.re(
        r"the instrument (?P<instrument>\w+) asks (?P<question>\w+) only in its section (?P<section>\w+)"
    )
)
def check_section(scene: Scene, instrument: str, question: str, section: str) -> None:
    sections = scene.rules.program.data["instruments"][instrument]["sections"]
    assert [one["id"] for one in sections if question in one["questions"]] == [section]


@then(
    parsers.re(
        r"the section (?P<section>\w+) of (?P<instrument>\w+) comes after every question to the person"
    )
)
def check_last_section(scene: Scene, section: str, instrument: str) -> None:
    sections = [one["id"] for one in scene.rules.program.data["instruments"][instrument]["sections"]]
    assert sections[-2:] == [section, "observed"]


@then(parsers.re(r"no instrument counts (?P<question>\w+) as a core question"))
def check_not_core(scene: Scene, question: str) -> None:
    instruments = scene.rules.program.data["instruments"]
    assert instruments
    assert not [id for id, item in instruments.items() if question in item["core"]]


@then(parsers.re(r"every instrument counts (?P<question>\w+) as a core question"))
def check_core(scene: Scene, question: str) -> None:
    instruments = scene.rules.program.data["instruments"]
    assert [id for id, item in instruments.items() if question not in item["core"]] == []


# The rules


@then("the routes ask for consent as follows, and there are no others")
def check_all_routes(scene: Scene, datatable: Table) -> None:
    routes = scene.rules.program.data["routes"]
    assert {name: item["consent"] for name, item in routes.items()} == {row[0]: row[1] for row in datatable}
    for name, item in routes.items():
        assert item["consent_note"], name


@then("every rule cites a source, with its place in it and its confidence")
def check_every_citation(scene: Scene) -> None:
    counted = 0
    for item in scene.rules.program.data["conclusions"]:
        if item["kind"] == "eligibility":
            continue
        for rule in item.get("rules", []):
            counted += 1
            assert rule["sources"], rule["id"]
            assert all(one["locator"] and one["confidence"] for one in rule["sources"]), rule["id"]
    assert counted > 400


@then("no text of the rules calls anybody a victim")
def check_no_victim(scene: Scene) -> None:
    for en, ar in texts_in(scene.rules.program.data["conclusions"]):
        assert not re.search(r"\b(is|are|was) (not )?(an? |the )?(\w+ )?victims?\b", en, re.IGNORECASE), en
        assert "ضحية" not in ar, ar


@then(parsers.re(r"every text that speaks of (?P<english>[\w| ]+), in Arabic (?P<arabic>[\w|]+), denies it"))
def check_denied(scene: Scene, english: str, arabic: str) -> None:
    data = scene.rules.program.data
    pairs = [pair for part in ("routes", "conclusions", "below") for pair in texts_in(data[part])]
    speaking = [(en, ar) for en, ar in pairs if re.search(english, en, re.IGNORECASE)]
    assert speaking
    for en, ar in speaking:
        assert re.search(r"\b(no|not|nothing|never|cannot)\b", en, re.IGNORECASE), en
        assert re.search(rf"({arabic})", ar), ar
        assert re.search(r"لا |ليس|لم |لن ", ar), ar


@then(parsers.re(r"the route (?P<route>\w+) is founded on these sources"))
def check_route_sources(scene: Scene, route: str, datatable: Table) -> None:
    item = scene.rules.program.data["routes"][names.route(scene.rules, route)]
    found = {(one["source"], one["confidence"]) for one in item["sources"]}
    assert found == {(source, confidence) for source, confidence in datatable}


@then(
    parsers.re(r"the value of (?P<parameter>\w+) for (?P<kind>\w+) is (?P<value>\d+), from (?P<source>\w+)")
)
def check_parameter(scene: Scene, parameter: str, kind: str, value: str, source: str) -> None:
    values = scene.rules.program.data["parameters"][parameter]["values"]
    found = [one for one in values if one["for"] is None or kind in one["for"]]
    assert [(one["value"], one["source"]) for one in found] == [(int(value), source)]
    assert all(one["locator"] and (one["from"] or one["by"]) for one in found)


@then(parsers.re(r"the result compares with (?P<parameter>\w+) = (?P<value>\d+)"))
def check_parameter_used(scene: Scene, parameter: str, value: str) -> None:
    found = {one.parameter: one.value for one in scene.result.parameters}
    assert found.get(parameter) == int(value), found


@then(parsers.re(r"the result says that (?P<parameter>\w+) has no value on that day"))
def check_missing_parameter(scene: Scene, parameter: str) -> None:
    assert parameter in {one.parameter for one in scene.result.missing_parameters}
