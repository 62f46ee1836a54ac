"""How a page looks in a real browser: what axe finds wrong with it, and whether it fits the screen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "api" / "pages" / "axe" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Only what is wrong goes back: to hand over what is right takes longer than to look at it. axe passes over
# words without a Latin letter when it looks at contrast: of an Arabic page every letter is one for a moment.
# What sticks to an edge of the screen lies over something at every place one scrolls to, and axe calls what
# is left of that a small target: meanwhile it stands where it belongs.
_LOOK = """async tags => {
  await document.fonts.ready;
  const look = (runOnly) => axe.run(document, {runOnly, resultTypes: ['violations']});
  const sticks = (one) => getComputedStyle(one).position === 'sticky';
  const stuck = [...document.querySelectorAll('body *')].filter(sticks);
  for (const one of stuck) one.style.position = 'static';
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const found = [(await look(dark ? ['color-contrast'] : tags)).violations];
  if (document.documentElement.lang === 'ar') {
    const kept = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let one; (one = walk.nextNode()); ) {
      const latin = one.data.replace(/\\p{L}/gu, 'n');
      if (latin === one.data) continue;
      kept.push([one, one.data, latin]);
      one.data = latin;
    }
    const letters = await look(['color-contrast']);
    for (const [one, before, latin] of kept) if (one.data === latin) one.data = before;
    found.push(letters.violations);
    if (!letters.passes.length && !letters.violations.length)
      found.push([{id: 'letters', nodes: [{html: 'none was looked at', failureSummary: ''}]}]);
  }
  for (const one of stuck) one.style.position = '';
  return found.flat().flatMap(one =>
    one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)} – ${node.failureSummary}`));
}"""


def check(page: Page) -> list[str]:
    """What axe finds wrong with a page, in short, and with the contrast of its Arabic letters; nor may it be
    wider than the screen.

    Of a dark page its colours, in which alone it differs. The page is left as it was.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
        # The pages that come after this one in the same browser have it from their beginning.
        page.context.add_init_script(AXE)
    found: list[str] = page.evaluate(_LOOK, TAGS)
    wide = width_over(page)
    return found + ([f"scrolls sideways by {wide}"] if wide else [])


def open_folded(page: Page) -> None:
    """Open everything on a page that can be opened."""
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")


def width_over(page: Page) -> int:
    """By how many pixels a page scrolls sideways; 0 where it does not."""
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(0, int(wide))
