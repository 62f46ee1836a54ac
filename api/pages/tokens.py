"""A token in a page looks different each time, so that compressing the page tells nothing of it."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Final

_MASKED: Final = re.compile(r"[0-9a-f]+\Z")


def mask_token(token: str) -> str:
    """The token under a mask of its own length, used once."""
    plain = token.encode("utf-8")
    mask = secrets.token_bytes(len(plain))
    return (mask + bytes(one ^ other for one, other in zip(mask, plain, strict=True))).hex()


def matches_token(given: str | None, token: str) -> bool:
    """Whether a form or header brought the token back, as a page carried it; takes the same time always."""
    if given is None or len(given) % 4 or not _MASKED.match(given):
        return False
    raw = bytes.fromhex(given)
    mask, hidden = raw[: len(raw) // 2], raw[len(raw) // 2 :]
    plain = bytes(one ^ other for one, other in zip(mask, hidden, strict=True))
    return hmac.compare_digest(plain, token.encode("utf-8"))
