"""Fifty interviewers at once, each saving answers with a live assessment; and that no update is lost."""

from __future__ import annotations

import http.client
import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.peers import bare_service
from benchmarks.reports import Section, Table, Target, milliseconds
from benchmarks.servers import Server, installation, start_postgres
from benchmarks.timing import Timings
from screening.audit.verification import verify
from screening.client import Client
from screening.client.models.interviews import NewInterviewBody
from screening.clock import utc_now
from screening.people import accounts, api_tokens, sites
from screening.people.access import SYSTEM, Actor
from screening.storage import schemas
from screening.storage.databases import Database

INTERVIEWERS: Final = 50
WARM_UP: Final = 2
OURS: Final = "screening"
BARE: Final = "bare insert"
WAYS: Final = (("SQLite, 1 process", 1), ("PostgreSQL, 2 processes", 2))
SHARED: Final = 10

# What an intake asks, and what somebody in trouble might say; invented.
ANSWERS: Final[tuple[tuple[str, Any], ...]] = (
    ("age_group", "adult_settled"),
    ("kind_of_work", "domestic_work"),
    ("documents_holder", "employer"),
    ("documents_returned_on_request", "no"),
    ("locked_in", "yes"),
    ("daily_hours", 16),
    ("free_to_leave_place", "not_allowed"),
    ("months_unpaid", 3),
    ("danger_now", {"state": "declined"}),
    ("pay_late_or_kept", "kept_back_so_that_i_stay"),
)

ABOUT: Final = """\
Fifty interviewers at once, without a pause between an answer and the next, each in an interview of her own,
all on the same machine as the server and the database. Every answer is checked against the question bank,
encrypted under the key of its case, stored, entered into the audit chain, and answered with what all answers
come to now: one evaluation by the reference and by durable_rules, compared. A commit is on the disk before
it is acknowledged, on both databases.

The peer (`benchmarks/peers/bare_service.py`) takes the same requests with the same framework, the same
database and as many processes, and does one INSERT: no sign-in, no encryption, no audit, no check, no
assessment. The two took turns; speed and percentiles are the middle ones of the rounds."""

SHARING: Final = """\
Then fifty again, five in each of ten interviews, all on the same questions: whoever saw an older answer gets
a conflict with both, looks, and saves anew. An update would be lost if an answer stood in the history that
followed another one than the one before it, or if an acknowledged one were missing."""


