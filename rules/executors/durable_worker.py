"""The process around durable_rules: it alone imports the engine, and it is expected to die.

Started by `rules.executors.workers` as a plain script with nothing of ours on its path. It reads one JSON
line and writes one JSON line, until its input ends. After any error of the engine it says so and exits,
because the engine cannot be trusted from then on. Requests hold identifiers of the plan and never an answer.

    {"load": digest, "plan": {...}}         -> {"loaded": digest}
    {"id": 7, "program": digest, "true": [...]} -> {"id": 7, "true": [...], "fired": [[name, [...]], ...]}
                                               or {"id": 7, "unloaded": digest}
    (an error)                              -> {"error": reason}, and the process ends
"""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import sys
from collections import Counter, OrderedDict
from typing import Any, BinaryIO

MOST_PROGRAMS = 6

# A firing is `{"r0021/0":{"x0":{"id":"t0042","sid":"0","b":11,"c":"t0042"},...}}`, each fact as it was sent.
# Reading it as JSON would cost as much as the engine's own work.
MATCHED = re.compile(r'"c":"([a-z0-9]+)"').findall

OPEN_RULE = {"all": [{"m": {"open": 1}}]}
OPEN_FACT = '{"id":"open","sid":"0","open":1}'

Json = dict[str, Any]


class Poisoned(Exception):
    """The engine refused something that the plan allows: nothing it says from now on counts."""


class LoadedLevel:
    """One engine rule set, driven the one way in which the engine is right and leaks nothing."""

    def __init__(self, engine: Any, name: str, form: Json) -> None:
        self.engine = engine
        self.counts: list[Json] = form["counts"]
        self.facts = [
            (fact, json.dumps({**parts, "sid": "0"}, separators=(",", ":")))
            for fact, parts in form["facts"].items()
        ]
        self.handle: int | None = None
        if form["rules"]:
            # `_open` fires every time: deleting a state in which nothing ran frees an uninitialised pointer.
            rules = json.dumps({**form["rules"], "_open": OPEN_RULE})
            self.handle = engine.create_ruleset(name, rules)

    def run(self, true: set[str]) -> list[tuple[str, list[str]]]:
        """Every branch that holds, each with the identifiers that the engine matched."""
        facts = [text for name, text in self.facts if name in true]
        if self.handle is None or not facts:
            return []
        engine, handle = self.engine, self.handle
        state = engine.assert_fact(handle, OPEN_FACT)[1]
        for text in facts:
            # One at a time: in a batch, one bad fact silently drops all later ones.
            if engine.assert_fact(handle, text)[0] not in (0, 1):
                raise Poisoned("a fact was taken for another one")
        fired = []
        start = engine.start_action_for_state(handle, state)
        message = start[1] if start else None
        while message:
            name = message[2 : message.index('"', 2)]
            if name != "_open":
                fired.append((name, MATCHED(message)))
            message = engine.complete_and_start_action(handle, state)
        engine.delete_state(handle, "0")
        return fired

    def close(self) -> None:
        """Give the rule set's memory back."""
        if self.handle is not None:
            self.engine.delete_ruleset(self.handle)


class LoadedProgram:
    """A plan, compiled: level after level, with the counts between them."""

    def __init__(self, engine: Any, name: str, form: Json) -> None:
        self.concludes: dict[str, str] = form["concludes"]
        self.levels = [
            LoadedLevel(engine, f"{name}-{place}", level) for place, level in enumerate(form["levels"])
        ]

    def run(self, given: list[str]) -> tuple[list[str], list[tuple[str, list[Any]]]]:
        """The established conclusions, and every firing in the order of the levels."""
        true = set(given)
        concluded: set[str] = set()
        fired: list[tuple[str, list[Any]]] = []
        for level in self.levels:
            found: list[tuple[str, list[Any]]] = [*level.run(true)]
            for name, _ in found:
                self._settle(name.partition("/")[0], true, concluded)
            for count in level.counts:
                made = counted(count, true)
                if made:
                    found += made
                    self._settle(count["node"], true, concluded)
            fired += found
        return sorted(concluded), fired

    def _settle(self, node: str, true: set[str], concluded: set[str]) -> None:
        target = self.concludes.get(node, node)
        true.add(target)
        if target[0] == "c":
            concluded.add(target)

    def close(self) -> None:
        """Give the memory of every level back."""
        for level in self.levels:
            level.close()


