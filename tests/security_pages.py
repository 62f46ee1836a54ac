"""The pages on security: what they name exists, and `docs/security/asvs.md` is made from `asvs.yaml`.

python -m tests.security_pages          writes docs/security/asvs.md
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

import yaml

HERE: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = HERE / "docs" / "security"

Status = Literal["met", "partly", "not_met", "does_not_apply"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
MOST_WORDS: Final = 10

_NAMES: Final[dict[Status, str]] = {
    "met": "met",
    "partly": "partly met",
    "not_met": "not met",
    "does_not_apply": "does not apply",
}
_STANDARD: Final = "https://owasp.org/www-project-application-security-verification-standard/"
_KEYS: Final = frozenset({"what", "status", "evidence", "reason", "needs"})
_CHAPTERS: Final = {
    "V1": "Encoding and sanitization",
    "V2": "Validation and business logic",
    "V3": "Web frontend",
    "V4": "API and web service",
    "V5": "Files",
    "V6": "Authentication",
    "V7": "Sessions",
    "V8": "Authorization",
    "V9": "Self-contained tokens",
    "V10": "OAuth and OIDC",
    "V11": "Cryptography",
    "V12": "Secure communication",
    "V13": "Configuration",
    "V14": "Data protection",
    "V15": "Coding and architecture",
    "V16": "Logging and errors",
    "V17": "WebRTC",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of the standard as it was judged."""

    id: str
    level: int
    what: str
    status: Status
    evidence: tuple[str, ...]
    reason: str | None
    needs: str | None


