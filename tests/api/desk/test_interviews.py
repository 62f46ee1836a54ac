"""Interviews by forms alone: begun, asked, saved, met by somebody else's answer, stopped, finished."""

from __future__ import annotations

import re

import pytest

from screening.people.access import SYSTEM
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.interviews import AnswerRevision
from screening.work import Service
from tests.api.desk.conftest import Visitor, VisitorFor, hidden_fields
from tests.api.desk.records import looks_at
from tests.api.desk.sittings import answer, begin, kept_value, save
from tests.services import HandClock, World

HTMX = {"hx-request": "true"}


@pytest.fixture
def visitor(visitor_for: VisitorFor) -> Visitor:
    return visitor_for("interviewer")


def revisions(service: Service, question: str) -> int:
    with service.work(SYSTEM, writes=False) as work:
        return work.session.query(AnswerRevision).where(AnswerRevision.question == question).count()


def test_the_first_page_says_what_to_do_while_there_is_nothing(visitor: Visitor) -> None:
    shown = visitor.open("/")
    assert shown.url.path == "/interviews"
    assert "No interviews yet" in shown.text
    assert 'href="/interviews/new"' in shown.text


def test_the_room_and_consent_come_first_with_what_to_mind_before_them(visitor: Visitor) -> None:
    home = begin(visitor)
    first = visitor.open(f"{home}/sections/room")
    assert "First of all" in first.text
    assert first.text.index("First of all") < first.text.index('name="heard_alone"')
    done = visitor.send(f"{home}/sections/room", first, go="next", entry_mode="hospital", heard_alone="yes")
    assert done.headers["location"] == f"{home}/sections/safety"
    second = visitor.open(done.headers["location"])
    for question in ("limits_explained", "consent_to_talk", "consent_to_record"):
        assert f'name="{question}"' in second.text


def test_what_calls_for_stopping_is_said_at_once_and_leads_to_a_pause(visitor: Visitor) -> None:
    home = begin(visitor)
    save(visitor, home, "heard_alone", "no")
    for address in (home, f"{home}/questions/heard_alone", f"{home}/sections/room"):
        shown = visitor.open(address)
        assert "not being heard alone" in shown.text
        assert f'href="{home}/pause?because=not_safe"' in shown.text
    assert kept_value(visitor.open(f"{home}/pause?because=not_safe"), "because") == "not_safe"
    save(visitor, home, "heard_alone", "yes")
    assert "not being heard alone" not in visitor.open(home).text


def test_an_answer_is_saved_and_leads_to_the_next_question(visitor: Visitor, service: Service) -> None:
    home = begin(visitor)
    done = answer(visitor, home, "documents_holder", documents_holder="employer", go="next")
    assert done.headers["location"].startswith(f"{home}/questions/documents_")
    assert kept_value(visitor.open(f"{home}/questions/documents_holder"), "documents_holder") == "employer"
    # The same form again, and the same answer again, are no new revision.
    save(visitor, home, "documents_holder", "employer")
    assert revisions(service, "documents_holder") == 1


@pytest.mark.parametrize("state", ["not_known", "declined", "not_asked"])
def test_what_could_not_be_said_is_kept_as_that(visitor: Visitor, state: str) -> None:
    home = begin(visitor)
    save(visitor, home, "documents_holder", state)
    assert kept_value(visitor.open(f"{home}/questions/documents_holder"), "documents_holder") == state
    said = {"not_known": "Does not know", "declined": "Would rather not say", "not_asked": "Not asked yet"}
    row = visitor.open(f"{home}/check").text.split('id="row-documents_holder"')[1][:900]
    assert said[state] in row


def test_nothing_chosen_saves_nothing_and_goes_on(visitor: Visitor, service: Service) -> None:
    home = begin(visitor)
    done = answer(visitor, home, "documents_holder", go="next")
    assert done.status_code == 303
    assert revisions(service, "documents_holder") == 0


