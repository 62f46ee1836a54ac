"""The least that saves an answer: FastAPI, SQLAlchemy, one INSERT, one commit.

Nobody signs in, nothing is encrypted, audited, checked against the question bank, or assessed; a second
answer to the same question is a second row. `python -m benchmarks.peers.bare_service` reads the settings of
ours that it knows, and keeps what it acknowledged as safely.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import JSON, Engine, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class _Base(DeclarativeBase):
    pass


class Row(_Base):
    """One answer, as it came."""

    __tablename__ = "bare_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    interview: Mapped[str]
    question: Mapped[str]
    answer: Mapped[Any] = mapped_column(JSON)
    client_key: Mapped[str]


class Given(BaseModel):
    """The same body as ours takes."""

    question: str
    answer: Any
    follows_seq: int | None
    client_key: str


def create() -> FastAPI:
    """The application on the database of the environment."""
    engine = open_engine()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:
        yield
        engine.dispose()

    app = FastAPI(lifespan=lifespan)

    @app.get("/health")
    def show_health() -> str:
        return "alive"

    @app.post("/api/v1/interviews/{interview}/answers")
    def save_answer(interview: str, given: Given) -> dict[str, int]:
        with Session(engine) as session:
            row = Row(
                interview=interview,
                question=given.question,
                answer=given.answer,
                client_key=given.client_key,
            )
            session.add(row)
            session.commit()
            return {"seq": row.id}

    return app


def open_engine() -> Engine:
    """The database of the environment, as safe as ours."""
    url = make_url(os.environ["SCREENING_DATABASE_URL"])
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    is_sqlite = url.drivername.startswith("sqlite")
    arguments = {"check_same_thread": False, "timeout": 20} if is_sqlite else {}
    engine = create_engine(url, connect_args=arguments, pool_size=10)
    if is_sqlite:
        event.listen(engine, "connect", _prepare)
    return engine


def prepare(url: str) -> None:
    """Make its table."""
    parts = make_url(url)
    if parts.drivername == "postgresql":
        parts = parts.set(drivername="postgresql+psycopg")
    engine = create_engine(parts)
    _Base.metadata.create_all(engine)
    engine.dispose()


def _prepare(connection: Any, _entry: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}")


def serve(factory: str) -> None:
    """Serve an application with the settings of the environment, as the service itself is served."""
    uvicorn.run(factory, factory=True, access_log=False, log_level="warning", **dict(_settings()))


def _settings() -> Iterator[tuple[str, Any]]:
    yield "port", int(os.environ["SCREENING_PORT"])
    processes = int(os.environ.get("SCREENING_PROCESSES", "1"))
    if processes > 1:
        yield "workers", processes


if __name__ == "__main__":
    serve("benchmarks.peers.bare_service:create")
