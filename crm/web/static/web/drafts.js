// Drafts: a form with data-draft="key" keeps what was typed in this browser until the server says that it is saved.
// Per user, for half a working day; never passwords, files or hidden fields; gone at sign-out.
// One with data-keep (the number of its draft on the server) is sent there at each pause too; the browser's copy goes once it arrived.

import { announce, headers, note, word } from "./say.js";

const LIFE_MS = 12 * 3_600_000;
const PAUSE_MS = 400;
const SEND_MS = 2_000;
const AGAIN_MS = 15_000;
const MOST_AT_LEAVING = 60_000; // what a browser still sends of a page that is left
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);
const prefix = `draft:${document.body.dataset.user}:`;
const blank = new WeakMap();
const timers = new WeakMap();
const sending = new WeakMap(); // form: { timer, busy, again, over }

const keyOf = (form) => prefix + form.dataset.draft;
const controls = (form) => [...form.elements].filter((control) => control.name && !NEVER.has(control.type));
const hasFile = (form) => [...form.elements].some((control) => control.type === "file" && control.files.length > 0);
const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

function values(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked ? [control.value] : [];
  if (control.type === "select-multiple") return [...control.selectedOptions].map((option) => option.value);
  return [control.value];
}

function collect(form) {
  const typed = {};
  for (const control of controls(form)) (typed[control.name] ??= []).push(...values(control));
  return typed;
}

function fill(form, typed) {
  const left = structuredClone(typed);
  for (const control of controls(form)) {
    const kept = left[control.name];
    if (!kept) continue;
    if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
    else if (control.type === "select-multiple") for (const option of control.options) option.selected = kept.includes(option.value);
    else if (kept.length) control.value = kept.shift();
    control.closest("details")?.toggleAttribute("open", true);
  }
}

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft && Date.now() - draft.at < LIFE_MS) return draft;
  } catch { /* not ours, or damaged: as if there were none */ }
  localStorage.removeItem(key);
  return null;
}

/** The line beside the buttons: what is kept, and a button that gives it up (or what `act` does). */
function show(form, text, { tone = "jade", label = word("discard"), act = null } = {}) {
  form.querySelector(".draft-note")?.remove();
  const line = document.createElement("span");
  line.className = "draft-note";
  line.innerHTML = '<span class="chip"></span><button class="link"></button>';
  const [chip, button] = line.children;
  chip.classList.add(tone);
  chip.textContent = text;
  button.textContent = label;
  // A draft on the server is given up there, by a plain button of the form.
  const plain = !act && Number(form.dataset.keep) > 0;
  Object.assign(button, plain ? { type: "submit", name: "draft", value: "discard" } : { type: "button" });
  if (!plain) button.addEventListener("click", () => (act ? act() : discard(form)));
  (form.querySelector("[data-draft-note]") ?? form).prepend(line);
}

function discard(form) {
  localStorage.removeItem(keyOf(form));
  form.reset();
  fill(form, blank.get(form) ?? {});
  form.querySelector(".draft-note")?.remove();
  form.querySelector(".field :is(input, select, textarea)")?.focus();
}

function keep(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  const before = blank.get(form) ?? {};
  // Only what was changed here: a colleague's newer value in another field must not be covered by an old one.
  const typed = Object.fromEntries(Object.entries(collect(form)).filter(([name, now]) => JSON.stringify(now) !== JSON.stringify(before[name])));
  const files = hasFile(form); // A browser gives no file back: that there was one is all that can be kept.
  if (!Object.keys(typed).length && !files) {
    localStorage.removeItem(keyOf(form));
    form.querySelector(".draft-note")?.remove();
    return;
  }
  const at = Date.now();
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at, typed, files, seen: form.dataset.keep }));
    if (!("keep" in form.dataset)) show(form, word("draftKept", { time: clock(at) }));
  } catch { /* the browser's store is full or closed: the form itself still holds everything */ }
}

