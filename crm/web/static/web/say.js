// Words of the scripts (they come with the page, in its language), announcements for screen readers, and notes to the user.

const words = document.getElementById("words")?.dataset ?? {};

/** The sentence `name`, with {places} filled in. */
export function word(name, places = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, place) => places[place] ?? whole);
}

/** Tell a screen reader. */
export function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

/** Show a message as the server's own look; it stays until closed. */
export function note(text, tone = "error") {
  const box = document.getElementById("messages");
  const model = document.getElementById("message");
  if (!box || !model || !text) return;
  const message = model.content.firstElementChild.cloneNode(true);
  message.classList.add(tone);
  message.querySelector("span").textContent = text;
  box.append(message);
}

/** The CSRF header, as the page gives it to htmx. */
export function headers() {
  return { ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"), "HX-Request": "true" };
}

/** Where the session is lost, sign in and come back to this page, where what was typed waits as a draft. True if so. */
export function signedOut(address) {
  const signIn = document.body.dataset.signIn;
  if (!signIn || !address || new URL(address, location.href).pathname !== signIn) return false;
  location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
  return true;
}

/** Go where the answer of a fetch sends the page. False where it stays. */
export function follow(answer) {
  const address = answer.headers.get("HX-Redirect") ?? (answer.redirected ? answer.url : "");
  if (address && !signedOut(address)) location.assign(address);
  return Boolean(address);
}
