// A visit on the phone: the place at check-in, the shortcut of the diverted phone, and a record that waits for the network and goes out once.
// The form carries its own key, so that the server carries a second copy out only once. Until it is sent, its page opens without a network
// (worker.js), with what was typed, photographed and timed. What is kept is dropped once it is sent, after half a day, and at sign-out.

const LIFE_MS = 12 * 3_600_000;
const UNDO_MS = 10_000;
const STORE = "onsite";
const user = document.body.dataset.user;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`onsite:${user}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, action) {
  const base = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = action(base.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    base.close();
  }
}

const held = (path) => within("readonly", (store) => store.get(path));
const hold = (path, record) => within("readwrite", (store) => store.put(record, path));
const drop = (path) => within("readwrite", (store) => store.delete(IDBKeyRange.bound(path, `${path}\uffff`)));
const pageOf = (path) => path.replace(/record\/$/, "");
const isFresh = (kept) => kept && Date.now() - kept.at < LIFE_MS;

// The record is sent, or there is none to be made: nothing of this visit stays on the phone.
async function forget(path) {
  if (window.indexedDB) await drop(path);
  if (window.caches) await caches.delete(`onsite:${pageOf(path)}`);
  const registration = await navigator.serviceWorker?.getRegistration(pageOf(path));
  if (registration && new URL(registration.scope).pathname === pageOf(path)) await registration.unregister();
}

async function forgetAll() {
  indexedDB.deleteDatabase(`onsite:${user}`);
  for (const name of (await window.caches?.keys()) ?? []) if (name.startsWith("onsite:")) caches.delete(name);
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) registration.unregister();
}

async function keepPage(form) {
  if (!navigator.serviceWorker || !window.caches) return;
  const page = pageOf(new URL(form.action).pathname);
  await navigator.serviceWorker.register(`${page}worker.js`, { scope: page });
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => new URL(name).pathname.startsWith(form.dataset.static));
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => note(form, form.dataset.opens);
  active.postMessage([...new Set(files)], [port2]);
}

function note(form, text) {
  const line = form.querySelector("[data-onsite-note]");
  if (line) line.textContent = text;
}

// One tab sends at a time; the key of the form makes a second copy harmless all the same.
let sending = false;

async function send(form) {
  const path = new URL(form.action).pathname;
  const record = sending ? null : await held(path);
  if (!record) return;
  if (!isFresh(record)) return drop(path);
  const body = new FormData();
  for (const [name, value, file] of record.entries) file ? body.append(name, value, file) : body.append(name, value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  sending = true;
  note(form, form.dataset.sending);
  try {
    // Asked as htmx asks, the answer names the next page instead of leading there: its message and the word that drafts are saved are for
    // whoever opens it.
    const answer = await fetch(path, { method: "POST", body, credentials: "same-origin", headers: { "HX-Request": "true" } });
    const next = answer.headers.get("HX-Redirect");
    if (next && !next.includes(document.body.dataset.signIn)) {
      await forget(path);
      location.assign(next);
    } else if (next || answer.status === 403) {
      note(form, form.dataset.signIn);
    } else if (answer.status < 500) {
      // Refused: the server says at the form what is open. Its fields and photos are still in it.
      await within("readwrite", (store) => store.delete(path));
      form.dataset.plain = "";
      HTMLFormElement.prototype.submit.call(form);
    } else {
      note(form, form.dataset.kept);
    }
  } catch {
    note(form, form.dataset.kept);
  } finally {
    sending = false;
  }
}

function record(form) {
  form.addEventListener("submit", async (event) => {
    if ("plain" in form.dataset || !window.indexedDB) return;
    event.preventDefault();
    const path = new URL(form.action).pathname;
    const entries = [...new FormData(form)]
      .filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.size))
      .map(([name, value]) => [name, value, value instanceof File ? value.name : ""]);
    try {
      await hold(path, { at: Date.now(), entries });
    } catch {
      form.dataset.plain = "";
      return HTMLFormElement.prototype.submit.call(form);
    }
    await send(form);
  });
  addEventListener("online", () => send(form));
  if (window.indexedDB) send(form);
}

function count(form) {
  const line = document.querySelector("[data-answered]");
  if (!line) return;
  const names = new Set([...form.querySelectorAll("input[type=radio]:checked")].map((input) => input.name));
  line.textContent = line.dataset.answered.replace("%(done)s", names.size);
}

function diverted(form) {
  const box = form.elements.phone_diverted;
  if (!box) return;
  const key = `${new URL(form.action).pathname}#diverted`;
  let fixed = 0;
  if (box.checked && !form.elements.phone_diverted_at.value && window.indexedDB)
    held(key).then((kept) => isFresh(kept) && (form.elements.phone_diverted_at.value = kept.moment));
  box.addEventListener("click", (event) => {
    if (fixed && Date.now() > fixed) event.preventDefault();
  });
  box.addEventListener("change", () => {
    fixed = box.checked ? Date.now() + UNDO_MS : 0;
    const moment = box.checked ? new Date().toISOString() : "";
    form.elements.phone_diverted_at.value = moment;
    if (window.indexedDB) hold(key, { at: Date.now(), moment });
    const no = form.querySelector("input[name=point_4][value=n]");
    if (box.checked && no) no.checked = true;
    count(form);
  });
}

const shown = (input) => (input.closest(".field").querySelector("[data-photos]").textContent = [...input.files].map((file) => file.name).join(", "));

// Photos that wait: a page that is opened anew has them again.
async function photos(form) {
  if (!window.indexedDB) return;
  const path = new URL(form.action).pathname;
  for (const input of form.querySelectorAll("input[type=file]")) {
    const kept = await held(`${path}#${input.name}`);
    if (isFresh(kept) && kept.files.length && !input.files.length) {
      const bag = new DataTransfer();
      for (const [content, name] of kept.files) bag.items.add(new File([content], name, { type: content.type }));
      input.files = bag.files;
      shown(input);
    }
    input.addEventListener("change", () => {
      shown(input);
      hold(`${path}#${input.name}`, { at: Date.now(), files: [...input.files].map((file) => [file, file.name]) });
    });
  }
}

function checkIn(form) {
  form.addEventListener("submit", (event) => {
    if ("plain" in form.dataset || !navigator.geolocation) return;
    event.preventDefault();
    const line = form.querySelector("[data-place]");
    const go = () => {
      form.dataset.plain = "";
      HTMLFormElement.prototype.submit.call(form);
    };
    line.textContent = line.dataset.searching;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude;
        form.elements.longitude.value = coords.longitude;
        go();
      },
      () => {
        line.textContent = line.dataset.unknown;
        if (form.elements.away_reason.value.trim()) go();
        else form.elements.away_reason.focus();
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    );
  });
}

for (const form of document.querySelectorAll("form[data-onsite]")) {
  record(form);
  diverted(form);
  photos(form);
  count(form);
  form.addEventListener("change", () => count(form));
  if ("static" in form.dataset) addEventListener("load", () => keepPage(form).catch(() => {}));
}
for (const { content } of document.querySelectorAll("meta[name='draft-saved']")) if (content.endsWith("/record/")) forget(content);
for (const form of document.querySelectorAll("form[data-check-in]")) checkIn(form);
document.addEventListener("submit", ({ target }) => {
  if ("signsOut" in target.dataset && window.indexedDB) forgetAll();
});
