"""How somebody works a page: with a mouse, with the keys alone, or on the smallest telephone."""

from __future__ import annotations

from typing import Any, Protocol

from playwright.sync_api import Page, expect

# More than any page has controls between its main part and its end.
MOST_STOPS = 400

# What the focus stands on, where that is, and whether the way there went back.
_STOP = """chosen => {
  const one = document.activeElement, place = (one.closest('.choice') ?? one).getBoundingClientRect();
  const before = window.stoodOn;
  window.stoodOn = one;
  return {
    arrived: one.matches(chosen),
    nowhere: one === document.body,
    kind: [one.tagName, one.type ?? '', one.className, one.checked ?? ''].join(' '),
    what: one.outerHTML.slice(0, 120),
    seen: place.width > 0 && place.height > 0 && place.bottom > 0 && place.top < innerHeight,
    backwards: Boolean(before?.isConnected && before !== one
      && before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING),
  };
}"""

# Whether what has the focus looks different from how it looks without: a line around it, another ground.
_MARKED = """() => {
  const one = document.activeElement, box = one.closest('.choice') ?? one;
  const clear = colour => /transparent|^rgba.*, 0\\)$/.test(colour);
  const look = () => JSON.stringify([one, box].map(each => {
    const style = getComputedStyle(each);
    const thin = style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2;
    const line = thin || clear(style.outlineColor) ? '' : style.outlineColor;
    return [line, style.boxShadow, style.backgroundColor];
  }));
  const focused = look();
  one.blur();
  const plain = look();
  one.focus();
  return focused !== plain && document.activeElement === one;
}"""

# Controls that stand outside the page's width, are too small to hit, or lie beneath something else.
_OUT_OF_REACH = """() => {
  const found = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) found.push(`the page is ${wide} pixels too wide`);
  const controls = 'main :is(a, button, input, select, textarea, summary), nav a';
  for (const one of document.querySelectorAll(controls)) {
    if (one.type === 'hidden' || one.tabIndex < 0) continue;
    if (!one.checkVisibility({visibilityProperty: true})) continue;
    // What is wider than a telephone scrolls inside a frame of its own.
    if (one.closest('.table-frame, .drawing')) continue;
    one.scrollIntoView({block: 'center', behavior: 'instant'});
    const place = one.getBoundingClientRect();
    const name = one.outerHTML.slice(0, 120);
    if (place.left < 0 || place.right > document.documentElement.clientWidth) found.push(`outside: ${name}`);
    const [first] = one.getClientRects();
    const hit = document.elementFromPoint(first.left + first.width / 2, first.top + first.height / 2);
    const own = hit && (one.contains(hit) || hit.contains(one) || [...(one.labels ?? [])].includes(hit));
    if (!own) found.push(`beneath ${hit?.outerHTML.slice(0, 80)}: ${name}`);
    if (one.matches('button, .govuk-button, summary') && place.height < 24) found.push(`too small: ${name}`);
  }
  scrollTo({top: 0, behavior: 'instant'});
  return found;
}"""


class Hand(Protocol):
    """What somebody can do on a page; places are CSS selectors."""

    def arrive(self) -> None:
        """Look at a page that has just come."""

    def choose(self, where: str) -> None:
        """Choose a radio button or a box."""

    def write(self, where: str, text: str) -> None:
        """Write a text into a field."""

    def press(self, where: str) -> None:
        """Follow a link, press a button, open what is folded."""

    def press_at_top(self, where: str) -> None:
        """The same for what stands above the main part."""


