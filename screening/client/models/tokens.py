"""Models: tokens. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class NewToken(BaseModel):
    """A token for an account of another system: its scopes are permissions, its end at most a year …"""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    account: str
    label: str
    scopes: list[str]
    expires_at: datetime


class TokenShown(BaseModel):
    """A token without its text."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    account: str
    label: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class PageTokenShown(BaseModel):
    """Page_TokenShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[TokenShown]
    next_cursor: str | None


class TokenIssued(BaseModel):
    """A new token; its text is shown this once."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    token: str
    record: TokenShown
