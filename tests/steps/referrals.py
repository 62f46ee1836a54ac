"""What a result recommends: routes with urgency and consent, services, and needs that cannot wait."""

from __future__ import annotations

from pytest_bdd import parsers, then

from screening.result_models import Recommendation, ServiceOffer
from tests.steps import names
from tests.steps.cells import Table, column, split_list
from tests.steps.findings import ID, NAMED
from tests.steps.scenes import Scene


def recommended(scene: Scene, route: str) -> Recommendation:
    """Return the recommendation of a route; a route that is not recommended fails."""
    wanted = names.route(scene.rules, route)
    found = {item.route: item for item in scene.result.recommendations}
    assert wanted in found, f"`{wanted}` is not among {sorted(found)}"
    return found[wanted]


# Routes


@then("these routes are recommended")
@then("يوصى بهذه المسارات")
def check_routes(scene: Scene, datatable: Table) -> None:
    """A row is a route, and if given its urgency and the consent it needs."""
    for route, *more in datatable:
        found = recommended(scene, route)
        if more:
            assert found.urgency == names.urgency(more[0]), (found.route, found.urgency)
        if len(more) > 1:
            assert found.consent == names.consent(more[1]), (found.route, found.consent)


@then(parsers.re(rf"the route (?P<route>{ID}) is recommended (?P<urgency>now|today|soon|when_ready)"))
def check_route_with_urgency(scene: Scene, route: str, urgency: str) -> None:
    assert recommended(scene, route).urgency == urgency


@then(parsers.re(rf"the route (?P<route>{ID}) is recommended"))
@then(parsers.re(rf"يوصى بمسار «(?P<route>{NAMED})»"))
def check_route(scene: Scene, route: str) -> None:
    recommended(scene, route)


@then("these routes are not recommended")
@then("لا يوصى بهذه المسارات")
def check_no_routes(scene: Scene, datatable: Table) -> None:
    unwanted = {names.route(scene.rules, text) for text in column(datatable)}
    assert not unwanted & {item.route for item in scene.result.recommendations}


@then(parsers.re(rf"the route (?P<route>{ID}) is not recommended"))
@then(parsers.re(rf"لا يوصى بمسار «(?P<route>{NAMED})»"))
def check_no_route(scene: Scene, route: str) -> None:
    assert names.route(scene.rules, route) not in {item.route for item in scene.result.recommendations}


@then(parsers.re(r"the only routes are (?P<routes>.+)"))
def check_only_routes(scene: Scene, routes: str) -> None:
    expected = {names.route(scene.rules, text) for text in split_list(routes)}
    assert {item.route for item in scene.result.recommendations} == expected


@then(parsers.re(rf"the routes? (?P<first>{ID}) stands? before the route (?P<second>{ID})"))
def check_order_of_routes(scene: Scene, first: str, second: str) -> None:
    order = [item.route for item in scene.result.recommendations]
    assert order.index(names.route(scene.rules, first)) < order.index(names.route(scene.rules, second)), order


@then("the routes are the same as before")
@then("تبقى المسارات كما كانت")
def check_same_routes(scene: Scene) -> None:
    before, after = (
        [(item.route, item.urgency, item.consent) for item in result.recommendations]
        for result in (scene.before, scene.result)
    )
    assert before == after
    assert after, "no route at all would also be the same"


# Consent


@then(parsers.re(rf"the route (?P<route>{ID}) asks for consent as (?P<consent>\w+)"))
def check_consent(scene: Scene, route: str, consent: str) -> None:
    found = recommended(scene, route)
    assert found.consent == consent
    assert found.consent_sentence.en
    assert found.consent_sentence.ar


@then(parsers.re(rf"the exception of the route (?P<route>{ID}) is explained beforehand, in both languages"))
@then(parsers.re(rf"يُشرح استثناء مسار «(?P<route>{NAMED})» مسبقاً باللغتين"))
def check_exception_explained(scene: Scene, route: str) -> None:
    found = recommended(scene, route)
    assert found.consent in ("required_unless_child", "required_unless_danger", "explain_duty")
    assert found.consent_note is not None
    assert "beforehand" in found.consent_sentence.en or "before the person" in found.consent_sentence.en
    assert "مسبقاً" in found.consent_sentence.ar or "قبل أن" in found.consent_sentence.ar
    assert found.consent_note.ar != found.consent_note.en


@then(parsers.re(rf"the note on consent of the route (?P<route>{ID}) says \"(?P<words>[^\"]+)\""))
def check_consent_note(scene: Scene, route: str, words: str) -> None:
    note = recommended(scene, route).consent_note
    assert note is not None
    assert words in note.en, note.en


@then(parsers.re(rf"يقول شرح الموافقة لمسار «(?P<route>{NAMED})»: «(?P<words>{NAMED})»"))
def check_consent_note_in_arabic(scene: Scene, route: str, words: str) -> None:
    note = recommended(scene, route).consent_note
    assert note is not None
    assert words in note.ar, note.ar


@then(parsers.re(rf"the route (?P<route>{ID}) never sends \"(?P<words>[^\"]+)\""))
def check_never_send(scene: Scene, route: str, words: str) -> None:
    never = recommended(scene, route).never_send
    assert never is not None
    assert words in never.en, never.en


