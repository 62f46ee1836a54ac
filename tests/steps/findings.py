"""What a result concludes: the step it reaches, findings, signs, rules, and what was and was not known."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_bdd import parsers, then

from screening.result_models import Assessment, Evidence
from tests.steps import names
from tests.steps.cells import Table, column, split_list
from tests.steps.scenes import Scene

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


def evidence_for(scene: Scene, id: str) -> Evidence:
    """Return one conclusion of the latest result; an id that the rules do not have fails."""
    wanted = names.conclusion(scene.rules, id)
    return next(item for item in conclusions_of(scene.result) if item.id == wanted)


def rules_that_fired(result: Assessment) -> set[str]:
    """Return the ids of all rules that held."""
    return {fired.rule for item in conclusions_of(result) for fired in item.evidence}


# The step reached


@then(parsers.re(rf"the result is (?P<outcome>{ID})"))
@then(parsers.re(rf"تكون النتيجة «(?P<outcome>{NAMED})»"))
def check_outcome(scene: Scene, outcome: str) -> None:
    assert scene.result.outcome == names.outcome(scene.rules, outcome)


@then(parsers.re(rf"the result is at least (?P<outcome>{ID})"))
@then(parsers.re(rf"لا تقل النتيجة عن «(?P<outcome>{NAMED})»"))
def check_least_outcome(scene: Scene, outcome: str) -> None:
    least = LADDER.index(names.outcome(scene.rules, outcome))
    assert LADDER.index(scene.result.outcome) >= least, scene.result.outcome


@then(parsers.re(rf"the result is not (?P<outcome>{ID})"))
@then(parsers.re(rf"لا تكون النتيجة «(?P<outcome>{NAMED})»"))
def check_not_outcome(scene: Scene, outcome: str) -> None:
    assert scene.result.outcome != names.outcome(scene.rules, outcome)


@then(parsers.re(rf"the result was (?P<outcome>{ID}) before"))
@then(parsers.re(rf"كانت النتيجة قبل ذلك «(?P<outcome>{NAMED})»"))
def check_outcome_before(scene: Scene, outcome: str) -> None:
    assert scene.before.outcome == names.outcome(scene.rules, outcome)


@then(parsers.re(r"it may still become (?P<outcomes>.+)"))
def check_may_still_become(scene: Scene, outcomes: str) -> None:
    assert list(scene.result.may_still_become) == split_list(outcomes)


@then(parsers.re(rf"قد تصير النتيجة «(?P<outcome>{NAMED})»"))
def check_may_still_become_one(scene: Scene, outcome: str) -> None:
    assert names.outcome(scene.rules, outcome) in scene.result.may_still_become


@then(parsers.re(r"the result rests on the lines? (?P<lines>.+)"))
def check_lines(scene: Scene, lines: str) -> None:
    expected = [names.rule(scene.rules, line) for line in split_list(lines)]
    assert sorted(line.rule for line in scene.result.outcome_lines) == sorted(expected)


@then(parsers.re(r"the line (?P<line>[\w-]+) is among those the result rests on"))
def check_line(scene: Scene, line: str) -> None:
    assert names.rule(scene.rules, line) in {one.rule for one in scene.result.outcome_lines}


@then(parsers.re(r"the result has an? (?P<basis>strong|ordinary) basis"))
def check_basis(scene: Scene, basis: str) -> None:
    reached = [one.basis for one in scene.result.outcome_lines if one.outcome == scene.result.outcome]
    assert reached
    assert ("strong" in reached) == (basis == "strong"), reached


@then("a person must look at the result")
@then("يجب أن ينظر شخص في النتيجة")
def check_human(scene: Scene) -> None:
    assert scene.result.needs_human
    assert scene.result.needs_human_because


# Findings and signs


@then("these are established")
def check_established(scene: Scene, datatable: Table) -> None:
    missing = [id for id in column(datatable) if evidence_for(scene, id).status != "established"]
    assert not missing


@then("these are open")
def check_open(scene: Scene, datatable: Table) -> None:
    found = {id: evidence_for(scene, id).status for id in column(datatable)}
    assert set(found.values()) == {"undetermined"}, found


@then("these are not established")
def check_not_established(scene: Scene, datatable: Table) -> None:
    found = {id: evidence_for(scene, id).status for id in column(datatable)}
    assert set(found.values()) == {"not_established"}, found


@then(parsers.re(rf"(?P<id>{ID}) is established"))
def check_one_established(scene: Scene, id: str) -> None:
    assert evidence_for(scene, id).status == "established"


@then(parsers.re(rf"(?P<id>{ID}) is open"))
def check_one_open(scene: Scene, id: str) -> None:
    assert evidence_for(scene, id).status == "undetermined"


@then(parsers.re(rf"(?P<id>{ID}) is not established"))
def check_one_not_established(scene: Scene, id: str) -> None:
    assert evidence_for(scene, id).status == "not_established"


@then(parsers.re(rf"nothing shows (?P<id>{ID})"))
def check_not_shown(scene: Scene, id: str) -> None:
    """Either open or ruled out: what is not known is not claimed to be a no."""
    assert evidence_for(scene, id).status != "established"


@then(parsers.re(rf"(?P<id>{ID}) is (?P<shown>shown|not shown)"))
def check_shown(scene: Scene, id: str, shown: str) -> None:
    assert (evidence_for(scene, id).status == "established") == (shown == "shown")


@then("تثبت هذه الأمور")
def check_findings_named(scene: Scene, datatable: Table) -> None:
    ids = [f"finding.{names.finding(scene.rules, text)}" for text in column(datatable)]
    missing = [id for id in ids if evidence_for(scene, id).status != "established"]
    assert not missing


@then("لا تثبت هذه الأمور")
def check_findings_not_shown(scene: Scene, datatable: Table) -> None:
    ids = [f"finding.{names.finding(scene.rules, text)}" for text in column(datatable)]
    shown = [id for id in ids if evidence_for(scene, id).status == "established"]
    assert not shown


# Rules


@then(parsers.re(r"the rules? (?P<rules>[\w, -]+) (?:fires|fire)"))
@then(parsers.re(r"تعمل القاعدة (?P<rules>[\w-]+)"))
def check_rules_fire(scene: Scene, rules: str) -> None:
    expected = {names.rule(scene.rules, one) for one in split_list(rules)}
    assert expected <= rules_that_fired(scene.result), expected - rules_that_fired(scene.result)


@then(parsers.re(r"the rules? (?P<rules>[\w, -]+) (?:stays|stay) silent"))
@then(parsers.re(r"تبقى القاعدة (?P<rules>[\w-]+) صامتة"))
def check_rules_silent(scene: Scene, rules: str) -> None:
    expected = {names.rule(scene.rules, one) for one in split_list(rules)}
    assert not expected & rules_that_fired(scene.result)


# Before and after


@then("nothing that was established is withdrawn")
@then("لا يُسحب شيء مما ثبت")
def check_nothing_withdrawn(scene: Scene) -> None:
    assert established_in(scene.before) <= established_in(scene.result), sorted(
        established_in(scene.before) - established_in(scene.result)
    )


@then("the result is not lower than before")
@then("لا تنخفض النتيجة عما كانت")
def check_not_lower(scene: Scene) -> None:
    steps = [LADDER.index(one.outcome) for one in (scene.before, scene.result)]
    # A low result may go from "not enough known" to "nothing so far": nothing was shown in either.
    assert steps[1] >= steps[0] or steps[0] <= 1, (scene.before.outcome, scene.result.outcome)


@then(parsers.re(rf"only (?P<id>{ID}) is different"))
def check_only_difference(scene: Scene, id: str) -> None:
    before, after = statuses_of(scene.before), statuses_of(scene.result)
    assert {name for name in before if before[name] != after[name]} == {names.conclusion(scene.rules, id)}


@then("the two results are the same, to the last letter")
def check_same_letters(scene: Scene) -> None:
    assert scene.before is not scene.result, "the same result was compared with itself"
    assert scene.before.to_json() == scene.result.to_json()


@then("the digests of the two results differ")
def check_digests_differ(scene: Scene) -> None:
    assert scene.before.result_digest != scene.result.result_digest
    assert scene.before.digest == scene.result.digest


@then("the engine was asked and agrees with the reference")
def check_engine(scene: Scene) -> None:
    assert scene.result.engine_check == "agrees"
    assert not scene.result.needs_human


@then(parsers.re(r"the result names the rule set (?P<rule_set>\w+), its revision and its digest"))
def check_names(scene: Scene, rule_set: str) -> None:
    assert scene.result.rule_set == rule_set
    assert scene.result.digest == scene.rules.program.digest
    assert scene.result.digest.startswith("sha256:")
    assert str(scene.result.revision) == scene.rules.program.revision_label


@then("not one conclusion is different")
@then("لا يتغير أي استنتاج")
def check_no_difference(scene: Scene) -> None:
    before, after = statuses_of(scene.before), statuses_of(scene.result)
    assert before == after, {id for id in before if before[id] != after.get(id)}
    assert scene.before.outcome == scene.result.outcome


@then("the correction says that it withdraws")
def check_withdrawn(scene: Scene, datatable: Table) -> None:
    for id in column(datatable):
        assert names.conclusion(scene.rules, id) in scene.withdrawn, scene.withdrawn


@then("يقول التصحيح إنه يسحب")
def check_withdrawn_named(scene: Scene, datatable: Table) -> None:
    for text in column(datatable):
        assert f"finding.{names.finding(scene.rules, text)}" in scene.withdrawn, scene.withdrawn


@then("the correction withdraws nothing")
def check_withdraws_nothing(scene: Scene) -> None:
    assert scene.withdrawn == ()
    assert len(scene.results) > 1
