"""Why, why not, what is open, what would change it, what was not asked: trees from the result alone.

Nothing here is written beside the result. Each step carries the id of the rule, conclusion, test or
question it speaks of, so that it can be checked, translated and drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from indicators.models import Text
from screening.descriptions import source_line
from screening.phrases import list_ids, list_together, say_both
from screening.result_models import (
    Assessment,
    CitedSource,
    Counterfactual,
    Evidence,
    FiredRule,
    OpenQuestion,
    OutcomeLine,
    SupposedAnswer,
)

StepKind = Literal[
    "need",
    "route",
    "outcome",
    "finding",
    "dimension",
    "indicator",
    "combination",
    "rule",
    "test",
    "answer",
    "parameter",
    "source",
    "note",
]

# Comparisons whose answer does not say by itself what it was compared with.
_COMPARED: Final = ("whole_number", "number_range", "date")


MOST_RULES: Final = 3
MOST_PARTS: Final = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation and what it rests on."""

    id: str
    kind: StepKind
    text: Text
    children: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The five questions people ask of a result, answered from it."""

    urgent: tuple[Step, ...]
    outcome: tuple[Step, ...]
    why: tuple[Step, ...]
    why_not: tuple[Step, ...]
    open: tuple[Step, ...]
    changes: tuple[Step, ...]
    not_asked: tuple[Step, ...]


def explain(assessment: Assessment, brief: bool = False) -> Explanation:
    """Return every explanation of a result; what was explained once is pointed to, not repeated.

    A brief one names the first few rules of a conclusion and the first few parts of a rule, and how many
    more there are: all of them are in the result.
    """
    return _Explainer(assessment, brief).explain()


def steps_in(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield every step of a tree, each before what it rests on."""
    for step in steps:
        yield step
        yield from steps_in(step.children)


