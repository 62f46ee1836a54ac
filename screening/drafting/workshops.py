"""Work on drafts that takes seconds, done in a process of its own so that everybody else goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from rules.program import Program
from screening.drafting.comparisons import Compared, Held
from screening.drafting.judgements import Judgement
from screening.refusals import refused

# A judgement takes two or three seconds on a machine at rest; a draft that needs longer than this never ends.
LONGEST: Final = 120
_COMPARED: Final = TypeAdapter(list[Compared] | None)
# What a process needs of the environment; keys and addresses of the service are none of it.
_PASSED: Final = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "SYSTEMROOT", "TMPDIR", "VIRTUAL_ENV")


class Workshop:
    """Runs one task at a time, each no longer than `longest` seconds."""

    def __init__(self, longest: float = LONGEST) -> None:
        self.longest = longest
        self._place = threading.Lock()

    def judge(self, changed: Mapping[str, str], rule_set: str, before: Program) -> Judgement:
        """Return what is wrong with a draft and what differs from `before`.

        Raises `Refused` with S224 if that took too long, S225 if the process ended without an answer.
        """
        answer = self._run(
            {"task": "judge", "files": dict(changed), "rule_set": rule_set, "before": before.to_json()}
        )
        return Judgement.model_validate_json(answer)

    def compile(self, changed: Mapping[str, str], rule_set: str) -> Program | None:
        """Return the program of a draft; None if it cannot be read. Raises `Refused` as `judge` does."""
        task = {"task": "compile", "files": dict(changed), "rule_set": rule_set}
        found = json.loads(self._run(task))
        return None if found is None else Program.from_data(found)

    def compare(
        self, changed: Mapping[str, str], rule_set: str, before: Program, interviews: Sequence[Held]
    ) -> list[Compared] | None:
        """Return what `before` and a draft come to for each interview; None if the draft cannot be read.

        Raises `Refused` as `judge` does.
        """
        held = [one.model_dump(mode="json") for one in interviews]
        task = {"task": "compare", "files": dict(changed), "rule_set": rule_set, "before": before.to_json()}
        return _COMPARED.validate_json(self._run({**task, "interviews": held}))

    def _run(self, task: Mapping[str, Any]) -> bytes:
        # Not shell=True, and nothing of a draft in the arguments: everybody on the machine may read those.
        command = [sys.executable, "-P", "-m", "screening.drafting"]
        environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
        if not self._place.acquire(timeout=self.longest):
            raise refused("S224", seconds=int(self.longest))
        try:
            done = subprocess.run(
                command,
                input=json.dumps(task, ensure_ascii=True).encode(),
                capture_output=True,
                timeout=self.longest,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise refused("S224", seconds=int(self.longest)) from None
        finally:
            self._place.release()
        if done.returncode != 0:
            raise refused("S225")
        return done.stdout
