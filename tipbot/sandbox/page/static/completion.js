// The list above the text field: commands for "/", and what the bot offers after its name.

import { act } from "./api.js";
import { announce, fill, make } from "./dom.js";
import { state } from "./store.js";

const OFFER_MILLISECONDS = 250;

/** Completes what is typed into a field; `hands` has `who()`, `command(words)` and `offered(title)`. */
export class Completion {
  constructor(field, hands) {
    this.field = field;
    this.hands = hands;
    this.element = make("div", { class: "completion", id: "completion", role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.items = [];
    this.at = -1;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "completion");
  }

  /** Look at what stands in the field now. */
  typed() {
    const words = this.field.value;
    const name = `@${state.bot.username} `;
    clearTimeout(this.asking);
    if (words.startsWith(name)) {
      this.asking = setTimeout(() => act("ask", { person: this.hands.who().me, words: words.slice(name.length) }), OFFER_MILLISECONDS);
    } else if (/^\/\w*$/.test(words)) {
      this.showCommands(words.slice(1));
    } else {
      this.close();
    }
  }

  /** Show every command that begins like this. */
  showCommands(beginning) {
    const { chat, me } = this.hands.who();
    const menu = state.menus[chat]?.[me] ?? [];
    const found = menu.filter((one) => one.command.startsWith(beginning.toLowerCase()));
    this.show(found.map((one) => ({
      title: `/${one.command}`, about: one.description, chosen: () => this.hands.command(`/${one.command}`),
    })), "commands");
  }

  /** Show what the bot offered. */
  showOffers(offers) {
    if (!this.field.value.startsWith(`@${state.bot.username} `)) return;
    this.show(offers.map((one) => ({
      title: one.title, about: one.description, chosen: () => this.hands.offered(one.title),
    })), "offers");
  }

  close() {
    this.element.hidden = true;
    this.items = [];
    this.at = -1;
    this.field.removeAttribute("aria-activedescendant");
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Take a key; returns whether it was for the list. */
  keyed(event) {
    if (!this.isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark((this.at + step + this.items.length) % this.items.length);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" && !event.shiftKey && this.at < 0) this.mark(0);
    else if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) this.choose(this.at);
    else return false;
    event.preventDefault();
    return true;
  }

  show(items, what) {
    this.close();
    if (!items.length) return;
    this.items = items;
    fill(this.element, items.map((item, index) => make("div", {
      role: "option", id: `option-${index}`, "aria-selected": "false", class: "option",
      on: { mousedown: (event) => event.preventDefault(), click: () => this.choose(index) },
    }, make("strong", {}, item.title), make("span", {}, item.about))));
    this.element.hidden = false;
    this.element.scrollTop = 0;
    announce(`${items.length} ${what}. Arrow keys choose.`);
  }

  mark(index) {
    this.element.children[this.at]?.setAttribute("aria-selected", "false");
    this.at = index;
    const option = this.element.children[index];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  choose(index) {
    const { chosen } = this.items[index];
    this.close();
    chosen();
    this.field.focus();
  }
}
