"""The pages in a browser: what they weigh, how soon a choice is shown by the panel, slow networks."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from benchmarks.interviews import random_answer
from benchmarks.peers import bare_service
from benchmarks.reports import Section, Table, Target, milliseconds
from benchmarks.servers import Server, installation
from benchmarks.timing import Timings
from screening.people import accounts, sites
from screening.people.access import SYSTEM, Actor, Grant
from screening.people.sessions import SessionRules, open_session
from screening.people.settings import SignInSettings
from screening.sittings.answers import GivenAnswer
from screening.sittings.finishing import finish_interview
from screening.sittings.interviews import NewInterview, begin_interview
from screening.sittings.saving import save_answers
from screening.work import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM: Final = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
FIRST_PAGE_LIMIT: Final = 100_000
FIELD_LIMIT: Final = 250_000
PANEL_LIMIT: Final = 150.0
# Answered questions of the interview that is measured: a long evening's work.
FILLED: Final = 60
WARM_UP: Final = 10
FIELD: Final = "field form with its program"
COOKIE: Final = "screening-on-this-machine"


@dataclass(frozen=True)
class Network:
    """A slow network as developers' tools call it: a round trip, and how much comes down in a second."""

    name: str
    round_trip_ms: int
    kbit: int
    usable_seconds: float


NETWORKS: Final = (
    Network("1.6 Mbit/s, 150 ms", 150, 1_600, 5.0),
    Network("400 kbit/s, 400 ms", 400, 400, 10.0),
)

# Somebody in a house in which papers and pay are kept; invented.
BASE: Final[dict[str, Any]] = {
    "age_group": "adult_settled",
    "kind_of_work": "domestic_work",
    "documents_holder": "employer",
    "documents_returned_on_request": "no",
    "locked_in": "yes",
    "free_to_leave_place": "not_allowed",
    "pay_late_or_kept": "kept_back_so_that_i_stay",
    "daily_hours": 16,
}
# Sections whose choices weigh, and a few of them that are answered over and over.
ASKED: Final = ("papers", "contact", "control", "leaving")

ABOUT: Final = f"""\
Chromium, headless, on the same machine as the server (one process, SQLite, a commit is on the disk before it
is acknowledged). *Bytes* are what goes over the network, headers and fonts included, with nothing kept from
before (cold) and with what a browser keeps (warm). A *choice* is timed from the event of the pointer to the
frame after the live panel was replaced, in an intake with {FILLED} answers: the answer is checked, encrypted,
stored, audited, and everything that was said is assessed anew. The peer (`benchmarks/peers/bare_page.py`) is
a page of the same framework and the same script with one INSERT and nothing else; the two took turns."""

SLOW: Final = """\
On a slow network every page was loaded with nothing kept from before. *First paint* is the first content that
is seen, *usable* when what the page is for can be pressed and its scripts run (without them it works from the
first paint). Times in seconds, the middle one of the rounds; the peer has no style, no font and no words."""

