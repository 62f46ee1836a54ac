"""Many save to one interview at once: no update is lost, no number left out, and every conflict is seen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest
from sqlalchemy import select

from indicators.answers import read_answer, write_answer
from screening.sittings.answers import open_answer
from screening.storage.databases import Database
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import AnswerRevision, Interview
from tests.screening.sittings.savers import Told, save_with_threads
from tests.sittings import Desk

THREADS = 8
EACH = 20


def check_what_is_stored(desk: Desk, interview: str, told: list[Told]) -> None:
    service = desk.world.service
    forms = desk.rules().forms
    acknowledged = {one.client_key: one for one in told if one.seq is not None}
    with service.work(desk.world["interviewer"]) as work:
        row = work.session.get_one(Interview, interview)
        case = work.session.get_one(Case, row.case_id)
        query = select(AnswerRevision).where(AnswerRevision.interview_id == interview)
        rows = work.session.scalars(query.order_by(AnswerRevision.seq)).all()
        assert [one.seq for one in rows] == list(range(1, len(rows) + 1))
        assert row.version == 1 + len(rows)
        assert {one.seq for one in rows} == {one.seq for one in acknowledged.values()}
        told_of = {one.seq: one for one in acknowledged.values()}
        assert len(told_of) == len(acknowledged)
        newest: dict[str, int] = {}
        for one in rows:
            # Whoever wrote had seen what stood there: nothing was overwritten unseen.
            assert one.follows_seq == newest.get(one.question)
            newest[one.question] = one.seq
            was_told = told_of[one.seq]
            assert (one.question, one.follows_seq) == (was_told.question, was_told.follows_seq)
            meant = read_answer(forms[one.question], was_told.answer)
            assert write_answer(open_answer(work, case, one, forms)) == write_answer(meant)
    refusals = Counter(code for one in told for code in one.codes)
    assert set(refusals) <= {"S160"}
    for one in told:
        if one.codes:
            assert one.there != one.follows_seq
            assert one.seq is None
    assert refusals["S160"] > 0
    # Sent again under its key, an answer has the number it had.
    numbers: dict[str, set[int]] = {}
    for one in told:
        if one.seq is not None:
            numbers.setdefault(one.client_key, set()).add(one.seq)
    assert all(len(found) == 1 for found in numbers.values())


def test_threads(desk: Desk) -> None:
    interview = desk.begin()
    told = save_with_threads(
        desk.world.service, desk.world["interviewer"], interview, "t", threads=THREADS, count=EACH
    )
    assert len({one.client_key for one in told}) == THREADS * EACH
    check_what_is_stored(desk, interview, told)


@pytest.mark.slow
# One server at a time may use a file; several share a PostgreSQL.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_processes(desk: Desk) -> None:
    interview = desk.begin()
    database: Database = desk.world.service.database
    arguments = [
        database.url.render_as_string(hide_password=False),
        desk.world["interviewer"].account_id,
        desk.world.site_a,
        interview,
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.screening.sittings.savers", *arguments, name],
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("p", "q")
    ]
    told: list[Told] = []
    for process in running:
        written, _ = process.communicate(timeout=100)
        assert process.returncode == 0
        told += [Told(**{**one, "codes": tuple(one["codes"])}) for one in json.loads(written)]
    check_what_is_stored(desk, interview, told)
