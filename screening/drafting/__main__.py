"""The process in which drafts are judged and tried, apart from the service: one task in, one answer out.

It has no database, no keys and no settings; what it is given is what it knows.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from rules.program import Program
from screening.drafting.comparisons import Held, compare
from screening.drafting.judgements import LoadedDraft, judge


def main() -> int:
    """Do the task that stands in the input as JSON; 2 for one that nobody knows."""
    asked = json.loads(sys.stdin.buffer.read())
    tasks = {"judge": _judge, "compile": _compile, "compare": _compare}
    if asked["task"] not in tasks:
        return 2
    sys.stdout.buffer.write(json.dumps(tasks[asked["task"]](asked)).encode())
    return 0


def _judge(asked: dict[str, Any]) -> Any:
    found = judge(asked["files"], asked["rule_set"], Program.from_json(asked["before"]))
    return found.model_dump(mode="json")


def _compile(asked: dict[str, Any]) -> Any:
    with LoadedDraft(asked["files"], asked["rule_set"]) as draft:
        return None if draft.program is None else dict(draft.program.data)


def _compare(asked: dict[str, Any]) -> Any:
    interviews = [Held.model_validate_json(json.dumps(one)) for one in asked["interviews"]]
    with LoadedDraft(asked["files"], asked["rule_set"]) as draft:
        if draft.program is None:
            return None
        found = compare(Program.from_json(asked["before"]), draft.program, interviews)
    return [one.model_dump(mode="json") for one in found]


if __name__ == "__main__":
    raise SystemExit(main())
