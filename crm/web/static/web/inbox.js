// The inbox: the first request opens beside the list on a desk; rows follow what is chosen; a decision tells how long the list was.

import { focusError } from "./forms.js";

const DESK = "(min-width: 60.01rem)";
const inbox = () => document.querySelector("[data-inbox]");
const rows = () => [...document.querySelectorAll("[data-follow] [data-open]")];

function mark(link) {
  for (const each of rows()) each.toggleAttribute("aria-current", false);
  link?.setAttribute("aria-current", "true");
}

function begin() {
  const pane = document.getElementById("pane");
  const first = rows()[0];
  if (!pane || !first || pane.childElementCount || !matchMedia(DESK).matches) return;
  mark(first);
  htmx.ajax("GET", first.getAttribute("href"), { target: "#pane" });
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.matches("[data-acts]")) detail.parameters.shown = rows().length;
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("[data-follow] [data-open]")) mark(detail.elt);
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id !== "pane" || !inbox()) return;
  const pane = document.getElementById("pane");
  if (pane.querySelector("[data-errors], .err")) return focusError(pane);
  // After a decision the heading says which request is next; while rows are walked through, the row keeps the focus.
  if (!detail.requestConfig?.elt?.matches("[data-open]")) pane.querySelector(".title, h2")?.focus();
  if (!matchMedia(DESK).matches) scrollTo({ top: 0 });
});

begin();
