"""Random programs in canonical form, and random answers to their questions, from one source of randomness.

Everything the language has occurs: all types of question and operators, nested `all`, `any` and `at_least`,
dimensions, chains of findings, shared parts, wide branches, and ids that are odd but allowed. Long runs pass
their own `random.Random(seed)`; `programs()` is the Hypothesis strategy, which shrinks towards small ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from hypothesis import strategies as st

from rules.program import Program

Json = dict[str, Any]
Expression = list[Any]

TEXT = {"en": "Invented.", "ar": "نص مخترع."}
KINDS = [
    "yes_no",
    "yes_no",
    "yes_no",
    "one_choice",
    "several_choices",
    "whole_number",
    "number_range",
    "date",
]
OPTIONS = ["first", "second", "third", "none_of_these"]
DAYS = ["2024-02-29", "2026-01-31", "2026-08-15", "2026-10-31", "2026-11-01", "2027-01-01"]
AS_OF = "2026-11-01"
LADDER = ["trafficking_indicated", "trafficking_possible", "other_concern"]


def random_program(random: Random, *, layers: int = 4, width: int = 5) -> Program:
    """A program of up to `layers` layers of findings, each of up to `width` conclusions, ready to run."""
    return Program.from_data(random_data(random, layers=layers, width=width))


def programs() -> st.SearchStrategy[Program]:
    """Random programs, from tiny to as large as `random_program` makes them."""
    return st.builds(
        lambda seed, layers, width: random_program(Random(seed), layers=layers, width=width),
        seed=st.integers(0, 2**32),
        layers=st.integers(1, 4),
        width=st.integers(1, 5),
    )


def random_data(random: Random, *, layers: int = 4, width: int = 5) -> Json:
    """The same as plain JSON, for tests that change it before it becomes a program."""
    return _Maker(random, layers, width).data()


def random_answers(random: Random, data: Mapping[str, Any]) -> Json:
    """Answers as a file has them; of every kind, with gaps, in any order."""
    known = random.random()
    answers: Json = {}
    for name, question in data["questions"].items():
        if random.random() < known:
            answers[name] = random_answer(random, question)
        elif random.random() < 0.3:
            answers[name] = {"state": random.choice(["not_known", "declined", "not_asked"])}
    return dict(_shuffled(random, list(answers.items())))


def random_answer(random: Random, question: Mapping[str, Any]) -> Any:
    """A value of this question's type."""
    kind = question["type"]
    if kind == "yes_no":
        return random.choice(["yes", "no"])
    if kind == "one_choice":
        return random.choice(question["options"])
    if kind == "several_choices":
        if question["exclusive"] and random.random() < 0.2:
            return [question["exclusive"]]
        others = [option for option in question["options"] if option != question["exclusive"]]
        listed = random.sample(others, random.randint(1, len(others)))
        return {"value": listed, "complete": True} if random.random() < 0.5 else listed
    if kind == "whole_number":
        return random.randint(0, 20)
    if kind == "number_range":
        least = random.randint(0, 20)
        return random.choice([least, {"from": least}, {"to": least}, {"from": least, "to": least + 3}])
    return random.choice(DAYS)[: random.choice([4, 7, 10])]


