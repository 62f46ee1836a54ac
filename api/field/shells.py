"""The shell of the field form: every file of it read once, under one digest of all of them.

The service worker keeps exactly these files, so that the form starts without a network; another digest is
another version, which waits until the person takes it. Nothing of a case is among them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.field.words import load_words
from api.pages.headers import PAGE_HEADERS
from screening.field_records.policies import field_policies

PAGE: Final = "/field"
FILES: Final = "/field/app"
WORKER: Final = "/field/worker.js"
MANIFEST: Final = "/field/app.webmanifest"

_MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "js": "text/javascript; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "json": "application/json",
        "png": "image/png",
        "svg": "image/svg+xml; charset=utf-8",
        "webmanifest": "application/manifest+json",
        "html": "text/html; charset=utf-8",
    }
)
# The worker is no file of the shell: browsers fetch it by themselves to see whether there is another version.
_WORKER_FILE: Final = "worker.js"
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types field-worker",
    )
)
HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {**PAGE_HEADERS, "Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}
)


@dataclass(frozen=True, slots=True)
class ShellFile:
    """One file as it is sent."""

    body: bytes
    compressed: bytes | None
    media_type: str

    @classmethod
    def of(cls, name: str, body: bytes) -> ShellFile:
        """A file by its name and what is in it."""
        kind = name.rpartition(".")[2]
        # mtime 0: the same file compresses to the same bytes wherever it is served.
        compressed = gzip.compress(body, 9, mtime=0) if kind != "png" else None
        return cls(body, compressed, _MEDIA_TYPES[kind])


class Shell:
    """Page, worker, manifest and files of the field form; the same for everybody."""

    def __init__(self, leave_address: str) -> None:
        folder = files("api") / "static" / "field"
        bodies = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}
        worker = bodies.pop(_WORKER_FILE)
        words = load_words()
        known = {"limits": field_policies().for_devices(), "leave": leave_address, "words": words}
        bodies["shell.json"] = json.dumps(known, ensure_ascii=False, sort_keys=True).encode()
        templates = Environment(
            loader=PackageLoader("api", "templates/field"), autoescape=True, undefined=StrictUndefined
        )
        # The page and the manifest name the files by the digest, so their own text is part of it.
        parts = {name: templates.get_template(name) for name in ("page.html", "app.webmanifest")}
        drafts = {name: part.render(files="", words=words) for name, part in parts.items()}
        self.digest = _digest_of({**bodies, **{name: text.encode() for name, text in drafts.items()}}, worker)
        address = f"{FILES}/{self.digest}"
        self.files: Mapping[str, ShellFile] = {
            name: ShellFile.of(name, body) for name, body in bodies.items()
        }
        written = {name: part.render(files=address, words=words).encode() for name, part in parts.items()}
        self.page = ShellFile.of("page.html", written["page.html"])
        self.manifest = ShellFile.of("app.webmanifest", written["app.webmanifest"])
        listed = [PAGE, MANIFEST, *(f"{address}/{name}" for name in sorted(self.files))]
        head = f"const SHELL = {json.dumps({'digest': self.digest, 'page': PAGE, 'files': listed})};\n"
        self.worker = ShellFile.of(_WORKER_FILE, head.encode() + worker)


def _digest_of(bodies: Mapping[str, bytes], worker: bytes) -> str:
    digest = hashlib.sha256()
    for name, body in sorted([*bodies.items(), (_WORKER_FILE, worker)]):
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()[:16]
