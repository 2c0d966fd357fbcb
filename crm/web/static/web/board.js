// The board: cards move between lanes by pointer, by keys, or by choosing a lane (which is also the way for touch and screen readers).
// The server decides: it answers the drop with fresh lanes, with a fragment that asks for what is missing, or with a refusal.

import { closeDialog, reason, showElements, showFragment } from "./dialog.js";
import { announce, follow, headers, note, word } from "./say.js";

const START_PX = 6;
const EDGE_PX = 48;
let held = null; // {card, lane, next}: where the card in hand came from
let drag = null;
let quiet = false;

const name = (card) => card.querySelector("a").textContent.trim();
const laneOf = (element) => element?.closest("[data-lane]");
const label = (lane) => lane.querySelector("h2").textContent.trim();
const lanes = (card) => [...card.closest("[data-board]").querySelectorAll("[data-lane]")];

function hover(lane) {
  for (const each of document.querySelectorAll(".lane.over")) if (each !== lane) each.classList.remove("over");
  lane?.classList.add("over");
}

function pickUp(card) {
  held = { card, lane: laneOf(card), next: card.nextElementSibling };
  card.classList.add("held");
}

function letGo() {
  held?.card.classList.remove("held", "dragged", "pending");
  if (held) held.card.style.translate = "";
  hover(null);
  document.body.classList.remove("dragging");
  held = null;
}

/** Put a card into a lane without losing the focus on its grip. */
function place(card, lane, before = null) {
  const focused = card.contains(document.activeElement);
  quiet = true;
  lane.querySelector("ul").insertBefore(card, before ?? null);
  if (focused) card.querySelector("[data-grip]").focus();
  quiet = false;
}

function putBack() {
  const { card, lane, next } = held;
  if (lane.isConnected) place(card, lane, next?.isConnected ? next : null);
  letGo();
  announce(word("back", { card: name(card), lane: label(lane) }));
}

function refresh(html) {
  const focused = document.activeElement.closest("[data-card]")?.dataset.card;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  for (const lane of fresh.content.querySelectorAll("[data-lane]")) {
    const old = document.querySelector(`[data-board] [data-lane="${CSS.escape(lane.dataset.lane)}"]`);
    old?.replaceWith(lane);
    htmx.process(lane);
  }
  if (focused) document.querySelector(`[data-card="${CSS.escape(focused)}"] [data-grip]`)?.focus();
}

async function drop(lane) {
  const { card, lane: from } = held;
  if (lane === from) return putBack();
  place(card, lane, lane.querySelector("ul").firstElementChild);
  card.style.translate = "";
  card.classList.add("pending");
  const address = card.dataset.moveUrl;
  const board = card.closest("[data-board]");
  let answer, text;
  try {
    answer = await fetch(address, { method: "POST", headers: headers(), body: new URLSearchParams({ [board.dataset.board || "stage"]: lane.dataset.lane }) });
    text = await answer.text();
  } catch {
    putBack();
    return note(word("offline"));
  }
  if (follow(answer)) return;
  if (!answer.ok && answer.status !== 422) {
    putBack();
    return note(reason(answer.headers.get("Content-Type"), text));
  }
  if (text.includes("dialog-title")) {
    putBack();
    return showFragment(text, address);
  }
  const said = word("moved", { card: name(card), lane: label(lane) });
  letGo();
  refresh(text);
  announce(said);
}

function chooseLane(card) {
  const head = document.createElement("header");
  const title = Object.assign(document.createElement("h2"), { id: "dialog-title", textContent: word("moveTo", { card: name(card) }) });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: word("close") });
  close.dataset.close = "";
  head.append(title, close);
  const list = Object.assign(document.createElement("div"), { className: "body entries stack" });
  for (const lane of lanes(card)) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: label(lane), disabled: lane === laneOf(card) });
    button.addEventListener("click", () => {
      closeDialog();
      pickUp(card);
      drop(lane);
    });
    list.append(button);
  }
  showElements(head, list);
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-grip]")?.closest("[data-card]");
  if (!card) return;
  if (!held && event.key === " ") {
    pickUp(card);
    announce(word("picked", { card: name(card), lane: label(laneOf(card)) }));
  } else if (held?.card !== card) return;
  else if (event.key === " " || event.key === "Enter") drop(laneOf(card));
  else if (event.key === "Escape") putBack();
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const all = lanes(card);
    const next = all[all.indexOf(laneOf(card)) + (event.key === "ArrowRight" ? 1 : -1)];
    if (next) {
      place(card, next, next.querySelector("ul").firstElementChild);
      hover(next);
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
      announce(word("over", { lane: label(next) }));
    }
  } else return;
  event.preventDefault();
});

// A space on a button clicks when the key comes up; here it has acted already.
document.addEventListener("keyup", (event) => {
  if (event.key === " " && event.target.closest?.("[data-grip]")) event.preventDefault();
});

document.addEventListener("focusout", (event) => {
  if (held && !drag && !quiet && !held.card.classList.contains("pending") && event.target.closest("[data-card]") === held.card) putBack();
});

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("[data-board] [data-card]");
  const touch = event.pointerType !== "mouse";
  if (!card || held || event.button || (touch && !event.target.closest("[data-grip]"))) return;
  drag = { card, x: event.clientX, y: event.clientY, id: event.pointerId, moved: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.moved) {
    if (Math.hypot(x, y) < START_PX) return;
    drag.moved = true;
    drag.board = drag.card.closest("[data-board]");
    drag.scroll = drag.board.scrollLeft;
    pickUp(drag.card);
    drag.card.classList.add("dragged");
    document.body.classList.add("dragging");
    getSelection().removeAllRanges();
  }
  const edge = drag.board.getBoundingClientRect();
  if (event.clientX > edge.right - EDGE_PX) drag.board.scrollLeft += 12;
  else if (event.clientX < edge.left + EDGE_PX) drag.board.scrollLeft -= 12;
  drag.card.style.translate = `${x + drag.board.scrollLeft - drag.scroll}px ${y}px`;
  hover(laneOf(document.elementFromPoint(event.clientX, event.clientY)));
});

function release(event) {
  if (!drag || event.pointerId !== drag.id) return;
  const { moved } = drag;
  drag = null;
  if (!moved) return;
  // The click that follows a drag opens nothing.
  const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  const lane = event.type === "pointerup" && laneOf(document.elementFromPoint(event.clientX, event.clientY));
  if (lane) drop(lane);
  else putBack();
}
document.addEventListener("pointerup", release);
document.addEventListener("pointercancel", release);
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-board]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (grip && !held) chooseLane(grip.closest("[data-card]"));
});

document.addEventListener("lanes", ({ detail }) => refresh(detail));
