"""Style sheets, scripts, fonts and icons: read once, compressed once, under addresses that never change.

The address carries one digest of all of them, so that a style sheet finds its fonts by a relative address.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

STATIC_PATH: Final = "/static"
# The field form has its own folder, service worker and headers; it is served by its own routes.
ELSEWHERE: Final = frozenset({"field"})

_MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml; charset=utf-8",
        "png": "image/png",
        "woff2": "font/woff2",
        "txt": "text/plain; charset=utf-8",
    }
)
_COMPRESSED: Final = frozenset({"css", "js", "svg", "txt"})
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, and its compressed form where that is worth it."""

    body: bytes
    compressed: bytes | None
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """Every static file by name (`ui.css`, `fonts/noto-sans-400.woff2`) and the digest of them all."""

    files: Mapping[str, Asset]
    digest: str

    def address(self, name: str) -> str:
        """Where a file is served; a name that is not there is a mistake in a template and raises KeyError."""
        if name not in self.files:
            raise KeyError(f"no static file {name}")
        return f"{STATIC_PATH}/{self.digest}/{name}"

    def respond(self, request: Request, digest: str, name: str) -> Response | None:
        """The file, kept by the browser for ever; None without such a file.

        A page from before an update asks under an old digest: it gets the file of today, and keeps nothing.
        """
        asset = self.files.get(name)
        if asset is None:
            return None
        headers = {
            "Cache-Control": _FOR_EVER if digest == self.digest else "no-cache",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Vary": "Accept-Encoding",
        }
        body = asset.body
        if asset.compressed is not None and accepts_gzip(request):
            body = asset.compressed
            headers["Content-Encoding"] = "gzip"
        return Response(body, media_type=asset.media_type, headers=headers)


def load_assets() -> Assets:
    """Read every static file of the package but the field form's."""
    found = {
        name: _read(path)
        for name, path in sorted(_below(files("api").joinpath("static")))
        if name.partition("/")[0] not in ELSEWHERE
    }
    digest = hashlib.sha256()
    for name, asset in found.items():
        digest.update(f"{name}\0{len(asset.body)}\0".encode())
        digest.update(asset.body)
    return Assets(MappingProxyType(found), digest.hexdigest()[:16])


def accepts_gzip(request: Request) -> bool:
    """Whether the browser reads gzip."""
    encodings = request.headers.get("accept-encoding", "").lower().split(",")
    return any(one.strip() in ("gzip", "*") for one in (item.partition(";q=0")[0] for item in encodings))


def _below(folder: Traversable, before: str = "") -> Iterator[tuple[str, Traversable]]:
    for path in folder.iterdir():
        if path.is_dir():
            yield from _below(path, f"{before}{path.name}/")
        else:
            yield f"{before}{path.name}", path


def _read(path: Traversable) -> Asset:
    kind = path.name.rpartition(".")[2]
    body = path.read_bytes()
    # mtime 0: the same file compresses to the same bytes wherever it is served.
    compressed = gzip.compress(body, 9, mtime=0) if kind in _COMPRESSED else None
    return Asset(body, compressed, _MEDIA_TYPES.get(kind, "application/octet-stream"))