class _Explainer:
    def __init__(self, assessment: Assessment, brief: bool) -> None:
        self.assessment = assessment
        self.most_rules = MOST_RULES if brief else None
        self.most_parts = MOST_PARTS if brief else None
        self.conclusions: dict[str, Evidence] = {
            item.id: item
            for group in (
                assessment.indicators,
                assessment.dimensions,
                assessment.findings,
                assessment.outcomes,
                assessment.routes,
            )
            for item in group
        }
        self.dimensions = {item.id: item for item in assessment.dimensions}
        self.tests = {item.id: item for item in assessment.tests}
        self.answers = {item.question: item for item in assessment.answers}
        self.questions: Mapping[str, OpenQuestion] = {
            item.question: item for item in assessment.open_questions
        }
        self.told: set[str] = set()
        # One question keeps many conclusions open.
        self.asked: dict[str, Step] = {}

    def explain(self) -> Explanation:
        assessment = self.assessment
        return Explanation(
            urgent=tuple(
                Step(
                    need.need,
                    "need",
                    say_both(f"urgent.{need.level}", label=need.label),
                    self._conclusions(need.findings),
                )
                for need in assessment.urgent
            ),
            outcome=tuple(
                self._outcome_line(line)
                for line in assessment.outcome_lines
                if line.outcome == assessment.outcome
            ),
            why=self._conclusions(f"route.{item.route}" for item in assessment.recommendations),
            why_not=tuple(self._why_not()),
            open=tuple(self._open()),
            changes=tuple(self._change(item) for item in assessment.counterfactuals),
            not_asked=tuple(self._not_asked()),
        )

    def _outcome_line(self, line: OutcomeLine) -> Step:
        rule = line.rule
        text = say_both("outcome.line", rule=rule, rationale=line.rationale or _same(rule))
        notes = [Step(rule, "note", say_both(f"basis.{line.basis}"))]
        if line.human_review:
            notes.append(Step(rule, "note", say_both("human_review")))
        return Step(rule, "rule", text, (*notes, *self._sources(line.sources), *self._because(line)))

    def _conclusions(self, ids: Iterable[str]) -> tuple[Step, ...]:
        return tuple(self._conclusion(id) for id in ids)

    def _conclusion(self, id: str) -> Step:
        item = self.conclusions[id]
        kind = _kind_of(id)
        if id in self.told:
            return Step(id, kind, say_both("line.repeated", label=item.label))
        self.told.add(id)
        children = self._dimension_children(id) if id in self.dimensions else self._rules(item.evidence)
        return Step(id, kind, say_both(f"line.{kind}.{item.status}", label=item.label), children)

    def _dimension_children(self, id: str) -> tuple[Step, ...]:
        item = self.dimensions[id]
        met = [entry for entry in item.entries if entry.status == "established"]
        combinations = tuple(
            Step(name, "combination", say_both("line.combination", combination=name, count=len(met)))
            for name in item.combinations_met
        )
        because = {child: None for fired in item.evidence for child in fired.because}
        sources = {source: None for fired in item.evidence for source in fired.sources}
        entries = tuple(
            Step(
                entry.entry,
                "rule",
                say_both(
                    "line.entry",
                    entry=entry.entry,
                    strength=say_both(f"strength.{entry.strength}"),
                    label=entry.label,
                ),
                tuple(self._child(child) for child in entry.because),
            )
            for entry in met
            if entry.entry in because
        )
        return (*combinations, *self._sources(sources), *entries)

    def _rules(self, fired: Iterable[FiredRule]) -> tuple[Step, ...]:
        every = list(fired)
        shown = _first(every, self.most_rules)
        steps = [
            Step(
                item.rule,
                "rule",
                say_both("line.rule", rule=item.rule, rationale=item.rationale or _same(item.rule)),
                (*self._sources(item.sources), *self._because(item)),
            )
            for item in shown
        ]
        return (*steps, *_more(len(every) - len(shown)))

    def _because(self, fired: FiredRule) -> tuple[Step, ...]:
        children: list[str] = []
        told_questions: set[str] = set()
        for child in fired.because:
            test = self.tests.get(child)
            if test is not None:
                # Several tests of one rule on one question rest on the same answer: it is told once.
                if test.question in told_questions and test.parameter is None:
                    continue
                told_questions.add(test.question)
            children.append(child)
        if self.most_parts is None:
            return tuple(self._child(child) for child in children)
        repeated = [child for child in children if child in self.told]
        fresh = [child for child in children if child not in self.told]
        shown = _first(fresh, self.most_parts)
        return (
            *(self._child(child) for child in shown),
            *self._point_to(repeated),
            *_more(len(fresh) - len(shown)),
        )

    def _point_to(self, repeated: list[str]) -> Iterator[Step]:
        if len(repeated) == 1:
            yield self._conclusion(repeated[0])
        elif repeated:
            labels = list_together(self.conclusions[id].label for id in repeated)
            yield Step("repeated", "note", say_both("line.repeated_together", labels=labels))

    def _child(self, id: str) -> Step:
        return self._test(id) if id in self.tests else self._conclusion(id)

    def _test(self, id: str) -> Step:
        test = self.tests[id]
        children: list[Step] = []
        if test.compared:
            children.append(Step(id, "test", test.sentence))
        for value in self.assessment.parameters:
            if value.parameter == test.parameter:
                sources = () if value.source is None else self._sources([value.source])
                children.append(Step(value.parameter, "parameter", value.sentence, sources))
        answer = self.answers[test.question]
        return Step(test.question, "answer", answer.sentence, tuple(children))

    def _sources(self, sources: Iterable[CitedSource]) -> tuple[Step, ...]:
        return tuple(Step(item.source, "source", source_line(item)) for item in sources)

    def _why_not(self) -> Iterator[Step]:
        for item in (*self.assessment.outcomes, *self.assessment.routes, *self.assessment.findings):
            if item.status == "not_established" and item.refuted_by:
                kind = _kind_of(item.id)
                text = say_both(f"line.{kind}.not_established", label=item.label)
                yield Step(item.id, kind, text, tuple(self._answer(name) for name in item.refuted_by))

    def _answer(self, question: str) -> Step:
        return Step(question, "answer", self.answers[question].sentence)

    def _open(self) -> Iterator[Step]:
        for value in self.assessment.missing_parameters:
            yield Step(value.parameter, "parameter", value.sentence)
        for item in (*self.assessment.outcomes, *self.assessment.findings, *self.assessment.routes):
            if item.status == "undetermined":
                kind = _kind_of(item.id)
                text = say_both(f"line.{kind}.undetermined", label=item.label)
                yield Step(item.id, kind, text, tuple(self._question(name) for name in item.waits_for))

    def _question(self, question: str) -> Step:
        if question not in self.asked:
            self.asked[question] = self._ask(question)
        return self.asked[question]

    def _ask(self, question: str) -> Step:
        item = self.questions[question]
        phrase = "question.with_distress" if item.in_instrument else "question.beyond"
        slots = {}
        if item.in_instrument:
            slots = {
                "state": say_both(f"state.{item.state}"),
                "distress": say_both(f"distress.{item.distress}"),
            }
        return Step(question, "answer", say_both(phrase, question=item.text, id=question, **slots))

    def _change(self, item: Counterfactual) -> Step:
        kind = _kind_of(item.conclusion)
        if item.result != "found":
            return Step(item.conclusion, kind, say_both(f"counterfactual.{item.result}", label=item.label))
        ways = [tuple(_suppose(answer) for answer in way) for way in item.answers]
        if len(ways) == 1:
            text = say_both("counterfactual.one_way", label=item.label)
            return Step(item.conclusion, kind, text, ways[0])
        return Step(
            item.conclusion,
            kind,
            say_both("counterfactual.ways", label=item.label),
            tuple(
                Step(item.conclusion, "note", say_both("counterfactual.way", number=number), way)
                for number, way in enumerate(ways, start=1)
            ),
        )

    def _not_asked(self) -> Iterator[Step]:
        core = self.assessment.unknown_share.core_open
        for question in core:
            yield self._question(question)
        others = [item for item in self.assessment.answers if item.question not in core]
        for item in others:
            # What was put and could not be answered is told in full; what was not put is many, and named.
            if item.state in ("not_known", "declined") or (item.state == "value" and not item.complete):
                yield self._answer(item.question)
        not_asked = [item.question for item in others if item.state == "not_asked" and item.in_instrument]
        if not_asked:
            text = say_both("unknown.ids.not_asked", ids=list_ids(not_asked))
            yield Step("not_asked", "note", text)


def _suppose(answer: SupposedAnswer) -> Step:
    text = say_both("counterfactual.answer", question=answer.text, value=answer.value_text)
    return Step(answer.question, "answer", text)


def _first(items: list[T], most: int | None) -> list[T]:
    # One more is as short as the line that would stand for it.
    return items if most is None or len(items) <= most + 1 else items[:most]


def _more(count: int) -> tuple[Step, ...]:
    return (Step("more", "note", say_both("more", count=count)),) if count else ()


def _kind_of(id: str) -> StepKind:
    kind = id.partition(".")[0]
    if kind not in ("route", "outcome", "finding", "dimension", "indicator"):
        raise ValueError(f"not a conclusion that is explained: {id}")
    return kind  # type: ignore[return-value]


def _same(text: str) -> Text:
    return Text(en=text, ar=text)
