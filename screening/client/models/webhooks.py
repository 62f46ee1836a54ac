"""Models: webhooks. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class DeliveryShown(BaseModel):
    """One message to a receiving system."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    event: str
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    last_status: int | None
    created_at: datetime
    next_at: datetime | None
    done_at: datetime | None


class DeliveriesShown(BaseModel):
    """The newest messages to one receiving system."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[DeliveryShown]


class NewWebhook(BaseModel):
    """A receiving system to be told of events."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    label: str
    url: str
    events: list[str]
    site: str | None = None


class WebhookChange(BaseModel):
    """What is changed of a receiving system; what is left out stays."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    events: list[str] | None = None
    active: bool | None = None


class WebhookShown(BaseModel):
    """A receiving system; the secret is shown once, in the answer that makes it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    site: str | None
    label: str
    url: str
    events: list[str]
    active: bool
    version: int
    secret: str | None = None


class WebhooksShown(BaseModel):
    """Every receiving system."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[WebhookShown]