def counted(count: Json, true: set[str]) -> list[tuple[str, list[Any]]]:
    """The firings of one count: at most one for `at_least`, one a combination that is met for a dimension."""
    members = count["members"]
    if "need" in count:
        met = [member for member in members if member in true]
        return [(count["node"], met)] if len(met) >= count["need"] else []
    places = [place for place, member in enumerate(members) if member in true]
    found = Counter(count["strengths"][place] for place in places)
    firings: list[tuple[str, list[Any]]] = []
    for number, (strong, medium, weak, either) in enumerate(count["combinations"]):
        if (
            found["strong"] >= strong
            and found["medium"] >= medium
            and found["weak"] >= weak
            and found["medium"] + found["weak"] >= medium + weak + either
        ):
            firings.append((f"{count['node']}/{number}", places))
    return firings


class Programs:
    """The plans this process holds, the longest unused given up first."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.loaded: OrderedDict[str, LoadedProgram] = OrderedDict()
        self.serial = 0

    def answer(self, request: Json) -> Json:
        """The reply to one request."""
        if "load" in request:
            self._load(request["load"], request["plan"])
            return {"loaded": request["load"]}
        program = self.loaded.get(request["program"])
        if program is None:
            return {"id": request["id"], "unloaded": request["program"]}
        self.loaded.move_to_end(request["program"])
        concluded, fired = program.run(request["true"])
        return {"id": request["id"], "true": concluded, "fired": fired}

    def _load(self, digest: str, form: Json) -> None:
        if digest in self.loaded:
            return
        while len(self.loaded) >= MOST_PROGRAMS:
            self.loaded.popitem(last=False)[1].close()
        self.serial += 1
        self.loaded[digest] = LoadedProgram(self.engine, f"p{self.serial}", form)


def reason_of(error: BaseException) -> str:
    """Why the process ends, without the message itself: the engine puts the fact into it."""
    if isinstance(error, Poisoned):
        return str(error)
    code = re.search(r"error code: (\d+)", str(error))
    return type(error).__name__ + (f" {code[1]}" if code else "")


def main(watchdog: float) -> int:
    """Answer until the input ends; 1 after an error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Should the engine loop for ever when nobody is left to end this process, the alarm does.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    requests: BinaryIO = os.fdopen(os.dup(0), "rb")
    replies: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
    # Whatever the engine prints must not be read as a reply, and may hold a fact.
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    encode = json.JSONEncoder(separators=(",", ":")).encode
    # Nothing here makes cycles, and looking for them would fall on some person's assessment.
    gc.disable()
    try:
        import durable_rules_engine

        programs = Programs(durable_rules_engine)
        replies.write(b'{"ready": true}\n')
        for line in requests:
            signal.setitimer(signal.ITIMER_REAL, watchdog)
            reply = encode(programs.answer(json.loads(line)))
            signal.setitimer(signal.ITIMER_REAL, 0)
            _write(replies, reply)
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - whatever it was, this process is not to be used again
        _write(replies, json.dumps({"error": reason_of(error)}))
        return 1
    return 0


def _write(replies: BinaryIO, line: str) -> None:
    left = memoryview(line.encode() + b"\n")
    while left:
        left = left[replies.write(left) :]


if __name__ == "__main__":
    sys.path += sys.argv[2:]
    # Without the interpreter's own tidying up: it would free what the engine still points to.
    os._exit(main(float(sys.argv[1])))
