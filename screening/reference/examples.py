"""Broken files, answers and requests with the lines they give, read from the folder that tests them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from indicators.yaml_reading import read_yaml

_HEADER = re.compile(rb"^(?:\xef\xbb\xbf)?# (\w+): (.*)$", flags=re.MULTILINE)
_CODE = re.compile(r"\b([A-Z]\d{3})\b")


@dataclass(frozen=True, slots=True)
class Example:
    """Something broken: where it stands, what was written or sent, and exactly what is said about it."""

    name: str
    file: str
    place: str
    before: str | None
    written: str | None
    status: int | None
    lines: tuple[str, ...]
    codes: tuple[str, ...] = field(default=())


class Examples:
    """The examples of one folder of tests; `at` is the way there from the folder of the reference."""

    def __init__(self, folder: Path, at: str) -> None:
        self.folder = folder
        self.at = at

    @cached_property
    def files(self) -> tuple[Example, ...]:
        """Files of questions, indicators, sources and instruments, each with one mistake."""
        return tuple(self._files())

    @cached_property
    def rule_sets(self) -> tuple[Example, ...]:
        """Changes that break a whole rule set."""
        return tuple(
            _example(
                item,
                f"{self.at}/content/broken_rule_sets.yaml",
                place=item["file"],
                before=item.get("find"),
                written=item.get("put"),
                lines=item["expect"],
            )
            for item in self._items("content/broken_rule_sets.yaml")
        )

    @cached_property
    def answers(self) -> tuple[Example, ...]:
        """Answers that cannot be read."""
        return tuple(
            _example(
                item,
                f"{self.at}/indicators/broken_answers.yaml",
                place="",
                written=item["answers"],
                lines=item["errors"],
            )
            for item in self._items("indicators/broken_answers.yaml")
        )

    @cached_property
    def requests(self) -> tuple[Example, ...]:
        """Requests that the service refuses; none where the service has no such list."""
        return tuple(
            _example(
                item,
                f"{self.at}/api/broken_requests.yaml",
                place=f"{item['method']} {item['path']}",
                written=item.get("raw"),
                lines=item["expect"],
                status=item["status"],
            )
            for item in self._items("api/broken_requests.yaml")
        )

    @cached_property
    def content_codes(self) -> frozenset[str]:
        """Every code that a broken file or rule set gives."""
        return frozenset(code for one in (*self.files, *self.rule_sets) for code in one.codes)

    @cached_property
    def request_codes(self) -> frozenset[str]:
        """Every code that broken answers or a broken request give."""
        return frozenset(code for one in (*self.answers, *self.requests) for code in one.codes)

    @cached_property
    def tests_naming(self) -> Mapping[str, str]:
        """For each code, the first file that names it: one with tests, or else what tests share."""
        found: dict[str, str] = {}
        paths = [*self.folder.rglob("*.py"), *self.folder.rglob("broken_*.yaml")]
        for path in sorted(paths, key=lambda one: (not one.name.startswith("test_"), one)):
            for code in _CODE.findall(path.read_text(encoding="utf-8")):
                found.setdefault(code, f"{self.at}/{path.relative_to(self.folder).as_posix()}")
        return found

    def _items(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / name
        if not path.is_file():
            return []
        items: list[dict[str, Any]] = read_yaml(path.read_bytes(), name).plain()
        return items

    def _files(self) -> Iterator[Example]:
        for path in sorted((self.folder / "content" / "bad").glob("*.yaml")):
            found = [(key.decode(), value.decode()) for key, value in _HEADER.findall(path.read_bytes())]
            lines = tuple(value for key, value in found if key == "expect")
            places = [value for key, value in found if key == "path"]
            code, _, name = path.stem.partition("_")
            yield Example(
                name=name.replace("_", " "),
                file=f"{self.at}/content/bad/{path.name}",
                place=places[0],
                before=None,
                written=None,
                status=None,
                lines=lines,
                codes=tuple(dict.fromkeys((code, *_codes(lines)))),
            )


def _example(
    item: Mapping[str, Any],
    file: str,
    *,
    place: str,
    written: str | None,
    lines: list[str],
    before: str | None = None,
    status: int | None = None,
) -> Example:
    name = re.sub(r"\A[A-Z]\d{3}_", "", item["name"]).replace("_", " ")
    return Example(name, file, place, before, written, status, tuple(lines), _codes(lines))


def _codes(lines: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The codes of lines: the first word of its form, for messages may name another."""
    found = (_CODE.search(line) for line in lines)
    return tuple(dict.fromkeys(one[1] for one in found if one is not None))