def test_what_depends_on_an_answer_comes_up_only_then(visitor: Visitor) -> None:
    home = begin(visitor)
    before = visitor.open(f"{home}/sections/room").text
    assert 'name="who_is_present"' not in before
    assert f'href="{home}/questions/who_is_present"' in before
    done = visitor.send(f"{home}/sections/room", before, heard_alone="no", go="next")
    assert done.headers["location"] == f"{home}/sections/room#who_is_present"
    assert 'name="who_is_present"' in visitor.open(f"{home}/sections/room").text


def test_a_mistake_stands_beside_its_question_and_what_was_typed_is_there(visitor: Visitor) -> None:
    home = begin(visitor)
    done = answer(visitor, home, "monthly_pay_kd", monthly_pay_kd="written", monthly_pay_kd__number="12,5")
    assert done.status_code == 422
    assert 'href="#monthly_pay_kd-number"' in done.text
    assert 'value="12,5"' in done.text
    assert "<title>Mistake:" in done.text


def test_arabic_digits_are_read(visitor: Visitor) -> None:
    home = begin(visitor)
    done = answer(visitor, home, "monthly_pay_kd", monthly_pay_kd="written", monthly_pay_kd__number="٧٥")
    assert done.status_code == 303
    assert 'value="75"' in visitor.open(f"{home}/questions/monthly_pay_kd").text


def test_a_note_that_could_be_turned_against_the_person_is_shown_before_going_on(visitor: Visitor) -> None:
    home = begin(visitor)
    done = answer(
        visitor,
        home,
        "documents_holder",
        documents_holder="employer",
        note__documents_holder="She stole a ring.",
    )
    assert done.headers["location"] == f"{home}/questions/documents_holder?look=note"
    shown = visitor.open(done.headers["location"])
    assert "may put an offence on record" in shown.text
    assert "She stole a ring." in shown.text
    # A note alone changes no answer; taking it back is a revision as well.
    done = answer(visitor, home, "documents_holder", documents_holder="employer", note__documents_holder="")
    assert "look=note" not in done.headers["location"]
    history = visitor.open(f"{home}/questions/documents_holder/history").text
    assert history.count("timeline__item") == 2
    assert "She stole a ring." in history


def test_a_note_without_an_answer_is_kept_and_is_no_answer(visitor: Visitor) -> None:
    home = begin(visitor)
    answer(visitor, home, "documents_holder", note__documents_holder="Asked to come back to this.")
    shown = visitor.open(f"{home}/questions/documents_holder")
    assert "Asked to come back to this." in shown.text
    assert kept_value(shown, "documents_holder") == "not_asked"
    # What should not have been written can be taken out again, still without an answer.
    answer(visitor, home, "documents_holder", note__documents_holder="")
    shown = visitor.open(f"{home}/questions/documents_holder")
    assert "Asked to come back to this." not in shown.text
    assert kept_value(shown, "documents_holder") == "not_asked"


def test_two_answers_are_shown_side_by_side_and_a_person_says_which_stands(
    visitor_for: VisitorFor, service: Service
) -> None:
    one, other = visitor_for("interviewer"), visitor_for("supervisor")
    home = begin(one)
    address = f"{home}/questions/documents_holder"
    first, second = one.open(address), other.open(address)
    assert one.send(address, first, documents_holder="employer").status_code == 303
    met = other.send(address, second, documents_holder="self", note__documents_holder="x")
    assert met.status_code == 409
    both = met.text[met.text.index('class="both"') :]
    assert "Saved by <bdi>Interviewer</bdi>" in both
    assert "the employer" in both.lower()
    assert kept_value(met, "documents_holder") == "self"
    assert revisions(service, "documents_holder") == 1
    # Nothing is overwritten by sending it once more.
    assert other.send(address, met, documents_holder="self").status_code == 409
    stands = other.send(address, met, documents_holder="self", stands="mine:documents_holder")
    assert (stands.status_code, stands.headers["location"]) == (303, address)
    assert kept_value(one.open(address), "documents_holder") == "self"
    history = one.open(f"{address}/history").text
    assert history.index("Supervisor") < history.index("Interviewer</bdi>", history.index("Supervisor"))


