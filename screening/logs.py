"""Logs as JSON lines: ids, digests, counts and durations, never an answer, a name or a free text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, Protocol, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

# Only these may ever be written, and only in these forms: a field that somebody adds by mistake is dropped.
_ID: Final = re.compile(r"[A-Za-z0-9_.:/{}-]{1,128}\Z")
_FIELDS: Final = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "kind",
        "detail",
        "rule_set",
        "revision",
        "digest",
        "instrument",
        "case",
        "engine_check",
        "code",
        "codes",
        "method",
        "route",
        "status",
        "request_id",
        "milliseconds",
        "count",
        "dropped",
        "tried",
        "delivered",
    }
)


class Incident(Protocol):
    """What an evaluation reports when its two executors did not both come to one result."""

    @property
    def kind(self) -> str:
        """What happened: the engine crashed, hung, erred, or differed."""


def configure_logs(stream: TextIO) -> None:
    """Write every log line of this process to one stream, as JSON, with nothing of a case in it."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_only_ids,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def keep_only_ids(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Keep the fields that are allowed and look like ids or numbers; say how many were dropped."""
    kept: dict[str, Any] = {}
    dropped = 0
    for name, value in event.items():
        clean = _clean(value)
        if name in _FIELDS and clean is not None:
            kept[name] = clean
        elif value is not None:
            dropped += 1
    if dropped:
        kept["dropped"] = dropped
    return kept


def log_incidents(
    incidents: Iterable[Incident],
    *,
    digest: str,
    case: str | None,
    logger: FilteringBoundLogger | None = None,
) -> None:
    """Write one line for each incident, with the digest of the program and the number of the case, if any.

    A label that somebody else gave to a case is no such number: it may be a name.
    """
    log = logger if logger is not None else structlog.get_logger()
    for incident in incidents:
        log.error("engine_incident", kind=incident.kind, digest=digest, case=case)


def _clean(value: object) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, str):
        return value if _ID.match(value) else None
    if isinstance(value, list | tuple):
        items = [_clean(item) for item in value]
        return items if None not in items else None
    return None
