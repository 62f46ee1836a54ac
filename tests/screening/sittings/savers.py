"""One process that saves random answers to an interview, and says what was acknowledged."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from screening.engines import Engines
from screening.installations import open_installation
from screening.people.access import Actor, Grant
from screening.sittings.answers import GivenAnswer
from screening.sittings.saving import save_answers
from screening.work import Service
from tests.services import storage_settings

# Few questions, so that savers meet.
CHOICES: dict[str, tuple[Any, ...]] = {
    "locked_in": ("yes", "no", {"state": "declined"}, {"state": "not_asked"}),
    "daily_hours": tuple(range(6, 20)),
    "documents_holder": ("self", "employer", "agent", {"state": "not_known"}),
    "threats_made": (["police"], {"value": ["family"], "complete": True}),
    "debt_kind": ("none", "plain_loan"),
}


@dataclass(frozen=True)
class Told:
    """What a saver was told about one answer."""

    client_key: str
    question: str
    answer: Any
    follows_seq: int | None
    seq: int | None
    # In a conflict: the number of the answer that was shown to be there.
    there: int | None
    codes: tuple[str, ...]


def save_at_random(service: Service, actor: Actor, interview: str, name: str, count: int) -> Iterator[Told]:
    """Save as somebody does who learns only from conflicts what others saved; now and then send one again."""
    chance = random.Random(name)
    seen: dict[str, int | None] = dict.fromkeys(CHOICES)
    for number in range(count):
        question = chance.choice(list(CHOICES))
        answer = chance.choice(CHOICES[question])
        key = f"{name}-{number}"
        given = GivenAnswer(question, answer, key, follows_seq=seen[question])
        for _ in range(1 + (chance.random() < 0.2)):
            saved = save_answers(service, actor, interview, [given], live=chance.random() < 0.1)
            (one,) = saved.outcomes
            there = None
            if one.conflict is not None and one.conflict.saved is not None:
                there = one.conflict.saved.seq
            codes = tuple(fault.code for fault in one.faults)
            yield Told(key, question, answer, given.follows_seq, one.seq, there, codes)
        seen[question] = one.seq if one.seq is not None else there


def save_with_threads(
    service: Service, actor: Actor, interview: str, name: str, threads: int, count: int
) -> list[Told]:
    """Several savers at once; everything that each was told."""
    with ThreadPoolExecutor(threads) as pool:
        runs = [
            pool.submit(lambda at: list(save_at_random(service, actor, interview, f"{name}.{at}", count)), at)
            for at in range(threads)
        ]
        return [told for run in runs for told in run.result()]


def main(url: str, account: str, site: str, interview: str, name: str) -> None:
    """Save in a process of its own."""
    actor = Actor(account, "person", frozenset({Grant("interviewer", site)}))
    with Engines(workers=1) as engines:
        service = open_installation(storage_settings(url), engines)
        try:
            told = save_with_threads(service, actor, interview, name, threads=3, count=12)
        finally:
            service.close()
    sys.stdout.write(json.dumps([asdict(one) for one in told]))


if __name__ == "__main__":
    main(*sys.argv[1:])
