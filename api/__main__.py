"""`python -m api`: serve on http://127.0.0.1:8000; `PORT` changes the port."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.cautions import find_cautions
from api.settings import Settings, read_settings
from indicators.errors import AnswersError, ContentError, Fault, advice, message, render
from indicators.models import Text
from screening.engines import Engines
from screening.installations import open_installation
from screening.logs import configure_logs
from screening.people.access import SYSTEM
from screening.people.links import first_link, write_link
from screening.phrases import say_both
from screening.work import Service

# What a start ends with that could not be.
WRONG_START: Final = 2


def main() -> int:
    """Serve until stopped; 2 if a setting, the content, the database or a key is wrong, with what to do."""
    try:
        settings = read_settings()
        configure_logs(sys.stdout)
        if settings.processes > 1:
            return _serve_by_several(settings)
        app = create_app(settings, tell=_tell)
        _tell_first_link(app.state.service, settings)
        report(find_cautions(settings, os.environ))
    except (AnswersError, ContentError) as error:
        report(error.faults)
        return WRONG_START
    _run(settings, app)
    return 0


def create_by_environment() -> FastAPI:
    """The application of one of several processes; it ends with what is wrong, and is then begun again."""
    configure_logs(sys.stdout)
    try:
        return create_app(read_settings())
    except (AnswersError, ContentError) as error:
        report(error.faults)
        raise SystemExit(WRONG_START) from None


def _serve_by_several(settings: Settings) -> int:
    # What would stop each of the processes is found here, once, and told once.
    with Engines() as engines:
        service = open_installation(settings, engines, tell=_tell)
        _tell_first_link(service, settings)
        service.close()
    report(find_cautions(settings, os.environ))
    _run(settings, "api.__main__:create_by_environment", factory=True, workers=settings.processes)
    return 0


def _run(settings: Settings, app: FastAPI | str, **more: Any) -> None:
    # Where to point a browser or a client; everything after it is one JSON line a request.
    print(f"http://{settings.host}:{settings.port}", flush=True)  # noqa: T201
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        # Whose word on addresses is taken is a setting of ours (`SCREENING_TRUSTED_PROXIES`).
        proxy_headers=False,
        **more,
    )


def _tell(notice: Text) -> None:
    print(notice.en, notice.ar, sep="\n", flush=True)  # noqa: T201


def _tell_first_link(service: Service, settings: Settings) -> None:
    """Print the link for the first administrator while there is none: here and nowhere else, once."""
    with service.work(SYSTEM) as work:
        link = first_link(work, settings.first_link_lifetime)
    if link is not None:
        _tell(say_both("people.first_link", hours=settings.first_link_hours))
        # On a line of its own, so that it can be copied.
        print(write_link(settings, link), flush=True)  # noqa: T201


def report(faults: Iterable[Fault]) -> None:
    """Print what stopped a start or should be known at it, and what to do, in both languages."""
    # Nobody has said which language the operator reads.
    for wrong in faults:
        print(render(wrong), advice(wrong), sep="\n  ", file=sys.stderr)  # noqa: T201
        print(message(wrong, "ar"), advice(wrong, "ar"), sep="\n  ", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
