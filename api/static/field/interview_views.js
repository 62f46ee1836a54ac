// The questions for one worker, one at a time, and what they come to.

import { hasValue, openCore } from "./assessing.js";
import { apart, button, el } from "./dom.js";
import { askQuestion } from "./questions.js";
import { StoreFailed } from "./store.js";
import { say, told } from "./words.js";
import { back } from "./visit_views.js";

const RESULTS = { refer: "result.refer", go_on: "result.go_on", unknown: "result.unknown" };
// The routes that wait least stand first.
const URGENCIES = ["now", "today", "soon", "when_ready"];
// Milliseconds in which a new screen takes no touch: the second half of a double touch would answer it.
const GUARD = 350;

/** The questions in order, each with its section; `shown` those that can apply or were answered all the same. */
function questionsOf(form, worker) {
  const { relevance } = form.assess(worker);
  const { sections } = form.program.data.instruments[form.bundle.instrument];
  const all = sections.flatMap((section) => section.questions.map((name) => ({ name, section })));
  const shown = all.filter(({ name }) => relevance[name] !== "cannot_apply" || hasValue(worker.answers[name]));
  return { all, shown, relevance };
}

export function interviewView(form) {
  const [visit, worker] = [form.visitHere(), form.workerHere()];
  if (worker?.answers === undefined) return [back(form, "ask.to_visit", { name: "visit", visit: visit.id })];
  const { data } = form.program;
  const { all, shown } = questionsOf(form, worker);
  const here = shown.find((one) => one.name === worker.question) ?? shown[0];
  const place = { visit: visit.id, worker: worker.id };
  const alarm = el("div", { role: "status", id: "urgent" });
  const saved = el("p", { role: "status", class: "saved", id: "saved" });
  const onward = el("div", { class: "buttons" });

  const goTo = async (name) => {
    worker.question = name;
    try {
      await form.save(visit);
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      saved.textContent = say("ask.not_saved");
      return;
    }
    form.show();
    guard();
  };
  const toResult = () => {
    form.go({ name: "result", ...place });
    guard();
  };
  // What was just answered may have opened or closed questions.
  const neighbour = (by) => {
    const names = questionsOf(form, worker).shown.map((one) => one.name);
    return names[names.indexOf(here.name) + by];
  };
  const next = () => {
    const name = neighbour(1);
    return name === undefined ? toResult() : goTo(name);
  };
  const refresh = () => {
    const { needs: found, relevance } = form.assess(worker);
    alarm.replaceChildren(...needs(found.now, "urgent.title", "alarm"));
    question.querySelector(".clash").hidden = !(relevance[here.name] === "cannot_apply" && hasValue(worker.answers[here.name]));
    const [before, after] = [neighbour(-1), neighbour(1)];
    onward.replaceChildren(
      ...[
        before === undefined ? null : button(say("ask.back"), () => goTo(before), "secondary"),
        button(say(after === undefined ? "ask.result" : "ask.next"), next, "onward"),
      ].filter(Boolean),
    );
  };
  /** Whether it was kept. */
  const change = async (answer) => {
    if (answer === undefined) delete worker.answers[here.name];
    else worker.answers[here.name] = answer;
    saved.textContent = "";
    refresh();
    try {
      await form.save(visit);
      saved.textContent = say("ask.saved");
      return true;
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      saved.textContent = say("ask.not_saved");
      return false;
    }
  };
  const question = askQuestion(
    here.name,
    data.questions[here.name],
    form.bundle.questions[here.name],
    worker.answers[here.name],
    change,
    next,
  );
  refresh();
  const isFirst = here === shown[0];
  return [
    el(
      "div",
      { class: "where" },
      button(say("ask.to_visit"), () => form.go({ name: "visit", visit: visit.id }), "link"),
      neighbour(1) === undefined ? null : button(say("ask.result"), toResult, "link"),
    ),
    el(
      "h1",
      { class: "place", tabindex: "-1" },
      `${say("visit.worker", { number: worker.position })} · ${told(here.section.title)} · `,
      apart(`${shown.indexOf(here) + 1}/${shown.length}`),
    ),
    el("progress", { max: shown.length, value: shown.indexOf(here) + 1, "aria-hidden": "true" }),
    alarm,
    isFirst ? el("p", { class: "hint" }, say("ask.touch")) : null,
    question,
    el("div", { class: "bar" }, saved, onward),
    listOf(form, worker, all, here, goTo),
  ].filter(Boolean);
}