# Runs in the page before anything else: when a choice was made, and when the panel that follows was painted.
_CHOICES: Final = """() => {
  window.choices = [];
  let begun = 0;
  addEventListener('click', event => {
    if (event.target instanceof HTMLInputElement) begun = event.timeStamp;
  }, true);
  addEventListener('htmx:oobAfterSwap', event => {
    if (event.detail.target.id !== 'panel' || !begun) return;
    const from = begun;
    begun = 0;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.choices.push(performance.now() - from);
      port2.postMessage('');
    });
  });
}"""
_USABLE: Final = """where => {
  const look = () => {
    const one = document.querySelector(where);
    const loads = name => document.querySelector(`script[src*="${name}"]`);
    const ready = (!loads('ui.js') || document.body?.matches('.js-enabled'))
      && (!loads('htmx.js') || window.htmx);
    if (one && ready && document.readyState !== 'loading' && one.getBoundingClientRect().width > 0) {
      window.usable = performance.now();
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass(frozen=True)
class Place:
    """A page, and what it is for."""

    name: str
    path: str
    control: str


@dataclass
class Prepared:
    """A database with an interview that is long under way and one that is finished."""

    url: str
    key: str
    interview: str
    result: str
    session: str

    @property
    def places(self) -> Sequence[Place]:
        """The pages that are loaded on slow networks."""
        return (
            Place("first page", "/interviews", "main a[href='/interviews/new']"),
            Place("a question", f"/interviews/{self.interview}/questions/locked_in", "input[name=locked_in]"),
            Place("a result", f"/assessments/{self.result}", "input[name=stance]"),
        )


def measure(answers: int, rounds: int) -> Section:
    """So many choices in an interview, in turns with the peer, and so many rounds on each slow network."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return Section("The pages in a browser", ["Not measured: Playwright is not installed."])
    if CHROMIUM is None:
        return Section("The pages in a browser", ["Not measured: no Chromium was found."])
    with (
        tempfile.TemporaryDirectory() as folder,
        _served(Path(folder)) as (prepared, ours, bare),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        weights = _weigh(browser, prepared, ours)
        timings = _time_choices(browser, prepared, ours, bare, answers)
        slow = [
            (network, *_load_slowly(browser, prepared, ours, bare, network, rounds)) for network in NETWORKS
        ]
        browser.close()
    return _report(weights, timings, slow)


# What is measured


def _weigh(browser: Browser, prepared: Prepared, ours: str) -> dict[str, tuple[int, int]]:
    """Bytes of the first page and of the field form, cold and warm."""
    found = {}
    for name, path, ready, language in (
        ("first page of the desk, Arabic", "/interviews", "main", "ar"),
        ("first page of the desk, English", "/interviews", "main", "en"),
        (FIELD, "/field", "#passphrase", "en"),
    ):
        context = _signed_in(browser, prepared, ours)
        # Kept with the account, and so for the contexts after this one.
        context.new_page().goto(f"/set/language/{language}?to=/interviews")
        context.close()
        context = _signed_in(browser, prepared, ours, service_workers="block")
        page = context.new_page()
        sizes = _count_bytes(page)
        both = []
        for _ in range(2):
            sizes.clear()
            page.goto(path, wait_until="networkidle")
            page.locator(ready).first.wait_for(timeout=60_000)
            page.wait_for_load_state("networkidle")
            page.evaluate("() => document.fonts.ready")
            both.append(sum(sizes))
        found[name] = (both[0], both[1])
        context.close()
    return found


def _time_choices(
    browser: Browser, prepared: Prepared, ours: str, bare: str, answers: int
) -> dict[str, Timings]:
    """From a choice to the panel that shows what it comes to, ours and the peer's."""
    context = _signed_in(browser, prepared, ours)
    peer_context = browser.new_context(base_url=bare)
    context.add_init_script(f"({_CHOICES})()")
    peer_context.add_init_script(f"({_CHOICES})()")
    page, peer = context.new_page(), peer_context.new_page()
    taken: dict[str, list[int]] = {"screening": [], "bare page": []}
    share = max(1, answers // len(ASKED))
    for section in ASKED:
        page.goto(f"/interviews/{prepared.interview}/sections/{section}")
        peer.goto("/")
        names = page.evaluate(
            "() => [...new Set([...document.querySelectorAll('input[type=radio]')]"
            ".filter(one => !one.closest('.choices').querySelector('[value=written]')).map(one => one.name))]"
        )
        for name, one, questions in (("bare page", peer, ["locked_in"]), ("screening", page, names)):
            found = _choose(one, questions, WARM_UP + share)
            taken[name] += [round(value * 1e6) for value in found[WARM_UP:]]
    context.close()
    peer_context.close()
    return {name: Timings.of(own) for name, own in taken.items()}


def _choose(page: Page, questions: Sequence[str], times: int) -> list[float]:
    """Choose one answer after the other, each when the one before is shown; milliseconds of each."""
    for number in range(times):
        name = questions[number % len(questions)]
        boxes = page.locator(f'input[type=radio][name="{name}"]')
        values = boxes.evaluate_all("all => all.map(one => one.value)")
        chosen = boxes.evaluate_all("all => all.find(one => one.checked)?.value ?? ''")
        # The one after the one that stands: every choice changes an answer.
        at = (values.index(chosen) + 1) % len(values) if chosen in values else 0
        page.locator(f'input[type=radio][name="{name}"][value="{values[at]}"]').click()
        page.wait_for_function("count => window.choices.length > count", arg=number, timeout=30_000)
    found: list[float] = page.evaluate("() => window.choices")
    return found


def _load_slowly(
    browser: Browser, prepared: Prepared, ours: str, bare: str, network: Network, rounds: int
) -> tuple[dict[str, tuple[float, float]], dict[str, int]]:
    """Seconds to the first paint and until it is usable, by page; and the bytes of each."""
    times: dict[str, list[tuple[float, float]]] = {}
    weights: dict[str, int] = {}
    for _ in range(rounds):
        for place in (Place("bare page", "/", "input"), *prepared.places):
            own = place.name == "bare page"
            context = browser.new_context(base_url=bare) if own else _signed_in(browser, prepared, ours)
            context.add_init_script(f"({_USABLE})({place.control!r})")
            page = context.new_page()
            sizes = _count_bytes(page)
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": network.round_trip_ms,
                    "downloadThroughput": network.kbit * 1000 / 8,
                    "uploadThroughput": network.kbit * 1000 / 8,
                },
            )
            page.goto(place.path, timeout=120_000)
            page.wait_for_function("() => window.usable", timeout=120_000)
            painted = page.evaluate(
                "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
            )
            usable = page.evaluate("() => window.usable")
            page.wait_for_load_state("networkidle", timeout=120_000)
            times.setdefault(place.name, []).append((painted / 1000, max(painted, usable) / 1000))
            weights[place.name] = sum(sizes)
            context.close()
    middle = {
        name: (
            sorted(one[0] for one in found)[len(found) // 2],
            sorted(one[1] for one in found)[len(found) // 2],
        )
        for name, found in times.items()
    }
    return middle, weights


def _count_bytes(page: Page) -> list[int]:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    return sizes


def _signed_in(browser: Browser, prepared: Prepared, ours: str, **options: Any) -> BrowserContext:
    context = browser.new_context(base_url=ours, **options)
    context.add_cookies([{"name": COOKIE, "value": prepared.session, "url": ours}])
    return context


# What it is measured on


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Prepared, str, str]]:
    """A prepared database with a server on it, and the peer with its own."""
    prepared = _prepare(f"sqlite:///{folder}/pages.sqlite3")
    peer = f"sqlite:///{folder}/bare.sqlite3"
    bare_service.prepare(peer)
    ours = Server(
        folder / "ours.log",
        database_url=prepared.url,
        master_key=prepared.key,
        workers="1",
        requests_per_minute="1000000",
    )
    with ours, Server(folder / "bare.log", "benchmarks.peers.bare_page", database_url=peer) as bare:
        yield prepared, f"http://localhost:{ours.port}", f"http://localhost:{bare.port}"


