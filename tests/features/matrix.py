"""Rules and scenarios of each requirement: `python -m tests.features.matrix --write` writes the page."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from indicators.yaml_reading import read_yaml
from tests.features.reading import ROOT, WrittenScenario, read_scenarios

PAGE = ROOT / "docs" / "requirements.md"
REQUIREMENTS = Path(__file__).with_name("requirements.yaml")
HEAD = """# Requirements, rules and scenarios

Written by `python -m tests.features.matrix --write`; a test compares it. A rule stands here
where a scenario of the requirement names it, by a tag or in its words.

| # | requirement | rules named | scenarios | still to come |
|---|---|---|---|---|
"""


def read_requirements() -> list[dict[str, Any]]:
    """Return the fifty requirements in their order."""
    plain: Any = read_yaml(REQUIREMENTS.read_text(encoding="utf-8"), REQUIREMENTS.name).plain()
    return list(plain)


def by_requirement(scenarios: list[WrittenScenario]) -> dict[int, list[WrittenScenario]]:
    """Return the scenarios of each requirement."""
    found: dict[int, list[WrittenScenario]] = defaultdict(list)
    for scenario in scenarios:
        for number in scenario.numbers("req"):
            found[number].append(scenario)
    return found


def write_page(known_rules: set[str]) -> str:
    """Return the page; `known_rules` are the ids of the shipped rules."""
    shown = by_requirement(read_scenarios())
    rows = []
    for requirement in read_requirements():
        scenarios = shown.get(requirement["number"], [])
        rules = sorted({id for one in scenarios for id in one.rule_ids()} & known_rules)
        links = "<br>".join(f"[{_plain(one.name)}](../{one.file}#L{one.line})" for one in scenarios)
        cells = (
            requirement["number"],
            requirement["text"],
            ", ".join(rules),
            links,
            requirement.get("later", ""),
        )
        rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    count = sum(1 for requirement in read_requirements() if shown.get(requirement["number"]))
    foot = f"\n{count} of {len(rows)} requirements are shown by scenarios.\n"
    return HEAD + "\n".join(rows) + "\n" + foot


def _plain(name: str) -> str:
    """The name as text of a table: what Markdown would read is written so that it does not."""
    return name.replace("<", "\\<").replace("|", "\\|").replace("`", "'")


def shipped_rules() -> set[str]:
    """Return the ids of the rules that are shipped."""
    from screening.clock import today_in_kuwait
    from screening.engines import Engines
    from tests.steps.names import rule_ids

    with Engines() as engines:
        return set(rule_ids(engines.program_for("kuwait", None, today_in_kuwait()).data))


if __name__ == "__main__":
    page = write_page(shipped_rules())
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)
