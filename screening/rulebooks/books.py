"""One program with the content tree beside it, as a book: every rule with what people look for it by."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, Literal

from indicators.catalogue import Catalogue
from indicators.models import Text
from rules.models import RuleSet
from rules.program import Program, references_in, tests_in
from screening.phrases import say_both
from screening.result_models import CitedSource
from screening.rulebooks.conditions import Askable, Clause, questions_in, read_clause
from screening.sentences import Sentences, as_text

RuleKind = Literal["indicator", "finding", "route", "outcome"]
RULE_KINDS: Final[tuple[RuleKind, ...]] = ("indicator", "finding", "route", "outcome")
# From the heaviest to the lightest, over all kinds of rules.
WEIGHTS: Final = ("now", "today", "ask_now", "soon", "when_ready", "strong", "medium", "weak")
_CONFIDENCES: Final = ("verified_text", "secondary", "unverified", "own_design")


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands in a source, the days of that source, and who has read its Arabic wording."""

    cited: CitedSource
    kind: str
    issued: date | None
    in_force_from: str | None
    in_force_to: str | None
    last_checked: str
    # `awaiting_review` or `reviewed`, where the content says so of the source or of the place in it.
    arabic: str | None


@dataclass(frozen=True, slots=True)
class BookRule:
    """A rule with everything that lists choose by."""

    id: str
    kind: RuleKind
    conclusion: str
    label: Text
    sentence: Text
    rationale: Text
    element: str
    # The lists of indicators that count what it concludes, and the part of the rule set it stands in.
    lists: tuple[str, ...]
    module: str | None
    instruments: tuple[str, ...]
    weights: tuple[str, ...]
    citations: tuple[Citation, ...]
    words: Mapping[str, str]

    @property
    def confidence(self) -> str:
        """How well the best known of its sources is known."""
        return min((one.cited.confidence for one in self.citations), key=_CONFIDENCES.index)

    @property
    def awaits_arabic(self) -> bool:
        """Whether the Arabic wording of one of its sources awaits review."""
        return any(one.arabic == "awaiting_review" for one in self.citations)


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case of the content, by its name, and what the part of the rule set is called that it stands in."""

    name: Text
    title: Text


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """An instrument in which a rule can never hold, and the questions it reads that are not asked there."""

    instrument: str
    title: Text
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadRule:
    """One rule, told whole."""

    rule: BookRule
    when: Clause
    effects: tuple[Text, ...]
    not_this: Text | None
    fires_in: tuple[HeldCase, ...]
    silent_in: tuple[HeldCase, ...]
    out_of_reach: tuple[OutOfReach, ...]
    parameters: tuple[str, ...]
    used_by: tuple[str, ...]


class Book:
    """The rules of one program; cases, modules and the state of translations come from the content tree."""

    def __init__(self, program: Program, catalogue: Catalogue, rule_set: RuleSet) -> None:
        self.program = program
        self.data: Mapping[str, Any] = program.data
        self.catalogue = catalogue
        self.rule_set = rule_set
        self.sentences = Sentences(program.data, catalogue.locators)

    @cached_property
    def rules(self) -> Mapping[str, BookRule]:
        """Every rule in force, by id: signs, findings, referrals, then the lines of the result."""
        found = {
            rule["id"]: self._book_rule(item, rule)
            for item in self.data["conclusions"]
            if item["kind"] in RULE_KINDS
            for rule in item["rules"]
        }
        order = {id: (RULE_KINDS.index(one.kind), id) for id, one in found.items()}
        return {id: found[id] for id in sorted(found, key=order.__getitem__)}

    @cached_property
    def lists(self) -> Mapping[str, Text]:
        """The lists of indicators, by id with the part of the rule set and what they are called."""
        titles = {module.module: module.title for module in self.rule_set.modules}
        return {
            item["id"].partition(".")[2]: say_both(
                "rulebook.list",
                module=titles.get(item["module"], Text(en=item["module"], ar=item["module"])),
                label=as_text(item["label"]),
            )
            for item in self.data["conclusions"]
            if item["kind"] == "dimension"
        }

    @cached_property
    def cited_sources(self) -> Mapping[str, Text]:
        """The sources that rules stand on, by id with their titles."""
        cited = {one.cited.source for rule in self.rules.values() for one in rule.citations}
        return {id: self.sentences.cite([_bare(id)])[0].title for id in sorted(cited)}

    def read_rule(self, id: str) -> ReadRule | None:
        """Return a rule told whole, or None."""
        rule = self.rules.get(id)
        if rule is None:
            return None
        raw = self.sentences.rules[id][1]
        indicator = self.catalogue.indicators.get(rule.conclusion.partition(".")[2])
        return ReadRule(
            rule=rule,
            when=read_clause(self.sentences, raw["when"]),
            effects=tuple(self._effects(rule, raw)),
            not_this=indicator.not_this if indicator is not None and rule.kind == "indicator" else None,
            fires_in=self._cases["fires"].get(id, ()),
            silent_in=self._cases["silent"].get(id, ()),
            out_of_reach=tuple(self._out_of_reach(rule, raw["when"])),
            parameters=tuple(sorted({p for p in map(self._parameter, tests_in(raw["when"])) if p})),
            used_by=self.users_of(rule.conclusion),
        )

    def users_of(self, conclusion: str) -> tuple[str, ...]:
        """Return the rules whose condition names a conclusion, and the lists that count it."""
        return self._users.get(conclusion, ())

    def readers_of(self, question: str) -> tuple[str, ...]:
        """Return the rules whose own condition tests a question."""
        return self._readers.get(question, ())

    def instruments_asking(self, question: str) -> tuple[str, ...]:
        """Return the instruments in which a question is asked."""
        return tuple(id for id, one in self.data["instruments"].items() if question in _asked(one))

    @cached_property
    def _users(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for item in self.data["conclusions"]:
            if item["kind"] == "eligibility":
                continue
            for rule in item.get("rules", ()):
                for named in references_in(rule["when"]):
                    found[named].add(rule["id"])
            for entry in item.get("entries", ()):
                for named in references_in(entry["when"]):
                    found[named].add(item["id"])
        return {id: tuple(sorted(users)) for id, users in found.items()}

    @cached_property
    def _readers(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for id, (_, rule) in self.sentences.rules.items():
            if id in self.rules:
                for test in tests_in(rule["when"]):
                    found[self.sentences.tests[test]["question"]].add(id)
        return {id: tuple(sorted(rules)) for id, rules in found.items()}

    @cached_property
    def _cases(self) -> Mapping[str, Mapping[str, tuple[HeldCase, ...]]]:
        found: dict[str, dict[str, list[HeldCase]]] = {
            "fires": defaultdict(list),
            "silent": defaultdict(list),
        }
        for module in self.rule_set.modules:
            for case in module.cases:
                held = HeldCase(case.name, module.title)
                for how in ("fires", "silent"):
                    for rule in getattr(case.expect, how):
                        found[how][rule].append(held)
        return {how: {id: tuple(held) for id, held in cases.items()} for how, cases in found.items()}

    @cached_property
    def _modules(self) -> Mapping[str, str]:
        return {
            rule.id: module.module
            for module in self.rule_set.modules
            for rule in (*module.observations, *module.finding_rules, *module.recommendations)
        }

    @cached_property
    def _counted(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """For each indicator the lists that count it, with the strength it has there."""
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for item in self.data["conclusions"]:
            for entry in item.get("entries", ()):
                for named in references_in(entry["when"]):
                    if named.startswith("indicator."):
                        found[named].add((item["id"].partition(".")[2], entry["strength"]))
        return {id: tuple(sorted(places)) for id, places in found.items()}

    @cached_property
    def _askable(self) -> Mapping[str, Askable]:
        return {id: Askable(self.data, _asked(one)) for id, one in self.data["instruments"].items()}

    def _book_rule(self, item: Mapping[str, Any], rule: Mapping[str, Any]) -> BookRule:
        kind: RuleKind = item["kind"]
        counted = self._counted.get(item["id"], ())
        label = self.sentences.label(item["id"])
        sentence = say_both(f"describe.rule.{kind}", rule=rule["id"], label=label)
        rationale = as_text(rule["rationale"])
        citations = tuple(self._citation(one) for one in self.sentences.cite(rule["sources"]))
        weights = {
            *(strength for _, strength in counted),
            *([item["level"]] if item.get("level") else ()),
            *([rule["urgency"]] if "urgency" in rule else ()),
        }
        lines = [line.text for line in self.sentences.condition(rule["when"])]
        texts = [label, rationale, *lines, *(one.cited.title for one in citations)]
        texts += [one.cited.locator_text for one in citations]
        return BookRule(
            id=rule["id"],
            kind=kind,
            conclusion=item["id"],
            label=label,
            sentence=sentence,
            rationale=rationale,
            element=str(item.get("element") or item.get("class") or kind),
            lists=tuple(dict.fromkeys(name for name, _ in counted)),
            module=self._modules.get(rule["id"]),
            instruments=tuple(id for id, one in self._askable.items() if one.can_hold(rule["when"])),
            weights=tuple(weight for weight in WEIGHTS if weight in weights),
            citations=citations,
            words={
                lang: fold(f"{rule['id']} {' '.join(t.say(lang) for t in texts)}") for lang in ("en", "ar")
            },
        )

    def _citation(self, cited: CitedSource) -> Citation:
        source = self.catalogue.sources.get(cited.source)
        known = self.data["sources"].get(cited.source, {})
        locator = self.catalogue.locators.get(cited.locator)
        marks = {one.arabic_wording for one in (source, locator) if one is not None} - {None}
        first = known.get("in_force_from")
        return Citation(
            cited=cited,
            kind=str(known.get("kind", "project")),
            issued=None if source is None else source.issued,
            in_force_from=None if first == "unknown" else first,
            in_force_to=known.get("in_force_to"),
            last_checked=str(known.get("last_checked", "")),
            arabic="awaiting_review" if "awaiting_review" in marks else next(iter(marks), None),
        )

    def _effects(self, rule: BookRule, raw: Mapping[str, Any]) -> Iterator[Text]:
        if rule.kind in ("indicator", "finding"):
            item = self.sentences.conclusions[rule.conclusion]
            name = f"element.{item['element']}" if item.get("element") else f"class.{item['class']}"
            yield say_both("describe.element", element=say_both(name))
            if item.get("circumstance"):
                yield say_both("describe.circumstance")
            if item.get("level"):
                yield say_both("describe.need", level=say_both(f"describe.level.{item['level']}"))
        if "urgency" in raw:
            yield say_both("describe.urgency", urgency=say_both(f"urgency.{raw['urgency']}"))
        if "basis" in raw:
            yield say_both(f"basis.{raw['basis']}")
        if raw.get("human_review"):
            yield say_both("human_review")

    def _out_of_reach(self, rule: BookRule, when: Any) -> Iterator[OutOfReach]:
        read = questions_in(self.data, when)
        for id, instrument in self.data["instruments"].items():
            if id not in rule.instruments:
                lacking = tuple(sorted(read - _asked(instrument)))
                yield OutOfReach(id, as_text(instrument["title"]), lacking)

    def _parameter(self, test: str) -> str | None:
        found: str | None = self.sentences.tests[test]["parameter"]
        return found


def fold(text: str) -> str:
    """Return a text as searches compare it: without case, vowel signs and isolating marks."""
    kept = (
        one for one in text.casefold() if not ("\u064b" <= one <= "\u0652" or "\u2066" <= one <= "\u2069")
    )
    return " ".join("".join(kept).split())


def _asked(instrument: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(question for section in instrument["sections"] for question in section["questions"])


def _bare(source: str) -> dict[str, Any]:
    return {"source": source, "locator": "", "confidence": "unverified"}


def choose_rules(book: Book, lang: str, **asked: str) -> list[BookRule]:
    """Return the rules that fit every question asked; an empty one asks nothing.

    Known are `text`, `kind`, `element`, `list`, `source`, `place` (a piece of the place in a source),
    `instrument` and `weight`.
    """
    words = fold(asked.get("text", "")).split()
    place = fold(asked.get("place", ""))

    def fits(rule: BookRule) -> bool:
        checks: Iterable[bool] = (
            all(word in rule.words[lang] or word in rule.words["en"] for word in words),
            asked.get("kind", "") in ("", rule.kind),
            asked.get("element", "") in ("", rule.element),
            not asked.get("list") or asked["list"] in rule.lists,
            not asked.get("instrument") or asked["instrument"] in rule.instruments,
            not asked.get("weight") or asked["weight"] in rule.weights,
            any(_cites(one, asked.get("source", ""), place, lang) for one in rule.citations),
        )
        return all(checks)

    return [rule for rule in book.rules.values() if fits(rule)]


def _cites(one: Citation, source: str, place: str, lang: str) -> bool:
    if source not in ("", one.cited.source):
        return False
    # Article 1 is not article 12.
    wanted = re.compile(rf"{re.escape(place)}(?!\d)")
    return any(wanted.search(fold(text)) for text in (one.cited.locator, one.cited.locator_text.say(lang)))
