"""`python -m tests.tour`: takes every picture of the tour again and writes the walk through them.

With chapters as arguments only their pictures are taken; `--lang` keeps to one language.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from screening.engines import Engines
from screening.phrases import Language
from tests.browsers import CHROMIUM, FLAGS, serve
from tests.services import fresh_settings
from tests.tour.book import FOLDER, write_books
from tests.tour.pictures import LANGUAGES, Numbered, load_chapters, number_pictures
from tests.tour.site import tour_site
from tests.tour.walking import Walk


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; 1 if a page could not be reached or a browser complained."""
    chapters = load_chapters()
    parser = argparse.ArgumentParser(prog="python -m tests.tour")
    parser.add_argument(
        "chapters", nargs="*", help="only these: " + ", ".join(one.chapter for one in chapters)
    )
    parser.add_argument("--lang", choices=LANGUAGES)
    given = parser.parse_args(arguments)
    if CHROMIUM is None:
        print("no Chromium found: install it (on Debian: apt-get install chromium) or set CHROMIUM")
        return 1
    # Everything is invented, and every page says so; nobody idles here, so that nothing covers the pages.
    os.environ |= {"SCREENING_MARKING": "demonstration", "SCREENING_IDLE_MINUTES": "0"}
    wanted = {
        one.name
        for chapter in chapters
        if chapter.chapter in (given.chapters or [chapter.chapter])
        for one in chapter.pictures
    }
    pictures = [one for one in number_pictures(chapters) if one.picture.name in wanted]
    failed = 0
    with sync_playwright() as playwright, Engines(workers=1) as engines:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for language in LANGUAGES if given.lang is None else (given.lang,):
            failed += _walk(browser, engines, language, pictures, whole=not given.chapters)
        browser.close()
        with tempfile.TemporaryDirectory(prefix="tour-") as place:
            app = create_app(fresh_settings(Path(place)), engines=engines)
        for file, text in write_books(chapters, app).items():
            (FOLDER / file).write_text(text, "utf-8")
    return 1 if failed else 0


def _walk(
    browser: Browser, engines: Engines, language: Language, pictures: Sequence[Numbered], *, whole: bool
) -> int:
    began = time.monotonic()
    folder = FOLDER / language
    if whole and folder.is_dir():
        kept = {one.file for one in pictures}
        for file in folder.iterdir():
            if file.name not in kept:
                file.unlink()
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="tour-") as place,
        tour_site(engines, Path(place), language) as site,
        serve(site.app) as address,
    ):
        walk = Walk(site, browser, address, folder)
        for one in pictures:
            try:
                walk.go(one)
            except Exception as error:  # noqa: BLE001 - every page that fails is named, not only the first
                print(f"{language} {one.file}: {type(error).__name__}: {str(error)[:1500]}")
                failed += 1
        walk.close()
    for said in (*walk.breaches, *(f"not drawn: {one}" for one in walk.skipped)):
        print(f"{language}: {said}")
    taken = len(pictures) - failed
    print(f"{language}: {taken} pictures in {time.monotonic() - began:.0f} s")
    return failed + len(walk.breaches)


if __name__ == "__main__":
    sys.exit(main())
