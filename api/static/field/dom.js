// Builds elements; texts are only ever texts, so nothing that was typed can become markup.

/** An element with attributes (`onclick` and the like are listeners; false and null are left out) and children. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "checked" || name === "disabled" || name === "hidden" || name === "open") made[name] = true;
    else made.setAttribute(name, String(value));
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

/** A text that keeps its own direction: numbers, codes, names in other letters. */
export function apart(text, direction = "ltr") {
  return el("bdi", { dir: direction }, text);
}

export function button(text, onclick, kind = "") {
  return el("button", { type: "button", class: `button ${kind}`.trim(), onclick }, text);
}
