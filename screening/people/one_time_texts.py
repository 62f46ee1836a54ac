"""Random texts that let somebody in: shown once, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

_BYTES: Final = 32

# Marks a token of ours wherever it turns up, so that a scanner for leaked secrets can know it.
API_TOKEN_PREFIX: Final = "kws_"  # noqa: S105 - what every token begins with, not one


def new_token(prefix: str = "") -> str:
    """Return a text with 256 random bits, fit for a cookie, a header and an address."""
    return prefix + secrets.token_urlsafe(_BYTES)


def hash_token(token: str) -> str:
    """Return what is kept of such a text: with 256 random bits, a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
