// The field form: what is open, what is locked, and what the screen shows of it.

import { canonicalText } from "./evaluator.js";
import { frame } from "./frame.js";
import { openBundle } from "./bundles.js";
import { Unreached, fetchBundle, sendOutbox } from "./service.js";
import { countWaiting, forgetUnfinished, moveToOutbox, read, readAll, remove, write } from "./store.js";
import { makeKey, newId, openKey, openUnder, sealTo, sealUnder } from "./vault.js";
import { VIEWS } from "./views.js";
import { takeWords } from "./words.js";
import { assess, resultDigest } from "./assessing.js";

const WORKER = "/field/worker.js";
const SCOPE = "/field";
// Where the person can be led back to after unlocking: opaque ids are all that is remembered.
const PLACES = ["home", "visit", "interview"];

class Form {
  #key = null;
  #idle = null;
  #saving = Promise.resolve();
  #worker = null;

  constructor(root, shell) {
    this.limits = shell.limits;
    this.leaveAddress = shell.leave;
    this.isSetUp = false;
    this.bundle = null;
    this.program = null;
    this.visits = [];
    this.place = { name: "home" };
    this.waiting = { unsent: 0, unfinished: 0, oldest: null };
    // What the last attempt to send came to: a word, and what was taken and refused.
    this.sending = { state: "", taken: [], refused: [] };
    this.hasUpdate = false;
    this.frame = frame(root, this);
  }

  get isOpen() {
    return this.#key !== null;
  }

  // Locking

