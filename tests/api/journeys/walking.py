"""The whole way through the desk, step by step as people take it, by whatever hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from screening.phrases import Language
from tests.api.journeys.hands import Hand

WOMEN = "pam_shelter_women"
GO_ON = "button[name=go][value=next]:not([tabindex])"
SEND = "main form button[type=submit]:not([tabindex])"
_RECORD = r"[0-9a-f]{32}"
_ARABIC = re.compile(r"[\u0620-\u064a]")
_LATIN = re.compile(r"[A-Za-z]")

# Everything personal is invented.
TOLD: dict[Language, str] = {
    "en": "They kept my passport ZATOLD in a drawer.",
    "ar": "احتفظوا بجواز سفري ZATOLD في درج.",
}
MESSAGE: dict[Language, str] = {
    "en": "A bed for tonight, please. She speaks Tagalog. ZAMESSAGE",
    "ar": "سرير لهذه الليلة من فضلكم، وهي تتكلم التاغالوغية. ZAMESSAGE",
}
IDENTITY = {"full_name": "Zaname Invented", "languages": "ZATONGUE", "document_number": "ZADOC77"}
# What nobody who receives a referral may find in it.
KEPT_BACK = ("ZATOLD", "Zaname", "ZADOC77", "ZANOTE")


@dataclass
class Walker:
    """Somebody on the way from the first page to the letter; each page is looked at as it comes."""

    page: Page
    hand: Hand
    language: Language
    scripts: bool = True
    home: str = ""
    case: str = ""

    # Arriving

    def sign_in(self, name: str, password: str, code: Callable[[], str]) -> None:
        """From nowhere to the first page, in the language of the walker."""
        self.page.goto("/")
        self.arrived(r"/sign-in\?to=|/sign-in$")
        self.hand.write("#name", name)
        self.hand.write("#password", password)
        self.press(SEND, r"/sign-in/code")
        self.hand.write("#code", code())
        self.press(SEND, r"/interviews$|/supervision$", own_language=False)
        if self.page.locator("html").get_attribute("lang") != self.language:
            # What the account speaks goes before what the browser asks for.
            self.hand.press_at_top(f"a[href^='/set/language/{self.language}']")
            expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.arrived(r"/interviews$|/supervision$")

    def arrived(self, where: str, *, own_language: bool = True) -> None:
        """Wait for a page and look at it: its language, its direction, and what the hand minds."""
        expect(self.page).to_have_url(re.compile(where))
        self.page.wait_for_load_state("load")
        if own_language:
            html = self.page.locator("html")
            expect(html).to_have_attribute("lang", self.language)
            expect(html).to_have_attribute("dir", "rtl" if self.language == "ar" else "ltr")
            self._read()
        self.hand.arrive()

    def press(self, where: str, leads_to: str, *, own_language: bool = True) -> None:
        """Press something that leads to another page, and arrive there."""
        self.hand.press(where)
        self.arrived(leads_to, own_language=own_language)

    def open(self, path: str) -> None:
        """Go to an address that was kept, as from the history of the browser."""
        self.page.goto(path)
        self.arrived(re.escape(path) + "$")

    def _read(self) -> None:
        """What a page says is said in the language of its reader; codes and names may be Latin."""
        words = self.page.locator("main").inner_text()
        named = "".join(self.page.locator("main bdi").all_inner_texts())
        arabic, latin = (len(one.findall(words)) - len(one.findall(named)) for one in (_ARABIC, _LATIN))
        own, other = (arabic, latin) if self.language == "ar" else (latin, arabic)
        assert own > 4 * other, (self.page.url, words[:500])

    # The interview

    def choose(self, question: str, value: str) -> None:
        """Choose an answer."""
        self.hand.choose(f'input[name="{question}"][value="{value}"]')

    def begin(self) -> None:
        """A new interview in a new case, from the list."""
        self.press("main a[href='/interviews/new']", r"/interviews/new$")
        self.choose("case", "new")
        self.choose("instrument", "intake")
        self.press(SEND, rf"/interviews/{_RECORD}/sections/room$")
        self.home = urlsplit(self.page.url).path.removesuffix("/sections/room")

    def make_safe(self) -> None:
        """Whether the room is safe and the person agrees: before everything else."""
        for question, value in (
            ("entry_mode", "came_alone"),
            ("heard_alone", "yes"),
            ("interpreter", "independent"),
            ("age_group", "adult_settled"),
            ("sex", "female"),
        ):
            self.choose(question, value)
        self.press(GO_ON, "/sections/safety$")
        for question in ("limits_explained", "consent_to_talk", "consent_to_record", "safe_to_talk"):
            self.choose(question, "yes")
        self.choose("danger_now", "no")
        self.press(GO_ON, "/sections/needs$")
        self.choose("injury_now", "declined")
        self.press(GO_ON, "/sections/opening$")
        self.choose("own_account", "written")
        self.hand.write("#own_account-text", TOLD[self.language])
        self.press(GO_ON, "/sections/work$")
        self.choose("kind_of_work", "domestic_work")
        # What depends on an answer comes up: beneath it, or without a script with the next page.
        if self.scripts:
            expect(self.page.locator('input[name="work_for"]').first).to_be_visible()
            self.said_as_saved()
        else:
            self.press(GO_ON, "/sections/work#[a-z_]+$")

    def ask(self) -> None:
        """Pay and papers by section, then what weighs most, one question a page."""
        self.press("button[name=go][value=home]", rf"/interviews/{_RECORD}$")
        self.press(f"a[href='{self.home}/sections/papers']", "/sections/papers$")
        self.choose("documents_holder", "employer")
        if self.scripts:
            expect(self.page.locator('input[name="documents_returned_on_request"]').first).to_be_visible()
            self.choose("documents_returned_on_request", "no")
            # The panel follows at once.
            expect(self._means()).not_to_have_count(0)
            self.said_as_saved()
        else:
            self.press(GO_ON, "/sections/papers#documents_returned_on_request$")
            self.choose("documents_returned_on_request", "no")
        self.press("button[name=go][value=home]", rf"/interviews/{_RECORD}$")
        expect(self._means()).not_to_have_count(0)
        self.press(
            "#panel a[href*='/questions/']:not(details a)", rf"/interviews/{_RECORD}/questions/[a-z_]+$"
        )
        asked = self.page.url.rpartition("/")[2]
        self.choose(asked, "declined")
        self.press(GO_ON, rf"/questions/(?!{asked}$)[a-z_]+$")
        for question, value in (
            ("free_to_leave_place", "not_allowed"),
            ("locked_in", "yes"),
            ("pay_late_or_kept", "kept_back_so_that_i_stay"),
        ):
            self.open(f"{self.home}/questions/{question}")
            self.choose(question, value)
            self.press(GO_ON, rf"{_RECORD}(/questions/(?!{question}$)[a-z_]+)?$")
        self.open(f"{self.home}/questions/daily_hours")
        self.choose("daily_hours", "written")
        self.hand.write("#daily_hours-number", "١٦" if self.language == "ar" else "16")
        self.press(GO_ON, rf"{_RECORD}(/questions/(?!daily_hours$)[a-z_]+)?$")

    def observe(self) -> None:
        """What was seen, apart from what was said."""
        self.open(self.home)
        self.press(f"a[href='{self.home}/sections/observed']", "/sections/observed$")
        self.choose("apparent_age", "clearly_adult")
        self.choose("injuries_seen", "not_known")
        self.press("button[name=go][value=home]", rf"/interviews/{_RECORD}$")

    def finish(self) -> None:
        """Every answer once more, then the result."""
        self.press(f"a[href='{self.home}/check']", "/check$")
        row = self.page.locator("#row-injury_now .unsaid")
        expect(row).to_have_count(1)
        expect(self.page.locator("#row-daily_hours dd").first).to_contain_text("16")
        self.press("#finish button[type=submit]", rf"/assessments/{_RECORD}$")

    def said_as_saved(self) -> None:
        """Wait until the page says that everything has arrived."""
        line = self.page.locator("#saved")
        expect(line).to_have_text(line.get_attribute("data-saved") or "")

    def _means(self) -> Locator:
        return (
            self.page.locator("#panel .elements__one")
            .nth(1)
            .locator("dd:not(.elements__none):not(.elements__open)")
        )

    # The result

    def walk_back(self) -> None:
        """Open the reasons, down to an answer and its source."""
        why = self.page.locator("section[aria-labelledby=why]")
        folded = "section[aria-labelledby=why] .tree details:not([open]) > summary"
        leaves = why.locator(".tree__leaf:visible")
        before = leaves.count()
        for _ in range(8):
            opened = why.locator(".tree details[open]").count()
            # The first that is folded stands inside the one that was opened last, as long as that has any.
            self.hand.press(folded)
            expect(why.locator(".tree details[open]")).to_have_count(opened + 1)
            if leaves.count() > before + 2:
                return
        raise AssertionError("eight steps into the reasons, and no answer yet")

    def decide(self) -> None:
        """Agree; the result stays as it is."""
        self.choose("stance", "agree")
        self.press("section[aria-labelledby=decisions] form button[type=submit]", r"\?decided=yes")
        expect(self.page.locator(".decisions li")).to_have_count(1)
        done = self.page.get_by_role("alert")
        expect(done).to_be_visible()
        if self.scripts:
            expect(done).to_be_focused()

    def note_identity(self) -> None:
        """Write down who the person is, of which only a part is to go along."""
        self.case = (
            self.page.locator("main a[href^='/cases/'], nav a[href^='/cases/']").first
        ).get_attribute("href") or ""
        self.case = "/".join(self.case.split("/")[:3])
        self.open(f"{self.case}/identity/change")
        for field, value in IDENTITY.items():
            self.hand.write(f"#{field}", value)
        self.hand.write("#notes", "ZANOTE")
        self.press(SEND, "/identity")

    def refer(self) -> str:
        """The person's own yes to one service, then the letter; returns the referral's address."""
        self.open(f"{self.case}/proposals")
        self.press(f"a[href$='/shelter/{WOMEN}/ask']", "/ask$")
        self.choose("state", "given")
        self.choose("how", "spoken")
        self.hand.choose('input[name="limits"]')
        self.press(SEND, "/write$")
        self.hand.write("#message", MESSAGE[self.language])
        self.hand.choose('input[name="share"][value="languages"]')
        self.press(SEND, rf"/referrals/{_RECORD}\?written=yes$")
        expect(self.page.get_by_role("alert")).to_be_visible()
        return urlsplit(self.page.url).path

    def whole_way(self) -> str:
        """From the list to a written referral; returns its address."""
        self.begin()
        self.make_safe()
        self.ask()
        self.observe()
        self.finish()
        self.walk_back()
        self.decide()
        self.note_identity()
        return self.refer()
