// Lists: select all, a run of rows with shift, and the count on the bulk bar (which CSS shows while anything is selected).

let last = null;

const boxes = (form) => [...form.querySelectorAll("[data-select]")];

function count(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  for (const place of form.querySelectorAll("[data-count]")) place.textContent = place.dataset.words.replace("{n}", chosen);
  const head = form.querySelector("[data-select-all]");
  if (!head) return;
  head.checked = chosen > 0 && chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  const form = box.form;
  if (!form) return;
  if (box.matches("[data-select-none]")) for (const each of boxes(form)) each.checked = false;
  else if (box.matches("[data-select-all]")) for (const each of boxes(form)) each.checked = box.checked;
  else if (!box.matches("[data-select]")) return;
  else if (event.shiftKey && last?.form === form) {
    const all = boxes(form);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const each of all.slice(from, to + 1)) each.checked = box.checked;
  }
  if (box.matches("[data-select]")) last = box;
  count(form);
});

const start = () => document.querySelectorAll("form:has([data-count])").forEach(count);
document.addEventListener("htmx:afterSwap", start);
addEventListener("pageshow", start);