def test_the_saved_answer_may_stand_as_well(visitor_for: VisitorFor, service: Service) -> None:
    one, other = visitor_for("interviewer"), visitor_for("supervisor")
    home = begin(one)
    address = f"{home}/questions/documents_holder"
    first, second = one.open(address), other.open(address)
    one.send(address, first, documents_holder="employer")
    met = other.send(address, second, documents_holder="self")
    stands = other.send(address, met, documents_holder="self", stands="saved:documents_holder")
    assert stands.status_code == 303
    assert kept_value(other.open(address), "documents_holder") == "employer"
    assert revisions(service, "documents_holder") == 1


def test_two_people_in_one_section_do_not_disturb_each_other(
    visitor_for: VisitorFor, service: Service
) -> None:
    one, other = visitor_for("interviewer"), visitor_for("supervisor")
    home = begin(one)
    address = f"{home}/sections/safety"
    first, second = one.open(address), other.open(address)
    assert one.send(address, first, limits_explained="yes").status_code == 303
    assert other.send(address, second, consent_to_talk="yes").status_code == 303
    shown = one.open(address)
    assert kept_value(shown, "limits_explained") == "yes"
    assert kept_value(shown, "consent_to_talk") == "yes"
    # The first one's page, sent once more with what it showed, takes nothing back.
    assert one.send(address, first, limits_explained="yes").status_code == 303
    assert kept_value(one.open(address), "consent_to_talk") == "yes"
    assert (revisions(service, "limits_explained"), revisions(service, "consent_to_talk")) == (1, 1)


def test_a_script_gets_the_panel_with_the_save_in_one_answer(visitor: Visitor) -> None:
    home = begin(visitor)
    address = f"{home}/sections/room"
    shown = visitor.open(address)
    fields = {**hidden_fields(shown.text, address), "heard_alone": "no"}
    done = visitor.client.post(address, data=fields, headers=HTMX)
    assert (done.status_code, done.headers["x-saved"]) == (200, "yes")
    assert '<div id="panel" hx-swap-oob="innerHTML">' in done.text
    assert 'name="who_is_present"' in done.text
    follows = re.search(r'name="follows.heard_alone" value="(\d+)"', done.text)
    assert follows is not None
    assert follows[1] == "1"
    assert "<html" not in done.text


def test_a_script_is_told_of_a_conflict_and_of_a_mistake_without_losing_the_rest(
    visitor_for: VisitorFor,
) -> None:
    one, other = visitor_for("interviewer"), visitor_for("supervisor")
    home = begin(one)
    address = f"{home}/sections/opening"
    first, second = one.open(address), other.open(address)
    one.send(address, first, **{"own_account": "written", "own_account.text": "One account."})
    fields = {
        **hidden_fields(second.text, address),
        "own_account": "written",
        "own_account.text": "Another account.",
        "age_years": "written",
        "age_years.number": "many",
        "note.age_years": "said twice",
    }
    done = other.client.post(address, data=fields, headers=HTMX)
    assert (done.status_code, done.headers["x-saved"]) == (200, "look")
    state = done.text.split('id="state-own_account"')[1].split('id="state-')[0]
    assert "Two answers to this question" in state
    assert "One account." in state
    assert "Another account." in state
    assert "govuk-error-message" in done.text.split('id="state-age_years"')[1][:300]


def test_a_page_does_not_meet_itself_as_somebody_else(visitor: Visitor, service: Service) -> None:
    """What a script had sent while somebody wrote on, and whose answer never came back, is the page's own."""
    home = begin(visitor)
    address = f"{home}/questions/own_account"
    shown = visitor.open(address)
    fields = {**hidden_fields(shown.text, address), "own_account": "written"}
    for text in ("The door", "The door was", "The door was locked.", "The door"):
        sent = {**fields, "own_account.text": text}
        assert visitor.client.post(address, data=sent, headers=HTMX).headers["x-saved"] == "yes"
    done = visitor.client.post(address, data={**fields, "own_account.text": "The door was locked at night."})
    assert done.status_code == 303
    assert "The door was locked at night." in visitor.open(address).text
    assert revisions(service, "own_account") == 5


