// What was chosen for the screen: language and colours. A device that keeps nothing forgets it.

export function chosen(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function choose(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It holds until the page is left.
  }
}
