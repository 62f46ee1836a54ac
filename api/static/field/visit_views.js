// Visits, and the workers of one.

import { apart, button, el } from "./dom.js";
import { say, told } from "./words.js";

const heading = (...inside) => el("h1", { tabindex: "-1" }, inside);
const KINDS = ["company", "household", "other"];
const NUMBER_KINDS = ["code", "register"];

const nameOf = (visit) => (visit.number ? apart(visit.number) : say("visit.unnumbered"));

export function homeView(form) {
  const { digest, revision } = form.bundle.program;
  const number = revision === null ? say("home.draft") : say("home.revision", { number: revision });
  const renewed = el("p", { role: "status", id: "renewed" });
  const renew = async () => {
    const came = await form.renew();
    const words = { later: "home.anew_later", done: "home.anew_done", failed: "home.anew_failed", other_account: "home.other_account" };
    renewed.textContent = say(words[came]);
  };
  const visits = form.visits.map((visit) =>
    el("li", {}, el("button", { type: "button", class: "row", onclick: () => form.go({ name: "visit", visit: visit.id }) }, el("span", {}, nameOf(visit)), el("span", { class: "tag" }, String(visit.workers.length)))),
  );
  return [
    heading(say("home.title")),
    visits.length > 0 ? el("ul", { class: "list" }, visits) : el("p", {}, say("home.none")),
    el("div", { class: "buttons" }, button(say("home.new"), () => form.go({ name: "new_visit" }))),
    form.rulesAreOld ? el("p", { class: "note", id: "old-rules" }, say("home.old")) : null,
    el("p", { class: "hint" }, say("home.rules", { revision: number, digest: digest.slice(7, 19) })),
    el("div", { class: "buttons" }, button(say("home.anew"), renew, "secondary")),
    renewed,
  ].filter(Boolean);
}

function radios(name, legend, options, chosen) {
  return el(
    "fieldset",
    {},
    el("legend", {}, legend),
    el(
      "div",
      { class: "choices" },
      options.map(([value, text]) =>
        el("div", { class: "choice" }, el("input", { type: "radio", id: `${name}-${value}`, name, value, autocomplete: "off", checked: value === chosen }), el("label", { for: `${name}-${value}` }, text)),
      ),
    ),
  );
}

export function newVisitView(form) {
  const { sites } = form.bundle;
  const fault = el("p", { class: "fault", id: "fault", role: "alert" });
  const begin = once(async (event) => {
    const sent = new FormData(event.target);
    fault.textContent = sent.has("workplace_kind") ? "" : say("visit.kind_missing");
    if (fault.textContent !== "") return document.getElementById(`workplace_kind-${KINDS[0]}`).focus();
    await form.beginVisit({
      site: sent.get("site") ?? sites[0].id,
      workplace_kind: sent.get("workplace_kind"),
      number_kind: sent.get("number_kind"),
      number: sent.get("number").trim(),
    });
  });
  const submit = (event) => {
    event.preventDefault();
    return begin(event);
  };
  return [
    back(form, "visit.back", { name: "home" }),
    heading(say("visit.new")),
    el(
      "form",
      { onsubmit: submit, novalidate: "" },
      sites.length > 1 ? radios("site", say("visit.site"), sites.map((one) => [one.id, told(one.name)]), sites[0].id) : null,
      radios("workplace_kind", say("visit.kind"), KINDS.map((one) => [one, say(`visit.${one}`)]), null),
      fault,
      radios("number_kind", say("visit.number_kind"), NUMBER_KINDS.map((one) => [one, say(`visit.${one}`)]), NUMBER_KINDS[1]),
      el(
        "div",
        { class: "field" },
        el("label", { for: "number" }, say("visit.number")),
        el("p", { class: "hint", id: "number-hint" }, say("visit.number_hint")),
        el("input", { id: "number", name: "number", dir: "ltr", maxlength: "40", autocomplete: "off", spellcheck: "false", "aria-describedby": "number-hint" }),
      ),
      el("button", { class: "button wide" }, say("visit.begin")),
    ),
  ];
}

export function visitView(form) {
  const visit = form.visitHere();
  const isBegun = (worker) => worker.answers !== undefined;
  const rows = visit.workers.map((worker) => {
    const status = isBegun(worker) ? "visit.open" : form.unsent.has(worker.id) ? "visit.sealed" : "visit.sent";
    const name = say("visit.worker", { number: worker.position });
    const inside = [el("span", {}, name), el("span", { class: "tag" }, say(status))];
    const open = () => form.go({ name: "interview", visit: visit.id, worker: worker.id });
    return el("li", {}, isBegun(worker) ? el("button", { type: "button", class: "row", onclick: open }, inside) : el("div", { class: "row" }, inside));
  });
  const canEnd = !visit.workers.some(isBegun);
  return [
    back(form, "visit.back", { name: "home" }),
    heading(`${say("visit.title")} `, nameOf(visit)),
    visit.ended ? el("p", { class: "note" }, say("visit.ended")) : el("p", { class: "note" }, say("visit.how")),
    visit.ended ? null : el("div", { class: "buttons" }, button(say("visit.add"), once(() => form.addWorker(visit)), "wide")),
    // The newest stands first: with ten of them that is the one that is looked for.
    rows.length > 0 ? [el("h2", {}, say("visit.workers")), el("ul", { class: "list" }, rows.reverse())] : null,
    visit.ended || !canEnd ? null : el("div", { class: "buttons" }, button(say("visit.end"), once(() => form.endVisit(visit)), "secondary")),
    visit.ended ? null : el("p", { class: "hint" }, say(canEnd ? "visit.end_what" : "visit.finish_first")),
  ].flat().filter(Boolean);
}

/** A second touch while the first is still at work does nothing; one after a failure tries again. */
function once(work) {
  let running = false;
  return async (event) => {
    if (running) return;
    running = true;
    try {
      await work(event);
    } finally {
      running = false;
    }
  };
}

export function back(form, id, place) {
  return el("p", { class: "back" }, button(say(id), () => form.go(place), "link"));
}
