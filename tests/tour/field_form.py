"""The screens of the field form, one after the other, as an inspector comes to them."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page, expect

from api.field.words import load_words
from screening.phrases import Language

_PASSPHRASE: Final = "violet lantern on the quay"
# A passphrase is stretched, and a screening is evaluated, on a machine that may do much else.
_PATIENCE: Final = 60_000


class FieldForm:
    """A telephone with the form; its screens are shown in the order of their methods."""

    def __init__(self, page: Page, language: Language, cookie: dict[str, Any]) -> None:
        self._page = page
        self._words = load_words()
        self._language = language
        self._cookie = cookie

    def show(self, screen: str) -> Page:
        """Go on to a screen, which has to be the next one."""
        getattr(self, f"_show_{screen}")()
        return self._page

    def _say(self, id: str) -> str:
        return str(self._words[id][self._language])

    def _press(self, id: str) -> None:
        self._page.get_by_role("button", name=self._say(id), exact=True).click()

    def _show_signed_out(self) -> None:
        self._page.goto("/field")
        expect(self._page.get_by_role("link", name=self._say("state.sign_in_link"))).to_be_visible()

    def _show_setup(self) -> None:
        self._page.context.add_cookies([self._cookie])  # type: ignore[list-item]
        self._page.reload()
        expect(self._page.locator("#passphrase")).to_be_visible(timeout=_PATIENCE)

    def _show_home(self) -> None:
        self._page.locator("#passphrase").fill(_PASSPHRASE)
        self._page.locator("#repeat").fill(_PASSPHRASE)
        self._press("setup.done")
        heading = self._page.get_by_role("heading", name=self._say("home.title"))
        expect(heading).to_be_visible(timeout=_PATIENCE)

    def _show_new_visit(self) -> None:
        self._press("home.new")
        self._page.locator("label[for=workplace_kind-company]").click()
        self._page.locator("#number").fill("CR-77120")

    def _show_visit(self) -> None:
        self._press("visit.begin")
        expect(self._page.get_by_role("button", name=self._say("visit.add"))).to_be_visible(timeout=_PATIENCE)

    def _show_questions(self) -> None:
        self._press("visit.add")
        expect(self._page.locator("#question-heard_alone")).to_be_visible(timeout=_PATIENCE)

    def _show_urgent(self) -> None:
        self._answer("heard_alone", "yes")
        self._answer("danger_now", "yes")
        self._answer("pay_late_or_kept", "kept_back_so_that_i_stay")
        self._go_to("documents_holder")
        expect(self._page.get_by_text(self._say("urgent.title")).first).to_be_visible(timeout=_PATIENCE)

    def _show_result(self) -> None:
        self._answer("documents_holder", "employer")
        self._press("ask.result")
        expect(self._page.locator("#routes")).to_be_visible(timeout=_PATIENCE)

    def _go_to(self, question: str) -> None:
        if self._page.locator(f"#question-{question}").count() == 0:
            self._page.locator(".every summary").click()
            self._page.locator(f"#to-{question}").click()
        expect(self._page.locator(f"#question-{question}")).to_be_visible(timeout=_PATIENCE)

    def _answer(self, question: str, value: str) -> None:
        self._go_to(question)
        self._page.locator(f"label[for={question}-{value}]").click()
        # What settles a question leads to the next by itself.
        expect(self._page.locator(f"#question-{question}")).to_have_count(0, timeout=_PATIENCE)

    def _show_unsent(self) -> None:
        self._page.route("**/field/records", lambda route: route.abort())
        self._press("result.seal")
        expect(self._page.get_by_role("button", name=self._say("visit.add"))).to_be_visible(timeout=_PATIENCE)
        expect(self._page.locator("#sending")).not_to_have_text(self._say("state.sending"))

    def _show_locked(self) -> None:
        self._press("app.lock")
        expect(self._page.get_by_role("heading", name=self._say("lock.title"))).to_be_visible()
