"""Counts say how much and how often, and nothing of anybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.metrics import FOLDER_VARIABLE, Metrics
from screening.audit.chains import Event
from screening.storage.tables.referrals import Delivery, Webhook
from screening.storage.types import new_id
from tests.services import ClientFor, HandClock, World

_ID = re.compile(r"[0-9a-f]{16,}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
LABELS = {"route", "method", "status", "code", "action", "step", "result", "kind", "le"}


def read(text: str) -> dict[str, float]:
    """Samples by name and labels, as one text."""
    return {
        " ".join([sample.name, *(f"{key}={value}" for key, value in sorted(sample.labels.items()))]): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_and_faults_are_counted_by_template_and_code(client_for: ClientFor) -> None:
    client = client_for("administrator")
    for address in ("/api/v1/rules/ZAMARKER", "/api/v1/rules/ZAOTHER", "/api/v1/nowhere/ZAMARKER"):
        assert client.get(address).status_code == 404
    shown = client.get("/metrics")
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("text/plain")
    counts = read(shown.text)
    assert counts["screening_requests_total method=GET route=/api/v1/rules/{id} status=404"] == 2
    assert counts["screening_request_seconds_count method=GET route=/api/v1/rules/{id}"] == 2
    assert counts["screening_problems_total code=S010"] == 2
    assert "ZAMARKER" not in shown.text


def test_unknown_methods_are_one(client_for: ClientFor) -> None:
    client = client_for("administrator")
    for method in ("BREW", "ZAMARKER"):
        client.request(method, "/api/v1/rules/x")
    text = client.get("/metrics").text
    assert 'method="other"' in text
    assert "ZAMARKER" not in text


def test_assessments_and_actions_are_counted(client_for: ClientFor, world: World) -> None:
    body = {"instrument": "intake", "answers": {"locked_in": "yes"}}
    assert client_for("interviewer").post("/api/v1/assessments", json=body).status_code == 200
    with world.service.work(world["interviewer"], "request") as work:
        for action in ("interview.answer", "interview.answer", "interview.answer_conflict"):
            work.record(action, "interview", new_id(), case_id=new_id())
        work.record("sign_in.failed", "account", new_id())
    counts = read(client_for("administrator").get("/metrics").text)
    assert counts["screening_engine_checks_total result=agrees"] == 1
    assert counts["screening_actions_total action=interview.answer"] == 2
    assert counts["screening_answers_saved_total"] == 2
    assert counts["screening_answer_conflicts_total"] == 1
    assert counts["screening_sign_in_failures_total step=first"] == 1


def test_what_is_rolled_back_is_not_counted(client_for: ClientFor, world: World) -> None:
    def fail() -> None:
        with world.service.work(world["interviewer"]) as work:
            work.record("interview.answer", "interview", new_id())
            raise ValueError("undone")

    client = client_for("administrator")
    with pytest.raises(ValueError, match="undone"):
        fail()
    assert read(client.get("/metrics").text)["screening_answers_saved_total"] == 0


def test_waiting_messages_are_counted_from_the_database(
    client_for: ClientFor, world: World, clock: HandClock
) -> None:
    with world.service.database.writing() as session:
        hook = Webhook(
            id=new_id(),
            label="invented",
            url=b"x",
            secret=b"x",
            events=[],
            created_by=world["administrator"].account_id,
            created_at=clock.now,
        )
        session.add(hook)
        session.flush()
        for status in ("waiting", "waiting", "failed"):
            session.add(
                Delivery(
                    id=new_id(),
                    webhook_id=hook.id,
                    event="case.stage",
                    body="{}",
                    status=status,
                    created_at=clock.now,
                )
            )
    clock.move(seconds=90)
    counts = read(client_for("administrator").get("/metrics").text)
    assert counts["screening_deliveries status=waiting"] == 2
    assert counts["screening_deliveries status=failed"] == 1
    assert counts["screening_oldest_delivery_seconds"] == 90


def test_nothing_in_the_counts_points_at_anybody(client_for: ClientFor, world: World) -> None:
    client = client_for("interviewer")
    made = client.post("/api/v1/cases", json={"site": world.site_a})
    assert made.status_code == 201, made.text
    client.get(f"/api/v1/cases/{made.json()['id']}")
    client.get("/api/v1/cases", params={"site": world.site_a})
    text = client_for("administrator").get("/metrics").text
    values = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(values) > 10
    for line in values:
        name, _, labels = line.rpartition(" ")[0].partition("{")
        assert name.startswith("screening_"), line
        assert not _ID.search(labels), line
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            assert set(sample.labels) <= LABELS, sample


@pytest.mark.parametrize("role", ["interviewer", "inspector", "supervisor", "reviewer", "auditor"])
def test_only_who_runs_the_service_may_read_them(client_for: ClientFor, role: str) -> None:
    assert client_for(role).get("/metrics").status_code == 403


def test_nobody_else_may_read_them(client_for: ClientFor) -> None:
    assert client_for("nobody").get("/metrics").status_code == 401


_PROCESS = """
import sys
from api.metrics import Metrics
from screening.audit.chains import Event
metrics = Metrics()
metrics.count_events([Event("interview.answer", "interview", "x")] * int(sys.argv[1]))
"""


def test_processes_that_share_a_folder_answer_for_all(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = os.environ | {FOLDER_VARIABLE: str(tmp_path), "PYTHONPATH": "."}
    for count in ("3", "4"):
        subprocess.run([sys.executable, "-c", _PROCESS, count], check=True, env=environment, timeout=60)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    alone = Metrics()
    alone.count_events([Event("interview.answer", "interview", "x")])
    with world.service.database.reading() as session:
        counts = read(alone.write(session, world.service.clock()).decode())
    assert counts["screening_answers_saved_total"] == 7
    assert counts["screening_deliveries status=waiting"] == 0