@then(parsers.re(rf"لا يُرسل عبر مسار «(?P<route>{NAMED})» ما يلي: «(?P<words>{NAMED})»"))
def check_never_send_in_arabic(scene: Scene, route: str, words: str) -> None:
    never = recommended(scene, route).never_send
    assert never is not None
    assert words in never.ar, never.ar


# Services


@then(
    parsers.re(
        rf"the service (?P<service>\w+) of the route (?P<route>{ID}) is (?P<state>met|not_known|not_met)"
    )
)
def check_service(scene: Scene, service: str, route: str, state: str) -> None:
    offers = {one.service: one.eligibility for one in recommended(scene, route).services}
    assert service in offers, sorted(offers)
    assert offers[service] == state


@then(parsers.re(rf"تتوفر للشخص عبر مسار «(?P<route>{NAMED})» الخدمة «(?P<service>{NAMED})»"))
def check_service_in_arabic(scene: Scene, route: str, service: str) -> None:
    offers = {one.service: one.eligibility for one in recommended(scene, route).services}
    assert offers.get(names.service(scene.rules, service)) == "met", offers


@then(parsers.re(rf"لا تُعرض عبر مسار «(?P<route>{NAMED})» الخدمة «(?P<service>{NAMED})»"))
def check_no_service_in_arabic(scene: Scene, route: str, service: str) -> None:
    offers = {one.service: one.eligibility for one in recommended(scene, route).services}
    assert offers.get(names.service(scene.rules, service)) == "not_met", offers


@then(parsers.re(rf"the route (?P<route>{ID}) offers only (?P<services>.+)"))
def check_only_services(scene: Scene, route: str, services: str) -> None:
    offered = [one.service for one in recommended(scene, route).services if one.eligibility == "met"]
    assert sorted(offered) == sorted(split_list(services))


@then(parsers.re(rf"the service (?P<service>\w+) of the route (?P<route>{ID}) waits for (?P<questions>.+)"))
def check_service_waits(scene: Scene, service: str, route: str, questions: str) -> None:
    offer = next(one for one in recommended(scene, route).services if one.service == service)
    assert offer.eligibility == "not_known"
    assert sorted(offer.waits_for) == sorted(split_list(questions))


@then(parsers.re(r"the service (?P<service>\w+) is reached by \"(?P<value>[^\"]+)\""))
def check_contact(scene: Scene, service: str, value: str) -> None:
    assert value in [one.value for one in offer_of(scene, service).contacts]


@then(parsers.re(r"the service (?P<service>\w+) warns that \"(?P<words>[^\"]+)\""))
def check_caution(scene: Scene, service: str, words: str) -> None:
    cautions = offer_of(scene, service).cautions
    assert cautions is not None
    assert words in cautions.en, cautions.en


@then(parsers.re(rf"the contacts of the route (?P<route>{ID}) that are older than a year carry a warning"))
def check_old_contacts(scene: Scene, route: str) -> None:
    contacts = [one for offer in recommended(scene, route).services for one in offer.contacts]
    old = [one for one in contacts if one.last_confirmed is None or one.last_confirmed < "2025-11-01"]
    assert old
    assert [one.value for one in contacts if one.warning is not None] == [one.value for one in old]


def offer_of(scene: Scene, service: str) -> ServiceOffer:
    """Return a service that a recommended route leads to."""
    offers = [one for item in scene.result.recommendations for one in item.services]
    return next(one for one in offers if one.service == service)


# Needs


@then("what cannot wait is")
@then("ما لا يحتمل الانتظار هو")
def check_urgent(scene: Scene, datatable: Table) -> None:
    """Every need that is shown, in the order in which the result tells them."""
    expected = [(names.need(scene.rules, need), names.level(level)) for need, level in datatable]
    assert [(item.need, item.level) for item in scene.result.urgent] == expected


@then(parsers.re(r"the need (?P<need>\w+) is (?P<level>now|ask_now)"))
def check_need(scene: Scene, need: str, level: str) -> None:
    shown = {item.need: item.level for item in scene.result.urgent}
    assert shown.get(names.need(scene.rules, need)) == level, shown


@then(parsers.re(rf"تكون الحاجة «(?P<need>{NAMED})» (?P<level>الآن|يُسأل عنها اليوم)"))
def check_need_in_arabic(scene: Scene, need: str, level: str) -> None:
    shown = {item.need: item.level for item in scene.result.urgent}
    assert shown.get(names.need(scene.rules, need)) == names.level(level), shown


@then(parsers.re(r"no need is shown"))
def check_no_need(scene: Scene) -> None:
    assert scene.result.urgent == ()
    assert scene.result.needs_to_ask, "not shown must not mean ruled out here"


@then(parsers.re(r"the need (?P<need>\w+) is still to be asked, by (?P<questions>.+)"))
def check_need_to_ask(scene: Scene, need: str, questions: str) -> None:
    open_needs = {item.need: item.open_questions for item in scene.result.needs_to_ask}
    assert need in open_needs, sorted(open_needs)
    assert set(split_list(questions)) <= set(open_needs[need]), open_needs[need]


@then(parsers.re(r"the need (?P<need>\w+) is ruled out"))
def check_need_ruled_out(scene: Scene, need: str) -> None:
    names.need(scene.rules, need)
    assert need not in {item.need for item in scene.result.urgent}
    assert need not in {item.need for item in scene.result.needs_to_ask}
