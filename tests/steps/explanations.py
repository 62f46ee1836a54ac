"""Why, why not, what is open and what would change it, walked back to answers and sources."""

from __future__ import annotations

from pytest_bdd import parsers, then

from screening.drawings import draw
from screening.result_models import AnswerGiven, Evidence
from tests.steps import names
from tests.steps.cells import Table, column, split_list
from tests.steps.findings import ID, conclusions_of, established_in, evidence_for
from tests.steps.scenes import Scene

ARABIC = range(0x0621, 0x064B)


def answer_to(scene: Scene, question: str) -> AnswerGiven:
    """Return a question as the result shows it."""
    wanted = names.question(scene.rules, question)
    return next(item for item in scene.result.answers if item.question == wanted)


def is_arabic(text: str) -> bool:
    """Whether a text has Arabic letters."""
    return any(ord(letter) in ARABIC for letter in text)


# Why


@then("every conclusion is walked back to answers that were given")
def check_every_walk(scene: Scene) -> None:
    shown = {item.id: item for item in conclusions_of(scene.result) if item.status == "established"}
    tests = {item.id: item.question for item in scene.result.tests}
    given = {item.question for item in scene.result.answers if item.state == "value"}
    entries = {one.entry: one.because for item in scene.result.dimensions for one in item.entries}
    assert shown

    def reach(id: str, above: tuple[str, ...]) -> set[str]:
        assert id not in above, f"{id} rests on itself"
        if id in tests:
            assert tests[id] in given, f"{id} reads `{tests[id]}`, which has no answer"
            return {tests[id]}
        if id in entries:
            return set().union(*(reach(child, (*above, id)) for child in entries[id]))
        assert id in shown, f"{above[-1]} rests on {id}, which is not established"
        reached: set[str] = set()
        for fired in shown[id].evidence:
            assert fired.because, f"{fired.rule} rests on nothing"
            for child in fired.because:
                reached |= reach(child, (*above, id))
        assert reached, f"{id} rests on no answer"
        return reached

    for id, item in shown.items():
        assert set(item.support) <= reach(id, ()), id


@then("every rule that held cites a source with its place and its confidence")
def check_sources(scene: Scene) -> None:
    held = [fired for item in conclusions_of(scene.result) for fired in item.evidence]
    known = set(scene.rules.program.data["sources"])
    counted = 0
    for fired in held:
        if fired.rationale is None:
            # A count of a list: its sources are those of the signs it counts.
            continue
        counted += 1
        assert fired.sources, fired.rule
        for source in fired.sources:
            assert source.source in known
            assert source.locator
            assert source.confidence in ("verified_text", "secondary", "unverified", "own_design")
    assert counted


@then("every reason is there in English and in Arabic")
def check_languages(scene: Scene) -> None:
    texts = [item.label for item in conclusions_of(scene.result)]
    texts += [
        fired.rationale
        for item in conclusions_of(scene.result)
        for fired in item.evidence
        if fired.rationale is not None
    ]
    texts += [item.text for item in scene.result.open_questions]
    texts += [item.sentence for item in scene.result.answers]
    assert texts
    for text in texts:
        assert text.en
        assert not is_arabic(text.en), text.en
        assert is_arabic(text.ar), text.ar


@then(parsers.re(rf"(?P<id>{ID}) rests on the answers? to (?P<questions>.+)"))
def check_support(scene: Scene, id: str, questions: str) -> None:
    found = evidence_for(scene, id)
    assert found.status == "established"
    assert sorted(found.support) == sorted(split_list(questions))


@then(parsers.re(rf"the answers that (?P<id>{ID}) rests on are enough, and none of them can be left out"))
def check_support_is_irreducible(scene: Scene, id: str) -> None:
    support = evidence_for(scene, id).support
    answers = dict(scene.answers)
    assert support
    alone = {name: answers[name] for name in answers if name in support}

    def holds(kept: dict[str, object]) -> bool:
        return id in established_in(scene.screen({**scene.body, "answers": kept}))

    assert holds(alone)
    for name in alone:
        assert not holds({other: alone[other] for other in alone if other != name}), name


@then(parsers.re(rf"(?P<id>{ID}) cites (?P<source>\w+), \"(?P<locator>[^\"]+)\", (?P<confidence>\w+)"))
def check_citation(scene: Scene, id: str, source: str, locator: str, confidence: str) -> None:
    cited = [
        (one.source, one.locator, one.confidence)
        for fired in evidence_for(scene, id).evidence
        for one in fired.sources
    ]
    assert (source, locator, confidence) in cited, cited


@then(parsers.re(rf"the recommendation of (?P<route>{ID}) follows from (?P<findings>.+)"))
def check_recommendation_chain(scene: Scene, route: str, findings: str) -> None:
    item = next(one for one in scene.result.recommendations if one.route == route)
    chain = {id for why in item.why for id in why.findings}
    assert {names.conclusion(scene.rules, id) for id in split_list(findings)} <= chain, sorted(chain)
    for why in item.why:
        names.rule(scene.rules, why.rule)
        assert why.sources


@then("the drawing of the result shows")
def check_drawing(scene: Scene, datatable: Table) -> None:
    drawing = draw(scene.result, "en")
    assert drawing.startswith("flowchart LR\n")
    missing = [text for text in column(datatable) if text not in drawing]
    assert not missing


