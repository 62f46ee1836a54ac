"""What an operator can set about the pages, by environment variables that begin with `SCREENING_`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

# A way in which a whole site, or a part of it, is set apart from real work.
Marking = Literal["demonstration", "practice"]


class PageSettings(BaseSettings):
    """Settings of the pages; a value out of range stops the start."""

    model_config = SettingsConfigDict(env_prefix="SCREENING_", extra="ignore", frozen=True)

    gallery: bool = Field(default=False, description="serve /gallery, the page of all components")
    marking: Literal["demonstration"] | None = Field(default=None, description="a banner on every page")
    leave_address: str = Field(
        default="https://www.timeanddate.com/weather/kuwait/kuwait-city",
        pattern=r"^https://[^\s\"'<>]+$",
        description="where the quick exit leads: a page that nobody wonders about",
    )
    idle_minutes: int = Field(default=5, ge=0, le=120, description="until the page is covered; 0: never")
