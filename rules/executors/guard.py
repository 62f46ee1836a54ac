"""What may be handed to durable_rules: outside this it crashes, hangs, or is wrong without a word.

Every rule is `{"all": [{alias: {"$and": [{field: constant}, ...]}}, ...]}` and every fact a flat mapping.
The figures stay well under those at which the engine breaks; `docs/developers/engine-notes.md` has both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

MAX_RULES = 4000
MAX_PARTS = 12
MAX_CHILDREN = 400
MAX_USES = 200
MAX_FIELDS = 32
MAX_TEXT = 1000
MAX_NUMBER = 2**53

# The engine adds these to its own tables beside the facts of the state `0`.
RESERVED = ("sid-0", "$pulse")
RESERVED_FIELDS = ("id", "sid", "$s")

RefusalKind = Literal["rules", "uses", "children", "collision", "grammar"]


@dataclass(frozen=True)
class Refusal:
    """One reason not to hand something to the engine: which limit, what exceeds it, and by how much."""

    kind: RefusalKind
    subject: str
    figure: int = 0


def engine_hash(text: str) -> int:
    """The engine's own hash of a text (FNV-1a, 32 bits, signed bytes), which it compares instead of texts."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619) & 0xFFFFFFFF
    return value


def refuse_rules(rules: Mapping[str, Any]) -> list[Refusal]:
    """Every reason why these rules may not become one engine rule set; empty when they may."""
    if len(rules) > MAX_RULES:
        return [Refusal("rules", "", len(rules))]
    refusals: list[Refusal] = []
    children: dict[tuple[str, ...], set[str]] = defaultdict(set)
    uses: Counter[tuple[str, ...]] = Counter()
    last_constant: dict[tuple[str, ...], str] = {}
    fields: set[str] = set()
    for name, rule in rules.items():
        paths = _paths(rule)
        if paths is None:
            refusals.append(Refusal("grammar", str(name)[:40]))
            continue
        for path in paths:
            steps = tuple(f"{field}={constant!r}" for field, constant in path)
            for depth, step in enumerate(steps):
                children[steps[:depth]].add(step)
            uses[steps] += 1
            last_constant[steps] = str(path[-1][1])
            fields.update(field for field, _ in path)
    refusals += [
        Refusal("uses", last_constant[steps], count) for steps, count in uses.items() if count > MAX_USES
    ]
    parent, found = max(children.items(), key=lambda item: len(item[1]), default=((), set()))
    if len(found) > MAX_CHILDREN:
        refusals.append(Refusal("children", parent[-1] if parent else "", len(found)))
    return refusals + refuse_collisions([*sorted(fields), *RESERVED_FIELDS])


def refuse_fact(fact: Mapping[str, object]) -> list[Refusal]:
    """Every reason why this may not be asserted; empty when it may."""
    named = fact.get("id")
    sound = (
        0 < len(fact) <= MAX_FIELDS
        and isinstance(named, str)
        and all(_is_name(field) and _is_constant(value) for field, value in fact.items())
    )
    return [] if sound else [Refusal("grammar", "fact", len(fact))]


def refuse_collisions(texts: Iterable[str]) -> list[Refusal]:
    """The texts that the engine could not tell apart by its hash."""
    seen: dict[int, str] = {}
    refusals = []
    for text in sorted(set(texts)):
        other = seen.setdefault(engine_hash(text), text)
        if other != text:
            refusals.append(Refusal("collision", f"{other} {text}"))
    return refusals


def _paths(rule: object) -> list[list[tuple[str, str | int]]] | None:
    """The tests of each antecedent in order, or None outside the grammar."""
    if not isinstance(rule, Mapping) or set(rule) != {"all"}:
        return None
    antecedents = rule["all"]
    if not isinstance(antecedents, list | tuple) or not 1 <= len(antecedents) <= MAX_PARTS:
        return None
    paths = []
    aliases = set()
    for antecedent in antecedents:
        if not isinstance(antecedent, Mapping) or len(antecedent) != 1:
            return None
        ((alias, condition),) = antecedent.items()
        path = _path(condition)
        if path is None or not _is_name(alias) or alias in aliases:
            return None
        aliases.add(alias)
        paths.append(path)
    return paths


def _path(condition: object) -> list[tuple[str, str | int]] | None:
    tests: Sequence[object] = [condition]
    if isinstance(condition, Mapping) and set(condition) == {"$and"}:
        tests = condition["$and"]
        if not isinstance(tests, list | tuple) or not tests:
            return None
    path: list[tuple[str, str | int]] = []
    for test in tests:
        if not isinstance(test, Mapping) or len(test) != 1:
            return None
        ((field, constant),) = test.items()
        if not _is_name(field) or field in RESERVED_FIELDS or not _is_constant(constant):
            return None
        path.append((field, constant))
    return path


def _is_name(value: object) -> bool:
    """Plain ASCII letters and digits: nothing the engine gives a meaning of its own, as `$` has."""
    return isinstance(value, str) and 0 < len(value) <= 40 and value.isascii() and value.isalnum()


def _is_constant(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < MAX_NUMBER
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT and "\x00" not in value
