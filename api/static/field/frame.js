// What stays around every screen: tools, what waits on this device, and the way out.

import { choose, chosen } from "./choices.js";
import { apart, button, el } from "./dom.js";
import { changeLanguage, direction, inLanguage, otherLanguage, say } from "./words.js";

const DAY = 86_400_000;
const COLOURS = "daftar.colours";
const ESCAPES = 3;
const QUICKLY = 1500;

/** The frame of the form: `show(view)`, `showState()`, `showFailure()`. */
export function frame(root, form) {
  const head = el("header", { class: "head" });
  const state = el("section", { class: "state", id: "state" });
  const failure = el("div", { role: "alert" });
  const spoken = el("div", { role: "status" });
  const notes = el("div", {});
  state.append(failure, spoken, notes);
  const main = el("main", { id: "main", tabindex: "-1" });
  const foot = el("footer", { class: "foot" });
  // `full`, `unwritten`, `failed`, or null.
  let failed = null;

  const dress = () => {
    document.documentElement.lang = inLanguage();
    document.documentElement.dir = direction();
    document.title = say("app.name");
  };
  const colours = chosen(COLOURS);
  if (colours !== null) document.documentElement.dataset.colours = colours;
  const isDark = () => {
    const { colours } = document.documentElement.dataset;
    return colours === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : colours === "dark";
  };
  const tool = (text, onclick, more = {}) => el("button", { type: "button", class: "tool", onclick, ...more }, text);
  const showHead = () => {
    const changeWords = () => {
      changeLanguage();
      dress();
      form.show();
    };
    const changeColours = () => {
      document.documentElement.dataset.colours = isDark() ? "light" : "dark";
      choose(COLOURS, document.documentElement.dataset.colours);
      showHead();
      foot.querySelector("button").focus();
    };
    head.replaceChildren(
      el("a", { class: "skip", href: "#main" }, say("app.skip")),
      el(
        "nav",
        { "aria-label": say("app.tools") },
        el("span", { class: "name" }, say("app.name")),
        tool(say("app.language"), changeWords, { lang: otherLanguage() }),
        form.isOpen ? tool(say("app.lock"), () => form.lock()) : null,
        tool(say("app.leave"), () => form.leave(), { class: "tool leave" }),
      ),
    );
    foot.replaceChildren(
      el("p", {}, say("app.recommends")),
      el("p", {}, say("app.escape")),
      tool(say(isDark() ? "app.light" : "app.dark"), changeColours),
    );
  };

  const countsOf = ({ unsent, unfinished, oldest }, days) => [
    el(
      "p",
      { class: "counts" },
      el("span", { class: "count", id: "count" }, unsent > 0 ? say("state.unsent", { count: unsent }) : say("state.none")),
      unfinished > 0 ? [" ", el("span", { id: "unfinished" }, say("state.unfinished", { count: unfinished }))] : null,
      days > 0 && oldest !== null ? [" ", el("span", { id: "oldest" }, say("state.oldest", { count: days }))] : null,
    ),
  ];

  const showState = () => {
    const waiting = form.waiting;
    const unsent = waiting?.unsent ?? 0;
    const oldest = waiting?.oldest ?? null;
    const days = oldest === null ? 0 : Math.max(0, Math.floor((Date.now() - oldest) / DAY));
    const late = days >= form.limits.warn_days;
    state.setAttribute("aria-label", say("state.title"));
    state.classList.toggle("state--late", late);
    const { state: how } = form.sending;
    const said = ["sending", "offline", "sign_in", "failed"].includes(how) && unsent > 0 ? how : null;
    // Spoken when it changes, and only what changes.
    spoken.replaceChildren(
      ...[
        waiting === null ? el("p", { id: "count" }, say("state.unread")) : countsOf(waiting, days),
        said === null ? null : el("p", { id: "sending" }, say(`state.${said}`)),
        refusedOf(form),
        form.isOpen ? takenOf(form) : null,
      ]
        .flat()
        .filter(Boolean),
    );
    failure.replaceChildren(...(failed === null ? [] : [el("p", { class: "alarm", id: "failed" }, say(`app.${failed}`))]));
    notes.replaceChildren(
      ...[
        late ? el("p", { class: "alarm", id: "late" }, say("state.warn")) : null,
        form.clockIsOff ? el("p", { id: "clock" }, say("state.clock")) : null,
        form.isSetUp && !form.isKept ? el("p", { id: "unready" }, say("state.unready")) : null,
        form.hasUpdate ? el("p", { id: "update" }, say("app.update")) : null,
        el(
          "div",
          { class: "buttons" },
          unsent > 0 && how !== "sending" ? button(say("state.send"), () => form.send(), "small") : null,
          said === "sign_in" ? el("a", { class: "button small", href: "/sign-in?to=/field" }, say("state.sign_in_link")) : null,
          form.hasUpdate ? button(say("app.update_now"), () => form.takeUpdate(), "small secondary") : null,
        ),
      ].filter(Boolean),
    );
  };

  let escapes = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    escapes = [...escapes.filter((at) => event.timeStamp - at < QUICKLY), event.timeStamp];
    if (escapes.length >= ESCAPES) form.leave();
  });

  dress();
  root.replaceChildren(head, state, main, foot);
  return {
    show(view, focus) {
      showHead();
      showState();
      main.replaceChildren(...[view].flat());
      if (!focus) return;
      (main.querySelector("[data-focus]") ?? main.querySelector("h1") ?? main).focus({ preventScroll: true });
      scrollTo(0, 0);
    },
    showState,
    /** Say that something was not kept (`full`, `unwritten`) or went wrong (`failed`). */
    showFailure(why) {
      failed = why;
      showState();
      state.scrollIntoView({ block: "nearest" });
    },
    /** A device that writes again is no failure any more; a fault of the form stays one. */
    forgetFailure() {
      if (failed !== "failed") failed = null;
    },
  };
}

function refusedOf(form) {
  const { refused } = form.sending;
  if (refused.length === 0 || form.waiting.unsent === 0) return null;
  const lines = refused.map(({ problem }) => el("li", {}, apart(problem.code), " ", problem.title, " ", problem.detail));
  return el("div", { id: "refused" }, el("p", {}, say("state.refused")), el("ul", {}, lines));
}

function takenOf(form) {
  const { taken } = form.sending;
  if (taken.length === 0) return null;
  const workers = new Map(form.visits.flatMap((visit) => visit.workers).map((one) => [one.id, one.position]));
  const lines = taken.map((one) =>
    el(
      "li",
      {},
      workers.has(one.id) ? `${say("visit.worker", { number: workers.get(one.id) })}: ` : null,
      apart(one.case_number),
      one.differs ? ` ${say("state.sent_differs")}` : null,
      one.waits ? ` ${say("state.sent_waits")}` : null,
    ),
  );
  return el("div", { id: "taken" }, el("p", {}, say("state.sent")), el("ul", {}, lines));
}
