"""Turns the conclusions of a program into one straight-line Python function.

A truth is two bits, *may be true* and *is true*: false 0b00, unknown 0b01, true 0b11. The language has no
"not", so Kleene's *and* and *or* are `&` and `|`, and counting is made of them too. No bit ever looks at its
neighbour: the same function therefore also evaluates many variants of the answers at once, one bit for each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

FALSE, UNKNOWN, TRUE = 0b00, 0b01, 0b11

Conclude = Callable[[Sequence[int], int], tuple[int, ...]]
Expression = Sequence[Any]

# Longer chains of operators are cut: Python's compiler walks a chain recursively.
LONGEST_CHAIN = 64


@dataclass(frozen=True)
class Layout:
    """Where each value stands in what the function returns: conclusions first, in the program's order.

    A nested condition (`all`, `any`, `at_least`) is found under `form_of` it.
    """

    conclusions: Mapping[str, int]
    rules: Mapping[str, int]
    entries: Mapping[tuple[str, str], int]
    combinations: Mapping[tuple[str, str], int]
    nested: Mapping[str, int]


def form_of(expression: Expression) -> str:
    """The text of an expression: equal for equal expressions only."""
    return json.dumps(expression)


def compile_conclusions(
    conclusions: Iterable[Mapping[str, Any]], tests: Mapping[str, int]
) -> tuple[Conclude, Layout]:
    """`conclude(truths of the tests, all bits in use)`, and where each value stands in what it returns."""
    writer = _Writer(tests)
    rules: dict[str, str] = {}
    entries: dict[tuple[str, str], str] = {}
    combinations: dict[tuple[str, str], str] = {}
    for conclusion in conclusions:
        name = conclusion["id"]
        if "entries" in conclusion:
            counted = {entry["id"]: writer.operand(entry["when"]) for entry in conclusion["entries"]}
            reasons = writer.combinations(conclusion, counted)
            entries.update({(name, key): operand for key, operand in counted.items()})
            combinations.update({(name, key): operand for key, operand in reasons.items()})
        else:
            reasons = {rule["id"]: writer.operand(rule["when"]) for rule in conclusion["rules"]}
            rules.update(reasons)
        writer.concluded[name] = writer.joined(" | ", list(reasons.values()))
    returned: list[str] = []

    def place(operands: Mapping[Any, str]) -> dict[Any, int]:
        returned.extend(operands.values())
        return dict(zip(operands, range(len(returned) - len(operands), len(returned)), strict=True))

    layout = Layout(
        place(writer.concluded), place(rules), place(entries), place(combinations), place(writer.written)
    )
    return writer.function(returned), layout


def compile_condition(
    expression: Expression, tests: Mapping[str, int]
) -> Callable[[Sequence[int], int], int]:
    """`holds(truths of the tests, all bits in use)` for one condition over tests, such as `applies_when`."""
    writer = _Writer(tests)
    value = writer.operand(expression)
    found = sorted({int(name[1:]) for name in writer.read})
    lines = [f"    t{at} = tests[{at}]" for at in found] + writer.lines
    return cast(
        "Callable[[Sequence[int], int], int]",
        _defined("\n".join(["def defined(tests, every):", *lines, f"    return {value}"])),
    )


class _Writer:
    """Writes one line for each nested condition; equal conditions are written once."""

    def __init__(self, tests: Mapping[str, int]) -> None:
        self.tests = tests
        self.lines: list[str] = []
        self.concluded: dict[str, str] = {}
        self.read: set[str] = set()
        self.written: dict[str, str] = {}

    def operand(self, expression: Expression) -> str:
        """The name that holds this condition's truth."""
        if expression[0] == "test":
            name = f"t{self.tests[expression[1]]}"
            self.read.add(name)
            return name
        if expression[0] == "ref":
            return self.concluded[expression[1]]
        key = form_of(expression)
        if key not in self.written:
            parts = [self.operand(part) for part in expression[-1]]
            if expression[0] == "at_least":
                self.written[key] = self.counted(parts, [expression[1]])[expression[1]]
            else:
                self.written[key] = self.joined(" & " if expression[0] == "all" else " | ", parts)
        return self.written[key]

    def joined(self, operator: str, operands: Sequence[str]) -> str:
        if not operands:
            return "every" if operator == " & " else "0"
        if len(operands) == 1:
            return operands[0]
        name = self._assigned(operator.join(operands[:LONGEST_CHAIN]))
        for at in range(LONGEST_CHAIN, len(operands), LONGEST_CHAIN):
            self._line(f"{name} = {operator.join([name, *operands[at : at + LONGEST_CHAIN]])}")
        return name

    def counted(self, operands: Sequence[str], wanted: Sequence[int]) -> dict[int, str]:
        """For each wanted number, the name that says whether at least so many of the operands are true."""
        reached = {0: "every"}
        most = max(wanted, default=0)
        for number, operand in enumerate(operands, start=1):
            # From the highest count down, so that one operand is never counted twice.
            for count in range(min(number, most), 0, -1):
                below = reached[count - 1]
                one_more = operand if below == "every" else f"{below} & {operand}"
                if count in reached:
                    self._line(f"{reached[count]} |= {one_more}")
                else:
                    reached[count] = self._assigned(one_more)
        return {count: reached.get(max(count, 0), "0") for count in wanted}

    def combinations(self, conclusion: Mapping[str, Any], entries: Mapping[str, str]) -> dict[str, str]:
        """For each combination of a dimension, the name that says whether all its counts are reached."""
        needed = {item["id"]: counts_needed(item) for item in conclusion["combinations"]}
        reached: dict[tuple[str, ...], dict[int, str]] = {}
        for strengths in sorted({strengths for counts in needed.values() for strengths in counts}):
            members = [
                entries[entry["id"]] for entry in conclusion["entries"] if entry["strength"] in strengths
            ]
            wanted = sorted({counts[strengths] for counts in needed.values() if strengths in counts})
            reached[strengths] = self.counted(members, wanted)
        return {
            key: self.joined(" & ", [reached[strengths][count] for strengths, count in counts.items()])
            for key, counts in needed.items()
        }

    def function(self, returned: Sequence[str]) -> Conclude:
        unpacked = "".join(f"t{at}, " for at in range(len(self.tests)))
        source = ["def defined(tests, every):", f"    ({unpacked}) = tests", *self.lines]
        source.append(f"    return ({''.join(f'{name}, ' for name in returned)})")
        return cast("Conclude", _defined("\n".join(source)))

    def _assigned(self, text: str) -> str:
        name = f"n{len(self.lines)}"
        self._line(f"{name} = {text}")
        return name

    def _line(self, text: str) -> None:
        self.lines.append("    " + text)


def counts_needed(combination: Mapping[str, Any]) -> dict[tuple[str, ...], int]:
    """How many entries of which strengths a combination needs; no entry is counted twice within it."""
    either = combination["medium"] + combination["weak"] + combination["medium_or_weak"]
    counts = {
        ("strong",): combination["strong"],
        ("medium",): combination["medium"],
        ("weak",): combination["weak"],
        ("medium", "weak"): either if combination["medium_or_weak"] else 0,
    }
    return {strengths: count for strengths, count in counts.items() if count}


def _defined(source: str) -> Any:
    namespace: dict[str, Any] = {}
    # The source holds positions and operators only: no text of the program enters it.
    exec(compile(source, "<program>", "exec"), namespace)  # noqa: S102
    return namespace["defined"]
