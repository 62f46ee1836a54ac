"""Models: accounts. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from screening.client.models.shared import MembershipShown


class AccountChange(BaseModel):
    """What to change: names, language, or the status (`active` unlocks, `closed` is for good)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    display_name: str | None = None
    language: Literal["en", "ar"] | None = None
    status: Literal["active", "locked", "closed"] | None = None


class AccountShown(BaseModel):
    """An account."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    kind: Literal["person", "service"]
    status: Literal["invited", "active", "locked", "closed"]
    sign_in_name: str
    display_name: str
    language: Literal["en", "ar"]
    memberships: list[MembershipShown]
    second_factor: bool
    connected: bool
    created_at: datetime
    closed_at: datetime | None
    version: int


class LinkShown(BaseModel):
    """A link that works once; shown this once. Give it to the person, and to nobody else."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    address: str
    token: str
    expires_at: datetime


class AccountMade(BaseModel):
    """A new account, with the link for a person."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    account: AccountShown
    link: LinkShown | None


class ColleagueShown(BaseModel):
    """Somebody to hand over to."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    display_name: str
    roles: list[str]


class MembershipGiven(BaseModel):
    """A role, at a site or, without one, at every site."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    role: str
    site: str | None = None


class NewAccount(BaseModel):
    """A new account; a person is sent the link of the answer, another system is given tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    sign_in_name: str
    display_name: str
    kind: Literal["person", "service"] = "person"
    language: Literal["en", "ar"] = "en"
    memberships: list[MembershipGiven] | None = None


class PageAccountShown(BaseModel):
    """Page_AccountShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[AccountShown]
    next_cursor: str | None


class PageColleagueShown(BaseModel):
    """Page_ColleagueShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[ColleagueShown]
    next_cursor: str | None


class ResetAsked(BaseModel):
    """Whether the second factor is taken away as well, because the telephone and the codes are gone."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    second_factor: bool = False


class SubjectGiven(BaseModel):
    """Who the account is at the organisation's identity provider: the claim `sub`, exactly."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    subject: str
