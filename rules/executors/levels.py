"""From the canonical program to what the engine can run: flat rules, level by level, and counts between them.

Identifiers given to the engine are made here (`t0042` a test, `c0013` a conclusion, `r0021` a rule, `n0107` a
helper), so that no id, answer or text of the content reaches it. `docs/developers/levels.md` has the form.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from indicators.errors import ContentError, Fault, fault
from rules.executors import guard

BUCKETS = 31
SECTION_RULES = 16
SECTION_ANTECEDENTS = 48

Expression = Sequence[Any]
Json = dict[str, Any]

_CODES: Mapping[guard.RefusalKind, tuple[str, int | None]] = {
    "uses": ("R901", guard.MAX_USES),
    "rules": ("R902", guard.MAX_RULES),
    "children": ("R903", guard.MAX_CHILDREN),
    "collision": ("R904", None),
    "grammar": ("R905", None),
}


@dataclass(frozen=True)
class Count:
    """A count that is made beside the engine: `at_least`, or a dimension with its combinations."""

    node: str
    members: tuple[str, ...]
    need: int | None = None
    strengths: tuple[str, ...] = ()
    combinations: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Section:
    """One engine rule set: branches that need several identifiers, and rules for which one of some is enough.

    `choices` holds, for each of those rules, its branches by the identifier they need. They share one engine
    rule, which fires on every fact that carries the rule's name.
    """

    branches: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, Mapping[str, str]]

    def rules(self) -> Json:
        """The engine rules: one a branch, and one for all the choices of a rule."""
        shared = {f"{node}/any": {"all": [{"x0": {node: 1}}]} for node in self.choices}
        return engine_rules(self.branches) | shared

    def facts(self) -> Json:
        """For each identifier that something here needs, the fact that says that it is true."""
        found = {name: engine_fact(name) for name in _reads(self.branches)}
        for node, branches in self.choices.items():
            for name in branches:
                found.setdefault(name, engine_fact(name))[node] = 1
        return found


@dataclass(frozen=True)
class Level:
    """What is settled at once: branches with what each of them needs, then the counts that end the level."""

    branches: Mapping[str, tuple[str, ...]]
    counts: tuple[Count, ...]

    @property
    def reads(self) -> tuple[str, ...]:
        """The identifiers that some branch of this level needs, sorted."""
        return _reads(self.branches)

    def sections(self) -> list[Section]:
        """The branches divided into small engine rule sets, those with the same identifiers together.

        A state costs ten kilobytes for every antecedent of its rule set, true or not. Few of the sections are
        needed for one person's answers, and each of these fits into the processor's cache.
        """
        uses = Counter(part for parts in self.branches.values() for part in parts)
        units: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, parts in self.branches.items():
            unit = name if len(parts) > 1 else name.partition("/")[0]
            units.setdefault(unit, {})[name] = parts
        often_first = {
            unit: sorted(_reads(own), key=lambda part: (-uses[part], part)) for unit, own in units.items()
        }
        found: list[Section] = []
        room = 0
        branches: dict[str, tuple[str, ...]] = {}
        choices: dict[str, dict[str, str]] = {}
        for unit in sorted(often_first, key=lambda unit: (often_first[unit], unit)):
            needed = len(often_first[unit]) if unit in self.branches else 1
            if room < needed or len(branches) + len(choices) == SECTION_RULES:
                room, branches, choices = SECTION_ANTECEDENTS, {}, {}
                found.append(Section(branches, choices))
            room -= needed
            if unit in self.branches:
                branches[unit] = self.branches[unit]
            else:
                choices[unit] = {parts[0]: name for name, parts in units[unit].items()}
        return found


@dataclass(frozen=True)
class Dimension:
    """The names behind a counted dimension: what its firings are called, and the entries by position."""

    combinations: tuple[str, ...]
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A program in the engine's form, and the way back from the engine's identifiers to the program's."""

    digest: str
    levels: tuple[Level, ...]
    names: Mapping[str, str]
    rules: Mapping[str, str]
    concludes: Mapping[str, str]
    dimensions: Mapping[str, Dimension]
    tests: Mapping[str, str] = field(repr=False)

    def facts(self, true_tests: Iterable[str]) -> list[str]:
        """The engine's identifiers of these tests; tests that no conclusion reads are left out."""
        known = self.tests
        return [known[test] for test in true_tests if test in known]

    def worker_form(self) -> Json:
        """What a worker needs to run the plan: engine rules, facts and counts, and nothing of the content."""
        return {
            "concludes": dict(self.concludes),
            "levels": [
                {
                    "sections": [
                        {
                            "rules": section.rules(),
                            "facts": section.facts(),
                            "choices": {f"{node}/any": dict(one) for node, one in section.choices.items()},
                        }
                        for section in level.sections()
                    ],
                    "counts": [_count_form(count) for count in level.counts],
                }
                for level in self.levels
            ],
        }


