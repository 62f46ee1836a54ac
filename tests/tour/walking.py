"""Going through the site with a browser, picture after picture, in one language."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from screening.sittings.answers import GivenAnswer
from screening.sittings.saving import save_answers
from tests.api.desk.conftest import session_cookie
from tests.tour.camera import HEIGHT, WIDTH, take, take_paper
from tests.tour.field_form import FieldForm
from tests.tour.pictures import Look, Numbered, Picture
from tests.tour.site import TODAY, TourSite, without_administrator

_SIZES: Final[dict[Look, dict[str, int]]] = {
    "plain": {"width": WIDTH, "height": HEIGHT},
    "dark": {"width": WIDTH, "height": HEIGHT},
    "phone": {"width": 390, "height": 800},
    "narrow": {"width": 320, "height": 700},
    # A4 less its margins.
    "print": {"width": 720, "height": 1000},
}
_OPEN_ALL: Final = "() => document.querySelectorAll('main details').forEach(one => { one.open = true })"
# A machine that does much else may need long for a page.
_PATIENCE: Final = 30_000


class Walk:
    """One walk; `breaches` is what the browser complained about."""

    def __init__(self, site: TourSite, browser: Browser, address: str, folder: Path) -> None:
        self.site = site
        self.address = address
        self.folder = folder
        self.breaches: list[str] = []
        self.skipped: list[str] = []
        self._browser = browser
        self._closing = ExitStack()
        self._pages: dict[str, Page] = {}
        self._field: FieldForm | None = None

    def go(self, numbered: Numbered) -> None:
        """Take one picture."""
        one = numbered.picture
        file = self.folder / numbered.file
        if one.screen is not None:
            page = self._field_form(one.by).show(one.screen)
            take(page, file)
            return
        page = self._page(one.by)
        if one.paper:
            self._take_paper(page, one, file)
            return
        if one.later:
            page.clock.install(time=TODAY)
        page.set_viewport_size(_SIZES[one.look])  # type: ignore[arg-type]
        page.emulate_media(
            color_scheme="dark" if one.look == "dark" else "light",
            media="print" if one.look == "print" else "screen",
        )
        if one.at is not None:
            with without_administrator(self.site) if one.empty else nullcontext():
                self._goto(page, one)
        for step in one.do:
            self._do(page, step)
        if one.shows is not None:
            expect(page).to_have_url(re.compile(re.escape(one.shows)))
        if one.later:
            page.clock.fast_forward(one.later * 1000)
            expect(page.locator("dialog[open]")).to_be_visible()
        take(page, file)
        if one.later:
            self._pages.pop(one.by).context.close()

    def close(self) -> None:
        """Close every browser window."""
        self._closing.close()

    def fill_in(self, text: str) -> str:
        """A text with its places in it."""
        return text.format(**self.site.places, language=self.site.language) if "{" in text else text

    def _goto(self, page: Page, one: Picture) -> None:
        assert one.at is not None
        path = self.fill_in(one.at)
        answered = page.goto(path)
        assert answered is not None
        # A link that is gone says so with its status as well.
        assert answered.status in (one.status, 410), (one.name, answered.status, page.inner_text("main"))
        expect(page.locator("html")).to_have_attribute("lang", self.site.language)

    def _take_paper(self, page: Page, one: Picture, file: Path) -> None:
        assert one.at is not None
        answered = page.context.request.get(self.address + self.fill_in(one.at))
        assert answered.ok, (one.name, answered.status)
        drawn = self._new_context()
        if not take_paper(drawn.new_page(), answered.body(), file):
            self.skipped.append(f"{one.name}: no pdftoppm (on Debian: apt-get install poppler-utils)")
        drawn.close()

    def _page(self, who: str) -> Page:
        if who not in self._pages:
            context = self._new_context()
            if who in self.site.world.people:
                name, value = session_cookie(self.site.service, self.site.world, who)
                context.add_cookies([{"name": name, "value": value, "url": self.address}])
            self._pages[who] = context.new_page()
        return self._pages[who]

    def _new_context(self, **more: Any) -> BrowserContext:
        options: dict[str, Any] = {
            "base_url": self.address,
            "locale": self.site.language,
            "viewport": _SIZES["plain"],
            "color_scheme": "light",
            "reduced_motion": "reduce",
            "timezone_id": "Asia/Kuwait",
        }
        context = self._browser.new_context(**options | more)
        context.set_default_timeout(_PATIENCE)
        context.on("weberror", lambda error: self.breaches.append(str(error.error)))
        self._closing.callback(context.close)
        return context

    def _field_form(self, who: str) -> FieldForm:
        if self._field is None:
            context = self._new_context(viewport={"width": 390, "height": 760})
            name, value = session_cookie(self.site.service, self.site.world, who)
            cookie = {"name": name, "value": value, "url": self.address}
            self._field = FieldForm(context.new_page(), self.site.language, cookie)
        return self._field

    def _do(self, page: Page, step: dict[str, Any]) -> None:
        ((verb, what),) = step.items()
        match verb:
            case "open_all":
                page.evaluate(_OPEN_ALL)
            case "see":
                expect(page.locator(what).first).to_be_visible()
            case "check":
                page.locator(what).first.check(force=True)
            case "click":
                page.locator(what).first.click()
                page.wait_for_load_state("load")
            case "fill":
                page.locator(what[0]).first.fill(self.fill_in(what[1]))
            case "choose":
                page.locator(what[0]).select_option(self.fill_in(what[1]))
            case "code":
                page.locator(what[0]).fill(self._code(self.fill_in(what[1])))
            case "code_shown":
                secret = page.locator("p.code").first.text_content() or ""
                page.locator(what).fill(self._code(secret))
            case "elsewhere":
                self._save_elsewhere(*(self.fill_in(text) for text in what))
            case _:
                raise AssertionError(f"no such step: {json.dumps(step)}")

    def _code(self, secret: str) -> str:
        # A code works once: the next one is that of the next half minute.
        self.site.clock.move(timedelta(seconds=30))
        return pyotp.TOTP(secret.replace(" ", "")).at(int(self.site.clock.now.timestamp()))

    def _save_elsewhere(self, interview: str, question: str, value: str) -> None:
        given = [GivenAnswer(question, value, "tour-elsewhere")]
        save_answers(self.site.service, self.site.world["supervisor"], interview, given, live=False)