  async start() {
    this.isSetUp = (await read("kept", "key")) !== undefined;
    await this.recount();
    this.show();
    for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, () => this.#stir());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.lock();
    });
    addEventListener("pagehide", () => this.lock());
    addEventListener("online", () => this.send());
    await this.send();
  }

  #stir() {
    clearTimeout(this.#idle);
    if (this.isOpen) this.#idle = setTimeout(() => this.lock(), this.limits.idle_minutes * 60_000);
  }

  lock() {
    if (!this.isOpen) return;
    clearTimeout(this.#idle);
    this.#key = null;
    this.bundle = null;
    this.program = null;
    this.visits = [];
    this.sending = { ...this.sending, taken: [] };
    if (this.place.name === "result") this.place = { ...this.place, name: "interview" };
    if (!PLACES.includes(this.place.name)) this.place = { name: "home" };
    this.show();
  }

  /** Leave at once: nothing stays on the screen or in the history. */
  leave() {
    this.lock();
    location.replace(this.leaveAddress);
  }

  async setUp(passphrase, bundle) {
    const kept = await makeKey(passphrase, this.limits.passphrase_rounds);
    const key = await openKey(passphrase, kept);
    await write("kept", { id: "bundle", ...(await sealUnder(key, "bundle", bundle, 1)) });
    await write("kept", kept);
    // A browser that does not promise it may still keep it.
    await navigator.storage?.persist?.();
    this.isSetUp = true;
    await this.#open(key);
  }

  /** Open with a passphrase; false where it is another one. */
  async unlock(passphrase) {
    const key = await openKey(passphrase, await read("kept", "key"));
    if (key === null) return false;
    await this.#open(key);
    await this.send();
    return true;
  }

  async #open(key) {
    await this.#saving;
    const bundle = await openUnder(key, "bundle", await read("kept", "bundle"));
    const program = await openBundle(bundle);
    const visits = [];
    for (const row of await readAll("visits")) visits.push(await openUnder(key, row.id, row));
    [this.bundle, this.program, this.visits] = [bundle, program, visits];
    this.#key = key;
    await this.sweep();
    if (this.place.name !== "home" && this.visitHere() === undefined) this.place = { name: "home" };
    this.#stir();
    this.show();
    // Whoever turned away while the passphrase was being stretched finds it locked.
    if (document.visibilityState === "hidden") this.lock();
  }

  /** Forget what only a lost passphrase opens. */
  async forget() {
    await forgetUnfinished();
    this.isSetUp = false;
    this.place = { name: "home" };
    await this.recount();
    this.show();
  }

  // Visits and workers

  visitHere() {
    return this.visits.find((one) => one.id === this.place.visit);
  }

  workerHere() {
    return this.visitHere()?.workers.find((one) => one.id === this.place.worker);
  }

  async beginVisit(told) {
    const visit = { id: newId(), ended: false, workers: [], ...told };
    this.visits.push(visit);
    await this.save(visit);
    this.go({ name: "visit", visit: visit.id });
  }

  async addWorker(visit) {
    const worker = { id: newId(), position: visit.workers.length + 1, at: Date.now(), answers: {}, part: 0 };
    visit.workers.push(worker);
    await this.save(visit);
    this.go({ name: "interview", visit: visit.id, worker: worker.id });
  }

  async endVisit(visit) {
    visit.ended = true;
    await this.save(visit);
    await this.sweep();
    this.go({ name: "home" });
  }

  /** Keep a visit as it stands now; later calls are kept later. */
  save(visit) {
    const [key, copy] = [this.#key, structuredClone(visit)];
    const kept = this.#saving.then(async () => write("visits", await this.#rowOf(key, copy)));
    this.#saving = kept.catch(() => {});
    return kept.then(() => this.recount());
  }

  async #rowOf(key, visit) {
    const begun = visit.workers.filter((one) => one.answers !== undefined).map((one) => one.at);
    return { id: visit.id, begun, ...(await sealUnder(key, visit.id, visit, this.limits.padded_to)) };
  }

  assess(worker) {
    return assess(this.program, this.bundle.instrument, worker.answers);
  }

  /** Seal a finished screening to the service: from here on this device cannot read it. */
  async finish(visit, worker) {
    // It may be locked before this is done: what was begun is brought to an end all the same.
    const [key, bundle] = [this.#key, this.bundle];
    const { result } = this.assess(worker);
    const { id, site, workplace_kind, number_kind, number } = visit;
    const told = {
      form: 1,
      id: worker.id,
      account: bundle.account,
      visit: { id, site, workplace_kind, number_kind, number },
      position: worker.position,
      language: document.documentElement.lang,
      instrument: bundle.instrument,
      rule_set: bundle.rule_set,
      program: bundle.program.digest,
      revision: bundle.program.revision,
      as_of: result.as_of,
      finished_at: new Date().toISOString(),
      answers: worker.answers,
      result_digest: await resultDigest(result),
    };
    const record = await sealTo(bundle.key, worker.id, canonicalText(told), this.limits.padded_to);
    const sealed = { ...visit, workers: visit.workers.map((one) => (one === worker ? withoutAnswers(one) : one)) };
    const row = await this.#rowOf(key, sealed);
    await this.#saving;
    await moveToOutbox({ id: worker.id, at: Date.now(), record }, row);
    visit.workers = sealed.workers;
    await this.recount();
    this.go({ name: "visit", visit: visit.id });
    await this.send();
  }

  // What waits

  async recount() {
    this.waiting = await countWaiting();
    this.frame.showState();
  }

  /** Try to send what is finished; whatever happens, it stays here until the service has it. */
  async send() {
    if (this.waiting.unsent === 0) return;
    this.sending = { ...this.sending, state: "sending" };
    this.frame.showState();
    try {
      const { taken, refused } = await sendOutbox(this.limits.records_at_once);
      this.sending = { state: "", taken: [...this.sending.taken, ...taken], refused };
    } catch (error) {
      const state = error instanceof Unreached && error.why !== "forbidden" ? error.why : "failed";
      this.sending = { ...this.sending, state };
    }
    await this.recount();
    await this.sweep();
    if (this.isOpen && ["home", "visit"].includes(this.place.name)) this.show({ focus: false });
  }

  /** Visits that ended and of which everything was sent go from this device. */
  async sweep() {
    const unsent = new Set((await readAll("outbox")).map((one) => one.id));
    this.unsent = unsent;
    const isDone = (visit) =>
      visit.ended && visit.workers.every((one) => one.answers === undefined && !unsent.has(one.id));
    for (const visit of this.visits.filter(isDone)) await remove("visits", visit.id);
    this.visits = this.visits.filter((visit) => !isDone(visit));
    if (this.place.name === "visit" && this.visitHere() === undefined && this.isOpen) this.place = { name: "home" };
  }

  /** Take the newest rules and key along; never under an interview that was begun with others. */
  async renew() {
    if (this.waiting.unfinished > 0) return "later";
    const key = this.#key;
    try {
      const bundle = await fetchBundle(this.bundle);
      if (bundle.account !== this.bundle.account) return "other_account";
      const program = await openBundle(bundle);
      await write("kept", { id: "bundle", ...(await sealUnder(key, "bundle", bundle, 1)) });
      if (this.#key === key) [this.bundle, this.program] = [bundle, program];
    } catch (error) {
      if (error instanceof Unreached) return "failed";
      throw error;
    }
    return "done";
  }

  // The screen

  go(place) {
    this.place = place;
    this.show();
  }

  show({ focus = true } = {}) {
    const name = !this.isSetUp ? "setup" : !this.isOpen ? "locked" : this.place.name;
    this.frame.show(VIEWS[name](this), focus);
  }

  // Versions

  async watchVersions() {
    const policy = globalThis.trustedTypes?.createPolicy("field-worker", {
      createScriptURL: (address) => {
        if (address !== WORKER) throw new TypeError("another script");
        return address;
      },
    });
    const script = policy === undefined ? WORKER : policy.createScriptURL(WORKER);
    const found = await navigator.serviceWorker.register(script, { scope: SCOPE, updateViaCache: "none" });
    const tell = () => {
      this.#worker = found.waiting;
      this.hasUpdate = this.#worker !== null && navigator.serviceWorker.controller !== null;
      this.frame.showState();
    };
    tell();
    found.addEventListener("updatefound", () => found.installing?.addEventListener("statechange", tell));
    addEventListener("online", () => found.update().catch(() => {}));
  }

  takeUpdate() {
    this.lock();
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    this.#worker?.postMessage("take over");
  }
}

function withoutAnswers({ id, position }) {
  return { id, position };
}

const root = document.querySelector("#form");
const shell = await (await fetch(`${root.dataset.files}/shell.json`)).json();
takeWords(shell.words);
const form = new Form(root, shell);
const fail = () => form.frame.showFailure();
addEventListener("error", fail);
addEventListener("unhandledrejection", fail);
await form.start();
await form.watchVersions().catch(() => {});
