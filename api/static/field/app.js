// The field form: what is open, what is locked, and what the screen shows of it.

import { canonicalText } from "./evaluator.js";
import { frame } from "./frame.js";
import { openBundle } from "./bundles.js";
import { SLACK, Unreached, clock, fetchBundle, sendOutbox } from "./service.js";
import {
  StoreFailed,
  countWaiting,
  forgetUnfinished,
  keepFirst,
  moveToOutbox,
  read,
  readAll,
  remove,
  write,
} from "./store.js";
import { takeTurns } from "./turns.js";
import { makeKey, newId, openKey, openUnder, sealTo, sealUnder } from "./vault.js";
import { VIEWS } from "./views.js";
import { takeWords } from "./words.js";
import { assess, resultDigest, timeOf } from "./assessing.js";

const WORKER = "/field/worker.js";
const SCOPE = "/field";
const DAY = 86_400_000;
// Where the person can be led back to after unlocking: opaque ids are all that is remembered.
const PLACES = ["home", "visit", "interview"];

class Form {
  #key = null;
  #idle = null;
  #touched = 0;
  #saving = Promise.resolve();
  #registered = null;
  #worker = null;
  #turns = null;
  #shown = null;

  constructor(root, shell) {
    this.limits = shell.limits;
    this.leaveAddress = shell.leave;
    this.isSetUp = false;
    this.bundle = null;
    this.program = null;
    this.visits = [];
    this.place = { name: "home" };
    // Null where it could not be read.
    this.waiting = null;
    // What the last attempt to send came to: a word, and what was taken and refused.
    this.sending = { state: "", taken: [], refused: [] };
    this.hasUpdate = false;
    // Whether the shell is kept, so that the form starts without a network.
    this.isKept = Boolean(navigator.serviceWorker?.controller);
    this.clockIsOff = false;
    this.canKeep = true;
    this.#turns = takeTurns(
      () => this.lock(),
      () => this.#lookAgain(),
    );
    this.frame = frame(root, this);
  }

  get isOpen() {
    return this.#key !== null;
  }

  get rulesAreOld() {
    return this.now() - Date.parse(this.bundle.at) >= this.limits.renew_days * DAY;
  }

  // Locking

  async start() {
    await this.#lookAgain();
    for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, () => this.#stir());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.lock();
    });
    addEventListener("pagehide", () => this.lock());
    addEventListener("online", () => this.send());
    // Nothing waits for a network that may not answer.
    this.send();
  }

  /** See what is kept: at the start, and when another page has changed it. */
  async #lookAgain() {
    try {
      this.isSetUp = (await read("kept", "key")) !== undefined;
      this.canKeep = true;
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      // What is open stays on the screen.
      this.canKeep = this.isOpen;
    }
    await this.recount();
    if (this.isOpen) {
      await this.sweep();
      this.#showCounts();
    } else if (this.#shown !== this.#nameOfView()) {
      // Never under a passphrase that is being typed.
      this.show({ focus: false });
    }
  }

  #stir() {
    clearTimeout(this.#idle);
    if (!this.isOpen) return;
    const most = this.limits.idle_minutes * 60_000;
    const since = performance.now() - this.#touched;
    this.#touched = performance.now();
    // A device that slept does not count: the first touch after that finds it locked.
    if (since > most) this.lock();
    else this.#idle = setTimeout(() => this.lock(), most);
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
    this.#saving.finally(() => this.#turns.leave());
    this.show();
  }

  lookAgain() {
    return this.#lookAgain();
  }

  /** Leave at once: nothing stays on the screen or in the history. */
  leave() {
    this.lock();
    location.replace(this.leaveAddress);
  }

  /** Set the device up; where another page has done that meanwhile, that one counts. */
  async setUp(passphrase, bundle) {
    const kept = await makeKey(passphrase, this.limits.passphrase_rounds);
    const key = await openKey(passphrase, kept);
    const isFirst = await keepFirst(kept, { id: "bundle", ...(await sealUnder(key, "bundle", bundle, 1)) });
    this.isSetUp = true;
    this.#turns.tell();
    if (!isFirst) return this.show();
    // A browser that does not promise it may still keep it.
    await navigator.storage?.persist?.();
    await this.#open(key);
  }

  /** Open with a passphrase; false where it is another one. */
  async unlock(passphrase) {
    const key = await openKey(passphrase, await read("kept", "key"));
    if (key === null) return false;
    await this.#open(key);
    // A form on the home screen may stay open for weeks.
    this.#registered?.update().catch(() => {});
    await this.send();
    return true;
  }

  async #open(key) {
    await this.#saving;
    await this.#turns.take();
    try {
      await this.#openKept(key);
    } catch (error) {
      this.#turns.leave();
      throw error;
    }
    this.#touched = performance.now();
    this.#stir();
    this.show();
    // Whoever turned away while the passphrase was being stretched finds it locked.
    if (document.visibilityState === "hidden") this.lock();
  }

  async #openKept(key) {
    const bundle = await openUnder(key, "bundle", await read("kept", "bundle"));
    const program = await openBundle(bundle);
    const visits = [];
    for (const row of await readAll("visits")) visits.push(await openUnder(key, row.id, row));
    [this.bundle, this.program, this.visits] = [bundle, program, visits];
    this.#key = key;
    await this.sweep();
    if (this.place.name !== "home" && this.visitHere() === undefined) this.place = { name: "home" };
    this.#seeClock();
  }

  /** Forget what only a lost passphrase opens. */
  async forget() {
    await this.#turns.take();
    await forgetUnfinished().finally(() => this.#turns.leave());
    this.isSetUp = false;
    this.place = { name: "home" };
    this.#turns.tell();
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

  // What could not be kept is not shown as if it were: each of these puts it in place afterwards, or takes it back.

  async beginVisit(told) {
    const visit = { id: newId(), ended: false, workers: [], ...told };
    await this.save(visit);
    this.visits.push(visit);
    this.go({ name: "visit", visit: visit.id });
  }

  async addWorker(visit) {
    const worker = { id: newId(), position: visit.workers.length + 1, at: this.now(), answers: {}, question: null };
    await this.save({ ...visit, workers: [...visit.workers, worker] });
    visit.workers.push(worker);
    this.go({ name: "interview", visit: visit.id, worker: worker.id });
  }

  async endVisit(visit) {
    await this.save({ ...visit, ended: true });
    visit.ended = true;
    await this.sweep();
    this.go({ name: "home" });
  }

  now() {
    return timeOf(this.bundle);
  }

  /** Keep a visit as it stands now; later calls are kept later. */
  save(visit) {
    const [key, copy] = [this.#key, structuredClone(visit)];
    return this.#inTurn(async () => write("visits", await this.#rowOf(key, copy))).then(() => {
      this.frame.forgetFailure();
      return this.recount();
    });
  }

  /** Whatever writes visits goes one after the other, and a page lets go of its turn only after the last. */
  #inTurn(work) {
    const done = this.#saving.then(work);
    this.#saving = done.catch(() => {});
    return done;
  }

  async #rowOf(key, visit) {
    const begun = visit.workers.filter((one) => one.answers !== undefined).map((one) => one.at);
    return { id: visit.id, begun, ...(await sealUnder(key, visit.id, visit, this.limits.padded_to)) };
  }

  assess(worker) {
    return assess(this.program, this.bundle, worker.answers);
  }

  /** Seal a finished screening to the service: from here on this device cannot read it. */
  async finish(visit, worker) {
    // It may be locked before this is done: what was begun is brought to an end all the same.
    const [key, bundle, finished] = [this.#key, this.bundle, this.now()];
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
      finished_at: new Date(finished).toISOString(),
      answers: worker.answers,
    };
    const sealed = { ...visit, workers: visit.workers.map((one) => (one === worker ? withoutAnswers(one) : one)) };
    await this.#inTurn(async () => {
      const text = canonicalText({ ...told, result_digest: await resultDigest(result) });
      const record = await sealTo(bundle.key, worker.id, text, this.limits.padded_to);
      await moveToOutbox({ id: worker.id, at: finished, record }, await this.#rowOf(key, sealed));
    });
    visit.workers = sealed.workers;
    this.frame.forgetFailure();
    this.#turns.tell();
    await this.recount();
    this.go({ name: "visit", visit: visit.id });
    await this.send();
  }

  // What waits

  async recount() {
    try {
      this.waiting = await countWaiting();
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      this.waiting = null;
    }
    this.frame.showState();
  }

  #seeClock() {
    this.clockIsOff = clock.isOff || (this.bundle !== null && Math.abs(this.now() - Date.now()) > SLACK);
  }

  /** Try to send what is finished; whatever happens, it stays here until the service has it. */
  async send() {
    if (this.waiting === null || this.waiting.unsent === 0) return;
    this.sending = { ...this.sending, state: "sending" };
    this.frame.showState();
    let [state, done] = ["", { taken: [], refused: [] }];
    try {
      done = await sendOutbox(this.limits.records_at_once);
    } catch (error) {
      state = error instanceof Unreached && error.why !== "forbidden" ? error.why : "failed";
      if (error instanceof Unreached) done = error.done;
    }
    this.sending = { state, taken: [...this.sending.taken, ...done.taken], refused: done.refused };
    this.#seeClock();
    this.#turns.tell();
    await this.recount();
    await this.sweep();
    this.#showCounts();
  }

  #showCounts() {
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
      this.#seeClock();
      this.frame.showState();
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
    this.#shown = this.#nameOfView();
    this.frame.show(VIEWS[this.#shown](this), focus);
  }

  #nameOfView() {
    if (!this.canKeep) return "broken";
    if (this.isOpen) return this.place.name;
    return this.isSetUp ? "locked" : "setup";
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
    this.#registered = found;
    const tell = () => {
      this.isKept = found.active !== null;
      this.#worker = found.waiting;
      this.hasUpdate = this.#worker !== null && navigator.serviceWorker.controller !== null;
      this.frame.showState();
    };
    tell();
    navigator.serviceWorker.ready.then(tell);
    found.installing?.addEventListener("statechange", tell);
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
const fail = (error) => form.frame.showFailure(error instanceof StoreFailed ? (error.isFull ? "full" : "unwritten") : "failed");
addEventListener("error", (event) => fail(event.error));
addEventListener("unhandledrejection", (event) => {
  // It is told on the screen; whoever looks for faults of the script is not told of a full device.
  if (event.reason instanceof StoreFailed) event.preventDefault();
  fail(event.reason);
});
await form.start();
await form.watchVersions().catch(() => {});
