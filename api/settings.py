"""What an operator can set, all by environment variables that begin with `SCREENING_`."""

from __future__ import annotations

import os

from pydantic import Field

from screening.settings import StorageSettings


class Settings(StorageSettings):
    """Settings of the service; a value out of range stops the start."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    largest_body_kib: int = Field(default=256, ge=1, le=10_240)
    most_waiting: int = Field(default=32, ge=1, le=1_000, description="assessments at once before `busy`")
    workers: int = Field(default=os.cpu_count() or 1, ge=1, le=64, description="engine processes")
    open_assessments: bool = Field(
        default=False, description="whether `POST /api/v1/assessments` takes answers without a sign-in"
    )


def read_settings() -> Settings:
    """The settings of this process's environment; `PORT` is read where `SCREENING_PORT` is not given.

    Raises pydantic's `ValidationError` naming each setting that cannot be used.
    """
    if "PORT" in os.environ:
        os.environ.setdefault("SCREENING_PORT", os.environ["PORT"])
    return Settings()