/** Every question by section, to be gone to in any order. */
function listOf(form, worker, all, here, goTo) {
  const { data } = form.program;
  const rows = ({ name }) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "row", id: `to-${name}`, "aria-current": name === here.name ? "step" : null, onclick: () => goTo(name) },
        el("span", {}, told(data.questions[name].text)),
        name in worker.answers ? el("span", { class: "tag" }, say("ask.answered")) : null,
      ),
    );
  const list = el("div", {});
  const fill = (event) => {
    if (!event.target.open) return;
    const { shown } = questionsOf(form, worker);
    const sections = [...new Set(all.map((one) => one.section))];
    list.replaceChildren(
      ...sections.flatMap((section) => {
        const inside = shown.filter((one) => one.section === section);
        return inside.length === 0 ? [] : [el("h2", {}, told(section.title)), el("ol", { class: "list" }, inside.map(rows))];
      }),
    );
  };
  return el("details", { class: "every", ontoggle: fill }, el("summary", {}, say("ask.every")), list);
}

function guard() {
  const main = document.querySelector("main");
  main.classList.add("guarded");
  setTimeout(() => main.classList.remove("guarded"), GUARD);
}

export function resultView(form) {
  const [visit, worker] = [form.visitHere(), form.workerHere()];
  const { data } = form.program;
  const found = form.assess(worker);
  const { routes } = found.result;
  const open = openCore(form.program, form.bundle.instrument, worker.answers, found.relevance);
  const here = { name: "interview", visit: visit.id, worker: worker.id };
  const goTo = (name) => {
    worker.question = name;
    form.go(here);
  };
  let sealing = false;
  const seal = async () => {
    if (sealing) return;
    sealing = true;
    try {
      await form.finish(visit, worker);
    } finally {
      sealing = false;
    }
  };
  const ordered = Object.entries(routes).sort((one, other) => URGENCIES.indexOf(one[1]) - URGENCIES.indexOf(other[1]));
  const step = ([route, urgency]) =>
    el("li", {}, el("div", { class: "row" }, el("span", {}, told(data.routes[route].label)), el("span", { class: "tag" }, say(`result.${urgency}`))));
  const ask = (name) => el("li", {}, el("button", { type: "button", class: "row", onclick: () => goTo(name) }, el("span", {}, told(data.questions[name].text))));
  return [
    back(form, "result.back", here),
    el("h1", { tabindex: "-1" }, say("result.title")),
    needs(found.needs.now, "urgent.title", "alarm"),
    el("div", { class: `result result--${found.step}`, id: "result" }, el("h2", {}, say(RESULTS[found.step])), el("p", {}, say(`${RESULTS[found.step]}_what`))),
    needs(found.needs.ask_now, "urgent.ask", "note"),
    ordered.length === 0
      ? null
      : [
          el("h2", {}, say("result.steps")),
          el("ul", { class: "list", id: "routes" }, ordered.map(step)),
          el("p", { class: "hint" }, say("result.consent")),
        ],
    open.length === 0
      ? null
      : el("details", { id: "open", open: open.length <= 3 }, el("summary", {}, say("result.open", { count: open.length })), el("ul", { class: "list" }, open.map(ask))),
    el("p", { class: "note" }, say("result.seal_what")),
    el("div", { class: "buttons" }, button(say("result.seal"), seal, "wide"), button(say("result.back"), () => form.go(here), "secondary")),
  ]
    .flat(2)
    .filter(Boolean);
}

function needs(labels, title, kind) {
  if (labels.length === 0) return [];
  return [el("div", { class: kind }, el("h2", {}, say(title)), el("ul", {}, labels.map((label) => el("li", {}, told(label)))))];
}
