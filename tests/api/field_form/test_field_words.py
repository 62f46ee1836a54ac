"""What the form may say: three results, and never that somebody is not a victim."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from api.field.words import load_words
from screening.engines import Engines
from screening.field_records.contents import INSTRUMENT
from tests.api.field_form.conftest import Telephone
from tests.api.field_form.screens import begin_visit, set_up, shown_question

# The form concludes nothing about a person: neither word has a place in what it says by itself.
NEVER_IN_THE_FORM = re.compile(
    r"victim|innocen|all clear|no signs?\b|nothing (is )?(wrong|indicated|found)|not trafficked|negative|"
    r"case closed|ضحي|ضحاي|بريء|لا توجد علامات|لا علامات|لا يوجد ما يدل|سليم الحال|سلبي",
    re.IGNORECASE,
)
# What a person is asked and what is recommended may speak of others, and never says this of the person.
NEVER_ANYWHERE = re.compile(
    r"\b(not|no|never)\s+(\w+\s+){0,3}victims?\b|\bnot (been )?trafficked\b|\bnothing (is )?indicated\b|"
    r"(ليس|ليست|ليسوا|غير)\s+(\S+\s+){0,2}(ال)?ضحي|لا يوجد اتجار|لم يتعرض للاتجار",
    re.IGNORECASE,
)
OUTCOMES = ("trafficking_indicated", "trafficking_possible", "other_concern")
BELOW = ("nothing_indicated_so_far", "not_enough_known")
CALM = {
    "heard_alone": "yes",
    "age_group": "adult_settled",
    "exits_locked_seen": "open",
    "sleeping_place_seen": "elsewhere_or_decent",
    "papers_in_one_hand_seen": "with_workers",
    "levy_seen": "no",
    "injuries_seen": "no",
    "answers_coached": "own_words",
    "danger_now": "no",
    "kind_of_work": "private_sector",
    "promised_vs_real": "none_of_these",
    "pay_late_or_kept": "on_time",
    "pay_holder": "self",
    "asked_to_pay": "nobody",
    "debt_kind": "none",
    "documents_holder": "self",
    "documents_returned_on_request": "yes",
    "free_to_leave_place": "free",
    "others_decide": "nothing",
    "free_to_leave_job": "may_leave",
    "what_happens_if_refuse": "nothing_happens",
    "why_stay": "own_choice_only",
    "threats_made": "none_of_these",
    "made_to_do": "none_of_these",
    "fear_of_return": "no",
}
URGENCIES = (None, "now", "today", "soon", "when_ready")


def texts(node: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for one in node.values():
            yield from texts(one)
    elif isinstance(node, list):
        for one in node:
            yield from texts(one)


def shown_of(engines: Engines) -> dict[str, Any]:
    """What a screen of the form can show of the program and of the question bank."""
    data = engines.program_for("kuwait", None, date(2026, 11, 1)).data
    names = [name for one in data["instruments"][INSTRUMENT]["sections"] for name in one["questions"]]
    bank = engines.catalogue().questions
    guidance = [bank[name].guidance for name in names]
    return {
        "sections": [one["title"] for one in data["instruments"][INSTRUMENT]["sections"]],
        "questions": [data["questions"][name] for name in names],
        "guidance": [one.model_dump(mode="json") for one in guidance if one is not None],
        "routes": [one["label"] for one in data["routes"].values()],
        "needs": [
            one["label"] for one in data["conclusions"] if one["kind"] == "finding" and one.get("need")
        ],
    }


def test_no_word_of_the_form_says_it() -> None:
    words = load_words()
    assert len(words) > 100
    said = [(id, text) for id, pair in words.items() for text in texts(pair)]
    assert [(id, text) for id, text in said if NEVER_IN_THE_FORM.search(text)] == []


def test_no_text_of_questions_needs_and_routes_says_it(kuwait_engines: Engines) -> None:
    shown = shown_of(kuwait_engines)
    assert all(shown.values())
    assert [text for text in texts(shown) if NEVER_ANYWHERE.search(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "This person is not a victim.",
        "Not identified as a victim",
        "No signs of trafficking",
        "Nothing indicated so far",
        "هذا الشخص ليس ضحية.",
        "ليست من ضحايا الاتجار",
        "لا توجد علامات",
    ],
)
def test_it_would_be_found(text: str) -> None:
    assert NEVER_IN_THE_FORM.search(text) or NEVER_ANYWHERE.search(text)


def test_whatever_is_concluded_the_form_says_one_of_three_things(
    telephone: Telephone, kuwait_engines: Engines
) -> None:
    """Every outcome with every urgency of a need and of a route, through the module that the screen uses."""
    program = kuwait_engines.program_for("kuwait", None, date(2026, 11, 1))
    assert set(program.data["ladder"]) == set(OUTCOMES)
    route = next(iter(program.data["routes"]))
    needs = {one["level"]: one["need"] for one in program.data["conclusions"] if one.get("need")}
    assert set(needs) == {"now", "ask_now"}
    cases = [
        {
            "outcome": outcome,
            "urgent": {level: [needs[level]] if level == need else [] for level in ("now", "ask_now")},
            "routes": {} if urgency is None else {route: urgency},
        }
        for outcome in (*OUTCOMES, *BELOW)
        for need in (None, "now", "ask_now")
        for urgency in URGENCIES
    ]
    with telephone.open() as page:
        steps = page.evaluate(
            """async ([cases, data]) => {
              const files = document.querySelector("#form").dataset.files;
              const { assess } = await import(`${files}/assessing.js`);
              const program = (result) => ({ data, evaluate: () => ({ result }) });
              const bundle = { at: "2026-11-01T00:00:00Z", instrument: "inspection" };
              return cases.map((result) => assess(program(result), bundle, {}).step);
            }""",
            [cases, json.loads(program.to_json())],
        )
    said = {json.dumps(case): step for case, step in zip(cases, steps, strict=True)}
    assert set(steps) == {"refer", "go_on", "unknown"}
    for case in cases:
        step = said[json.dumps(case)]
        cannot_wait = bool(case["urgent"]["now"]) or "now" in case["routes"].values()
        if case["outcome"] == OUTCOMES[0] or cannot_wait:
            assert step == "refer", case
        elif case["outcome"] in OUTCOMES or case["urgent"]["ask_now"]:
            assert step == "go_on", case
        else:
            assert step == "unknown", case


def test_who_answers_calmly_to_everything_hears_that_not_enough_is_known(telephone: Telephone) -> None:
    """The calmest answers that can be given; and nothing at all."""
    words = load_words()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, "CR-9901")
        for answers in (CALM, {}):
            page.locator("main .wide").click()
            while name := shown_question(page):
                # What settles a question leads on by itself.
                answer = page.locator(f"label[for={name}-{answers[name]}]") if answers else None
                (answer or page.locator(".bar .onward")).click()
                expect(page.locator(f"#question-{name}")).to_have_count(0)
            for language in ("en", "ar"):
                expect(page.locator("#result h2")).to_have_text(words["result.unknown"][language])
                assert not NEVER_IN_THE_FORM.search(page.locator("main").inner_text())
                page.locator("header .tool").first.click()
            page.locator("main .buttons .wide").click()
            expect(page.locator("#result")).to_have_count(0)
