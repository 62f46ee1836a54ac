"""Measures the browser evaluator on the shipped rules: `python -m tests.api.field.measure`.

Prints sizes, and how long one evaluation takes in Chromium as it is, in Chromium slowed down to a weak phone,
and in Node, if there is one.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.interviews import demo_sittings, random_sittings
from rules.executors.reference import Reference
from rules.revisions import draft_program
from tests.api.field.evaluators import NODE, SHIPPED, Call, copy_modules, in_chromium, in_node
from tests.api.field.expectations import job_of
from tests.browsers import CHROMIUM, FLAGS

WARM_UP, TIMES = 200, 2_000
# What Chromium's own tools call a low-end phone.
SLOWER = 6


def main() -> None:
    """Measure and print."""
    program = draft_program()
    written = b"".join(path.read_bytes() for path in sorted(SHIPPED.glob("*.js")))
    text = program.to_json().encode()
    for name, raw in (("evaluator", written), ("program", text)):
        print(f"{name}: {len(raw) / 1000:.1f} kB, {len(gzip.compress(raw, 9)) / 1000:.1f} kB gzip")
    sittings = {
        "shipped interviews": demo_sittings(program),
        "random interviews": random_sittings(Reference(program), 200, seed=7, most=0.5),
    }
    with tempfile.TemporaryDirectory() as temporary:
        folder = copy_modules(Path(temporary) / "modules")
        for name, some in sittings.items():
            requests = [
                {"answers": one.body["answers"], "instrument": one.instrument, "asOf": one.as_of.isoformat()}
                for one in some
            ]
            job = json.dumps(job_of(program, requests))
            if CHROMIUM is not None:
                for slower in (1, SLOWER):
                    _in_chromium(folder, job, slower, f"{name}, Chromium, {slower} times slower")
            if NODE is not None:
                with in_node(folder) as call:
                    _measure(call, job, f"{name}, Node")


def _in_chromium(folder: Path, job: str, slower: int, name: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))

        def open_page(**options: Any) -> Any:
            page = browser.new_context(**options).new_page()
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
            return page

        with in_chromium(folder, open_page) as call:
            _measure(call, job, name)
        browser.close()


def _measure(call: Call, job: str, name: str) -> None:
    found: Mapping[str, Any] = call("measure", job, WARM_UP, TIMES)
    times: Sequence[float] = sorted(found["evaluated"])
    p50, p95 = times[len(times) // 2], times[len(times) * 95 // 100]
    print(f"{name}: opened in {found['opened']:.0f} ms; evaluated in p50 {p50:.2f} ms, p95 {p95:.2f} ms")


if __name__ == "__main__":
    main()
