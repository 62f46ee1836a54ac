// Keeps the shell, so that the form starts without a network. It stands in for the listed files and for nothing
// else: bundle, records and every page of the service go past it. `SHELL` is written above by the service.

const CACHE = `daftar-${SHELL.digest}`;

self.addEventListener("install", (event) => {
  // Under the digest a file never changes: what the page has just loaded need not come again.
  const how = (path) => (path.includes(SHELL.digest) ? "default" : "reload");
  const fresh = SHELL.files.map((path) => new Request(path, { cache: how(path), credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("daftar-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (!SHELL.files.includes(address.pathname)) return;
  const answer = async () =>
    (await (await caches.open(CACHE)).match(address.pathname)) ?? fetch(event.request);
  event.respondWith(answer());
});

// The person takes a new version when it suits: never in the middle of a question.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
