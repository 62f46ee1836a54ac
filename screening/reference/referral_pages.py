"""Where people can be sent: routes, and the directory of services with how old the knowledge of them is."""

from __future__ import annotations

from collections.abc import Iterator

from rules.models import Route, Service
from screening.offers import note_contact
from screening.phrases import say_both
from screening.reference.libraries import Library
from screening.reference.sheets import Page, Sheet, Slot, code, escape


def referral_pages(library: Library) -> Iterator[Page]:
    """Yield the routes and the directory."""
    yield Page("routes.md", say_both("reference.title.routes"), _write_routes)
    yield Page("directory.md", say_both("reference.title.directory"), _write_directory)


def _write_routes(sheet: Sheet) -> None:
    for name, route in sheet.library.routes.items():
        sheet.heading(2, sheet.text(route.label), name)
        sheet.field("id", code(name))
        sheet.item(sheet.say("recommendation.consent", text=say_both(f"consent.{route.consent}")))
        if route.consent_note is not None:
            sheet.item(sheet.say("describe.source.note", text=route.consent_note))
        if route.send is not None:
            sheet.item(sheet.say("recommendation.send", text=route.send))
        if route.never_send is not None:
            sheet.item(sheet.say("recommendation.never_send", text=route.never_send))
        _write_services(sheet, route)
        rules = sheet.library.concluded_by.get(("route", name), ())
        sheet.field("recommended_by", sheet.links("rule", rules))
        for citation in route.sources:
            sheet.cite(citation)


def _write_services(sheet: Sheet, route: Route) -> None:
    if not route.services:
        sheet.field("services", sheet.say("reference.none"))
        return
    sheet.opening("services")
    for service in route.services:
        sheet.item(sheet.labelled("service", service.service), 1)
        if service.eligible_when is not None:
            sheet.item(sheet.say("reference.eligible_when"), 2)
            sheet.tree(service.eligible_when, 3)


def _write_directory(sheet: Sheet) -> None:
    sheet.paragraph(sheet.say("reference.contacts_judged", date=sheet.library.as_of.isoformat()))
    for name, service in sheet.library.services.items():
        sheet.heading(2, sheet.text(service.name), name)
        sheet.field("id", code(name))
        sheet.field("what_it_does", service.what_it_does)
        sheet.field("who_can_be_sent", service.who_can_be_sent)
        sheet.field("how", service.how)
        if service.cautions is not None:
            sheet.field("cautions", service.cautions)
        sheet.field("last_confirmed", service.last_confirmed.isoformat())
        _write_contacts(sheet, service)
        routes = [
            route
            for route, one in sheet.library.routes.items()
            if name in {offered.service for offered in one.services}
        ]
        sheet.field("routes", sheet.links("route", routes))
        for citation in service.sources:
            sheet.cite(citation)


def _write_contacts(sheet: Sheet, service: Service) -> None:
    if not service.contacts:
        sheet.field("contacts", sheet.say("reference.none"))
        return
    sheet.opening("contacts")
    for contact in service.contacts:
        slots: dict[str, Slot] = {
            "kind": say_both(f"contact.kind.{contact.kind}"),
            "value": escape(contact.value),
            "confidence": say_both(f"confidence.{contact.confidence}"),
        }
        if contact.last_confirmed is None:
            line = sheet.say("contact.line.never", **slots)
        else:
            line = sheet.say("contact.line", date=contact.last_confirmed.isoformat(), **slots)
        sheet.item(line, 1)
        if contact.source is not None:
            sheet.field("source", sheet.labelled("source", contact.source), 2)
        warning = note_contact(contact, sheet.library.as_of).warning
        if warning is not None:
            sheet.item(sheet.say("reference.warning", text=warning), 2)
