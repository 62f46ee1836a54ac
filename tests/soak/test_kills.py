"""A server that is killed at any moment loses no acknowledged answer, and saves none twice.

`SOAK=1`: 1,000 answers on each database; otherwise a seeded few.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

import pytest
from sqlalchemy import func, select

from benchmarks.servers import Server
from screening.audit.verification import verify
from screening.client import Client, NoAnswer
from screening.client.models.interviews import NewAnswer, NewInterviewBody
from screening.clock import utc_now
from screening.engines import Engines
from screening.installations import open_installation
from screening.people import api_tokens
from screening.storage.databases import Database
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.interviews import AnswerRevision
from tests.services import MASTER_KEY, make_world, storage_settings

IN_FULL: Final = os.environ.get("SOAK") == "1"
WRITERS: Final = 4
ANSWERS: Final = 250 if IN_FULL else 15  # of each writer
KILLS: Final = 20 if IN_FULL else 2

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0 if IN_FULL else 400)]

QUESTIONS: Final = ("locked_in", "daily_hours", "documents_holder", "free_to_leave_place", "months_unpaid")
VALUES: Final = {
    "locked_in": ("yes", "no"),
    "daily_hours": (12, 15),
    "documents_holder": ("employer", "agent"),
    "free_to_leave_place": ("not_allowed", "with_escort"),
    "months_unpaid": (1, 3),
}


@dataclass
class Saved:
    """What the server acknowledged."""

    interview: str
    # By question: the numbers and the answers, in the order in which they were saved.
    answers: dict[str, list[tuple[int, object]]] = field(default_factory=lambda: defaultdict(list))
    given: list[tuple[NewAnswer, int]] = field(default_factory=list)
    repeated: int = 0


@dataclass
class Counts:
    """How far the writers are."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: int = 0
    # No answer is begun beyond this many: a kill that is due comes before everything is written, however long
    # the machine takes to do it.
    until: int = 0
    failures: list[BaseException] = field(default_factory=list)


def write(address: str, token: str, site: str, number: int, saved: Saved, counts: Counts) -> None:
    """Save answers one after the other; each is sent until the server has acknowledged it."""
    random = Random(f"kill {number}")
    try:
        with Client(address, token=token, retries=0) as client:
            last: dict[str, int | None] = dict.fromkeys(QUESTIONS)
            for at in range(ANSWERS):
                question = random.choice(QUESTIONS)
                values = VALUES[question]
                while counts.acknowledged >= counts.until:
                    time.sleep(0.005)
                # Never the value that stands there already.
                value = values[len(saved.answers[question]) % 2]
                given = NewAnswer(
                    question=question,
                    answer=value,
                    follows_seq=last[question],
                    client_key=f"writer-{number}-{at}",
                )
                seq = insist(client, saved, given, live=at % 3 == 0)
                last[question] = seq
                saved.answers[question].append((seq, value))
                saved.given.append((given, seq))
                with counts.lock:
                    counts.acknowledged += 1
    except BaseException as error:  # noqa: BLE001 - the test tells
        with counts.lock:
            counts.failures.append(error)


def insist(client: Client, saved: Saved, given: NewAnswer, *, live: bool) -> int:
    """Send an answer, with the same key, until it is acknowledged; its number."""
    ends = time.monotonic() + 180
    while True:
        try:
            return client.save_answer(saved.interview, given, live=live).seq
        except NoAnswer:
            saved.repeated += 1
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)


def test_killed_server_keeps_every_acknowledged_answer(
    database_url: str, kuwait_engines: Engines, tmp_path: Path
) -> None:
    is_sqlite = database_url.startswith("sqlite")
    token, site = prepare(database_url, kuwait_engines)
    server = Server(
        tmp_path / "server.log",
        database_url=database_url,
        master_key=MASTER_KEY,
        workers="1",
        processes="1" if is_sqlite else "2",
        requests_per_minute="1000000",
    )
    random = Random(f"moments {is_sqlite}")
    counts = Counts()
    with server:
        with Client(server.address, token=token) as client:
            interviews = [
                client.create_interview(NewInterviewBody(instrument="intake", site=site)).id
                for _ in range(WRITERS)
            ]
        saved = [Saved(one) for one in interviews]
        threads = [
            threading.Thread(target=write, args=(server.address, token, site, number, one, counts))
            for number, one in enumerate(saved)
        ]
        for thread in threads:
            thread.start()
        kills = 0
        every = WRITERS * ANSWERS // (KILLS + 1)
        counts.until = every + every // 2
        while any(thread.is_alive() for thread in threads):
            if kills < KILLS and counts.acknowledged >= every * (kills + 1):
                # Somewhere within the requests that are under way.
                time.sleep(random.random() * 0.05)
                server.kill()
                kills += 1
                server.start()
                counts.until = every * (kills + 1) + every // 2 if kills < KILLS else WRITERS * ANSWERS
            time.sleep(0.002)
        for thread in threads:
            thread.join()
        assert counts.failures == []
        assert kills == KILLS
        assert sum(one.repeated for one in saved) > 0, "no request was under way when the server was killed"
        with Client(server.address, token=token) as client:
            for one in saved:
                check_over_http(client, one)
    check_in_database(database_url, saved)


def prepare(url: str, engines: Engines) -> tuple[str, str]:
    """People, and a token of another system that may hold interviews."""
    service = open_installation(storage_settings(url), engines)
    world = make_world(service)
    with service.work(world["administrator"]) as work:
        scopes = ["cases.create", "cases.read", "interviews.write"]
        expires = utc_now() + timedelta(days=2)
        token = api_tokens.issue(work, world["service"].account_id, "kills", scopes, expires).token
    service.close()
    return token, world.site_a


def check_over_http(client: Client, saved: Saved) -> None:
    """Every acknowledged answer is there, once, in its place, and nothing else; a repetition adds none."""
    for given, seq in saved.given[::5]:
        assert client.save_answer(saved.interview, given).seq == seq
    for question, acknowledged in saved.answers.items():
        history = client.read_answer_history(saved.interview, question)
        found = sorted((one.seq, one.answer) for one in history.revisions)
        assert found == acknowledged, question


def check_in_database(url: str, saved: list[Saved]) -> None:
    """The chain is whole, has an entry for every saved answer, and no key was saved twice."""
    database = Database(url)
    with database.reading() as session:
        found = verify(session)
        keys = Counter(session.scalars(select(AnswerRevision.client_key)))
        audited = session.scalar(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "interview.answer")
        )
    database.close()
    assert found.intact, found.findings
    assert set(keys.values()) == {1}
    assert audited == keys.total() == sum(len(one.given) for one in saved) == WRITERS * ANSWERS
