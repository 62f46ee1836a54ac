// The only door for values from outside. Everything that is not what it should be is refused by throwing, so
// that no slip of a type becomes a result. Messages name the place and never the value: it may be an answer.

export class Refused extends Error {
  constructor(place, expected) {
    super(`${place}: ${expected}`);
    this.name = "Refused";
    this.place = place;
  }
}

/** A plain object, as JSON has them. */
export function record(value, place) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const kind = Object.getPrototypeOf(value);
    if (kind === Object.prototype || kind === null) return value;
  }
  throw new Refused(place, "must be a mapping");
}

export function list(value, place) {
  if (!Array.isArray(value)) throw new Refused(place, "must be a list");
  // A gap in an array would be passed over by some loops and not by others.
  return Array.from(value);
}

/** A whole number that is the same in every language that reads it. */
export function integer(value, place) {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new Refused(place, "must be a whole number below 2^53");
  }
  return value === 0 ? 0 : value;
}

export function count(value, place) {
  if (integer(value, place) < 0) throw new Refused(place, "must not be negative");
  return integer(value, place);
}

export function flag(value, place) {
  if (value !== true && value !== false) throw new Refused(place, "must be true or false");
  return value;
}

/** A text without half characters. */
export function text(value, place) {
  if (typeof value !== "string") throw new Refused(place, "must be a text");
  for (let at = 0; at < value.length; at += 1) {
    const unit = value.charCodeAt(at);
    if (isSurrogate(unit)) {
      at += 1;
      const next = at < value.length ? value.charCodeAt(at) : 0;
      if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) throw new Refused(place, "must be Unicode text");
    }
  }
  return value;
}

export function oneOf(value, known, place) {
  if (!known.includes(text(value, place))) throw new Refused(place, `must be one of ${known.join(", ")}`);
  return value;
}

/** A member that must be there, so that a misspelt key is never read as one left out. */
export function member(holder, key, place) {
  if (!Object.hasOwn(record(holder, place), key)) throw new Refused(place, `must have ${key}`);
  return holder[key];
}

/** `read` of a value that may be null. */
export function orNull(value, read, place) {
  return value === null ? null : read(value, place);
}

/** The entries of a plain object as a Map, so that no id meets a name that objects have of themselves. */
export function entries(value, place) {
  return new Map(Object.entries(record(value, place)).map(([key, one]) => [text(key, place), one]));
}

/** The order of ids: by code points, as everywhere in a program; no locale. */
export function inOrder(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const a = one.charCodeAt(at);
    const b = other.charCodeAt(at);
    if (a !== b) {
      // Half characters stand for what comes after all others.
      const smaller = isSurrogate(a) === isSurrogate(b) ? a < b : isSurrogate(b);
      return smaller ? -1 : 1;
    }
  }
  return one.length - other.length;
}

/** The one text of a JSON value, by RFC 8785: sorted keys, no spaces, whole numbers only. */
export function canonicalText(value, place = "value") {
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === "number") return String(integer(value, place));
  if (typeof value === "string") return JSON.stringify(text(value, place));
  if (Array.isArray(value)) {
    return `[${list(value, place)
      .map((one) => canonicalText(one, place))
      .join(",")}]`;
  }
  // Without a function to compare, `sort` is by code units, which is what the RFC wants here.
  const keys = Object.keys(record(value, place)).sort();
  const written = keys.map(
    (key) => `${JSON.stringify(text(key, place))}:${canonicalText(value[key], place)}`,
  );
  return `{${written.join(",")}}`;
}

/** `sha256:` and the hash of a text. */
export async function digestOf(written) {
  const hash = await globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(written));
  const bytes = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0"));
  return `sha256:${bytes.join("")}`;
}

function isSurrogate(unit) {
  return unit >= 0xd800 && unit <= 0xdfff;
}
