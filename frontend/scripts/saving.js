// Says in words whether the last change arrived. The words stand in the page, in the reader's language.

export function watchSaving(root) {
  root.addEventListener("htmx:beforeRequest", (event) => say(event, "saving"));
  root.addEventListener("htmx:afterRequest", (event) => say(event, event.detail.successful ? "saved" : "failed"));

  function say(event, what) {
    const form = event.target instanceof Element ? event.target.closest("[data-autosave]") : null;
    const line = form && root.getElementById(form.dataset.autosave);
    if (!line) return;
    line.textContent = line.dataset[what];
    line.classList.toggle("saved--failed", what === "failed");
  }
}
