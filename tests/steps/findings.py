"""What a result concludes: the step it reaches, findings, signs, rules, and what was and was not known."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_bdd import parsers, then

from screening.result_models import Assessment, Evidence
from tests.steps import names
from tests.steps.cells import Table, column, split_list
from tests.steps.worlds import World

LADDER = [
    "nothing_indicated_so_far",
    "not_enough_known",
    "other_concern",
    "trafficking_possible",
    "trafficking_indicated",
]
NUMBERS = {"not_established": 0, "undetermined": 1, "established": 2}
ID = r"[\w.]+"
NAMED = r"[^»]+"


def conclusions_of(result: Assessment) -> Iterator[Evidence]:
    """Yield every conclusion of a result."""
    for group in (result.findings, result.indicators, result.dimensions, result.outcomes, result.routes):
        yield from group


def statuses_of(result: Assessment) -> dict[str, int]:
    """Return the status of every conclusion as a number, as the rules compare them."""
    return {item.id: NUMBERS[item.status] for item in conclusions_of(result)}


def established_in(result: Assessment) -> set[str]:
    """Return the ids of all that is established."""
    return {item.id for item in conclusions_of(result) if item.status == "established"}


def evidence_for(world: World, id: str) -> Evidence:
    """Return one conclusion of the latest result; an id that the rules do not have fails."""
    wanted = names.conclusion(world.rules, id)
    return next(item for item in conclusions_of(world.result) if item.id == wanted)


def rules_that_fired(result: Assessment) -> set[str]:
    """Return the ids of all rules that held."""
    return {fired.rule for item in conclusions_of(result) for fired in item.evidence}


# The step reached


@then(parsers.re(rf"the result is (?P<outcome>{ID})"))
@then(parsers.re(rf"تكون النتيجة «(?P<outcome>{NAMED})»"))
def check_outcome(world: World, outcome: str) -> None:
    assert world.result.outcome == names.outcome(world.rules, outcome)


@then(parsers.re(rf"the result is at least (?P<outcome>{ID})"))
@then(parsers.re(rf"لا تقل النتيجة عن «(?P<outcome>{NAMED})»"))
def check_least_outcome(world: World, outcome: str) -> None:
    least = LADDER.index(names.outcome(world.rules, outcome))
    assert LADDER.index(world.result.outcome) >= least, world.result.outcome


@then(parsers.re(rf"the result is not (?P<outcome>{ID})"))
@then(parsers.re(rf"لا تكون النتيجة «(?P<outcome>{NAMED})»"))
def check_not_outcome(world: World, outcome: str) -> None:
    assert world.result.outcome != names.outcome(world.rules, outcome)


@then(parsers.re(rf"the result was (?P<outcome>{ID}) before"))
@then(parsers.re(rf"كانت النتيجة قبل ذلك «(?P<outcome>{NAMED})»"))
def check_outcome_before(world: World, outcome: str) -> None:
    assert world.before.outcome == names.outcome(world.rules, outcome)


@then(parsers.re(r"it may still become (?P<outcomes>.+)"))
def check_may_still_become(world: World, outcomes: str) -> None:
    assert list(world.result.may_still_become) == split_list(outcomes)


@then(parsers.re(rf"قد تصير النتيجة «(?P<outcome>{NAMED})»"))
def check_may_still_become_one(world: World, outcome: str) -> None:
    assert names.outcome(world.rules, outcome) in world.result.may_still_become


@then(parsers.re(r"the result rests on the lines? (?P<lines>.+)"))
def check_lines(world: World, lines: str) -> None:
    expected = [names.rule(world.rules, line) for line in split_list(lines)]
    assert sorted(line.rule for line in world.result.outcome_lines) == sorted(expected)


@then(parsers.re(r"the line (?P<line>[\w-]+) is among those the result rests on"))
def check_line(world: World, line: str) -> None:
    assert names.rule(world.rules, line) in {one.rule for one in world.result.outcome_lines}


@then(parsers.re(r"the result has an? (?P<basis>strong|ordinary) basis"))
def check_basis(world: World, basis: str) -> None:
    reached = [one.basis for one in world.result.outcome_lines if one.outcome == world.result.outcome]
    assert reached
    assert ("strong" in reached) == (basis == "strong"), reached


@then("a person must look at the result")
@then("يجب أن ينظر شخص في النتيجة")
def check_human(world: World) -> None:
    assert world.result.needs_human
    assert world.result.needs_human_because


# Findings and signs


@then("these are established")
def check_established(world: World, datatable: Table) -> None:
    missing = [id for id in column(datatable) if evidence_for(world, id).status != "established"]
    assert not missing


@then("these are open")
def check_open(world: World, datatable: Table) -> None:
    found = {id: evidence_for(world, id).status for id in column(datatable)}
    assert set(found.values()) == {"undetermined"}, found


@then("these are not established")
def check_not_established(world: World, datatable: Table) -> None:
    found = {id: evidence_for(world, id).status for id in column(datatable)}
    assert set(found.values()) == {"not_established"}, found


@then(parsers.re(rf"(?P<id>{ID}) is established"))
def check_one_established(world: World, id: str) -> None:
    assert evidence_for(world, id).status == "established"


@then(parsers.re(rf"(?P<id>{ID}) is open"))
def check_one_open(world: World, id: str) -> None:
    assert evidence_for(world, id).status == "undetermined"


@then(parsers.re(rf"(?P<id>{ID}) is not established"))
def check_one_not_established(world: World, id: str) -> None:
    assert evidence_for(world, id).status == "not_established"


@then(parsers.re(rf"nothing shows (?P<id>{ID})"))
def check_not_shown(world: World, id: str) -> None:
    """Either open or ruled out: what is not known is not claimed to be a no."""
    assert evidence_for(world, id).status != "established"


@then(parsers.re(rf"(?P<id>{ID}) is (?P<shown>shown|not shown)"))
def check_shown(world: World, id: str, shown: str) -> None:
    assert (evidence_for(world, id).status == "established") == (shown == "shown")


@then("تثبت هذه الأمور")
def check_findings_named(world: World, datatable: Table) -> None:
    ids = [f"finding.{names.finding(world.rules, text)}" for text in column(datatable)]
    missing = [id for id in ids if evidence_for(world, id).status != "established"]
    assert not missing


@then("لا تثبت هذه الأمور")
def check_findings_not_shown(world: World, datatable: Table) -> None:
    ids = [f"finding.{names.finding(world.rules, text)}" for text in column(datatable)]
    shown = [id for id in ids if evidence_for(world, id).status == "established"]
    assert not shown


# Rules


@then(parsers.re(r"the rules? (?P<rules>[\w, -]+) (?:fires|fire)"))
@then(parsers.re(r"تعمل القاعدة (?P<rules>[\w-]+)"))
def check_rules_fire(world: World, rules: str) -> None:
    expected = {names.rule(world.rules, one) for one in split_list(rules)}
    assert expected <= rules_that_fired(world.result), expected - rules_that_fired(world.result)


@then(parsers.re(r"the rules? (?P<rules>[\w, -]+) (?:stays|stay) silent"))
@then(parsers.re(r"تبقى القاعدة (?P<rules>[\w-]+) صامتة"))
def check_rules_silent(world: World, rules: str) -> None:
    expected = {names.rule(world.rules, one) for one in split_list(rules)}
    assert not expected & rules_that_fired(world.result)


# Before and after


@then("nothing that was established is withdrawn")
@then("لا يُسحب شيء مما ثبت")
def check_nothing_withdrawn(world: World) -> None:
    assert established_in(world.before) <= established_in(world.result), sorted(
        established_in(world.before) - established_in(world.result)
    )


@then("the result is not lower than before")
@then("لا تنخفض النتيجة عما كانت")
def check_not_lower(world: World) -> None:
    steps = [LADDER.index(one.outcome) for one in (world.before, world.result)]
    # A low result may go from "not enough known" to "nothing so far": nothing was shown in either.
    assert steps[1] >= steps[0] or steps[0] <= 1, (world.before.outcome, world.result.outcome)


@then(parsers.re(rf"only (?P<id>{ID}) is different"))
def check_only_difference(world: World, id: str) -> None:
    before, after = statuses_of(world.before), statuses_of(world.result)
    assert {name for name in before if before[name] != after[name]} == {names.conclusion(world.rules, id)}


@then("the two results are the same, to the last letter")
def check_same_letters(world: World) -> None:
    assert world.before is not world.result, "the same result was compared with itself"
    assert world.before.to_json() == world.result.to_json()


@then("the digests of the two results differ")
def check_digests_differ(world: World) -> None:
    assert world.before.result_digest != world.result.result_digest
    assert world.before.digest == world.result.digest


@then("the engine was asked and agrees with the reference")
def check_engine(world: World) -> None:
    assert world.result.engine_check == "agrees"
    assert not world.result.needs_human


@then(parsers.re(r"the result names the rule set (?P<rule_set>\w+), its revision and its digest"))
def check_names(world: World, rule_set: str) -> None:
    assert world.result.rule_set == rule_set
    assert world.result.digest == world.rules.program.digest
    assert world.result.digest.startswith("sha256:")
    assert str(world.result.revision) == world.rules.program.revision_label


@then("not one conclusion is different")
@then("لا يتغير أي استنتاج")
def check_no_difference(world: World) -> None:
    before, after = statuses_of(world.before), statuses_of(world.result)
    assert before == after, {id for id in before if before[id] != after.get(id)}
    assert world.before.outcome == world.result.outcome


@then("the correction says that it withdraws")
def check_withdrawn(world: World, datatable: Table) -> None:
    for id in column(datatable):
        assert names.conclusion(world.rules, id) in world.withdrawn, world.withdrawn


@then("يقول التصحيح إنه يسحب")
def check_withdrawn_named(world: World, datatable: Table) -> None:
    for text in column(datatable):
        assert f"finding.{names.finding(world.rules, text)}" in world.withdrawn, world.withdrawn


@then("the correction withdraws nothing")
def check_withdraws_nothing(world: World) -> None:
    assert world.withdrawn == ()
    assert len(world.results) > 1
