// Talks to the service: takes the bundle along, and hands over the outbox. A record is forgotten here only after
// the service has said that it holds it.

import { readAll, remove } from "./store.js";
import { inLanguage } from "./words.js";

// Milliseconds; a network that never answers is none.
const PATIENCE = 90_000;
// A clock that is off by less may be right.
export const SLACK = 600_000;

/** Whether the clock of the device was far from the service's when they last spoke. */
export const clock = { isOff: false };

/** Why something could not be done: `offline`, `sign_in`, `forbidden` or `failed`; and what was done before that. */
export class Unreached extends Error {
  done = { taken: [], refused: [] };

  constructor(why) {
    super(why);
    this.why = why;
  }
}

async function ask(path, options = {}) {
  const headers = { Accept: "application/json", "Accept-Language": inLanguage(), ...options.headers };
  let answer;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    answer = await fetch(path, { ...options, headers, signal, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new Unreached("offline");
  }
  const theirs = Date.parse(answer.headers.get("Date"));
  if (!Number.isNaN(theirs)) clock.isOff = Math.abs(Date.now() - theirs) > SLACK;
  if (answer.ok) return answer;
  if (answer.status === 401) throw new Unreached("sign_in");
  if (answer.status === 403) {
    const problem = await answer.json().catch(() => ({}));
    // S127: the session is another one than a moment ago.
    throw new Unreached(problem.code === "S127" ? "sign_in" : "forbidden");
  }
  throw new Unreached("failed");
}

/** What was answered, as JSON; networks that ask for a sign-in of their own answer with a page. */
async function askJson(path, options) {
  const answer = await ask(path, options);
  try {
    return await answer.json();
  } catch {
    throw new Unreached("failed");
  }
}

/** The bundle, with the text of its program; of the program only if it is another one than `known`. */
export async function fetchBundle(known = null) {
  const bundle = await askJson("/field/bundle");
  if (known !== null && known.program.digest === bundle.program.digest) return { ...bundle, text: known.text };
  const answer = await ask(`/field/programs/${bundle.program.digest}`);
  const text = await answer.text().catch(() => {
    throw new Unreached("offline");
  });
  return { ...bundle, text };
}

let running = null;

/** Send the outbox, oldest first: `{taken, refused}`. Called twice at once it runs once. */
export function sendOutbox(atOnce) {
  running ??= send(atOnce).finally(() => {
    running = null;
  });
  return running;
}

async function send(atOnce) {
  const done = { taken: [], refused: [] };
  const rows = (await readAll("outbox")).sort((one, other) => one.at - other.at);
  if (rows.length === 0) return done;
  try {
    const session = await askJson("/api/v1/session");
    if (session.step !== "signed_in") throw new Unreached("sign_in");
    for (let at = 0; at < rows.length; at += atOnce) {
      await sendSome(rows.slice(at, at + atOnce), session.csrf_token, done);
    }
  } catch (error) {
    if (error instanceof Unreached) error.done = done;
    throw error;
  }
  return done;
}

async function sendSome(rows, token, done) {
  const answer = await askJson("/field/records", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify({ records: rows.map((row) => row.record) }),
  });
  for (const one of answer.records) {
    const known = rows.some((row) => row.id === one.id);
    if (known && (one.status === "saved" || one.status === "repeated")) {
      await remove("outbox", one.id);
      done.taken.push(one);
    } else if (known) done.refused.push(one);
  }
}
