"""The master keys: 32 random bytes each, from the environment, a file or a command, never the database."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from screening.refusals import refused

_BYTES: Final = 32
_COMMAND_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One master key; its id is a hash of it, and may be stored and shown."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The current master key and those that data keys may still be wrapped under."""

    current: MasterKey
    previous: Mapping[str, MasterKey] = field(default_factory=dict, repr=False)

    def find(self, key_id: str) -> MasterKey | None:
        """The master key of this id, if it was given."""
        return self.current if self.current.id == key_id else self.previous.get(key_id)


def read_master_key(text: str, origin: str) -> MasterKey:
    """Return the key that base64 text holds; raises `Refused` with S104 naming where the text came from."""
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise refused("S104", value=origin) from error
    if len(secret) != _BYTES:
        raise refused("S104", value=origin)
    return MasterKey(hashlib.sha256(b"master key\x1f" + secret).hexdigest()[:16], secret)


def read_key_file(path: Path) -> MasterKey:
    """Return the key of a file; raises `Refused` with S105 if it is missing or others may read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise refused("S105", value=path.name)
        return read_master_key(path.read_text("ascii"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise refused("S105", value=path.name) from error


def run_key_command(command: str) -> MasterKey:
    """Return the key that a command prints; raises `Refused` with S106 if it fails or takes too long."""
    try:
        done = subprocess.run(
            shlex.split(command), capture_output=True, timeout=_COMMAND_SECONDS, check=True, text=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise refused("S106") from error
    return read_master_key(done.stdout, "key command")


def write_new_key_file(path: Path) -> MasterKey:
    """Make a key and the file that holds it, readable by its owner only; never replaces a file."""
    text = base64.b64encode(secrets.token_bytes(_BYTES)).decode()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(text + "\n", "ascii")
    except OSError as error:
        raise refused("S105", value=path.name) from error
    return read_master_key(text, path.name)