class _Maker:
    def __init__(self, random: Random, layers: int, width: int) -> None:
        self.random = random
        self.layers = random.randint(1, layers)
        self.width = width
        self.questions: dict[str, Json] = {}
        self.tests: dict[str, Json] = {}
        self.conclusions: list[Json] = []
        self.rules = 0
        self.shared: list[Expression] = []

    def data(self) -> Json:
        random = self.random
        self._make_questions(random.randint(2, 4 * self.width))
        for _ in range(random.randint(2, 8 * self.width)):
            self._make_test()
        # Which tests gate a question is settled before rules read them, as in a content tree.
        self._make_gates()
        self._layer("indicator", self._tests_only)
        for _ in range(random.randint(0, 2)):
            self._make_dimension()
        for _ in range(self.layers):
            self._layer("finding", self._anything)
        for name in reversed(LADDER):
            self._add("outcome", name, self._rules(self._anything, basis="none", human_review=False))
        self._layer("route", self._anything)
        return {
            "semantics": 1,
            "rule_set": "random",
            "title": TEXT,
            "questions": self.questions,
            "tests": self.tests,
            "parameters": {"limit": self._parameter()},
            "conclusions": self.conclusions,
            "ladder": LADDER,
            "below": {"not_enough_known": TEXT, "nothing_indicated_so_far": TEXT},
            "routes": {},
            "instruments": {"intake": self._instrument()},
            "sources": {},
        }

    def _make_questions(self, number: int) -> None:
        for place in range(number):
            kind = self.random.choice(KINDS)
            chosen = kind in ("one_choice", "several_choices")
            self.questions[f"q{place}"] = {
                "type": kind,
                "topic": "random",
                "about": "conduct",
                "answered_by": "person",
                "options": OPTIONS if chosen else [],
                "exclusive": "none_of_these" if kind == "several_choices" else None,
                "unit": None,
                "least": None,
                "most": None,
                "distress": self.random.randint(1, 3),
                "applies_when": None,
                "text": TEXT,
                "option_texts": dict.fromkeys(OPTIONS, TEXT) if chosen else {},
            }
        self.questions["kind_of_work"] = {
            **self.questions["q0"],
            "type": "one_choice",
            "options": ["domestic", "office"],
            "exclusive": None,
            "option_texts": {},
        }

    def _make_test(self) -> None:
        random = self.random
        name = random.choice(sorted(self.questions))
        question = self.questions[name]
        kind = question["type"]
        operator, value, parameter = "is", None, None
        if kind == "yes_no":
            value = random.choice(["yes", "no"])
        elif kind == "one_choice":
            operator = random.choice(["is", "is_not", "is_one_of"])
            value = random.choice(question["options"])
            if operator == "is_one_of":
                value = sorted(random.sample(question["options"], 2))
        elif kind == "several_choices":
            operator = random.choice(["includes", "includes_any_of"])
            value = random.choice(OPTIONS)
            if operator == "includes_any_of":
                value = sorted(random.sample(OPTIONS, 2))
        elif kind == "date":
            operator = random.choice(["before", "after", "at_least_ago", "less_than_ago"])
            value = random.choice(DAYS)
            if operator.endswith("_ago"):
                value = {random.choice(["days", "months", "years"]): random.randint(0, 40)}
        else:
            operator = random.choice(["at_least", "at_most", "more_than", "less_than"])
            if random.random() < 0.3:
                parameter = "limit"
            else:
                value = random.randint(0, 20)
        found = {"question": name, "op": operator, "value": value, "parameter": parameter}
        if found not in self.tests.values():
            # Odd, but allowed in a program: the engine must never see it.
            number = len(self.tests)
            self.tests[random.choice(["t{:04d}", "t{:04d}", "o'{:d}\"\\", "اختبار{:d}"]).format(number)] = (
                found
            )

    def _make_gates(self) -> None:
        names = list(self.questions)
        for place, name in enumerate(names):
            earlier = [
                test
                for test, form in self.tests.items()
                if form["parameter"] is None and names.index(form["question"]) < place
            ]
            if earlier and self.random.random() < 0.2:
                test = ["test", self.random.choice(earlier)]
                other = ["test", self.random.choice(earlier)]
                self.questions[name]["applies_when"] = self.random.choice([test, ["any", [test, other]]])

    def _layer(self, kind: str, leaf: Callable[[], Expression]) -> None:
        # All of a layer read only what stood before it.
        made = [(f"{kind}{len(self.conclusions) + place}", self._rules(leaf)) for place in range(self._few())]
        for name, rules in made:
            self._add(kind, name, rules)

    def _few(self) -> int:
        return self.random.randint(1, self.width)

    def _add(self, kind: str, name: str, rules: list[Json]) -> None:
        random = self.random
        more: Json = {}
        if kind == "indicator":
            more = {"element": "means", "circumstance": random.random() < 0.2, "not_this": None, "ilo11": []}
        elif kind == "finding":
            sort = random.choice(
                ["element", "pattern", "separate", "need", "aggravating", "context", "notice"]
            )
            more = {
                "finding": name,
                "module": "random",
                "class": sort,
                "element": random.choice(["act", "means", "purpose"]) if sort == "element" else None,
                "need": "danger" if sort == "need" else None,
                "level": random.choice(["now", "ask_now"]) if sort == "need" else None,
            }
        elif kind == "route":
            more = {"consent": "required"}
        self.conclusions.append({"id": f"{kind}.{name}", "kind": kind, "label": TEXT, **more, "rules": rules})

    def _rules(self, leaf: Callable[[], Expression], **more: Any) -> list[Json]:
        found = []
        for _ in range(self.random.choice([0, 1, 1, 1, 2, 3])):
            self.rules += 1
            condition = self._expression(leaf, self.random.randint(0, 3))
            found.append(
                {"id": f"R-{self.rules:03d}", "when": condition, "rationale": TEXT, "sources": [], **more}
            )
        return found

    def _make_dimension(self) -> None:
        random = self.random
        indicators = [item["id"] for item in self.conclusions if item["kind"] == "indicator"]
        name = f"random.d{len(self.conclusions)}"
        entries = []
        for place, indicator in enumerate(random.sample(indicators, random.randint(1, len(indicators)))):
            when: Expression = ["ref", indicator]
            if random.random() < 0.3:
                when = ["all", [when, self._expression(self._tests_only, 1)]]
            strength = random.choice(["strong", "medium", "weak"])
            entries.append(
                {"id": f"D-{place:02d}", "strength": strength, "confidence": "secondary", "when": when}
            )
        combinations = []
        for letter in "abcd"[: random.randint(1, 4)]:
            counts = {
                key: random.choice([0, 0, 1, 2]) for key in ("strong", "medium", "weak", "medium_or_weak")
            }
            if not any(counts.values()):
                counts["strong"] = 1
            combinations.append({"id": letter, **counts})
        self.conclusions.append(
            {
                "id": f"dimension.{name}",
                "kind": "dimension",
                "module": "random",
                "label": TEXT,
                "entries": entries,
                "combinations": combinations,
                "sources": [],
            }
        )

    def _expression(self, leaf: Callable[[], Expression], depth: int) -> Expression:
        random = self.random
        if depth == 0:
            return leaf()
        if self.shared and random.random() < 0.15:
            return random.choice(self.shared)
        operator = random.choice(["all", "any", "at_least"])
        # Mostly narrow; now and then as wide as anything a person would write.
        most = {"all": 20, "any": 30, "at_least": 12}[operator] if random.random() < 0.06 else 4
        parts = [self._expression(leaf, random.randint(0, depth - 1)) for _ in range(random.randint(1, most))]
        found = [operator, parts]
        if operator == "at_least":
            found = [operator, random.randint(1, len(parts) + (random.random() < 0.1)), parts]
        if leaf == self._tests_only:
            # What is made of tests alone may be read again at any later place.
            self.shared.append(found)
        return found

    def _tests_only(self) -> Expression:
        return ["test", self.random.choice(list(self.tests))]

    def _anything(self) -> Expression:
        if not self.conclusions or self.random.random() < 0.4:
            return self._tests_only()
        # Later conclusions more often, so that chains grow long.
        reach = self.conclusions[-self.random.randint(1, len(self.conclusions)) :]
        return ["ref", self.random.choice(reach)["id"]]

    def _parameter(self) -> Json:
        lines = []
        for option, value in (("domestic", 12), ("office", 8)):
            if self.random.random() < 0.8:
                begins = self.random.choice(["2015-01-01", "2026-11-01", "2027-01-01"])
                lines.append(
                    {
                        "for": [option],
                        "from": begins,
                        "by": None,
                        "to": None,
                        "because": None,
                        "value": value,
                        "source": "invented",
                        "locator": "nowhere",
                        "confidence": "own_design",
                    }
                )
        return {"unit": "hours", "selector": "kind_of_work", "label": TEXT, "values": lines}

    def _instrument(self) -> Json:
        names = list(self.questions)
        return {
            "title": TEXT,
            "purpose": TEXT,
            "sections": [{"id": "only", "title": TEXT, "questions": names}],
            "core": self.random.sample(names, self.random.randint(0, len(names))),
        }


def _shuffled(random: Random, items: list[Any]) -> list[Any]:
    return random.sample(items, len(items))
