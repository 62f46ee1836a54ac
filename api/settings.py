"""What an operator can set, all by environment variables that begin with `SCREENING_`."""

from __future__ import annotations

import os
from typing import Final

from pydantic import Field, ValidationError

from api.pages.settings import PageSettings
from indicators.errors import fault, nearest
from screening.people.settings import SignInSettings
from screening.referrals.settings import ReferralSettings
from screening.refusals import Refused
from screening.settings import StorageSettings, faults_of, variable

# Read elsewhere: by the command line, for those who mend the program.
_OTHERS: Final = ("SCREENING_TRACEBACK",)


class Settings(StorageSettings, SignInSettings, ReferralSettings):
    """Settings of the service; a value out of range stops the start."""

    host: str = Field(default="127.0.0.1", description="the address to listen on")
    port: int = Field(default=8000, ge=1, le=65535, description="the port to listen on; `PORT` is read too")
    processes: int = Field(
        default=1, ge=1, le=64, description="server processes; more than one needs PostgreSQL"
    )
    workers: int = Field(
        default=os.cpu_count() or 1, ge=1, le=64, description="engine processes of each server process"
    )
    engine_seconds: int = Field(
        default=1, ge=1, le=20, description="how long a result waits for the engine that checks it"
    )
    most_waiting: int = Field(default=32, ge=1, le=1_000, description="assessments at once before `busy`")
    largest_body_kib: int = Field(default=256, ge=1, le=10_240, description="the largest request, in KiB")
    open_assessments: bool = Field(
        default=False, description="whether `POST /api/v1/assessments` takes answers without a sign-in"
    )


def read_settings() -> Settings:
    """The settings of this process's environment; `PORT` is read where `SCREENING_PORT` is not given.

    Raises `Refused` naming each setting that cannot be used (S040), that nobody reads (S041) or that cannot
    stand beside another (S116).
    """
    if "PORT" in os.environ:
        os.environ.setdefault("SCREENING_PORT", os.environ["PORT"])
    known = [variable(name) for each in (Settings, PageSettings) for name in each.model_fields]
    given = [name for name in os.environ if name.startswith("SCREENING_")]
    # A mistyped name would leave the default in its place: another database, another key.
    faults = [
        fault("S041", key=name, nearest=nearest(name, known))
        for name in sorted(given)
        if name not in known and name not in _OTHERS
    ]
    try:
        settings = Settings()
        PageSettings()
    except ValidationError as error:
        raise Refused([*faults_of(error), *faults]) from None
    if settings.processes > 1 and settings.address.startswith("sqlite"):
        faults.append(fault("S116", key=variable("processes"), value="SQLite"))
    if faults:
        raise Refused(faults)
    return settings
