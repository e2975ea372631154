// Makes one part of the page like another and leaves alone what is alike, so that focus, scroll and typing stay.

/** What tells an element from its neighbours, however they move. */
function key(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset?.viewId || "" : "";
}

function alike(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && key(one) === key(other);
}

// What the browser or the page itself sets, and the server knows nothing of.
const OWN = {
  DETAILS: ["open"],
  DIALOG: ["open"],
  UL: ["hidden"],
  LI: ["hidden", "aria-selected"],
  TEXTAREA: ["style", "aria-activedescendant"],
};

function attributes(here, there) {
  const own = OWN[here.nodeName] ?? [];
  for (const { name } of [...here.attributes]) {
    if (!there.hasAttribute(name) && !own.includes(name)) here.removeAttribute(name);
  }
  for (const { name, value } of there.attributes) {
    if (own.includes(name) || here.getAttribute(name) === value) continue;
    here.setAttribute(name, value);
    if (name === "value" && here.nodeName === "INPUT" && here !== document.activeElement) here.value = value;
  }
}

/** What the server says stands in a control, where that is news. */
function state(here, there) {
  if (here === document.activeElement) return;
  if (here.nodeName === "TEXTAREA" && here.defaultValue !== there.defaultValue) here.value = there.defaultValue;
  if (here.nodeName === "INPUT" && here.defaultChecked !== there.defaultChecked) here.checked = there.defaultChecked;
  if (here.nodeName === "OPTION" && here.defaultSelected !== there.defaultSelected) here.selected = there.defaultSelected;
}

export function morph(here, there) {
  if ("own" in (here.dataset ?? {})) return; // what the page says by itself
  state(here, there);
  attributes(here, there);
  let at = here.firstChild;
  for (const wanted of [...there.childNodes]) {
    const found = match(at, wanted);
    if (!found) {
      here.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    while (at !== found) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    at = found.nextSibling;
    if ("same" in (wanted.dataset ?? {}) || found.isEqualNode(wanted)) continue;
    if (found.nodeType === Node.ELEMENT_NODE) morph(found, wanted);
    else found.nodeValue = wanted.nodeValue;
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/** The next of the siblings from `at` on that is the same thing; without an id only the very next. */
function match(at, wanted) {
  if (!key(wanted)) return at && alike(at, wanted) ? at : null;
  for (let one = at; one; one = one.nextSibling) if (alike(one, wanted)) return one;
  return null;
}
