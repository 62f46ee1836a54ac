"""Account, administration, audit and statistics by forms alone: who may, what is shown, what is refused."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.access import api_routes
from screening.audit.actions import audit_actions
from screening.cases.break_glass import open_in_emergency
from screening.people.access import SYSTEM
from screening.storage.tables.cases import Case
from screening.storage.tables.people import Account
from screening.work import Service
from tests.api.desk.conftest import VisitorFor
from tests.screening.statistics.counted import add_counted
from tests.services import MASTER_KEY, HandClock, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Every page that needs no record, and who may open it.
PAGES = {
    "/account": {
        "interviewer",
        "inspector",
        "supervisor",
        "reviewer",
        "approver",
        "administrator",
        "auditor",
    },
    "/administration": {"administrator"},
    "/administration/accounts": {"administrator"},
    "/administration/accounts/new": {"administrator"},
    "/administration/sites": {"administrator"},
    "/administration/sites/new": {"administrator"},
    "/administration/tokens": {"administrator"},
    "/administration/tokens/new": {"administrator"},
    "/administration/webhooks": {"administrator"},
    "/administration/webhooks/new": {"administrator"},
    "/administration/retention": {"administrator"},
    "/administration/keys": {"administrator"},
    "/administration/system": {"administrator"},
    "/audit": {"auditor"},
    "/audit/head": {"auditor"},
    "/audit/verify": {"auditor"},
    "/audit/emergencies": {"auditor", "supervisor"},
    "/statistics": {"supervisor", "reviewer", "approver"},
}
PEOPLE = ("interviewer", "inspector", "supervisor", "reviewer", "approver", "administrator", "auditor")


@pytest.mark.parametrize("name", PEOPLE)
def test_each_page_opens_for_its_roles_and_no_other(visitor_for: VisitorFor, name: str) -> None:
    visitor = visitor_for(name)
    for address, roles in PAGES.items():
        for language in ("en", "ar"):
            visitor.client.get(f"/set/language/{language}?to=/")
            shown = visitor.client.get(address)
            assert shown.status_code == (200 if name in roles else 403), (address, shown.text[:2000])
            assert f'<html lang="{language}"' in shown.text
            # Somebody with one place only needs no row of links there, and one back to it everywhere else.
            if name in ("administrator", "auditor") and address == "/account":
                assert 'class="nav"' in shown.text


def own_posts(app: FastAPI) -> list[str]:
    """The addresses of every form of these pages."""
    modules = ("account", "administration", "auditing")
    return [
        str(route.path)
        for route in api_routes(app)
        if "POST" in (route.methods or ())
        and route.original_route.endpoint.__module__.removeprefix("api.desk.").startswith(modules)
    ]


def test_no_form_is_taken_from_elsewhere(desk: FastAPI, visitor_for: VisitorFor) -> None:
    paths = own_posts(desk)
    assert len(paths) > 20
    for name in ("administrator", "auditor"):
        visitor = visitor_for(name)
        for path in paths:
            sent = visitor.client.post(path.replace("{id}", "0" * 32), data={"sure": "yes"})
            assert sent.status_code == 403, path
            assert "S127" not in sent.text


def test_an_invitation_is_shown_once_and_leads_in(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    boss = visitor_for("administrator")
    shown = boss.open("/administration/accounts/new")
    empty = boss.send("/administration/accounts/new", shown, kind="person", language="ar")
    assert empty.status_code == 422
    for field in ("sign_in_name", "display_name", "role", "site"):
        assert f'href="#{field}"' in empty.text
    filled = {"kind": "person", "sign_in_name": "huda", "display_name": "هدى", "language": "ar"}
    taken = {**filled, "sign_in_name": "colleague", "role": "interviewer", "site": world.site_a}
    assert boss.send("/administration/accounts/new", shown, **taken).status_code == 422
    made = boss.send("/administration/accounts/new", shown, **filled, role="interviewer", site=world.site_a)
    assert made.status_code == 200
    link = re.search(r'class="code shown-once"><bdi dir="ltr">(http[^<]+)<', made.text)
    assert link is not None
    token = unescape(link[1]).partition("token=")[2]
    assert visitor_for("nobody").open(f"/invitation?token={token}").status_code == 200
    listed = boss.open("/administration/accounts")
    assert "هدى" in listed.text
    assert token not in listed.text


def test_another_system_is_led_on_to_its_token(visitor_for: VisitorFor, world: World) -> None:
    boss = visitor_for("administrator")
    shown = boss.open("/administration/accounts/new")
    done = boss.send(
        "/administration/accounts/new",
        shown,
        kind="service",
        sign_in_name="cases",
        display_name="Case system",
        site=world.site_a,
    )
    assert done.status_code == 303
    shown = boss.open(done.headers["location"])
    assert boss.send("/administration/tokens/new", shown).status_code == 422
    issued = boss.send("/administration/tokens/new", shown, label="nightly", scopes=["cases.read"], days="30")
    token = re.search(r'shown-once"><bdi dir="ltr">(kws_[^<]+)<', issued.text)
    assert token is not None
    listed = boss.open("/administration/tokens")
    assert "nightly" in listed.text
    assert token[1] not in listed.text
    called = visitor_for("nobody").client
    header = {"authorization": f"Bearer {token[1]}", "accept": "application/json"}
    assert called.get("/api/v1/cases", headers=header).status_code == 200
    revoke = re.search(r'href="(/administration/tokens/[0-9a-f]{32}/revoke)"', listed.text)
    assert revoke is not None
    done = boss.send(revoke[1], boss.open(revoke[1]))
    assert done.headers["location"] == "/administration/tokens?done=revoked"
    assert called.get("/api/v1/cases", headers=header).status_code == 401


def test_roles_are_given_and_taken_but_not_ones_own(visitor_for: VisitorFor, world: World) -> None:
    boss = visitor_for("administrator")
    page = f"/administration/accounts/{world['colleague'].account_id}"
    shown = boss.open(page)
    assert boss.send(f"{page}/roles", shown, role="supervisor").status_code == 422
    done = boss.send(f"{page}/roles", shown, role="supervisor", site="everywhere")
    assert done.headers["location"].endswith("?done=given")
    shown = boss.open(page)
    assert 'value="supervisor@everywhere"' in shown.text
    done = boss.send(f"{page}/roles", shown, take="supervisor@everywhere")
    assert done.headers["location"].endswith("?done=taken")
    own = f"/administration/accounts/{world['administrator'].account_id}"
    shown = boss.open(own)
    assert 'name="take"' not in shown.text
    assert "/status?to=" not in shown.text


def test_an_account_is_locked_unlocked_and_closed_only_when_sure(
    visitor_for: VisitorFor, world: World
) -> None:
    boss, colleague = visitor_for("administrator"), visitor_for("colleague")
    page = f"/administration/accounts/{world['colleague'].account_id}"
    for to in ("locked", "active"):
        shown = boss.open(f"{page}/status?to={to}")
        assert boss.send(f"{page}/status", shown).headers["location"] == f"{page}?done={to}"
        assert colleague.client.get("/account").status_code == 303
    shown = boss.open(f"{page}/status?to=closed")
    unsure = boss.send(f"{page}/status", shown)
    assert unsure.status_code == 422
    assert 'href="#sure"' in unsure.text
    assert boss.send(f"{page}/status", shown, sure="yes").headers["location"] == f"{page}?done=closed"
    # The page was from before: what it says is not done to another state.
    assert boss.send(f"{page}/status", shown, sure="yes").status_code == 422


def test_a_reset_takes_the_password_away_and_shows_a_link(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    with service.work(SYSTEM) as work:
        work.session.get_one(Account, world["colleague"].account_id).password_changed_at = work.now
    boss = visitor_for("administrator")
    page = f"/administration/accounts/{world['colleague'].account_id}/reset"
    shown = boss.open(page)
    assert boss.send(page, shown).status_code == 422
    made = boss.send(page, shown, second_factor="no")
    assert "/new-password?token=" in made.text


def test_a_site_is_added_and_changed_with_its_faults_beside_the_fields(
    visitor_for: VisitorFor, world: World
) -> None:
    boss = visitor_for("administrator")
    shown = boss.open("/administration/sites/new")
    wrong = boss.send("/administration/sites/new", shown, code="غرفة", name_en="Room")
    assert wrong.status_code == 422
    for field in ("code", "name_ar", "kind"):
        assert f'href="#{field}"' in wrong.text
    filled = {"name_en": "Room", "name_ar": "غرفة", "kind": "shelter"}
    assert boss.send("/administration/sites/new", shown, code="A", **filled).status_code == 422
    assert boss.send("/administration/sites/new", shown, code="R-1", **filled).status_code == 303
    page = f"/administration/sites/{world.site_a}"
    shown = boss.open(page)
    assert boss.send(page, shown, **filled, active="no").status_code == 303
    late = boss.send(page, shown, **filled, active="yes")
    assert late.status_code == 422
    assert "at rest" in boss.open("/administration/sites").text


def test_a_receiving_system_is_added_stopped_and_forgotten(visitor_for: VisitorFor) -> None:
    boss = visitor_for("administrator")
    shown = boss.open("/administration/webhooks/new")
    wrong = boss.send(
        "/administration/webhooks/new", shown, label="x", url="http://127.0.0.1/", events="referral.sent"
    )
    assert wrong.status_code == 422
    assert 'href="#url"' in wrong.text
    made = boss.send(
        "/administration/webhooks/new",
        shown,
        label="Case system",
        url="https://cases.example/hook",
        events=["referral.sent", "referral.closed"],
    )
    secret = re.search(r'shown-once"><bdi dir="ltr">([^<]+)<', made.text)
    page = re.search(r'href="(/administration/webhooks/[0-9a-f]{32})"', made.text)
    assert secret is not None
    assert page is not None
    shown = boss.open(page[1])
    assert secret[1] not in shown.text
    assert boss.send(page[1], shown, active="no").status_code == 422
    assert boss.send(page[1], shown, active="no", events="referral.sent").status_code == 303
    assert "stopped" in boss.open(page[1]).text
    asked = boss.open(f"{page[1]}/remove")
    assert boss.send(f"{page[1]}/remove", asked).status_code == 303
    assert boss.open(page[1]).status_code == 404


def test_retention_runs_only_when_somebody_is_sure(
    visitor_for: VisitorFor, service: Service, clock: HandClock
) -> None:
    visitor_for("interviewer")
    clock.move(days=60)
    boss = visitor_for("administrator")
    shown = boss.open("/administration/retention")
    unsure = boss.send("/administration/retention", shown)
    assert unsure.status_code == 422
    assert 'href="#sure"' in unsure.text
    done = boss.send("/administration/retention", shown, sure="yes")
    assert done.status_code == 200
    assert "The rules were run" in done.text
    assert "Nothing is due" in boss.open("/administration/retention").text


def test_no_page_of_the_administration_shows_a_key(visitor_for: VisitorFor) -> None:
    boss = visitor_for("administrator")
    for address in ("/administration/keys", "/administration/system"):
        shown = boss.open(address).text
        assert MASTER_KEY not in shown
        assert "screening keys rotate" in shown or "screening backup" in shown


def test_language_colours_and_name_are_kept(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("interviewer")
    shown = visitor.open("/account/reading")
    assert visitor.send("/account/reading", shown, language="xx", colours="dark").status_code == 422
    done = visitor.send("/account/reading", shown, language="ar", colours="dark")
    assert done.headers["location"] == "/account?done=reading"
    assert '<html lang="ar" dir="rtl" data-colours="dark"' in visitor.open("/account").text
    assert visitor.send("/account/name", visitor.open("/account/name"), display_name=" ").status_code == 422
    shown = visitor.open("/account/name")
    visitor.send("/account/name", shown, display_name="منى")
    assert "منى" in visitor.open("/account").text


def test_other_browsers_are_signed_out_one_by_one_or_all(visitor_for: VisitorFor) -> None:
    visitor, others = visitor_for("interviewer"), [visitor_for("interviewer") for _ in range(2)]
    shown = visitor.open("/account/sessions")
    first = re.findall(r'action="(/account/sessions/[0-9a-f]{32}/end)"', shown.text)
    assert len(first) == 3
    done = visitor.send("/account/sessions/end-others", shown)
    assert done.headers["location"] == "/account/sessions?done=sessions"
    assert [one.client.get("/account").status_code for one in others] == [303, 303]
    shown = visitor.open("/account/sessions")
    (own,) = re.findall(r'action="(/account/sessions/[0-9a-f]{32}/end)"', shown.text)
    assert visitor.send(own, shown).headers["location"] == "/sign-in?out=yes"
    assert visitor.client.get("/account").status_code == 303


def test_entries_are_filtered_by_who_which_case_what_and_when(visitor_for: VisitorFor, world: World) -> None:
    visitor_for("administrator").open("/administration/keys")
    auditor = visitor_for("auditor")
    shown = auditor.open("/audit?actor=administrator&action=keys.read&from=2026-11-01&to=٢٠٢٦-١١-٠١")
    assert "Looked at the state of keys" in shown.text
    assert "Administrator" in shown.text
    assert "No entry fits" in auditor.open("/audit?action=keys.read&to=2026-10-31").text
    wrong = auditor.client.get("/audit?actor=nobody-at-all&case=K-1&from=soon")
    assert wrong.status_code == 422
    for field in ("actor", "case", "from"):
        assert f'href="#{field}"' in wrong.text


def test_the_chain_is_verified_in_plain_words_with_and_without_a_kept_head(
    visitor_for: VisitorFor, service: Service
) -> None:
    visitor_for("administrator").open("/administration/keys")
    auditor = visitor_for("auditor")
    kept = auditor.send("/audit/head", auditor.open("/audit/head"))
    assert "attachment" in kept.headers["content-disposition"]
    shown = auditor.open("/audit/verify")
    assert "cannot be told without a head" in auditor.send("/audit/verify", shown).text
    whole = auditor.send("/audit/verify", shown, head=kept.text)
    assert "The chain is whole" in whole.text
    assert "It still holds entry" in whole.text
    for wrong in ("nothing", kept.text.replace('"seq": 1', '"seq": 9')):
        assert auditor.send("/audit/verify", shown, head=wrong).status_code == 422
    with service.database.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entries_no_update")
        connection.exec_driver_sql("UPDATE audit_entries SET actor = 'nobody' WHERE seq = 1")
        connection.commit()
    broken = auditor.send("/audit/verify", shown, head=kept.text)
    assert "The chain is not whole" in broken.text
    assert "S201" in broken.text


def test_emergency_access_is_reviewed_by_somebody_else(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    add_counted(service, world, service.clock(), 1)
    with service.work(world["colleague"]) as work:
        case_id = work.session.scalars(select(Case.id)).one()
    with service.work(world["colleague"]) as work:
        id = open_in_emergency(work, case_id, "A fire alarm <b>at</b> the shelter").id
    auditor, page = visitor_for("auditor"), f"/audit/emergencies/{id}"
    assert "A fire alarm &lt;b&gt;at" in auditor.open("/audit/emergencies?state=waiting").text
    shown = auditor.open(page)
    assert auditor.send(page, shown).status_code == 422
    unexplained = auditor.send(page, shown, review="not_justified")
    assert unexplained.status_code == 422
    assert 'href="#note"' in unexplained.text
    assert auditor.send(page, shown, review="justified").status_code == 303
    assert "It was needed" in auditor.open(page).text
    assert visitor_for("supervisor_b").open(page).status_code == 404


def test_statistics_say_what_is_not_shown(visitor_for: VisitorFor, service: Service, world: World) -> None:
    assert "Nothing to count yet" in visitor_for("supervisor").open("/statistics").text
    at = datetime(2026, 8, 15, 9, 0, tzinfo=UTC)
    add_counted(service, world, at, 9, outcome="other_concern", route="shelter")
    add_counted(service, world, at, 2, outcome="trafficking_indicated", mode="prison")
    supervisor = visitor_for("supervisor")
    shown = supervisor.open("/statistics").text
    assert "not shown" in shown
    assert "July 2026" in shown
    assert "<svg" in shown
    answered = supervisor.client.get("/api/v1/statistics", headers={"accept": "application/json"}).json()
    table = next(one for one in answered["tables"] if one["id"] == "interviews_by_entry_mode")
    cells = dict(zip((row["id"] for row in table["rows"]), table["cells"], strict=True))
    assert cells["prison"] == [None]
    assert "supervisor" not in shown.partition("<main")[2]


def test_every_action_that_is_recorded_has_a_name(database_url: str) -> None:
    house, found = Path(__file__).resolve().parents[3], set()
    for file in [*(house / "screening").rglob("*.py"), *(house / "api").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name == "record" and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    assert len(found) > 50
    assert found <= set(audit_actions())


def test_a_page_for_others_names_what_is_not_allowed_in_words(visitor_for: VisitorFor) -> None:
    shown = visitor_for("interviewer").client.get("/administration")
    assert shown.status_code == 403
    assert "“<bdi>Read accounts and roles</bdi>”" in shown.text
    assert "accounts.read" not in shown.text
