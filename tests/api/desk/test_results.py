"""The page of a result: urgent needs first, careful words, decisions beside it and never in it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.desk.drawings import draw_reasons, roots_of, wrap
from screening.result_models import Assessment
from screening.sittings.finishing import read_assessment
from screening.work import Service
from tests.api.desk.conftest import VisitorFor
from tests.api.desk.records import LITTLE_KNOWN, assess, body_of, words_of
from tests.services import World
from tests.sittings import CLEAR_ACCOUNT

# What no page may call anybody.
NEVER = re.compile(r"\bvictims?\b|ضحية|ضحايا|الضحية", re.IGNORECASE)


def result_of(service: Service, world: World, id: str) -> Assessment:
    with service.work(world["interviewer"]) as work:
        return Assessment.model_validate_json(read_assessment(work, id)[1])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_urgent_needs_stand_before_the_result_and_it_names_nobody_a_victim(
    visitor_for: VisitorFor, service: Service, world: World, language: str
) -> None:
    made = assess(world, {**CLEAR_ACCOUNT, "danger_now": "yes"})
    visitor = visitor_for("interviewer")
    visitor.open(f"/set/language/{language}?to=/account")
    shown = visitor.open(made.result)
    assert shown.status_code == 200
    text = shown.text
    result = result_of(service, world, made.assessment)
    need = result.urgent[0].label.say(language)  # type: ignore[arg-type]
    assert text.index('class="alarm"') < text.index(need) < text.index('class="verdict"')
    assert result.outcome_label.say(language) in text  # type: ignore[arg-type]
    # A source may be called so; we never do.
    said = words_of(text)
    for source in result.sources:
        for title in (source.title.en, source.title.ar, source.locator_text.en, source.locator_text.ar):
            said = said.replace(title, "")
    assert not NEVER.search(said)


def test_a_low_result_says_how_much_is_unknown_and_closes_nothing(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world, LITTLE_KNOWN)
    result = result_of(service, world, made.assessment)
    assert result.outcome == "not_enough_known"
    said = words_of(visitor_for("interviewer").open(made.result).text)
    for sentence in result.unknown_share.sentences:
        assert sentence.en in said
    assert "This result closes nothing." in said
    assert "Close the case" not in said
    drawn = visitor_for("interviewer").open(f"{made.result}/drawing")
    assert drawn.status_code == 200
    root = roots_of(result)
    assert ("There is nothing to draw" in drawn.text) == (not root)


def test_reasons_lead_from_the_result_to_answers_and_the_law(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    said = words_of(visitor_for("supervisor").open(made.result).text)
    result = result_of(service, world, made.assessment)
    for line in result.outcome_lines:
        if line.outcome == result.outcome:
            assert line.rule in said
    answered = {answer.question: answer for answer in result.answers}
    assert answered["locked_in"].sentence.en.replace("“", "").split("”")[0] in said.replace("“", "")
    assert "(text read)" in said
    assert "known from others" in said or "our own choice" in said


def test_matters_apart_keep_their_own_routes(visitor_for: VisitorFor, world: World) -> None:
    made = assess(world, {"age_group": "adult_settled", "kind_of_work": "private_sector", "months_unpaid": 3})
    text = visitor_for("interviewer").open(made.result).text
    apart = words_of("<main" + text[text.index('id="apart"') : text.index('id="routes"')] + "</main>")
    assert "Wages unpaid or late" in apart
    assert "Complaint to the manpower authority" in apart


def test_who_agrees_or_differs_stands_beside_the_result_which_stays(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    before = body_of(service, made.assessment)
    address = f"{made.result}/decisions"
    shown = visitor.open(made.result)
    nothing = visitor.send(address, shown)
    assert nothing.status_code == 422
    assert 'href="#stance"' in nothing.text
    reasonless = visitor.send(address, shown, stance="differ", outcome="other_concern")
    assert reasonless.status_code == 422
    assert 'href="#reason"' in reasonless.text
    assert 'value="differ" checked' in reasonless.text
    done = visitor.send(address, shown, stance="differ", outcome="other_concern", reason="She told me more.")
    assert done.status_code == 303
    agreed = visitor.send(address, visitor.open(made.result), stance="agree", outcome="other_concern")
    assert agreed.status_code == 303, "who agrees names no outcome, whatever the list says"
    said = words_of(visitor.open(made.result).text)
    for words in ("I differ from the result", "She told me more.", "Lower than the result", "Interviewer"):
        assert words in said
    assert body_of(service, made.assessment) == before


def test_a_form_from_elsewhere_decides_nothing(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    refused = visitor.client.post(f"{made.result}/decisions", data={"stance": "agree"})
    assert refused.status_code == 403
    assert "Nobody has decided yet." in words_of(visitor.open(made.result).text)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *(("interviewer", 200), ("supervisor", 200), ("colleague", 404), ("interviewer_b", 404)),
        *(("administrator", 403), ("auditor", 403), ("reviewer", 403)),
    ],
)
def test_a_result_opens_for_those_who_reach_its_case(
    visitor_for: VisitorFor, world: World, who: str, status: int
) -> None:
    made = assess(world)
    visitor = visitor_for(who)
    for address in (made.result, f"{made.result}/drawing", made.page):
        assert visitor.open(address).status_code == status, address


def test_what_is_no_conclusion_of_a_result_is_not_drawn(visitor_for: VisitorFor, world: World) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    assert visitor.open(f"{made.result}/drawing?of=route.shelter").status_code == 200
    assert visitor.open(f"{made.result}/drawing?of=finding.nothing").status_code == 404


def test_a_drawing_has_every_step_once_and_none_over_another(service: Service, world: World) -> None:
    result = result_of(service, world, assess(world).assessment)
    assert f"outcome.{result.outcome}" == roots_of(result)[0]
    for root in roots_of(result):
        for language in ("en", "ar"):
            drawing = draw_reasons(result, root, language)  # type: ignore[arg-type]
            boxes = drawing.boxes
            assert len({box.id for box in boxes}) == len(boxes)
            assert boxes[-1].id == root
            assert all(box.rests_on for box in boxes if box.kind != "answer")
            for box in boxes:
                assert 0 <= box.x <= box.x + box.width <= drawing.width
                assert 0 <= box.y <= box.y + box.height <= drawing.height
                beside = [other for other in boxes if other.x == box.x and other.id != box.id]
                assert not [one for one in beside if box.y <= one.y < box.y + box.height]
    latin, arabic = (draw_reasons(result, roots_of(result)[0], one) for one in ("en", "ar"))  # type: ignore[arg-type]
    assert latin.boxes[0].x < latin.boxes[-1].x
    assert arabic.boxes[0].x > arabic.boxes[-1].x, "in Arabic it is read from the other side"


def test_a_line_of_a_drawing_ends_what_it_began() -> None:
    text = "قال: \u2068«\u2068من أعمل لديه شخصاً كان أو شركة\u2069»\u2069. وما لم يُذكر يبقى مفتوحاً"
    lines = wrap(text, 90)
    assert len(lines) > 3
    marks = re.compile("[\u2066-\u2069]")
    for line in lines:
        assert len(re.findall("[\u2066-\u2068]", line)) == line.count("\u2069"), line
        # Nothing waits for a letter that stands in another line.
        assert "\u2068" not in line
    assert marks.sub("", " ".join(lines)) == marks.sub("", text)


def test_a_result_that_two_evaluations_disagree_on_says_so_first(
    visitor_for: VisitorFor, service: Service, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = assess(world)
    from api.desk import results

    kept = results.read_assessment

    def differing(work: Any, id: str) -> tuple[Any, str]:
        final, text = kept(work, id)
        assert '"engine_check":"agrees"' in text
        return final, text.replace('"engine_check":"agrees"', '"engine_check":"differs"')

    monkeypatch.setattr(results, "read_assessment", differing)
    text = visitor_for("interviewer").open(made.result).text
    assert text.index("A person must look at this result first") < text.index('class="verdict"')
    assert "written down as an incident" in text
