"""`python -m api.demo_site`: a site with invented people, thrown away when it ends, and how to sign in."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import uvicorn

from api.__main__ import report
from api.app import create_app
from api.referring import load_guidance
from api.settings import Settings, read_settings
from indicators.errors import AnswersError, ContentError
from screening.clock import utc_now
from screening.demo_site.contents import load_demo_contents
from screening.demo_site.filling import DemoFilling, PastClock, SignIn
from screening.engines import Engines
from screening.installations import open_installation
from screening.logs import configure_logs
from screening.people.access import load_permissions
from screening.phrases import say
from screening.work import Service

_DAYS_BACK = 30
_REVISIONS = "revisions"


def main() -> int:
    """Make the site, print how to sign in, and serve until stopped; nothing is left behind."""
    with (
        tempfile.TemporaryDirectory(prefix="screening-demo-") as folder,
        Engines(workers=1, revisions=Path(folder) / _REVISIONS) as engines,
    ):
        try:
            settings = demo_settings(Path(folder))
            configure_logs(sys.stdout)
            service, signs_in = make_demo_site(settings, engines)
            app = create_app(settings, engines=engines, service=service)
        except (AnswersError, ContentError) as error:
            report(error.faults)
            return 2
        tell(settings, signs_in)
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
        )
        service.close()
    return 0


def demo_settings(folder: Path) -> Settings:
    """The settings of the environment, but on a database in a folder of its own, marked on every page."""
    kept = {"data": folder, "database_url": None, "revisions_folder": folder / _REVISIONS}
    settings = read_settings().model_copy(update=kept)
    # The banner is a setting of the pages, which they read for themselves.
    os.environ["SCREENING_MARKING"] = "demonstration"
    return settings


def make_demo_site(settings: Settings, engines: Engines) -> tuple[Service, Sequence[SignIn]]:
    """A running service that the demonstration was filled into, and how its people sign in."""
    now = utc_now()
    clock = PastClock(now - timedelta(days=_DAYS_BACK))
    filled = open_installation(settings, engines, clock)
    guidance, mechanism = load_guidance(engines, settings)
    signs_in = DemoFilling(filled, clock, load_demo_contents(), guidance, mechanism, now).fill()
    # The same database and keys, from now on by the clock of the machine.
    return Service(filled.database, filled.vault, engines, load_permissions()), signs_in


def tell(settings: Settings, signs_in: Sequence[SignIn]) -> None:
    """Print how to sign in, for everybody of the demonstration."""
    lines = [say("demo_site.what", "en"), say("demo_site.what", "ar"), settings.public_address, ""]
    for one in signs_in:
        lines.append(
            f"{one.person.sign_in:<14} {one.password}   {'  '.join(one.recovery_codes[:3])}   {one.secret}"
        )
    lines += ["", say("demo_site.columns", "en"), say("demo_site.columns", "ar")]
    print(*lines, sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
