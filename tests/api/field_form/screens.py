"""What an inspector does with the form, by what the screen says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from api.field.words import load_words
from tests.api.field_form.conftest import PASSPHRASE

WORDS = load_words()

# What stands on the disk of the device, without the form.
_WITH_STORES = """
([code, given]) => new Promise((done, fail) => {
  const asked = indexedDB.open('daftar');
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    const stores = asked.result.transaction(['kept', 'visits', 'outbox'], 'readwrite');
    const [kept, visits, outbox] = ['kept', 'visits', 'outbox'].map((one) => stores.objectStore(one));
    const answers = [];
    ({
      plant: () => kept.put({id: 'planted', text: given}),
      key: () => { kept.get('key').onsuccess = (event) => {
        const {rounds, salt, wrapped} = event.target.result;
        answers.push(rounds, salt.byteLength, wrapped.byteLength) } },
      count: () => [visits, outbox].forEach((one) => {
        one.count().onsuccess = (event) => answers.push(event.target.result) }),
      age: () => { visits.getAll().onsuccess = (event) => event.target.result.forEach((row) =>
        visits.put({...row, begun: row.begun.map((at) => at - given * 86400000)})) },
    })[code]();
    stores.oncomplete = () => { asked.result.close(); done(answers) };
  };
})
"""


def with_stores(page: Page, code: str, given: Any = None) -> Any:
    """`plant` a text in clear, `count` visits and outbox, `age` what is begun, show how the `key` is kept."""
    return page.evaluate(_WITH_STORES, [code, given])


def set_up(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Set the device up, while online and signed in."""
    page.locator("#passphrase").fill(passphrase)
    page.locator("#repeat").fill(passphrase)
    page.locator("form button").click()
    expect(page.locator("#passphrase")).to_have_count(0)
    # The shell is there once the worker is: only then the form starts without a network.
    expect(page.locator("#unready")).to_have_count(0)
    page.evaluate("async () => { await navigator.serviceWorker.ready }")


def unlock(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Unlock; what comes of it is for the test to look at."""
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Unlock").click()


def begin_visit(page: Page, number: str) -> None:
    """Begin a visit to a workplace with a register number."""
    page.get_by_role("button", name="New visit").click()
    page.locator("label[for=workplace_kind-company]").click()
    page.get_by_label("The code or number").fill(number)
    page.get_by_role("button", name="Begin the visit").click()
    expect(page.get_by_role("button", name="Next worker")).to_be_visible()


def begin_worker(page: Page) -> None:
    page.get_by_role("button", name="Next worker").click()
    expect(page.locator("#question-heard_alone")).to_be_visible()


def shown_question(page: Page) -> str | None:
    """The question that stands on the screen; None once the result does."""
    expect(page.locator("fieldset.question, #result").first).to_be_visible()
    if page.locator("#result").count() > 0:
        return None
    return (page.locator("fieldset.question").get_attribute("id") or "").removeprefix("question-")


def go_to(page: Page, question: str) -> None:
    """Go to a question by the list of all of them."""
    if page.locator(f"#question-{question}").count() == 0:
        page.locator(".every:not([open]) summary, .every[open] h2").first.click()
        page.locator(f"#to-{question}").click()
    expect(page.locator(f"#question-{question}")).to_be_visible()


def choose(page: Page, question: str, *values: str) -> None:
    """Touch answers to a question: one that settles it leads to the next by itself."""
    go_to(page, question)
    many = page.locator(f"#question-{question} input[type=checkbox]").count() > 0
    for value in values:
        page.locator(f"label[for={question}-{value}]").click()
    if many:
        expect(page.locator("#saved")).to_have_text("Saved on this device")
    else:
        expect(page.locator(f"#question-{question}")).to_have_count(0)


def seal(page: Page) -> str:
    """Go to the result, seal it, and say what the form recommended."""
    page.get_by_role("button", name="To the result").click()
    said = page.locator("#result h2").inner_text()
    page.get_by_role("button", name="Finish and seal").click()
    expect(page.get_by_role("button", name="Next worker")).to_be_visible()
    return said


def answer_one(page: Page, position: int = 1) -> str:
    """One worker; every third tells of papers and pay that are kept back."""
    begin_worker(page)
    choose(page, "heard_alone", "yes")
    choose(page, "answers_coached", "others_answer")
    if position % 3 == 0:
        choose(page, "danger_now", "declined")
        choose(page, "pay_late_or_kept", "kept_back_so_that_i_stay")
        choose(page, "documents_holder", "employer")
    return seal(page)


def on_disk(profile: Path, marker: str) -> list[str]:
    """The files of a profile in which a text stands, in one byte a letter or in two."""
    wanted = {marker.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")}
    found = []
    for path in profile.rglob("*"):
        # A socket or a link of the browser's is no file.
        if path.is_symlink() or not path.is_file():
            continue
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            # A running browser removes files of its own.
            continue
        if any(one in body for one in wanted):
            found.append(str(path))
    return found
