// Says in words whether the last change arrived. The words stand in the page, in the reader's language.

// The arrow keys go through choices on the way to one: what is passed over was never said. Saving waits until
// they rest. What is chosen with a pointer is saved at once.
const REST_MILLISECONDS = 300;

export function watchSaving(root) {
  let keys = false;
  const waiting = new WeakMap();
  root.addEventListener("keydown", () => (keys = true), true);
  root.addEventListener("pointerdown", () => (keys = false), true);
  root.addEventListener("change", (event) => {
    const form = event.target instanceof Element ? event.target.closest("[data-autosave]") : null;
    if (!form) return;
    clearTimeout(waiting.get(form));
    // A text is done when something else is pressed: what moved on the page before the finger is up again would
    // take the button away from under it.
    const chosen = event.target.type === "radio" || event.target.type === "checkbox";
    if (chosen && !keys) save(form);
    else waiting.set(form, setTimeout(save, REST_MILLISECONDS, form));
  });

  function save(form) {
    form.dispatchEvent(new CustomEvent("save", { bubbles: true }));
  }

  // What was typed and has not arrived: the session's warning saves it, and only it.
  root.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest("[data-autosave]") : null;
    if (form) form.dataset.unsaved = "";
  });
  root.addEventListener("htmx:beforeRequest", (event) => say(event, "saving"));
  root.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = event.detail;
    // Some of it waits for a person: a mistake, or somebody else's answer to the same question.
    if (successful) say(event, xhr.getResponseHeader("X-Saved") === "look" ? "look" : "saved");
    else say(event, "failed");
  });
  // A button of the form sends everything by itself.
  root.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    clearTimeout(waiting.get(event.target));
    forget(event.target);
  });
  // Whoever leaves before the last choice has arrived has still made it: the browser ends what is under way,
  // and the server saves the same form once.
  window.addEventListener("pagehide", () => {
    for (const form of root.querySelectorAll("form[data-autosave]")) {
      if (!("unsaved" in form.dataset || "sending" in form.dataset)) continue;
      forget(form);
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true, redirect: "manual" });
    }
  });

  function forget(form) {
    delete form.dataset.unsaved;
    delete form.dataset.sending;
  }

  function say(event, what) {
    const form = event.target instanceof Element ? event.target.closest("[data-autosave]") : null;
    const line = form && root.getElementById(form.dataset.autosave);
    if (!line) return;
    line.textContent = line.dataset[what];
    const missing = what === "failed" || what === "look";
    line.classList.toggle("saved--failed", missing);
    if (what === "saving") {
      delete form.dataset.unsaved;
      form.dataset.sending = "";
    } else {
      delete form.dataset.sending;
    }
    if (missing) form.dataset.unsaved = "";
  }
}
