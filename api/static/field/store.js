// What stays on the device: in IndexedDB, and nothing of a record in clear.
//
// `kept`: the wrapped key and the bundle. `visits`: unfinished work under the passphrase. `outbox`: finished records,
// sealed to the service. Beside what is sealed stand opaque ids, counts and times, so that the count can be shown
// while the form is locked.

const NAME = "daftar";
const STORES = ["kept", "visits", "outbox"];

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name, { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Run `work` with the stores it names in one transaction: all of it is kept, or nothing. */
async function within(names, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const request = work(...names.map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const read = (store, id) => within([store], "readonly", (one) => one.get(id));
export const readAll = (store) => within([store], "readonly", (one) => one.getAll());
export const write = (store, row) => within([store], "readwrite", (one) => one.put(row));
export const remove = (store, id) => within([store], "readwrite", (one) => one.delete(id));

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
