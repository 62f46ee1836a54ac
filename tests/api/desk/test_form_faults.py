"""What a form says is missing or wrong, beside the field, by its code."""

from __future__ import annotations

import re

import pytest

from api.desk.filling import require_filled, require_sure
from api.desk.forms import require_chosen, require_written
from api.desk.referrals import _read_due
from indicators.errors import fault, message
from tests.api.desk.conftest import VisitorFor


def test_what_nobody_chose_wrote_or_ticked_is_named() -> None:
    assert [one.fault.code for one in require_chosen({"a": ["x"]}, "a", "b")] == ["A080"]
    assert [one.fault.code for one in require_written({"a": ["  "]}, "a")] == ["A081"]
    assert [one.fault.code for one in require_filled({"a": ["x"], "b": [""]}, "a", "b")] == ["A090"]
    assert [one.fault.code for one in require_sure({})] == ["A092"]
    assert require_sure({"sure": ["yes"]}) == ()
    assert require_chosen({"a": ["x"]}, "a") == require_written({"a": ["x"]}, "a") == ()


def test_a_day_is_read_with_either_digits_or_refused() -> None:
    due, faults = _read_due({"due": ["٢٠٢٦-١٢-٠١"]})
    assert due is not None
    assert faults == ()
    assert [one.fault.code for one in _read_due({"due": ["soon"]})[1]] == ["A082"]


@pytest.mark.parametrize(
    ("who", "address", "code"),
    [
        ("auditor", "/audit?actor=nobody-here", "A093"),
        ("auditor", "/audit?from=yesterday", "A094"),
        ("interviewer", "/practice/IN-01/feedback", "A095"),
    ],
)
def test_what_an_address_asks_is_refused_on_its_page(
    visitor_for: VisitorFor, who: str, address: str, code: str
) -> None:
    shown = visitor_for(who).open(address)
    assert shown.status_code == 422, shown.text[:500]
    expected = message(fault(code, value="x"), "en")[1:18]
    assert expected in shown.text


def test_a_site_needs_a_code_that_people_can_write_down(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("administrator")
    form = visitor.open("/administration/sites/new")
    shown = visitor.send("/administration/sites/new", form, code="-a b", kind="shelter")
    assert shown.status_code == 422
    assert message(fault("A091"), "en")[1:25] in shown.text


@pytest.mark.parametrize("typed", ["", "  "])
def test_an_interview_for_a_known_person_needs_the_number_of_the_case(
    visitor_for: VisitorFor, typed: str
) -> None:
    visitor = visitor_for("interviewer")
    form = visitor.open("/interviews/new")
    shown = visitor.send("/interviews/new", form, case="existing", case_number=typed, instrument="intake")
    assert shown.status_code == 422
    assert message(fault("A083"), "en")[1:] in shown.text
    assert 'href="#case_number"' in shown.text


def test_a_choice_that_nobody_made_is_said_beside_its_list(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("administrator")
    form = visitor.open("/administration/accounts/new")
    fields = {"kind": "person", "sign_in_name": "huda", "display_name": "Huda", "role": "interviewer"}
    shown = visitor.send("/administration/accounts/new", form, language="en", site="", **fields)
    assert shown.status_code == 422
    assert 'href="#site"' in shown.text
    listed = re.search(r'<p id="site-error".*?<select[^>]*id="site"[^>]*>', shown.text, re.DOTALL)
    assert listed is not None
    assert listed[0].endswith(' aria-describedby="site-hint site-error" aria-invalid="true">')
