// Builds elements. Nothing here or anywhere else turns foreign text into HTML: text becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";
const SAFE_SCHEMES = ["http:", "https:", "mailto:"];

/** Return an element with attributes ("on" holds listeners) and children; null and false are left out. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else {
      element.setAttribute(key, value === true ? "" : String(value));
    }
  }
  put(element, children);
  return element;
}

/** Append nodes and strings, however nested; null and false are left out. */
export function put(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child);
  }
  return element;
}

/** Replace everything inside an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  return put(element, children);
}

/** Draw into an element only when what it shows, the key, is new: a click must meet the button it began on. */
export function fillOnce(element, key, content) {
  const known = JSON.stringify(key);
  if (element.dataset.key === known) return;
  element.dataset.key = known;
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  fill(element, content());
  if (focused) document.getElementById(focused)?.focus();
}

/** Return a picture from icons.svg; it says nothing to screen readers. */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  picture.append(use);
  return picture;
}

/** Return a button; without visible words it needs a label. */
export function button(words, listener, attributes = {}) {
  return make("button", { type: "button", ...attributes, on: { click: listener } }, words);
}

/** Return an address that may be opened, or null: scripts are none. */
export function safeAddress(address) {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  try {
    const parsed = new URL(whole);
    return SAFE_SCHEMES.includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** Return a link that opens beside the page, or plain text for an address that must not be opened. */
export function link(address, ...children) {
  const href = safeAddress(address);
  if (href === null) return make("span", {}, ...children);
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Say something to screen readers. */
export function announce(words) {
  const announcer = document.getElementById("announcer");
  announcer.append(make("p", {}, words));
  while (announcer.childElementCount > 5) announcer.firstElementChild.remove();
}
