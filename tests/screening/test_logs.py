"""Logs carry ids, digests and counts, and never an answer, a name or a free text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import structlog

from screening.logs import configure_logs, keep_only_ids, log_incidents

MARKERS = ("Maria Santos", "she said he burned her", "قالت إنه أحرقها", "+965 9999 1234")


@dataclass(frozen=True)
class PlantedIncident:
    kind: str
    detail: str = "she said he burned her"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    written = io.StringIO()
    configure_logs(written)
    yield written
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_incident_is_logged_with_the_digest_and_the_case_label_only(stream: io.StringIO) -> None:
    log_incidents([PlantedIncident("crashed"), PlantedIncident("differs")], digest="sha256:ab12", case="K-17")
    assert [set(line) for line in lines(stream)] == [
        {"event", "level", "timestamp", "kind", "digest", "case"},
        {"event", "level", "timestamp", "kind", "digest", "case"},
    ]
    assert [line["kind"] for line in lines(stream)] == ["crashed", "differs"]
    assert {line["digest"] for line in lines(stream)} == {"sha256:ab12"}


@pytest.mark.parametrize("marker", MARKERS)
def test_nothing_that_somebody_said_gets_through_whatever_field_it_is_put_in(
    stream: io.StringIO, marker: str
) -> None:
    log = structlog.get_logger()
    log.info(marker)
    log.info("request", answers={"documents_holder": marker}, kind=marker, codes=[marker], case=marker)
    log.error("engine_incident", detail=marker, digest=marker)
    log.warning("request", status=200, route="/api/v1/rules/{id}", anything=marker)
    assert marker not in stream.getvalue()
    assert marker.split()[0] not in stream.getvalue()
    assert lines(stream)[-1]["route"] == "/api/v1/rules/{id}"
    assert all(line["dropped"] for line in lines(stream))


def test_a_field_nobody_allowed_is_dropped_even_when_it_looks_harmless() -> None:
    kept = keep_only_ids(None, "info", {"event": "request", "documents_holder": "employer", "status": 200})
    assert kept == {"event": "request", "status": 200, "dropped": 1}


def test_a_case_without_a_label_is_not_counted_as_something_dropped(stream: io.StringIO) -> None:
    log_incidents([PlantedIncident("hung")], digest="sha256:ab12", case=None)
    assert [set(line) for line in lines(stream)] == [{"event", "level", "timestamp", "kind", "digest"}]


def test_debug_lines_are_not_written(stream: io.StringIO) -> None:
    structlog.get_logger().debug("request", status=200)
    assert stream.getvalue() == ""
