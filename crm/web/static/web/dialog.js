// Dialogs: a link with data-dialog shows its page's fragment over this page; without scripts it is a plain link.

import { focusError } from "./forms.js";
import { note, signedOut, word } from "./say.js";

const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");

function dress() {
  for (const form of body.querySelectorAll("form[method='post']:not([hx-post])")) {
    form.setAttribute("hx-post", form.getAttribute("action") || body.dataset.from);
    form.setAttribute("hx-target", "#dialog-body");
    if (form.enctype === "multipart/form-data") form.setAttribute("hx-encoding", form.enctype);
  }
  htmx.process(body);
}

function open() {
  if (!body.childElementCount) return dialog.close();
  dress();
  if (!dialog.open) dialog.showModal();
  body.querySelector("[autofocus], .field :is(input, select, textarea):not([type='hidden']), form button, .entries button:enabled")?.focus();
  focusError(body);
}

/** Show a fragment that came from `address`. */
export function showFragment(html, address) {
  body.dataset.from = address;
  body.innerHTML = html;
  open();
}

/** Show elements made here. */
export function showElements(...elements) {
  body.replaceChildren(...elements);
  open();
}

export function closeDialog() {
  if (dialog?.open) dialog.close();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    body.dataset.from = link.getAttribute("href");
    htmx.ajax("GET", link.href, { target: "#dialog-body", source: link });
    return;
  }
  const closer = event.target.closest("[data-close]");
  const over = closer?.closest("dialog") ?? (event.target.matches?.("dialog.modal, dialog.palette") ? event.target : null);
  if (over) {
    event.preventDefault();
    over.close();
  }
  if (event.target.closest("[data-keys]")) document.getElementById("keys").showModal();
  event.target.closest("[data-dismiss]")?.closest(".msg").remove();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".pop > :is(a, button)")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

dialog?.addEventListener("close", () => body.replaceChildren());

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr } = event.detail;
  if (signedOut(xhr.getResponseHeader("HX-Redirect") ?? xhr.responseURL)) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr, target } = detail;
  if (target === body && xhr.responseText.includes("data-lane")) {
    detail.shouldSwap = false;
    closeDialog();
    document.dispatchEvent(new CustomEvent("lanes", { detail: xhr.responseText }));
  } else if (target === body && /^\s*<!doctype/i.test(xhr.responseText)) {
    // A whole page: the act is done and the server went on to it. Follow.
    detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  }
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target === body) open();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.xhr?.status === 204 && dialog?.contains(detail.elt)) closeDialog();
});

document.addEventListener("htmx:responseError", ({ detail }) => note(reason(detail.xhr.getResponseHeader("Content-Type"), detail.xhr.responseText)));
document.addEventListener("htmx:sendError", () => note(word("offline")));

/** What a refusal says: the server's own sentence where it sent one, else a general one. */
export function reason(type, text) {
  return type?.startsWith("text/plain") && text.trim() ? text.trim() : word("failed");
}
