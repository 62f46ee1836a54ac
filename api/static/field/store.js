// What stays on the device: in IndexedDB, and nothing of a record in clear.
//
// `kept`: the wrapped key and the bundle. `visits`: unfinished work under the passphrase. `outbox`: finished records,
// sealed to the service. Beside what is sealed stand opaque ids, counts and times, so that the count can be shown
// while the form is locked.

const NAME = "daftar";
const STORES = ["kept", "visits", "outbox"];

/** The device did not read or write; `isFull` where it said that there is no room. Nothing was changed. */
export class StoreFailed extends Error {
  constructor(cause) {
    super("the device did not keep it", { cause });
    this.isFull = cause?.name === "QuotaExceededError";
  }
}

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name, { keyPath: "id" });
    };
    request.onsuccess = () => {
      request.result.onclose = forgetConnection;
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

function forgetConnection() {
  opened = null;
}

/** Run `work` with the stores it names in one transaction: all of it is kept, or nothing. */
async function within(names, mode, work) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(names, mode, { durability: "strict" });
      const request = work(...names.map((name) => transaction.objectStore(name)));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = (event) => reject(event.target.error);
    });
  } catch (error) {
    // The next attempt opens anew: a device may close what a page holds open.
    forgetConnection();
    throw new StoreFailed(error);
  }
}

export const read = (store, id) => within([store], "readonly", (one) => one.get(id));
export const readAll = (store) => within([store], "readonly", (one) => one.getAll());
export const write = (store, row) => within([store], "readwrite", (one) => one.put(row));
export const remove = (store, id) => within([store], "readwrite", (one) => one.delete(id));

/** Keep key and bundle of a device that has none yet; false where another page has set it up meanwhile. */
export async function keepFirst(key, bundle) {
  const known = await within(["kept"], "readwrite", (kept) => {
    const asked = kept.get("key");
    asked.onsuccess = () => {
      if (asked.result !== undefined) return;
      kept.put(bundle);
      kept.put(key);
    };
    return asked;
  });
  return known === undefined;
}

/** A finished record goes to the outbox and out of its visit at once. */
export const moveToOutbox = (record, visit) =>
  within(["outbox", "visits"], "readwrite", (outbox, visits) => {
    outbox.put(record);
    return visits.put(visit);
  });

/** Forget what only the passphrase opens. The outbox stays: its records are the service's. */
export const forgetUnfinished = () =>
  within(["kept", "visits"], "readwrite", (kept, visits) => {
    kept.clear();
    return visits.clear();
  });

/** How much waits here, and since when; readable while the form is locked. */
export async function countWaiting() {
  const [outbox, visits] = await Promise.all([readAll("outbox"), readAll("visits")]);
  const begun = visits.flatMap((one) => one.begun);
  const times = [...outbox.map((one) => one.at), ...begun];
  return { unsent: outbox.length, unfinished: begun.length, oldest: times.length ? Math.min(...times) : null };
}
