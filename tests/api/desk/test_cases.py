"""The page of a case and what is kept beside its interviews, by forms alone."""

from __future__ import annotations

import pytest

from screening.storage.tables.cases import Case
from screening.work import Service
from tests.api.desk.conftest import VisitorFor, hidden_fields
from tests.api.desk.records import assess, looks_at, words_of
from tests.services import World


def number_of(service: Service, case: str) -> str:
    with service.database.reading() as session:
        return session.get_one(Case, case).number


def test_who_the_person_is_shows_only_when_asked_for_and_each_look_is_on_record(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    address = f"{made.page}/identity/change"
    form = visitor.open(address)
    done = visitor.send(address, form, full_name="Amal Sample", telephone="+965 5000 0000")
    assert (done.status_code, done.headers["location"]) == (303, f"{made.page}/identity")
    looks = looks_at(service, "identity.read")
    case = visitor.open(made.page)
    assert "Amal Sample" not in case.text
    assert looks_at(service, "identity.read") == looks, "the page of the case opens nothing of it"
    shown = visitor.open(f"{made.page}/identity")
    assert "Amal Sample" in shown.text
    assert looks_at(service, "identity.read") == looks + 1
    # Nothing is emptied that the form did not touch, and an older form changes nothing.
    again = visitor.open(address)
    assert 'value="Amal Sample"' in again.text
    late = visitor.send(address, form, full_name="Somebody Else")
    assert late.status_code == 422
    assert "Amal Sample" in visitor.open(f"{made.page}/identity").text
    wrong = visitor.send(address, again, full_name="Amal Sample", birth_date="2099-01-01")
    assert wrong.status_code == 422
    assert 'href="#birth_date"' in wrong.text


def test_a_case_is_closed_by_a_person_with_a_reason_and_opened_again(
    visitor_for: VisitorFor, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    address = f"{made.page}/close"
    form = visitor.open(address)
    assert visitor.send(address, form).status_code == 422
    wordless = visitor.send(address, form, reason="other")
    assert wordless.status_code == 422
    assert 'href="#note"' in wordless.text
    assert visitor.send(address, form, reason="help_given").status_code == 303
    said = words_of(visitor.open(made.page).text)
    assert "Help was given and followed up" in said
    assert "Begin another interview" not in said
    assert visitor.send(address, visitor.open(address), reason="person_returned").status_code == 303
    assert "Begin another interview" in words_of(visitor.open(made.page).text)


def test_a_yes_is_recorded_for_one_purpose_and_can_be_taken_back(
    visitor_for: VisitorFor, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    address = f"{made.page}/consents"
    form = visitor.open(address)
    nothing = visitor.send(address, form)
    assert nothing.status_code == 422
    for field in ("purpose", "state", "how"):
        assert f'href="#{field}"' in nothing.text
    nameless = visitor.send(address, form, purpose="referral", state="given", how="spoken")
    assert nameless.status_code == 422
    assert 'href="#recipient"' in nameless.text
    early = visitor.send(address, form, purpose="contact", state="withdrawn", how="spoken")
    assert early.status_code == 422
    # A service that was left in the list does not make a referral of another purpose.
    fields = {"purpose": "contact", "how": "spoken", "recipient": "pam_shelter_women"}
    assert visitor.send(address, form, state="given", note="Only by day.", **fields).status_code == 303
    assert visitor.send(address, form, state="withdrawn", **fields).status_code == 303
    said = words_of(visitor.open(address).text)
    assert said.index("Took the yes back") < said.index("Only by day.")


def test_a_supervisor_gives_a_case_to_a_colleague_and_ends_it(visitor_for: VisitorFor, world: World) -> None:
    made = assess(world)
    supervisor, colleague = visitor_for("supervisor"), visitor_for("colleague")
    address = f"{made.page}/access"
    assert colleague.open(made.page).status_code == 404
    assert visitor_for("interviewer").open(address).status_code == 403
    form = supervisor.open(address)
    assert world["interviewer_b"].account_id not in form.text, "only colleagues of the site are offered"
    assert supervisor.send(address, form).status_code == 422
    given = supervisor.send(address, form, account=world["colleague"].account_id)
    assert given.status_code == 303
    assert colleague.open(made.page).status_code == 200
    fields = {"account": world["colleague"].account_id}
    ending = f"{address}/end"
    assert supervisor.client.post(ending, data=fields).status_code == 403, "a form from elsewhere"
    # The first of the two who have it opened the case; the form of the other is sent with its own account.
    assert supervisor.send(ending, supervisor.open(address), **fields).status_code == 303
    assert colleague.open(made.page).status_code == 404


def test_a_colleagues_case_opens_in_an_emergency_with_a_reason(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    colleague = visitor_for("colleague")
    address, number = "/cases/emergency", number_of(service, made.case)
    form = colleague.open(address)
    assert colleague.send(address, form, number=number).status_code == 422
    unknown = colleague.send(address, form, number="KW-0000-0000", reason="She called for help.")
    assert unknown.status_code == 422
    assert 'href="#number"' in unknown.text
    elsewhere = visitor_for("interviewer_b")
    far = elsewhere.send(address, elsewhere.open(address), number=number, reason="She called for help.")
    assert far.status_code == 422, "a case of another site is answered as one that there is not"
    assert looks_at(service, "access.refused") == 2, "answered beside the field, and on record all the same"
    done = colleague.send(address, form, number=f" {number.lower()} ", reason="She called for help.")
    assert (done.status_code, done.headers["location"]) == (303, made.page)
    shown = colleague.open(made.page)
    assert shown.status_code == 200
    assert "You opened this case in an emergency" in shown.text
    waiting = visitor_for("supervisor").open("/supervision")
    assert "Emergency access to review" in waiting.text
    own = visitor_for("interviewer")
    led = own.send(address, own.open(address), number=number, reason="Mine anyway.")
    assert (led.status_code, led.headers["location"]) == (303, made.page)


def test_a_page_of_anothers_case_is_refused_and_that_is_on_record(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    far = visitor_for("interviewer_b")
    token = far.open("/cases/emergency")
    for page in (made.page, f"{made.page}/identity", f"/interviews/{made.interview}"):
        assert far.open(page).status_code == 404
    fields = {"_csrf": hidden_fields(token.text, "/cases/emergency")["_csrf"], "last_seq": "1"}
    assert far.client.post(f"/interviews/{made.interview}/finish", data=fields).status_code == 404
    assert looks_at(service, "access.refused") == 4, "each once"


def test_a_workplace_is_linked_once_and_found_again(visitor_for: VisitorFor, world: World) -> None:
    made, other = assess(world), assess(world)
    visitor = visitor_for("interviewer")
    address = f"{made.page}/workplaces"
    form = visitor.open(address)
    assert visitor.send(address, form).status_code == 422
    nameless = visitor.send(address, form, kind="company")
    assert nameless.status_code == 422
    assert 'href="#name"' in nameless.text
    for one in (address, f"{other.page}/workplaces"):
        done = visitor.send(one, visitor.open(one), kind="company", name="Sample Trading")
        assert done.status_code == 303
    shown = visitor.open(address)
    assert "Sample Trading" in shown.text
    assert other.page in shown.text, "cases of one place are seen together"
    missing = visitor.send(address, shown, code="WP-0000-0000")
    assert missing.status_code == 422
    assert 'href="#code"' in missing.text
    assert visitor.send(f"{address}/end", shown).status_code == 303
    assert "Sample Trading" not in visitor.open(address).text


def test_a_case_goes_through_the_stages(visitor_for: VisitorFor, world: World) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    address = f"{made.page}/stages"
    form = visitor.open(address)
    assert visitor.send(address, form).status_code == 422
    assert visitor.send(address, form, stage="screening").status_code == 303
    assert 'aria-current="step"' in visitor.open(address).text
    assert visitor.open(made.page).status_code == 200
    assert visitor_for("inspector").open(address).status_code == 404


@pytest.mark.parametrize("address", ["/cases", "/referrals"])
def test_an_empty_list_says_what_to_do(visitor_for: VisitorFor, world: World, address: str) -> None:
    visitor = visitor_for("interviewer")
    assert 'class="empty"' in visitor.open(address).text
    assert 'class="empty"' in visitor.open(f"{address}?status=closed").text
    for wrong in (f"{address}?cursor=nonsense", "/cases?status=lost"):
        assert visitor.open(wrong).status_code == 422, wrong
