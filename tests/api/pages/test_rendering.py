"""What every page is sent with, in which language, and what its templates may and may not hold."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from starlette.testclient import TestClient

from api.pages import isolation
from api.pages.headers import CONTENT_SECURITY_POLICY
from api.pages.preferences import local_address
from api.pages.tokens import mask_token, matches_token
from indicators.catalogue import Catalogue
from screening.phrases import Language
from tests.api.pages.conftest import make_gallery

HERE = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((HERE / "api" / "templates").rglob("*.html"))
BROWSER = {"accept": "text/html,application/xhtml+xml"}
STATES = ("not_known", "declined", "not_asked")


def test_a_page_forbids_what_it_does_not_need(pages: TestClient) -> None:
    response = pages.get("/gallery/first")
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert response.headers["referrer-policy"] == "same-origin"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    assert "Cookie" in response.headers["vary"]


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(HERE / "api/templates").as_posix()
)
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"""\son[a-z]+=["']""", text)
    assert not re.search(r"hx-on|js:|javascript:", text)
    assert not re.search(r"\|\s*safe\b", text), "a filter of isolation.py makes markup; nothing else does"


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: path.relative_to(HERE / "api/templates").as_posix()
)
def test_no_template_says_a_word_past_the_catalogue(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%-?\s*trans\b.*?endtrans\s*-?%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}|{%.*?%}|<!--.*?-->", "", text, flags=re.DOTALL)
    assert not re.findall(r'(?:aria-label|title|alt|placeholder)="[^"]*[^\W\d_]{2,}', text)
    said = re.sub(r"<[^>]*>", " ", text)
    assert not re.findall(r"[^\W\d_]{2,}", said), "put it into {% trans %}"


def test_the_language_is_the_persons_then_the_browsers_choice_then_what_it_asks_for() -> None:
    client = TestClient(make_gallery(), follow_redirects=False)
    arabic = {"accept-language": "ar"}
    assert '<html lang="en" dir="ltr"' in client.get("/gallery/first").text
    assert '<html lang="ar" dir="rtl"' in client.get("/gallery/first", headers=arabic).text
    answer = client.get("/set/language/en?to=/gallery/first", headers=arabic)
    assert (answer.status_code, answer.headers["location"]) == (303, "/gallery/first")
    assert '<html lang="en" dir="ltr"' in client.get("/gallery/first", headers=arabic).text
    client.get("/set/colours/dark?to=/")
    assert 'data-colours="dark"' in client.get("/gallery/first").text
    assert "samesite=lax" in answer.headers["set-cookie"].lower()
    assert "httponly" in answer.headers["set-cookie"].lower()
    for wrong in ("/set/language/fr", "/set/colours/pink"):
        assert client.get(wrong).status_code == 404


def test_the_language_switch_keeps_the_place(pages: TestClient) -> None:
    text = pages.get("/gallery/session?seconds=900&warn=60").text
    assert 'href="/set/language/ar?to=/gallery/session%3Fseconds%3D900%26warn%3D60"' in text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/desk/1?x=1", "/desk/1?x=1"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("https://elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/a\\b", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_nobody_is_led_elsewhere(given: str | None, kept: str) -> None:
    assert local_address(given) == kept


def test_a_page_is_compressed_only_where_nobody_can_put_text_beside_it(pages: TestClient) -> None:
    headers = {"accept-encoding": "gzip"}
    assert pages.get("/gallery", headers=headers).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in pages.get("/blank?to=/x", headers=headers).headers
    asked = pages.get("/gallery/session?seconds=900&warn=60", headers=headers)
    assert "content-encoding" not in asked.headers
    assert len(gzip.compress(asked.content)) < len(asked.content)


