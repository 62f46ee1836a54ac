"""The invented population: its rates are those of the data, and it is not over-referred without end."""

from __future__ import annotations

from functools import cache
from statistics import correlation

import pytest

from benchmarks.population.behind import NO_FIGURE, write_nothing_else
from benchmarks.population.measuring import (
    AS_OF,
    IN_ANSWERS,
    IN_LIFE,
    INDICATED,
    NOTHING_ELSE,
    ORDINARY_SIGNS,
    Measuring,
    Tally,
)
from benchmarks.population.page import write_lines
from benchmarks.population.people import FOLDER, LABELS, LEVELS, ORDINARY, Person, Population, read
from benchmarks.population.shares import INSTRUMENTS, Results, joined, measure, weighted
from benchmarks.sensitivity import without
from rules.revisions import draft_program

POPULATION = Population()
GROUPS = tuple(POPULATION.groups)
COUNT = 700


@cache
def people(level: str, group: str) -> tuple[Person, ...]:
    return tuple(POPULATION.people(level, group, COUNT))


@cache
def measuring() -> Measuring:
    return Measuring(draft_program())


@cache
def results() -> Results:
    return measure(measuring(), 120, ["central"])


@pytest.mark.parametrize("group", GROUPS)
def test_people_live_under_the_conditions_at_the_rates_of_the_data(group: str) -> None:
    kind = POPULATION.groups[group]["kind"]
    for item in POPULATION.conditions["facts"]:
        if "given" in item:
            continue
        chance = (item.get(group) or item[kind])[1] / 1000
        found = sum(item["id"] in person.facts for person in people("central", group)) / COUNT
        error = (chance * (1 - chance) / COUNT) ** 0.5
        assert abs(found - chance) < 4 * error + 0.003, item["id"]


def test_every_rate_grows_with_the_level_of_hardship() -> None:
    for item in [*POPULATION.conditions["facts"], *POPULATION.conditions["numbers"]]:
        for key in ("domestic", "private", *GROUPS):
            low, central, high = item.get(key, [0, 0, 0])
            less_is_worse = item["id"] in ("monthly_pay", "night_rest")
            assert (high <= central <= low) if less_is_worse else (low <= central <= high), item["id"]


def test_a_rate_has_a_source_or_says_that_it_is_an_assumption() -> None:
    known = {source["id"] for source in POPULATION.conditions["sources"]}
    for item in [*POPULATION.conditions["facts"], *POPULATION.conditions["numbers"]]:
        assert set(item["sources"]) <= known, item["id"]
        assert item["evidence"] in ("gulf", "elsewhere", "assumption"), item["id"]
        assert item["sources"] or item["evidence"] == "assumption", item["id"]


def test_bad_conditions_cluster() -> None:
    def together(one: str, other: str, group: str) -> float:
        flags = [(float(one in each.facts), float(other in each.facts)) for each in people("central", group)]
        return correlation([first for first, _ in flags], [second for _, second in flags])

    assert together("no_rest_day", "phone_limited", "domestic_women") > 0.15
    assert together("not_out_alone", "no_rest_day", "domestic_women") > 0.15
    assert together("late_pay", "shouted_at", "private_sector") > 0.08
    assert abs(together("fee_paid", "no_rest_day", "private_sector")) < 0.15


def test_the_same_person_says_the_same_every_time() -> None:
    again = Population()
    for number, person in enumerate(again.people("high", "domestic_women", 30)):
        assert person == people("high", "domestic_women")[number]
        one, other = (
            measuring().answering.answers_of(each, "intake", POPULATION)
            for each in (person, people("high", "domestic_women")[number])
        )
        assert one == other


def test_the_label_is_of_act_means_and_purpose() -> None:
    label = POPULATION.label
    assert label({"domestic", "passport_kept", "fee_paid", "late_pay", "long_day", "no_rest_day"}) == "plain"
    assert label({"hit"}) == label({"very_long_day", "food_short"}) == "mistreated"
    assert label({"hit", "food_short"}) == label({"locked_in"}) == label({"under_18_at_start"}) == "unclear"
    assert label({"hit", "food_short", "very_long_day"}) == "exploited"
    assert label({"locked_in", "owed_three_months"}) == "exploited"


def test_the_data_answers_only_questions_that_exist() -> None:
    answering = measuring().answering
    assert answering.unknown_questions() == []
    program = measuring().engine.program.data
    for instrument in ("inspection", "complaint"):
        asked = [
            name for part in program["instruments"][instrument]["sections"] for name in part["questions"]
        ]
        assert set(asked) <= set(answering.spoken), instrument
        assert set(program["instruments"][instrument]["core"]) <= set(answering.spoken)


def test_answers_never_contradict_one_another_and_much_stays_unsaid() -> None:
    states = set()
    for person in people("central", "domestic_women")[:60]:
        answers = measuring().answering.answers_of(person, "intake", POPULATION)
        found = measuring().engine.evaluate(answers, AS_OF, "intake")
        assert found.contradicted == ()
        states |= {answer.state for answer in answers.values()}
    assert states == {"value", "declined", "not_known"}


