// The demo's time where each person is, and the ways to move it on.

import { act } from "./api.js";
import { button, fill, fillOnce, make } from "./dom.js";
import { now, personOf, state } from "./store.js";
import { dayAndTime } from "./times.js";

/** The bar at the top; `who()` tells whose clock counts. */
export class ClockBar {
  constructor(who) {
    this.who = who;
    this.zones = make("div", { class: "zones" });
    this.field = make("input", {
      class: "moment-field", "aria-label": "Move the clock to", placeholder: "friday 7pm", size: "10", autocomplete: "off",
    });
    const form = make("form", { class: "to" }, this.field, make("button", { type: "submit" }, "Go"));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.toField(); });
    this.ways = make("div", { class: "ways", role: "group", "aria-label": "Move the clock on" },
      button("Next message", () => this.move("next"), { class: "primary", id: "next" }),
      button("+1 h", () => this.move("+1h")),
      button("Tomorrow 09:00", () => this.move("tomorrow 09:00")),
      form);
    this.moving = make("div", { class: "moving", hidden: true });
    this.word = make("p", { class: "clock-word", role: "status" });
    fill(document.getElementById("clock"), this.zones, this.ways, this.moving, this.word);
    setInterval(() => this.tick(), 1000);
  }

  /** Draw what the server says. */
  draw() {
    const around = state.around;
    this.ways.hidden = !around || Boolean(around.moving_to);
    this.moving.hidden = !around?.moving_to;
    if (around?.moving_to) {
      const zone = personOf(this.who().me)?.zone ?? "UTC";
      fillOnce(this.moving, around.moving_to + zone, () => [make("span", { class: "spinner", "aria-hidden": "true" }),
        `Moving on to ${dayAndTime(Date.parse(around.moving_to), zone)}`, button("Stop here", () => act("halt"))]);
    }
    const word = around?.word ?? "";
    if (this.word.textContent !== word) this.word.textContent = word;
    this.drawZones();
  }

  tick() {
    if (!state.ready || document.hidden) return;
    for (const time of this.zones.querySelectorAll("time")) {
      const shown = dayAndTime(now(), time.dataset.zone);
      if (time.textContent !== shown) time.textContent = shown;
    }
  }

  drawZones() {
    const cities = new Map();
    for (const person of state.people) {
      const [, names] = cities.get(person.zone) ?? [person.city, []];
      cities.set(person.zone, [person.city, [...names, person.name]]);
    }
    const mine = personOf(this.who().me)?.zone;
    fillOnce(this.zones, [[...cities], mine], () => [...cities].map(([zone, [city, names]]) =>
      make("span", { class: `zone${zone === mine ? " mine" : ""}`, title: `${names.join(", ")}: ${city}` },
        make("span", { class: "zone-names" }, city), make("time", { "data-zone": zone }, dayAndTime(now(), zone)))));
    this.tick();
  }

  async toField() {
    const words = this.field.value.trim();
    if (words && await this.move(words)) this.field.value = "";
  }

  move(to) {
    const { chat, me } = this.who();
    return act("clock", { person: me, chat, to });
  }
}
