"""The hands of the journeys find what they look for: on a small page with that one fault, and without."""

from __future__ import annotations

import pytest

from tests.api.journeys.hands import Keys, Narrow
from tests.browsers import OpenPage

STYLE = """<style>
body { margin: 0 } main :is(a, button, input, summary) { min-height: 2rem }
.govuk-skip-link:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden }
:focus-visible { outline: 3px solid red }
main:focus { outline: none }
</style>"""
SOUND = f"""{STYLE}<a class="govuk-skip-link" href="#main">Skip</a><nav><a href="/">Home</a></nav>
<main id="main" tabindex="-1"><p><a href="#one" id="one">One</a></p>
<p><label><input type="radio" name="pay" value="yes"> Yes</label>
<label><input type="radio" name="pay" value="no"> No</label></p>
<details><summary>More</summary><p><a href="#in">Inside</a></p></details>
<p><input id="text"></p><p><button id="last">Save</button></p></main>"""

NARROW = {
    "too wide": SOUND.replace("<p><a", '<p style="width: 400px">wide</p><p><a'),
    "outside": SOUND.replace('id="last"', 'id="last" style="position: fixed; left: -10px"'),
    "beneath": SOUND + '<div style="position: fixed; inset: 0; background: white">over all</div>',
    "too small": SOUND.replace('id="last"', 'id="last" style="min-height: 0; height: 10px"'),
    "too wide inside what is folded": SOUND.replace(
        '<p><a href="#in">', '<p style="width: 400px"><a href="#in">'
    ),
}
KEYS = {
    "nobody sees the focus": SOUND.replace('id="text"', 'id="text" style="outline: none"'),
    "nobody sees": SOUND.replace("outline: 3px solid red", "outline: 3px solid transparent"),
    "out of sight": SOUND.replace('id="text"', 'id="text" style="position: fixed; top: -100px"'),
    "the focus went back": SOUND.replace('id="last"', 'id="last" tabindex="0"')
    .replace('<p><a href="#one"', '<p><a tabindex="0" href="#one"')
    .replace("<p><input id", '<p id="moved"><input id')
    .replace(
        "</main>",
        "</main><script>document.querySelector('#moved input').addEventListener('focus',"
        " () => document.querySelector('#one').focus())</script>",
    ),
    "the first stop is": SOUND.replace('class="govuk-skip-link" href="#main"', 'class="other" href="#main"'),
    "the Tab key left": SOUND.replace('<button id="last"', '<button id="last" tabindex="-1"'),
}


@pytest.mark.parametrize("fault", [None, *NARROW])
def test_what_is_out_of_reach_is_found(open_page: OpenPage, fault: str | None) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    page.set_content(SOUND if fault is None else NARROW[fault])
    if fault is None:
        Narrow(page).arrive()
        return
    with pytest.raises(AssertionError, match=fault.partition(" inside")[0]):
        Narrow(page).arrive()


@pytest.mark.parametrize("fault", [None, *KEYS])
def test_what_the_keys_cannot_do_is_found(open_page: OpenPage, fault: str | None) -> None:
    page = open_page()
    # A page with an address of its own, so that the link to its main part leads there.
    page.route("**/*", lambda route: route.fulfill(body=SOUND if fault is None else KEYS[fault]))
    page.goto("http://page.invalid/")
    hand = Keys(page)
    if fault is None:
        walk(hand)
        return
    with pytest.raises(AssertionError, match=fault):
        walk(hand)


def walk(hand: Keys) -> None:
    hand.arrive()
    hand.choose('input[name="pay"][value="no"]')
    hand.write("#text", "written")
    hand.press("#last")