# Why not, and what is open


@then(parsers.re(rf"(?P<id>{ID}) is ruled out by the answers? to (?P<questions>.+)"))
def check_refutation(scene: Scene, id: str, questions: str) -> None:
    found = evidence_for(scene, id)
    assert found.status == "not_established"
    assert sorted(found.refuted_by) == sorted(split_list(questions))


@then(parsers.re(rf"(?P<id>{ID}) waits for (?P<questions>.+)"))
def check_waits(scene: Scene, id: str, questions: str) -> None:
    found: Evidence = evidence_for(scene, id)
    assert found.status == "undetermined"
    assert set(split_list(questions)) <= set(found.waits_for), found.waits_for


@then("these questions are open")
@then("تبقى هذه الأسئلة مفتوحة")
def check_open_questions(scene: Scene, datatable: Table) -> None:
    open_questions = {item.question: item.state for item in scene.result.open_questions}
    for question, *state in datatable:
        assert question in open_questions, f"`{question}` is not open"
        if state:
            assert open_questions[question] == state[0]


@then(parsers.re(r"the question (?P<question>\w+) is no longer open"))
def check_closed_question(scene: Scene, question: str) -> None:
    names.question(scene.rules, question)
    assert question in {item.question for item in scene.before.open_questions}
    assert question not in {item.question for item in scene.result.open_questions}


@then(parsers.re(r"the question (?P<question>\w+) is among the next questions"))
def check_next(scene: Scene, question: str) -> None:
    found = [item.question for item in scene.result.next_questions]
    assert names.question(scene.rules, question) in found, found


@then(parsers.re(r"the first of the next questions is (?P<question>\w+)"))
def check_first_next(scene: Scene, question: str) -> None:
    found = [item.question for item in scene.result.next_questions]
    assert found[0] == names.question(scene.rules, question), found


@then(parsers.re(rf"one answer more would establish (?P<id>{ID}), and does"))
def check_counterfactual(scene: Scene, id: str) -> None:
    """What the result says would change it, does change it when it is answered."""
    wanted = names.conclusion(scene.rules, id)
    found = next(item for item in scene.result.counterfactuals if item.conclusion == wanted)
    assert found.result == "found"
    assert 1 <= len(found.answers) <= 3
    assert min(len(way) for way in found.answers) == 1
    for way in found.answers:
        supposed = {one.question: one.value for one in way}
        assert not [name for name in supposed if _has_value(scene.answers.get(name))]
        changed = scene.screen({**scene.body, "answers": {**scene.answers, **supposed}})
        assert wanted in established_in(changed), supposed


def _has_value(answer: object) -> bool:
    return answer is not None and not (isinstance(answer, dict) and "state" in answer)


# What was said and what was not


@then("each question stands as it was answered")
def check_states(scene: Scene, datatable: Table) -> None:
    for question, state in datatable[1:]:
        assert answer_to(scene, question).state == state, question


@then(parsers.re(r"the answer to (?P<question>\w+) is told as \"(?P<words>[^\"]+)\""))
def check_sentence(scene: Scene, question: str, words: str) -> None:
    assert words in answer_to(scene, question).sentence.en, answer_to(scene, question).sentence.en


@then(parsers.re(r"يُروى جواب السؤال (?P<question>\w+) بالكلمات «(?P<words>[^»]+)»"))
def check_sentence_in_arabic(scene: Scene, question: str, words: str) -> None:
    assert words in answer_to(scene, question).sentence.ar, answer_to(scene, question).sentence.ar


@then(parsers.re(r"of the core questions (?P<open>\d+) are open, and the result says so in both languages"))
def check_core_open(scene: Scene, open: str) -> None:
    share = scene.result.unknown_share
    assert len(share.core_open) == int(open), share.core_open
    assert any(open in sentence.en for sentence in share.sentences) or open == "0"
    assert all(is_arabic(sentence.ar) for sentence in share.sentences)


@then(
    parsers.re(
        r"the counts are (?P<answered>\d+) answered, (?P<not_known>\d+) not known "
        r"and (?P<declined>\d+) declined"
    )
)
def check_counts(scene: Scene, answered: str, not_known: str, declined: str) -> None:
    share = scene.result.unknown_share
    assert (share.answered, share.not_known, share.declined) == (int(answered), int(not_known), int(declined))
    total = share.answered + share.not_known + share.declined + share.not_asked + share.not_relevant
    assert total == share.questions


@then(parsers.re(r"the result tells a contradiction about (?P<question>\w+), beside (?P<others>.+)"))
def check_contradiction(scene: Scene, question: str, others: str) -> None:
    found = next(item for item in scene.result.contradictions if item.question == question)
    assert sorted(found.with_questions) == sorted(split_list(others))
    assert len(found.other_sentences) == len(found.with_questions)
    for word in ("lie", "lying", "false", "dishonest", "not credible"):
        assert word not in f"{found.sentence.en} {found.text.en}".lower().split()
    assert scene.result.next_questions[0].reason == "clear_up"


@then("the result tells no contradiction")
def check_no_contradiction(scene: Scene) -> None:
    assert scene.result.contradictions == ()
