"""Drafts on their pages: begun, saved broken, mended, compared, and never overwritten by somebody else."""

from __future__ import annotations

import re
from html import unescape

import pytest
from fastapi import FastAPI

from indicators.errors import define
from screening.drafting.overlays import content_paths, read_content
from screening.drafting.workshops import Workshop
from tests.api.desk.conftest import Visitor, VisitorFor
from tests.api.desk.records import assess
from tests.services import World

PATH = "rules/sets/kuwait/law_91/observations.yaml"
SENTENCE = "{question: exits_locked_seen, is: locked_from_outside}"


def begin(visitor: Visitor) -> str:
    """A new draft; its address."""
    made = visitor.send("/rules/drafts", visitor.open("/rules/drafts"), name="Exits & guards")
    assert made.status_code == 303
    return made.headers["location"]


def file_of(address: str) -> str:
    """The address of the file that these tests change."""
    return f"{address}/file?path={PATH}"


def box_of(text: str) -> str:
    """What stands in the box of a page."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def test_a_draft_needs_a_name_and_approvers_only_look(visitor_for: VisitorFor) -> None:
    reviewer, approver = visitor_for("reviewer"), visitor_for("approver")
    shown = reviewer.open("/rules/drafts")
    assert reviewer.send("/rules/drafts", shown, name="  ").status_code == 422
    assert reviewer.send("/rules/drafts", shown, name="x" * 300).status_code == 422
    address = begin(reviewer)
    assert "Exits &amp; guards" in approver.open("/rules/drafts").text
    assert 'action="/rules/drafts"' not in approver.open("/rules/drafts").text
    seen = approver.open(address)
    assert seen.status_code == 200
    assert 'method="post"' not in re.sub(r'<form[^>]*action="/(?:set|sign-out)[^>]*>', "", seen.text)
    denied = approver.client.post(file_of(address), data={"text": "x", "version": "0"})
    assert denied.status_code == 403
    assert visitor_for("interviewer").open(address).status_code == 403


def test_the_way_of_a_mistake_from_the_box_to_its_line_and_back(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("reviewer")
    address = begin(visitor)
    shown = visitor.open(address)
    assert "Nothing is wrong" in shown.text
    for path in content_paths():
        assert f"path={path}" in shown.text
    page = visitor.open(file_of(address))
    assert SENTENCE in unescape(page.text)
    broken = read_content(PATH).replace("question: exits_locked_seen", "question: exits_lockd_seen")
    # As browsers send it.
    saved = visitor.send(file_of(address), page, text=broken.replace("\n", "\r\n"))
    assert saved.status_code == 303
    told = visitor.open(saved.headers["location"]).text
    line = broken[: broken.index("exits_lockd_seen")].count("\n") + 1
    assert f'href="{address}/file?path={PATH}#line-{line}"' in told
    assert f'id="line-{line}"' in told
    assert "did you mean “<bdi>exits_locked_seen</bdi>”?" in unescape(told)
    assert "add it under “<bdi>indicators/questions/</bdi>”" in unescape(told)
    visitor.open(f"/set/language/ar?to={address}")
    assert "سؤال غير معروف" in visitor.open(address).text
    visitor.open(f"/set/language/en?to={address}")
    assert "cannot be read to its end" in visitor.open(f"{address}/differences").text
    # What was broken stands in the box again; mended, only the cases are wrong.
    page = visitor.open(file_of(address))
    assert "exits_lockd_seen" in box_of(page.text)
    mended = read_content(PATH).replace(SENTENCE, "{question: exits_locked_seen, is: guarded}")
    visitor.send(file_of(address), page, text=mended)
    told = visitor.open(f"{address}/differences").text
    assert "L91-M-04c" in told
    assert re.search(r"<del>[^<]*Locked so that people cannot get out", unescape(told))
    assert re.search(r"<ins>[^<]*Guarded, or cameras at the way out", unescape(told))
    assert "P012" in visitor.open(address).text
    back = visitor.send(f"{address}/take-back", visitor.open(address))
    assert back.status_code == 303
    assert "Nothing is wrong" in visitor.open(address).text


def test_who_saves_second_sees_the_first_and_keeps_his_own(visitor_for: VisitorFor, desk: FastAPI) -> None:
    # What is wrong is not the question here.
    desk.state.workshop = Workshop(longest=0.01)
    one, two = visitor_for("reviewer"), visitor_for("reviewer")
    address = begin(one)
    first, second = one.open(file_of(address)), two.open(file_of(address))
    assert one.send(file_of(address), first, text="- the first\n").status_code == 303
    late = two.send(file_of(address), second, text="- the second\n")
    assert late.status_code == 409
    assert "omebody else has saved this file" in late.text
    assert "- the second" in box_of(late.text)
    assert re.search(r"<del[^>]*>- the first", late.text)
    assert two.send(file_of(address), late, text="- both\n").status_code == 303
    assert "- both" in one.open(file_of(address)).text


def test_when_looking_takes_too_long_the_text_is_saved_and_the_page_says_so(
    visitor_for: VisitorFor, desk: FastAPI
) -> None:
    desk.state.workshop = Workshop(longest=0.01)
    visitor = visitor_for("reviewer")
    address = begin(visitor)
    saved = visitor.send(file_of(address), visitor.open(file_of(address)), text="- anything\n")
    told = visitor.open(saved.headers["location"])
    assert told.status_code == 200
    assert "was stopped" in told.text
    assert "- anything" in told.text
    assert "was stopped" in visitor.open(address).text


@pytest.mark.parametrize("path", ["rules/models.py", "../api/settings.py", "rules/sets/kuwait/none.yaml"])
def test_nothing_but_content_is_shown(visitor_for: VisitorFor, desk: FastAPI, path: str) -> None:
    desk.state.workshop = Workshop(longest=0.01)
    visitor = visitor_for("reviewer")
    address = begin(visitor)
    shown = visitor.open(f"{address}/file", params={"path": path})
    assert shown.status_code == 422
    assert "is no file of the content" in unescape(shown.text)


def test_a_draft_that_was_put_aside_says_so(visitor_for: VisitorFor, desk: FastAPI) -> None:
    desk.state.workshop = Workshop(longest=0.01)
    visitor = visitor_for("reviewer")
    address = begin(visitor)
    page = visitor.open(file_of(address))
    assert visitor.send(f"{address}/drop", visitor.open(address)).status_code == 303
    assert address not in visitor.open("/rules/drafts").text
    assert "put aside" in visitor.open(address).text
    late = visitor.send(file_of(address), page, text="- late\n")
    assert late.status_code == 409
    assert "takes no more changes" in late.text
    assert visitor.open("/rules/drafts/" + "0" * 32).status_code == 404


def test_a_draft_is_tried_and_the_shipped_interviews_are_told_by_name(
    visitor_for: VisitorFor, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("reviewer")
    address = begin(visitor)
    page = visitor.open(f"{address}/try")
    assert "is stopped after" in page.text
    # Nothing is changed: nobody loses anything, and what cannot be counted is kept back.
    told = visitor.send(f"{address}/try", page)
    assert told.status_code == 200
    assert "Nobody: every referral" in told.text
    assert "kept back" in told.text
    assert "come out as today" in told.text
    # No way leads to the shelter any more.
    routes = "rules/sets/kuwait/referral/recommendations.yaml"
    text = read_content(routes)
    assert text.count("recommends: shelter\n") > 1
    shown = visitor.open(f"{address}/file", params={"path": routes})
    changed = text.replace("recommends: shelter\n", "recommends: legal_aid\n")
    visitor.send(f"{address}/file?path={routes}", shown, text=changed)
    told = visitor.send(f"{address}/try", visitor.open(f"{address}/try"))
    text = unescape(told.text)
    assert "Some people would lose a referral" in text
    assert re.search(r"IN-\d\d", text)
    assert "No longer referred:" in text
    # One person alone is never counted, and no case is named to who may open none.
    assert re.search(r"at least one referral\s*</dt>\s*<dd[^>]*>\s*<span[^>]*>kept back", text)
    assert made.case not in text
    assert made.assessment not in text


def test_what_cannot_be_read_cannot_be_tried(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("reviewer")
    address = begin(visitor)
    visitor.send(file_of(address), visitor.open(file_of(address)), text="- id: [\n")
    told = visitor.send(f"{address}/try", visitor.open(f"{address}/try"))
    assert told.status_code == 422
    assert define("S226").message["en"].removeprefix("the draft") in told.text
