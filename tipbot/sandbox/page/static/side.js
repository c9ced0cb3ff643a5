// The right column: tour or inspector, one at a time or none; and the switches for them and for light and dark.

import { button, fill, icon, make } from "./dom.js";
import { Inspector } from "./inspector.js";
import { state } from "./store.js";
import { tourPanel, tourProgress } from "./tour.js";

const ROOMY = matchMedia("(min-width: 1181px)");
const inspector = new Inspector();
let shown = null;
let drawnSwitches = "";
let drawnTour = "";

applyTheme(localStorage.getItem("theme"));
// Where the panel lies over the chat, the way to a chat leads out of it.
document.getElementById("side").addEventListener("click", (event) => {
  if (event.target.closest(".step a") && !ROOMY.matches) turn("");
});

/** Draw the buttons at the top right. */
export function drawSwitches() {
  if (shown === null) shown = state.around && ROOMY.matches ? "tour" : "";
  const key = JSON.stringify([shown, Boolean(state.around), state.around && tourProgress(), state.faults.length]);
  if (key === drawnSwitches) return;
  drawnSwitches = key;
  const place = document.getElementById("switches");
  const focused = place.contains(document.activeElement) ? document.activeElement.id : null;
  fill(place,
    state.around ? panelSwitch("tour", "tour", ["Tour ", make("span", { class: "progress" }, tourProgress())]) : null,
    panelSwitch("inspector", "inspect", ["Inspector", state.faults.length ? make("span", { class: "alarm" }, "faults on") : null]),
    button(icon("theme"), turnTheme, { class: "round", "aria-label": "Light or dark", id: "theme" }));
  if (focused) document.getElementById(focused)?.focus();
}

/** Draw the panel that is shown. */
export function drawSide() {
  const side = document.getElementById("side");
  side.hidden = !shown || (shown === "tour" && !state.around);
  document.body.classList.toggle("has-side", !side.hidden);
  if (shown === "tour" && state.around) drawTour(side);
  else if (shown === "inspector") {
    if (!side.contains(inspector.element)) put(side, inspector.element);
    inspector.draw();
  }
}

function drawTour(side) {
  const key = JSON.stringify([state.around.tour, state.around.crowd, state.around.gathering]);
  if (key === drawnTour && side.querySelector(".tour")) return;
  drawnTour = key;
  const focused = side.contains(document.activeElement) ? document.activeElement.id : null;
  put(side, tourPanel());
  if (focused) document.getElementById(focused)?.focus();
}

function put(side, panel) {
  fill(side, button(icon("close"), () => turn(""), { class: "round close-side", "aria-label": "Close", id: "close-side" }), panel);
}

function panelSwitch(name, picture, words) {
  const attributes = { class: "panel-switch", "aria-pressed": String(shown === name), id: `show-${name}` };
  return button([icon(picture), make("span", { class: "panel-words" }, words)], () => turn(shown === name ? "" : name), attributes);
}

function turn(name) {
  const was = shown;
  shown = name;
  drawSwitches();
  drawSide();
  if (name && !ROOMY.matches) document.getElementById("close-side")?.focus();
  if (!name) document.getElementById(`show-${was}`)?.focus();
}

function turnTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  applyTheme(dark ? "light" : "dark");
  localStorage.setItem("theme", dark ? "light" : "dark");
}

function applyTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