def test_stop_for_rest_and_go_on_early_only_because_the_person_asks(
    visitor: Visitor, clock: HandClock
) -> None:
    home = begin(visitor)
    save(visitor, home, "heard_alone", "yes")
    shown = visitor.open(f"{home}/pause")
    assert visitor.send(f"{home}/pause", shown).status_code == 422
    assert visitor.send(f"{home}/pause", shown, because="rest", rest="day").status_code == 303
    resting = visitor.open(home)
    assert "The person rests until" in resting.text
    assert "The person asks to go on now" in resting.text
    closed = visitor.open(f"{home}/questions/documents_holder")
    assert "takes no answers" in closed.text
    assert '<form class="asking"' not in closed.text
    assert "Rest until" in visitor.open("/interviews").text
    clock.move(days=2)
    over = visitor.open("/interviews")
    assert over.url.path == "/sign-in"


def test_what_was_typed_into_a_stopped_interview_is_not_lost(visitor_for: VisitorFor) -> None:
    one, other = visitor_for("interviewer"), visitor_for("supervisor")
    home = begin(one)
    address = f"{home}/questions/own_account"
    shown = one.open(address)
    paused = other.open(f"{home}/pause")
    assert other.send(f"{home}/pause", paused, because="other").status_code == 303
    late = one.send(address, shown, **{"own_account": "written", "own_account.text": "I was told to wait."})
    assert late.status_code == 422
    assert "I was told to wait." in late.text


def test_go_on_leads_to_where_it_was(visitor: Visitor) -> None:
    home = begin(visitor)
    save(visitor, home, "documents_holder", "self")
    paused = visitor.open(f"{home}/pause")
    visitor.send(f"{home}/pause", paused, because="other")
    shown = visitor.open(home)
    done = visitor.send(f"{home}/resume", shown)
    assert done.status_code == 303
    assert done.headers["location"].startswith(f"{home}/questions/")
    assert f'href="{done.headers["location"]}"' in visitor.open(home).text


def test_hand_over_gives_the_interview_to_a_colleague(visitor_for: VisitorFor, world: World) -> None:
    visitor, colleague = visitor_for("interviewer"), visitor_for("colleague")
    home = begin(visitor)
    assert colleague.open(home).status_code == 404
    shown = visitor.open(f"{home}/hand-over")
    done = visitor.send(
        f"{home}/hand-over", shown, to=world["colleague"].account_id, note="Asked for a woman to listen."
    )
    assert done.status_code == 303
    passed = colleague.open(home)
    assert passed.status_code == 200
    assert "Asked for a woman to listen." in passed.text
    # What to mind comes before the sections, not after them.
    assert passed.text.index("Asked for a woman to listen.") < passed.text.index("In any order")
    assert f'href="{home}"' in colleague.open("/interviews").text


def test_check_shows_what_was_not_asked_as_that_and_finishing_leads_to_the_result(visitor: Visitor) -> None:
    home = begin(visitor)
    save(visitor, home, "documents_holder", "declined")
    shown = visitor.open(f"{home}/check")
    assert "never read as a no" in shown.text
    assert "core questions" in shown.text
    changed = answer(visitor, home, "pay_holder", pay_holder="self", back="check")
    assert changed.headers["location"] == f"{home}/check#row-pay_holder"
    late = visitor.send(f"{home}/finish", shown)
    assert late.status_code == 409
    assert "others saved answers meanwhile" in late.text
    assert 'href="#row-pay_holder"' in late.text
    done = visitor.send(f"{home}/finish", late)
    assert done.status_code == 303
    assert done.headers["location"].startswith("/assessments/")
    finished = visitor.open(home)
    assert done.headers["location"] in finished.text
    assert "finished and stays as it is" in visitor.open(f"{home}/questions/documents_holder").text


