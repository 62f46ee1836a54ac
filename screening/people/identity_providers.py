"""Signing in through an organisation: OpenID Connect, authorization code with PKCE, state and nonce.

The provider says who somebody is there; which account that is was written down before, by an administrator.
Nobody gets an account by being known to the provider.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from screening.people.settings import LOOPBACK_NAMES, SignInSettings
from screening.refusals import refused

# Signatures by a key that only the provider has; never `none`, never a secret that we share with it.
_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
_SECONDS: Final = 10
_CLOCK_SECONDS: Final = 60
_DISCOVERY: Final = ".well-known/openid-configuration"
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# RFC 8176: the provider has seen more than one factor.
_SEVERAL_FACTORS: Final = "mfa"


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps, sealed, until the provider sends it back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider vouches for, and whether it saw a second factor that the operator trusts."""

    subject: str
    second_factor_done: bool


class IdentityProvider:
    """The provider that the settings name; raises `Refused` with S144 if they name none, S145 if it fails."""

    def __init__(self, settings: SignInSettings, return_path: str) -> None:
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            raise refused("S144")
        self.issuer = settings.oidc_issuer
        self._settings = settings
        self._client_id = settings.oidc_client_id
        self._return = settings.public_address + return_path

    def begin(self) -> tuple[str, Begun]:
        """Return the provider's address to send the browser to, and what the browser has to bring back."""
        begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
        with self._client() as client:
            try:
                found = self._discover(client)
                address, _ = client.create_authorization_url(
                    found["authorization_endpoint"],
                    state=begun.state,
                    nonce=begun.nonce,
                    code_verifier=begun.verifier,
                )
            except (httpx2.HTTPError, AuthlibBaseError, ValueError, KeyError) as error:
                raise refused("S145") from error
        return str(address), begun

    def finish(self, begun: Begun, returned: Mapping[str, str], now: datetime) -> Vouched:
        """Return whom the provider vouches for; every doubt is S145."""
        state, code = returned.get("state", ""), returned.get("code", "")
        if not secrets.compare_digest(state.encode(), begun.state.encode()) or not code:
            raise refused("S145")
        # RFC 9207: where it says who answered, it has to be the one that was asked.
        if returned.get("iss", self.issuer) != self.issuer:
            raise refused("S145")
        with self._client() as client:
            try:
                found = self._discover(client)
                token = client.fetch_token(found["token_endpoint"], code=code, code_verifier=begun.verifier)
                keys = KeySet.import_key_set(cast(Any, _read(client, found["jwks_uri"])))
                claims = self._verify(token["id_token"], keys, begun.nonce, now)
            except (httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
                raise refused("S145") from error
        methods = claims.get("amr")
        several = isinstance(methods, list) and _SEVERAL_FACTORS in methods
        return Vouched(str(claims["sub"]), several and self._settings.oidc_trust_second_factor)

    def _verify(self, id_token: str, keys: KeySet, nonce: str, now: datetime) -> dict[str, Any]:
        claims = jwt.decode(id_token, keys, algorithms=_ALGORITHMS).claims
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_CLOCK_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(claims)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", self._client_id) != self._client_id or (several and "azp" not in claims):
            raise ValueError("the token was made for another client")
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise ValueError("the token names nobody")
        return dict(claims)

    def _discover(self, client: OAuth2Client) -> dict[str, str]:
        """What the provider says of itself; it has to be the one that was asked, over TLS."""
        found = _read(client, f"{self.issuer.rstrip('/')}/{_DISCOVERY}")
        if found.get("issuer") != self.issuer:
            raise ValueError("another provider answers")
        for name in _ENDPOINTS:
            parts = urlsplit(found[name])
            if parts.scheme != "https" and parts.hostname not in LOOPBACK_NAMES:
                raise ValueError("an address of the provider is not protected")
        return {name: str(found[name]) for name in _ENDPOINTS}

    def _client(self) -> OAuth2Client:
        secret = self._settings.oidc_client_secret
        return OAuth2Client(
            client_id=self._client_id,
            client_secret=None if secret is None else secret.get_secret_value(),
            token_endpoint_auth_method="none" if secret is None else "client_secret_basic",
            scope="openid",
            redirect_uri=self._return,
            code_challenge_method="S256",
            timeout=_SECONDS,
            follow_redirects=False,
            # A proxy of the environment would see codes and tokens.
            trust_env=False,
        )


def _read(client: OAuth2Client, address: str) -> dict[str, Any]:
    answer = client.request("GET", address, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
