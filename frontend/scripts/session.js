// Warns before a session ends. What is typed is saved before, and stays on the page after: signing in
// again happens in another tab, and this one goes on where it was, with the token of the new session –
// if the same person signed in.

export function watchSession(root, privacy) {
  const dialog = root.querySelector("[data-session]");
  if (!dialog) return;
  const lasts = Number(dialog.dataset.seconds) * 1000;
  const warns = Number(dialog.dataset.warn) * 1000;
  const others = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let ends = Date.now() + lasts;

  function reset() {
    ends = Date.now() + lasts;
    if (dialog.open) dialog.close();
    showPart("warning");
  }

  function showPart(name) {
    for (const part of dialog.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
  }

  function open(part) {
    showPart(part);
    if (!dialog.open) dialog.showModal();
    dialog.querySelector(`[data-part="${part}"] [data-first]`)?.focus();
  }

  function kept() {
    reset();
    tell();
  }

  function tell() {
    others?.postMessage({ who: dialog.dataset.who, csrf: dialog.dataset.csrf });
  }

  function hear({ data }) {
    if (data?.who !== dialog.dataset.who) return;
    dialog.dataset.csrf = data.csrf;
    for (const field of root.querySelectorAll('input[name="_csrf"]')) field.value = data.csrf;
    if (root.body.hasAttribute("hx-headers")) {
      root.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": data.csrf }));
    }
    reset();
  }

  async function keep() {
    try {
      const response = await fetch(dialog.dataset.keep, {
        method: "POST",
        headers: { "X-CSRF-Token": dialog.dataset.csrf ?? "" },
        redirect: "error",
      });
      if (response.ok) kept();
      else end();
    } catch {
      open("unreachable");
    }
  }

  function end() {
    ends = 0;
    privacy.hide();
    if (dialog.open) dialog.close();
    open("ended");
  }

  // A page that says the session goes on says it to the tabs that wait for it.
  tell();
  others?.addEventListener("message", hear);
  root.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) kept();
  });
  for (const button of dialog.querySelectorAll("[data-keep-button]")) button.addEventListener("click", keep);
  dialog.addEventListener("cancel", (event) => event.preventDefault());

  let warned = false;
  setInterval(() => {
    const left = ends - Date.now();
    if (left > warns) {
      warned = false;
    } else if (left <= 0 && ends > 0) {
      end();
    } else if (!warned && ends > 0) {
      warned = true;
      // Only what has not arrived yet: a request that nobody made must not keep a session alive.
      for (const form of root.querySelectorAll("[data-autosave][data-unsaved]")) {
        form.dispatchEvent(new CustomEvent("save", { bubbles: true }));
      }
      open("warning");
    }
  }, 1000);
}