def plan(program: Any) -> Plan:
    """The plan of a program (anything with `data` and `digest`); ContentError with every limit it breaks."""
    planner = _Planner(program.data)
    found = planner.plan(program.digest)
    questions = {name: str(test["question"]) for name, test in program.data["tests"].items()}
    faults = planner.faults or limit_faults(found, questions)
    if faults:
        raise ContentError(faults)
    return found


def find_faults(program: Any) -> list[Fault]:
    """Every reason why the engine cannot run this program; empty when it can."""
    try:
        plan(program)
    except ContentError as error:
        return list(error.faults)
    return []


def limit_faults(found: Plan, questions: Mapping[str, str]) -> list[Fault]:
    """Every engine limit that a plan breaks; a test is named by its question, all else by its own id."""
    named = {node: questions.get(name, name) for node, name in found.names.items()}
    faults = []
    for level in found.levels:
        # The whole level is held against the engine's limits, and what is handed over against its grammar.
        refusals = guard.refuse_rules(engine_rules(level.branches))
        refusals = [one for one in refusals if one.kind in ("rules", "uses", "children")]
        refusals += guard.refuse_collisions([*level.reads, *guard.RESERVED])
        for section in level.sections():
            refusals += guard.refuse_rules(section.rules())
            refusals += [one for fact in section.facts().values() for one in guard.refuse_fact(fact)]
        for refusal in refusals:
            code, limit = _CODES[refusal.kind]
            subject = " ".join(f"`{named.get(part, part)}`" for part in refusal.subject.split())
            faults.append(fault(code, subject=subject, figure=refusal.figure, limit=limit))
    return faults


def engine_rules(branches: Mapping[str, Sequence[str]]) -> Json:
    """The engine rules of one level, one a branch."""
    return {
        name: {"all": [{f"x{place}": _engine_test(part)} for place, part in enumerate(parts)]}
        for name, parts in branches.items()
    }


def engine_fact(name: str) -> Json:
    """The fact that says that this identifier is true."""
    return {"id": name, "b": _bucket(name), "c": name}


def _engine_test(name: str) -> Json:
    # The bucket comes first: it divides the tests of a level among 31 short lists, which the engine walks.
    return {"$and": [{"b": _bucket(name)}, {"c": name}]}


def _reads(branches: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted({part for parts in branches.values() for part in parts}))


def _bucket(name: str) -> int:
    return int(name[1:]) % BUCKETS


def _count_form(count: Count) -> Json:
    if count.need is not None:
        return {"node": count.node, "members": list(count.members), "need": count.need}
    return {
        "node": count.node,
        "members": list(count.members),
        "strengths": list(count.strengths),
        "combinations": [list(combination) for combination in count.combinations],
    }