def test_a_whole_pattern_needs_means_and_purpose_on_different_facts() -> None:
    whole = POPULATION.has_whole_pattern
    assert whole({"hit", "food_short", "very_long_day"})
    assert whole({"other_job", "unprotected", "very_long_day"})
    assert whole({"papers_refused", "leave_refused", "food_short"})
    # Another job than promised is the means here, so that one kind is left and nothing that holds the person.
    assert not whole({"other_job", "unprotected"})
    assert not whole({"papers_feared", "food_short"})
    assert not whole({"food_short", "very_long_day", "lent_out"})
    assert not whole({"hit", "locked_in"})


def test_workers_with_nothing_else_have_common_troubles_and_no_other() -> None:
    alone = POPULATION.has_nothing_else
    assert alone({"private", "man", "passport_kept", "fee_paid", "late_pay", "long_day", "no_rest_day"})
    assert not alone({"private", "man", "passport_kept", "papers_refused"})
    assert not alone({"private", "man", "crowded"})
    known = {item["id"] for part in ("facts", "derived") for item in POPULATION.conditions[part]}
    known |= {name for split in POPULATION.conditions["splits"] for name in split["shares"]}
    known |= {name for group in POPULATION.groups.values() for name in group["is"]}
    rule = POPULATION.labels["whole_pattern"]
    kinds = [fact for kind in rule["kinds"].values() for line in kind for fact in line]
    for named in (POPULATION.labels["nothing_else"], rule["means"], rule["held"], kinds):
        assert set(named) <= known


def test_leaving_a_fact_out_changes_nothing_else_about_a_person() -> None:
    fewer = Population(without=NO_FIGURE)
    for one, other in zip(
        people("high", "private_sector")[:200], fewer.people("high", "private_sector", 200), strict=True
    ):
        assert one.facts - other.facts == one.facts & set(NO_FIGURE)
        assert other.numbers == one.numbers


def test_nobody_is_told_of_the_police_whom_nobody_threatened() -> None:
    said = 0
    for person in people("high", "private_sector")[:400]:
        feared = {"fears_police", "fears_absence_report"} & person.facts
        known = measuring().answering.answers_of(person, "intake", POPULATION).get("consequence_known_from")
        if not feared or "hit" in person.facts or known is None or not isinstance(known.value, tuple):
            continue
        said += 1
        assert "threatened_with_report" not in person.facts
        assert "told_to_me" not in known.value
    assert said > 5


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_workers_with_nothing_else_are_never_indicated(instrument: str) -> None:
    """The check of the decision model, on those whom it speaks of."""
    told = Tally()
    for group in GROUPS:
        told.add(results()["central", group, instrument][NOTHING_ELSE])
    assert told.people > 40
    assert told.outcomes[INDICATED] == 0


def test_what_is_behind_the_indicated_adds_up() -> None:
    for found in results().values():
        for label in LABELS:
            tally = found[label]
            parts = (IN_LIFE, IN_ANSWERS, ORDINARY_SIGNS)
            assert sum(tally.indicated_by[part] for part in parts) == tally.outcomes[INDICATED]
            assert tally.indicated_by[IN_LIFE] <= tally.lives[IN_LIFE] <= tally.people


def test_a_choice_names_rules_that_exist_and_only_lowers() -> None:
    program = draft_program()
    rules = {rule["id"] for item in program.data["conclusions"] for rule in item.get("rules", ())}
    choices = read(FOLDER / "choices.yaml")["choices"]
    assert len(choices) >= 5
    for choice in choices:
        assert set(choice["without"]) <= rules, choice["says"]
    changed = Measuring(without(program, choices[0]["without"]))
    fewer = measure(changed, 120, ["central"], ["intake"])
    before, after = (
        weighted(found, held, "central", "intake", ORDINARY)[0]
        for found, held in ((results(), measuring()), (fewer, changed))
    )
    assert after <= before


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_plain_workers_are_almost_never_indicated(instrument: str) -> None:
    """A small sample of the full run; the page holds its figures."""
    indicated, _, _ = weighted(results(), measuring(), "central", instrument, ["plain"])
    assert indicated < 2.0


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_ordinary_workers_are_seldom_indicated(instrument: str) -> None:
    indicated, _, _ = weighted(results(), measuring(), "central", instrument, ORDINARY)
    assert indicated < (5.0 if instrument == "intake" else 2.0)


def test_those_whom_a_reader_would_call_exploited_are_not_lost() -> None:
    """The other side: at intake nearly all of them are at least possible."""
    found = Tally()
    for group in GROUPS:
        found.add(measuring().tally("high", group, "intake", 150).get("exploited", Tally()))
    assert found.people > 20
    assert found.percent(INDICATED) + found.percent("trafficking_possible") > 85


def test_the_page_tells_every_level_and_label() -> None:
    small = measure(measuring(), 6, LEVELS)
    text = "\n".join(write_lines(measuring(), small, 6))
    assert "synthetic" in text
    assert all(f"| {instrument} |" in text for instrument in INSTRUMENTS)
    assert all(f"*{label}*" in text for label in LABELS)
    assert all(f"| {level}, {instrument} |" in text for level in LEVELS for instrument in INSTRUMENTS)
    assert all(
        f"`{rule}`" in text
        for choice in read(FOLDER / "choices.yaml")["choices"]
        for rule in choice["without"]
    )
    assert len(list(write_nothing_else(small, measuring()))) > 12
    assert sum(joined(found, LABELS).people for found in small.values()) == 6 * 3 * 3 * 4
