"""The files of a content tree, and a tree made of them with some files replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from indicators.content import FOLDERS

# Where content stands below its package; what was published is no content to be edited.
_PLACES: Final = (
    *(("indicators", folder) for folder in FOLDERS),
    ("rules", "parameters"),
    ("rules", "directory"),
    ("rules", "sets"),
)
_PUBLISHED: Final = "revisions"
# What the service reads, wholly or in part, from the content that came with it; no publication changes it.
_WITH_THE_SYSTEM: Final = ("indicators/questions/", "indicators/instruments/", "rules/directory/")


def content_paths(root: Path | None = None) -> tuple[str, ...]:
    """Return the path of every content file of a tree (the shipped one if None), folder by folder."""
    return tuple(
        path
        for package, folder in _PLACES
        for path in _below(_package(root, package).joinpath(folder), f"{package}/{folder}")
    )


def read_content(path: str, root: Path | None = None) -> str:
    """Return the text of one file of `content_paths`; another path raises `KeyError`."""
    if path not in content_paths(root):
        raise KeyError(path)
    package, _, rest = path.partition("/")
    return _package(root, package).joinpath(*rest.split("/")).read_text(encoding="utf-8")


def digest_of(text: str) -> str:
    """Return what tells whether a file is still the one that somebody began with."""
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def not_put_in_force(changed: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paths of changed files that no publication puts into effect, although they can be read.

    A program has no directory of services and only a part of questions and instruments; the rest would be
    dropped without a word.
    """
    known = set(content_paths())
    return tuple(
        path
        for path, text in changed.items()
        if path.startswith(_WITH_THE_SYSTEM) and not (path in known and read_content(path) == text)
    )


def write_tree(target: Path, changed: Mapping[str, str], root: Path | None = None) -> None:
    """Write a whole content tree into an empty folder, with the texts of `changed` in place of its files."""
    for path in content_paths(root):
        place = target.joinpath(*path.split("/"))
        place.parent.mkdir(parents=True, exist_ok=True)
        text = changed.get(path)
        place.write_text(read_content(path, root) if text is None else text, encoding="utf-8")


def _package(root: Path | None, name: str) -> Path | Traversable:
    return files(name) if root is None else root / name


def _below(folder: Path | Traversable, shown: str) -> Iterator[str]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            if entry.name != _PUBLISHED and not entry.name.startswith((".", "_")):
                yield from _below(entry, f"{shown}/{entry.name}")
        elif entry.name.endswith(".yaml"):
            yield f"{shown}/{entry.name}"
