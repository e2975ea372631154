// While a message is typed: Enter sends it, and commands, people and channels are suggested.

const MOST = 8;

/** The word before the cursor that may mean something: a command from the start, or a name. */
function word(field) {
  const before = field.value.slice(0, field.selectionStart);
  return before.match(/^\/[\w-]*(?: [\w]*)?$/)?.[0] ?? before.match(/(?<=^|\s)[@#][\w.-]*$/)?.[0] ?? null;
}

function options(list) {
  return [...list.children].filter((one) => !one.hidden);
}

function choose(field, list, chosen) {
  for (const one of list.children) one.setAttribute("aria-selected", String(one === chosen));
  if (chosen) {
    field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function fits(one, typed) {
  const put = one.dataset.put.toLowerCase().trim();
  if (put === typed.trim() || put[0] !== typed[0]) return false;
  if (typed[0] === "/") return put.startsWith(typed) && put.includes(" ") === typed.includes(" ");
  return put.startsWith(typed) || one.textContent.toLowerCase().includes(typed.slice(1));
}

function offer(field) {
  const list = document.getElementById(field.getAttribute("aria-controls"));
  const typed = word(field)?.toLowerCase();
  let count = 0;
  for (const one of list.children) one.hidden = !typed || !fits(one, typed) || ++count > MOST;
  list.hidden = !count;
  choose(field, list, null);
}

function put(field, list, chosen) {
  const typed = word(field) ?? "";
  const at = field.selectionStart;
  field.setRangeText(chosen.dataset.put, at - typed.length, at, "end");
  offer(field);
  grow(field);
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 240)}px`;
}

function press(event) {
  const field = event.target;
  if (!field.matches?.("[data-compose]") || event.isComposing) return;
  const list = document.getElementById(field.getAttribute("aria-controls"));
  const shown = list.hidden ? [] : options(list);
  const chosen = shown.find((one) => one.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (shown.length && step) {
    const from = chosen ? shown.indexOf(chosen) : step > 0 ? -1 : 0;
    choose(field, list, shown.at((from + step) % shown.length));
  } else if (shown.length && (event.key === "Tab" || (event.key === "Enter" && chosen)) && !event.shiftKey) {
    put(field, list, chosen ?? shown[0]);
  } else if (shown.length && event.key === "Escape") {
    list.hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey) {
    list.hidden = true;
    field.form.requestSubmit();
  } else {
    return;
  }
  event.preventDefault();
}

export function suggest() {
  document.addEventListener("keydown", press);
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-compose]")) return;
    offer(event.target);
    grow(event.target);
  });
  document.addEventListener("reset", (event) => {
    for (const field of event.target.querySelectorAll("[data-compose]")) field.style.height = "";
  });
  document.addEventListener("pointerdown", (event) => {
    const chosen = event.target.closest?.("[role=listbox] [data-put]");
    if (!chosen) return;
    event.preventDefault();
    const list = chosen.parentElement;
    put(list.parentElement.querySelector("[data-compose]"), list, chosen);
  });
}