class Mouse:
    """Somebody with a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def arrive(self) -> None:
        """Nothing needs a look."""

    def choose(self, where: str) -> None:
        """Choose a radio button or a box."""
        self.page.locator(where).check()

    def write(self, where: str, text: str) -> None:
        """Write a text into a field."""
        self.page.locator(where).fill(text)

    def press(self, where: str) -> None:
        """Follow a link, press a button, open what is folded."""
        self.page.locator(where).first.click()

    def press_at_top(self, where: str) -> None:
        """The same for what stands above the main part."""
        self.press(where)


class Narrow(Mouse):
    """Somebody with the smallest telephone: every page fits it, and everything on it is within reach."""

    def arrive(self) -> None:
        """Nothing scrolls sideways and no control is out of reach, folded parts open or not."""
        self._reach()
        opened = "() => document.querySelectorAll('details').forEach(one => { one.open = %s })"
        before = self.page.locator("details[open]").count()
        if before != self.page.locator("details").count():
            kept = self.page.evaluate("() => [...document.querySelectorAll('details')].map(one => one.open)")
            self.page.evaluate(opened % "true")
            self._reach()
            self.page.evaluate(
                "kept => document.querySelectorAll('details').forEach((one, at) => { one.open = kept[at] })",
                kept,
            )

    def _reach(self) -> None:
        found = self.page.evaluate(_OUT_OF_REACH)
        assert not found, f"{self.page.url}: {found}"


class Keys:
    """Somebody without a mouse: the Tab key goes one way, and every stop can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.fresh = True
        self.marked: set[str] = set()

    def arrive(self) -> None:
        """A new page: the focus is where the page puts it, or nowhere yet."""
        self.fresh = True

    def choose(self, where: str) -> None:
        """To the group with Tab, to the choice with the arrows, as browsers have it."""
        name = self.page.locator(where).get_attribute("name")
        many = self.page.locator(where).get_attribute("type") == "checkbox"
        self._go_to(where if many else f'input[name="{name}"]')
        self.page.keyboard.press("Space")
        for _ in range(0 if many else self.page.locator(f'input[name="{name}"]').count()):
            if self.page.evaluate("where => document.activeElement.matches(where)", where):
                break
            self.page.keyboard.press("ArrowDown")
            self._see(self._stop(where))
        expect(self.page.locator(where)).to_be_checked()

    def write(self, where: str, text: str) -> None:
        """Go there and type."""
        self._go_to(where)
        self.page.keyboard.type(text)

    def press(self, where: str) -> None:
        """Go there and press Enter."""
        self._go_to(where)
        self.page.keyboard.press("Enter")

    def press_at_top(self, where: str) -> None:
        """The same for what stands above the main part, without skipping to that."""
        self.fresh = False
        self.press(where)

    def _go_to(self, where: str) -> None:
        assert self.page.locator(where).count(), f"{self.page.url} has no {where}"
        if self.fresh:
            self._skip()
        for _ in range(MOST_STOPS):
            if not self.fresh and self._stop(where)["arrived"]:
                return
            self.fresh = False
            self.page.keyboard.press("Tab")
            stop = self._stop(where)
            assert not stop["nowhere"], f"the Tab key left {self.page.url} before {where}"
            self._see(stop)
            assert not stop["backwards"], f"the focus went back, to {stop['what']}"
            if stop["arrived"]:
                return
        raise AssertionError(f"the Tab key never came to {where}")

    def _skip(self) -> None:
        """The first stop of a page leads past everything above its main part."""
        if self.page.evaluate("() => document.activeElement !== document.body"):
            # What came about is told first: the focus is on it, inside the main part.
            assert self.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")
            return
        self.page.keyboard.press("Tab")
        stop = self._stop(".govuk-skip-link")
        assert stop["arrived"], f"the first stop is {stop['what']}"
        self._see(stop)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#main")).to_be_focused()
        self.page.evaluate("() => { window.stoodOn = document.activeElement }")

    def _see(self, stop: dict[str, Any]) -> None:
        assert stop["seen"], f"out of sight: {stop['what']}"
        if stop["kind"] not in self.marked:
            assert self.page.evaluate(_MARKED), f"nobody sees the focus on {stop['what']}"
            self.marked.add(stop["kind"])

    def _stop(self, where: str) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(_STOP, where)
        return found
