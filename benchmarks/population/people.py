"""Draws invented workers: facts of their lives, correlated as the data file says, and a label."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from random import Random
from statistics import NormalDist
from typing import Any

from indicators.yaml_reading import read_yaml

LEVELS = ("low", "central", "high")
LABELS = ("plain", "mistreated", "unclear", "exploited")
ORDINARY = ("plain", "mistreated")
FOLDER = Path(__file__).parent
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Person:
    """One invented worker: what holds of them, what can be counted, and what a trained reader would say."""

    id: str
    group: str
    facts: frozenset[str]
    numbers: Mapping[str, int] = field(hash=False)
    label: str
    nothing_else: bool
    whole_pattern: bool


class Population:
    """The people that the data files describe, without some facts if wished; the same ones every time."""

    def __init__(self, folder: Path = FOLDER, without: Collection[str] = ()) -> None:
        self.without = frozenset(without)
        self.conditions: dict[str, Any] = read(folder / "conditions.yaml")
        self.labels: dict[str, Any] = read(folder / "labels.yaml")
        self.groups: dict[str, Any] = {group["id"]: group for group in self.conditions["groups"]}
        self.factors: dict[str, Any] = {factor["id"]: factor for factor in self.conditions["factors"]}
        self.seed: int = self.conditions["seed"]

    def people(self, level: str, group: str, count: int) -> Iterator[Person]:
        """The first so many people of a group. The same person meets more hardship at a higher level."""
        return (self._person(LEVELS.index(level), group, number) for number in range(count))

    def label(self, facts: Collection[str]) -> str:
        """What a trained reader would say of somebody of whom these facts hold."""
        rule = self.labels
        means = any(fact in facts for fact in rule["means"])
        kinds = sum(any(fact in facts for fact in kind) for kind in rule["purpose_kinds"].values())
        held = any(fact in facts for fact in rule["held"])
        if means and (kinds >= 2 or (kinds == 1 and held)):
            return "exploited"
        if (means and kinds) or any(fact in facts for fact in rule["always_unclear"]):
            return "unclear"
        return "mistreated" if means or kinds else "plain"

    def has_nothing_else(self, facts: Collection[str]) -> bool:
        """Whether a worker has only what the check of the decision model allows an ordinary one."""
        return set(facts) <= set(self.labels["nothing_else"]) and self.label(facts) == "plain"

    def has_whole_pattern(self, facts: Collection[str]) -> bool:
        """Whether means and purpose are both in this life, on different facts."""
        rule = self.labels["whole_pattern"]
        for means in rule["means"]:
            if means not in facts:
                continue
            others = [fact for fact in facts if fact != means]
            kinds = sum(any(holds(line, others) for line in kind) for kind in rule["kinds"].values())
            if kinds >= 2 or (kinds and any(fact in others for fact in rule["held"])):
                return True
        return False

    def _person(self, level: int, group_id: str, number: int) -> Person:
        name = f"{group_id}/{number}"
        dice = Random(f"{self.seed}/{name}")
        group = self.groups[group_id]
        factors = self._factors(dice)
        facts = set(group["is"])
        for item in self.conditions["facts"]:
            # Drawn for everybody, so that one person stays the same at every level.
            latent = self._latent(item.get("loads", {}), factors, dice)
            chance = _for_group(item, group)[level] / 1000
            drawn = latent > _NORMAL.inv_cdf(1 - min(max(chance, 1e-9), 1))
            if drawn and holds(item.get("given", ()), facts) and item["id"] not in self.without:
                facts.add(item["id"])
        numbers = {}
        for item in self.conditions["numbers"]:
            latent = self._latent(item.get("loads", {}), factors, dice)
            mean, spread = _for_group(item, group)[level], item["spread"][group["kind"]]
            numbers[item["id"]] = min(max(round((mean + spread * latent) / 10), item["least"]), item["most"])
        for split in self.conditions["splits"]:
            found = dice.choices(list(split["shares"]), list(split["shares"].values()))[0]
            if holds(split["given"], facts):
                facts.add(found)
        for item in self.conditions["derived"]:
            if _follows(item, facts, numbers):
                facts.add(item["id"])
        return Person(
            name,
            group_id,
            frozenset(facts),
            numbers,
            self.label(facts),
            self.has_nothing_else(facts),
            self.has_whole_pattern(facts),
        )

    def _latent(self, loads: Mapping[str, int], factors: Mapping[str, float], dice: Random) -> float:
        """A standard normal that shares so much with each factor, and leaves the rest to chance."""
        shared = sum(load / 100 * factors[name] for name, load in loads.items())
        explained = sum(
            loads[one] * loads[other] / 10_000 * self.correlation(one, other)
            for one in loads
            for other in loads
        )
        return shared + sqrt(1 - explained) * dice.gauss(0, 1)

    def correlation(self, one: str, other: str) -> float:
        """How far two factors go together: 1 with itself, less the longer the chain between them, else 0."""
        return max(self._share_of(one, other), self._share_of(other, one))

    def _share_of(self, ancestor: str, factor: str) -> float:
        if ancestor == factor:
            return 1.0
        above = self.factors[factor].get("follows")
        return 0.0 if above is None else self.factors[factor]["load"] / 100 * self._share_of(ancestor, above)

    def _factors(self, dice: Random) -> dict[str, float]:
        found: dict[str, float] = {}
        for factor in self.conditions["factors"]:
            own = dice.gauss(0, 1)
            load = factor.get("load", 0) / 100
            found[factor["id"]] = load * found.get(factor.get("follows", ""), 0.0) + sqrt(1 - load**2) * own
        return found


def _for_group(item: Mapping[str, Any], group: Mapping[str, Any]) -> list[int]:
    found: list[int] = item[group["id"] if group["id"] in item else group["kind"]]
    return found


def holds(wanted: Collection[str], facts: Collection[str]) -> bool:
    """Whether all of these hold; `not ` before one turns it round."""
    return all(fact[4:] not in facts if fact.startswith("not ") else fact in facts for fact in wanted)


def _follows(item: Mapping[str, Any], facts: Collection[str], numbers: Mapping[str, int]) -> bool:
    if "any_of" in item:
        return any(fact in facts for fact in item["any_of"])
    value = numbers[item["number"]]
    return bool(value > item["more_than"] if "more_than" in item else value <= item["at_most"])


def read(path: Path) -> dict[str, Any]:
    """A data file of this folder."""
    found: dict[str, Any] = read_yaml(path.read_text(encoding="utf-8"), path.name).plain()
    return found
