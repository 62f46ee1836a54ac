// The questions for one worker, and what they come to.

import { hasValue, openCore } from "./assessing.js";
import { button, el } from "./dom.js";
import { askQuestion } from "./questions.js";
import { say, told } from "./words.js";
import { back } from "./visit_views.js";

const RESULTS = { refer: "result.refer", go_on: "result.go_on", unknown: "result.unknown" };
// The routes that wait least stand first.
const URGENCIES = ["now", "today", "soon", "when_ready"];

export function interviewView(form) {
  const [visit, worker] = [form.visitHere(), form.workerHere()];
  if (worker?.answers === undefined) return [back(form, "ask.to_visit", { name: "visit", visit: visit.id })];
  const { data } = form.program;
  const sections = data.instruments[form.bundle.instrument].sections;
  const section = sections[worker.part];
  const alarm = el("div", { role: "status", id: "urgent" });
  const saved = el("p", { role: "status", class: "saved", id: "saved" });
  const asked = new Map();
  const here = { visit: visit.id, worker: worker.id };

  const refresh = () => {
    const found = form.assess(worker);
    alarm.replaceChildren(...needs(found.needs.now, "urgent.title", "alarm"));
    for (const [name, shown] of asked) {
      const cannot = found.relevance[name] === "cannot_apply";
      shown.hidden = cannot && !hasValue(worker.answers[name]);
      shown.querySelector(".clash").hidden = !(cannot && hasValue(worker.answers[name]));
    }
  };
  const change = (name) => async (answer) => {
    if (answer === undefined) delete worker.answers[name];
    else worker.answers[name] = answer;
    saved.textContent = "";
    refresh();
    try {
      await form.save(visit);
      saved.textContent = say("ask.saved");
    } catch {
      saved.textContent = say("ask.not_saved");
    }
  };
  for (const name of section.questions) {
    const question = askQuestion(name, data.questions[name], form.bundle.questions[name], worker.answers[name], change(name));
    asked.set(name, question);
  }
  refresh();
  const turn = async (by) => {
    worker.part += by;
    await form.save(visit);
    form.show();
  };
  const isLast = worker.part === sections.length - 1;
  return [
    back(form, "ask.to_visit", { name: "visit", visit: visit.id }),
    el("p", { class: "hint" }, `${say("visit.worker", { number: worker.position })} · ${say("ask.part", { part: worker.part + 1, parts: sections.length })}`),
    el("h1", { tabindex: "-1" }, told(section.title)),
    alarm,
    [...asked.values()],
    saved,
    el(
      "div",
      { class: "buttons" },
      isLast ? null : button(say("ask.next"), () => turn(1)),
      button(say("ask.result"), () => form.go({ name: "result", ...here }), isLast ? "" : "secondary"),
      worker.part === 0 ? null : button(say("ask.back"), () => turn(-1), "secondary"),
    ),
  ].flat();
}

export function resultView(form) {
  const [visit, worker] = [form.visitHere(), form.workerHere()];
  const { data } = form.program;
  const found = form.assess(worker);
  const { routes } = found.result;
  const open = openCore(form.program, form.bundle.instrument, worker.answers, found.relevance);
  const here = { name: "interview", visit: visit.id, worker: worker.id };
  const goTo = (name) => {
    const { sections } = data.instruments[form.bundle.instrument];
    worker.part = sections.findIndex((section) => section.questions.includes(name));
    form.go(here);
    document.getElementById(`question-${name}`).focus();
  };
  let sealing = false;
  const seal = async () => {
    if (sealing) return;
    sealing = true;
    await form.finish(visit, worker);
  };
  const ordered = Object.entries(routes).sort((one, other) => URGENCIES.indexOf(one[1]) - URGENCIES.indexOf(other[1]));
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
          el("ul", { class: "list", id: "routes" }, ordered.map(([route, urgency]) => el("li", {}, el("div", { class: "row" }, el("span", {}, told(data.routes[route].label)), el("span", { class: "tag" }, say(`result.${urgency}`)))))),
          el("p", { class: "hint" }, say("result.consent")),
        ],
    open.length === 0
      ? null
      : [
          el("h2", {}, say("result.open")),
          el("ul", { class: "list", id: "open" }, open.map((name) => el("li", {}, el("button", { type: "button", class: "row", onclick: () => goTo(name) }, told(data.questions[name].text))))),
        ],
    el("p", { class: "note" }, say("result.seal_what")),
    el("div", { class: "buttons" }, button(say("result.seal"), seal), button(say("result.back"), () => form.go(here), "secondary")),
  ]
    .flat(2)
    .filter(Boolean);
}

function needs(labels, title, kind) {
  if (labels.length === 0) return [];
  return [el("div", { class: kind }, el("h2", {}, say(title)), el("ul", {}, labels.map((label) => el("li", {}, told(label)))))];
}
