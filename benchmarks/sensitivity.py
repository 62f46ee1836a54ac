"""What each module of the rule set adds: without its rules, the shipped accounts are screened again."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import dropped_facts
from benchmarks.accounts import Account, accounts
from rules.evaluation import Engine, Evaluation
from rules.program import Program, references_in
from rules.revisions import draft_program
from rules.rule_sets import load_rule_set

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reviewers" / "sensitivity.md"


def rules_by_module() -> dict[str, frozenset[str]]:
    """The ids of the rules of each module, and of the lists that it counts."""
    rule_set, _ = load_rule_set()
    assert rule_set is not None
    found = {}
    for module in rule_set.modules:
        rules = (*module.observations, *module.finding_rules, *module.recommendations)
        lists = [f"dimension.{module.module}.{name}" for name in module.dimensions]
        found[module.module] = frozenset({*(rule.id for rule in rules), *lists})
    return found


def without(program: Program, rules: Collection[str]) -> Program:
    """The program without some rules and lists, and without what only they could conclude.

    What is left out can no longer be shown, so a part of `any` that waited for it goes, and a condition that
    needed it goes with it; counts keep their number. A rule that can no longer hold is left out too.
    """
    gone: set[str] = set()
    kept = []
    for conclusion in program.data["conclusions"]:
        found = _reduced(conclusion, rules, gone)
        if found is None:
            gone.add(conclusion["id"])
        else:
            kept.append(found)
    return Program.from_data({**program.data, "conclusions": kept})


def _reduced(conclusion: Mapping[str, Any], rules: Collection[str], gone: Collection[str]) -> Any:
    if conclusion["kind"] == "dimension":
        if conclusion["id"] in rules:
            return None
        entries = [
            {**entry, "when": when}
            for entry in conclusion["entries"]
            if (when := prune(entry["when"], gone)) is not None
        ]
        return {**conclusion, "entries": entries} if entries else None
    left = [
        {**rule, "when": when}
        for rule in conclusion["rules"]
        if rule["id"] not in rules and (when := prune(rule["when"], gone)) is not None
    ]
    return {**conclusion, "rules": left} if left else None


def prune(when: Any, gone: Collection[str]) -> Any:
    """The condition without references to what is gone; None if it can no longer hold."""
    kind = when[0]
    if kind == "test":
        return when
    if kind == "ref":
        return None if when[1] in gone else when
    parts = [prune(part, gone) for part in when[-1]]
    left = [part for part in parts if part is not None]
    if kind == "all":
        return [*when[:-1], left] if len(left) == len(parts) else None
    needed = when[1] if kind == "at_least" else 1
    if len(left) < needed:
        return None
    if len(left) == 1:
        return left[0]
    return ["all", left] if kind == "at_least" and len(left) == needed else [*when[:-1], left]


def dangling(program: Program) -> set[str]:
    """References of a program to what it does not conclude; none, if it was reduced well."""
    known = {conclusion["id"] for conclusion in program.data["conclusions"]}
    read = {
        name
        for item in program.data["conclusions"]
        for when in _conditions(item)
        for name in references_in(when)
    }
    return read - known


def _conditions(conclusion: Mapping[str, Any]) -> list[Any]:
    return [part["when"] for part in conclusion.get("rules") or conclusion.get("entries") or ()]


def evaluate(program: Program, told: Collection[Account]) -> list[Evaluation]:
    """What follows for each account."""
    engine = Engine(program, check=False)
    return [engine.evaluate(item.answers, item.as_of, item.instrument) for item in told]


def write_lines() -> Iterator[str]:
    """The whole page, line by line."""
    program, told = draft_program(), accounts()
    order = [*program.data["ladder"], *program.data["below"]]
    before = evaluate(program, told)
    interviews = [item.name for item in told if ":" not in item.name]
    yield "# What each module adds"
    yield ""
    yield "Written by `python -m benchmarks.sensitivity --write`. Each module is switched off in turn: its"
    yield "rules and its lists are left out, with everything that only they could show, and all shipped"
    yield "accounts are screened again:"
    cases = len(told) - len(interviews)
    yield f"{len(interviews)} interviews and {cases} cases of rules. Cases are written to"
    yield "show one rule each, so the figures say which part of the rules carries what, not how often."
    yield ""
    header = [
        "switched off",
        "rules",
        "lower result",
        "of these no longer possible or indicated",
        "higher result",
        "routes lost",
        "signs, findings lost",
    ]
    yield f"| {' | '.join(header)} |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    details: list[str] = []
    for module, rules in rules_by_module().items():
        after = evaluate(without(program, rules), told)
        lower = [
            (item, one, other)
            for item, one, other in zip(told, before, after, strict=True)
            if order.index(other.outcome) > order.index(one.outcome)
        ]
        higher = sum(
            order.index(other.outcome) < order.index(one.outcome)
            for one, other in zip(before, after, strict=True)
        )
        hidden = [item for item in lower if order.index(item[1].outcome) < 2 <= order.index(item[2].outcome)]
        lost: Counter[str] = Counter()
        for one, other in zip(before, after, strict=True):
            lost.update(name.partition(".")[0] for name in one.established - other.established)
        yield (
            f"| `{module}` | {len(rules)} | {len(lower)} | {len(hidden)} | {higher} | {lost['route']} |"
            f" {lost['indicator'] + lost['finding']} |"
        )
        details.append(f"## Without `{module}`")
        details.append("")
        moves = Counter((one.outcome, other.outcome) for _, one, other in lower)
        details += [
            f"- {number} from `{one}` to `{other}`" for (one, other), number in sorted(moves.items())
        ] or ["- No result changes."]
        named = [f"{item.name} (`{other.outcome}`)" for item, _, other in lower if item.name in interviews]
        if named:
            details.append(f"- Shipped interviews that come out lower: {', '.join(named)}.")
        details.append("")
    yield ""
    yield from details
    yield from dropped_facts.write_lines(Engine(program, check=False), told)
    yield "## How to read this"
    yield ""
    yield "- A module without lower results is not idle: it describes, adds needs, findings or routes, or"
    yield "  shows a second pattern beside the first. The strength of an account is said by more than its"
    yield "  step."
    yield "- A higher result means that a low result became *not enough known*, or that a sign no longer"
    yield "  stands in the way of nothing; no rule lowers another."


def main() -> None:
    """Print the page; with `--write` put it where reviewers read it."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.sensitivity", description=__doc__)
    reader.add_argument("--write", action="store_true", help=f"write docs/reviewers/{PAGE.name}")
    page = "\n".join(write_lines()) + "\n"
    if reader.parse_args().write:
        PAGE.write_text(page, encoding="utf-8")
    else:
        print(page)


if __name__ == "__main__":
    main()
