// Forms: one press sends once, unsaved work is not left by mistake, the first error gets the focus.

const RELEASE_AFTER_MS = 5_000;
const dirty = new Set();

function hold(form, button) {
  form.dataset.pending = "";
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-disabled", "true");
  setTimeout(release, RELEASE_AFTER_MS, form);
}

function release(form) {
  delete form.dataset.pending;
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

/** Focus the first wrong field inside `root`. */
export function focusError(root) {
  if (root.querySelector("[data-errors], .err")) root.querySelector("[aria-invalid='true']")?.focus();
}

// Capturing: a second press must be stopped before htmx or anybody else sees it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if ("pending" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  hold(form, event.submitter);
  const guarded = dirty.delete(form);
  setTimeout(() => {
    if (!event.defaultPrevented || form.hasAttribute("hx-post")) return;
    release(form);
    if (guarded) dirty.add(form);
  });
}, true);

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.elt.closest?.("form");
  if (!form) return;
  release(form);
  if (!detail.successful && form.isConnected && !("draft" in form.dataset)) dirty.add(form);
});

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (form?.method === "post" && !("draft" in form.dataset) && target.closest(".field")) dirty.add(form);
});

document.addEventListener("reset", ({ target }) => dirty.delete(target));

addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-pending]").forEach(release));

focusError(document);
