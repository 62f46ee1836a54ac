// Setting up and unlocking.

import { openBundle } from "./bundles.js";
import { button, el } from "./dom.js";
import { Unreached, fetchBundle } from "./service.js";
import { say } from "./words.js";

const heading = (id) => el("h1", { tabindex: "-1" }, say(id));

function passphraseField(id, label, hint, complete) {
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : null,
    el("input", {
      id,
      type: "password",
      autocomplete: complete,
      spellcheck: "false",
      dir: "auto",
      "aria-describedby": `${hint ? `${id}-hint ` : ""}fault`,
    }),
  );
}

export function setupView(form) {
  const place = el("div", {}, el("p", {}, say("app.loading")));
  const problem = (id, link) =>
    place.replaceChildren(
      el("p", { class: "note", role: "alert" }, say(id)),
      el(
        "div",
        { class: "buttons" },
        link ? el("a", { class: "button", href: "/sign-in?to=/field" }, say("state.sign_in_link")) : null,
        button(say("setup.again"), load, link ? "secondary" : ""),
      ),
    );
  async function load() {
    try {
      const bundle = await fetchBundle();
      await openBundle(bundle);
      place.replaceChildren(choose(bundle));
    } catch (error) {
      if (!(error instanceof Unreached)) throw error;
      problem(`setup.${error.why}`, error.why === "sign_in");
    }
  }
  function choose(bundle) {
    const letters = form.limits.passphrase_letters;
    const fault = el("p", { class: "fault", id: "fault", role: "alert" });
    const busy = el("p", { role: "status" });
    const submit = async (event) => {
      event.preventDefault();
      const [one, two] = ["passphrase", "repeat"].map((id) => document.getElementById(id).value);
      const wrong = [...one].length < letters ? "setup.short" : one !== two ? "setup.differ" : null;
      fault.textContent = wrong === null ? "" : say(wrong);
      if (wrong !== null) return document.getElementById(wrong === "setup.short" ? "passphrase" : "repeat").focus();
      busy.textContent = say("app.loading");
      try {
        await form.setUp(one, bundle);
      } finally {
        busy.textContent = "";
      }
    };
    return el(
      "form",
      { onsubmit: submit, novalidate: "" },
      fault,
      passphraseField("passphrase", say("setup.passphrase"), say("setup.passphrase_hint", { count: letters }), "new-password"),
      passphraseField("repeat", say("setup.repeat"), null, "new-password"),
      el("button", { class: "button" }, say("setup.done")),
      busy,
    );
  }
  load();
  return [heading("setup.title"), el("p", {}, say("setup.what")), el("p", { class: "note" }, say("setup.install")), place];
}

/** Nothing can be read or written: a private window, a device that forbids it, a store that is broken. */
export function brokenView(form) {
  return [
    heading("broken.title"),
    el("p", {}, say("broken.what")),
    el("div", { class: "buttons" }, button(say("setup.again"), () => form.lookAgain())),
  ];
}

export function lockedView(form) {
  const fault = el("p", { class: "fault", id: "fault", role: "alert" });
  const busy = el("p", { role: "status" });
  const field = passphraseField("passphrase", say("setup.passphrase"), null, "current-password");
  const submit = async (event) => {
    event.preventDefault();
    const input = field.querySelector("input");
    fault.textContent = "";
    busy.textContent = say("app.loading");
    const opened = await form.unlock(input.value).finally(() => {
      busy.textContent = "";
    });
    if (opened) return;
    fault.textContent = say("lock.wrong");
    input.value = "";
    input.focus();
  };
  const anew = el("div", {});
  // Looked at when it is opened: meanwhile everything may have been sent.
  const showAnew = () =>
    anew.replaceChildren(
      form.waiting.unsent > 0 ? el("p", {}, say("lock.send_first")) : button(say("lock.anew"), () => form.forget(), "warning"),
    );
  return [
    heading("lock.title"),
    el("form", { onsubmit: submit, novalidate: "" }, fault, field, el("button", { class: "button" }, say("lock.open")), busy),
    el("details", { ontoggle: showAnew }, el("summary", {}, say("lock.forgotten")), el("p", {}, say("lock.forgotten_what")), anew),
  ];
}