@dataclass
class Load:
    """What the requests of one round came to."""

    seconds: float = 0.0
    nanoseconds: list[int] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    # Acknowledged: interview, question, number of the answer, number of the answer that it follows.
    saved: list[tuple[str, str, int, int | None]] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Acknowledged answers a second."""
        return self.statuses[200] / self.seconds

    @property
    def errors(self) -> int:
        """Requests that ended neither with a saved answer nor with a conflict."""
        return sum(count for status, count in self.statuses.items() if status not in (200, 409))


@dataclass
class Prepared:
    """A database with fifty interviewers."""

    url: str
    key: str
    tokens: list[str]
    site: str


def measure(rounds: int, answers: int) -> Section:
    """So many rounds of so many answers of each interviewer, on both databases."""
    rows, shared_rows, targets = [], [], []
    for way, processes in WAYS:
        loads: dict[str, list[Load]] = {OURS: [], BARE: []}
        with _prepared(way) as prepared, tempfile.TemporaryDirectory() as folder:
            for _ in range(rounds):
                for name, run in ((BARE, _run_bare), (OURS, _run_ours)):
                    loads[name].append(run(prepared, processes, Path(folder) / f"{name}.log", answers))
            shared, lost = _run_shared(prepared, processes, Path(folder) / "shared.log", answers)
            whole = _chain_is_whole(prepared)
        middle = {name: median(one.per_second for one in found) for name, found in loads.items()}
        for name, found in loads.items():
            rows.append(_row(f"{name}, {way}", found, middle[name], middle[BARE]))
        errors = sum(one.errors for one in loads[OURS]) + shared.errors
        shared_rows.append(
            [
                way,
                f"{shared.per_second:.0f}",
                f"{shared.statuses[200]:,}",
                f"{shared.statuses[409]:,}",
                f"{lost}",
                "yes" if whole else "no",
            ]
        )
        targets.append(
            Target(
                f"50 interviewers at once, no error and no lost update: {way}",
                f"{errors} errors, {lost} lost",
                errors == 0 and lost == 0 and whole,
            )
        )
    header = ["", "answers a second", "bare insert = 1", "p50 ms", "p95 ms", "p99 ms", "errors"]
    sharing = ["", "answers a second", "saved", "conflicts shown", "lost updates", "audit chain whole"]
    parts: list[str | Table] = [ABOUT, Table(header, rows), SHARING, Table(sharing, shared_rows)]
    return Section("The service under load", parts, targets)


def _row(title: str, found: Sequence[Load], middle: float, peer: float) -> list[str]:
    timings = [Timings.of(one.nanoseconds) for one in found]
    return [
        title,
        f"{middle:.0f}",
        f"{middle / peer:.2f}",
        milliseconds(median(one.p50 for one in timings)),
        milliseconds(median(one.p95 for one in timings)),
        milliseconds(median(one.p99 for one in timings)),
        str(sum(one.errors for one in found)),
    ]


@contextmanager
def _prepared(way: str) -> Iterator[Prepared]:
    if way.startswith("SQLite"):
        with tempfile.TemporaryDirectory() as folder:
            yield _prepare(f"sqlite:///{folder}/load.sqlite3")
    else:
        with start_postgres() as url:
            database = Database(url)
            schemas.upgrade(database)
            database.close()
            yield _prepare(url)


def _prepare(url: str) -> Prepared:
    with installation(url) as (service, key):
        with service.work(SYSTEM) as work:
            site = sites.add_site(work, "LOAD", "shelter", sites.SiteNames("Load", "حمل")).id
            names = [accounts.Names(f"load-{number}", f"Load {number}") for number in range(INTERVIEWERS)]
            place = accounts.Place("service", site)
            made = [accounts.make_account(work, "service", one, [place]).id for one in names]
        with service.work(Actor(made[0], "service", frozenset())) as work:
            scopes = ["cases.create", "cases.read", "interviews.write"]
            expires = utc_now() + timedelta(days=2)
            tokens = [api_tokens.issue(work, one, "load", scopes, expires).token for one in made]
    bare_service.prepare(url)
    return Prepared(url, key, tokens, site)


def _server(prepared: Prepared, processes: int, log: Path, module: str = "api") -> Server:
    return Server(
        log,
        module,
        database_url=prepared.url,
        master_key=prepared.key,
        processes=str(processes),
        workers="1",
        requests_per_minute="1000000",
    )


def _run_ours(prepared: Prepared, processes: int, log: Path, answers: int) -> Load:
    with _server(prepared, processes, log) as server:
        interviews = [_begin(server, token, prepared.site) for token in prepared.tokens]
        return _load(
            server,
            [
                _Writer(number, token, interview, answers)
                for number, (token, interview) in enumerate(zip(prepared.tokens, interviews, strict=True))
            ],
        )


def _run_bare(prepared: Prepared, processes: int, log: Path, answers: int) -> Load:
    with _server(prepared, processes, log, "benchmarks.peers.bare_service") as server:
        return _load(server, [_Writer(at, "", f"{at:032x}", answers) for at in range(INTERVIEWERS)])


def _run_shared(prepared: Prepared, processes: int, log: Path, answers: int) -> tuple[Load, int]:
    with _server(prepared, processes, log) as server:
        interviews = [_begin(server, token, prepared.site) for token in prepared.tokens[:SHARED]]
        load = _load(
            server,
            [
                # Everybody on the same few questions of one interview, so that they meet.
                _Writer(number, prepared.tokens[number % SHARED], interviews[number % SHARED], answers, 3)
                for number in range(INTERVIEWERS)
            ],
        )
        lost = 0
        for number, interview in enumerate(interviews):
            acknowledged = {(one[1], one[2]): one[3] for one in load.saved if one[0] == interview}
            with Client(server.address, token=prepared.tokens[number]) as client:
                lost += _count_lost(client, interview, acknowledged)
        return load, lost


def _count_lost(client: Client, interview: str, acknowledged: dict[tuple[str, int], int | None]) -> int:
    """How many answers did not follow the one that stood there, are missing, or were never acknowledged."""
    lost = 0
    for question in {one for one, _ in acknowledged}:
        before: int | None = None
        stored = {}
        for one in client.read_answer_history(interview, question).revisions:
            stored[question, one.seq] = before
            before = one.seq
        mine = {key: follows for key, follows in acknowledged.items() if key[0] == question}
        lost += sum(1 for key in stored.keys() | mine.keys() if stored.get(key, -1) != mine.get(key, -1))
    return lost


def _chain_is_whole(prepared: Prepared) -> bool:
    database = Database(prepared.url)
    try:
        with database.reading() as session:
            return verify(session).intact
    finally:
        database.close()


def _begin(server: Server, token: str, site: str) -> str:
    with Client(server.address, token=token) as client:
        return client.create_interview(NewInterviewBody(instrument="intake", site=site)).id


def _load(server: Server, writers: Sequence[_Writer]) -> Load:
    """Let all of them begin at once; what they came to together."""
    barrier = threading.Barrier(len(writers) + 1)
    threads = [threading.Thread(target=writer.run, args=(server.port, barrier)) for writer in writers]
    for thread in threads:
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    together = Load(time.perf_counter() - begun)
    for writer in writers:
        together.nanoseconds += writer.load.nanoseconds
        together.statuses += writer.load.statuses
        together.saved += writer.load.saved
    return together


class _Writer:
    """One interviewer on one connection."""

    def __init__(
        self, number: int, token: str, interview: str, answers: int, questions: int = len(ANSWERS)
    ) -> None:
        self.load = Load()
        self._number = number
        self._token = token
        self._interview = interview
        self._answers = answers
        self._questions = ANSWERS[:questions]
        self._seen: dict[str, int | None] = {}

    def run(self, port: int, barrier: threading.Barrier) -> None:
        """Save answers one after the other; what fails is counted, and the next one sent."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        barrier.wait()
        for at in range(self._answers):
            question, value = self._questions[at % len(self._questions)]
            try:
                self._save(connection, at, question, value)
            except (OSError, http.client.HTTPException, ValueError):
                self.load.statuses[0] += 1
                connection.close()
        connection.close()

    def _save(self, connection: http.client.HTTPConnection, at: int, question: str, value: object) -> None:
        for attempt in range(INTERVIEWERS):
            follows = self._seen.get(question)
            body = {
                "question": question,
                "answer": value,
                "follows_seq": follows,
                "client_key": f"load-{self._number}-{at}-{attempt}",
            }
            begun = time.perf_counter_ns()
            status, found = _post(connection, self._interview, self._token, body)
            self.load.nanoseconds.append(time.perf_counter_ns() - begun)
            self.load.statuses[status] += 1
            if status == 200:
                self._seen[question] = found["seq"]
                self.load.saved.append((self._interview, question, found["seq"], follows))
                return
            if status != 409:
                return
            self._seen[question] = found["conflict"]["saved"]["seq"]


def _post(
    connection: http.client.HTTPConnection, interview: str, token: str, body: dict[str, Any]
) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request("POST", f"/api/v1/interviews/{interview}/answers", json.dumps(body), headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())
