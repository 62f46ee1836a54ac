"""Counts of what the service does, for Prometheus: templates of routes, statuses, codes and words of our own.

No id, no name, no answer, no address, no account is a label or a value here; every label is one of a closed
list. Each process counts for itself. Where several serve one address, set `PROMETHEUS_MULTIPROC_DIR` to an
empty folder before they start: whichever is asked then answers for all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.evaluation import Evaluation
from screening.audit.chains import Event
from screening.storage.tables.referrals import DELIVERY_STATUSES, Delivery
from screening.work import Service

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# From a light list to a final assessment that waited for the database.
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_BUSY: Final = "S110"


class Metrics:
    """The counters of one application; safe to be called from any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter(
            "screening_requests", "Requests by route, method and status.", "route", "method", "status"
        )
        self._seconds = Histogram(
            "screening_request_seconds",
            "How long requests took.",
            ("route", "method"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._problems = self._counter("screening_problems", "Faults in answers, by code.", "code")
        self._busy = self._counter("screening_database_busy", "Requests refused by a busy database.")
        self._actions = self._counter("screening_actions", "Entries of the audit chain, by action.", "action")
        self._answers = self._counter("screening_answers_saved", "Answers saved.")
        self._conflicts = self._counter("screening_answer_conflicts", "Answers that met another one.")
        self._failures = self._counter("screening_sign_in_failures", "Sign-ins that failed, by step.", "step")
        self._checks = self._counter(
            "screening_engine_checks", "Assessments by what the engine check came to.", "result"
        )
        self._incidents = self._counter("screening_engine_incidents", "Incidents of the engine.", "kind")

    def watch(self, service: Service) -> None:
        """Count what this service records and assesses from now on."""
        service.watchers.append(self.count_events)
        service.engines.watch(self.count_evaluation)

    def count_request(
        self, route: str, method: str, status: int, seconds: float, codes: Sequence[str]
    ) -> None:
        """Count one request by the template of its route."""
        known = method if method in _METHODS else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route, known).observe(seconds)
        for code in codes:
            self._problems.labels(code).inc()
        if _BUSY in codes:
            self._busy.inc()

    def count_events(self, events: Iterable[Event]) -> None:
        """Count what was audited, by action alone."""
        for event in events:
            self._actions.labels(event.action).inc()
            if event.action == "interview.answer":
                self._answers.inc()
            elif event.action == "interview.answer_conflict":
                self._conflicts.inc()
            elif event.action == "sign_in.failed":
                self._failures.labels("first").inc()
            elif event.action == "sign_in.second_step_failed":
                self._failures.labels("second").inc()

    def count_evaluation(self, evaluation: Evaluation) -> None:
        """Count one assessment and its incidents, by kind alone."""
        self._checks.labels(evaluation.engine_check).inc()
        for incident in evaluation.incidents:
            self._incidents.labels(incident.kind).inc()

    def write(self, session: Session, now: datetime) -> bytes:
        """The text that Prometheus reads, with the queue of deliveries as the database has it."""
        shown = CollectorRegistry()
        if os.environ.get(FOLDER_VARIABLE):
            MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        else:
            shown.register(_Of(self.registry.collect))
        waiting = list(_deliveries(session, now))
        shown.register(_Of(lambda: waiting))
        return generate_latest(shown)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(name, help_text, labels, registry=self.registry)


class _Of(Collector):
    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterator[Metric]:
        for metric in self._collect():
            # The moment at which something first happened is nobody's business.
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


def _deliveries(session: Session, now: datetime) -> Iterator[Metric]:
    counts = dict.fromkeys(DELIVERY_STATUSES, 0)
    for status, count in session.execute(select(Delivery.status, func.count()).group_by(Delivery.status)):
        counts[status] = count
    family = GaugeMetricFamily("screening_deliveries", "Messages to other systems.", labels=["status"])
    for status, count in counts.items():
        family.add_metric([status], count)
    yield family
    oldest = session.scalar(select(func.min(Delivery.created_at)).where(Delivery.status == "waiting"))
    waited = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    yield GaugeMetricFamily(
        "screening_oldest_delivery_seconds", "How long the oldest waiting message has waited.", waited
    )
