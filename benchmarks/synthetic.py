"""An invented rule set of 150 questions and 234 rules, in canonical form and the same every time.

The sizes are those of the measurements on which the engine was chosen. It has signs, weighted lists, findings
that build on findings, a ladder and routes, in about the proportions of the shipped rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from rules.program import Program

SEED = 91
QUESTIONS = 150
RULES = 234

TEXT = {"en": "Invented.", "ar": "نص مخترع."}
OPTIONS = ["first", "second", "third", "fourth"]
KINDS = ["yes_no"] * 90 + ["one_choice"] * 36 + ["several_choices"] * 12 + ["whole_number"] * 12
GATED = 25
INDICATORS = 100
DIMENSIONS = 5
FINDINGS = 40
LADDER = {"trafficking_indicated": 5, "trafficking_possible": 5, "other_concern": 4}
ROUTES = 15

Json = dict[str, Any]


def synthetic_program() -> Program:
    """The invented program."""
    return Program.from_data(_Maker(Random(SEED)).data())


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.questions: dict[str, Json] = {}
        self.tests: dict[str, Json] = {}
        self.conclusions: list[Json] = []
        self.rules = 0

    def data(self) -> Json:
        random = self.random
        kinds = random.sample(KINDS, len(KINDS))
        for number, kind in enumerate(kinds):
            self._make_question(f"q{number:03d}", kind)
        self._make_gates()
        tests = list(self.tests)
        for number in range(INDICATORS):
            rules = [self._rule(tests) for _ in range(2 if number < 30 else 1)]
            self._conclude(
                "indicator",
                f"i{number:03d}",
                rules,
                element="means",
                circumstance=number % 7 == 6,
                not_this=None,
                ilo11=[],
            )
        indicators = [item["id"] for item in self.conclusions]
        for number in range(DIMENSIONS):
            self._make_dimension(f"synthetic.d{number}", random.sample(indicators, 12))
        for number in range(FINDINGS):
            reach = [item["id"] for item in self.conclusions]
            rules = [self._rule(tests[::8], reach) for _ in range(2 if number < 20 else 1)]
            self._conclude(
                "finding",
                f"f{number:02d}",
                rules,
                finding=f"f{number:02d}",
                module="synthetic",
                element=None,
                need=None,
                level=None,
                **{"class": "pattern"},
            )
        findings = [item["id"] for item in self.conclusions if item["kind"] != "indicator"]
        for step, lines in reversed(LADDER.items()):
            self._conclude("outcome", step, [self._rule([], findings) for _ in range(lines)])
        steps = [f"outcome.{step}" for step in LADDER]
        for number in range(ROUTES):
            self._conclude(
                "route",
                f"r{number:02d}",
                [self._rule([], findings + steps) for _ in range(2)],
                consent="required",
            )
        names = list(self.questions)
        section = {"id": "only", "title": TEXT, "questions": names}
        return {
            "semantics": 1,
            "rule_set": "synthetic",
            "title": TEXT,
            "questions": self.questions,
            "tests": self.tests,
            "parameters": {},
            "conclusions": self.conclusions,
            "ladder": list(LADDER),
            "below": {"not_enough_known": TEXT, "nothing_indicated_so_far": TEXT},
            "routes": {},
            "instruments": {
                "all": {"title": TEXT, "purpose": TEXT, "sections": [section], "core": names[:12]}
            },
            "sources": {},
        }

    def _make_question(self, name: str, kind: str) -> None:
        chosen = kind in ("one_choice", "several_choices")
        self.questions[name] = {
            "type": kind,
            "topic": "synthetic",
            "about": "conduct",
            "answered_by": "person",
            "options": OPTIONS if chosen else [],
            "exclusive": None,
            "unit": None,
            "least": 0 if kind == "whole_number" else None,
            "most": 24 if kind == "whole_number" else None,
            "distress": self.random.randint(1, 3),
            "applies_when": None,
            "ask_when": None,
            "text": TEXT,
            "option_texts": dict.fromkeys(OPTIONS, TEXT) if chosen else {},
        }
        first, second = self.random.sample(OPTIONS, 2)
        forms: dict[str, list[tuple[str, Any]]] = {
            "yes_no": [("is", "yes")],
            "one_choice": [("is", first), ("is_one_of", sorted([first, second]))],
            "several_choices": [("includes", first), ("includes_any_of", sorted([first, second]))],
            "whole_number": [("at_least", 12), ("less_than", 4)],
        }
        for operator, value in forms[kind]:
            test = {"question": name, "op": operator, "value": value, "parameter": None}
            self.tests[f"t{len(self.tests) + 1:04d}"] = test

    def _make_gates(self) -> None:
        gates = [name for name, test in self.tests.items() if test["question"] < f"q{GATED:03d}"]
        for name in self.random.sample(list(self.questions)[GATED:], GATED):
            self.questions[name]["applies_when"] = ["test", self.random.choice(gates)]

    def _rule(self, tests: Sequence[str], conclusions: Sequence[str] = ()) -> Json:
        """A rule over up to four of these: one, all, any of them, or two of four."""
        random = self.random
        self.rules += 1
        parts: list[Any] = [["test", name] for name in tests] + [["ref", name] for name in conclusions]
        a, b, c, d = random.sample(parts, 4)
        condition = random.choice(
            [
                a,
                ["all", [a, b]],
                ["all", [a, b]],
                ["all", [a, b, c]],
                ["any", [a, b, c]],
                ["all", [a, ["any", [b, c]]]],
                ["all", [a, ["any", [b, ["all", [c, d]]]]]],
                ["at_least", 2, [a, b, c, d]],
            ]
        )
        return {
            "id": f"S-{self.rules:03d}",
            "when": condition,
            "rationale": TEXT,
            "sources": [],
            "basis": "none",
            "human_review": False,
            "urgency": "soon",
        }

    def _conclude(self, kind: str, name: str, rules: list[Json], **more: Any) -> None:
        found = {"id": f"{kind}.{name}", "kind": kind, "label": TEXT, **more, "rules": rules}
        self.conclusions.append(found)

    def _make_dimension(self, name: str, indicators: Sequence[str]) -> None:
        strengths = ["strong"] * 3 + ["medium"] * 6 + ["weak"] * 3
        entries = [
            {
                "id": f"{name}.{place:02d}",
                "strength": strength,
                "confidence": "own_design",
                "when": ["ref", one],
            }
            for place, (strength, one) in enumerate(zip(strengths, indicators, strict=True))
        ]
        counts = [(2, 0, 0, 0), (1, 0, 0, 1), (0, 3, 0, 0), (0, 2, 1, 0)]
        keys = ("strong", "medium", "weak", "medium_or_weak")
        combinations = [
            {"id": letter, **dict(zip(keys, one, strict=True))}
            for letter, one in zip("abcd", counts, strict=True)
        ]
        self.conclusions.append(
            {
                "id": f"dimension.{name}",
                "kind": "dimension",
                "module": "synthetic",
                "label": TEXT,
                "entries": entries,
                "combinations": combinations,
                "sources": [],
            }
        )
