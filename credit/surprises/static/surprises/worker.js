// The worker of one visit's page: opened once with a network, the page opens without one too, for half a day. Its scope is that one visit,
// and it keeps nothing but the page and the files that draw it. Where the server shows the page no more, as after sign-out, all of it goes.

const LIFE_MS = 12 * 3_600_000;
const KEPT_AT = "X-Kept-At";
const page = new URL(self.registration.scope).pathname;
const STORE = `onsite:${page}`;

async function forget() {
  await caches.delete(STORE);
  await self.registration.unregister();
}

async function keep(files) {
  const answer = await fetch(page, { credentials: "same-origin", redirect: "manual" });
  if (!answer.ok) return forget();
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, Date.now());
  const store = await caches.open(STORE);
  await store.addAll(files);
  await store.put(page, new Response(await answer.blob(), { headers }));
}

async function kept() {
  const found = await (await caches.open(STORE)).match(page);
  if (found && Math.abs(Date.now() - found.headers.get(KEPT_AT)) < LIFE_MS) return found;
  await caches.delete(STORE);
  return Response.error();
}

async function open(request) {
  try {
    const answer = await fetch(request);
    if (answer.type === "opaqueredirect" || answer.redirected || (answer.status >= 400 && answer.status < 500)) await forget();
    return answer;
  } catch {
    return kept();
  }
}

async function drawn(request) {
  try {
    return await fetch(request);
  } catch {
    return (await (await caches.open(STORE)).match(request, { ignoreVary: true })) ?? Response.error();
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data).then(() => event.ports[0].postMessage("kept"))));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode !== "navigate") event.respondWith(drawn(request));
  else if (new URL(request.url).pathname === page) event.respondWith(open(request));
});