class _OnceLoader(yaml.SafeLoader):
    """Reads YAML in which no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"stands twice: {', '.join(twice)}")
        return {str(key): value for key, value in super().construct_mapping(node, deep=deep).items()}


def read_yaml(text: str) -> dict[str, object]:
    """A mapping in YAML; raises `ValueError` if a key stands twice or it is none."""
    found = yaml.load(text, Loader=_OnceLoader)  # noqa: S506 - a safe loader that is stricter
    if not isinstance(found, dict):
        raise ValueError("no mapping")
    return found


def read_levels(text: str) -> dict[str, int]:
    """The level of every requirement of the standard, by its id."""
    return {
        f"{section}.{number}": int(level)
        for section, levels in read_yaml(text).items()
        for number, level in enumerate(str(levels), start=1)
    }


def read_requirements(text: str, levels: Mapping[str, int]) -> list[Requirement]:
    """Every requirement of level 1 and 2, once; raises `ValueError` with all that is wrong with the list."""
    given = read_yaml(text)
    wanted = {id for id, level in levels.items() if level < 3}
    wrong = [f"{id}: not judged" for id in sorted(wanted - given.keys())]
    wrong += [f"{id}: not of level 1 or 2" for id in sorted(given.keys() - wanted)]
    found: list[Requirement] = []
    for id, entry in given.items():
        faults = _faults_of(entry)
        wrong += [f"{id}: {one}" for one in faults]
        if isinstance(entry, dict) and not faults and id in wanted:
            found.append(
                Requirement(
                    id=id,
                    level=levels[id],
                    what=entry["what"],
                    status=entry["status"],
                    evidence=tuple(entry.get("evidence", ())),
                    reason=entry.get("reason"),
                    needs=entry.get("needs"),
                )
            )
    if wrong:
        raise ValueError("\n".join(wrong))
    return sorted(found, key=lambda one: _numbers(one.id))


def _faults_of(entry: object) -> list[str]:
    if not isinstance(entry, dict) or not entry.keys() <= _KEYS or not {"what", "status"} <= entry.keys():
        return ["what it holds is not known"]
    status = entry["status"]
    if status not in STATUSES:
        return [f"no status `{status}`"]
    found = []
    if not 0 < len(str(entry["what"]).split()) <= MOST_WORDS:
        found.append(f"more than {MOST_WORDS} words")
    if status == "met" and not entry.get("evidence"):
        found.append("met without evidence")
    if status != "met" and not entry.get("reason"):
        found.append("no reason")
    if (status in ("partly", "not_met")) != bool(entry.get("needs")):
        found.append("what it would take is said where something is missing, and only there")
    return found


def _numbers(id: str) -> tuple[int, ...]:
    return tuple(int(part) for part in id[1:].split("."))


# What pages name


def names_in(text: str) -> list[str]:
    """The files and tests that a page names in backticks: whatever has a folder before it."""
    found = re.findall(r"`([a-z_.]+(?:/[A-Za-z0-9_.-]+)+(?:::[a-z0-9_]+)?)`", text)
    return list(dict.fromkeys(found))


def missing(names: Sequence[str], root: Path = HERE) -> list[str]:
    """Those of the names that are no file, folder or test function."""
    return [name for name in names if not _exists(name, root)]


def _exists(name: str, root: Path) -> bool:
    path, _, function = name.partition("::")
    file = root / path
    if not function:
        return file.exists()
    return file.is_file() and function in _functions(file)


@cache
def _functions(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(
        one.name
        for one in tree.body
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test_")
    )


# The page


def write_page(requirements: Sequence[Requirement]) -> str:
    """The checklist for people to read: what is missing first, then every line by chapter."""
    lines = [
        "# OWASP ASVS 5.0.0, level 1 and 2",
        "",
        "<!-- Made from asvs.yaml by python -m tests.security_pages -->",
        "",
        "Judged line by line by reading the code; nobody from outside has looked yet. The words are our own",
        f"reminders: the requirements themselves are [the standard]({_STANDARD})'s. Every file and test that",
        "is named exists (`tests/test_security_pages.py`). See also [the threat model](threat-model.md) and",
        "[the decisions](decisions.md).",
        "",
        *_count(requirements),
    ]
    for status in ("not_met", "partly"):
        chosen = [one for one in requirements if one.status == status]
        lines += [
            "",
            f"## {_NAMES[status].capitalize()}",
            "",
            "| | level | subject | why | what it would take |",
        ]
        lines += ["|---|---|---|---|---|"]
        lines += [f"| {one.id} | {one.level} | {one.what} | {one.reason} | {one.needs} |" for one in chosen]
    for chapter, name in _CHAPTERS.items():
        chosen = [one for one in requirements if one.id.startswith(f"{chapter}.")]
        lines += ["", f"## {chapter} {name}", "", "| | level | subject | | evidence or reason |"]
        lines += ["|---|---|---|---|---|"]
        lines += [
            f"| {one.id} | {one.level} | {one.what} | {_NAMES[one.status]} | {_ground(one)} |"
            for one in chosen
        ]
    return "\n".join(lines) + "\n"


def _count(requirements: Sequence[Requirement]) -> list[str]:
    lines = ["| level | " + " | ".join(_NAMES[status] for status in STATUSES) + " | all |"]
    lines += ["|---" * (len(STATUSES) + 2) + "|"]
    for level in (1, 2):
        chosen = [one.status for one in requirements if one.level == level]
        counts = [chosen.count(status) for status in STATUSES]
        lines.append(f"| {level} | " + " | ".join(str(count) for count in (*counts, sum(counts))) + " |")
    return lines


def _ground(one: Requirement) -> str:
    parts = [f"`{name}`" for name in one.evidence]
    return " ".join([*parts, *([] if one.reason is None else [one.reason])])


def read_shipped() -> list[Requirement]:
    """The requirements as they stand in the repository."""
    levels = read_levels((FOLDER / "asvs_levels.yaml").read_text(encoding="utf-8"))
    return read_requirements((FOLDER / "asvs.yaml").read_text(encoding="utf-8"), levels)


def main() -> int:
    """Write the page."""
    (FOLDER / "asvs.md").write_text(write_page(read_shipped()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
