// Keys: rows with j, k or arrows, x selects, y and n answer a question, g goes, ? tells. Never while typing; single letters can be turned off (WCAG 2.1.4).

import { openPalette } from "./palette.js";

const PAGES = { t: "/", c: "/clients/", p: "/prospects/", v: "/visits/" };
const GO_MS = 1_200;
const OFF = "keys-off";
let going = 0;

const typing = (element) => element.checkVisibility() && element.matches("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable]");
const links = () => [...document.querySelectorAll("[data-row] [data-open]")];

function step(by, current) {
  const rows = links();
  const at = rows.indexOf(current);
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.focus();
  next?.closest("[data-row]").scrollIntoView({ block: "nearest" });
  if (next !== current && next?.closest("[data-follow]")) next.click();
}

// The act of the deck that has this key: a request is decided by one letter; not while the next one is on its way, which the list names already.
const underway = () => document.querySelector("[data-inbox] .htmx-request, [data-inbox].htmx-request");
const act = (key) => !underway() && document.querySelector(`main .deck [data-key="${CSS.escape(key)}"]:enabled`);
const chosen = () => document.querySelector("[data-follow] [data-open][aria-current]");

function letter(key, row) {
  if (performance.now() < going) {
    going = 0;
    return document.querySelector(`.rail a[href="${PAGES[key]}"]`)?.click();
  }
  if (key === "g") going = performance.now() + GO_MS;
  else if (key === "j") step(1, chosen() ?? row?.querySelector("[data-open]"));
  else if (key === "k") step(-1, chosen() ?? row?.querySelector("[data-open]"));
  else if (act(key)) act(key).click();
  else if (key === "x") row?.querySelector("[data-select]")?.click();
  else if (key === "y" || key === "n") (row ?? document).querySelector(`main [data-key="${key}"]`)?.click();
  else if (key === "?") document.getElementById("keys").showModal();
  else if (key === "/") openPalette();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    const again = key === "Enter" && target.form?.querySelector("[data-tried]:enabled");
    if (again) {
      event.preventDefault();
      return again.click();
    }
    if (key.toLowerCase() !== "k") return;
    event.preventDefault();
    return openPalette();
  }
  if (!target.matches || typing(target) || document.querySelector("dialog:modal")) return;
  const row = target.closest("[data-row]");
  if (row && target.matches("[data-open]") && (key === "ArrowDown" || key === "ArrowUp")) {
    event.preventDefault();
    return step(key === "ArrowDown" ? 1 : -1, target);
  }
  // A key that is held moves on through rows, and does nothing else again: it would decide one request after the other.
  if (event.repeat && key !== "j" && key !== "k") return;
  if (key.length === 1 && !localStorage.getItem(OFF) && letter(key, row)) event.preventDefault();
});

const box = document.getElementById("single-keys");
if (box) {
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
}
