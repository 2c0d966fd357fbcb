// A visit on the phone: the place at check-in, the shortcut of the diverted phone, and a record that waits for the network and goes out once.
// The form carries its own key, so that the server carries a second copy out only once. What waits is dropped after half a day, and at sign-out.

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
const drop = (path) => within("readwrite", (store) => store.delete(path));

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
  if (Date.now() - record.at > LIFE_MS) return drop(path);
  const body = new FormData();
  for (const [name, value, file] of record.entries) file ? body.append(name, value, file) : body.append(name, value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  sending = true;
  note(form, form.dataset.sending);
  try {
    const answer = await fetch(path, { method: "POST", body, credentials: "same-origin" });
    if (answer.redirected && !answer.url.includes(document.body.dataset.signIn)) {
      await drop(path);
      location.assign(answer.url);
    } else if (answer.redirected || answer.status === 403) {
      note(form, form.dataset.signIn);
    } else if (answer.status < 500) {
      // Refused: the server says at the form what is open. Its fields and photos are still in it.
      await drop(path);
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
  let fixed = 0;
  box.addEventListener("click", (event) => {
    if (fixed && Date.now() > fixed) event.preventDefault();
  });
  box.addEventListener("change", () => {
    fixed = box.checked ? Date.now() + UNDO_MS : 0;
    form.elements.phone_diverted_at.value = box.checked ? new Date().toISOString() : "";
    const no = form.querySelector("input[name=point_4][value=n]");
    if (box.checked && no) no.checked = true;
    count(form);
  });
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
  form.addEventListener("change", ({ target }) => {
    count(form);
    if (target.type === "file") target.closest(".field").querySelector("[data-photos]").textContent = [...target.files].map((file) => file.name).join(", ");
  });
}
for (const form of document.querySelectorAll("form[data-check-in]")) checkIn(form);
document.addEventListener("submit", ({ target }) => {
  if ("signsOut" in target.dataset && window.indexedDB) indexedDB.deleteDatabase(`onsite:${user}`);
});
