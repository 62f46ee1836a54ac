"""The least page that saves an answer as it is chosen: one form, one script (htmx), one INSERT, one commit.

Nobody signs in, nothing is encrypted, audited, checked or assessed, and the page has no style: what a
browser, the framework and a commit that is on the disk cost by themselves.
"""

from __future__ import annotations

from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from benchmarks.peers.bare_service import Row, open_engine, serve

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Bare</title><script defer src="/htmx.js"></script></head>
<body><main><h1>Is the door locked?</h1>
<form hx-post="/answers" hx-trigger="change" hx-swap="none">
<label><input type="radio" name="locked_in" value="yes"> Yes</label>
<label><input type="radio" name="locked_in" value="no"> No</label>
</form><div id="panel">0</div></main></body></html>
"""


def create() -> FastAPI:
    """The application on the database of the environment."""
    engine = open_engine()
    script = (files("api") / "static" / "htmx.js").read_bytes()
    app = FastAPI()

    @app.get("/health")
    def show_health() -> str:
        return "alive"

    @app.get("/")
    def show_page() -> HTMLResponse:
        return HTMLResponse(PAGE)

    @app.get("/htmx.js")
    def show_script() -> Response:
        return Response(script, media_type="text/javascript")

    @app.post("/answers")
    async def save_answer(request: Request) -> HTMLResponse:
        given = (await request.body()).decode()
        with Session(engine) as session:
            row = Row(interview="bare", question="locked_in", answer=given, client_key="")
            session.add(row)
            session.commit()
            return HTMLResponse(f'<div id="panel" hx-swap-oob="innerHTML">{row.id}</div>')

    return app


if __name__ == "__main__":
    serve("benchmarks.peers.bare_page:create")
