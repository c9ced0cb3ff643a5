// Short notes that go by themselves, alerts that must be closed, and questions.

import { button, fill, icon, make } from "./dom.js";

const TOAST_MILLISECONDS = 4000;

/** Show a short note. */
export function toast(words) {
  const note = make("div", { class: "toast" }, words);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), TOAST_MILLISECONDS);
}

/** Show an alert that has to be closed. */
export function alertBox(title, words) {
  openDialog(title, make("p", { class: "alert-words" }, words), button("OK", closeDialog, { class: "primary", autofocus: true }));
}

/** Let somebody choose one of a few words, and hand it on. */
export function chooseFrom(title, explanation, choices, chosen) {
  const list = choices.map((choice) => button(choice, () => { closeDialog(); chosen(choice); }, { class: "choice" }));
  openDialog(title, make("p", {}, explanation), make("div", { class: "choices" }, list));
}

/** Open the dialog with this content. */
export function openDialog(title, ...content) {
  const dialog = document.getElementById("dialog");
  const head = make("div", { class: "dialog-head" },
    make("h2", { id: "dialog-title" }, title),
    button(icon("close"), closeDialog, { class: "round", "aria-label": "Close" }));
  fill(dialog, head, ...content);
  if (!dialog.open) dialog.showModal();
}

/** Close the dialog. */
export function closeDialog() {
  document.getElementById("dialog").close();
}

/** Open a small list of things to do beside an element; each is a label and what it does. */
export function openActions(near, choices) {
  const sheet = document.getElementById("actions");
  const items = choices.map(([words, chosen]) => button(words, () => { sheet.hidePopover(); chosen(); }));
  fill(sheet, items);
  sheet.showPopover();
  const place = near.getBoundingClientRect();
  const left = Math.min(place.left, innerWidth - sheet.offsetWidth - 8);
  const below = place.bottom + 4 + sheet.offsetHeight < innerHeight;
  const top = below ? place.bottom + 4 : place.top - sheet.offsetHeight - 4;
  sheet.style.left = `${Math.max(8, left)}px`;
  sheet.style.top = `${Math.min(Math.max(8, top), innerHeight - sheet.offsetHeight - 8)}px`;
  sheet.onkeydown = (event) => walk(event, items);
  // What was chosen may have taken the focus somewhere else by now.
  sheet.ontoggle = (event) => {
    if (event.newState === "closed" && document.activeElement === document.body) near.focus({ preventScroll: true });
  };
  items[0]?.focus();
}

function walk(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement) + step;
  items[(at + items.length) % items.length].focus();
}
