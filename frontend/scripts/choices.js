// A choice that excludes the others takes them back; what is typed inside a choice chooses it.

export function watchChoices(root) {
  root.addEventListener("change", (event) => {
    const control = event.target;
    if (!(control instanceof HTMLInputElement) || control.type !== "checkbox" || !control.checked) return;
    const group = control.closest("[data-choices]");
    if (!group || !control.name) return;
    for (const other of group.querySelectorAll('input[type="checkbox"]')) {
      if (other === control || other.name !== control.name) continue;
      if ("alone" in control.dataset || "alone" in other.dataset) other.checked = false;
    }
  });

  root.addEventListener("input", (event) => {
    if (!(event.target instanceof Element)) return;
    const choice = event.target.closest(".choice--open");
    const control = choice?.querySelector(":scope > .choice__control");
    if (!control || control === event.target || control.checked) return;
    control.checked = true;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
