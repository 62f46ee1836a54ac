"""Programs of a few questions and findings, written out in a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rules.program import Program

TEXT = {"en": "Invented.", "ar": "نص مخترع."}
LADDER = ("trafficking_indicated", "trafficking_possible", "other_concern")

Json = dict[str, Any]


def question(
    kind: str,
    *,
    options: Sequence[str] = (),
    exclusive: str | None = None,
    distress: int = 1,
    applies_when: Sequence[Any] | None = None,
) -> Json:
    """A question of a program."""
    return {
        "type": kind,
        "topic": "invented",
        "about": "conduct",
        "answered_by": "person",
        "options": list(options),
        "exclusive": exclusive,
        "unit": None,
        "least": None,
        "most": None,
        "distress": distress,
        "applies_when": applies_when,
        "text": TEXT,
        "option_texts": dict.fromkeys(options, TEXT),
    }


def small_program(
    questions: Mapping[str, Json],
    tests: Mapping[str, tuple[str, str, Any]],
    findings: Mapping[str, Any],
    *,
    needs: Mapping[str, Any] | None = None,
    outcomes: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    sections: Sequence[str] | None = None,
    core: Sequence[str] = (),
) -> Program:
    """A program whose findings, urgent needs and outcomes have one rule each, read in the order written."""
    conclusions = [_finding(name, when, None) for name, when in findings.items()]
    conclusions += [_finding(name, when, name) for name, when in (needs or {}).items()]
    for name in reversed(LADDER):
        rules = [_rule(f"OUT-{name}", outcomes[name])] if outcomes and name in outcomes else []
        conclusions.append({"id": f"outcome.{name}", "kind": "outcome", "label": TEXT, "rules": rules})
    asked = list(questions) if sections is None else list(sections)
    return Program.from_data(
        {
            "semantics": 1,
            "rule_set": "invented",
            "title": TEXT,
            "questions": dict(questions),
            "tests": {name: _test(*test) for name, test in tests.items()},
            "parameters": dict(parameters or {}),
            "conclusions": conclusions,
            "ladder": list(LADDER),
            "below": {"not_enough_known": TEXT, "nothing_indicated_so_far": TEXT},
            "routes": {},
            "instruments": {
                "intake": {
                    "title": TEXT,
                    "purpose": TEXT,
                    "sections": [{"id": "only", "title": TEXT, "questions": asked}],
                    "core": list(core),
                }
            },
            "sources": {},
        }
    )


def _test(asked: str, operator: str, value: Any) -> Json:
    if isinstance(value, dict) and "parameter" in value:
        return {"question": asked, "op": operator, "value": None, "parameter": value["parameter"]}
    return {"question": asked, "op": operator, "value": value, "parameter": None}


def _finding(name: str, when: Any, need: str | None) -> Json:
    return {
        "id": f"finding.{name}",
        "kind": "finding",
        "finding": name,
        "module": "invented",
        "class": "pattern" if need is None else "need",
        "element": None,
        "need": need,
        "level": None if need is None else "now",
        "label": TEXT,
        "rules": [_rule(f"R-{name}", when)],
    }


def _rule(name: str, when: Any) -> Json:
    return {"id": name, "when": when, "rationale": TEXT, "sources": []}
