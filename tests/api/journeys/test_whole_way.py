"""The whole way through the desk in a browser: by mouse, by keys alone, without a script, on a telephone.

What has to be shown, and by which test:

- a whole intake in Arabic and one in English, from signing in to the printed letter: here,
  `test_from_signing_in_to_the_printed_letter`
- keyboard only: here, `test_with_the_keys_alone`; single pages in `test_interviews_in_browser.py` and
  `test_records_in_browser.py` of `tests/api/desk`
- JavaScript off: here, `test_without_a_script`
- 320 pixels: here, `test_on_the_smallest_telephone`; every page for itself, in both languages, in
  `test_no_page_scrolls_sideways…` of the three browser tests of the desk
- stop and resume on another machine, two people in one interview: `test_together.py`, and for one person and
  for choices `tests/api/desk/test_interviews_in_browser.py`
- forced colours: `test_forced_colours.py`; the gallery of components in `tests/api/pages`
- a field visit with the server stopped: `tests/api/field_form`
- a breach of the policy or an error of the console fails any of them: `tests/browsers.py`
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from screening.papers.words import form_words
from screening.phrases import Language
from tests.api.journeys.conftest import Walk
from tests.api.journeys.hands import Keys, Narrow
from tests.api.journeys.walking import IDENTITY, KEPT_BACK, Walker

# Some thirty pages each: more than a test usually takes on a busy machine.
pytestmark = pytest.mark.timeout(400)
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def print_letter(walker: Walker, referral: str, folder: Path) -> str:
    """Press the link of the letter in the walker's language; the text of the paper that came."""
    came: list[bytes] = []

    def keep(route: Route) -> None:
        # Browsers show papers in a viewer of their own, which does not give them to who drives it.
        response = route.fetch()
        assert response.headers["content-type"] == "application/pdf"
        came.append(response.body())
        route.fulfill(response=response)

    address = f"{referral}/form?lang={walker.language}"
    walker.page.route(f"**{address}", keep)
    with walker.page.expect_response(f"**{address}"):
        walker.hand.press(f"a[href='{address}']")
    file = folder / "letter.pdf"
    file.write_bytes(came[0])
    assert came[0].startswith(b"%PDF-")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (Debian: poppler-utils) reads what stands on paper")
    done = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True)
    return " ".join(_MARKS.sub("", done.stdout.decode()).split())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_signing_in_to_the_printed_letter(walk: Walk, tmp_path: Path, language: Language) -> None:
    walker = walk("interviewer", language)
    referral = walker.whole_way()
    number = walker.page.locator("main .govuk-caption-l bdi").first.inner_text()
    said = print_letter(walker, referral, tmp_path)
    assert number in said
    assert "ZAMESSAGE" in said
    assert IDENTITY["languages"] in said
    for secret in KEPT_BACK:
        assert secret not in said, said
    arabic = len(re.findall(r"[\u0620-\u064a\ufb50-\ufdff\ufe70-\ufefc]", said))
    if language == "en":
        assert form_words("en")["title"] in said
        assert arabic == 0, said
    else:
        # Readers of paper put Arabic letters in an order of their own: what counts is that they are there.
        assert arabic > 300
    walker.open(referral)
    expect(walker.page.locator(".timeline__item")).to_have_count(2)


def test_with_the_keys_alone(walk: Walk, tmp_path: Path) -> None:
    walker = walk("colleague", hand=Keys)
    referral = walker.whole_way()
    assert "ZAMESSAGE" in print_letter(walker, referral, tmp_path)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_a_script(walk: Walk, tmp_path: Path, language: Language) -> None:
    walker = walk("interviewer", language, java_script_enabled=False)
    referral = walker.whole_way()
    assert "ZAMESSAGE" in print_letter(walker, referral, tmp_path)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_the_smallest_telephone(walk: Walk, language: Language) -> None:
    walker = walk("colleague", language, Narrow, viewport={"width": 320, "height": 640})
    walker.whole_way()