def test_another_interview_follows_with_what_was_open_and_what_differs(visitor: Visitor) -> None:
    home = begin(visitor)
    save(visitor, home, "documents_holder", "self")
    shown = visitor.open(f"{home}/check")
    visitor.send(f"{home}/finish", shown)
    before = home.rpartition("/")[2]
    shown = visitor.open(f"/interviews/new?follows={before}")
    assert visitor.send("/interviews/new", shown, instrument="rescreen").status_code == 422
    done = visitor.send("/interviews/new", shown, instrument="rescreen", because="rest")
    assert done.status_code == 303
    again = done.headers["location"].split("/sections/")[0]
    assert "What it left open" in visitor.open(again).text
    assert "Not asked yet" in visitor.open(f"{again}/last-time").text
    save(visitor, again, "documents_holder", "employer")
    pairs = visitor.open(f"{again}/contradictions")
    assert pairs.text.count("both__pair") == 1
    assert "Look at" in visitor.open(again).text


def test_ending_without_a_result_is_refused_where_something_is_indicated(visitor: Visitor) -> None:
    home = begin(visitor)
    save(visitor, home, "danger_now", "yes")
    shown = visitor.open(f"{home}/end")
    assert visitor.send(f"{home}/end", shown, because="other").status_code == 422
    refused = visitor.send(f"{home}/end", shown, because="person_left")
    assert refused.status_code == 422
    assert "govuk-error-summary" in refused.text
    other = begin(visitor)
    shown = visitor.open(f"{other}/end")
    assert visitor.send(f"{other}/end", shown, because="person_left").status_code == 303
    assert "That says nothing about the person" in visitor.open(other).text


def test_what_cannot_wait_stands_above_everything(visitor: Visitor) -> None:
    home = begin(visitor)
    save(visitor, home, "danger_now", "yes")
    for address in (home, f"{home}/questions/pay_holder", f"{home}/sections/pay", f"{home}/check"):
        text = visitor.open(address).text
        assert "This cannot wait" in text, address
        assert f'href="{home}/pause?because=urgent_need"' in text, address
        assert text.index("This cannot wait") < text.index("<h1"), address


def test_a_case_there_is_takes_another_interview_by_its_number(visitor: Visitor) -> None:
    home = begin(visitor)
    number = re.search(r"KW-[0-9A-Z-]+", visitor.open(home).text)
    assert number is not None
    shown = visitor.open("/interviews/new")
    wrong = visitor.send(
        "/interviews/new", shown, case="existing", case_number="KW-NONE", instrument="intake"
    )
    assert wrong.status_code == 422
    assert 'href="#case_number"' in wrong.text
    done = visitor.send(
        "/interviews/new",
        shown,
        case="existing",
        case_number=f" {number[0].lower()} ",
        instrument="complaint",
    )
    assert done.status_code == 303
    found = visitor.open(f"/interviews?number={number[0]}").text
    assert found.count('class="rows__one"') == 2


def test_a_case_out_of_reach_takes_none_and_the_try_is_on_record(
    visitor: Visitor, visitor_for: VisitorFor, service: Service
) -> None:
    number = re.search(r"KW-[0-9A-Z-]+", visitor.open(begin(visitor)).text)
    assert number is not None
    far = visitor_for("interviewer_b")
    shown = far.open("/interviews/new")
    before = looks_at(service, "access.refused")
    done = far.send("/interviews/new", shown, case="existing", case_number=number[0], instrument="intake")
    assert done.status_code == 422
    assert 'href="#case_number"' in done.text
    assert looks_at(service, "access.refused") == before + 1


def test_a_form_sent_twice_begins_one_interview(visitor: Visitor) -> None:
    shown = visitor.open("/interviews/new")
    done = [
        visitor.send("/interviews/new", shown, case="new", instrument="intake").headers["location"]
        for _ in "ab"
    ]
    assert done[0] == done[1]


