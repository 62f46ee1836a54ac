"""Every broken content file gives exactly the lines it says, in English, and as many in Arabic."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from indicators.content import load_catalogue
from indicators.errors import advice, render

HERE = Path(__file__).parent
ARABIC = re.compile("[\u0621-\u064a]")


def header(path: Path, key: str) -> list[str]:
    """The values of one key in the comments at the top of a broken file."""
    found = re.findall(rb"^(?:\xef\xbb\xbf)?# (\w+): (.*)$", path.read_bytes(), flags=re.MULTILINE)
    return [value.decode() for name, value in found if name.decode() == key]


BROKEN = [
    path
    for path in sorted((HERE / "bad").glob("*.yaml"))
    if any(place.startswith("indicators/") for place in header(path, "path"))
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    copy = tmp_path / "tree"
    shutil.copytree(HERE / "base_tree", copy)
    return copy


def test_the_tree_without_a_broken_file_has_no_faults(tree: Path) -> None:
    assert [render(one) for one in load_catalogue(tree)[1]] == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_gives_exactly_these_lines(tree: Path, broken: Path) -> None:
    (tree / header(broken, "path")[0]).write_bytes(broken.read_bytes())
    faults = load_catalogue(tree)[1]
    assert [render(one) for one in faults] == header(broken, "expect")
    assert broken.stem.split("_")[0] in {one.code for one in faults}
    for one in faults:
        assert ARABIC.search(render(one, "ar"))
        assert render(one, "ar").split(" ")[:2] == render(one).split(" ")[:2]
        assert advice(one, "en")
        assert ARABIC.search(advice(one, "ar"))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.stem)
def test_what_is_not_broken_is_still_read(tree: Path, broken: Path) -> None:
    (tree / header(broken, "path")[0]).write_bytes(broken.read_bytes())
    catalogue, faults = load_catalogue(tree)
    assert "working_now" in catalogue.questions
    assert "law_of_the_example" in catalogue.sources
    if all(one.severity == "publication" for one in faults):
        assert "base" in catalogue.instruments
        if header(broken, "path")[0].startswith("indicators/questions/"):
            assert "locked_in" in catalogue.questions
        if header(broken, "path")[0].startswith("indicators/locators/"):
            assert "article 2" in catalogue.locators


def test_there_are_at_least_as_many_as_promised() -> None:
    assert len(BROKEN) >= 60