class _Planner:
    """Walks a program once, children first, and gives every node its identifier and level."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.conclusions: Sequence[Mapping[str, Any]] = data["conclusions"]
        self.faults: list[Fault] = []
        self.tests: dict[str, str] = {}
        self.established: dict[str, str] = {}
        self.helpers: dict[str, str] = {}
        self.level: dict[str, int] = {}
        self.branches: list[tuple[int, str, tuple[str, ...]]] = []
        self.counts: list[tuple[int, Count]] = []
        self.rules: dict[str, str] = {}
        self.concludes: dict[str, str] = {}
        self.dimensions: dict[str, Dimension] = {}
        self.subject = ""

    def plan(self, digest: str) -> Plan:
        for conclusion in self.conclusions:
            self.subject = str(conclusion["id"])
            node = f"c{len(self.established):04d}"
            self.level[node] = 0
            if conclusion["kind"] == "dimension":
                self._add_dimension(node, conclusion)
            else:
                self._add_rules(node, conclusion["rules"])
            # Only now: a conclusion that reads itself is read before it is concluded.
            self.established[self.subject] = node
        names = {node: name for name, node in (self.tests | self.established).items()}
        return Plan(
            digest=digest,
            levels=self._levels(),
            names=names,
            rules=self.rules,
            concludes=self.concludes,
            dimensions=self.dimensions,
            tests=self.tests,
        )

    def _levels(self) -> tuple[Level, ...]:
        deepest = max(self.level.values(), default=0)
        branches: list[dict[str, tuple[str, ...]]] = [{} for _ in range(deepest + 1)]
        counts: list[list[Count]] = [[] for _ in range(deepest + 1)]
        for level, name, parts in self.branches:
            branches[level][name] = parts
        for level, count in self.counts:
            counts[level].append(count)
        return tuple(Level(found, tuple(made)) for found, made in zip(branches, counts, strict=True))

    def _add_rules(self, node: str, rules: Sequence[Mapping[str, Any]]) -> None:
        for rule in rules:
            name = f"r{len(self.rules):04d}"
            self.rules[name] = str(rule["id"])
            self.concludes[name] = node
            expression = self._normal(rule["when"])
            if expression is not None:
                self._settle(name, expression)
                self.level[node] = max(self.level[node], self.level[name])

    def _add_dimension(self, node: str, conclusion: Mapping[str, Any]) -> None:
        members, entries, strengths = [], [], []
        for entry in conclusion["entries"]:
            expression = self._normal(entry["when"])
            if expression is not None:
                members.append(self._member(expression))
                entries.append(str(entry["id"]))
                strengths.append(str(entry["strength"]))
        combinations = conclusion["combinations"]
        title = self.subject.partition(".")[2]
        self.dimensions[node] = Dimension(
            combinations=tuple(f"{title}/{combination['id']}" for combination in combinations),
            entries=tuple(entries),
        )
        needed = tuple(
            (one["strong"], one["medium"], one["weak"], one["medium_or_weak"]) for one in combinations
        )
        if any(sum(one) < 1 or min(one) < 0 for one in needed):
            self._refuse("R906")
        level = max((self.level[member] for member in members), default=0)
        self.level[node] = level
        self.counts.append((level, Count(node, tuple(members), None, tuple(strengths), needed)))

    def _settle(self, node: str, expression: Expression) -> None:
        """Give a rule or helper its branches, or its count, and its level."""
        if expression[0] == "at_least":
            members = tuple(self._member(part) for part in expression[2])
            self.level[node] = max(self.level[member] for member in members)
            self.counts.append((self.level[node], Count(node, members, expression[1])))
            return
        parts = expression[1] if expression[0] == "any" else [expression]
        branches = [self._antecedents(part) for part in parts]
        level = 1 + max(self.level[member] for members in branches for member in members)
        self.level[node] = level
        for place, members in enumerate(branches):
            self.branches.append((level, f"{node}/{place}", members))

    def _antecedents(self, expression: Expression) -> tuple[str, ...]:
        """What one branch needs: an `all` is written out in place, the part beyond twelve as helpers."""
        if expression[0] != "all":
            return (self._member(expression),)
        members = list(dict.fromkeys(self._member(part) for part in expression[1]))
        # The lowest members first: a helper over them stands below the others and adds no level.
        members.sort(key=lambda member: (self.level[member], member))
        while len(members) > guard.MAX_PARTS:
            chunk, rest = members[: guard.MAX_PARTS], members[guard.MAX_PARTS :]
            members = [*rest, self._helper(json.dumps(chunk), [tuple(chunk)])]
        return tuple(members)

    def _member(self, expression: Expression) -> str:
        """The identifier of a test, a conclusion, or the helper that stands for a nested condition."""
        if expression[0] == "test":
            node = self.tests.setdefault(str(expression[1]), f"t{len(self.tests):04d}")
            self.level[node] = 0
            return node
        if expression[0] == "ref":
            known = self.established.get(str(expression[1]))
            if known is None:
                self._refuse("R907", str(expression[1]))
                return self._member(["test", ""])
            return known
        key = json.dumps(expression)
        node = self.helpers.get(key, "")
        if not node:
            node = self.helpers[key] = f"n{len(self.helpers):04d}"
            self._settle(node, expression)
        return node

    def _helper(self, key: str, branches: list[tuple[str, ...]]) -> str:
        node = self.helpers.get(key, "")
        if not node:
            node = self.helpers[key] = f"n{len(self.helpers):04d}"
            level = 1 + max(self.level[member] for members in branches for member in members)
            self.level[node] = level
            self.branches += [(level, f"{node}/{place}", members) for place, members in enumerate(branches)]
        return node

    def _normal(self, expression: Expression) -> Expression | None:
        """The same condition flattened and without repeats; None for one that can never be true."""
        operator = expression[0]
        if operator in ("test", "ref"):
            return expression
        if operator == "at_least":
            if expression[1] < 1:
                self._refuse("R906")
            parts = [part for part in map(self._normal, expression[2]) if part is not None]
            return ["at_least", expression[1], parts] if len(parts) >= expression[1] >= 1 else None
        flat: dict[str, Expression] = {}
        for part in map(self._normal, expression[1]):
            if part is None and operator == "all":
                return None
            if part is not None:
                pieces = part[1] if part[0] == operator else [part]
                flat.update((json.dumps(piece), piece) for piece in pieces)
        if not flat:
            if operator == "all":
                self._refuse("R906")
            return None
        return next(iter(flat.values())) if len(flat) == 1 else [operator, list(flat.values())]

    def _refuse(self, code: str, subject: str | None = None) -> None:
        self.faults.append(fault(code, subject=f"`{subject or self.subject}`"))
