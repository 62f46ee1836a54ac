"""What a reader found in a file: values that remember where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from indicators.errors import Fault, fault

Scalar: TypeAlias = str | int | bool | None
Plain: TypeAlias = "Scalar | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value with its place; `broken` when its fault is reported already, so that nobody does it again."""

    value: Scalar | list[Node] | dict[str, Node]
    file: str | None = None
    line: int | None = None
    column: int | None = None
    broken: bool = False
    keys: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def entries(self) -> dict[str, Node]:
        """The values of a mapping by key; empty for everything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The values of a list in order; empty for everything else."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """Return the value without places: text, whole number, true or false, None, list, mapping."""
        value = self.value
        if isinstance(value, dict):
            return {key: one.plain() for key, one in value.items()}
        if isinstance(value, list):
            return [one.plain() for one in value]
        return value

    def fault(self, code: str, *, at: str | None = None, path: str | None = None, **slots: Any) -> Fault:
        """Return a fault at this node, at its key `at` where it has one; `path` names the field."""
        line, column = self.line, self.column
        if at is not None and at in self.keys:
            line, column = self.keys[at]
        return fault(code, file=self.file, line=line, column=column, field=path, **slots)

    def follow(self, path: Iterable[str | int]) -> Node:
        """Return the node at a path, or the deepest one on the way to it."""
        node = self
        for step in path:
            value = node.value
            if isinstance(value, dict) and step in value:
                node = value[str(step)]
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                node = value[step]
            else:
                break
        return node

    def without(self, *keys: str) -> Node:
        """Return a mapping without some keys, for a reader that takes those apart itself."""
        if not isinstance(self.value, dict):
            return self
        kept = {key: one for key, one in self.value.items() if key not in keys}
        return Node(kept, self.file, self.line, self.column, self.broken, self.keys)
