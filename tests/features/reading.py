"""The scenarios of `features/` as they stand in their files, for what speaks of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.parser import Parser

ROOT = Path(__file__).parents[2]
FEATURES = ROOT / "features"
RULE_ID = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d{2}[a-z]?(?![\w-])")


@dataclass(frozen=True)
class WrittenScenario:
    """A scenario with every tag that holds for it, and all its words."""

    file: str
    feature: str
    language: str
    rule: str | None
    name: str
    line: int
    tags: tuple[str, ...]
    words: str

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers of its tags of one kind, such as `req`."""
        return [int(tag.removeprefix(f"{kind}-")) for tag in self.tags if tag.startswith(f"{kind}-")]

    def rule_ids(self) -> set[str]:
        """Return what looks like the id of a rule in its tags, steps and examples."""
        return set(RULE_ID.findall(" ".join(self.tags))) | set(RULE_ID.findall(self.words))


def read_scenarios() -> list[WrittenScenario]:
    """Return every scenario of every feature, by file and line."""
    return [found for path in sorted(FEATURES.rglob("*.feature")) for found in _read(path)]


def _read(path: Path) -> Iterator[WrittenScenario]:
    feature: Any = Parser().parse(path.read_text(encoding="utf-8"))["feature"]
    file = path.relative_to(ROOT).as_posix()

    def scenario(data: Any, tags: list[str], rule: str | None) -> WrittenScenario:
        return WrittenScenario(
            file=file,
            feature=feature["name"],
            language=feature["language"],
            rule=rule,
            name=data["name"],
            line=data["location"]["line"],
            tags=tuple(dict.fromkeys([*tags, *_tags(data)])),
            words=" ".join(_words({"steps": data["steps"], "examples": data["examples"]})),
        )

    for child in feature["children"]:
        if "scenario" in child:
            yield scenario(child["scenario"], _tags(feature), None)
        for one in child.get("rule", {}).get("children", []):
            if "scenario" in one:
                tags = [*_tags(feature), *_tags(child["rule"])]
                yield scenario(one["scenario"], tags, child["rule"]["name"])


def _tags(data: Any) -> list[str]:
    return [tag["name"].removeprefix("@") for tag in data["tags"]]


def _words(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in ("text", "value", "content") and isinstance(value, str):
                yield value
            else:
                yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)
