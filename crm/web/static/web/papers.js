// Papers: copy a text that is shown, print the page.
import { announce } from "./say.js";

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText);
    announce(button.dataset.copied);
    button.textContent = button.dataset.copied;
  } catch {
    // No clipboard without HTTPS: mark the text, so that the keyboard copies it.
    getSelection().selectAllChildren(document.querySelector(button.dataset.copy));
  }
});
