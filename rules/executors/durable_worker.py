"""The process around durable_rules: it alone imports the engine, and it is expected to die.

Started by `rules.executors.workers` as a plain script with nothing of ours on its path. It reads one JSON
line and writes one JSON line, until its input ends. After any error of the engine it says so and exits,
because the engine cannot be trusted from then on. Requests hold identifiers of the plan and never an answer.

    {"load": digest, "plan": {...}}         -> {"loaded": digest}
    {"id": 7, "program": digest, "true": [...]} -> {"id": 7, "true": [...], "fired": [...]}
                                               or {"id": 7, "unloaded": digest}
    (an error)                              -> {"error": reason}, and the process ends

What fired is a branch's name when the engine matched just what the plan says it needs, and `[name, matched]`
for counts and for anything else that the engine may come up with.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import re
import signal
import sys
from collections import Counter, OrderedDict
from typing import Any, BinaryIO

MOST_PROGRAMS = 6

OPEN_RULE = {"all": [{"m": {"open": 1}}]}
OPEN_FACT = '{"id":"open","sid":"0","open":1}'

Json = dict[str, Any]
Fired = str | tuple[str, list[Any]]


class Poisoned(Exception):
    """The engine refused something that the plan allows: nothing it says from now on counts."""


class LoadedSection:
    """One engine rule set, driven the one way in which the engine is right and leaks nothing."""

    def __init__(self, engine: Any, name: str, form: Json) -> None:
        self.engine = engine
        # What the engine says when a rule fires: its name, and under each alias the fact as it was sent.
        # Reading that as JSON, hundreds of times, would cost as much as the engine's own work.
        self.expected: dict[str, str] = {}
        facts = {name: fact_text(parts) for name, parts in form["facts"].items()}
        for name, rule in form["rules"].items():
            if name in form["choices"]:
                for identifier, branch in form["choices"][name].items():
                    self.expected[firing_text(name, [facts[identifier]])] = branch
            else:
                self.expected[firing_text(name, [facts[one] for one in needed(rule)])] = name
        self.expected[f'{{"_open":{{"m":{OPEN_FACT}}}}}'] = "_open"
        # `_open` fires every time: deleting a state in which nothing ran frees an uninitialised pointer.
        self.handle: int = engine.create_ruleset(name, json.dumps({**form["rules"], "_open": OPEN_RULE}))

    def run(self, facts: list[str]) -> list[Fired]:
        """Every branch that holds with these facts."""
        handle = self.handle
        assert_fact = self.engine.assert_fact
        go_on = self.engine.complete_and_start_action
        state = assert_fact(handle, OPEN_FACT)[1]
        for fact in facts:
            # One at a time: in a batch, one bad fact silently drops all later ones.
            if assert_fact(handle, fact)[0] not in (0, 1):
                raise Poisoned("a fact was taken for another one")
        fired: list[Fired] = []
        start = self.engine.start_action_for_state(handle, state)
        message = start[1] if start else None
        while message:
            name = self.expected.get(message)
            if name is None:
                ((rule, frame),) = json.loads(message).items()
                fired.append((rule, [fact.get("c") for fact in frame.values()]))
            elif name != "_open":
                fired.append(name)
            message = go_on(handle, state)
        self.engine.delete_state(handle, "0")
        return fired

    def close(self) -> None:
        """Give the rule set's memory back."""
        self.engine.delete_ruleset(self.handle)


class LoadedProgram:
    """A plan, compiled: level after level, with the counts between them."""

    def __init__(self, engine: Any, name: str, form: Json) -> None:
        self.concludes: dict[str, str] = form["concludes"]
        self.sections: list[LoadedSection] = []
        self.levels: list[tuple[range, list[tuple[int, Json]]]] = []
        # For each identifier, the sections that read it with the fact to give them, and the counts.
        self.readers: dict[str, list[tuple[int, str]]] = {}
        self.counters: dict[str, list[int]] = {}
        numbers = itertools.count()
        for level in form["levels"]:
            first = len(self.sections)
            counts = [(next(numbers), count) for count in level["counts"]]
            for number, count in counts:
                for member in set(count["members"]):
                    self.counters.setdefault(member, []).append(number)
            for section in level["sections"]:
                place = len(self.sections)
                self.sections.append(LoadedSection(engine, f"{name}-{place}", section))
                for fact, parts in section["facts"].items():
                    self.readers.setdefault(fact, []).append((place, fact_text(parts)))
            self.levels.append((range(first, len(self.sections)), counts))

    def run(self, given: list[str]) -> tuple[list[str], list[Fired]]:
        """The established conclusions, and every firing in the order of the levels."""
        concludes, readers, counters = self.concludes, self.readers, self.counters
        true: set[str] = set()
        # What must be run at all: every branch, and every count, needs something that is true.
        waiting: dict[int, list[str]] = {}
        touched: set[int] = set()
        fired: list[Fired] = []

        def settle(node: str) -> None:
            node = concludes.get(node, node)
            if node not in true:
                true.add(node)
                for place, fact in readers.get(node, ()):
                    waiting.setdefault(place, []).append(fact)
                touched.update(counters.get(node, ()))

        for test in given:
            settle(test)
        for places, counts in self.levels:
            found: list[Fired] = []
            for place in places:
                if place in waiting:
                    found += self.sections[place].run(waiting[place])
            for one in found:
                settle((one if isinstance(one, str) else one[0]).partition("/")[0])
            for number, count in counts:
                made = counted(count, true) if number in touched else []
                if made:
                    found += made
                    settle(count["node"])
            fired += found
        return sorted(node for node in true if node[0] == "c"), fired

    def close(self) -> None:
        """Give the memory of every section back."""
        for section in self.sections:
            section.close()


def fact_text(parts: Json) -> str:
    """A fact of the one state there is, as it is sent to the engine."""
    return json.dumps({**parts, "sid": "0"}, separators=(",", ":"))


def needed(rule: Json) -> list[str]:
    """The identifiers that a rule of a plan needs, in the order of its antecedents."""
    conditions = [condition for antecedent in rule["all"] for condition in antecedent.values()]
    return [condition["$and"][-1]["c"] for condition in conditions]


def firing_text(name: str, facts: list[str]) -> str:
    """What the engine says when a rule fires on these facts."""
    frame = ",".join([f'"x{place}":{fact}' for place, fact in enumerate(facts)])
    return f'{{"{name}":{{{frame}}}}}'


def counted(count: Json, true: set[str]) -> list[Fired]:
    """The firings of one count: at most one for `at_least`, one a combination that is met for a dimension."""
    members = count["members"]
    if "need" in count:
        met = [member for member in members if member in true]
        return [(count["node"], met)] if len(met) >= count["need"] else []
    places = [place for place, member in enumerate(members) if member in true]
    found = Counter(count["strengths"][place] for place in places)
    firings: list[Fired] = []
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