def test_a_token_in_a_page_looks_different_each_time_and_still_matches() -> None:
    token = "0123456789abcdef" * 4
    masked = {mask_token(token) for _ in range(50)}
    assert len(masked) == 50
    assert all(matches_token(one, token) for one in masked)
    assert not any(token in one for one in masked)
    for wrong in (
        None,
        "",
        "zz",
        token,
        mask_token("another"),
        mask_token(token)[:-2],
        mask_token(token).upper(),
    ):
        assert not matches_token(wrong, token)


def test_numbers_names_and_foreign_words_are_walled_off() -> None:
    assert isolation.isolate_ltr("+965 2222 1234") == '<bdi dir="ltr">+965 2222 1234</bdi>'
    assert isolation.isolate_name("<b>Mary") == "<bdi>&lt;b&gt;Mary</bdi>"
    assert isolation.write_number(1234567) == '<bdi dir="ltr">1,234,567</bdi>'
    assert isolation.write_part("نعم", "ar") == '<span lang="ar" dir="rtl">نعم</span>'
    assert isolation.write_lines("a<\nب") == '<span dir="auto">a&lt;<br>ب</span>'


def test_days_are_written_as_far_as_they_are_known_in_latin_digits() -> None:
    assert "22 November 2026" in isolation.write_day("2026-11-22", "en")
    assert "22 نوفمبر 2026" in isolation.write_day("2026-11-22", "ar")
    assert "<bdi>March 2025</bdi>" in isolation.write_day("2025-03", "en")
    assert "<bdi>2019</bdi>" in isolation.write_day("2019", "ar")
    assert isolation.write_day("some day", "en") == '<bdi dir="ltr">some day</bdi>'
    evening = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    assert "22 November 2026, 01:30" in isolation.write_moment(evening, "en")
    assert "22 نوفمبر 2026، 01:30" in isolation.write_moment(evening, "ar")


def test_what_could_not_be_said_is_offered_like_yes_and_no_for_every_question(
    pages: TestClient, catalogue: Catalogue
) -> None:
    """The same control, the same box, the same order, all three, and nothing chosen beforehand."""
    for name, question in catalogue.questions.items():
        text = pages.get(f"/gallery/questions/{name}").text
        form = text[text.index("<form") : text.index("</form>")]
        boxes = re.findall(
            r'<div class="(choice[^"]*)">\s*<input class="choice__control" type="(\w+)" id="[^"]+"'
            r' name="([^"]+)" value="(\w+)"([^>]*)>',
            form,
        )
        own = [box for box in boxes if box[2] == name]
        assert [value for _, _, _, value, _ in own][-3:] == list(STATES), name
        assert len({kind for _, kind, _, _, _ in own}) == 1, name
        plain = {css for css, _, _, value, _ in own if value not in ("written", "between")}
        assert plain == {"choice"}, name
        assert not any("checked" in rest for *_, rest in own), name
        if question.options:
            assert [value for _, _, _, value, _ in own][:-3] == [option.id for option in question.options]


def test_both_languages_of_a_question_are_on_its_card(pages: TestClient, catalogue: Catalogue) -> None:
    question = catalogue.questions["documents_asked"]
    for language in ("en", "ar"):
        text = pages.get("/gallery/questions/documents_asked", headers={"accept-language": language}).text
        for part in ("en", "ar"):
            assert f'<p class="spoken__text">{question.text.say(part)}</p>' in text
        assert question.why.say(language) in text


def test_what_was_typed_is_shown_again_and_never_run(pages: TestClient) -> None:
    planted = '"><script>alert(1)</script>'
    for field, name in (("own_account.text", "own_account"), ("months_unpaid.number", "months_unpaid")):
        text = pages.post(f"/gallery/questions/{name}", data={name: ["declined"], field: [planted]}).text
        assert "alert(1)" in text
        assert "<script>alert" not in text


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/gallery/failing", 500)])
def test_a_problem_is_a_page_for_a_browser_and_a_document_for_a_program(
    pages: TestClient, path: str, status: int
) -> None:
    shown = pages.get(path, headers={**BROWSER, "accept-language": "ar"})
    assert shown.status_code == status
    assert shown.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert '<html lang="ar" dir="rtl"' in shown.text
    assert shown.headers["x-request-id"] in shown.text
    assert "gallery shows what a failure" not in shown.text
    told = pages.get(path, headers={"accept": "*/*"})
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    assert pages.get("/api/v1/nothing", headers=BROWSER).headers["content-type"] == "application/problem+json"


