"""Taking a picture of a page: whole, up to a sensible height, as WebP."""

from __future__ import annotations

import base64
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

WIDTH: Final = 1100
HEIGHT: Final = 640
# What is longer is cut: the tour shows what a page is like, not all that it lists.
TALLEST: Final = 2200
_QUALITY: Final = 40


def take(page: Page, file: Path) -> None:
    """Write a picture of the whole page as it stands."""
    size = page.viewport_size
    assert size is not None
    page.evaluate("() => document.fonts.ready")
    tall = int(page.evaluate("() => document.documentElement.scrollHeight"))
    # What covers a page is as high as the window, not as the page.
    covered = page.locator("dialog[open]").count() > 0
    height = size["height"] if covered else min(max(tall, size["height"]), TALLEST)
    page.set_viewport_size({"width": size["width"], "height": height})
    # Two frames: what hangs on the size has then been drawn again.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    session.detach()
    page.set_viewport_size(size)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(base64.b64decode(shot["data"]))


def take_paper(page: Page, pdf: bytes, file: Path) -> bool:
    """Write a picture of the sheets of a PDF; False where the program that draws them is missing."""
    if shutil.which("pdftoppm") is None:
        return False
    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        (Path(folder) / "paper.pdf").write_bytes(pdf)
        subprocess.run(
            ["pdftoppm", "-png", "-r", "90", "paper.pdf", "sheet"], cwd=folder, check=True, timeout=120
        )
        sheets = [base64.b64encode(one.read_bytes()).decode() for one in sorted(Path(folder).glob("*.png"))]
    shown = "".join(f'<img src="data:image/png;base64,{one}">' for one in sheets)
    style = "body{margin:0;padding:20px;background:#8a8f98}img{display:block;margin:0 auto 20px}"
    page.set_viewport_size({"width": 800, "height": HEIGHT})
    page.set_content(f"<style>{style}</style>{shown}", wait_until="load")
    take(page, file)
    return True
