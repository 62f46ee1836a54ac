"""Models: signing in. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.client.models.shared import EnrolmentShown


class CodeGiven(BaseModel):
    """The second step: six digits of the authenticator app, or a recovery code."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str


class FirstStepShown(BaseModel):
    """The password was right. With `enrolment` the app is still to be set up; its first code …"""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    csrf_token: str
    expires_at: datetime
    enrolment: EnrolmentShown | None
    step: Literal["second_factor"] = "second_factor"


class LinkAccepted(BaseModel):
    """A link with a new password; the first administrator also brings the two names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    token: str
    password: str
    sign_in_name: str | None = None
    display_name: str | None = None


class NameAndPassword(BaseModel):
    """The first step of signing in."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str
    password: str


class SessionShown(BaseModel):
    """The state of this browser's session."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    step: Literal["none", "second_factor", "signed_in"]
    idle_minutes: int
    organisation: bool
    account: str | None = None
    csrf_token: str | None = None
    expires_at: datetime | None = None
    enrolment: EnrolmentShown | None = None
