// What the page does by itself: it stays as the workspace is, and posts what a person does without leaving it.
import { morph } from "./morph.js";
import { suggest } from "./suggest.js";

/** What had the focus when a form opened, and gets it back. */
let opener;
const waiting = { draw: false, drawing: false };
/** The address that is shown, as of the changes that the body tells. */
let shown = location.href;
const problem = () => document.getElementById("problem");

function atEnd(scroll) {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
}

function toEnd(scrolls) {
  for (const scroll of scrolls) scroll.scrollTop = scroll.scrollHeight;
}

/** Shows a page that came in place of the one there is: focus, scroll and what is typed stay. Messages may come as no
 * more than a word that they are the same; where one is not there, nothing is done, and the answer is false. */
function show(html) {
  const came = new DOMParser().parseFromString(html, "text/html");
  if ([...came.querySelectorAll("[data-same]")].some((one) => !document.getElementById(one.id))) return false;
  shown = location.href;
  const ended = [...document.querySelectorAll("[role=log]")].filter(atEnd);
  const before = document.querySelector("[role=dialog]")?.dataset.viewId;
  const focused = document.activeElement;
  const message = focused?.closest("article")?.id;
  document.title = came.title;
  morph(document.body, came.body);
  toEnd(ended.filter((scroll) => scroll.isConnected));
  const form = document.querySelector("[role=dialog]");
  const wrong = form?.querySelector("[aria-invalid=true]");
  if (form && !before) opener = focused;
  if (form && form.dataset.viewId !== before) enter(form);
  else if (wrong && !form.contains(document.activeElement)) wrong.focus();
  else if (before && !form) (opener?.isConnected ? opener : composer())?.focus();
  else if (message && !focused.isConnected) document.getElementById(message)?.querySelector("button, summary")?.focus();
  return true;
}

function composer() {
  return document.querySelector("[data-compose]");
}

/** Into a form that opened: its first field. */
function enter(form) {
  form.querySelector(".form-body :is(input, select, textarea, summary), footer button")?.focus();
}

/** Fetches the page as it is now; one fetch at a time, and another when something happened meanwhile. */
async function redraw() {
  if (waiting.drawing) {
    waiting.draw = true;
    return;
  }
  waiting.drawing = true;
  try {
    const here = location.href;
    const headers = shown === here ? { "Page-Since": document.body.dataset.changes ?? "" } : {};
    const answer = await fetch(location.pathname + location.search, { headers });
    const html = await answer.text();
    if (location.href !== here) waiting.draw = true;
    else if (answer.ok && !show(html)) {
      shown = "";
      waiting.draw = true;
    }
  } finally {
    waiting.drawing = false;
    if (waiting.draw) {
      waiting.draw = false;
      redraw();
    }
  }
}

/** Posts a form as the browser would, and shows what comes back. */
async function post(to, data, button) {
  problem().textContent = "";
  button?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(to, { method: "POST", body: data });
    const html = await answer.text();
    if (!answer.ok) {
      const said = new DOMParser().parseFromString(html, "text/html").getElementById("problem");
      problem().textContent = said?.textContent ?? "That did not work.";
      return false;
    }
    const there = new URL(answer.url);
    if (there.pathname + there.search !== location.pathname + location.search) history.pushState(null, "", there);
    show(html);
    return true;
  } catch {
    problem().textContent = "The workspace does not answer. Is it still running?";
    return false;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", async (event) => {
  if ("leaves" in event.target.dataset) return;
  event.preventDefault();
  const button = event.submitter;
  if (button?.getAttribute("aria-busy")) return;
  const data = new FormData(event.target, button);
  button?.closest("dialog")?.close();
  button?.closest("details")?.removeAttribute("open");
  const said = event.target.matches(".composer") && !button?.hasAttribute("formaction");
  if (said) event.target.reset();
  const done = await post(button?.getAttribute("formaction") ?? event.target.action, data, button);
  if (said && done) toEnd(event.target.parentElement.querySelectorAll("[role=log]"));
  else if (said) event.target.querySelector("textarea").value ||= data.get("text");
});

/** A choice that an app wants to hear of at once. */
document.addEventListener("change", (event) => {
  const to = event.target.dataset?.act;
  if (to && event.target.form) post(to, new FormData(event.target.form));
});

/** What an app offers for the words typed into a select of its own. */
document.addEventListener("input", async (event) => {
  const asks = event.target.dataset?.asks;
  if (!asks) return;
  const answer = await fetch(`${asks}&typed=${encodeURIComponent(event.target.value)}`);
  if (answer.ok) event.target.list.innerHTML = await answer.text();
});

async function copy(text) {
  await navigator.clipboard.writeText(text);
  problem().textContent = "Copied.";
}

document.addEventListener("click", (event) => {
  const { opens, closes, copies } = event.target.closest("button")?.dataset ?? {};
  if (opens) document.getElementById(opens).showModal();
  if (closes) document.getElementById(closes).close();
  if (copies) copy(document.getElementById(copies).textContent);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (!document.querySelector("dialog[open]")) {
    document.querySelector("[role=dialog] .dismiss")?.click();
  }
});

addEventListener("popstate", redraw);
suggest();
toEnd(document.querySelectorAll("[role=log]"));
const opened = document.querySelector("[role=dialog]");
if (opened) enter(opened);
else if (matchMedia("(min-width: 700px)").matches) composer()?.focus();
if (document.body.dataset.changes) {
  new EventSource(`/changes?since=${document.body.dataset.changes}`).addEventListener("message", redraw);
}
