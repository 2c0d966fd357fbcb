// Drafts: a form with data-draft="key" keeps what was typed in this browser until the server says that it is saved.
// Per user, for half a working day; never passwords, files or hidden fields; gone at sign-out.

import { announce, word } from "./say.js";

const LIFE_MS = 12 * 3_600_000;
const PAUSE_MS = 400;
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);
const prefix = `draft:${document.body.dataset.user}:`;
const blank = new WeakMap();
const timers = new WeakMap();

const keyOf = (form) => prefix + form.dataset.draft;
const controls = (form) => [...form.elements].filter((control) => control.name && !NEVER.has(control.type));
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

function show(form, text) {
  let line = form.querySelector(".draft-note");
  if (!line) {
    line = document.createElement("span");
    line.className = "draft-note";
    line.innerHTML = '<span class="chip jade"></span><button type="button" class="link"></button>';
    line.lastChild.textContent = word("discard");
    line.lastChild.addEventListener("click", () => discard(form));
    (form.querySelector("[data-draft-note]") ?? form).prepend(line);
  }
  line.firstChild.textContent = text;
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
  if (!Object.keys(typed).length) {
    localStorage.removeItem(keyOf(form));
    form.querySelector(".draft-note")?.remove();
    return;
  }
  const at = Date.now();
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at, typed }));
    show(form, word("draftKept", { time: clock(at) }));
  } catch { /* the browser's store is full or closed: the form itself still holds everything */ }
}

function start(form) {
  if (blank.has(form)) return;
  const refused = form.querySelector("[data-errors], [aria-invalid='true']");
  blank.set(form, refused ? null : collect(form));
  if (refused) return keep(form);
  const draft = read(keyOf(form));
  if (!draft) return;
  fill(form, draft.typed);
  const text = word("draftBack", { time: clock(draft.at) });
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
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form[data-draft]")) if (timers.has(form)) keep(form);
  });
  document.addEventListener("submit", ({ target }) => {
    if (!("signsOut" in target.dataset)) return;
    // What waits to be written down must not be written once all is cleared.
    for (const form of document.querySelectorAll("form[data-draft]")) {
      clearTimeout(timers.get(form));
      timers.delete(form);
    }
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  });
}
