// Warns before a session ends. What is typed is saved before, and stays on the page after: signing in
// again happens in another tab, and this one goes on where it was.

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
    others?.postMessage("kept");
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
  others?.postMessage("kept");
  others?.addEventListener("message", reset);
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
      for (const form of root.querySelectorAll("[data-autosave]")) {
        form.dispatchEvent(new CustomEvent("save", { bubbles: true }));
      }
      open("warning");
    }
  }, 1000);
}