def _prepare(url: str) -> Prepared:
    with installation(url) as (service, key):
        with service.work(SYSTEM) as work:
            site = sites.add_site(work, "PAGES", "shelter", sites.SiteNames("Pages", "صفحات")).id
            # Both roles: the desk for the interview, the field form for its weight.
            places = [accounts.Place("interviewer", site), accounts.Place("inspector", site)]
            names = accounts.Names("pages-1", "Pages")
            person = accounts.make_account(work, "person", names, places).id
        actor = Actor(person, "person", frozenset({Grant("interviewer", site), Grant("inspector", site)}))
        under_way, _ = _interview(service, actor, site)
        finished, seen = _interview(service, actor, site)
        result = finish_interview(service, actor, finished, seen_seq=seen).id
        with service.work(actor) as work:
            rules = SessionRules(SignInSettings().session_idle, SignInSettings().session_length)
            token = open_session(work, person, "signed_in", rules, "127.0.0.1").token
    return Prepared(url, key, under_way, result, token)


def _interview(service: Service, actor: Actor, site: str) -> tuple[str, int]:
    """An intake with so many answers, the same in every run."""
    rules = service.engines.rules_for("kuwait", None, service.clock().date())
    with service.work(actor) as work:
        interview, _ = begin_interview(work, rules, NewInterview("intake", site_id=site))
        id = interview.id
    data, random, told = rules.program.data, Random(5), dict(BASE)
    for section in data["instruments"]["intake"]["sections"]:
        for name in section["questions"]:
            if len(told) < FILLED and name not in told:
                told[name] = random_answer(random, data["questions"][name])
    given = [GivenAnswer(name, one, f"pages-{name}") for name, one in told.items()]
    saved = save_answers(service, actor, id, given, live=False)
    return id, saved.last_seq


# What is told of it


def _report(
    weights: dict[str, tuple[int, int]],
    timings: dict[str, Timings],
    slow: Sequence[tuple[Network, dict[str, tuple[float, float]], dict[str, int]]],
) -> Section:
    weighed = [[name, f"{cold / 1000:.1f}", f"{warm / 1000:.1f}"] for name, (cold, warm) in weights.items()]
    peer = timings["bare page"]
    choices = [
        [
            name,
            f"{one.p50 / peer.p50:.1f}",
            milliseconds(one.p50),
            milliseconds(one.p95),
            milliseconds(one.p99),
            str(one.runs),
        ]
        for name, one in timings.items()
    ]
    slowly = [
        [
            f"{name}, {network.name}",
            f"{usable / times['bare page'][1]:.1f}",
            f"{painted:.2f}",
            f"{usable:.2f}",
            f"{sizes[name] / 1000:.1f}",
        ]
        for network, times, sizes in slow
        for name, (painted, usable) in times.items()
    ]
    parts: list[str | Table] = [
        ABOUT,
        Table(["transferred", "cold kB", "warm kB"], weighed),
        Table(
            ["a choice, saved and shown", "p50, bare page = 1", "p50 ms", "p95 ms", "p99 ms", "choices"],
            choices,
        ),
        SLOW,
        Table(["on a slow network", "usable, bare page = 1", "first paint s", "usable s", "kB"], slowly),
    ]
    field = weights[FIELD][0]
    first = max(cold for name, (cold, _) in weights.items() if name != FIELD)
    ours = timings["screening"]
    targets = [
        Target(
            "first page of the desk under 100 kB transferred",
            f"{first / 1000:.1f} kB",
            first < FIRST_PAGE_LIMIT,
        ),
        Target("field form under 250 kB transferred", f"{field / 1000:.1f} kB", field < FIELD_LIMIT),
        Target(
            "from a choice to the saved answer and the new panel under 150 ms, p95",
            f"{milliseconds(ours.p95)} ms",
            ours.p95 < PANEL_LIMIT,
        ),
    ]
    for network, times, _ in slow:
        worst = max(usable for name, (_, usable) in times.items() if name != "bare page")
        targets.append(
            Target(
                f"first page, question, result usable within {network.usable_seconds:.0f} s: {network.name}",
                f"{worst:.1f} s",
                worst < network.usable_seconds,
            )
        )
    return Section("The pages in a browser", parts, targets)
