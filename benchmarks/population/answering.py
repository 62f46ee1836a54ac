"""Turns the facts of an invented worker into the answers of one talk, with all that stays unsaid."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.population.people import FOLDER, Person, Population, holds, read
from indicators.answers import Answer, read_answers
from indicators.forms import QuestionForm, forms_of
from indicators.truth import TRUE
from rules.executors.reference import Reference

STATE = "state_"
DISTRESS = {1: "low", 2: "medium", 3: "high"}


class Answering:
    """What invented people answer to the questions of a program's instruments."""

    def __init__(self, reference: Reference, as_of: Any, folder: Path = FOLDER) -> None:
        self.reference = reference
        self.as_of = as_of
        self.data: dict[str, Any] = read(folder / "answers.yaml")
        self.questions: Mapping[str, Any] = reference.program.data["questions"]
        self.forms: Mapping[str, QuestionForm] = forms_of(self.questions)
        self.spoken = {item["question"]: item for item in self.data["answers"]}

    def unknown_questions(self) -> list[str]:
        """Questions that the data answers and the program does not have."""
        return sorted(set(self.spoken) - set(self.questions))

    def order(self, instrument: str) -> list[str]:
        """The questions of an instrument that the data answers, as they are asked."""
        sections = self.reference.program.data["instruments"][instrument]["sections"]
        return [name for section in sections for name in section["questions"] if name in self.spoken]

    def answers_of(self, person: Person, instrument: str, population: Population) -> dict[str, Answer]:
        """The answers of one talk; the same every time."""
        dice = Random(f"{population.seed}/{person.id}/{instrument}")
        facts = person.facts | {f"at_{instrument}"}
        asked = self.order(instrument)
        if dice.random() * 100 < self.data["broken_off"][instrument]:
            asked = asked[: dice.randint(len(asked) // 3, len(asked))]
        raw = {}
        for name in asked:
            said = self._said(self.spoken[name], facts, person, dice)
            if said is not None:
                raw[name] = said
        return self._relevant(raw)

    def _relevant(self, raw: dict[str, Any]) -> dict[str, Answer]:
        """Without what nobody would ask, given the answers before."""
        answers = read_answers(self.forms, raw)
        while True:
            relevance = self.reference.decide_tests(answers, self.as_of).relevance
            kept = {name: answer for name, answer in answers.items() if relevance[name] == TRUE}
            if len(kept) == len(answers):
                return kept
            answers = kept

    def _said(self, item: Mapping[str, Any], facts: frozenset[str], person: Person, dice: Random) -> Any:
        question = self.questions[item["question"]]
        silent = self.data["non_answers"][DISTRESS[question["distress"]]]
        mood = dice.random() * 100
        if mood < silent["not_asked"]:
            return None
        if mood < silent["not_asked"] + silent["declined"]:
            return {"state": "declined"}
        if mood < sum(silent.values()):
            return {"state": "not_known"}
        if "number" in item:
            return person.numbers[item["number"]]
        if "each" in item:
            return self._list(item, facts, dice)
        row = next(row for row in item["choose"] if holds(row.get("if", ()), facts))
        option = dice.choices(list(row["say"]), list(row["say"].values()))[0]
        if option.startswith(STATE):
            return {"state": option.removeprefix(STATE)}
        if question["type"] == "several_choices":
            return self._listed(question, [option], dice)
        return int(option) if question["type"] in ("whole_number", "number_range") else option

    def _list(self, item: Mapping[str, Any], facts: frozenset[str], dice: Random) -> Any:
        ticked: dict[str, None] = {}
        for line in item["each"]:
            luck = dice.random() * 100
            if luck < line["percent"] and holds(line.get("if", ()), facts):
                ticked[line["option"]] = None
        if not ticked and "none" not in item:
            return {"state": "not_known"}
        return self._listed(self.questions[item["question"]], list(ticked) or [item["none"]], dice)

    def _listed(self, question: Mapping[str, Any], options: list[str], dice: Random) -> Any:
        read_to_the_end = dice.random() * 100 < self.data["lists_read_to_the_end"]
        exclusive = question["exclusive"]
        return (
            {"value": options, "complete": True} if read_to_the_end and exclusive not in options else options
        )
