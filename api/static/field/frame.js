// What stays around every screen: tools, what waits on this device, and the way out.

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
  const main = el("main", { id: "main", tabindex: "-1" });
  const foot = el("footer", { class: "foot" });
  let failed = false;

  const dress = () => {
    document.documentElement.lang = inLanguage();
    document.documentElement.dir = direction();
    document.title = say("app.name");
    const colours = localStorage.getItem(COLOURS);
    if (colours === null) delete document.documentElement.dataset.colours;
    else document.documentElement.dataset.colours = colours;
  };
  const isDark = () => {
    const chosen = document.documentElement.dataset.colours;
    return chosen === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
  };
  const showHead = () => {
    const dark = isDark();
    head.replaceChildren(
      el("a", { class: "skip", href: "#main" }, say("app.skip")),
      el("span", { class: "name" }, say("app.name")),
      el(
        "nav",
        { "aria-label": say("app.tools") },
        el(
          "button",
          {
            type: "button",
            class: "tool",
            lang: otherLanguage(),
            onclick: () => {
              changeLanguage();
              dress();
              form.show();
            },
          },
          say("app.language"),
        ),
        button(
          say(dark ? "app.light" : "app.dark"),
          () => {
            localStorage.setItem(COLOURS, dark ? "light" : "dark");
            dress();
            showHead();
          },
          "tool",
        ),
        form.isOpen ? button(say("app.lock"), () => form.lock(), "tool") : null,
        button(say("app.leave"), () => form.leave(), "tool leave"),
      ),
    );
    foot.replaceChildren(el("p", {}, say("app.recommends")), el("p", {}, say("app.escape")));
  };

  const showState = () => {
    const { unsent, unfinished, oldest } = form.waiting;
    const days = oldest === null ? 0 : Math.max(0, Math.floor((Date.now() - oldest) / DAY));
    const late = days >= form.limits.warn_days;
    state.setAttribute("aria-label", say("state.title"));
    state.classList.toggle("state--late", late);
    const { state: how } = form.sending;
    const said = ["sending", "offline", "sign_in", "failed"].includes(how) && unsent > 0 ? how : null;
    state.replaceChildren(
      el(
        "div",
        { role: "status" },
        failed ? el("p", { class: "alarm" }, say("app.failed")) : null,
        el("p", { class: "count", id: "count" }, unsent > 0 ? say("state.unsent", { count: unsent }) : say("state.none")),
        unfinished > 0 ? el("p", { id: "unfinished" }, say("state.unfinished", { count: unfinished })) : null,
        oldest === null ? null : el("p", { id: "oldest" }, days > 0 ? say("state.oldest", { count: days }) : say("state.oldest_today")),
        late ? el("p", { class: "alarm", id: "late" }, say("state.warn")) : null,
        said === null ? null : el("p", { id: "sending" }, say(`state.${said}`)),
        refusedOf(form),
        form.isOpen ? takenOf(form) : null,
        form.hasUpdate ? el("p", { id: "update" }, say("app.update")) : null,
      ),
      el(
        "div",
        { class: "buttons" },
        unsent > 0 && how !== "sending" ? button(say("state.send"), () => form.send(), "small") : null,
        said === "sign_in" ? el("a", { class: "button small", href: "/sign-in?to=/field" }, say("state.sign_in_link")) : null,
        form.hasUpdate ? button(say("app.update_now"), () => form.takeUpdate(), "small") : null,
      ),
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
      scrollTo(0, 0);
      (main.querySelector("[data-focus]") ?? main.querySelector("h1") ?? main).focus();
    },
    showState,
    showFailure() {
      failed = true;
      showState();
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