def test_filters_and_pages_of_the_list(visitor: Visitor) -> None:
    for _ in range(22):
        begin(visitor, "complaint")
    shown = visitor.open("/interviews")
    assert shown.text.count('class="rows__one"') == 20
    following = re.search(r'rel="next" href="([^"]+)"', shown.text)
    assert following is not None
    older = visitor.open(following[1].replace("&amp;", "&"))
    assert older.text.count('class="rows__one"') == 2
    assert "No interview like that" in visitor.open("/interviews?status=finished").text


@pytest.mark.parametrize("name", ["administrator", "auditor", "reviewer", "approver"])
def test_who_holds_no_interviews_sees_none(visitor_for: VisitorFor, name: str) -> None:
    home = begin(visitor_for("interviewer"))
    other = visitor_for(name)
    for address in ("/interviews", "/interviews/new", home, f"{home}/questions/pay_holder", f"{home}/check"):
        assert other.open(address).status_code == 403, address
    assert 'href="/interviews"' not in other.open("/start").text


@pytest.mark.parametrize("name", ["colleague", "interviewer_b", "supervisor_b"])
def test_what_is_out_of_reach_looks_as_if_it_were_not_there(visitor_for: VisitorFor, name: str) -> None:
    home = begin(visitor_for("interviewer"))
    other = visitor_for(name)
    for address in (home, f"{home}/sections/pay", f"{home}/questions/pay_holder", f"{home}/check"):
        assert other.open(address).status_code == 404, address


def test_no_form_changes_anything_without_the_pages_token(visitor: Visitor, service: Service) -> None:
    home = begin(visitor)
    for address, fields in {
        f"{home}/questions/pay_holder": {"pay_holder": "self", "follows.pay_holder": "", "nonce": "n"},
        f"{home}/sections/pay": {"pay_holder": "self", "follows.pay_holder": "", "nonce": "n"},
        f"{home}/pause": {"because": "rest", "version": "1"},
        f"{home}/finish": {"last_seq": "0"},
        f"{home}/end": {"because": "person_left", "version": "1"},
        "/interviews/new": {"case": "new", "instrument": "intake"},
    }.items():
        assert visitor.client.post(address, data=fields).status_code == 403, address
        assert visitor.client.post(address, data=fields, headers=HTMX).status_code == 403, address
    assert revisions(service, "pay_holder") == 0


def test_unknown_questions_and_sections_are_not_there(visitor: Visitor) -> None:
    home = begin(visitor)
    for address in (f"{home}/questions/nothing", f"{home}/sections/nothing", "/interviews/" + "0" * 32):
        assert visitor.open(address).status_code == 404


def test_looks_are_audited_and_nothing_said_is_in_the_audit(visitor: Visitor, service: Service) -> None:
    home = begin(visitor)
    answer(visitor, home, "own_account", own_account="written", own_account__text="MARKER-OF-A-PERSON")
    visitor.open(f"{home}/check")
    with service.work(SYSTEM, writes=False) as work:
        entries = list(work.session.query(AuditEntry))
        actions = {one.action for one in entries}
        assert {"interview.answers_read", "interview.live_read", "interview.answer"} <= actions
        assert not any("MARKER-OF-A-PERSON" in str(vars(one)) for one in entries)


def test_in_arabic_everything_is_in_arabic(visitor: Visitor) -> None:
    home = begin(visitor)
    visitor.client.get("/set/language/ar?to=/")
    save(visitor, home, "documents_holder", "employer")
    for address in (
        "/interviews",
        "/interviews/new",
        home,
        f"{home}/sections/papers",
        f"{home}/check",
        f"{home}/pause",
    ):
        text = visitor.open(address).text
        assert '<html lang="ar" dir="rtl"' in text
        # The card for the interpreter says it in the other language, and says so.
        text = re.sub(r'<details class="more not-printed">.*?</details>', "", text, flags=re.DOTALL)
        text = re.sub(r'<bdi dir="ltr">.*?</bdi>', "", text)
        said = re.sub(r"<(script|svg|dialog|head)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
        latin = set(re.findall(r"[A-Za-z]{3,}", said)) - {"English", "Esc", "Interviewer", "Site"}
        assert not latin, (address, latin)
