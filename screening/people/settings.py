"""What an operator can set about signing in: addresses, lifetimes, limits, an identity provider."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class SignInSettings(BaseSettings):
    """Settings of signing in; a value that cannot be used raises pydantic's `ValidationError`."""

    model_config = SettingsConfigDict(env_prefix="SCREENING_", extra="ignore", frozen=True)

    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str | None = Field(
        default=None,
        description="where browsers reach the service: `https://…`, or `http://` on this machine only",
    )
    trusted_proxies: str = Field(
        default="",
        description="addresses or networks, with commas, of the proxies whose `X-Forwarded-For` is believed",
    )
    session_idle_minutes: int = Field(default=30, ge=5, le=240, description="a session ends when unused for")
    session_hours: int = Field(default=12, ge=1, le=24, description="a session ends in any case after")
    invitation_hours: int = Field(default=72, ge=1, le=336, description="how long an invitation is valid")
    first_link_hours: int = Field(default=4, ge=1, le=24, description="how long the first link is valid")
    requests_per_minute: int = Field(
        default=600, ge=10, le=1_000_000, description="requests of one account, token or address, per process"
    )
    oidc_issuer: str | None = Field(default=None, description="the address of the identity provider")
    oidc_client_id: str | None = Field(default=None, description="what the provider calls this service")
    oidc_client_secret: SecretStr | None = Field(default=None, description="the secret it gave, if any")
    oidc_trust_second_factor: bool = Field(
        default=False,
        description="whether a second factor that the provider reports (`amr`: `mfa`) is enough",
    )

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        return value if value is None else _check_url(value)

    @field_validator("oidc_issuer")
    @classmethod
    def _check_issuer(cls, value: str | None) -> str | None:
        return value if value is None else _check_url(value, path=True)

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: str) -> str:
        read_networks(value)
        return value

    @model_validator(mode="after")
    def _check_together(self) -> SignInSettings:
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ValueError("oidc_issuer and oidc_client_id need one another")
        return self

    @property
    def public_address(self) -> str:
        """Where browsers reach the service, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def is_plain_http(self) -> bool:
        """Whether browsers come without TLS, which is possible on this machine only."""
        return self.public_address.startswith("http://")

    @property
    def session_idle(self) -> timedelta:
        """How long a session may be unused."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_length(self) -> timedelta:
        """How long a session may last."""
        return timedelta(hours=self.session_hours)

    @property
    def invitation_lifetime(self) -> timedelta:
        """How long an invitation, or a link for a new password, is valid."""
        return timedelta(hours=self.invitation_hours)

    @property
    def first_link_lifetime(self) -> timedelta:
        """How long the link for the first administrator is valid."""
        return timedelta(hours=self.first_link_hours)

    @property
    def networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The proxies that are believed."""
        return read_networks(self.trusted_proxies)


def read_networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Return the networks of a list with commas; raises `ValueError` for what is none."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def _check_url(value: str, *, path: bool = False) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("not an address")
    if parts.path.strip("/") and not path:
        raise ValueError("an address without a path is needed")
    # Passwords and cookies would go through the network for everybody to read.
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
        raise ValueError("plain http is possible on this machine only")
    return value.rstrip("/") if not path else value
