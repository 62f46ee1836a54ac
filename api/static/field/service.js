// Talks to the service: takes the bundle along, and hands over the outbox. A record is forgotten here only after
// the service has said that it holds it.

import { readAll, remove } from "./store.js";
import { inLanguage } from "./words.js";

/** Why something could not be done: `offline`, `sign_in`, `forbidden` or `failed`. */
export class Unreached extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

async function ask(path, options = {}) {
  const headers = { Accept: "application/json", "Accept-Language": inLanguage(), ...options.headers };
  let answer;
  try {
    answer = await fetch(path, { ...options, headers, cache: "no-store", credentials: "same-origin" });
  } catch {
    throw new Unreached("offline");
  }
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
  const text = await (await ask(`/field/programs/${bundle.program.digest}`)).text();
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
  const session = await askJson("/api/v1/session");
  if (session.step !== "signed_in") throw new Unreached("sign_in");
  for (let at = 0; at < rows.length; at += atOnce) {
    const sent = rows.slice(at, at + atOnce);
    const answer = await askJson("/field/records", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf_token },
      body: JSON.stringify({ records: sent.map((row) => row.record) }),
    });
    for (const one of answer.records) {
      const known = sent.some((row) => row.id === one.id);
      if (known && (one.status === "saved" || one.status === "repeated")) {
        await remove("outbox", one.id);
        done.taken.push(one);
      } else if (known) done.refused.push(one);
    }
  }
  return done;
}
