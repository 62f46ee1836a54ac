"""Account, administration, audit and statistics by forms alone: who may, what is shown once, what is refused."""

from __future__ import annotations

import pytest

from screening.storage.tables.people import Account
from screening.work import Service
from tests.api.desk.conftest import VisitorFor
from tests.services import World

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