def test_practice_and_demonstration_are_marked_on_every_page(pages: TestClient) -> None:
    assert 'class="marking"' not in pages.get("/gallery/first").text
    assert "Everyone here is invented" in pages.get("/gallery/practice").text
    demonstration = TestClient(make_gallery(marking="demonstration"), raise_server_exceptions=False)
    for path in ("/gallery", "/gallery/first", "/gallery/questions", "/nothing"):
        assert "Do not enter anything about a real person" in demonstration.get(path, headers=BROWSER).text


def test_no_page_and_no_icon_names_what_this_is_about(pages: TestClient) -> None:
    for path in ("/gallery/first", "/blank?to=/"):
        text = pages.get(path).text
        title = re.findall(r"<title>(.*?)</title>", text)[0]
        assert not re.search(r"traffick|victim|screening|اتجار|ضحي", title, re.IGNORECASE)
        assert title.endswith("Daftar")


def test_the_gallery_is_there_only_where_it_was_asked_for() -> None:
    from fastapi import FastAPI

    from api.pages.routes import add_pages
    from api.pages.settings import PageSettings
    from api.problems import add_problem_handlers

    app = FastAPI(openapi_url=None)
    add_problem_handlers(app)
    add_pages(app, PageSettings(gallery=False))
    client = TestClient(app)
    for path in ("/gallery", "/gallery/first", "/gallery/questions/locked_in"):
        assert client.get(path).status_code == 404
    assert client.get("/blank").status_code == 200


def test_a_name_that_no_template_was_given_stops_the_page() -> None:
    from api.pages.assets import load_assets
    from api.pages.rendering import _environment

    template = _environment("en", load_assets()).from_string("{% if x %}{% endif %}{{ x }}")
    with pytest.raises(UndefinedError, match="x"):
        template.render()


def test_every_macro_that_pages_use_has_an_example_in_the_manual() -> None:
    manual = (HERE / "docs" / "developers" / "pages.md").read_text(encoding="utf-8")
    macros = {
        name
        for part in ("forms", "parts")
        for name in re.findall(
            r"{% macro (\w+)", (HERE / f"api/templates/macros/{part}.html").read_text(encoding="utf-8")
        )
        if not name.startswith("_")
    } | {"question", "interpreter_card"}
    assert len(macros) > 25
    assert {name for name in macros if not re.search(rf"\b{name}(\(|\b)", manual)} == set()


def test_the_whole_application_has_the_pages_and_the_gallery_only_if_asked(client: TestClient) -> None:
    shown = client.get("/no-such-page", headers={**BROWSER, "accept-language": "ar"})
    assert shown.status_code == 404
    assert '<html lang="ar" dir="rtl"' in shown.text
    sheet = re.findall(r'<link rel="stylesheet" href="([^"]+)"', shown.text)[0]
    assert client.get(sheet).status_code == 200
    assert client.get("/blank").status_code == 200
    assert client.get("/gallery").status_code == 404
    assert "/static/" not in client.get("/api/v1/openapi.json").text


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("nobody is `a<b`", "en", "nobody is “<bdi>a&lt;b</bdi>”"),
        ("لا أحد اسمه `x`", "ar", "لا أحد اسمه «<bdi>x</bdi>»"),
        ("one ` alone & nothing else", "en", "one ` alone &amp; nothing else"),
    ],
)
def test_what_a_message_quotes_is_quoted_and_isolated(text: str, language: Language, shown: str) -> None:
    assert isolation.write_quoted(text, language) == shown
