"""Models: sites. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from indicators.models import Text


class NewSite(BaseModel):
    """A place that works with the system."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str
    kind: Literal["shelter", "embassy", "inspection", "detention", "hospital", "office", "other"]
    name: Text


class SiteShown(BaseModel):
    """A site."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    code: str
    kind: Literal["shelter", "embassy", "inspection", "detention", "hospital", "office", "other"]
    name: Text
    active: bool
    version: int


class PageSiteShown(BaseModel):
    """Page_SiteShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[SiteShown]
    next_cursor: str | None


class SiteChange(BaseModel):
    """What to change of a site."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: Literal["shelter", "embassy", "inspection", "detention", "hospital", "office", "other"] | None = (
        None
    )
    name: Text | None = None
    active: bool | None = None
