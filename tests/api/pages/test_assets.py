"""What the pages load is what was built, from the sources that are here, and is kept for ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

from starlette.testclient import TestClient

from api.pages.assets import load_assets

HERE = Path(__file__).resolve().parents[3]
LIST = HERE / "frontend" / "SHA256SUMS"
ASSETS = load_assets()


def listed() -> dict[str, str]:
    """Each file of the list with its hash."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_built_file_and_every_source_is_as_listed() -> None:
    changed = [
        name
        for name, digest in listed().items()
        if hashlib.sha256((HERE / name).read_bytes()).hexdigest() != digest
    ]
    assert not changed, f"run `make assets`, then commit: {changed}"


def test_the_list_leaves_no_built_file_and_no_source_out() -> None:
    here = {f"api/static/{name}" for name in ASSETS.files}
    for folder in ("styles", "scripts", "licences"):
        here |= {
            path.relative_to(HERE).as_posix()
            for path in (HERE / "frontend" / folder).rglob("*")
            if path.is_file()
        }
    # Drawn by hand, for this project.
    assert here - set(listed()) == {"api/static/icon.svg"}


def test_everything_that_came_from_elsewhere_has_its_licence() -> None:
    for name, words in {
        "govuk-frontend": "MIT",
        "htmx": "Zero-Clause BSD",
        "noto-sans": "SIL OPEN FONT LICENSE",
        "noto-sans-arabic": "SIL OPEN FONT LICENSE",
    }.items():
        text = (HERE / "api" / "static" / "licences" / f"{name}.txt").read_text(encoding="utf-8")
        assert words.lower() in text.lower(), name
    assert "Mozilla Public License" in (HERE / "tests/api/pages/axe/LICENSE").read_text(encoding="utf-8")


def test_the_style_sheets_carry_no_font_name_or_crest_that_is_reserved() -> None:
    for name in ("ui.css", "ui.rtl.css"):
        text = ASSETS.files[name].body.decode("utf-8")
        assert not re.search(r"GDS Transport|crest|gov\.uk", text, re.IGNORECASE)
        assert not re.search(r"url\((?!\"?(?:data:|fonts/))|@import", text), (
            "nothing is loaded from elsewhere"
        )


def test_our_own_styles_know_no_left_and_no_right() -> None:
    physical = re.compile(
        r"(?:^|[{;])\s*(?:(?:margin|padding|border)-(?:left|right)\b|(?:left|right)\s*:|float\s*:|text-align\s*:\s*(?:left|right)|direction\s*:)"
    )
    # The library's own side border is taken away by its physical name, on the side rtlcss puts it.
    allowed = {"border-right: 0;", "border-left: 0;"}
    found = [
        f"{path.name}: {line.strip()}"
        for path in (HERE / "frontend" / "styles").rglob("*.scss")
        for line in path.read_text(encoding="utf-8").splitlines()
        if physical.search(line) and line.strip() not in allowed
    ]
    assert not found


def test_a_file_is_sent_compressed_and_for_ever(pages: TestClient) -> None:
    address = ASSETS.address("ui.css")
    response = pages.get(address, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.content == ASSETS.files["ui.css"].body
    plain = pages.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(ASSETS.files["ui.css"].compressed or b"") == plain.content


def test_a_page_from_before_an_update_gets_the_file_and_keeps_nothing(pages: TestClient) -> None:
    response = pages.get("/static/0123456789abcdef/ui.css")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"


def test_what_is_no_static_file_is_not_there(pages: TestClient) -> None:
    for name in ("../pages/assets.py", "..%2fpages%2fassets.py", "nothing.css", "field/sw.js", ""):
        assert pages.get(f"/static/{ASSETS.digest}/{name}").status_code == 404, name


def test_a_style_sheet_finds_its_fonts_beside_it() -> None:
    for name in ("ui.css", "ui.rtl.css"):
        fonts = set(re.findall(r"url\(\"?(fonts/[^\")]+)\"?\)", ASSETS.files[name].body.decode("utf-8")))
        assert fonts
        assert all(font in ASSETS.files for font in fonts), fonts
