// Find or do: a combobox over one fragment from the server, which holds what was found and the commands.

import { follow, headers, word } from "./say.js";

const PAUSE_MS = 120;
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const results = dialog?.querySelector("[role='listbox']");
const status = dialog?.querySelector("[role='status']");
let timer = 0;
let asking = null;

const options = () => [...results.querySelectorAll("[role='option']")];
const active = () => results.querySelector("[aria-selected='true']");

function choose(option) {
  active()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function step(by) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(active()) + by + all.length) % all.length]);
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const query = input.value.trim();
  try {
    const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(query)}`, { headers: headers(), signal: asking.signal });
    if (follow(answer)) return;
    if (!answer.ok) throw new Error(String(answer.status));
    results.innerHTML = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") return;
    results.replaceChildren();
    status.textContent = word("offline");
    return;
  }
  const all = options();
  input.setAttribute("aria-expanded", String(all.length > 0));
  status.textContent = all.length ? "" : word("nothing");
  choose(query ? all[0] : null);
}

/** Open the palette, with a query to begin with. */
export function openPalette(query = "") {
  if (!dialog) return;
  document.querySelector("dialog:modal:not(#palette)")?.close();
  if (!dialog.open) dialog.showModal();
  input.value = query;
  input.select();
  ask();
}

input?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
});

input?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && active()) {
    event.preventDefault();
    active().click();
  }
});

// The field in the bar is a plain search form; a click with the pointer opens the palette instead.
document.querySelector("[data-find] input")?.addEventListener("mousedown", (event) => {
  event.preventDefault();
  openPalette(event.target.value);
});
