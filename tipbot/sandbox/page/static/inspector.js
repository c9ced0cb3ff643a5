// What the bot asks of Telegram and what it is told, and switches that let it go wrong.

import { act, ask } from "./api.js";
import { button, fill, make } from "./dom.js";
import { chatOf, state } from "./store.js";
import { clockTime } from "./times.js";

const MOST_SHOWN = 200;
const SWITCHES = [
  ["TOO_MANY_REQUESTS", "429 Too Many Requests", "Telegram asks to wait 3 seconds."],
  ["SERVER_ERROR", "500 Internal Server Error", "Nothing was done."],
  ["HANG_AFTER", "No answer", "It was done, but the bot never learns it."],
  ["BLOCKED", "403 Blocked", "As if whoever is written to had blocked the bot."],
];
const OFTEN = [["0", "the next call"], ["10", "every tenth call"], ["1", "every call"]];

/** The panel; it asks for new calls only while it is shown. */
export class Inspector {
  constructor() {
    this.list = make("ol", { class: "calls", reversed: true });
    this.switches = make("div", { class: "faults" });
    this.count = make("span", {}, "");
    this.element = make("section", { class: "inspector", "aria-labelledby": "inspector-title" },
      make("h2", {}, "Let it go wrong"), this.switches,
      make("h2", { id: "inspector-title" }, "Calls of the bot ", this.count), this.list);
    this.seen = 0;
    this.asking = false;
    this.drawFaults();
  }

  /** Draw what is new. */
  async draw() {
    this.drawFaults();
    this.count.textContent = `(${state.calls.toLocaleString("en-GB")})`;
    if (this.asking || state.calls === this.seen || !this.element.isConnected) return;
    this.asking = true;
    try {
      const calls = await ask(`/api/calls?after=${this.seen}`);
      this.seen = calls.at(-1)?.number ?? state.calls;
      this.list.prepend(...calls.reverse().map(callItem));
      while (this.list.childElementCount > MOST_SHOWN) this.list.lastElementChild.remove();
    } finally {
      this.asking = false;
    }
    if (state.calls > this.seen) this.draw();
  }

  drawFaults() {
    const shown = JSON.stringify(state.faults);
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = document.activeElement?.id;
    fill(this.switches, SWITCHES.map(([kind, name, about]) => faultRow(kind, name, about)));
    if (focused) document.getElementById(focused)?.focus();
  }
}

function faultRow(kind, name, about) {
  const active = state.faults.find((fault) => fault.kind === kind);
  const often = make("select", { "aria-label": `${name}: how often`, id: `often-${kind}` },
    OFTEN.map(([value, words]) => make("option", { value, selected: active && value === oftenOf(active) }, words)));
  const toggle = button(active ? "On" : "Off", () => switched(), {
    class: "switch", role: "switch", "aria-checked": String(Boolean(active)), "aria-label": name, id: `switch-${kind}`,
  });
  function switched() {
    if (active) act("mend", { kind });
    else act("fault", { kind, every: Number(often.value) });
  }
  often.addEventListener("change", () => active && act("fault", { kind, every: Number(often.value) }));
  const met = active?.met ? ` ${active.met} so far.` : "";
  return make("div", { class: `fault${active ? " active" : ""}` },
    make("div", {}, make("strong", {}, name), make("p", { class: "small" }, about + met)), often, toggle);
}

function oftenOf(fault) {
  return fault.times === 1 ? "0" : String(fault.every);
}

function callItem(call) {
  const to = call.chat_id === null ? "" : chatOf(call.chat_id)?.title ?? String(call.chat_id);
  const time = clockTime(Date.parse(call.at), "Europe/London");
  const details = make("details", {}, make("summary", {},
    make("span", { class: `status ${call.ok ? "ok" : "bad"}` }, String(call.status)),
    make("span", { class: "method" }, call.method), make("span", { class: "to" }, to), make("time", {}, time)));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(block("Asked", call.parameters), block("Answered", call.answer));
  });
  return make("li", {}, details);
}

function block(title, value) {
  const words = JSON.stringify(value, null, 2);
  return make("div", { class: "json" }, make("h4", {}, title), make("pre", { tabindex: "0", "aria-label": title }, words));
}
