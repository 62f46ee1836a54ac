"""`python -m api`: serve on http://127.0.0.1:8000; `PORT` changes the port."""

from __future__ import annotations

import sys

import uvicorn
from pydantic import ValidationError

from api.app import create_app
from api.settings import read_settings
from indicators.errors import ContentError, advice, fault, render
from screening.logs import configure_logs


def main() -> int:
    """Serve until stopped; 2 if a setting or the content is wrong, with what to do."""
    try:
        settings = read_settings()
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            name = str(detail["loc"][0]) if detail["loc"] else ""
            wrong = fault("S040", key=f"SCREENING_{name.upper()}")
            print(render(wrong), advice(wrong), sep="\n  ", file=sys.stderr)  # noqa: T201
        return 2
    configure_logs(sys.stdout)
    try:
        app = create_app(settings)
    except ContentError as error:
        for wrong in error.faults:
            print(render(wrong), file=sys.stderr)  # noqa: T201
        return 2
    # Where to point a browser or a client; everything after it is one JSON line a request.
    print(f"http://{settings.host}:{settings.port}", flush=True)  # noqa: T201
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
