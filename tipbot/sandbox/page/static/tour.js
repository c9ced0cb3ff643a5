// The guided tour: steps that the server ticks, and the crowd that makes a broadcast worth watching.

import { act } from "./api.js";
import { button, icon, make } from "./dom.js";
import { chatOf, state } from "./store.js";

/** Return how far the tour is, as words. */
export function tourProgress() {
  const steps = state.around?.tour ?? [];
  return `${steps.filter((step) => step.done).length} of ${steps.length}`;
}

/** Return the panel with the tour. */
export function tourPanel() {
  const { tour, crowd, gathering } = state.around;
  const first = tour.findIndex((step) => !step.done);
  return make("section", { class: "tour", "aria-labelledby": "tour-title" },
    make("h2", { id: "tour-title" }, first < 0 ? "You have seen it all" : "Two minutes with TipBot"),
    make("progress", { max: String(tour.length), value: String(tour.filter((step) => step.done).length), "aria-label": `Tour: ${tourProgress()} done` }),
    make("ol", { class: "steps" }, tour.map((step, index) => stepItem(step, index, index === first))),
    make("h2", {}, "With a thousand people"),
    make("p", { class: "small" }, "They are made up, and as real to the bot as Ann: some have blocked it without its knowing. ",
      "They get what is sent to everybody, and no daily tip, so that the clock stays quick."),
    button(gathering ? "They are coming …" : "Add 1,000 subscribers", () => act("gather"), { class: "primary", id: "gather", disabled: gathering }),
    make("p", { class: "small", role: "status" }, crowd ? `${crowd.toLocaleString("en-GB")} are there.` : ""));
}

function stepItem(step, index, isNext) {
  const chat = chatOf(step.chat);
  const mark = step.done ? icon("check") : String(index + 1);
  return make("li", { class: `step${step.done ? " done" : ""}${isNext ? " next" : ""}` },
    make("span", { class: "mark", "aria-hidden": "true" }, mark),
    make("div", {},
      make("h3", {}, step.title, make("span", { class: "sr-only" }, step.done ? " (done)" : " (not done yet)")),
      make("p", {}, step.text),
      isNext && chat ? make("a", { href: `#${chat.id}` }, `Open ${chat.title}'s chat`) : null));
}
