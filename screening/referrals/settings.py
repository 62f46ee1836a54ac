"""What an operator can set about referrals: the mechanism's stages, and which hosts may be told."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ReferralSettings(BaseSettings):
    """Settings of referrals; a value that cannot be used raises pydantic's `ValidationError`."""

    model_config = SettingsConfigDict(env_prefix="SCREENING_", extra="ignore", frozen=True)

    referral_folder: Path | None = Field(
        default=None,
        description="a folder whose `stages.yaml`, `duty_to_report.yaml`, `events.yaml` replace the shipped",
    )
    webhook_hosts: str = Field(
        default="",
        description="hosts, with commas, that may be told by `http://` or on a private network",
    )

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The hosts that were named."""
        return frozenset(host.strip().lower() for host in self.webhook_hosts.split(",") if host.strip())