/** Send the form to the server as its writer's draft, one message after the other. */
async function send(form, keepalive = false) {
  const state = sending.get(form) ?? {};
  sending.set(form, state);
  clearTimeout(state.timer);
  if (state.over) return;
  if (state.busy) return void (state.again = true);
  state.busy = true;
  state.again = false;
  const body = new URLSearchParams(new FormData(form));
  body.set("draft", "keep");
  try {
    const answer = await fetch(form.action, { method: "POST", headers: headers(), body, keepalive, redirect: "manual" });
    const text = await answer.text();
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) arrived(form, state, answer.ok, JSON.parse(text));
    else if (answer.status >= 400 && answer.status < 500) arrived(form, state, false, { said: word("failed") });
    else throw new Error("not kept");
  } catch {
    // The line is down or the session is over: the browser's copy stays, and it is tried again.
    if (!state.over) show(form, word("draftOffline", { time: clock(Date.now()) }), { tone: "amber" });
    state.timer = setTimeout(send, AGAIN_MS, form);
  }
  state.busy = false;
  if (state.again) send(form);
}

function arrived(form, state, ok, told) {
  if (state.over) return;
  if (!ok) {
    // It went on elsewhere, or may not be kept: from here on only this browser keeps what is typed.
    state.over = true;
    note(told.said);
    return show(form, word("draftKept", { time: clock(Date.now()) }), { tone: "amber", act: () => discard(form) });
  }
  form.dataset.keep = form.elements.draft_seen.value = told.seen;
  if (!state.again && !timers.has(form)) localStorage.removeItem(keyOf(form));
  if (!told.said) return void form.querySelector(".draft-note")?.remove();
  show(form, told.said);
  if (told.told && state.told !== told.told) note(told.told);
  state.told = told.told;
}

function start(form) {
  if (blank.has(form)) return;
  const refused = form.querySelector("[data-errors], [aria-invalid='true']");
  blank.set(form, refused ? null : collect(form));
  if (refused) return keep(form);
  const draft = read(keyOf(form));
  if (!draft) return;
  const now = collect(form);
  if (!draft.files && Object.entries(draft.typed).every(([name, typed]) => JSON.stringify(typed) === JSON.stringify(now[name]))) return localStorage.removeItem(keyOf(form));
  if ("keep" in form.dataset && draft.seen !== form.dataset.keep) {
    // Something newer came from another device: what waits here is shown only if it is asked for.
    const use = () => {
      fill(form, draft.typed);
      keep(form);
      send(form);
    };
    return show(form, word("draftHere", { time: clock(draft.at) }), { tone: "amber", label: word("use"), act: use });
  }
  fill(form, draft.typed);
  if ("keep" in form.dataset) send(form);
  const text = [word("draftBack", { time: clock(draft.at) }), draft.files && word("fileAgain")].filter(Boolean).join(" · ");
  show(form, text);
  announce(text);
}

function sweep(root) {
  for (const meta of root.querySelectorAll("meta[name='draft-saved']")) localStorage.removeItem(prefix + meta.content);
  for (const form of root.querySelectorAll("form[data-draft]")) start(form);
}

if (document.body.dataset.user) {
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) read(key);
  sweep(document);
  document.addEventListener("htmx:load", ({ detail }) => sweep(detail.elt));
  const later = ({ target }) => {
    const form = target.form;
    if (!form || !("draft" in form.dataset)) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(keep, PAUSE_MS, form));
    if (!("keep" in form.dataset)) return;
    const state = sending.get(form) ?? {};
    sending.set(form, state);
    clearTimeout(state.timer);
    state.timer = setTimeout(send, SEND_MS, form);
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  const leave = () => {
    for (const form of document.querySelectorAll("form[data-draft]")) {
      if (timers.has(form)) keep(form);
      const unsent = "keep" in form.dataset && read(keyOf(form));
      if (unsent && new URLSearchParams(new FormData(form)).toString().length < MOST_AT_LEAVING) send(form, true);
    }
  };
  addEventListener("pagehide", leave);
  // A phone may put the page away for good without saying so again.
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  document.addEventListener("submit", ({ target, defaultPrevented }) => {
    const state = sending.get(target);
    if (state && !defaultPrevented) {
      clearTimeout(state.timer);
      state.over = true;
    }
    if (!("signsOut" in target.dataset)) return;
    // What waits to be written down must not be written once all is cleared.
    for (const form of document.querySelectorAll("form[data-draft]")) {
      clearTimeout(timers.get(form));
      timers.delete(form);
    }
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  });
}
